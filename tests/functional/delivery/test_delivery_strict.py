"""A platform that takes the specifications at their word, and everything that can go wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.db import db
from lti_tool.sandbox.world.faults import Fault, Throttle
from lti_tool.services import services


@pytest.fixture
def strict(world_of):
    return world_of("strict")


def count(world, what: str) -> int:
    return world.lms.memory.counts.get(what, 0)


def test_one_token_serves_many_completions(strict):
    for _ in range(5):
        strict.complete(strict.activity())
    assert strict.send() == {DELIVERED: 5}
    assert count(strict, "token:accepted") == 1


def test_a_token_that_was_withdrawn_is_renewed_once(strict):
    strict.complete(strict.activity())
    strict.send()
    strict.lms.memory.tokens.clear()
    strict.complete(strict.activity())
    assert strict.send() == {DELIVERED: 1}
    assert (count(strict, "score:refused"), count(strict, "token:accepted")) == (1, 2)


def test_a_token_without_the_right_is_renewed_too(strict):
    """Open edX answers 403, not 401, to a token that no longer counts (measured)."""
    strict.complete(strict.activity())
    strict.send()
    for value, token in strict.lms.memory.tokens.items():
        strict.lms.memory.tokens[value] = replace(token, scopes=frozenset())
    strict.complete(strict.activity())
    assert strict.send() == {DELIVERED: 1}
    assert (count(strict, "score:refused"), count(strict, "token:accepted")) == (1, 2)


def test_a_token_is_renewed_before_it_ends(strict):
    strict.complete(strict.activity())
    strict.send()
    strict.clock.turn(minutes=59, seconds=30)
    strict.complete(strict.activity())
    assert strict.send() == {DELIVERED: 1}
    assert (count(strict, "score:refused"), count(strict, "token:accepted")) == (0, 2)


def test_a_conflict_of_timestamps_heals_with_the_next_whole_second(strict):
    activity = strict.activity()
    strict.complete(activity)
    later = strict.clock() + timedelta(seconds=1)
    strict.lms.memory.score_times[activity.id, strict.sub()] = later
    assert strict.send() == {WAITING: 1}
    held = strict.done(activity)
    assert held.obstacle == "not-newer"
    assert timedelta(seconds=1) <= held.due_at - strict.clock() <= timedelta(seconds=1.5)
    db.session.rollback()
    strict.clock.turn(seconds=2)
    assert strict.send() == {DELIVERED: 1}


def test_a_right_that_was_not_granted_pauses_the_platform(strict):
    strict.complete(strict.activity())
    strict.complete(strict.activity())
    kept, strict.lms.client.scopes = strict.lms.client.scopes, ()
    assert strict.send() == {WAITING: 1}
    strict.lms.client.scopes = kept
    strict.clock.turn(minutes=20)
    assert strict.send() == {DELIVERED: 2}


def test_a_tool_that_the_lms_does_not_know_is_not_hammered(strict):
    activity = strict.activity()
    strict.complete(activity)
    client = strict.lms.client
    client.active = False
    assert strict.send() == {WAITING: 1}
    assert strict.done(activity).obstacle == "token-refused"
    strict.clock.turn(minutes=9)
    assert strict.send() == {}
    client.active = True
    strict.clock.turn(minutes=10)
    assert strict.send() == {DELIVERED: 1}


def test_a_person_who_is_no_learner_there_is_parked(strict):
    activity = strict.activity()
    strict.complete(activity, "tess")
    assert strict.send() == {PARKED: 1}
    assert strict.done(activity, "tess").obstacle == "not-possible-here"


@pytest.mark.parametrize("target", ["services", "token"])
@pytest.mark.parametrize(
    "kind", ["500", "429", "403", "timeout", "lost_reply", "garbage", "huge", "redirect"]
)
@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_no_hitch_loses_a_completion_or_shows_one_twice(world_of, profile, target, kind):
    world = world_of(profile)
    activity = world.activity(**({"allowed_attempts": 1} if profile == "canvas" else {}))
    world.complete(activity)
    world.lms.faults.add(Fault(target, kind, count=3, seconds=0.02))
    world.send_until_quiet()
    assert world.done(activity).state == DELIVERED
    assert world.lms.is_done(activity, world.sub())
    assert len(world.lms.memory.completions) == 1
    if profile == "canvas":
        assert world.lms.memory.submissions[activity.id, world.sub()].attempt == 1
    if profile == "moodle":
        assert world.lms.memory.grades == {}


def test_retry_after_is_kept_to(strict):
    strict.complete(strict.activity())
    strict.complete(strict.activity())
    strict.lms.faults.add(Fault("services", "429", seconds=90))
    assert strict.send() == {WAITING: 1}
    strict.clock.turn(seconds=90)
    assert strict.send() == {}
    strict.clock.turn(seconds=60)
    assert strict.send() == {DELIVERED: 2}


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_a_throttling_lms_is_never_asked_faster_than_it_allows(world_of, profile):
    """It allows 10 calls in 30 seconds; each time it says so, it is left alone that long."""
    world = world_of(profile)
    for _ in range(30):
        world.complete(world.activity())
    world.lms.faults.set_throttle(Throttle(10, 30))
    for _ in range(600):
        world.send()
        world.clock.turn(seconds=1)
        if len(world.lms.memory.completions) == 30:
            break
    kind = "completion" if profile == "moodle" else "score"
    calls = [
        (message.at, message.verdict == "accepted")
        for message in world.lms.memory.messages
        if message.kind == kind
    ]
    refused_at = [at for at, fine in calls if not fine]
    assert refused_at, "the limit was met"
    pause = 15 if profile == "canvas" else 30  # seconds; Canvas names none, we wait 15
    for moment in refused_at:
        assert not [at for at, _ in calls if moment < at < moment + pause]
    assert len(world.lms.memory.completions) == 30


def test_tenants_that_share_an_issuer_never_get_each_others_token(strict):
    """Canvas and Blackboard: one issuer, one token address, a client id per school."""
    strict.complete(strict.activity())
    strict.send()
    school = strict.platform
    other = services().registry.add(
        name="another school",
        issuer=school.issuer,
        client_id="another-client",
        auth_login_url=school.auth_login_url,
        auth_token_url=school.auth_token_url,
        jwks_url=school.jwks_url,
        deployment_ids=("1",),
        family=school.family,
    )
    db.session.commit()
    activity = strict.activity()
    strict.complete(activity)
    held = strict.done(activity)
    held.platform_id = other.id
    db.session.commit()
    assert strict.send() == {WAITING: 1}
    assert strict.done(activity).obstacle == "token-refused", "asked for itself, and refused"
