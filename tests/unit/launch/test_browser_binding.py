"""A login belongs to one browser: rows 50 to 57 of the list of bad inputs, and the ways around
cookies that a browser refuses."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from tinylms import TOOL, Browser, Opening, code_of, stored
from werkzeug.test import TestResponse

from lti_tool.launch.session import MAX_COOKIES

IN_FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
OWN = {"Origin": TOOL}


def refused(response: TestResponse, status: int, code: str) -> None:
    assert (response.status_code, code_of(response)) == (status, code)


def attribute(response: TestResponse, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', response.text)
    assert found is not None, response.text
    return unescape(found[1])


def token(browser: Browser, opening: Opening, **changes: Any) -> str:
    return browser.lms.sign(browser.lms.claims(opening.nonce, browser.now(), **changes))


def test_50_state_missing_or_not_ours(browser: Browser, tool: Flask) -> None:
    opening = browser.login()
    good = token(browser, opening)
    altered = opening.state[:-1] + ("A" if opening.state[-1] != "A" else "B")

    refused(browser.post(id_token=good), 400, "state-missing")
    for state in ("x", "", ".", "ä", altered, "x" * 5000, opening.state + "=", "." * 40):
        response = browser.post(id_token=good, state=state)
        refused(response, 400, "state-unknown" if state else "state-missing")
    assert not any(stored(tool).values())


def test_51_state_expired(browser: Browser, tool: Flask, clock: Any) -> None:
    opening = browser.login()
    clock.turn(seconds=601)

    refused(
        browser.post(id_token=token(browser, opening), state=opening.state), 401, "state-expired"
    )
    assert not any(stored(tool).values())


def test_52_a_refresh_explains_and_leaves_the_session_alone(browser: Browser, tool: Flask) -> None:
    opening = browser.login()
    form = {"id_token": token(browser, opening), "state": opening.state}
    where = browser.post(**form).headers["Location"]
    before = stored(tool)

    refused(browser.post(**form), 401, "state-used")

    assert stored(tool) == before
    assert browser.client.get(where, base_url=TOOL).status_code != 401


def test_52_another_token_for_a_used_state(browser: Browser, tool: Flask) -> None:
    opening = browser.login()
    browser.post(id_token=token(browser, opening), state=opening.state)

    response = browser.post(id_token=token(browser, opening, sub="other"), state=opening.state)

    refused(response, 401, "state-used")
    assert stored(tool)["learner"] == 1


def test_53_state_from_another_browser(browser: Browser, tool: Flask) -> None:
    opening = browser.login()
    form = {"id_token": token(browser, opening), "state": opening.state}
    thief = tool.test_client()

    refused(thief.post("/lti/launch", data=form, base_url=TOOL), 401, "browser-other")

    assert not any(stored(tool).values())
    assert browser.post(**form).status_code == 303  # the theft cost its owner nothing


def test_53_the_binding_of_another_login(browser: Browser, tool: Flask) -> None:
    """An attacker's own login in this browser does not bind a victim's state to it."""
    first, second = browser.login(), browser.login()
    names = [f"__Host-lti-{opening.state[:12]}" for opening in (first, second)]
    cookie = browser.client.get_cookie(names[1], "tool.example")
    assert cookie is not None
    browser.client.set_cookie(names[0], cookie.value, domain="tool.example", secure=True)

    response = browser.post(id_token=token(browser, first), state=first.state)

    refused(response, 401, "browser-other")


def test_54_nonce_and_state_belong_together(browser: Browser, tool: Flask) -> None:
    first, second = browser.login(), browser.login()

    response = browser.post(id_token=token(browser, second), state=first.state)

    refused(response, 401, "token-nonce")
    assert not any(stored(tool).values())


def test_logins_side_by_side_do_not_mix(browser: Browser) -> None:
    openings = [browser.login() for _ in range(3)]

    for opening in reversed(openings):
        response = browser.post(id_token=token(browser, opening), state=opening.state)
        assert response.status_code == 303


# Whether the browser keeps cookies, before the platform is asked anything.


def frame_login(browser: Browser, path: str = "/lti/login", **changes: Any) -> TestResponse:
    return browser.client.post(
        path, data=browser.lms.login_params(**changes), headers=IN_FRAME, base_url=TOOL
    )


def test_a_new_browser_is_sent_around_once(browser: Browser, tool: Flask) -> None:
    response = frame_login(browser, repost="1")

    assert response.status_code == 307  # the form is posted again as it was
    assert response.headers["Location"] == "/lti/login?c=1"
    again = frame_login(browser, response.headers["Location"])
    assert again.status_code == 302
    assert again.headers["Location"].startswith("https://lms.example/auth?")
    assert frame_login(browser).status_code == 302  # from now on without a detour


def test_a_login_by_get_comes_back_with_what_we_know_only(browser: Browser) -> None:
    hint = "a&b ü"
    response = browser.client.get(
        "/lti/login",
        query_string=browser.lms.login_params(repost="1", lti_message_hint=hint),
        headers=IN_FRAME,
        base_url=TOOL,
    )

    assert response.status_code == 302
    path, _, query = response.headers["Location"].partition("?")
    assert path == "/lti/login"
    assert parse_qs(query) == {
        name: [value]
        for name, value in browser.lms.login_params(lti_message_hint=hint, c="1").items()
    }


def test_56_cookies_refused_and_no_storage(browser: Browser, tool: Flask) -> None:
    """One button opens the same login in a window of its own, where it works."""
    tool_client = tool.test_client(use_cookies=False)
    response = tool_client.post(
        "/lti/login?c=1", data=browser.lms.login_params(), headers=IN_FRAME, base_url=TOOL
    )

    refused(response, 200, "browser-cookieless")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert response.text.count('target="_blank"') == 1
    found = re.search(r'href="([^"]*)" target="_blank"', response.text)
    assert found is not None
    window = unescape(found[1])
    top = {"Sec-Fetch-Dest": "document"}
    first = browser.client.get(window, headers=top, base_url=TOOL)
    assert first.status_code == 302
    second = browser.client.get(first.headers["Location"], headers=top, base_url=TOOL)
    assert second.headers["Location"].startswith("https://lms.example/auth?")


def test_56_cookies_refused_in_a_window_too(browser: Browser, tool: Flask) -> None:
    """Another window would not help, so none is offered."""
    client = tool.test_client(use_cookies=False)

    response = client.get(
        "/lti/login", query_string=browser.lms.login_params(c="1", w="1"), base_url=TOOL
    )

    refused(response, 200, "browser-cookieless")
    assert "_blank" not in response.text


@pytest.fixture
def cookieless(browser: Browser, tool: Flask) -> Browser:
    return Browser(tool.test_client(use_cookies=False), browser.lms, browser.now)


def storage_login(browser: Browser, target: str = "post_message_forwarding") -> TestResponse:
    return frame_login(browser, "/lti/login?c=1", lti_storage_target=target)


def storage_launch(
    browser: Browser, *, deep: bool = False
) -> tuple[TestResponse, dict[str, str], str]:
    """Launch through platform storage up to the page that asks it; return the form's fields."""
    put = storage_login(browser)
    query = parse_qs(urlsplit(attribute(put, "data-onward")).query)
    opening = Opening(put, query["state"][0], query["nonce"][0])
    make = browser.lms.deep_linking_claims if deep else browser.lms.claims
    signed = browser.lms.sign(make(opening.nonce, browser.now()))
    get = browser.post(id_token=signed, state=opening.state)
    fields = dict(re.findall(r'name="(id_token|state)" value="([^"]*)"', get.text))
    assert attribute(get, "data-key") == attribute(put, "data-key")
    return get, fields, attribute(put, "data-value")


