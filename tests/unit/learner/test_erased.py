"""What was erased is nowhere: not in a table, not in a file, also after a crash in the middle.

The search is raw: through every byte of SQLite's files, and through a dump of PostgreSQL.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from postgres import _programs
from sqlalchemy import inspect, select
from sqlalchemy.engine import make_url
from visits import GARDEN, School

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.experience.library.models import Item
from lti_tool.experience.play.models import PartDone
from lti_tool.launch.models import Learner
from lti_tool.ops.delivering import tidy
from lti_tool.services import services

SUB = "anna-c2b7e1f09d"
WORDS = "Kwartelkoning in het hoge gras."

Held = Callable[[], bytes]
"""All that the database holds, as bytes."""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> tuple[str, Held]:
    """Where a database is, and how to read it raw."""
    if request.param == "sqlite":
        return settings.database_url, lambda: b"".join(
            path.read_bytes() for path in sorted(tmp_path.glob("tool.sqlite*"))
        )
    url = request.getfixturevalue("postgres_tables")
    made = make_url(url)
    words = [
        str(_programs() / "pg_dump"),
        f"--host={made.query['host']}",
        "--username=proeftuin",
        str(made.database),
    ]
    return url, lambda: subprocess.run(words, check=True, capture_output=True, timeout=60).stdout


@pytest.fixture
def app(settings: Settings, clock: Any, place: tuple[str, Held]) -> Iterator[Flask]:
    app = create_app(replace(settings, database_url=place[0]), clock=clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def anna(school: School) -> int:
    """Anna, with something in every table that can hold something about a person."""
    school.publish(GARDEN)
    trainer = school.open("tuin", "juf", designer=True)
    trainer.press("[data-starter]").press("[data-starter=on]")
    tab = school.open("tuin", SUB).finish("vraag", "los")
    tab.save("tuin", "terugblik", WORDS)
    tab.open().press("[data-keep=sentence]", sentence=WORDS)
    tab.open("/pair/tuin/").press("[data-begin]")
    tab.open().press("[data-share]").press("[data-share]", text=WORDS, name=WORDS)
    tab.press("[data-share]")
    school.open("tuin", SUB, link="2").onward()
    learner = school.learner(SUB)
    item = db.session.scalars(select(Item.id)).one()
    part = {"learner_id": learner, "link_id": school.link("tuin"), "item_id": item}
    db.session.add(PartDone(**part, done_at=school.clock()))
    db.session.commit()
    for one in services().privacy.kept:
        held = db.session.scalars(select(one.table.learner_id)).all()
        assert learner in held, f"let Anna have something in {one.table.__tablename__}"
    db.session.rollback()
    return learner


def needles(learner: int) -> list[bytes]:
    """What tells of her: her ids, her words, and every longer value of her rows, also sealed."""
    found = {SUB, WORDS, services().vault.pseudonym("https://lms.example", SUB)}
    for table in db.metadata.tables.values():
        mine = "id" if table.name == "learner" else "learner_id"
        if mine in table.columns:
            rows = db.session.execute(select(table).where(table.c[mine] == learner))
            found |= {
                value
                for row in rows
                for value in row
                if isinstance(value, str) and len(value) > 20 and "/" not in value
            }
    db.session.rollback()
    return [text.encode() for text in sorted(found)]


def test_nothing_is_found_in_any_table_or_file(
    school: School, anna: int, place: tuple[str, Held]
) -> None:
    held = place[1]
    told = needles(anna)
    before = held()
    assert [one for one in told if one in before]  # the search finds what is there
    assert SUB.encode() not in before
    assert WORDS.encode() not in before

    tab = school.open("tuin", SUB).open("/mine/confirm")
    told += [tab.session_id.encode()]
    assert tab.send(tab.html.one("[data-erase]")).title == "Gewist"

    after = held()
    assert [one for one in told if one in after] == []
    for table in inspect(db.engine).get_table_names():
        columns = db.metadata.tables[table].columns
        if "learner_id" in columns:
            assert anna not in db.session.scalars(select(columns["learner_id"])).all()


CRASH = """
import os, sys
from lti_tool import create_app
from lti_tool.db import db
from lti_tool.services import services
with create_app().app_context():
    services().privacy.erase(db.session(), int(sys.argv[1]))
    if sys.argv[2] == "after":
        db.session.commit()
    os._exit(9)
"""


def crash(settings: Settings, url: str, learner: int, when: str) -> None:
    """Let a process of its own erase somebody, and die before or after it commits."""
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(learner), when],
        env={
            **os.environ,
            "PROEFTUIN_BASE_URL": settings.base_url,
            "PROEFTUIN_DATABASE_URL": url,
            "PROEFTUIN_SECRET_KEY": settings.secret_key,
            "PROEFTUIN_KEYS_DIR": str(settings.keys_dir),
        },
        check=False,
        timeout=120,
    )
    assert done.returncode == 9


def test_a_crash_in_the_middle_erases_nothing_by_half(
    school: School, settings: Settings, anna: int, place: tuple[str, Held]
) -> None:
    url, held = place
    told = needles(anna)
    rows = len(told)
    crash(settings, url, anna, "before")
    assert len(needles(anna)) == rows

    services().privacy.erase(db.session(), anna)
    db.session.commit()
    tidy()
    after = held()
    assert [one for one in told if one in after] == []


def test_after_a_crash_right_after_it_the_next_tidying_wipes_the_log(
    school: School, settings: Settings, anna: int, place: tuple[str, Held]
) -> None:
    """The server tidies when it starts, and every hour."""
    url, held = place
    told = needles(anna)
    crash(settings, url, anna, "after")
    db.session.expire_all()
    assert db.session.get(Learner, anna) is None
    db.session.rollback()

    tidy()
    after = held()
    assert [one for one in told if one in after] == []
