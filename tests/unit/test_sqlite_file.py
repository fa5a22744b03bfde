"""The SQLite file: nobody else reads it, what was deleted is gone, what was committed stays."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from lti_tool.db import truncate_log

MARK = "a-text-that-was-erased-" * 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tool.sqlite"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    before = os.umask(0o022)
    engine = create_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()
    os.umask(before)


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("create table kept (id integer primary key, words text)"))
        for _ in range(50):
            connection.execute(text("insert into kept (words) values (:words)"), {"words": MARK})


def modes(path: Path) -> dict[str, int]:
    return {
        found.name.removeprefix(path.name): stat.S_IMODE(found.stat().st_mode)
        for found in path.parent.glob(path.name + "*")
    }


def test_only_our_own_user_reads_the_database_and_its_log(engine: Engine, path: Path) -> None:
    fill(engine)
    with engine.connect():
        assert modes(path) == {"": 0o600, "-wal": 0o600, "-shm": 0o600}


def test_a_database_that_others_could_read_is_closed_to_them(engine: Engine, path: Path) -> None:
    with sqlite3.connect(path) as plain:
        plain.execute("pragma journal_mode=wal")
        plain.execute("create table first (id integer)")
        for beside in path.parent.iterdir():
            beside.chmod(0o644)
        with engine.connect() as connection:
            connection.execute(text("select * from first"))
            assert set(modes(path).values()) == {0o600}
    plain.close()


def test_what_is_deleted_is_in_no_file_after_the_log_is_emptied(engine: Engine, path: Path) -> None:
    fill(engine)
    with engine.begin() as connection:
        connection.execute(text("delete from kept"))
    assert MARK.encode() in Path(f"{path}-wal").read_bytes()

    assert truncate_log(engine)

    assert Path(f"{path}-wal").stat().st_size == 0
    assert b"a-text-that-was" not in path.read_bytes()


def test_a_log_in_use_is_left_for_later(engine: Engine, path: Path) -> None:
    fill(engine)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from kept").fetchone()
    with engine.begin() as connection:
        connection.execute(text("PRAGMA busy_timeout=50"))
        connection.execute(text("delete from kept"))

    assert not truncate_log(engine)

    reader.execute("commit")
    reader.close()
    assert truncate_log(engine)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("journal_mode", "wal")],
)
def test_every_connection_is_durable_and_erases(
    waiting_for_the_disk: None, engine: Engine, pragma: str, value: object
) -> None:
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
