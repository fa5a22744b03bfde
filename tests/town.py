"""One school for all tests of a module: for pages that store nothing, or that are tidied after."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import g
from visits import School

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db


class Clock:
    """A clock that stands still until a test turns it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **span: float) -> None:
        self.moment += timedelta(**span)


@contextmanager
def town(folder: Path, *documents: str) -> Iterator[School]:
    """A school with these documents, in an app and a database of its own."""
    clock = Clock()
    settings = Settings(
        base_url="https://tool.example",
        database_url=f"sqlite:///{folder / 'tool.sqlite'}",
        secret_key="a-secret-for-tests-only-0123456789",
        keys_dir=folder / "keys",
        allow_private_platforms=True,
    )
    app = create_app(settings, clock=clock)
    with app.app_context():
        db.create_all()
        school = School(app, clock)
        for one in documents:
            school.publish(one)
        yield school
        db.session.remove()
        db.engine.dispose()


def forget_requests() -> None:
    """Let nothing of a test's last request reach the next one: they share an app context."""
    db.session.rollback()
    for name in list(g):
        g.pop(name)
