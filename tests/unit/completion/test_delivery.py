"""The state machine of a delivery, with a channel that answers as a test wishes."""

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy.orm import sessionmaker

from lti_tool.completion import outbox
from lti_tool.completion.channels.base import Delivery, Outcome
from lti_tool.completion.delivery import CLAIM, LONGEST, Courier
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.completion.obstacles import OBSTACLES, Next
from lti_tool.completion.turns import STAMP_STEP
from lti_tool.db import db
from lti_tool.platforms.models import BLOCKED
from lti_tool.services import services

TOOK_IT = Outcome()


class Scripted:
    """Stands at the end of the line: gives the outcomes it was given, and keeps what came."""

    def __init__(self, *outcomes: Outcome | Callable[[], Outcome]) -> None:
        self.outcomes = list(outcomes)
        self.came: list[Delivery] = []

    def deliver(self, delivery: Delivery) -> Outcome:
        self.came.append(delivery)
        outcome = self.outcomes.pop(0) if self.outcomes else TOOK_IT
        return outcome() if callable(outcome) else outcome


@pytest.fixture
def courier(ground, clock):
    """Make a courier for a script."""

    def make(script: Scripted) -> Courier:
        return Courier(
            sessionmaker(db.engine, expire_on_commit=False),
            script,
            services().vault,
            clock,
            rng=random.Random(7),
        )

    return make


def test_a_delivered_completion_is_over(ground, courier, clock):
    place = ground.completed()
    script = Scripted()
    assert courier(script).deliver_next() == DELIVERED
    held = place.held
    assert (held.state, held.delivered_at, held.due_at) == (DELIVERED, clock(), None)
    assert (held.claim, held.obstacle) == (None, None)
    assert courier(script).deliver_next() is None
    (came,) = script.came
    assert came.platform.name == place.platform.name
    assert (came.link.id, came.link.line_item) == (place.link.link_id, place.link.line_item)
    assert came.sub == services().vault.unseal(place.learner.sealed_sub)
    assert came.completed_at == held.completed_at


def test_the_one_that_is_due_longest_goes_first(ground, courier, clock):
    places = []
    for _ in range(3):
        places.append(ground.completed())
        clock.turn(seconds=1)
    script = Scripted()
    while courier(script).deliver_next():
        pass
    assert [came.link.id for came in script.came] == [place.link.link_id for place in places]


@pytest.mark.parametrize("code", [code for code in OBSTACLES if OBSTACLES[code].then is Next.PARK])
def test_what_cannot_heal_is_parked(ground, courier, code):
    place = ground.completed()
    assert courier(Scripted(Outcome(code))).deliver_next() == PARKED
    assert (place.held.state, place.held.obstacle, place.held.due_at) == (PARKED, code, None)
    assert place.platform.paused_until is None


@pytest.mark.parametrize(
    "code", [code for code in OBSTACLES if OBSTACLES[code].then is not Next.PARK]
)
def test_what_can_heal_is_tried_ever_more_patiently(ground, courier, clock, code):
    place = ground.completed()
    problem = OBSTACLES[code]
    for tries in range(1, 25):
        assert courier(Scripted(Outcome(code))).deliver_next() == WAITING
        held = place.held
        wait = (held.due_at - clock()).total_seconds()
        due = min(problem.seconds * 2 ** (tries - 1), LONGEST[problem.then])
        assert due <= wait <= due * 1.5
        assert (held.tries, held.obstacle, held.claim) == (tries, code, None)
        clock.moment = held.due_at + timedelta(hours=1)
    assert courier(Scripted()).deliver_next() == DELIVERED
    assert place.held.obstacle is None


def test_a_platform_that_fails_as_a_whole_is_paused_and_others_go_on(ground, courier, clock):
    down, up = ground.platform(), ground.platform()
    for _ in range(5):
        ground.completed(down)
    clock.turn(seconds=1)
    ground.completed(up)
    script = Scripted(Outcome("unreachable"))
    states = []
    while state := courier(script).deliver_next():
        states.append(state)
    assert states == [WAITING, DELIVERED]
    assert [came.platform.name for came in script.came] == [down.name, up.name]
    db.session.refresh(down)
    assert clock() < down.paused_until <= clock() + timedelta(seconds=40)
    clock.moment = down.paused_until
    assert courier(script).deliver_next() == DELIVERED


