"""Moodle's web service: the only way to tick an activity without a grade, and all its errors."""

from typing import Any

import pytest
import requests
from unit.sandbox.peer import Platform

OVERRIDE = "core_completion_override_activity_completion_status"
BY_INSTANCE = "core_course_get_course_module_by_instance"


def call(peer: Platform, function: str, **fields: Any) -> requests.Response:
    (row,) = [row for row in peer.server.registrations if row.name == "moodle"]
    form = {"wstoken": row.ws_token, "wsfunction": function, "moodlewsrestformat": "json"} | fields
    return requests.post(row.ws_url, data=form, timeout=10)


def override(peer: Platform, activity: dict[str, Any], **fields: Any) -> dict[str, Any]:
    form = {"userid": "4", "cmid": activity["cmid"], "newstate": 1} | fields
    answer = call(peer, OVERRIDE, **form)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("setting", "tracking", "state"),
    [
        ("none", 0, 0),
        ("manual", 1, 1),
        ("view", 2, 1),
        ("grade", 2, 1),
        ("grade_pass", 2, 1),
        ("view_grade", 2, 1),
    ],
)
def test_the_override_ticks_every_setting_but_none(
    moodle: Platform, setting: str, tracking: int, state: int
) -> None:
    activity = moodle.add(completion=setting)

    answer = override(moodle, activity)

    assert (answer["tracking"], answer["state"]) == (tracking, state)
    done = [(t["user"], t["state"]) for t in moodle.state()["completions"]]
    assert done == ([("sam", 1)] if state else [])
    assert moodle.state()["gradebook"] == [], "no grade row, not even an empty one"


def test_the_course_module_is_found_by_resource_link_id(moodle: Platform) -> None:
    moodle.add()
    activity = moodle.add(completion="manual")

    answer = call(moodle, BY_INSTANCE, module="lti", instance=activity["resource_link_id"]).json()

    assert answer["cm"]["id"] == activity["cmid"] != int(activity["resource_link_id"])
    assert answer["cm"]["completion"] == 1
    assert answer["warnings"] == []


def test_a_repeated_override_changes_nothing(moodle: Platform) -> None:
    activity = moodle.add()
    first = override(moodle, activity)
    moodle.hands.ahead += 60

    assert override(moodle, activity) == first


def test_the_override_can_be_taken_back_and_given_again(moodle: Platform) -> None:
    activity = moodle.add()

    assert override(moodle, activity)["state"] == 1
    assert override(moodle, activity, newstate=0)["state"] == 0
    assert override(moodle, activity)["state"] == 1


def test_a_reset_deletes_ticks_and_a_second_report_restores_them(moodle: Platform) -> None:
    activity = moodle.add()
    override(moodle, activity)

    assert moodle.api("POST", "reset", {"what": "completions"}) == {"reset": 1}
    assert moodle.state()["completions"] == []
    assert override(moodle, activity)["state"] == 1


def test_nobody_checks_who_is_ticked(moodle: Platform) -> None:
    override(moodle, moodle.add(), userid="9999")

    (tick,) = moodle.state()["completions"]
    assert (tick["sub"], tick["user"]) == ("9999", None)


WITHOUT = {
    "webservice/rest:use": "accessexception",
    "moodle/course:view": "requireloginerror",
    "mod/lti:view": "requireloginerror",
    "moodle/course:overridecompletion": "nopermission",
}


@pytest.mark.parametrize(("capability", "errorcode"), WITHOUT.items())
def test_every_capability_is_needed(moodle: Platform, capability: str, errorcode: str) -> None:
    activity = moodle.add()
    moodle.api("PATCH", "web-service", {"capabilities": [c for c in WITHOUT if c != capability]})

    answer = override(moodle, activity)

    assert answer["errorcode"] == errorcode
    assert set(answer) == {"exception", "errorcode", "message"}
    assert moodle.state()["completions"] == []
    assert moodle.last("web_service")["verdict"] == "refused"


