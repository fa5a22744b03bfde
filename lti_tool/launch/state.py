"""The state of a login: signed instead of stored, bound to its nonce and to the browser. Pure.

A login writes nothing, so that a flood of logins fills nothing. What makes a state one-time is
the session that the launch opens: its id follows from the state, so a second launch with the
same state finds the id taken (docs/adr/0003-login-state.md).
"""

import base64
import secrets
import struct
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from lti_tool.vault import Vault

LIFETIME_SECONDS = 600

SESSION_ID_LENGTH = 22

_FORMAT = struct.Struct(">12sII8s")


class BadState(Exception):
    """A state that we did not give out."""


@dataclass(frozen=True, slots=True)
class LoginState:
    """What a state says.

    Attributes:
        token: the state parameter itself.
        expires: Unix time.
        platform_id: the platform that started the login.
        target_hash: first bytes of the SHA-256 of the login's target_link_uri.
        storage: name of the frame that keeps the binding for a browser that refuses our
            cookies (`_parent` for the LMS's own window); "" for a binding by cookie.
    """

    token: str
    expires: int
    platform_id: int
    target_hash: bytes
    storage: str

    @property
    def name(self) -> str:
        """Name under which the browser keeps the binding, so that logins can run side by side."""
        return f"lti-{self.token[:12]}"

    def targets(self, target_link_uri: str) -> bool:
        """Tell whether the login was about the same target as the id_token."""
        return compare_digest(self.target_hash, _target_hash(target_link_uri))


class LoginStates:
    """Gives out and reads states.

    Args:
        vault: signs them.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def issue(
        self, *, now: float, platform_id: int, target_link_uri: str, storage: str = ""
    ) -> LoginState:
        """Return a new state, good for `LIFETIME_SECONDS`."""
        expires = int(now) + LIFETIME_SECONDS
        target_hash = _target_hash(target_link_uri)
        payload = _FORMAT.pack(secrets.token_bytes(12), expires, platform_id, target_hash)
        body = base64.urlsafe_b64encode(payload + storage.encode()).rstrip(b"=").decode()
        token = f"{body}.{self._vault.mac('state', body)}"
        return LoginState(token, expires, platform_id, target_hash, storage)

    def read(self, token: str) -> LoginState:
        """Return what a state says, whether or not it has expired.

        Raises:
            BadState: when we did not give it out.
        """
        body, _, mac = token.partition(".")
        if not token.isascii() or not compare_digest(mac, self._vault.mac("state", body)):
            raise BadState
        payload = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        _, expires, platform_id, target_hash = _FORMAT.unpack_from(payload)
        storage = payload[_FORMAT.size :].decode()
        return LoginState(token, expires, platform_id, target_hash, storage)

    def nonce(self, state: LoginState) -> str:
        """Return the one nonce that belongs to a state."""
        return self._vault.mac("nonce", state.token)

    def binding(self, state: LoginState) -> str:
        """Return the value that the browser must bring back, by cookie or platform storage."""
        return self._vault.mac("browser", state.token)

    def session_id(self, state: LoginState) -> str:
        """Return the id of the one session that this state can open."""
        return self._vault.mac("session", state.token)[:SESSION_ID_LENGTH]


def _target_hash(target_link_uri: str) -> bytes:
    return sha256(target_link_uri.encode()).digest()[:8]
