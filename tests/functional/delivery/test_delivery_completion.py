"""A Moodle with the completion service: chosen per link, and fallen back from where it is not."""

from dataclasses import replace

import pytest

from lti_tool.completion import worker
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.db import db
from lti_tool.sandbox.world.faults import Fault


@pytest.fixture
def moodle(world_of):
    return world_of("moodle")


@pytest.fixture
def keyless(moodle):
    """A Moodle that gave us no token for its web service."""
    moodle.platform.ws_url = moodle.platform.ws_token = None
    db.session.commit()
    return moodle


def kinds(world) -> set[str]:
    return {message.kind for message in world.lms.memory.messages} - {"jwks"}


@pytest.mark.parametrize("setting", ["manual", "view", "grade", "grade_pass", "view_grade"])
def test_every_setting_that_tracks_is_ticked_without_a_key_to_the_house(keyless, setting):
    activity = keyless.activity(completion=setting)
    keyless.complete(activity)
    assert keyless.send() == {DELIVERED: 1}
    assert keyless.lms.memory.completions[activity.id, keyless.sub()].by == "tool"
    assert keyless.lms.memory.grades == {}
    assert kinds(keyless) == {"token", "completion"}
    assert keyless.learner_sees(activity).name == "delivered"


def test_it_goes_before_the_web_service(moodle):
    activity = moodle.activity()
    moodle.complete(activity)
    moodle.send()
    assert kinds(moodle) == {"token", "completion"}


def test_an_activity_that_tracks_nothing_is_not_called_delivered(keyless):
    activity = keyless.activity(completion="none")
    keyless.complete(activity)
    assert keyless.send() == {PARKED: 1}
    assert keyless.done(activity).obstacle == "activity-untracked"
    activity.completion = "grade"
    keyless.again(activity)
    assert keyless.send() == {DELIVERED: 1}


def test_what_moodle_reset_is_restored_and_repeating_changes_nothing(keyless):
    activity = keyless.activity()
    keyless.complete(activity)
    keyless.send()
    tick = replace(keyless.lms.memory.completions[activity.id, keyless.sub()])
    keyless.clock.turn(days=3)
    keyless.again(activity)
    assert keyless.send() == {DELIVERED: 1}
    assert keyless.lms.memory.completions[activity.id, keyless.sub()] == tick
    keyless.lms.reset_completions()
    keyless.again(activity)
    keyless.send()
    assert keyless.lms.is_done(activity, keyless.sub())


def test_a_plugin_that_was_switched_off_is_fallen_back_from(moodle):
    activity = moodle.activity()
    moodle.lms.memory.completion_service = False
    moodle.complete(activity)
    assert moodle.send() == {DELIVERED: 1}
    assert moodle.lms.memory.completions[activity.id, moodle.sub()].by == "override"


def test_without_a_web_service_it_waits_until_the_plugin_is_back(keyless):
    activity = keyless.activity()
    keyless.lms.memory.completion_service = False
    keyless.complete(activity)
    assert keyless.send() == {WAITING: 1}
    assert keyless.done(activity).obstacle == "service-refused"
    keyless.lms.memory.completion_service = True
    keyless.clock.turn(hours=1)
    assert keyless.send() == {DELIVERED: 1}


def test_what_was_parked_is_sent_after_the_plugin_came_and_the_activity_was_opened(keyless):
    keyless.lms.memory.completion_service = False
    activity = keyless.activity()
    keyless.complete(activity)
    assert keyless.send() == {PARKED: 1}
    keyless.lms.memory.completion_service = True
    keyless.link_of(activity).completion_url = keyless.lms.completion_url(activity)
    db.session.commit()
    keyless.clock.turn(minutes=1)
    worker.sweep()
    assert keyless.send() == {DELIVERED: 1}


def test_a_person_who_does_not_take_part_is_parked_and_not_ticked_by_another_way(moodle):
    activity = moodle.activity(hidden=True)
    moodle.complete(activity)
    assert moodle.send() == {PARKED: 1}
    assert moodle.done(activity).obstacle == "not-possible-here"
    assert kinds(moodle) == {"token", "completion"}


def test_an_activity_that_is_gone_is_parked(keyless):
    activity = keyless.activity()
    keyless.complete(activity)
    del keyless.lms.memory.activities[activity.id]
    assert keyless.send() == {PARKED: 1}
    assert keyless.done(activity).obstacle == "activity-gone"


@pytest.mark.parametrize("kind", ["500", "429", "403", "lost_reply", "garbage", "huge", "redirect"])
def test_a_hitch_passes_by_itself(keyless, kind):
    activity = keyless.activity()
    keyless.lms.faults.add(Fault("services", kind, 1, 0.1))
    keyless.complete(activity)
    assert keyless.send() == {WAITING: 1}
    keyless.send_until_quiet()
    assert keyless.lms.is_done(activity, keyless.sub())
    assert keyless.learner_sees(activity).name == "delivered"
