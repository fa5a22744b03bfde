"""A real PostgreSQL for tests: a cluster of its own, thrown away at the end.

Fixtures: `postgres_url` gives a test an empty database of its own. A machine without PostgreSQL
fails these tests, and says how to install it: what is only tried on SQLite is not tried.
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

UNPRIVILEGED = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; one of these runs it then."""

SETTINGS = {
    "listen_addresses": "''",  # a socket in our own folder, no port to collide on
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
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
        self._order(f"CREATE DATABASE {name} TEMPLATE {_name(like) if like else 'template1'}")
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
