"""Many at the same moment, on both databases: nobody is lost, nothing is told too early."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from grouping import last_step, link_id, ready
from sqlalchemy import select
from visits import School

from lti_tool.db import db
from lti_tool.experience.library.models import Item
from lti_tool.experience.play import positions
from lti_tool.experience.play.models import Starter
from lti_tool.experience.play.positions import Player
from lti_tool.group.hearing import answers
from lti_tool.group.hearing.models import Heard
from lti_tool.group.starter import counting
from lti_tool.group.starter.counting import Starters
from lti_tool.services import services

T = TypeVar("T")


def at_once(school: School, whom: Sequence[T], act: Callable[[T], None]) -> None:
    start = Barrier(len(whom))
    db.session.rollback()

    def one(who: T) -> None:
        with school.app.app_context():
            start.wait()
            act(who)
            db.session.remove()

    with ThreadPoolExecutor(len(whom)) as pool:
        for done in [pool.submit(one, who) for who in whom]:
            done.result()


def test_a_group_that_ends_together_is_counted_and_told(garden: School) -> None:
    item = db.session.scalars(select(Item.id)).one()
    link, tess = link_id(garden), garden.learner("tess")
    counting.switch_on(db.session(), link, item, tess, garden.clock())
    db.session.commit()
    group = [ready(garden, f"p{number}") for number in range(8)]

    at_once(garden, group, lambda who: last_step(garden, who))
    [row] = garden.rows(Starter)
    [counts] = json.loads(services().vault.unseal(row.sealed_counts)).values()
    assert counts.startswith("0008")

    def ask(_who: int) -> None:
        Starters(services().vault).ask(db.session(), link, item, garden.clock())
        db.session.commit()

    at_once(garden, range(3), ask)
    made = counting.snapshot(db.session(), link, item)
    assert made is not None
    assert made.said["groet"] == {"vraag": "most", "stil": "few"}


def test_fifteen_answers_at_once_are_one_batch_and_the_rest_waits(garden: School) -> None:
    group = [ready(garden, f"p{number}") for number in range(15)]
    for who in group:
        last_step(garden, who)

    def answer(who: Player) -> None:
        here = positions.find(db.session(), services().vault, who)
        answers.tell(db.session(), services().vault, here, "yes", "")
        db.session.commit()

    at_once(garden, group, answer)
    assert sorted(row.told for row in garden.rows(Heard)) == [False] * 7 + [True] * 8
