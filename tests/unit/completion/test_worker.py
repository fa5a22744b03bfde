"""The worker's loop: it delivers, it sweeps, it survives, it stops."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from lti_tool.completion import worker
from lti_tool.completion.models import DELIVERED, PARKED
from lti_tool.db import db
from lti_tool.launch.models import LaunchSession


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
        place = ground.completed()
        place.platform.auth_token_url = f"{local_server.url}/token"
        place.link.line_item = f"{local_server.url}/item"
        db.session.commit()
        return place

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


def test_an_idle_look_is_one_read_on_an_index(ground):
    for _ in range(3):
        held = ground.completed().held
        held.state, held.due_at = DELIVERED, None
    db.session.commit()
    courier = worker.make_courier()
    looked = []

    def note(_conn, _cursor, statement, parameters, *_):
        looked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert courier.deliver_next() is None
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    ((statement, parameters),) = looked
    assert statement.startswith("SELECT")
    with db.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert any("ix_completion_due_at" in row[3] for row in plan)
    assert not any(row[3].startswith("SCAN") for row in plan)
