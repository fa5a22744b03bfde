"""The database session, its base class and the UTC column type."""

import os
import sqlite3
import stat
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from psycopg import Cursor
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    MetaData,
    Result,
    event,
    make_url,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Engine, ExecutionContext
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; a naive datetime is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without zone reached the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Return an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


CONNECTIONS = 8
"""Per process that serves: one for each request that is worked on, so that none waits for one."""


def engine_options(url: str, *, pooler: bool) -> dict[str, Any]:
    """Return how the engine of a database is made.

    PostgreSQL's connections are in the driver's autocommit mode: what reads is in no transaction,
    and what writes begins one, see `_begin_before_writing`.

    Args:
        url: SQLAlchemy address of the database.
        pooler: whether a pooler hands its connections on between transactions, so that what was
            prepared on one may be asked of another: nothing is prepared then.
    """
    options: dict[str, Any] = {
        "hide_parameters": True,  # no person in an error
        "pool_size": CONNECTIONS,
    }
    if make_url(url).get_backend_name() == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
        options["connect_args"] = {"cursor_factory": _Cursor}
        if pooler:
            options["connect_args"]["prepare_threshold"] = None
    return options


class _Cursor(Cursor[Any]):
    """A cursor of psycopg that describes columns by what SQLAlchemy reads of them, name and type.

    Psycopg makes an object that can say much more of each column of each answer: a fifth of what
    a statement of a page took.
    """

    @property
    def description(self) -> Any:
        """Columns as DB-API 2.0 (PEP 249) describes them; None for a statement without any."""
        answer = self.pgresult
        if answer is None or not answer.nfields:
            return None
        return [
            ((answer.fname(at) or b"").decode(), answer.ftype(at), None, None, None, None, None)
            for at in range(answer.nfields)
        ]


# What was read stays readable after a commit, so that the headers cost no further statement.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()


_INSERT: dict[str, Any] = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}
"""The INSERT that knows ON CONFLICT; both dialects write it alike."""


def upsert_statement(
    dialect: str,
    model: Any,
    values: Mapping[str, Any] | None = None,
    *,
    rows: Any = None,  # a Select, which SQLAlchemy 2.0 and 2.1 type differently
    unique: Sequence[str] = (),
    change: Mapping[str, Any] | None = None,
    returning: Sequence[Any] = (),
) -> Any:
    """Return an INSERT that a row which is there already does not break.

    Args:
        dialect: name of the database's dialect, `postgresql` or `sqlite`.
        model: the mapped class of the table.
        values: column to value; left out, the values come with the execution.
        rows: a SELECT that gives the rows instead; its columns are named as the table's.
        unique: columns of the unique constraint that a row may clash with; any when empty.
        change: what is written to the row that is there; None leaves it as it is, and then
            `returning` gives nothing.
        returning: columns to return of the row that was written.
    """
    statement = _INSERT[dialect](model.__table__)
    if rows is not None:
        statement = statement.from_select([column.name for column in rows.selected_columns], rows)
    elif values is not None:
        statement = statement.values(**values)
    elements = list(unique) or None
    if change is None:
        statement = statement.on_conflict_do_nothing(index_elements=elements)
    else:
        statement = statement.on_conflict_do_update(index_elements=elements, set_=dict(change))
    return statement.returning(*returning) if returning else statement


def upsert(
    session: Session,
    model: Any,
    values: Mapping[str, Any] | None = None,
    *,
    rows: Any = None,  # a Select, which SQLAlchemy 2.0 and 2.1 type differently
    unique: Sequence[str] = (),
    change: Mapping[str, Any] | None = None,
    returning: Sequence[Any] = (),
) -> Result[Any]:
    """Insert a row, or change the one that is there; see `upsert_statement`. Callers commit."""
    dialect = session.get_bind().dialect.name
    return session.execute(
        upsert_statement(
            dialect, model, values, rows=rows, unique=unique, change=change, returning=returning
        )
    )


def alone(statement: Any) -> Any:
    """Mark a statement that is a transaction of its own, unless one was begun before it.

    On PostgreSQL it is stored as soon as it is executed, which saves two of three round trips.
    Callers commit all the same, for SQLite.
    """
    return statement.execution_options(alone=True)


def changed(done: Result[Any]) -> int:
    """Return how many rows an UPDATE, a DELETE or an INSERT touched."""
    return cast("CursorResult[Any]", done).rowcount


@event.listens_for(Engine, "before_cursor_execute")
def _begin_before_writing(
    connection: Connection,
    cursor: Any,
    statement: str,
    _given: object,
    context: ExecutionContext | None,
    _many: object,
) -> None:
    """Begin a transaction on PostgreSQL before its first statement that may write or lock.

    A SELECT needs none: under READ COMMITTED each sees the database as it is when it starts, in a
    transaction or not. Without one a page costs two round trips less, no slow reader holds one
    open, and psycopg keeps what it prepared: with each ROLLBACK it throws all of that away, and a
    ROLLBACK is how a session that only read ends. SQLite's driver does the same of itself.

    A statement that is marked by `alone` begins none, and no connection whose `isolation_level`
    was asked for.
    """
    if connection.dialect.name != "postgresql":
        return
    if statement.startswith("SELECT") and " FOR " not in statement:
        return
    options = connection.get_execution_options() if context is None else context.execution_options
    if "isolation_level" in options or "alone" in options:
        return
    if cursor.connection.info.transaction_status == TransactionStatus.IDLE:
        cursor.execute("BEGIN", prepare=False)


_making = threading.Lock()
"""Held while the file may be made, so that no connection uses it before its maker let go."""


@event.listens_for(Engine, "do_connect")
def _keep_to_ourselves(dialect: Dialect, _record: Any, args: Any, kwargs: Any) -> None:
    """Let nobody but our own user read an SQLite database: its file, its log, its index.

    SQLite gives the two beside it the mode of the database file, so that it is made here.
    """
    name = args[0] if args else kwargs.get("database", "")
    if dialect.name != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return
    with _making, suppress(OSError):  # SQLite says better what is the matter with the file
        path = Path(name)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        # Never open a file that may be in use: closing it would drop SQLite's locks on it.
        for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            with suppress(FileNotFoundError):
                if stat.S_IMODE(file.stat().st_mode) & 0o077:
                    file.chmod(0o600)


@event.listens_for(Engine, "connect")
def _tune_sqlite(connection: Any, _record: Any) -> None:
    """Give SQLite write-ahead logging, durability, erasure, foreign keys and patience.

    `synchronous=FULL`: a completion that we said yes to survives a power cut; ADR 7 has the
    cost. `secure_delete`: what is deleted is overwritten with zeros.
    """
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def truncate_log(engine: Engine) -> bool:
    """Move SQLite's write-ahead log into the database and empty it.

    What was deleted stands in the log until then.

    Returns:
        False when somebody was reading or writing, so that it must be tried again later.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    return busy == 0
