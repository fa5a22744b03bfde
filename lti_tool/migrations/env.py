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
    """Run the migrations in one transaction; SQLite alters tables by copying them."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            render_item=render,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