def test_a_platform_under_repair_is_asked_once_per_pause(ground, courier, clock):
    school = ground.platform()
    for _ in range(50):
        ground.completed(school)
    script = Scripted(*[Outcome("server-error")] * 1000)
    start = clock()
    while clock() - start < timedelta(minutes=30):
        courier(script).deliver_next()
        clock.turn(seconds=1)
    assert 40 <= len(script.came) <= 60


@pytest.mark.parametrize(("asked", "seconds"), [("120", 120), ("", 15)])
def test_nobody_is_asked_sooner_than_it_allows(ground, courier, clock, asked, seconds):
    school = ground.platform()
    places = [ground.completed(school), ground.completed(school)]
    assert courier(Scripted(Outcome("throttled", asked))).deliver_next() == WAITING
    clock.turn(seconds=seconds)
    assert courier(Scripted()).deliver_next() is None
    clock.turn(seconds=seconds)
    assert courier(Scripted()).deliver_next() == DELIVERED
    assert {place.held.state for place in places} == {DELIVERED, WAITING}


def test_a_failure_of_one_holds_up_no_other(ground, courier):
    school = ground.platform()
    for _ in range(3):
        ground.completed(school)
    script = Scripted(Outcome("ws-cannot-open"))
    states = []
    while state := courier(script).deliver_next():
        states.append(state)
    assert states == [WAITING, DELIVERED, DELIVERED]


def test_a_mistake_of_ours_holds_up_no_other(ground, courier):
    def stumble() -> Outcome:
        raise ZeroDivisionError

    place = ground.completed()
    ground.completed()
    script = Scripted(stumble)
    assert [courier(script).deliver_next() for _ in range(3)] == [WAITING, DELIVERED, None]
    assert place.held.obstacle == "internal"


def test_a_person_sealed_under_another_secret_is_parked(ground, courier):
    place = ground.completed()
    place.learner.sealed_sub = "not of this vault"
    db.session.commit()
    script = Scripted()
    assert courier(script).deliver_next() == PARKED
    assert (place.held.obstacle, script.came) == ("person-unreadable", [])


def test_a_claim_keeps_others_away_and_ends_by_itself(ground, courier, clock):
    place = ground.completed()
    first, second = Scripted(), Scripted()

    def meanwhile() -> Outcome:
        assert courier(second).deliver_next() is None
        clock.turn(seconds=CLAIM.total_seconds())  # so long that the claim has ended
        assert courier(second).deliver_next() == DELIVERED
        return Outcome("unreachable")

    first.outcomes.append(meanwhile)
    courier(first).deliver_next()
    assert place.held.state == DELIVERED, "who lost the claim settles nothing"
    assert (len(first.came), len(second.came)) == (1, 1)


def test_timestamps_are_a_whole_second_apart_whatever_happens(ground, courier, clock):
    place = ground.completed()
    script = Scripted()
    for _ in range(5):
        while courier(script).deliver_next() is None:
            clock.turn(milliseconds=300)
        outbox.resend(db.session(), link_id=place.link.id, now=clock())
        db.session.commit()
    stamps = [came.stamped_at for came in script.came]
    assert all(later - earlier >= STAMP_STEP for earlier, later in pairwise(stamps))
    assert len({came.completed_at for came in script.came}) == 1


def test_the_timestamp_is_stored_before_it_is_sent(ground, courier, clock):
    place = ground.completed()

    def look() -> Outcome:
        assert place.held.stamped_at == clock()
        db.session.rollback()
        return TOOK_IT

    courier(Scripted(look)).deliver_next()


def test_nothing_goes_to_a_platform_that_was_blocked(ground, courier):
    place = ground.completed()
    place.platform.status = BLOCKED
    db.session.commit()
    assert courier(Scripted()).deliver_next() is None
    assert place.held.state == WAITING


def test_a_learner_who_erased_everything_while_it_was_sent_stays_erased(ground, courier):
    place = ground.completed()

    def erase() -> Outcome:
        db.session.delete(place.learner)
        db.session.commit()
        return TOOK_IT

    assert courier(Scripted(erase)).deliver_next() == DELIVERED
    assert courier(Scripted()).deliver_next() is None


