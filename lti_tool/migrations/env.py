"""Runs migrations on the application's own engine."""

import time
from typing import Any, Literal

from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from lti_tool.db import UtcDateTime

LOCK_TIMEOUT = "1s"
"""How long a migration may wait for a table, and with it everybody who comes after."""

PAUSE_SECONDS = 2.0
"""How long others then have the table to themselves."""

TRIES = 100
"""About five minutes in all."""

database = current_app.extensions["migrate"].db


def render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write our column type as the plain one, so that old migrations do not need our code."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations; none on the tables of a later version, which this one works with.

    Raises:
        RuntimeError: a row would refer to one that is not there; nothing was changed.
        sqlalchemy.exc.OperationalError: a table stayed in use for too long.
    """
    with database.engine.connect() as connection:
        if _is_later(connection):
            return
        if connection.dialect.name == "sqlite":
            _on_sqlite(connection)
        else:
            _on_postgresql(connection)


def _is_later(connection: Connection) -> bool:
    """Tell whether the tables are of a version that this one does not know.

    So a unit that brings its tables up to date first starts the version before again.
    """
    known = {script.revision for script in context.script.walk_revisions()}
    heads = MigrationContext.configure(connection).get_current_heads()
    connection.rollback()  # that was read in a transaction
    return not known.issuperset(heads)


def _on_sqlite(connection: Connection) -> None:
    """Run them in one transaction.

    SQLite alters a table by copying it and dropping the old one, which would take along every
    row that refers to it: foreign keys rest meanwhile, and are looked at before the end. Its
    driver begins no transaction for changes of tables by itself.
    """
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        _migrate(connection, one_by_one=False)
        if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise RuntimeError(f"rows would lose what they refer to: {lost[:5]}")
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _on_postgresql(connection: Connection) -> None:
    """Run each in a transaction of its own, and let none keep the tool that runs waiting.

    A migration waits for whoever uses its table, and all that come after it wait behind the
    migration. So it gives up soon, lets them through, and tries again: what was done stays done.
    """
    _set_lock_timeout(connection, LOCK_TIMEOUT)
    try:
        for left in reversed(range(TRIES)):
            try:
                _migrate(connection, one_by_one=True)
                return
            except OperationalError as trouble:
                connection.rollback()
                if not (isinstance(trouble.orig, LockNotAvailable) and left):
                    raise
                time.sleep(PAUSE_SECONDS)
    finally:
        _set_lock_timeout(connection, "0")


def _set_lock_timeout(connection: Connection, value: str) -> None:
    connection.exec_driver_sql("SELECT set_config('lock_timeout', %s, false)", (value,))
    connection.commit()  # Alembic commits nothing inside a transaction that it did not begin


def _migrate(connection: Connection, *, one_by_one: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        render_item=render,
        transactional_ddl=True,
        transaction_per_migration=one_by_one,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
