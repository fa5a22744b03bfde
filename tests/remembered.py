"""What an earlier test of this process made, and what comes out the same each time.

Each test makes an application, an engine and keys of its own. Most of the time that takes goes into
compiling the same addresses, templates and SQL again, and into the search for large primes.
"""

from collections.abc import Callable
from functools import cache
from itertools import count
from types import CodeType
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from werkzeug.routing import Rule

from lti_tool.platforms import signing

# --- Templates -----------------------------------------------------------------------------------


class Templates(BytecodeCache):
    """Templates by name and text."""

    held: ClassVar[dict[tuple[str, str], CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.held[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options["bytecode_cache"] = Templates()

# --- Addresses -----------------------------------------------------------------------------------

_compile_builder = Rule._compile_builder
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What Werkzeug compiles for a rule follows from its text; it gets the rule as `self`."""
    fixed = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.rule, *rule._trace, fixed, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compiled_once

# --- SQL -----------------------------------------------------------------------------------------

# SQLAlchemy keeps what it compiles by dialect, and makes a dialect for each engine. All that it
# compiles by is the same in dialects of one class.
DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)
DefaultDialect.__hash__ = lambda one: hash(type(one))

_statements: dict[Any, Any] = {}
Engine._compiled_cache = property(lambda _engine: _statements, lambda _engine, _its_own: None)

# --- Keys ----------------------------------------------------------------------------------------

# Reading a private key takes as long as making one: its primes are tested again.
serialization.load_pem_private_key = cache(serialization.load_pem_private_key)

_keys: list[rsa.RSAPrivateKey] = []


@pytest.fixture(autouse=True)
def _keys_of_earlier_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test take the keys that earlier tests of this process made, each of them once."""
    numbers = count()

    def next_key() -> rsa.RSAPrivateKey:
        number = next(numbers)
        while len(_keys) <= number:
            _keys.append(rsa.generate_private_key(public_exponent=65537, key_size=2048))
        return _keys[number]

    monkeypatch.setattr(signing, "new_key", next_key)
