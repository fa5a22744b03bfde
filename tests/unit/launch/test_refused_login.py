"""Bad logins, row by row of the project's list of bad inputs: a clear page, nothing stored."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import update
from tinylms import GONE, TOOL, Browser, Lms, code_of, register, stored

from lti_tool.db import db
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import SNAPSHOT_SECONDS

HINT = "a&b%20c+d ü=?#\"'<>"

REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "1 without iss": ({"iss": GONE}, 400, "login-incomplete"),
    "1 with empty iss": ({"iss": ""}, 400, "login-incomplete"),
    "2 without login_hint": ({"login_hint": GONE}, 400, "login-incomplete"),
    "3 without target_link_uri": ({"target_link_uri": GONE}, 400, "login-incomplete"),
    "4 unknown iss": ({"iss": "https://other.example"}, 403, "platform-unknown"),
    "6 unknown client": ({"client_id": "nobody"}, 403, "platform-unknown"),
    "7 target elsewhere": ({"target_link_uri": "https://evil.example/"}, 400, "login-target"),
    "7 target on a longer host": (
        {"target_link_uri": "https://tool.example.evil.example/"},
        400,
        "login-target",
    ),
    "7 target behind credentials": (
        {"target_link_uri": "https://tool.example@evil.example/"},
        400,
        "login-target",
    ),
    "7 target over http": ({"target_link_uri": "http://tool.example/x"}, 400, "login-target"),
    "7 target is a script": ({"target_link_uri": "javascript:alert(1)"}, 400, "login-target"),
    "8 iss twice": (
        {"iss": ["https://lms.example", "https://lms.example"]},
        400,
        "login-malformed",
    ),
    "8 iss as an array": ({"iss[]": "https://lms.example"}, 400, "login-malformed"),
    "9 a login_hint of 16 kB": ({"login_hint": "x" * 16_001}, 400, "login-malformed"),
    "9 a message hint of 16 kB": ({"lti_message_hint": "x" * 16_385}, 400, "login-malformed"),
    "9 an iss of 256 characters": ({"iss": "https://" + "x" * 248}, 400, "login-malformed"),
    "a NUL in the client id": ({"client_id": "client\0"}, 400, "bad-request"),
    "a line break in the hint": ({"login_hint": "4\r\nSet-Cookie: a=b"}, 400, "login-malformed"),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("row", REFUSED)
def test_refused(browser: Browser, tool: Flask, row: str, method: str) -> None:
    changes, status, code = REFUSED[row]

    response = browser.login(method=method, **changes).response

    assert (response.status_code, code_of(response)) == (status, code)
    assert "Location" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert not any(stored(tool).values())


@pytest.fixture
def neighbour(tool: Flask, lms: Lms) -> None:
    """A second registration under the same issuer, as Canvas's customers have."""
    with tool.app_context():
        register(tool, lms, "Neighbour", client_id="client-2", deployment_ids=("d-2",))


def test_5_one_issuer_with_several_registrations_needs_a_client_id(
    browser: Browser, neighbour: None
) -> None:
    response = browser.login(client_id=GONE).response

    assert (response.status_code, code_of(response)) == (400, "client-ambiguous")
    assert browser.login(client_id="client-2").response.status_code == 302


def test_5_a_blocked_registration_does_not_make_an_issuer_ambiguous(
    browser: Browser, tool: Flask, neighbour: None
) -> None:
    with tool.app_context():
        registry = tool.extensions["proeftuin"].registry
        registry.block(registry.by_name("Neighbour"))
        db.session.commit()

    assert browser.login(client_id=GONE).response.status_code == 302
    response = browser.login(client_id="client-2").response
    assert (response.status_code, code_of(response)) == (403, "platform-blocked")


def test_6_the_client_id_of_another_issuer(browser: Browser, tool: Flask, lms: Lms) -> None:
    with tool.app_context():
        register(tool, lms, "Other", issuer="https://other.example", client_id="other-client")

    response = browser.login(client_id="other-client").response

    assert (response.status_code, code_of(response)) == (403, "platform-unknown")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_10_another_method(browser: Browser, method: str) -> None:
    response = browser.login(method=method).response

    assert (response.status_code, code_of(response)) == (405, "method-not-allowed")
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_11_hints_go_back_as_they_came(browser: Browser, method: str) -> None:
    response = browser.login(method=method, login_hint=HINT, lti_message_hint=HINT).response

    query = parse_qs(urlsplit(response.headers["Location"]).query)
    assert query["login_hint"] == query["lti_message_hint"] == [HINT]


def test_12_parameters_that_we_do_not_know_are_not_passed_on(browser: Browser) -> None:
    """Moodle's private `repost` broke the tools that sent it back."""
    location = browser.login(repost="1", scope="admin", state="x").response.headers["Location"]

    query = parse_qs(urlsplit(location).query)
    assert "repost" not in query
    assert query["scope"] == ["openid"]
    assert len(query["state"]) == 1


@pytest.mark.parametrize("target", ["opener", "top", "__proto__", '"><script>alert(1)</script>'])
def test_13_a_storage_target_that_is_no_frame_name_means_the_parent(
    browser: Browser, target: str
) -> None:
    params = browser.lms.login_params(lti_storage_target=target)

    response = browser.client.post("/lti/login?c=1", data=params, base_url=TOOL)

    assert response.status_code == 200
    assert 'data-frame="_parent"' in response.text
    assert "<script>alert" not in response.text


def test_a_block_holds_at_once_for_a_launch_under_way(browser: Browser, tool: Flask) -> None:
    opening = browser.login()
    browser.login()  # the tool remembers the platform for a while
    with tool.app_context():
        db.session.execute(update(Platform).values(status="blocked"))  # by another process
        db.session.commit()
    claims = browser.lms.claims(opening.nonce, browser.now())

    response = browser.post(id_token=browser.lms.sign(claims), state=opening.state)

    assert (response.status_code, code_of(response)) == (403, "platform-blocked")
    assert not any(stored(tool).values())


def test_a_block_ends_the_sessions_under_way_at_once(browser: Browser, tool: Flask) -> None:
    where = browser.launch(deep=True).headers["Location"]
    assert browser.client.get(where, base_url=TOOL).status_code == 200
    with tool.app_context():
        db.session.execute(update(Platform).values(status="blocked"))  # by another process
        db.session.commit()

    response = browser.client.get(where, base_url=TOOL)

    assert (response.status_code, code_of(response)) == (403, "platform-blocked")


def test_a_block_by_another_process_stops_logins_within_seconds(
    browser: Browser, tool: Flask, clock: Any
) -> None:
    browser.login()
    with tool.app_context():
        db.session.execute(update(Platform).values(status="blocked"))
        db.session.commit()
    clock.turn(seconds=SNAPSHOT_SECONDS)

    assert code_of(browser.login().response) == "platform-blocked"
