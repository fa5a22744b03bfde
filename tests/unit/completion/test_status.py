"""The truth about a completion, in one word that a page can show."""

from datetime import timedelta

import pytest
from statements import statements

from lti_tool.completion import status
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.completion.status import Status
from lti_tool.db import db
from lti_tool.services import services

ITEM = "https://lms.example/lineitems/1"


def of(place, line_item: str | None = ITEM) -> Status:
    place.link.line_item = line_item
    db.session.commit()
    now = services().clock()
    return status.of(db.session(), platform=place.platform, now=now, **place.ids)


def test_nothing_is_completed_yet(ground):
    assert of(ground.place()) == Status("none")


def test_a_link_that_cannot_report_says_so_before_the_start(ground):
    assert of(ground.place(), None) == Status("unreportable", obstacle="no-line-item")
    moodle = ground.place(ground.platform("moodle"))
    assert of(moodle) == Status("unreportable", obstacle="no-web-service")
    moodle.link.completion_url = "https://lms.example/completion/1"
    assert of(moodle) == Status("none")


@pytest.mark.parametrize(
    ("state", "problem", "line_item", "name"),
    [
        (WAITING, None, ITEM, "recorded"),
        (WAITING, "unreachable", ITEM, "waiting"),
        (PARKED, "line-item-gone", ITEM, "waiting"),
        (PARKED, "no-line-item", None, "unreportable"),
        (WAITING, None, None, "unreportable"),
        (DELIVERED, None, ITEM, "delivered"),
        (DELIVERED, None, None, "delivered"),
    ],
)
def test_a_completion_is_called_what_it_is(ground, clock, *, state, problem, line_item, name):
    place = ground.completed()
    held = place.held
    held.state, held.obstacle = state, problem
    held.delivered_at = clock() + timedelta(seconds=2) if state == DELIVERED else None
    db.session.commit()
    found = of(place, line_item)
    assert (found.name, found.completed_at) == (name, clock())
    assert found.parked == (state == PARKED and line_item is not None)
    assert (found.delivered_at is not None) == (name == "delivered")
    assert bool(found.obstacle) == (name in ("waiting", "unreportable"))


def test_while_the_platform_is_paused_a_new_completion_waits_and_says_so(ground, clock):
    place = ground.completed()
    place.platform.paused_until = clock() + timedelta(minutes=1)
    db.session.commit()
    assert of(place).name == "waiting"
    clock.turn(minutes=2)
    assert of(place).name == "recorded"


def test_it_takes_one_statement(ground):
    place = ground.completed()
    platform, ids, now = place.platform, place.ids, services().clock()
    assert platform.family
    with statements() as seen:
        status.of(db.session(), platform=platform, now=now, **ids)
    assert len(seen) == 1
