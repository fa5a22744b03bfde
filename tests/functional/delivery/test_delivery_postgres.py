"""The same on PostgreSQL: sending again, counting, and an idle look that reads next to nothing."""

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from plans import settle
from sqlalchemy import text
from statements import statements

from lti_tool.commands.completion import outbox as commands
from lti_tool.completion import outbox, report, worker
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.db import db

MANY = 20_000


def test_sending_again_and_counting(make_world, postgres_url):
    world = make_world(postgres_url)("strict")
    first, second = world.activity(), world.activity()
    world.link_of(second).line_item = None
    db.session.commit()
    world.complete(first)
    world.complete(first)  # a second time changes nothing
    world.complete(second, "noor")
    assert world.send() == {DELIVERED: 1, PARKED: 1}

    found = report.groups(db.session())
    assert [(group.state, group.obstacle, group.count) for group in found] == [
        (PARKED, "no-line-item", 1),
        (DELIVERED, None, 1),
    ]
    answer = world.app.test_client().get("/metrics")
    assert 'proeftuin_outbox_parked{platform="strict"} 1.0' in answer.text
    said = CliRunner().invoke(commands, ["list", "--json"], obj=world.app).output
    assert [row["state"] for row in json.loads(said)] == [PARKED, DELIVERED]

    world.link_of(second).line_item = world.link_of(first).line_item
    db.session.flush()
    assert outbox.reopen(db.session(), world.clock()) == 1
    course = world.lms.habits.context_id
    platform = world.platform.id
    assert outbox.resend(db.session(), context_id=course, now=world.clock()) == 2
    assert (
        outbox.resend(db.session(), context_id=course, platform_id=platform + 1, now=world.clock())
        == 0
    )
    outbox.nudge(
        db.session(),
        learner_id=world.learner().id,
        link_id=world.link_of(first).id,
        now=world.clock(),
    )
    db.session.commit()
    assert world.done(first).state == WAITING


@pytest.mark.parametrize("backlog", [False, True], ids=["delivered", "waiting while paused"])
def test_an_idle_look_reads_next_to_nothing_however_much_there_is(
    make_world, postgres_url, backlog
):
    world = make_world(postgres_url)("strict")
    activity = world.activity()
    platform, link = world.platform.id, world.link_of(activity).id
    db.session.execute(
        text(
            "INSERT INTO learner (platform_id, pseudonym, sealed_sub) "
            "SELECT :platform, 'p' || n, 'sealed' FROM generate_series(1, :many) n"
        ),
        {"platform": platform, "many": MANY},
    )
    db.session.execute(
        text(
            "INSERT INTO completion "
            "(learner_id, link_id, platform_id, completed_at, state, tries, due_at) "
            "SELECT id, :link, platform_id, :now, :state, 1, :due FROM learner"
        ),
        {
            "link": link,
            "now": world.clock(),
            "state": WAITING if backlog else DELIVERED,
            "due": world.clock() if backlog else None,
        },
    )
    if backlog:
        world.platform.paused_until = world.clock() + timedelta(hours=1)
    db.session.commit()
    settle(db.engine)
    with statements() as looked:
        assert worker.make_courier().deliver_next() is None
    ((statement, parameters),) = looked
    with db.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters
        ).scalar_one()
    top = plan[0]["Plan"]
    assert "ix_completion_under_way" in json.dumps(plan)
    scanned = re.findall(r'"Node Type": "Seq Scan"[^{}]*"Relation Name": "(\w+)"', json.dumps(plan))
    assert "completion" not in scanned
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 50

    if backlog:
        return
    world.complete(activity)
    world.clock.turn(seconds=1)
    assert world.send() == {DELIVERED: 1}
    assert world.done(activity).delivered_at - world.clock() == timedelta(0)