def test_storage_keeps_the_binding_where_cookies_do_not(cookieless: Browser, tool: Flask) -> None:
    put = storage_login(cookieless)

    assert put.status_code == 200
    assert attribute(put, "data-storage") == "put"
    assert attribute(put, "data-frame") == "post_message_forwarding"
    assert attribute(put, "data-origin") == "https://lms.example"
    assert "Set-Cookie" not in put.headers
    assert 'target="_blank"' in put.text  # the way out when the LMS does not answer

    get, fields, value = storage_launch(cookieless)
    assert get.status_code == 200
    assert attribute(get, "data-storage") == "get"
    assert value not in get.text
    assert not any(stored(tool).values())

    page = cookieless.client.post(
        "/lti/confirm", data=fields | {"value": value}, headers=OWN, base_url=TOOL
    )
    assert page.status_code < 500
    assert "Location" not in page.headers
    assert stored(tool)["launch_session"] == 1


def test_a_cookieless_session_carries_its_token_in_forms_only(cookieless: Browser) -> None:
    _, fields, value = storage_launch(cookieless, deep=True)
    page = cookieless.client.post(
        "/lti/confirm", data=fields | {"value": value}, headers=OWN, base_url=TOOL
    )
    assert 'data-page="picker"' in page.text
    session_id, proof = re.search(r"/l/([\w-]{22})/", page.text), attribute(page, 'name="s" value')
    assert session_id is not None
    where = f"/l/{session_id[1]}/items/"
    assert not re.search(rf'(href|action|src)="[^"]*{proof}', page.text)

    refused(cookieless.client.get(where, base_url=TOOL), 401, "session-unknown")
    refused(
        cookieless.client.post(where, data={"s": "x" * 43}, headers=OWN, base_url=TOOL),
        401,
        "session-unknown",
    )
    foreign = {"Origin": "https://evil.example"}
    refused(
        cookieless.client.post(where, data={"s": proof}, headers=foreign, base_url=TOOL),
        403,
        "form-foreign",
    )
    again = cookieless.client.post(where, data={"s": proof}, headers=OWN, base_url=TOOL)
    assert (again.status_code, 'data-page="picker"' in again.text) == (200, True)


