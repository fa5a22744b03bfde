"""PostgreSQL: reading begins no transaction, writing does, and what is asked often is prepared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db, upsert
from lti_tool.experience.library.models import Item

_IN_TRANSACTION = text("SELECT now() <> statement_timestamp()")
"""Inside a transaction now() is when it began."""


@pytest.fixture
def made(settings: Settings, postgres_tables: str) -> Callable[..., object]:
    @contextmanager
    def made(*, pooler: bool = False) -> Iterator[Flask]:
        app = create_app(replace(settings, database_url=postgres_tables, database_pooler=pooler))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()

    return made


def prepared() -> list[str]:
    """What is prepared on the session's connection."""
    found = db.session.scalars(text("SELECT statement FROM pg_prepared_statements"))
    return [one for one in found if "pg_prepared_statements" not in one]


def look() -> None:
    """Read as a request does, to its end."""
    db.session.scalars(select(Item).where(Item.slug == "tuin")).all()
    db.session.remove()


@pytest.mark.parametrize(("pooler", "number"), [(False, 1), (True, 0)])
def test_what_is_asked_often_is_prepared_unless_a_pooler_stands_between(made, pooler, number):
    with made(pooler=pooler):
        for _ in range(10):
            look()
        assert len(prepared()) == number


def test_writing_does_not_undo_what_was_prepared(made):
    with made():
        for number in range(10):
            look()
            db.session.add(Item(slug=f"item-{number}"))
            db.session.commit()
        assert {one.split()[0] for one in prepared()} == {"SELECT", "INSERT"}


def test_reading_begins_no_transaction(made):
    with made():
        for _ in range(2):
            db.session.scalars(select(Item)).all()
            assert db.session.scalar(_IN_TRANSACTION) is False


def test_writing_begins_one_that_is_stored_or_undone_as_a_whole(made):
    with made():
        db.session.add(Item(slug="kept"))
        db.session.commit()
        db.session.add(Item(slug="undone"))
        db.session.flush()
        assert db.session.scalar(_IN_TRANSACTION) is True
        db.session.rollback()
        db.session.add_all([Item(slug="first")])
        db.session.flush()
        db.session.add(Item(slug="kept"))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
        assert list(db.session.scalars(select(Item.slug))) == ["kept"]


def test_what_is_left_unfinished_is_undone(made):
    with made():
        upsert(db.session(), Item, {"slug": "half"})
        db.session.remove()
        assert db.session.scalars(select(Item.slug)).all() == []


def test_a_row_that_is_locked_stays_so_until_the_commit(made):
    with made():
        db.session.add(Item(slug="one"))
        db.session.commit()
        free = select(Item.slug).with_for_update(skip_locked=True)
        assert db.session.scalars(free).all() == ["one"]
        with db.engine.connect() as beside:
            assert beside.scalars(free).all() == []
        db.session.commit()
        with db.engine.connect() as beside:
            assert beside.scalars(free).all() == ["one"]
