"""What the database is asked, as statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event

from lti_tool.db import db


class Statement(NamedTuple):
    """A statement, and what it was given."""

    words: str
    given: Any


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """The SQL statements that run inside the block."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, words: str, given: Any, *_: Any) -> None:
        seen.append(Statement(words, given))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
