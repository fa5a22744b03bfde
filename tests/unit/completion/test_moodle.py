"""Calling Moodle's web service: one POST, and every shape of answer has a name."""

from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

from lti_tool.completion.moodle import (
    BY_INSTANCE,
    OVERRIDE,
    CourseModule,
    MoodleAnswered,
    MoodleService,
    NotMoodle,
    Tick,
)
from lti_tool.platforms.http import HttpClient, Unreachable


@pytest.fixture
def service(local_server) -> MoodleService:
    return MoodleService(HttpClient(allow_private=True), f"{local_server.url}/ws", "secret")


def answers(local_server, body: bytes, status: int = 200) -> None:
    local_server.replies["/ws"] = (status, {}, body)


def fields(local_server) -> dict[str, str]:
    ((method, path, _, body),) = local_server.asked
    assert (method, path) == ("POST", "/ws"), "the token stands in no address"
    return {name: value for name, (value,) in parse_qs(body.decode()).items()}


def test_an_activity_is_looked_up_by_its_instance(service, local_server):
    answers(local_server, b'{"cm": {"id": 112, "instance": 12, "completion": 2}, "warnings": []}')
    assert service.course_module("12") == CourseModule(id=112, tracking=2)
    assert fields(local_server) == {
        "wstoken": "secret",
        "wsfunction": BY_INSTANCE,
        "moodlewsrestformat": "json",
        "module": "lti",
        "instance": "12",
    }


def test_completion_is_overridden_for_one_person(service, local_server):
    answers(local_server, b'{"cmid": 112, "userid": 4, "state": 1, "tracking": 2}')
    assert service.override_completion(112, "4") == Tick(state=1, tracking=2)
    assert fields(local_server) == {
        "wstoken": "secret",
        "wsfunction": OVERRIDE,
        "moodlewsrestformat": "json",
        "userid": "4",
        "cmid": "112",
        "newstate": "1",
    }


@pytest.mark.parametrize(
    ("body", "errorcode"),
    [
        (b'{"exception": "e", "errorcode": "invalidtoken", "message": "m"}', "invalidtoken"),
        (b'{"errorcode": "nopermission"}', "nopermission"),
        (b'{"exception": "e"}', "None"),
        (b'{"exception": "e", "errorcode": {"a": 1}}', "a1"),
        (b'{"exception": "e", "errorcode": "' + b"x" * 500 + b'"}', "x" * 40),
        (b'{"cm": []}', "no_course_module"),
        (b'{"cm": {"id": "12"}}', "no_course_module"),
        (b"{}", "no_course_module"),
    ],
)
def test_an_error_of_moodle_is_one_word(service, local_server, body, errorcode):
    answers(local_server, body)
    with pytest.raises(MoodleAnswered) as raised:
        service.course_module("12")
    assert raised.value.errorcode == errorcode


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b""),
        (500, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'"x"'),
        (200, b""),
        (302, b""),
    ],
)
def test_what_moodle_does_not_write_is_told_apart(service, local_server, status, body):
    answers(local_server, body, status)
    with pytest.raises(NotMoodle) as raised:
        service.course_module("12")
    assert raised.value.answer.status == status
    assert "secret" not in str(raised.value)


def test_silence_is_silence():
    service = MoodleService(HttpClient(allow_private=True), "http://127.0.0.1:1/", "secret")
    with pytest.raises(Unreachable):
        service.course_module("12")


CAPABILITIES = {
    # each was found necessary on Moodle 4.5 by leaving it out
    "webservice/rest:use",
    "moodle/course:view",
    "mod/lti:view",
    "moodle/course:overridecompletion",
    # each was found necessary for hidden or restricted activities and courses
    "moodle/course:viewhiddenactivities",
    "moodle/course:viewhiddencourses",
    "moodle/course:ignoreavailabilityrestrictions",
}


def test_the_role_preset_allows_what_is_needed_and_nothing_else(app):
    with app.test_client().get(
        "/static/moodle-role-proeftuin.xml", base_url="https://tool.example"
    ) as answer:
        assert answer.status_code == 200
        role = ElementTree.fromstring(answer.data)
    # Moodle checks the file against a schema with these elements in this order.
    assert [child.tag for child in role] == [
        "shortname",
        "name",
        "description",
        "archetype",
        "contextlevels",
        "permissions",
    ]
    assert [level.text for level in role.find("contextlevels")] == ["system"]
    permissions = role.find("permissions")
    assert {one.tag for one in permissions} == {"allow"}
    assert {one.text for one in permissions} == CAPABILITIES
    assert len(permissions) == len(CAPABILITIES)


def test_the_start_page_links_the_role_preset(app):
    assert (
        'href="/static/moodle-role-proeftuin.xml"'
        in app.test_client().get("/", base_url="https://tool.example").text
    )
