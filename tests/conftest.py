"""What all tests share: settings, a turnable clock, and an app on a database of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine
from werkzeug.routing import Rule

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.platforms import signing

pytest_plugins = ["postgres", "visits"]


DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(*DATABASES, "both"),
        default="sqlite",
        help="what the tool keeps its data in; on postgresql only tests that use a database run",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses a database on those that this run is about.

    A test that names its database runs once, whatever the run is about.
    """
    chosen = metafunc.config.getoption("database")
    if chosen != "sqlite" and _on_any_database(metafunc):
        metafunc.parametrize("database", DATABASES if chosen == "both" else [chosen], indirect=True)


def _on_any_database(metafunc: pytest.Metafunc) -> bool:
    if "database_url" not in metafunc.fixturenames:
        return False
    if {"postgres_url", "postgres_tables"}.intersection(metafunc.fixturenames):
        return False
    fixtures = chain(*metafunc.definition._fixtureinfo.name2fixturedefs.values())
    return all(tuple(one.params or ()) != DATABASES for one in fixtures)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other database cannot change."""
    if config.getoption("database") == "postgresql":
        items[:] = [one for one in items if _parameters(one).get("database") == "postgresql"]


def _parameters(item: pytest.Item) -> dict[str, object]:
    return item.callspec.params if hasattr(item, "callspec") else {}


class Compiled(BytecodeCache):
    """Templates that an earlier app of this process compiled: each test makes an app anew."""

    held: ClassVar[dict[tuple[str, str], bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.held.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.held[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


Flask.jinja_options["bytecode_cache"] = Compiled()

_compile_builder = Rule._compile_builder
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """Addresses that an earlier app of this process compiled: six sevenths of making an app.

    What Werkzeug compiles for a rule is a function of its text alone; it gets the rule as `self`.
    """
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    key = (rule.rule, *rule._trace, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compiled_once  # type: ignore[method-assign]


# Reading a private key costs as much as making one: each is looked at closely.
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


class TurnableClock:
    """A clock that stands still until a test turns it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock(datetime(2026, 11, 21, 20, 30, tzinfo=UTC))


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the models' tables and nothing in them, to copy."""
    path = tmp_path_factory.mktemp("made") / "tool.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    db.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that the test runs on."""
    kind: str = getattr(request, "param", "sqlite")
    return kind


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, sqlite_tables: Path
) -> str:
    """A database with empty tables that the test alone uses."""
    if database == "postgresql":
        url: str = request.getfixturevalue("postgres_tables")
        return url
    return f"sqlite:///{shutil.copy(sqlite_tables, tmp_path / 'tool.sqlite')}"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        base_url="https://tool.example",
        database_url=database_url,
        secret_key="a-secret-for-tests-only-0123456789",
        keys_dir=tmp_path / "keys",
        media_dir=tmp_path / "media",
        allow_private_platforms=True,
    )


@pytest.fixture
def app(settings: Settings, clock: TurnableClock) -> Iterator[Flask]:
    """An app over HTTPS-style settings; its tables are made straight from the models."""
    app = create_app(replace(settings), clock=clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
