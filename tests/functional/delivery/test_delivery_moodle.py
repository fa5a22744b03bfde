"""A bare Moodle: its web service ticks the activity, and nothing at all goes to the gradebook.

The rows are those that were measured on a running Moodle 4.5, which the sandbox's profile repeats.
"""

from dataclasses import replace

import pytest

from lti_tool.completion import outbox, status
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.db import db
from lti_tool.sandbox.services.moodle_ws import BY_INSTANCE, OVERRIDE
from lti_tool.sandbox.world.records import GradeRow, LineItem


@pytest.fixture
def moodle(world_of):
    world = world_of("moodle")
    world.lms.memory.completion_service = False
    return world


@pytest.mark.parametrize("line_item", [None, LineItem()], ids=["no-line-item", "line-item"])
@pytest.mark.parametrize("setting", ["manual", "view", "grade", "grade_pass", "view_grade"])
def test_every_setting_that_tracks_is_ticked_without_a_grade_row(moodle, setting, line_item):
    activity = moodle.activity(completion=setting, line_item=line_item)
    moodle.complete(activity)
    assert moodle.send() == {DELIVERED: 1}
    assert moodle.lms.is_done(activity, moodle.sub())
    assert moodle.lms.memory.completions[activity.id, moodle.sub()].by == "override"
    assert moodle.lms.memory.grades == {}
    assert kinds(moodle) == {"web_service"}, "no token is asked for, no score is sent"


def test_an_activity_that_tracks_nothing_is_not_called_delivered(moodle):
    activity = moodle.activity(completion="none")
    moodle.complete(activity)
    assert moodle.send() == {PARKED: 1}, "Moodle answers 200, with state 0 and tracking 0"
    assert moodle.done(activity).obstacle == "activity-untracked"
    activity.completion = "grade"
    moodle.again(activity)
    assert moodle.send() == {DELIVERED: 1}
    assert moodle.lms.is_done(activity, moodle.sub())


def test_a_grade_that_a_teacher_gave_is_not_touched(moodle):
    activity = moodle.activity(completion="grade", line_item=LineItem())
    moodle.lms.memory.grades[activity.id, moodle.sub()] = GradeRow(grade=7.0)
    moodle.complete(activity)
    moodle.send()
    row = moodle.lms.memory.grades[activity.id, moodle.sub()]
    assert (row.grade, row.wiped) == (7.0, 0)


def test_telling_again_changes_nothing_that_moodle_shows(moodle):
    activity = moodle.activity()
    moodle.complete(activity)
    moodle.send()
    tick = moodle.lms.memory.completions[activity.id, moodle.sub()]
    first = (tick.state, tick.at, tick.by)
    moodle.clock.turn(days=3)
    moodle.again(activity)
    assert moodle.send() == {DELIVERED: 1}
    tick = moodle.lms.memory.completions[activity.id, moodle.sub()]
    assert (tick.state, tick.at, tick.by) == first


def test_what_moodle_reset_is_restored(moodle):
    """Measured: "Unlock completion" and save deletes every tick."""
    activities = [moodle.activity() for _ in range(3)]
    for activity in activities:
        for who in ("sam", "noor"):
            moodle.complete(activity, who)
    assert moodle.send() == {DELIVERED: 6}
    assert moodle.lms.reset_completions() == 6
    count = outbox.resend(
        db.session(),
        context_id=moodle.lms.habits.context_id,
        platform_id=moodle.platform.id,
        now=moodle.clock(),
    )
    db.session.commit()
    moodle.clock.turn(seconds=1)
    assert (count, moodle.send()) == (6, {DELIVERED: 6})
    assert len(moodle.lms.memory.completions) == 6