def test_a_hidden_activity_needs_one_capability_more(moodle: Platform) -> None:
    activity = moodle.add()
    moodle.api("PATCH", f"activities/{activity['id']}", {"hidden": True})
    assert override(moodle, activity)["errorcode"] == "requireloginerror"

    capabilities = [*WITHOUT, "moodle/course:viewhiddenactivities"]
    moodle.api("PATCH", "web-service", {"capabilities": capabilities})

    assert override(moodle, activity)["state"] == 1


@pytest.mark.parametrize(
    ("fields", "errorcode"),
    [
        ({"wstoken": "wrong"}, "invalidtoken"),
        ({"cmid": 424242}, "invalidcoursemodule"),
        ({"newstate": 2}, "err_system"),
        ({"userid": "a-b-c"}, "invalidparameter"),
    ],
)
def test_errors_are_http_200_with_a_code(
    moodle: Platform, fields: dict[str, Any], errorcode: str
) -> None:
    assert override(moodle, moodle.add(), **fields)["errorcode"] == errorcode


@pytest.mark.parametrize("switch", ["completion_site", "completion_course"])
def test_completion_can_be_off_for_the_site_or_the_course(moodle: Platform, switch: str) -> None:
    moodle.api("PATCH", "web-service", {switch: False})

    assert override(moodle, moodle.add())["errorcode"] == "completionnotenabled"


def test_a_function_outside_the_service_is_an_access_exception(moodle: Platform) -> None:
    moodle.api("PATCH", "web-service", {"functions": [BY_INSTANCE]})

    assert override(moodle, moodle.add())["errorcode"] == "accessexception"


def test_an_unknown_instance_has_no_record(moodle: Platform) -> None:
    answer = call(moodle, BY_INSTANCE, module="lti", instance=424242).json()

    assert answer["errorcode"] == "invalidrecordunknown"


def test_with_the_web_service_off_there_is_a_bare_403(moodle: Platform) -> None:
    moodle.api("PATCH", "web-service", {"enabled": False})

    answer = call(moodle, BY_INSTANCE, module="lti", instance=1)

    assert (answer.status_code, answer.content) == (403, b"")


def test_whoever_forgets_to_ask_for_json_gets_xml(moodle: Platform) -> None:
    answer = call(moodle, OVERRIDE, moodlewsrestformat="", wstoken="wrong")

    assert answer.status_code == 200
    assert "<ERRORCODE>invalidtoken</ERRORCODE>" in answer.text


def test_the_inspector_never_shows_the_token(moodle: Platform) -> None:
    override(moodle, moodle.add())

    assert moodle.lms.ws_token not in str(moodle.last("web_service"))


def test_a_function_about_grades_is_a_violation(moodle: Platform) -> None:
    call(moodle, "core_grades_update_grades")

    assert [found["what"] for found in moodle.state()["violations"]] == [
        "core_grades_update_grades"
    ]


def test_only_moodle_has_a_web_service(strict: Platform) -> None:
    url = strict.lms.issuer + "/webservice/rest/server.php"

    assert requests.post(url, timeout=10).status_code == 404


@pytest.mark.parametrize(
    ("setting", "ticked"), [("view", True), ("view_grade", False), ("manual", False)]
)
def test_opening_the_page_ticks_what_asks_only_for_a_view(
    moodle: Platform, setting: str, ticked: bool
) -> None:
    activity = moodle.add(completion=setting)

    for user in ("tess", "sam"):
        page = f"{moodle.lms.issuer}/activity/{activity['id']}?user={user}"
        assert requests.get(page, timeout=10).status_code == 200

    assert [t["user"] for t in moodle.state()["completions"]] == (["sam"] if ticked else [])


def test_view_and_grade_together_wait_for_each_other(moodle: Platform) -> None:
    activity = moodle.add(completion="view_grade")
    moodle.api("POST", "grades", {"activity_id": activity["id"], "user": "sam", "grade": 8})
    assert moodle.state()["completions"] == []

    requests.get(f"{moodle.lms.issuer}/activity/{activity['id']}?user=sam", timeout=10)

    assert [t["user"] for t in moodle.state()["completions"]] == ["sam"]
