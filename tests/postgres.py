"""A real PostgreSQL for tests: a cluster of its own, thrown away at the end.

Fixtures: `postgres_url` gives a test an empty database of its own, `postgres_tables` one with the
models' tables and nothing in them. A machine without PostgreSQL fails these tests, and says how to
install it: what is only tried on SQLite is not tried.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine

from lti_tool.db import db

UNPRIVILEGED = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; one of these runs it then."""

SETTINGS = {
    "listen_addresses": "''",  # a socket in our own folder, no port to collide on
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1d",
    "bgwriter_lru_maxpages": "0",
    "autovacuum": "off",  # plans and costs depend on what a test did, never on when it ran
}


class Postgres:
    """A running cluster, reached by a socket in its own folder."""

    def __init__(self) -> None:
        self._bin = _programs()
        self._home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self._as_user: list[str] = []
        self._numbers = itertools.count(1)
        if os.geteuid() == 0:
            user = _somebody()
            os.chown(self._home, user.pw_uid, user.pw_gid)
            self._as_user = [
                "setpriv",
                f"--reuid={user.pw_uid}",
                f"--regid={user.pw_gid}",
                "--clear-groups",
            ]
        try:
            self._run("initdb", "-D", "data", "-U", "proeftuin", "-A", "trust", "-E", "UTF8", "-N")
            words = [f"-c {name}={value}" for name, value in SETTINGS.items()]
            words.append(f"-c unix_socket_directories={self._home}")
            self._run(
                "pg_ctl",
                "-D",
                "data",
                "-l",
                "log",
                "-w",
                "-t",
                "60",
                "-o",
                " ".join(words),
                "start",
            )
        except BaseException:
            self.stop()
            raise

    def new_database(self, like: str = "") -> str:
        """Make a database, empty or `like` another one, and return its SQLAlchemy address."""
        name = f"test_{next(self._numbers)}"
        template = _name(like) if like else "template1"
        # Where nothing is synced, copying files takes a third of what logging each page takes.
        self._order(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return f"postgresql+psycopg://proeftuin@/{name}?host={self._home}"

    def drop_database(self, url: str) -> None:
        """Drop a database of `new_database`, whoever is still connected to it."""
        self._order(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def _order(self, words: str) -> None:
        where = f"host={self._home} user=proeftuin dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(words)

    def stop(self) -> None:
        if (self._home / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        # pg_ctl's child keeps the output open: a pipe would never end, a file does no harm.
        with (self._home / "said").open("a+") as said:
            done = subprocess.run(
                [*self._as_user, str(self._bin / program), *words],
                cwd=self._home,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                timeout=120,
                check=False,
            )
        if done.returncode:
            log = self._home / "log"
            texts = [path.read_text() for path in (self._home / "said", log) if path.exists()]
            raise RuntimeError(f"{program} failed:\n" + "\n".join(texts))


_EMPTY = """
CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $$
DECLARE this regclass;
BEGIN
    PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR this IN SELECT oid FROM pg_class WHERE relkind = 'r' AND oid >= 16384 LOOP
        EXECUTE 'DELETE FROM ' || this;
    END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence
        WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$;
CREATE FUNCTION pg_temp.made() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ',
        (SELECT count(*) || '/' || max(xmin::text::bigint) FROM pg_class WHERE oid >= 16384),
        (SELECT count(*) || '/' || max(xmin::text::bigint) FROM pg_attribute
            WHERE attrelid >= 16384),
        (SELECT count(*) || '/' || max(xmin::text::bigint) FROM pg_constraint),
        (SELECT count(*) || '/' || max(xmin::text::bigint) FROM pg_trigger),
        (SELECT count(*) || '/' || max(xmin::text::bigint) FROM pg_proc WHERE oid >= 16384),
        (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384))
$$;
SET session_replication_role = replica
"""
"""What empties a database, from its sequences to whoever is connected; and what tells that tables
were altered or analysed, which rows alone do not undo. As a replica no foreign key is looked at."""

AGED = 100
"""Tests after which an emptied database is thrown away, with the dead rows that it gathered."""


class Tables:
    """A database with the models' tables, which one test after the other gets empty.

    Emptying takes a tenth of the time of a new database, which the next test gets only where this
    one did more than write rows.
    """

    def __init__(self, cluster: Postgres) -> None:
        self._cluster = cluster
        self._model = cluster.new_database()
        engine = create_engine(self._model)
        db.metadata.create_all(engine)
        engine.dispose()
        self._renew()

    def _renew(self) -> None:
        self.url = self._cluster.new_database(like=self._model)
        self._ours = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
        self._ours.execute(_EMPTY)
        self._made = self._look()
        self.left = AGED

    def _look(self) -> object:
        return self._ours.execute("SELECT pg_temp.made()").fetchone()

    def empty(self) -> None:
        """Leave nothing of the last test."""
        self.left -= 1
        try:
            if self.left and self._look() == self._made:
                self._ours.execute("SELECT pg_temp.empty()")
                return
        except psycopg.OperationalError:
            pass  # a test that ended all connections ended ours
        self.drop()
        self._renew()

    def drop(self) -> None:
        """Throw the database away."""
        self._ours.close()
        self._cluster.drop_database(self.url)


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def _programs() -> Path:
    """Return the folder with initdb: on the path, or the newest that Debian installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4])
    )
    if not versions:
        raise RuntimeError(
            "These tests need PostgreSQL. On Debian or Ubuntu: apt-get install postgresql"
        )
    return versions[-1].parent


def _somebody() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"none of these users exists to run PostgreSQL: {', '.join(UNPRIVILEGED)}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The cluster, one per worker process of the tests."""
    cluster = Postgres()
    yield cluster
    cluster.stop()


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The address of an empty database of the test's own."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def _tables(postgres: Postgres) -> Iterator[Tables]:
    made = Tables(postgres)
    yield made
    made.drop()


@pytest.fixture
def postgres_tables(_tables: Tables) -> Iterator[str]:
    """The address of a database with the models' tables, and nothing in them."""
    # What a process keeps of a database it keeps by address: each test has another one.
    yield f"{_tables.url}&application_name=test-{_tables.left}"
    _tables.empty()
