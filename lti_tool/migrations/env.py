"""Runs migrations on the application's own engine."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from lti_tool.db import UtcDateTime

database = current_app.extensions["migrate"].db


def render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write our column type as the plain one, so that old migrations do not need our code."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations in one transaction.

    SQLite alters a table by copying it and dropping the old one, which would take along every
    row that refers to it: foreign keys rest meanwhile, and are looked at before the end. Its
    driver begins no transaction for changes of tables by itself.

    Raises:
        RuntimeError: a row would refer to one that is not there; nothing was changed.
    """
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            context.configure(
                connection=connection,
                target_metadata=database.metadata,
                render_as_batch=True,
                render_item=render,
                transactional_ddl=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            if sqlite:
                if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError(f"rows would lose what they refer to: {lost[:5]}")
                connection.commit()
        finally:
            if sqlite:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
