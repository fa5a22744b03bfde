"""Storing completions and sending them again: once per learner and link, and never lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from statements import statements

from lti_tool.completion import outbox, worker
from lti_tool.completion.models import DELIVERED, PARKED, WAITING, Completion
from lti_tool.completion.obstacles import NO_LINE_ITEM, NO_SERVICE
from lti_tool.db import db
from lti_tool.launch.models import Learner


@pytest.fixture
def courier(app):
    return worker.make_courier()


def test_a_completion_is_stored_due_at_once(ground, clock):
    held = ground.completed().held
    assert (held.state, held.completed_at, held.due_at) == (WAITING, clock(), clock())
    assert (held.tries, held.obstacle, held.claim, held.delivered_at) == (0, None, None, None)
    assert held.platform_id == db.session.get(Learner, held.learner_id).platform_id


def test_completing_again_changes_nothing(ground, clock):
    place = ground.completed()
    first = clock()
    clock.turn(days=1)
    outbox.record(db.session(), **place.ids, now=clock())
    db.session.commit()
    assert place.held.completed_at == first
    assert db.session.scalar(select(func.count(Completion.id))) == 1


def test_the_completion_goes_with_the_transaction_of_the_caller(ground, clock):
    place = ground.place()
    outbox.record(db.session(), **place.ids, now=clock())
    db.session.rollback()
    assert place.held is None


def test_storing_takes_one_statement(ground, clock):
    place = ground.place()
    ids = place.ids
    with statements() as seen:
        outbox.record(db.session(), **ids, now=clock())
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("state", "due"),
    [(WAITING, timedelta(hours=3)), (PARKED, None)],
)
def test_a_learner_can_ask_for_another_try(ground, clock, state, due):
    place = ground.completed()
    held = place.held
    held.state, held.due_at, held.obstacle = state, due and clock() + due, "unreachable"
    db.session.commit()
    outbox.nudge(db.session(), **place.ids, now=clock())
    db.session.commit()
    assert (place.held.state, place.held.due_at) == (WAITING, clock())


def test_a_learner_cannot_disturb_what_is_delivered_or_under_way(ground, clock):
    delivered, sending = ground.completed(), ground.completed()
    held = delivered.held
    held.state, held.due_at = DELIVERED, None
    held = sending.held
    held.claim, held.due_at = "somebody", clock() + timedelta(minutes=2)
    db.session.commit()
    for place in (delivered, sending):
        outbox.nudge(db.session(), **place.ids, now=clock())
    db.session.commit()
    assert delivered.held.state == DELIVERED
    assert (sending.held.claim, sending.held.due_at) == ("somebody", clock() + timedelta(minutes=2))


def test_sending_again_takes_all_of_a_link_a_course_or_a_platform(ground, clock):
    school, other = ground.platform(), ground.platform()
    places = [
        ground.completed(school, course="a"),
        ground.completed(school, course="a"),
        ground.completed(school, course="b"),
        ground.completed(other, course="a"),
    ]
    settle_all(DELIVERED)

    def again(**limits: object) -> int:
        return outbox.resend(db.session(), now=clock(), **limits)

    assert again(link_id=places[0].link.id) == 1
    assert again(context_id="a", platform_id=school.id) == 2
    assert again(context_id="a") == 3
    assert again(platform_id=school.id) == 3
    assert again(platform_id=other.id) == 1
    assert again(link_id=places[0].link.id, platform_id=other.id) == 0
    db.session.commit()
    assert {place.held.state for place in places} == {WAITING}
    assert {place.held.tries for place in places} == {0}


def test_the_moment_of_completion_survives_sending_again(ground, clock):
    place = ground.completed()
    settle_all(DELIVERED)
    first = place.held.completed_at
    clock.turn(days=30)
    outbox.resend(db.session(), link_id=place.link.id, now=clock())
    db.session.commit()
    assert (place.held.completed_at, place.held.due_at) == (first, clock())


def test_delivered_ones_can_be_left_alone(ground, clock):
    school = ground.platform()
    ground.completed(school)
    settle_all(DELIVERED)
    ground.completed(school)
    count = outbox.resend(db.session(), platform_id=school.id, undelivered_only=True, now=clock())
    assert count == 1


def test_who_was_not_told_yet_keeps_their_turn_however_often_all_is_sent_again(
    ground, clock, courier
):
    """An operator repeats the command while a long list is being delivered."""
    school = ground.platform()
    places = [ground.completed(school) for _ in range(4)]
    settle_all(DELIVERED)
    seen = []
    for _ in range(2):
        clock.turn(seconds=5)
        outbox.resend(db.session(), platform_id=school.id, now=clock())
        db.session.commit()
        for _ in range(2):
            claimed = courier.claim()
            seen.append(claimed.id)
            held = db.session.get(Completion, claimed.id)
            held.state, held.due_at, held.claim = DELIVERED, None, None
            db.session.commit()
    assert set(seen) == {place.held.id for place in places}


def test_what_a_worker_holds_is_not_taken_from_it(ground, clock):
    place = ground.completed()
    held = place.held
    held.claim, held.due_at = "somebody", clock() + timedelta(minutes=2)
    db.session.commit()
    assert outbox.resend(db.session(), link_id=place.link.id, now=clock()) == 0
    clock.turn(minutes=3)  # the worker is gone
    assert outbox.resend(db.session(), link_id=place.link.id, now=clock()) == 1


def test_sending_everything_of_everyone_again_is_not_possible(ground, clock):
    with pytest.raises(ValueError, match="link"):
        outbox.resend(db.session(), now=clock())


def test_what_could_not_report_is_sent_once_it_can(ground, clock):
    moodle = ground.platform("moodle")
    no_item, no_service, gone = ground.completed(), ground.completed(moodle), ground.completed()
    settle_all(PARKED)
    for place, problem in (
        (no_item, NO_LINE_ITEM),
        (no_service, NO_SERVICE),
        (gone, "line-item-gone"),
    ):
        place.held.obstacle = problem
        db.session.commit()
    no_item.link.line_item = None
    db.session.commit()

    assert outbox.reopen(db.session(), clock()) == 0
    no_item.link.line_item = "https://lms.example/lineitems/1"
    moodle.ws_url, moodle.ws_token = "https://moodle.example/ws", "sealed"
    db.session.flush()
    assert outbox.reopen(db.session(), clock()) == 2
    db.session.commit()
    assert [place.held.state for place in (no_item, no_service, gone)] == [WAITING, WAITING, PARKED]


def test_a_completion_goes_with_the_learner_who_erases_everything(ground):
    place = ground.completed()
    ids = place.ids
    db.session.delete(place.learner)
    db.session.commit()
    assert db.session.scalar(select(func.count(Completion.id)).filter_by(**ids)) == 0


def settle_all(state: str) -> None:
    for held in db.session.scalars(select(Completion)):
        held.state, held.due_at, held.tries = state, None, 5
    db.session.commit()
