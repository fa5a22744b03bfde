"""Statements of every page, executed by the driver itself: what they give, and what goes wrong."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import (
    Boolean,
    Date,
    String,
    bindparam,
    create_engine,
    event,
    exists,
    insert,
    null,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool

from lti_tool.db import UtcDateTime, alone, engine_options, upsert_statement
from lti_tool.hot import Hot

NOW = datetime(2026, 11, 26, 21, 30, tzinfo=UTC)


class Base(DeclarativeBase):
    pass


class Visit(Base):
    __tablename__ = "visit_here"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(10), unique=True)
    known: Mapped[bool] = mapped_column(Boolean)
    day: Mapped[date | None] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


FOUND = (
    select(
        Visit.id,
        Visit.name,
        Visit.known,
        Visit.day,
        Visit.at,
        exists().where(Visit.known),
        null().label("neither"),
    )
    .where(Visit.name != "carla")
    .where(Visit.known == bindparam("known", type_=Boolean), Visit.at <= bindparam("until"))
    .order_by(Visit.id)
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'hot.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    engine = create_engine(url, **engine_options(url, pooler=False))
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for name, known in (("anna", True), ("bea", False), ("carla", True), ("dirk", True)):
            day = NOW.date() if known else None
            values = {"name": name, "known": known, "day": day, "at": NOW}
            connection.execute(insert(Visit), values)
    yield engine
    engine.dispose()


def test_rows_are_those_that_sqlalchemy_gives(engine):
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    for known in (True, False):
        given = {"known": known, "until": elsewhere}
        with engine.connect() as connection:
            wanted = [tuple(row) for row in connection.execute(FOUND, given)]
            found = Hot(FOUND).rows(connection, given)
        assert found == wanted
        assert list(map(type, found[0])) == list(map(type, wanted[0]))
        assert found[0][4] == NOW


def test_one_statement_serves_all_that_is_given(engine):
    hot = Hot(select(Visit.known).where(Visit.name == bindparam("name")))
    with engine.connect() as connection:
        found = [hot.rows(connection, {"name": name}) for name in ("anna", "bea", "nobody")]
    assert found == [[(True,)], [(False,)], []]


def greeting(engine) -> Hot:
    rows = (
        select(
            bindparam("name", type_=String).label("name"),
            bindparam("known", type_=Boolean).label("known"),
            bindparam("at", type_=UtcDateTime).label("at"),
        )
        .select_from(Visit)
        .where(Visit.name == "anna")
    )
    made = upsert_statement(engine.dialect.name, Visit, rows=rows, returning=[Visit.name])
    return Hot(alone(made))


def names(engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(Visit.name).order_by(Visit.id)))


def test_what_it_writes_is_there_once_it_is_committed(engine):
    with engine.connect() as connection:
        new = {"name": "emma", "known": False, "at": NOW}
        assert greeting(engine).rows(connection, new) == [("emma",)]
        assert greeting(engine).rows(connection, new) == []  # she is there already
        connection.commit()
    assert names(engine) == ["anna", "bea", "carla", "dirk", "emma"]


def test_what_stands_alone_is_stored_at_once_on_postgresql_and_begins_no_transaction(engine):
    with engine.connect() as connection:
        greeting(engine).rows(connection, {"name": "emma", "known": False, "at": NOW})
        connection.rollback()
    stored = "emma" in names(engine)
    assert stored == (engine.dialect.name == "postgresql")


def test_who_listens_for_statements_hears_of_it(engine):
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *values: seen.append(values[2]))
    with engine.connect() as connection:
        Hot(FOUND).rows(connection, {"known": True, "until": NOW})
    assert [words.split()[0] for words in seen] == ["SELECT"]
    assert "visit_here" in seen[0]


def test_what_goes_wrong_has_the_name_that_sqlalchemy_gives_it(engine):
    hot = Hot(select(Visit.id).where(Visit.name == bindparam("name")))
    with engine.connect() as connection:
        connection.execute(text("DROP TABLE visit_here"))
        with pytest.raises((ProgrammingError, OperationalError)) as told:
            hot.rows(connection, {"name": "secret-person"})
    assert "visit_here" in str(told.value.orig)
    assert "secret-person" not in str(told.value)


def test_a_row_that_may_not_be_is_refused_as_by_any_statement(engine):
    hot = Hot(insert(Visit).returning(Visit.id))
    values = {"id": 9, "name": "anna", "known": True, "day": None, "at": NOW}
    with engine.connect() as connection, pytest.raises(IntegrityError):
        hot.rows(connection, values)
    assert len(names(engine)) == 4


def test_once_postgresql_hung_up_all_connections_are_let_go(postgres_url):
    engine = create_engine(postgres_url, **engine_options(postgres_url, pooler=False))
    here = Hot(select(text("datname")).select_from(text("pg_database")).limit(bindparam("most")))
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert len(here.rows(connection, {"most": 1})) == 1
    others = create_engine(postgres_url, poolclass=NullPool)
    with others.connect() as other:
        hang_up = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        mine = " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert other.execute(text(hang_up + mine)).all() == [(True,), (True,)]
    with engine.connect() as connection, pytest.raises(OperationalError) as told:
        here.rows(connection, {"most": 1})
    assert told.value.connection_invalidated
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert len(here.rows(connection, {"most": 1})) == 1
    engine.dispose()
