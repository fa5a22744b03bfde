"""The launches that certification demands to be accepted, teacher and student each.

Every one lands on a page of its session, by a 303 with a session cookie.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tinylms import AGS, GONE, LTI, MEMBERSHIP, TOOL, Browser, stored

from lti_tool.db import db
from lti_tool.launch.models import ResourceLink

LEARNER, INSTRUCTOR = MEMBERSHIP + "Learner", MEMBERSHIP + "Instructor"
NAMES = {"name": "Lena Een", "given_name": "Lena", "family_name": "Een"}

ACCEPTED: dict[str, dict[str, Any]] = {
    "plain": {},
    "several roles": {LTI + "roles": ["{role}", MEMBERSHIP + "Mentor"]},
    "short role": {LTI + "roles": ["{short}"]},
    "unknown role beside a known one": {LTI + "roles": ["{role}", "http://example.org/role#X"]},
    "unknown role only": {LTI + "roles": ["http://example.org/role#X"]},
    "no role": {LTI + "roles": []},
    "e-mail only": {"email": "lena@lms.example"},
    "names only": NAMES,
    "names and e-mail": NAMES | {"email": "lena@lms.example"},
    "e-mail without context": {"email": "lena@lms.example", LTI + "context": GONE},
    "without services": {AGS: GONE},
    "without presentation": {LTI + "launch_presentation": GONE},
    "audience as a list": {"aud": ["client-1"]},
    "audience as a list, with azp": {"aud": ["client-1"], "azp": "client-1"},
}


def filled(value: Any, role: str) -> Any:
    if isinstance(value, list):
        short = role.partition("#")[2]
        return [one.replace("{role}", role).replace("{short}", short) for one in value]
    return value


@pytest.mark.parametrize("role", [LEARNER, INSTRUCTOR], ids=["student", "teacher"])
@pytest.mark.parametrize("case", ACCEPTED)
def test_certification_must_accept(browser: Browser, tool: Flask, case: str, role: str) -> None:
    claims = {LTI + "roles": [role]} | {
        name: filled(value, role) for name, value in ACCEPTED[case].items()
    }

    response = browser.launch(claims)

    assert response.status_code == 303, response.text
    session_id = response.headers["Location"].split("/")[2]
    assert response.headers["Location"] == f"/l/{session_id}/"
    assert browser.client.get_cookie(f"__Host-pt-{session_id}", "tool.example") is not None
    assert stored(tool)["launch_session"] == 1


def test_the_session_cookie_works_in_a_frame_and_nowhere_else(browser: Browser) -> None:
    response = browser.launch()

    (cookie,) = [c for c in response.headers.getlist("Set-Cookie") if "pt-" in c]
    assert cookie.startswith("__Host-pt-")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_deep_linking_by_a_course_designer_lands_on_the_picker(browser: Browser) -> None:
    response = browser.launch(deep=True)

    assert response.status_code == 303
    assert response.headers["Location"].endswith("/items/")
    page = browser.client.get(response.headers["Location"], base_url=TOOL)
    assert page.status_code == 200
    assert 'data-page="picker"' in page.text


def test_each_launch_has_a_session_of_its_own(browser: Browser, tool: Flask) -> None:
    first, second = browser.launch(), browser.launch()

    assert first.headers["Location"] != second.headers["Location"]
    assert stored(tool) == {
        "learner": 1,
        "resource_link": 1,
        "launch_session": 2,
        "run": 0,
        "completion": 0,
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_login_asks_for_exactly_what_the_specification_names(browser: Browser, method: str) -> None:
    """Security Framework 1.0 §5.1.1.2."""
    opening = browser.login(method=method)

    assert opening.response.status_code == 302
    url, _, query = opening.response.headers["Location"].partition("?")
    assert url == "https://lms.example/auth"
    names = [pair.partition("=")[0] for pair in query.split("&")]
    assert sorted(names) == sorted(
        [
            "scope",
            "response_type",
            "response_mode",
            "prompt",
            "client_id",
            "redirect_uri",
            "state",
            "nonce",
            "login_hint",
            "lti_message_hint",
        ]
    )
    assert "redirect_uri=https%3A%2F%2Ftool.example%2Flti%2Flaunch" in query
    for fixed in ("scope=openid", "response_type=id_token", "response_mode=form_post"):
        assert fixed in query.split("&")
    assert "prompt=none" in query.split("&")


def test_an_authentication_address_with_a_query_keeps_it(
    browser: Browser, tool: Flask, lms: Any
) -> None:
    from tinylms import register

    with tool.app_context():
        register(tool, lms, auth_login_url="https://lms.example/auth?tenant=7")

    location = browser.login().response.headers["Location"]

    assert location.startswith("https://lms.example/auth?tenant=7&scope=openid&")
    assert location.count("?") == 1


def test_a_login_stores_nothing(browser: Browser, tool: Flask) -> None:
    browser.login()

    assert not any(stored(tool).values())


def test_a_platform_may_leave_the_client_id_out(browser: Browser) -> None:
    assert browser.login(client_id=GONE).response.status_code == 302


def test_clocks_may_differ_by_a_minute(browser: Browser) -> None:
    now = int(browser.now())

    assert browser.launch({"iat": now + 50, "exp": now + 110}).status_code == 303
    assert browser.launch({"iat": now - 110, "exp": now - 50}).status_code == 303


def test_a_warm_launch_fetches_no_keys(browser: Browser, local_server: Any) -> None:
    for _ in range(3):
        assert browser.launch().status_code == 303

    assert local_server.count("/jwks") == 1


def test_a_link_keeps_where_its_completions_go_as_long_as_launches_say_so(
    browser: Browser, tool: Flask
) -> None:
    url = "https://lms.example/completion/7"
    kept = []
    for said in (None, url, url, None, "https://evil.example/completion/7"):
        custom = {"item": "some-item"} | ({"completion_url": said} if said else {})
        browser.launch({LTI + "custom": custom})
        with tool.app_context():
            kept += db.session.scalars(select(ResourceLink.completion_url))
            db.session.remove()
    assert kept == [None, url, url, None, None]
