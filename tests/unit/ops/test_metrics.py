"""`GET /metrics`: three numbers per platform, read from the database at each visit by index."""

from dataclasses import replace
from datetime import timedelta

import pytest
from connecting import connect
from plans import plan_of
from prometheus_client.parser import text_string_to_metric_families

from lti_tool import create_app
from lti_tool.completion import outbox
from lti_tool.completion.models import DELIVERED, PARKED, Completion
from lti_tool.db import db
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.ops.metrics import standing

TOKEN = "a-token-of-thirty-characters-x"


def numbers(app) -> dict[tuple[str, str], float]:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return {
        (sample.labels["platform"], sample.name.removeprefix("proeftuin_outbox_")): sample.value
        for family in text_string_to_metric_families(answer.text)
        if family.name.startswith("proeftuin_outbox_")
        for sample in family.samples
    }


def school(name: str):
    return connect(name, f"https://{name}.example")


def complete(platform, number: int, now) -> Completion:
    learner = Learner(platform_id=platform.id, pseudonym=str(number), sealed_sub="sealed")
    link = ResourceLink(deployment_id=platform.deployments[0].id, link_id=str(number))
    db.session.add_all([learner, link])
    db.session.flush()
    outbox.record(db.session(), learner_id=learner.id, link_id=link.id, now=now)
    return db.session.query(Completion).filter_by(learner_id=learner.id).one()


def test_nothing_is_counted_where_nothing_is(app):
    assert numbers(app) == {}


def test_a_platform_without_completions_counts_zero(app):
    school("quiet")
    assert numbers(app) == {
        ("quiet", "waiting"): 0,
        ("quiet", "parked"): 0,
        ("quiet", "oldest_seconds"): 0,
    }


def test_completions_are_counted_per_platform_and_state(app, clock):
    a, b = school("a"), school("b")
    complete(a, 1, clock() - timedelta(hours=2))
    complete(a, 2, clock() - timedelta(hours=1))
    complete(a, 3, clock() - timedelta(days=9)).state = DELIVERED
    complete(b, 4, clock() - timedelta(days=9)).state = PARKED
    db.session.commit()
    assert numbers(app) == {
        ("a", "waiting"): 2,
        ("a", "parked"): 0,
        ("a", "oldest_seconds"): 7200,
        ("b", "waiting"): 0,
        ("b", "parked"): 1,
        ("b", "oldest_seconds"): 0,
    }


def test_a_name_with_quotes_does_no_harm(app):
    school('my "own" \\ lms')
    assert ('my "own" \\ lms', "waiting") in numbers(app)


def test_no_visit_reads_the_whole_table(app):
    query = standing().compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = plan_of(db.engine, str(query))
    assert plan.whole <= {"platform"}
    assert "ix_completion_platform_id_state" in plan.indexes


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [
        (None, None, 404),
        (TOKEN, None, 401),
        (TOKEN, "Bearer", 401),
        (TOKEN, "Bearer é", 401),
        (TOKEN, f"Bearer {TOKEN[:-1]}", 401),
        (TOKEN, f"Basic {TOKEN}", 401),
        (TOKEN, f"Bearer {TOKEN}", 200),
    ],
)
def test_in_production_only_who_brings_the_token_reads_it(settings, clock, token, sent, status):
    safe = replace(
        settings,
        production=True,
        secret_key="kB2-vQ9_xT7wLr4mZ8sPf1aYc6uEj3hN",
        metrics_token=token,
    )
    app = create_app(safe, clock=clock)
    with app.app_context():
        answer = app.test_client().get(
            "/metrics", headers={"Authorization": sent} if sent else None, base_url=safe.base_url
        )
        db.session.remove()
        db.engine.dispose()
    assert answer.status_code == status
    assert ("proeftuin_outbox" in answer.text) is (status == 200)
