"""The completion service, as docs/completion-service.md describes it from the tool's side."""

import json

import pytest
from flask_babel import force_locale

from lti_tool.completion.channels.base import Link, Outcome
from lti_tool.completion.channels.lti_completion import LtiCompletion
from lti_tool.completion.findings import FAILS, FINE, NOTE
from lti_tool.platforms.lti import COMPLETION_SCOPE

PATH = "/completion/7"
REFUSED = Outcome("service-refused", elsewhere=True)
GONE = Outcome("activity-gone", elsewhere=True)


def said(tracking: object = "automatic", **more: object) -> bytes:
    return json.dumps({"tracking": tracking} | more).encode()


ANSWERS = {
    "done": (200, said(completed=True), Outcome()),
    "done, by hand": (200, said("manual", completed=True), Outcome()),
    "done, with more to say": (200, said(completed=True, since="today"), Outcome()),
    "not tracked": (200, said("none", completed=False), Outcome("activity-untracked")),
    "not tracked, whatever else": (
        200,
        said("none", completed=True),
        Outcome("activity-untracked"),
    ),
    "taken and not shown": (200, said(completed=False), Outcome("not-shown")),
    "taken and not said": (200, said(), Outcome("not-shown")),
    "a word for yes": (200, said(completed="true"), Outcome("not-shown")),
    "an unknown way of tracking": (200, said("magic", completed=True), Outcome("error-in-answer")),
    "nothing": (200, b"", Outcome("error-in-answer")),
    "an error": (200, said(completed=True, error="x"), Outcome("error-in-answer")),
    "errors": (200, said(completed=True, errors=[]), Outcome("error-in-answer")),
    "a page": (200, b"<html>", Outcome("server-error")),
    "a page with a byte order mark": (200, b"\xef\xbb\xbf<html>", Outcome("server-error")),
    "text": (200, b"completed", Outcome("server-error")),
    "a redirect": (303, b"", Outcome("server-error")),
    "a failure": (500, b"", Outcome("server-error")),
    "busy": (503, b'{"status": 503}', Outcome("server-error")),
    "too fast": (429, b"", Outcome("throttled")),
    "no token that is good": (401, b"{}", Outcome("not-authorised", elsewhere=True)),
    "not this person": (403, b'{"status": 403, "reason": "x"}', Outcome("not-possible-here")),
    "a proxy forbids": (403, b"<h1>Forbidden</h1>", Outcome("forbidden")),
    "no such activity": (404, b'{"status": 404, "reason": "x"}', GONE),
    "no such activity any more": (410, b"", GONE),
    "nobody to handle it": (400, b"", REFUSED),
    "only GET": (405, b"", REFUSED),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_an_answer_means(desk, case):
    status, body, outcome = ANSWERS[case]
    desk.answers(PATH, (status, {}, body))
    assert desk.deliver(LtiCompletion) == outcome


def test_what_is_posted_is_exactly_what_the_specification_says(desk):
    desk.answers(PATH, (200, {}, said(completed=True)))
    for _ in range(2):
        desk.deliver(LtiCompletion)
    first, second = desk.sent(PATH)
    assert first == second, "a repetition is the same message"
    method, headers, body = first
    assert method == "POST"
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == "Bearer t"
    assert json.loads(body) == {
        "userId": "4",
        "activityProgress": "Completed",
        "timestamp": "2026-11-21T20:30:00.000Z",
    }
    ((_, _, form),) = desk.sent("/token")
    assert "scope=urn%3Auuid%3A0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90" in form.decode()
    assert COMPLETION_SCOPE == "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"


def test_a_token_that_was_refused_is_renewed_once(desk):
    desk.answers(PATH, (401, {}, b"{}"), (200, {}, said(completed=True)))
    assert desk.deliver(LtiCompletion) == Outcome()
    assert len(desk.sent("/token")) == 2


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ((400, {}, b'{"error": "invalid_scope"}'), REFUSED),
        ((200, {}, b'{"access_token": "t", "expires_in": 3600, "scope": "other"}'), REFUSED),
        ((401, {}, b'{"error": "invalid_client"}'), Outcome("token-refused")),
        ((404, {}, b"<h1>TypeError</h1>"), Outcome("token-refused")),
        ((503, {}, b""), Outcome("server-error")),
    ],
)
def test_without_a_token_nothing_is_posted(desk, reply, outcome):
    desk.answers("/token", reply)
    assert desk.deliver(LtiCompletion) == outcome
    assert desk.sent(PATH) == []


# --- before anybody plays -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "tracking"),
    [
        ((200, {}, said()), "automatic"),
        ((200, {}, said("manual")), "manual"),
        ((200, {}, said("none")), "none"),
        ((200, {}, said("magic")), None),
        ((200, {}, said(["none"])), None),
        ((200, {}, b"<html>"), None),
        ((404, {}, said("none")), None),
        ((401, {}, b""), None),
    ],
)
def test_how_an_activity_is_tracked_can_be_asked_without_naming_a_person(desk, reply, tracking):
    desk.answers(PATH, reply)
    assert desk.channel(LtiCompletion).tracking(desk.platform, desk.link) == tracking
    for method, headers, body in desk.sent(PATH):
        assert (method, body) == ("GET", b"")
        assert "content-type" not in headers


# --- the doctor -----------------------------------------------------------------------------------


def examined(desk, *links: Link):
    with force_locale("en"):
        return desk.channel(LtiCompletion).examine(desk.platform, links or (desk.link,))


@pytest.mark.parametrize(
    ("reply", "verdict", "says"),
    [
        ((200, {}, said()), FINE, "completions will show (automatic)"),
        ((200, {}, said("manual")), FINE, "completions will show (manual)"),
        ((200, {}, said("none")), NOTE, "does not track"),
        ((200, {}, b"{}"), FAILS, "answers with an error"),
        ((500, {}, b""), FAILS, "error or maintenance page"),
        ((400, {}, b""), FAILS, "is installed"),
        ((403, {}, b"{}"), FAILS, "forbids"),
        ((404, {}, b""), NOTE, "open one in the course"),
    ],
)
def test_the_service_is_tried_without_a_person(desk, reply, verdict, says):
    desk.answers(PATH, reply)
    found = examined(desk)
    assert found.open
    assert found.findings[0].verdict == FINE
    assert found.findings[1].verdict == verdict
    assert says in found.findings[1].text
    assert {method for method, _, _ in desk.sent(PATH)} == {"GET"}


def test_an_activity_that_was_deleted_does_not_mislead_it(desk):
    desk.answers(PATH, (404, {}, b""))
    desk.answers("/completion/6", (200, {}, said()))
    older = Link("6", None, f"{desk.server.url}/completion/6")
    assert examined(desk, desk.link, older).findings[1].verdict == FINE


@pytest.mark.parametrize("family", ["generic", "moodle"])
@pytest.mark.parametrize("served", [False, True])
@pytest.mark.parametrize("granted", [False, True])
def test_an_lms_without_the_service_is_no_failure_of_it(desk, family, served, granted):
    desk.platform.family = family
    desk.answers(PATH, (200, {}, said()))
    if not granted:
        desk.answers("/token", (400, {}, b'{"error": "invalid_scope"}'))
    found = examined(desk, Link("7", None, desk.link.completion_url if served else None))
    assert found.open == (served or (granted and family == "moodle"))
    failed = [one for one in found.findings if one.verdict == FAILS]
    assert bool(failed) == (served and not granted)
    if not served and family == "generic":
        assert desk.server.asked == [], "an LMS that never spoke of it is not asked"
