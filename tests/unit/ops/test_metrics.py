"""`GET /metrics`: four numbers per platform, read from the database at each visit."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from lti_tool.completion import outbox
from lti_tool.completion.models import DELIVERED, PARKED, Completion
from lti_tool.db import db
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.services import services


def numbers(app) -> dict[tuple[str, str], float]:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return {
        (sample.labels["platform"], sample.name.removeprefix("proeftuin_outbox_")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def school(name: str):
    made = services().registry.add(
        name=name,
        issuer=f"https://{name}.example",
        client_id="tool",
        auth_login_url="https://lms.example/auth",
        auth_token_url="https://lms.example/token",
        jwks_url="https://lms.example/jwks",
        deployment_ids=("1",),
    )
    db.session.commit()
    return made


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
        ("quiet", "delivered"): 0,
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
        ("a", "delivered"): 1,
        ("a", "oldest_seconds"): 7200,
        ("b", "waiting"): 0,
        ("b", "parked"): 1,
        ("b", "delivered"): 0,
        ("b", "oldest_seconds"): 0,
    }


def test_a_name_with_quotes_does_no_harm(app):
    school('my "own" \\ lms')
    assert ('my "own" \\ lms', "waiting") in numbers(app)