# How Moodle is set up, what that leads to, and how it is repaired.
WRONG = {
    "web services off": ("ws-off", lambda lms: setattr(lms.memory.web_service, "enabled", False)),
    "lookup not in the service": (
        "ws-not-allowed",
        lambda lms: lms.memory.web_service.functions.discard(BY_INSTANCE),
    ),
    "override not in the service": (
        "ws-not-allowed",
        lambda lms: lms.memory.web_service.functions.discard(OVERRIDE),
    ),
    "no webservice/rest:use": (
        "ws-not-allowed",
        lambda lms: lms.memory.web_service.capabilities.discard("webservice/rest:use"),
    ),
    "no moodle/course:view": (
        "ws-cannot-open",
        lambda lms: lms.memory.web_service.capabilities.discard("moodle/course:view"),
    ),
    "no mod/lti:view": (
        "ws-cannot-open",
        lambda lms: lms.memory.web_service.capabilities.discard("mod/lti:view"),
    ),
    "no moodle/course:overridecompletion": (
        "ws-cannot-complete",
        lambda lms: lms.memory.web_service.capabilities.discard("moodle/course:overridecompletion"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_an_administrator_forgot_heals_by_itself_after_the_repair(moodle, name):
    problem, break_it = WRONG[name]
    whole = moodle.lms.memory.web_service
    kept = (set(whole.capabilities), set(whole.functions))
    activity = moodle.activity()
    moodle.complete(activity)
    break_it(moodle.lms)
    assert moodle.send() == {WAITING: 1}
    assert moodle.done(activity).obstacle == problem
    assert moodle.learner_sees(activity).name == "waiting"
    whole.capabilities, whole.functions, whole.enabled = *kept, True
    moodle.clock.turn(minutes=20)
    assert moodle.send() == {DELIVERED: 1}
    assert moodle.lms.is_done(activity, moodle.sub())


@pytest.mark.parametrize("where", ["completion_course", "completion_site"])
def test_a_course_without_completion_tracking_waits_for_its_teacher(moodle, where):
    activity = moodle.activity()
    moodle.complete(activity)
    setattr(moodle.lms.memory.web_service, where, False)
    assert moodle.send() == {PARKED: 1}
    assert moodle.done(activity).obstacle == "completion-off"
    setattr(moodle.lms.memory.web_service, where, True)
    moodle.again(activity)
    assert moodle.send() == {DELIVERED: 1}


def test_a_hidden_activity_needs_the_right_to_see_it(moodle):
    activity = moodle.activity(hidden=True)
    moodle.complete(activity)
    assert moodle.send() == {WAITING: 1}
    assert moodle.done(activity).obstacle == "ws-cannot-open"
    moodle.lms.memory.web_service.capabilities.add("moodle/course:viewhiddenactivities")
    moodle.clock.turn(hours=1)
    assert moodle.send() == {DELIVERED: 1}


def test_an_activity_that_was_deleted_is_parked(moodle):
    activity = moodle.activity()
    moodle.complete(activity)
    del moodle.lms.memory.activities[activity.id]
    assert moodle.send() == {PARKED: 1}
    assert moodle.done(activity).obstacle == "activity-gone"


def test_a_token_that_moodle_does_not_know_pauses_the_platform(moodle):
    activities = [moodle.activity() for _ in range(4)]
    for activity in activities:
        moodle.complete(activity)
    moodle.lms.settings = replace(moodle.lms.settings, secret="another")  # so another token
    assert moodle.send() == {WAITING: 1}, "one finds out, the others are not tried"
    assert moodle.platform.paused_until > moodle.clock()


def test_a_moodle_without_token_is_told_nothing_and_says_so(moodle):
    """A score without a number would be answered with 200 and show nowhere (measured)."""
    activity = moodle.activity(line_item=LineItem())
    moodle.platform.ws_token = None
    db.session.commit()
    assert moodle.learner_sees(activity).name == "unreportable"
    moodle.complete(activity)
    assert moodle.send() == {PARKED: 1}
    assert moodle.done(activity).obstacle == "no-web-service"
    assert moodle.learner_sees(activity).name == "unreportable"
    assert kinds(moodle) == set()


def test_the_token_travels_in_the_body_only(moodle):
    activity = moodle.activity()
    moodle.complete(activity)
    moodle.send()
    for message in moodle.lms.memory.messages:
        assert message.method == "POST"
        assert "wstoken" not in message.url


def kinds(world) -> set[str]:
    return {message.kind for message in world.lms.memory.messages}


def test_the_learner_sees_the_truth_at_every_moment(moodle):
    activity = moodle.activity()
    seen = [moodle.learner_sees(activity).name]
    moodle.complete(activity)
    seen.append(moodle.learner_sees(activity).name)
    moodle.lms.memory.web_service.enabled = False
    moodle.send()
    seen.append(moodle.learner_sees(activity).name)
    moodle.lms.memory.web_service.enabled = True
    moodle.clock.turn(hours=1)
    moodle.send()
    found: status.Status = moodle.learner_sees(activity)
    assert [*seen, found.name] == ["none", "recorded", "waiting", "delivered"]
    assert found.delivered_at == moodle.clock()
