"""What all tests share: settings, a turnable clock, and an app on a database of its own."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db

pytest_plugins = ["postgres", "remembered", "visits"]


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
    fixtures = metafunc.definition._fixtureinfo.name2fixturedefs
    return not any(DATABASES in _parameters_of(name, made) for name, made in fixtures.items())


def _parameters_of(name: str, made: Sequence[pytest.FixtureDef[Any]]) -> Iterator[tuple[Any, ...]]:
    """What a fixture is given, and what those are given that it overrides and asks for."""
    for one in reversed(made):
        yield tuple(one.params or ())
        if name not in one.argnames:
            return


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other database cannot change, and begin with what takes longest.

    The first test of a worker installs a wheel; the other worker makes the library meanwhile, which
    all that needs one waits for.
    """
    items.sort(key=lambda one: "install" not in one.path.parts)
    if config.getoption("database") == "postgresql":
        items[:] = [one for one in items if _parameters(one).get("database") == "postgresql"]


def _parameters(item: pytest.Item) -> dict[str, object]:
    return item.callspec.params if hasattr(item, "callspec") else {}


@event.listens_for(Engine, "connect")
def _wait_for_no_disk(connection: Any, _record: Any) -> None:
    """Let SQLite not wait until the disk has it: no test pulls the plug of the machine."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def waiting_for_the_disk() -> Iterator[None]:
    """SQLite as it is for a school."""
    event.remove(Engine, "connect", _wait_for_no_disk)
    yield
    event.listen(Engine, "connect", _wait_for_no_disk)


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
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> Callable[[], str]:
    """Makes another database of the same kind, without a single table; returns its address."""
    if database == "postgresql":
        made: Callable[[], str] = request.getfixturevalue("postgres").new_database
        return made
    numbers = count(1)
    return lambda: f"sqlite:///{tmp_path / f'new{next(numbers)}.sqlite'}"


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # A machine's own list of whom to trust is long, and each application would read it again.
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
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
