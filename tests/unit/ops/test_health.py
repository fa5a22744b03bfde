"""`/healthz` and `/readyz`: what lives, what can serve, and a sentence for what cannot."""

from datetime import timedelta

import pytest
from connecting import connect
from flask_migrate import upgrade
from sqlalchemy import text

from lti_tool.completion import outbox
from lti_tool.completion.models import Completion
from lti_tool.db import db
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.ops.health import LATE
from lti_tool.ops.heartbeat import Heartbeat
from lti_tool.platforms.models import Platform
from lti_tool.services import services


@pytest.fixture
def ready(app):
    """An app whose tables were made as an operator makes them."""
    db.drop_all()
    upgrade()
    services().keys.ensure()
    return app


def asked(app) -> tuple[int, list[str]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json.get("problems", [])


def complete(now) -> Platform:
    """Store a completion that is due now."""
    platform = connect()
    learner = Learner(platform_id=platform.id, pseudonym="p", sealed_sub="sealed")
    link = ResourceLink(deployment_id=platform.deployments[0].id, link_id="1")
    db.session.add_all([learner, link])
    db.session.flush()
    outbox.record(db.session(), learner_id=learner.id, link_id=link.id, now=now)
    db.session.commit()
    return platform


def test_the_process_answers_without_a_database(app):
    db.drop_all()
    assert app.test_client().get("/healthz").status_code == 200


def test_all_is_well(ready):
    assert asked(ready) == (200, [])


def test_no_tables(app):
    status, (problem,) = asked(app)
    assert status == 503
    assert "proeftuin db upgrade" in problem


@pytest.mark.parametrize("revision", ["0001", "0010"])
def test_tables_of_an_earlier_version(ready, revision):
    db.session.execute(text(f"update alembic_version set version_num = '{revision}'"))
    db.session.commit()
    status, (problem,) = asked(ready)
    assert (status, "proeftuin db upgrade" in problem) == (503, True)


def test_tables_without_a_version(ready):
    db.session.execute(text("delete from alembic_version"))
    db.session.commit()
    status, (problem,) = asked(ready)
    assert (status, "proeftuin db upgrade" in problem) == (503, True)


def test_it_goes_on_while_the_next_version_is_put_in_its_place(ready):
    db.session.execute(text("update alembic_version set version_num = '9999'"))
    db.session.commit()
    assert asked(ready) == (200, [])


def test_no_living_worker(ready):
    heartbeat = ready.extensions["heartbeat"] = Heartbeat()
    status, (problem,) = asked(ready)
    assert (status, "no delivery worker lives" in problem) == (503, True)

    heartbeat.beat()
    assert asked(ready) == (200, [])

    heartbeat.ended()
    assert asked(ready)[0] == 503


def test_a_key_that_others_can_read_or_that_is_lost(ready, settings):
    (file,) = settings.keys_dir.glob("*.pem")
    file.chmod(0o640)
    status, (problem,) = asked(ready)
    assert (status, "readable by others" in problem) == (503, True)
    file.unlink()
    assert asked(ready)[0] == 503


def test_a_completion_that_nobody_delivers(ready, clock):
    complete(clock())
    clock.turn(seconds=LATE.total_seconds())
    assert asked(ready) == (200, [])
    clock.turn(seconds=1)
    status, (problem,) = asked(ready)
    assert (status, "10 minutes" in problem) == (503, True)


@pytest.mark.parametrize("cause", ["its platform is paused", "it is parked", "it waits its turn"])
def test_a_completion_that_waits_for_good_reason(ready, clock, cause):
    platform = complete(clock())
    done = db.session.query(Completion).one()
    clock.turn(hours=1)
    if cause == "its platform is paused":
        platform.paused_until = clock() + timedelta(minutes=5)
    elif cause == "it is parked":
        done.state, done.due_at = "parked", None
    else:
        done.due_at = clock() + timedelta(minutes=5)
    db.session.commit()
    assert asked(ready) == (200, [])
