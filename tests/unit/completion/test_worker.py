"""The worker's loop: it delivers, it sweeps, it survives, it stops."""

import threading
import time
from datetime import timedelta

import pytest
from plans import plan_of, settle
from sqlalchemy import insert, select, text
from statements import Statement, statements

from lti_tool.completion import worker
from lti_tool.completion.models import DELIVERED, PARKED, WAITING, Completion
from lti_tool.db import db
from lti_tool.launch.models import LaunchSession, Learner
from lti_tool.services import services


@pytest.fixture
def line_item(ground, local_server):
    """A place whose line item takes every score."""

    def make() -> object:
        local_server.replies["/token"] = (
            200,
            {"Content-Type": "application/json"},
            b'{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}',
        )
        local_server.replies["/item/scores"] = (200, {}, b"")
        place = ground.place()
        place.platform.auth_token_url = f"{local_server.url}/token"
        place.link.line_item = f"{local_server.url}/item"
        # Last, and in one commit with the addresses: a worker may be looking already.
        return ground.complete(place)

    return make


def test_once_delivers_all_that_is_due(app, line_item, local_server):
    places = [line_item() for _ in range(3)]
    assert worker.run_once(app) == 3
    assert [place.held.state for place in places] == [DELIVERED] * 3
    assert worker.run_once(app) == 0
    assert local_server.count("/item/scores") == 3


def test_what_did_not_arrive_is_not_counted_as_delivered(app, ground, local_server):
    place = ground.completed()
    place.link.line_item = None
    db.session.commit()
    assert worker.run_once(app) == 0
    assert place.held.state == PARKED