# --- turns, wrong clocks, impatience --------------------------------------------------------------


def test_the_platform_that_was_served_least_recently_goes_first(ground, courier, clock):
    schools = [ground.platform() for _ in range(3)]
    for count, school in zip((6, 3, 1), schools, strict=True):
        for _ in range(count):
            ground.completed(school)
    script = Scripted()
    while courier(script).deliver_next():
        clock.turn(milliseconds=200)
    first, second, third = (school.name for school in schools)
    order = [first, second, third, first, second, first, second, first, first, first]
    assert [came.platform.name for came in script.came] == order


def test_a_busy_platform_is_passed_over(ground, courier):
    busy, free = ground.platform(), ground.platform()
    ground.completed(busy)
    ground.completed(free)
    claimed = courier(Scripted()).claim({busy.id})
    assert claimed.platform.name == free.name
    assert courier(Scripted()).claim({busy.id}) is None
    assert courier(Scripted()).claim().platform.name == busy.name


def test_a_timestamp_of_the_future_heals_itself(ground, courier, clock):
    place = ground.completed()
    place.held.stamped_at = clock() + timedelta(days=1)
    db.session.commit()
    script = Scripted()
    assert courier(script).deliver_next() == DELIVERED
    assert script.came[0].stamped_at == clock()


def test_a_timestamp_of_a_moment_ahead_is_waited_for(ground, courier, clock):
    place = ground.completed()
    place.held.stamped_at = clock() + timedelta(seconds=5)
    db.session.commit()
    assert courier(Scripted()).deliver_next() is None
    clock.turn(seconds=6)
    assert courier(Scripted()).deliver_next() == DELIVERED


def test_no_completion_lies_in_the_future(ground, courier, clock):
    """Canvas refuses a moment of submission that does."""
    place = ground.completed()
    place.held.completed_at = clock() + timedelta(days=1)
    db.session.commit()
    script = Scripted(Outcome("unreachable"))
    courier(script).deliver_next()
    began = clock()
    clock.turn(hours=1)
    courier(script).deliver_next()
    assert [came.completed_at for came in script.came] == [began, began]


def test_what_a_wrong_clock_put_off_is_taken_up_again(ground, courier, clock):
    put_off, paused = ground.completed(), ground.completed()
    put_off.held.due_at = clock() + timedelta(days=30)
    paused.platform.paused_until = clock() + timedelta(days=30)
    waits = ground.completed()
    waits.held.due_at = clock() + timedelta(hours=9)
    db.session.commit()
    assert courier(Scripted()).deliver_next() is None
    outbox.heal(db.session(), clock())
    db.session.commit()
    assert [courier(Scripted()).deliver_next() for _ in range(3)] == [DELIVERED, DELIVERED, None]
    assert waits.held.due_at == clock() + timedelta(hours=9)


@pytest.mark.parametrize("apart", [0.0, 0.5, 1.9])
def test_pressing_try_again_thirty_times_sends_once(ground, courier, clock, apart):
    place = ground.completed()
    courier(Scripted(Outcome("unreachable"))).deliver_next()
    place.platform.paused_until = None
    db.session.commit()
    clock.turn(seconds=2)
    script = Scripted(*[Outcome("ws-cannot-open")] * 30)
    for _ in range(30):
        outbox.nudge(db.session(), **place.ids, now=clock())
        db.session.commit()
        courier(script).deliver_next()
        clock.turn(seconds=apart)
    assert len(script.came) == 1
    clock.turn(minutes=2)
    outbox.nudge(db.session(), **place.ids, now=clock())
    db.session.commit()
    assert courier(Scripted()).deliver_next() == DELIVERED


def test_pressing_report_again_thirty_times_sends_each_once(ground, courier, clock):
    place = ground.completed()
    courier(Scripted()).deliver_next()
    clock.turn(seconds=2)
    script = Scripted()
    counts = []
    for _ in range(30):
        counts.append(outbox.resend(db.session(), link_id=place.link.id, once=True, now=clock()))
        db.session.commit()
        courier(script).deliver_next()
        clock.turn(seconds=1)
    assert (sum(counts), len(script.came)) == (1, 1)
    clock.turn(minutes=1)
    assert outbox.resend(db.session(), link_id=place.link.id, once=True, now=clock()) == 1
