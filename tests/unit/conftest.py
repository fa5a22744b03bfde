"""Fixtures of the unit tests that need a server or a key."""

from localserver import local_server, rsa_keys

__all__ = ["local_server", "rsa_keys"]
