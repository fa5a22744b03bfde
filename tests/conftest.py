"""What all tests share: settings, a turnable clock, and an app on a database of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine
from werkzeug.routing import Rule

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db

pytest_plugins = ["postgres", "visits"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="what the tool keeps its data in; on postgresql only tests that use a database run",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other database cannot change."""
    if config.getoption("database") == "postgresql":
        items[:] = [one for one in items if "database_url" in getattr(one, "fixturenames", ())]


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
def database_with_tables(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A database with the models' tables and nothing in them, to make others from."""
    if request.config.getoption("database") == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('made') / 'tool.sqlite'}"
    engine = create_engine(url)
    db.metadata.create_all(engine)
    engine.dispose()
    return url


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, database_with_tables: str
) -> Iterator[str]:
    """A database of the test's own, of the kind that this run is about, with empty tables."""
    scheme, _, path = database_with_tables.partition(":///")
    if scheme == "sqlite":
        yield f"sqlite:///{shutil.copy(path, tmp_path / 'tool.sqlite')}"
        return
    cluster = request.getfixturevalue("postgres")
    url = cluster.new_database(like=database_with_tables)
    yield url
    cluster.drop_database(url)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        base_url="https://tool.example",
        database_url=database_url,
        secret_key="a-secret-for-tests-only-0123456789",
        keys_dir=tmp_path / "keys",
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