def test_57_a_wrong_value_from_storage(cookieless: Browser, tool: Flask) -> None:
    _, fields, _ = storage_launch(cookieless)

    for value in ("", "x", "ä", "x" * 43):
        response = cookieless.client.post(
            "/lti/confirm", data=fields | {"value": value}, headers=OWN, base_url=TOOL
        )
        refused(response, 401, "browser-other")
    assert not any(stored(tool).values())


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_57_a_confirmation_from_elsewhere(
    cookieless: Browser, tool: Flask, origin: str | None
) -> None:
    """Who starts a login knows its binding, and could have a victim's browser confirm it."""
    _, fields, value = storage_launch(cookieless)
    headers = {"Origin": origin} if origin else {}

    response = cookieless.client.post(
        "/lti/confirm", data=fields | {"value": value}, headers=headers, base_url=TOOL
    )

    refused(response, 403, "form-foreign")
    assert not any(stored(tool).values())


def test_a_confirmation_is_good_once(cookieless: Browser, tool: Flask) -> None:
    _, fields, value = storage_launch(cookieless)
    form = fields | {"value": value}
    cookieless.client.post("/lti/confirm", data=form, headers=OWN, base_url=TOOL)

    response = cookieless.client.post("/lti/confirm", data=form, headers=OWN, base_url=TOOL)

    refused(response, 401, "state-used")


def test_a_login_by_cookie_cannot_be_confirmed_by_storage(browser: Browser, tool: Flask) -> None:
    opening = browser.login()
    value = browser.client.get_cookie(f"__Host-lti-{opening.state[:12]}", "tool.example")
    assert value is not None
    form = {"id_token": token(browser, opening), "state": opening.state, "value": value.value}

    response = tool.test_client().post("/lti/confirm", data=form, headers=OWN, base_url=TOOL)

    refused(response, 401, "browser-other")


def test_the_page_that_asks_the_storage_shows_verified_tokens_only(
    cookieless: Browser, tool: Flask
) -> None:
    put = storage_login(cookieless)
    state = parse_qs(urlsplit(attribute(put, "data-onward")).query)["state"][0]

    response = cookieless.post(id_token="not-a-token", state=state)

    refused(response, 400, "token-malformed")


def test_old_session_cookies_are_dropped_before_they_fill_the_header(browser: Browser) -> None:
    for _ in range(MAX_COOKIES + 5):
        where = browser.launch().headers["Location"]
    names = [c.key for c in browser.client._cookies.values() if c.key.startswith("__Host-pt-")]

    assert len(names) == MAX_COOKIES
    assert f"__Host-pt-{where.split('/')[2]}" in names


def test_the_cookie_of_a_login_is_bound_to_our_host_and_short_lived(browser: Browser) -> None:
    (cookie,) = browser.login().response.headers.getlist("Set-Cookie")

    assert cookie.startswith("__Host-lti-")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"):
        assert attribute in cookie
    assert "Max-Age=600" in cookie
