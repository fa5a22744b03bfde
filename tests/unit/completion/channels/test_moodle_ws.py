"""Moodle's web service: two calls, and what each answer to either means."""

import json
from urllib.parse import parse_qs

import pytest

from lti_tool.completion.channels.base import Link, Outcome
from lti_tool.completion.channels.moodle_ws import MoodleWs
from lti_tool.services import services

PATH = "/webservice/rest/server.php"
MODULE = (200, {}, b'{"cm": {"id": 107, "completion": 2}, "warnings": []}')


def refusal(code: str):
    return (200, {}, json.dumps({"exception": "x", "errorcode": code, "message": "y"}).encode())


def tick(**values: object):
    return (200, {}, json.dumps({"cmid": 107, "userid": 4} | values).encode())


@pytest.fixture
def moodle(desk):
    desk.platform.family = "moodle"
    desk.platform.ws_url = desk.server.url + PATH
    desk.platform.ws_token = services().vault.seal("0123456789abcdef")
    return desk


OF_ANY_CALL = {
    "invalidtoken": "ws-token-invalid",
    "accessexception": "ws-not-allowed",
    "requireloginerror": "ws-cannot-open",
    "nopermission": "ws-cannot-complete",
    "nopermissions": "ws-cannot-complete",
    "completionnotenabled": "completion-off",
    "invalidcoursemodule": "activity-gone",
    "invalidcoursemoduleid": "activity-gone",
    "invalidrecord": "activity-gone",
    "invalidrecordunknown": "activity-gone",
    "err_system": "ws-error",
    "never heard of": "ws-error",
}
WITHOUT_MOODLE = {
    "switched off": ((403, {}, b""), Outcome("ws-off")),
    "too fast": ((429, {"Retry-After": "7"}, b""), Outcome("throttled", "7")),
    "a failure": ((500, {}, b"<h1>500</h1>"), Outcome("server-error")),
    "maintenance": ((503, {"Retry-After": "60"}, b""), Outcome("server-error", "60")),
    "not found": ((404, {}, b"<h1>404</h1>"), Outcome("server-error")),
    "a redirect": ((302, {}, b""), Outcome("server-error")),
    "a page": ((200, {}, b"<html>"), Outcome("server-error")),
    "nothing": ((200, {}, b""), Outcome("server-error")),
    "a list": ((200, {}, b"[]"), Outcome("server-error")),
}


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("code", OF_ANY_CALL)
def test_moodle_refuses_either_call(moodle, code, call):
    moodle.answers(PATH, *[MODULE, refusal(code)][2 - call :])
    assert moodle.deliver(MoodleWs) == Outcome(OF_ANY_CALL[code])
    assert len(moodle.sent(PATH)) == call


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("case", WITHOUT_MOODLE)
def test_something_else_answers_either_call(moodle, case, call):
    reply, outcome = WITHOUT_MOODLE[case]
    moodle.answers(PATH, *[MODULE, reply][2 - call :])
    assert moodle.deliver(MoodleWs) == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (tick(state=1, tracking=2), Outcome()),
        (tick(state=1, tracking=1), Outcome()),
        (tick(state=2, tracking=2), Outcome()),
        (tick(state=3, tracking=2), Outcome()),  # a failing grade: Moodle's own verdict
        # measured: an activity that tracks nothing answers 200 too
        (tick(state=0, tracking=0), Outcome("activity-untracked")),
        (tick(state=0, tracking=2), Outcome("ws-error")),
        (tick(state=True, tracking=2), Outcome("ws-error")),
        (tick(state="1", tracking=2), Outcome("ws-error")),
        (tick(), Outcome("activity-untracked")),
    ],
)
def test_a_tick_is_one_that_shows(moodle, answer, outcome):
    moodle.answers(PATH, MODULE, answer)
    assert moodle.deliver(MoodleWs) == outcome


def test_what_is_sent_stands_in_no_address(moodle):
    moodle.answers(PATH, MODULE, tick(state=1, tracking=2))
    moodle.deliver(MoodleWs)
    assert {asked[1] for asked in moodle.server.asked} == {PATH}
    (look, _), (mark, _) = (
        (parse_qs(body.decode()), headers) for _, headers, body in moodle.sent(PATH)
    )
    assert look["wstoken"] == mark["wstoken"] == ["0123456789abcdef"]
    assert (look["module"], look["instance"]) == (["lti"], ["7"])
    assert (mark["userid"], mark["cmid"], mark["newstate"]) == (["4"], ["107"], ["1"])


@pytest.mark.parametrize("sub", ["", "anna", "4 OR 1", "\u0664", "-4"])
def test_ids_that_are_not_moodles_are_not_sent(moodle, sub):
    assert moodle.deliver(MoodleWs, sub) == Outcome("person-unknown")
    moodle.link = Link(sub)
    assert moodle.deliver(MoodleWs) == Outcome("activity-gone")
    assert moodle.server.asked == []


def test_our_own_side(moodle):
    moodle.platform.ws_url = "http://127.0.0.1:1/"
    assert moodle.deliver(MoodleWs) == Outcome("unreachable")
    moodle.platform.ws_url = "file:///etc/passwd"
    assert moodle.deliver(MoodleWs) == Outcome("address-refused")
    moodle.platform.ws_token = "of another vault"
    assert moodle.deliver(MoodleWs) == Outcome("ws-token-unreadable")


@pytest.mark.parametrize(
    ("reply", "tracking"),
    [
        (MODULE, "automatic"),
        ((200, {}, b'{"cm": {"id": 107, "completion": 1}}'), "manual"),
        ((200, {}, b'{"cm": {"id": 107, "completion": 0}}'), "none"),
        ((200, {}, b'{"cm": {"id": 107, "completion": 9}}'), None),
        ((200, {}, b'{"cm": {}}'), None),
        (refusal("invalidtoken"), None),
        ((403, {}, b""), None),
    ],
)
def test_how_an_activity_is_tracked_can_be_asked(moodle, reply, tracking):
    moodle.answers(PATH, reply)
    assert moodle.channel(MoodleWs).tracking(moodle.platform, moodle.link) == tracking
