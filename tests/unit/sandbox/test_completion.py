"""The completion service: what it answers, and whom it refuses."""

import json
from typing import Any

import pytest
import requests
from unit.sandbox.peer import Platform

SCOPE = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"
MESSAGE = {"userId": "4", "activityProgress": "Completed", "timestamp": "2026-11-21T20:30:00.000Z"}


def call(
    peer: Platform,
    activity: dict[str, Any],
    message: object = None,
    *,
    token: str | None = None,
    content_type: str = "application/json",
) -> requests.Response:
    found = peer.lms.memory.activities[activity["id"]]
    token = token or peer.token(SCOPE)
    return requests.request(
        "GET" if message is None else "POST",
        peer.lms.completion_url(found),
        data=None if message is None else json.dumps(message),
        headers={"Authorization": f"Bearer {token}", "Content-Type": content_type},
        timeout=10,
    )


@pytest.mark.parametrize(
    ("setting", "tracking"), [("none", "none"), ("manual", "manual"), ("grade", "automatic")]
)
def test_a_report_ticks_what_is_tracked_and_nothing_else(
    moodle: Platform, setting: str, tracking: str
) -> None:
    activity = moodle.add(completion=setting)
    assert call(moodle, activity).json() == {"tracking": tracking}
    for _ in range(2):
        answer = call(moodle, activity, MESSAGE)
        assert answer.status_code == 200
        assert answer.json() == {"tracking": tracking, "completed": tracking != "none"}
    done = [(tick["user"], tick["by"]) for tick in moodle.state()["completions"]]
    assert done == ([("sam", "tool")] if tracking != "none" else [])
    assert moodle.state()["gradebook"] == []


def test_the_switches_of_course_and_site_count(moodle: Platform) -> None:
    activity = moodle.add(completion="grade")
    moodle.lms.memory.web_service.completion_course = False
    assert call(moodle, activity).json() == {"tracking": "none"}
    assert call(moodle, activity, MESSAGE).json() == {"tracking": "none", "completed": False}


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (MESSAGE | {"userId": "99"}, 403),
        (MESSAGE | {"userId": ""}, 400),
        (MESSAGE | {"userId": 4}, 400),
        (MESSAGE | {"activityProgress": "Started"}, 400),
        (MESSAGE | {"timestamp": "yesterday"}, 400),
        (MESSAGE | {"comment": "well done"}, 400),
        ({"userId": "4"}, 400),
        ([], 400),
    ],
)
def test_what_is_not_the_specifications_is_refused(
    moodle: Platform, message: Any, status: int
) -> None:
    activity = moodle.add()
    answer = call(moodle, activity, message)
    assert answer.status_code == status
    assert answer.json().keys() == {"status", "reason"}
    assert moodle.state()["completions"] == []


def test_who_may_not_see_the_activity_does_not_complete_it(moodle: Platform) -> None:
    activity = moodle.add()
    moodle.lms.memory.activities[activity["id"]].hidden = True
    assert call(moodle, activity, MESSAGE).status_code == 403


def test_an_activity_that_is_gone(moodle: Platform) -> None:
    activity, token = moodle.add(), moodle.token(SCOPE)
    url = moodle.lms.completion_url(moodle.lms.memory.activities.pop(activity["id"]))
    gone = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert gone.status_code == 404


@pytest.mark.parametrize("scope", ["https://purl.imsglobal.org/spec/lti-ags/scope/score"])
def test_a_token_for_something_else_is_refused(moodle: Platform, scope: str) -> None:
    token = moodle.token(scope)
    assert call(moodle, moodle.add(), token=token).status_code == 401
    assert call(moodle, moodle.add(), token="nonsense").status_code == 401


def test_a_bare_moodle_has_no_such_service(moodle: Platform) -> None:
    activity = moodle.add()
    token = moodle.token(SCOPE)
    moodle.api("PATCH", "completion-service", {"enabled": False})
    assert call(moodle, activity, token=token).status_code == 400
    assert moodle.ask_token(scope=SCOPE).status_code == 400
    moodle.api("PATCH", "completion-service", {"enabled": True})
    assert call(moodle, activity).status_code == 200


@pytest.mark.parametrize("name", ["strict", "canvas"])
def test_other_platforms_do_not_have_it(platform_of: Any, name: str) -> None:
    peer = platform_of(name)
    assert not peer.lms.offers_completion
    assert peer.ask_token(scope=SCOPE).status_code == 400