@pytest.fixture
def running(app):
    """Run the worker's loop on a thread until the test is over."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(app, stop))

    def start() -> threading.Thread:
        thread.start()
        return thread

    yield start
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def wait_for(found) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        db.session.rollback()
        if found():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_the_loop_delivers_what_comes_in_while_it_runs(line_item, running):
    running()
    place = line_item()
    wait_for(lambda: place.held.state == DELIVERED)


def test_the_loop_sweeps_away_what_has_ended(app, clock, ground, running):
    place = ground.completed()
    for name, ends in (("old", clock() - timedelta(days=1)), ("new", clock() + timedelta(days=1))):
        db.session.add(
            LaunchSession(
                id=name,
                token_hash=name,
                cookieless=False,
                platform_id=place.platform.id,
                deployment_id=place.link.deployment_id,
                learner_id=place.held.learner_id,
                designer=False,
                locale="nl",
                seen_at=clock(),
                expires_at=ends,
            )
        )
    db.session.commit()
    running()
    wait_for(lambda: db.session.scalars(select(LaunchSession.id)).all() == ["new"])


def test_the_sweep_sends_what_can_report_now(ground, clock):
    place = ground.completed()
    held = place.held
    held.state, held.due_at, held.obstacle = PARKED, None, "no-line-item"
    db.session.commit()
    worker.sweep()
    assert place.held.due_at == clock()


def test_the_loop_waits_for_a_database_that_is_away(line_item, running, monkeypatch):
    monkeypatch.setattr(worker, "AFTER_TROUBLE_SECONDS", 0.05)
    place = line_item()
    db.session.execute(text("ALTER TABLE completion RENAME TO elsewhere"))
    db.session.commit()
    thread = running()
    time.sleep(0.3)
    assert thread.is_alive()
    db.session.execute(text("ALTER TABLE elsewhere RENAME TO completion"))
    db.session.commit()
    wait_for(lambda: place.held.state == DELIVERED)


# --- turns ----------------------------------------------------------------------------------------


def slow(seconds: float, times: list[float]):
    """An LMS that takes its time, and notes when it was asked."""

    def reply(raw: object) -> None:
        times.append(time.monotonic())
        time.sleep(seconds)
        raw.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    return reply


@pytest.fixture
def schools(ground, local_server):
    """Make a platform whose line item answers as wished, with completions that are due."""
    local_server.replies["/token"] = (200, {}, b'{"access_token": "t", "expires_in": 3600}')

    def make(name: str, count: int, reply: object) -> list[object]:
        local_server.replies[f"/{name}/scores"] = reply
        platform = ground.platform(name=name)
        platform.auth_token_url = f"{local_server.url}/token"
        places = [ground.place(platform) for _ in range(count)]
        for place in places:
            place.link.line_item = f"{local_server.url}/{name}"
        return [ground.complete(place) for place in places]

    return make


def test_thirty_of_a_slow_lms_do_not_hold_up_the_one_of_another(schools, running):
    services().keys.ensure()
    many, one = [], []
    schools("many", 30, slow(0.2, many))
    running()
    wait_for(lambda: len(many) >= 3)
    (place,) = schools("one", 1, slow(0.0, one))
    came = time.monotonic()
    wait_for(lambda: one)
    meanwhile = [moment for moment in many if came < moment < one[0]]
    assert len(meanwhile) < 10, "it did not wait for the others"
    wait_for(lambda: place.held.state == DELIVERED)
    wait_for(lambda: len(many) == 30)


def test_lmss_that_hang_take_couriers_of_their_own_only(schools, running):
    services().keys.ensure()
    hung, back, one = [], [], []

    def hang(raw: object) -> None:
        slow(3.0, hung)(raw)
        back.append(time.monotonic())

    for name in ("first", "second", "third"):
        schools(name, 6, hang)
    running()
    wait_for(lambda: len(hung) == 3 * worker.PER_PLATFORM)
    schools("one", 1, slow(0.0, one))
    wait_for(lambda: one)
    assert not [moment for moment in back if moment < one[0]], "it waited for one that hangs"
    assert len([moment for moment in hung if moment < one[0]]) == 3 * worker.PER_PLATFORM


def looked(courier) -> Statement:
    """The one statement of a look that finds nothing."""
    with statements() as seen:
        assert courier.claim() is None
    (one,) = seen
    return one


def fill(ground, clock, count: int) -> None:
    """A paused school with so many waiting completions, each of a learner of its own."""
    place = ground.completed()
    place.platform.paused_until = clock() + timedelta(hours=1)
    db.session.commit()
    platform, link, now = place.platform.id, place.link.id, clock()
    learners = [
        {"platform_id": platform, "pseudonym": f"many{n}", "sealed_sub": "x"} for n in range(count)
    ]
    db.session.execute(insert(Learner), learners)
    ids = db.session.scalars(select(Learner.id).where(Learner.pseudonym.startswith("many")))
    rows = [
        {
            "learner_id": learner,
            "link_id": link,
            "platform_id": platform,
            "completed_at": now,
            "state": WAITING,
            "due_at": now,
            "tries": 0,
        }
        for learner in ids
    ]
    db.session.execute(insert(Completion), rows)
    db.session.commit()
    settle(db.engine)


def test_an_idle_look_scans_nothing_and_stays_flat_with_fifty_thousand_waiting(ground, clock):
    courier = worker.make_courier()

    def seconds() -> float:
        runs = []
        for _ in range(20):
            started = time.perf_counter()
            assert courier.claim() is None
            runs.append(time.perf_counter() - started)
        return min(runs)

    empty = seconds()
    fill(ground, clock, 50_000)
    plan = plan_of(db.engine, *looked(courier))
    assert "ix_completion_under_way" in plan.indexes
    assert "completion" not in plan.whole
    assert seconds() < empty * 5 + 0.005


# --- signs of life --------------------------------------------------------------------------------


def test_the_loop_looks_at_its_stop_event_while_all_couriers_are_away(app, schools):
    """Which is how others hear that it lives."""

    class Watched(threading.Event):
        looks = 0

        def is_set(self) -> bool:
            self.looks += 1
            return super().is_set()

    services().keys.ensure()
    hung, stop = [], Watched()
    schools("hangs", 6, slow(3.0, hung))
    thread = threading.Thread(target=worker.run_forever, args=(app, stop))
    thread.start()
    wait_for(lambda: len(hung) == worker.PER_PLATFORM)
    before = stop.looks
    time.sleep(2.2)
    assert stop.looks - before >= 2
    stop.set()
    thread.join(timeout=15)
    assert not thread.is_alive()
