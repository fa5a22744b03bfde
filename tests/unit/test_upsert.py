"""The one way to insert a row that may be there already, on both databases."""

import pytest
from sqlalchemy import String, UniqueConstraint, create_engine, literal, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from lti_tool.db import upsert


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelf"
    __table_args__ = (UniqueConstraint("room", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(10))
    books: Mapped[int] = mapped_column(default=0)


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request):
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def shelves(session) -> list[tuple[str, str, int]]:
    return [(row.room, row.name, row.books) for row in session.scalars(select(Shelf))]


def test_a_new_row_is_inserted_and_told_of(session):
    place = {"room": "a", "name": "b", "books": 1}
    first = upsert(session, Shelf, place, returning=[Shelf.id]).scalar_one()
    assert session.get(Shelf, first).books == 1


def test_a_row_that_is_there_stays_as_it_is_and_nothing_is_returned(session):
    upsert(session, Shelf, {"room": "a", "name": "b", "books": 1})
    again = upsert(session, Shelf, {"room": "a", "name": "b", "books": 2}, returning=[Shelf.id])
    assert again.first() is None
    assert shelves(session) == [("a", "b", 1)]


def test_a_row_that_is_there_is_changed_and_returned(session):
    values = {"room": "a", "name": "b"}
    unique = ["room", "name"]
    first, second = (
        upsert(
            session,
            Shelf,
            values | {"books": count},
            unique=unique,
            change={"books": count},
            returning=[Shelf.id],
        ).scalar_one()
        for count in (1, 2)
    )
    assert first == second
    assert shelves(session) == [("a", "b", 2)]


def test_rows_can_come_from_a_select(session):
    upsert(session, Shelf, {"room": "a", "name": "b", "books": 7})
    copy = select(
        literal("c").label("room"), Shelf.name.label("name"), Shelf.books.label("books")
    ).where(Shelf.room == "a")
    upsert(session, Shelf, rows=copy)
    upsert(session, Shelf, rows=copy)
    assert shelves(session) == [("a", "b", 7), ("c", "b", 7)]
