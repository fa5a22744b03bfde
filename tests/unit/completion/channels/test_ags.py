"""Assignment and Grade Services: what is sent, and what each answer means."""

import json

import pytest

from lti_tool.completion.channels.ags import Ags, AgsCanvas
from lti_tool.completion.channels.base import Outcome

PATH = "/lineitems/7/scores"
UNCLEAR, PAGE = Outcome("error-in-answer"), Outcome("server-error")

ANSWERS = {
    # only an empty answer or a JSON object without error(s) is a yes
    "nothing": (200, b"", Outcome()),
    "nothing, by its status": (204, b"", Outcome()),
    "white space": (200, b" \r\n", Outcome()),
    "an object": (200, b'{"resultUrl": "https://lms.example/results/1"}', Outcome()),
    "an empty object": (201, b"{}", Outcome()),
    "errors": (200, b'{"errors": {"type": "x", "message": "y"}}', UNCLEAR),
    "an error": (200, b'{"error": "access_denied"}', UNCLEAR),
    "a page": (200, b"<!doctype html><h1>Welcome</h1>", PAGE),
    "a page after white space": (200, b"\n\n <html>", PAGE),
    "a page with a byte order mark": (200, b"\xef\xbb\xbf<html>", PAGE),
    "a page in UTF-16": (200, "<html>".encode("utf-16"), PAGE),
    "an object in UTF-16": (200, "{}".encode("utf-16"), PAGE),
    "plain text": (200, b"Site is down for maintenance", PAGE),
    "a list": (200, b"[]", PAGE),
    "a number": (200, b"1", PAGE),
    "half an object": (200, b'{"resultUrl": ', PAGE),
    "nested too deeply": (200, b"[" * 100_000, PAGE),
    # what an LMS says when it does not
    "a redirect": (302, b"", PAGE),
    "a failure": (500, b"<h1>500</h1>", PAGE),
    "maintenance": (503, b"", PAGE),
    "a time-out": (408, b"", PAGE),
    "too early": (425, b"", PAGE),
    "no rights": (401, b"", Outcome("not-authorised")),
    "forbidden": (403, b"", Outcome("forbidden")),
    "gone": (404, b"", Outcome("line-item-gone")),
    "gone for good": (410, b"", Outcome("line-item-gone")),
    "not newer": (409, b"", Outcome("not-newer")),
    "another client's": (412, b"", Outcome("line-item-foreign")),
    "not a student": (422, b"{}", Outcome("not-possible-here")),
    "no attempts left": (
        422,
        b'{"errors": {"message": "maximum number of allowed attempts reached"}}',
        Outcome("attempts-exhausted"),
    ),
    "a bad message": (400, b"", Outcome("not-accepted")),
    "another media type": (415, b"", Outcome("not-accepted")),
    "too fast, as Canvas says it": (
        403,
        b"403 Forbidden (Rate Limit Exceeded)",
        Outcome("throttled"),
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_an_answer_means(desk, case):
    status, body, outcome = ANSWERS[case]
    desk.answers(PATH, (status, {}, body))
    assert desk.deliver(Ags) == outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, Outcome("throttled", "120")), (503, Outcome("server-error", "120"))],
)
def test_how_long_to_wait_is_told_on(desk, status, outcome):
    desk.answers(PATH, (status, {"Retry-After": "120"}, b""))
    assert desk.deliver(Ags) == outcome


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_was_refused_is_renewed_once(desk, status):
    desk.answers(PATH, (status, {}, b""), (200, {}, b""))
    assert desk.deliver(Ags) == Outcome()
    assert len(desk.sent("/token")) == 2
    assert len(desk.sent(PATH)) == 2


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ((400, {}, b'{"error": "invalid_scope"}'), Outcome("scope-refused")),
        ((401, {}, b'{"error": "invalid_client"}'), Outcome("token-refused")),
        ((429, {"Retry-After": "9"}, b""), Outcome("throttled", "9")),
        ((503, {"Retry-After": "9"}, b""), Outcome("server-error", "9")),
        ((200, {}, b"<h1>Welcome</h1>"), Outcome("server-error")),
    ],
)
def test_without_a_token_nothing_is_posted(desk, reply, outcome):
    desk.answers("/token", reply)
    assert desk.deliver(Ags) == outcome
    assert desk.sent(PATH) == []


def test_nobody_there(desk):
    desk.platform.auth_token_url = "http://127.0.0.1:1/"
    assert desk.deliver(Ags) == Outcome("unreachable")
    desk.platform.auth_token_url = "ftp://lms.example/"
    assert desk.deliver(Ags) == Outcome("address-refused")


@pytest.mark.parametrize(
    ("kind", "more"),
    [(Ags, set()), (AgsCanvas, {"submission", "https://canvas.instructure.com/lti/submission"})],
)
def test_what_is_posted(desk, kind, more):
    desk.answers(PATH, (200, {}, b""))
    desk.deliver(kind)
    ((method, headers, body),) = desk.sent(PATH)
    assert method == "POST"
    assert headers["content-type"] == "application/vnd.ims.lis.v1.score+json"
    assert headers["authorization"] == "Bearer t"
    said = json.loads(body)
    assert said.keys() == {"userId", "activityProgress", "gradingProgress", "timestamp"} | more
    assert said["timestamp"] == "2026-11-21T20:39:00.000Z"


def test_the_standard_does_not_tell_how_an_activity_is_tracked(desk):
    assert desk.channel(Ags).tracking(desk.platform, desk.link) is None
    assert desk.server.asked == []
