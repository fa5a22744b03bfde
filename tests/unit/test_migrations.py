"""The migrations make exactly the models' tables, and bring along what is there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade

import lti_tool
from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.experience.document.model import to_canonical_json
from lti_tool.experience.document.parsing import parse

ROOT = Path(lti_tool.__file__).parent
REVISIONS = [
    script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
][::-1]
GONE = {"used_state"}
"""Tables that a later version has no need of."""

STARTER = ROOT.parent / "docs" / "starters" / "micromodule.yaml"
MOMENT = datetime(2026, 11, 21, 20, tzinfo=UTC)


@pytest.fixture
def app(settings: Settings, new_database: Callable[[], str]) -> Iterator[Flask]:
    """An app on a database without a single table."""
    app = create_app(replace(settings, database_url=new_database()))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def rows(tables: sa.MetaData) -> dict[str, int]:
    """How many rows each table holds."""
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in tables.sorted_tables
        }


def reflected() -> sa.MetaData:
    found = sa.MetaData()
    found.reflect(db.engine)
    found.remove(found.tables["alembic_version"])
    return found


def some_value(column: sa.Column[Any]) -> Any:
    """Something that fits; each table has one row, whose number is 1."""
    if column.name == "document":
        parsed = parse(STARTER.read_text(), file="micromodule.yaml")
        assert parsed.item is not None
        return to_canonical_json(parsed.item)
    kinds = {int: 1, bool: False, datetime: MOMENT, date: MOMENT.date()}
    return kinds.get(column.type.python_type, "x")


def fill(tables: sa.MetaData) -> None:
    """Put a row in each table."""
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            values = {
                column.name: some_value(column) for column in table.columns if not column.identity
            }
            connection.execute(sa.insert(table).values(values))


def test_an_upgraded_database_equals_the_models(app: Flask) -> None:
    upgrade()
    check()  # raises SystemExit when autogenerate would find a difference


def test_every_migration_can_be_undone(app: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_database_of_an_earlier_version_comes_along(app: Flask, revision: str) -> None:
    upgrade(revision=revision)
    fill(reflected())
    held = rows(reflected())
    assert set(held.values()) == {1}

    upgrade()

    check()
    now = rows(reflected())
    assert {name: now.get(name) for name in held} == held | dict.fromkeys(GONE & set(held))


def test_an_item_without_a_limit_stays_one_for_everybody(app: Flask) -> None:
    """But for what a school's designers made, if the school was removed since."""
    upgrade(revision="0011")
    tables = reflected().tables
    slugs = {1: "voor-een-school", 2: "voor-allen", 3: "dagenlang", 4: "dag0123456789abcdef"}
    with db.engine.begin() as connection:
        for name in ("platform", "item"):
            values = {
                column.name: some_value(column)
                for column in tables[name].columns
                if not column.identity and (name == "platform" or column.name in {"id", "slug"})
            }
            numbers = slugs if name == "item" else {1: ""}
            for number, slug in numbers.items():
                given = values | {"id": number} | ({"slug": slug} if slug else {})
                connection.execute(sa.insert(tables[name]).values(given))
        connection.execute(sa.insert(tables["item_platform"]).values(item_id=1, platform_id=1))

    upgrade()

    with db.engine.connect() as connection:
        found = connection.scalars(sa.text("SELECT slug FROM item WHERE everywhere")).all()
    assert set(found) == {"voor-allen", "dagenlang"}


def test_a_database_of_a_later_version_stays_as_it_is(app: Flask) -> None:
    upgrade(revision="0010")
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = reflected()

    upgrade()

    assert reflected().tables.keys() == before.tables.keys()
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"
    indexes = {index["name"] for index in sa.inspect(db.engine).get_indexes("launch_session")}
    assert "ix_launch_session_learner_id" not in indexes
