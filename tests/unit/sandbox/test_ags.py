"""The scores service: a completion without a score is welcome, everything else is refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from unit.sandbox.peer import AGS, SCORE_TYPE, Platform, iso

EXTENSION = "https://canvas.instructure.com/lti/submission"
PRESERVE = {EXTENSION: {"preserve_score": True}}


def ticked(peer: Platform, user: str = "sam") -> bool:
    return any(t["user"] == user and t["state"] == 1 for t in peer.state()["completions"])


@pytest.mark.parametrize(
    ("profile", "body", "tick"),
    [("strict", b"", True), ("moodle", b"", False), ("canvas", b"resultUrl", True)],
)
def test_what_a_completion_without_a_score_brings(
    platform_of: Any, profile: str, body: bytes, tick: bool
) -> None:
    peer = platform_of(profile)
    activity = peer.add(line_item=True)

    answer = peer.score(activity)

    assert answer.status_code == 200
    assert body in answer.content
    assert (body != b"") == (answer.content != b"")
    assert ticked(peer) is tick
    assert peer.state()["violations"] == []


@pytest.mark.parametrize(
    ("activity_progress", "grading_progress"),
    [("Completed", "NotReady"), ("InProgress", "FullyGraded"), ("Submitted", "Pending")],
)
def test_strict_ticks_only_what_is_completed_and_needs_no_grading(
    strict: Platform, activity_progress: str, grading_progress: str
) -> None:
    answer = strict.score(
        strict.add(), activityProgress=activity_progress, gradingProgress=grading_progress
    )

    assert answer.status_code == 200
    assert not ticked(strict)


# --- what every platform refuses ------------------------------------------------------------------

STATUSES = {
    "bearer_missing": {"strict": 401, "moodle": 401, "canvas": 401},
    "bearer_unknown": {"strict": 401, "moodle": 401, "canvas": 401},
    "bearer_expired": {"strict": 401, "moodle": 401, "canvas": 401},
    "bearer_scope": {"strict": 403, "moodle": 401, "canvas": 401},
    "media_type": {"strict": 415, "moodle": 400, "canvas": 415},
    "line_item_unknown": {"strict": 404, "moodle": 404, "canvas": 404},
    "user_unknown": {"strict": 404, "moodle": 400, "canvas": 422},
    "user_not_a_learner": {"strict": 422, "moodle": 400, "canvas": 422},
    "body_json": {"strict": 400, "moodle": 400, "canvas": 400},
    "field_missing": {"strict": 400, "moodle": 400, "canvas": 400},
    "timestamp_format": {"strict": 400, "moodle": 400, "canvas": 400},
    "timestamp_old": {"strict": 409, "moodle": 409, "canvas": 400},
    "method": {"strict": 405, "moodle": 405, "canvas": 405},
}


def expired(peer: Platform) -> str:
    token = peer.token()
    peer.hands.ahead += 3601
    return token


def elsewhere(peer: Platform, activity: dict[str, Any]) -> str:
    """The address of a line item that does not exist; the course may have the same number."""
    return peer.score_url(activity).replace(f"items/{activity['line_item']['id']}/", "items/9876/")


def provoke(peer: Platform, code: str) -> requests.Response:
    """Send a score message that is refused for exactly one reason."""
    activity = peer.add(line_item=True)
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "bearer_missing": lambda: {"token": ""},
        "bearer_unknown": lambda: {"token": "invented"},
        "bearer_expired": lambda: {"token": expired(peer)},
        "bearer_scope": lambda: {"token": peer.token(AGS + "lineitem.readonly")},
        "media_type": lambda: {"media_type": "application/json"},
        "line_item_unknown": lambda: {"url": elsewhere(peer, activity)},
        "user_unknown": lambda: {"user": "9999"},
        "user_not_a_learner": lambda: {"user": "tess"},
        "field_missing": lambda: {"gradingProgress": None},
        "timestamp_format": lambda: {"timestamp": "21-11-2026 20:30"},
        "timestamp_old": lambda: {"at": peer.hands() - 5},
    }
    if code in changes:
        if code == "timestamp_old":
            assert peer.score(activity).status_code == 200
        return peer.score(activity, **changes[code]())
    headers = {"Authorization": f"Bearer {peer.token()}", "Content-Type": SCORE_TYPE}
    method, body = {"method": ("PUT", "{}"), "body_json": ("POST", "[1, 2]")}[code]
    return requests.request(
        method, peer.score_url(activity), data=body, headers=headers, timeout=10
    )


@pytest.mark.parametrize("code", STATUSES)
def test_refusals_and_their_statuses(platform: Platform, code: str) -> None:
    answer = provoke(platform, code)

    assert answer.status_code == STATUSES[code][platform.lms.name]
    assert platform.refused("score") == code


def test_strict_names_the_fault_of_a_token_in_a_header(strict: Platform) -> None:
    assert "insufficient_scope" in provoke(strict, "bearer_scope").headers["WWW-Authenticate"]
    assert "invalid_token" in provoke(strict, "bearer_unknown").headers["WWW-Authenticate"]


def test_canvas_wraps_its_errors_and_has_no_body_for_a_lost_line_item(canvas: Platform) -> None:
    assert provoke(canvas, "user_unknown").json()["errors"]["type"] == "unprocessable_entity"
    assert provoke(canvas, "line_item_unknown").content == b""


def test_a_line_item_of_another_tool_is_out_of_reach(platform: Platform) -> None:
    activity = platform.add(line_item=True)
    platform.lms.memory.activities[activity["id"]].client_id = "another tool"

    answer = platform.score(activity)

    assert platform.refused("score") == "line_item_foreign"
    assert answer.status_code == (412 if platform.lms.name == "canvas" else 404)


def test_moodle_wants_the_query_of_the_line_item_back(moodle: Platform) -> None:
    activity = moodle.add(line_item=True)
    path, _, query = moodle.score_url(activity).partition("?")
    assert query == "type_id=1"

    assert moodle.score(activity, url=path).status_code == 404
    assert moodle.refused("score") == "line_item_query"
    assert moodle.score(activity).status_code == 200


@pytest.mark.parametrize(
    ("profile", "later", "status"),
    [
        ("strict", 0.002, 200),
        ("strict", 0.0, 409),
        ("moodle", 0.002, 409),
        ("moodle", 1.0, 200),
        ("canvas", 0.0, 200),
        ("canvas", -0.002, 400),
    ],
)
def test_how_much_newer_a_timestamp_has_to_be(
    platform_of: Any, profile: str, later: float, status: int
) -> None:
    peer = platform_of(profile)
    activity = peer.add(line_item=True)
    start = float(int(peer.hands()) - 10) + 0.25
    assert peer.score(activity, at=start).status_code == 200

    assert peer.score(activity, at=start + later).status_code == status


def test_a_timestamp_is_compared_per_learner_and_per_line_item(platform: Platform) -> None:
    one, two = platform.add(line_item=True), platform.add(line_item=True)
    now = platform.hands()

    for activity, user in ((one, "sam"), (one, "noor"), (two, "sam")):
        assert platform.score(activity, user, at=now).status_code == 200


def test_strict_insists_on_sub_seconds_and_on_the_present(strict: Platform) -> None:
    activity = strict.add()

    assert strict.score(activity, timestamp="2026-11-21T20:30:00Z").status_code == 400
    assert strict.refused("score") == "timestamp_format"
    assert strict.score(activity, at=strict.hands() + 120).status_code == 400
    assert strict.refused("score") == "timestamp_future"


def test_moodle_alone_stores_progress_it_does_not_know(platform: Platform) -> None:
    answer = platform.score(platform.add(line_item=True), gradingProgress="Bogus")

    assert answer.status_code == (200 if platform.lms.name == "moodle" else 400)


# --- score fields, always on ----------------------------------------------------------------------


@pytest.mark.parametrize("field", ["scoreGiven", "scoreMaximum", "comment"])
@pytest.mark.parametrize("place", ["body", "nested", "url", "header"])
def test_a_score_field_anywhere_is_refused_and_kept_as_a_violation(
    platform: Platform, field: str, place: str
) -> None:
    activity = platform.add(line_item=True)
    headers = {"Authorization": f"Bearer {platform.token()}", "Content-Type": SCORE_TYPE}
    body: dict[str, Any] = {
        "userId": platform.lms.people["sam"].sub,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": iso(platform.hands()),
    }
    url = platform.score_url(activity)
    if place == "body":
        body[field] = 1
    elif place == "nested":
        body[EXTENSION] = {"extra": [{field: None}]}
    elif place == "url":
        url += ("&" if "?" in url else "?") + field + "=1"
    else:
        headers["X-Extra"] = f"{field}=1"

    answer = requests.post(url, data=json.dumps(body), headers=headers, timeout=10)

    assert answer.status_code == 400
    assert platform.refused("score") == "score_field"
    assert [found["what"] for found in platform.state()["violations"]] == [field]
    assert not ticked(platform)


def test_a_body_of_only_brackets_is_refused_like_any_other(platform: Platform) -> None:
    headers = {"Authorization": f"Bearer {platform.token()}", "Content-Type": SCORE_TYPE}
    url = platform.score_url(platform.add(line_item=True))

    answer = requests.post(url, data="[" * 200_000, headers=headers, timeout=10)

    assert answer.status_code == 400
    assert platform.refused("score") == "body_json"


def test_a_score_field_inside_a_list_is_found_too(platform: Platform) -> None:
    headers = {"Authorization": f"Bearer {platform.token()}", "Content-Type": SCORE_TYPE}
    url = platform.score_url(platform.add(line_item=True))

    requests.post(url, data='[{"scoreGiven": 1}]', headers=headers, timeout=10)

    assert [found["what"] for found in platform.state()["violations"]] == ["scoreGiven"]


@pytest.mark.parametrize("field", ["scoreGiven", "scoreMaximum", "comment"])
def test_a_score_field_in_a_form_is_found_too(platform: Platform, field: str) -> None:
    answer = platform.ask_token(**{field: "1"})

    assert answer.status_code in (400, 401)
    assert [found["what"] for found in platform.state()["violations"]] == [field]


def test_reading_results_is_refused_and_noted(platform: Platform) -> None:
    activity = platform.add(line_item=True)
    path, mark, query = activity["line_item"]["url"].partition("?")

    answer = requests.get(
        f"{path}/results{mark}{query}",
        headers={"Authorization": f"Bearer {platform.token()}"},
        timeout=10,
    )

    assert answer.status_code == 403
    assert [found["what"] for found in platform.state()["violations"]] == ["results"]


# --- Moodle's gradebook ---------------------------------------------------------------------------


def test_moodle_keeps_an_empty_row_and_erases_a_grade_with_its_completion(
    moodle: Platform,
) -> None:
    activity = moodle.add(line_item=True, completion="grade")
    moodle.api("POST", "grades", {"activity_id": activity["id"], "user": "sam", "grade": 8})
    assert ticked(moodle)

    assert moodle.score(activity, at=moodle.hands()).status_code == 409, "the same second"
    assert moodle.score(activity, at=moodle.hands() + 1).status_code == 200

    (row,) = moodle.state()["gradebook"]
    assert (row["grade"], row["wiped"]) == (None, 1)
    assert not ticked(moodle)


# --- Canvas's submissions -------------------------------------------------------------------------


def submitted(peer: Platform, at: float, **extension: Any) -> dict[str, Any]:
    return {
        "submission": {"submittedAt": iso(at)},
        EXTENSION: {"new_submission": True, "preserve_score": True} | extension,
    }


def test_canvas_makes_one_submission_for_one_submission_time(canvas: Platform) -> None:
    activity = canvas.add(line_item=True)
    done_at = canvas.hands() - 60

    for _ in range(3):
        canvas.hands.ahead += 2
        assert canvas.score(activity, **submitted(canvas, done_at)).status_code == 200

    (found,) = canvas.state()["submissions"]
    assert found["attempt"] == 1
    assert found["workflow_state"] == "submitted"
    assert found["kind"] == "external_tool"
    assert found["needs_grading"] is True, "whatever the points are"
    stored = datetime.fromisoformat(found["submitted_at"])
    assert stored == datetime.fromisoformat(iso(done_at)).astimezone(UTC)


def test_canvas_counts_an_attempt_for_every_careless_repeat(canvas: Platform) -> None:
    activity = canvas.add(line_item=True)

    for _ in range(2):
        canvas.hands.ahead += 2
        assert canvas.score(activity).status_code == 200

    assert canvas.state()["submissions"][0]["attempt"] == 2


def test_canvas_refuses_when_the_attempts_are_used_up(canvas: Platform) -> None:
    activity = canvas.add(line_item=True)
    canvas.api("PATCH", f"activities/{activity['id']}", {"allowed_attempts": 1})
    now = canvas.hands()

    assert canvas.score(activity, at=now, **submitted(canvas, now - 9)).status_code == 200
    assert canvas.score(activity, at=now + 1, **submitted(canvas, now - 9)).status_code == 200
    assert canvas.score(activity, at=now + 2, **submitted(canvas, now - 8)).status_code == 422
    assert canvas.refused("score") == "attempts_exhausted"


@pytest.mark.parametrize(("preserve", "grade", "wiped"), [(True, 7.0, 0), (False, None, 1)])
def test_canvas_wipes_a_teachers_grade_unless_told_to_preserve_it(
    canvas: Platform, preserve: bool, grade: float | None, wiped: int
) -> None:
    activity = canvas.add(line_item=True)
    canvas.api("POST", "grades", {"activity_id": activity["id"], "user": "sam", "grade": 7})

    answer = canvas.score(
        activity,
        at=canvas.hands() + 1,
        **submitted(canvas, canvas.hands(), preserve_score=preserve),
    )

    assert answer.status_code == 200
    (row,) = canvas.state()["gradebook"]
    assert (row["grade"], row["wiped"]) == (grade, wiped)


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({EXTENSION: {"new_submission": "yes"}}, "submission_shape", 400),
        ({EXTENSION: {"submission_type": "carrier pigeon"}}, "submission_shape", 400),
        ({EXTENSION: "text"}, "submission_shape", 400),
        ({"submission": {"submittedAt": "yesterday"}}, "submission_shape", 400),
        ({"submission": {"submittedAt": "2999-01-01T00:00:00Z"}}, "submitted_future", 400),
    ],
)
def test_canvas_reads_its_extension_strictly(
    canvas: Platform, changes: dict[str, Any], code: str, status: int
) -> None:
    assert canvas.score(canvas.add(line_item=True), **changes).status_code == status
    assert canvas.refused("score") == code


def test_canvas_without_a_new_submission_makes_none_and_ticks_nothing(canvas: Platform) -> None:
    answer = canvas.score(canvas.add(line_item=True), **{EXTENSION: {"new_submission": False}})

    assert answer.status_code == 200
    assert canvas.state()["submissions"] == []
    assert not ticked(canvas)


def test_canvas_ticks_only_where_the_module_asks_to_submit(canvas: Platform) -> None:
    assert canvas.score(canvas.add(line_item=True, completion="none"), **PRESERVE).ok
    assert not ticked(canvas)


def test_canvas_asks_the_teacher_to_look_when_the_tool_says_pending_manual(
    canvas: Platform,
) -> None:
    canvas.score(canvas.add(line_item=True), gradingProgress="PendingManual", **PRESERVE)

    assert canvas.state()["submissions"][0]["workflow_state"] == "pending_review"


def test_canvas_refuses_once_the_course_is_concluded(canvas: Platform) -> None:
    activity = canvas.add(line_item=True)
    canvas.api("PATCH", "course", {"concluded": True})

    assert canvas.score(activity).status_code == 422


# --- line items -----------------------------------------------------------------------------------

CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"


def line_items(peer: Platform, method: str = "GET", **query: str) -> requests.Response:
    url = peer.lms.line_items_url(peer.lms.client)
    headers = {"Authorization": f"Bearer {peer.token(AGS + 'lineitem')}", "Accept": CONTAINER}
    return requests.request(method, url, params=query, headers=headers, timeout=10)


def test_line_items_can_be_found_by_resource_link(platform: Platform) -> None:
    platform.add(line_item={"tag": "completion"})
    second = platform.add(line_item=True)

    found = line_items(platform, resource_link_id=second["resource_link_id"]).json()

    assert [item["id"] for item in found] == [second["line_item"]["url"]]
    assert [item["tag"] for item in line_items(platform, tag="completion").json()] == ["completion"]


def test_a_tool_may_not_make_line_items(platform: Platform) -> None:
    assert line_items(platform, "POST").status_code == 405
    assert platform.refused("line_items") == "line_item_read_only"


def test_one_line_item_can_be_read_but_not_deleted(platform: Platform) -> None:
    activity = platform.add(line_item=True)
    url = activity["line_item"]["url"]
    headers = {"Authorization": f"Bearer {platform.token(AGS + 'lineitem')}"}

    assert requests.get(url, headers=headers, timeout=10).json()["id"] == url
    assert requests.delete(url, headers=headers, timeout=10).status_code == 405


def test_an_activity_without_a_line_item_has_none_except_on_strict(platform: Platform) -> None:
    has_one = platform.add()["line_item"] is not None

    assert has_one is (platform.lms.name == "strict")
