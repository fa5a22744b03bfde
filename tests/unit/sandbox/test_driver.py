"""The driver that other tests use: a browser without JavaScript, from login to tick."""

import secrets
from typing import Any

import pytest
import requests
from browsing import form_fields, parse
from functional.driver import Driver
from joserfc import jwt
from unit.sandbox.peer import DL, LTI, FakeTool, Platform


def page_of(text: str) -> requests.Response:
    answer = requests.Response()
    answer._content = text.encode()
    answer.url = "http://localhost/page"
    answer.encoding = "utf-8"
    return answer


@pytest.fixture
def driver(platform: Platform) -> Driver:
    return Driver(platform.server.base_url, platform.lms.name)


def test_a_launch_arrives_with_its_state_and_cookies(driver: Driver, tool: FakeTool) -> None:
    activity = driver.add_activity("Een lastig gesprek", item="lastig-gesprek")

    answer = driver.launch(activity["id"], "noor")

    assert parse(answer).one("main").attrs["data-page"] == "open"
    assert "state kept" in answer.text, "a Secure cookie over http on localhost, as browsers do"
    assert set(tool.launches[-1]) >= {"id_token", "state"}


def test_two_drivers_are_two_browsers(platform: Platform, driver: Driver) -> None:
    other = Driver(platform.server.base_url, platform.lms.name)
    activity = driver.add_activity("Een lastig gesprek")
    page = driver.authorize(driver.login(driver.start(activity_id=activity["id"], user="sam")))

    assert "state lost" in other.deliver(page).text


def test_a_hostile_message_is_delivered_as_it_is(driver: Driver, tool: FakeTool) -> None:
    activity = driver.add_activity("Een lastig gesprek")

    driver.launch(activity["id"], recipe={"alg": "none"})

    assert tool.launches[-1]["id_token"].endswith(".")


def test_items_travel_from_a_picker_into_the_course(driver: Driver, platform: Platform) -> None:
    driver.deep_link()
    request = jwt.decode(platform.tool.launches[-1]["id_token"], platform.lms.keys.active).claims
    asked = request[DL + "deep_linking_settings"]
    now = int(platform.hands())
    claims: dict[str, Any] = {
        "iss": platform.lms.client.client_id,
        "aud": platform.lms.issuer,
        "iat": now,
        "exp": now + 60,
        "nonce": secrets.token_hex(8),
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": platform.lms.client.deployment_id,
        DL + "content_items": [{"type": "ltiResourceLink", "title": "Een lastig gesprek"}],
    }
    if "data" in asked:
        claims[DL + "data"] = asked["data"]
    query = {"to": asked["deep_link_return_url"], "jwt": platform.tool.sign(claims)}
    picker = requests.Request("GET", f"{platform.tool.url}/lti/picker", params=query).prepare().url

    answer = driver.submit_form(driver.get(str(picker)), "form")

    assert parse(answer).all("[data-created]")
    assert [found["title"] for found in driver.state()["activities"]] == ["Een lastig gesprek"]


def test_a_form_is_sent_as_a_browser_would() -> None:
    form = parse(
        page_of("""
        <form>
          <input name=a value=1><input name=b value=2 disabled><input value=nameless>
          <input type=checkbox name=c value=x checked><input type=checkbox name=c value=y>
          <input type=radio name=d value=1><input type=radio name=d value=2 checked>
          <input type=submit name=e value=other>
          <select name=f><option value=1>een<option value=2 selected>twee</select>
          <textarea name=g>tekst &amp; meer</textarea>
          <button name=h value=go>Ga</button>
        </form>""")
    ).one("form")

    assert form_fields(form, form.one("button")) == [
        ("a", "1"),
        ("c", "x"),
        ("d", "2"),
        ("f", "2"),
        ("g", "tekst & meer"),
        ("h", "go"),
    ]


def test_what_cannot_be_done_on_a_page_fails_loudly(driver: Driver) -> None:
    page = page_of("<form method=post action=/x><input name=a></form>")

    with pytest.raises(AssertionError, match="has no field b"):
        driver.submit_form(page, "form", b=1)
    with pytest.raises(AssertionError, match=r"no \[data-insert\]"):
        driver.submit_form(page, "[data-insert]")


def test_the_storage_target_is_left_out_unless_asked_for(canvas: Platform) -> None:
    plain = Driver(canvas.server.base_url, "canvas")
    storing = Driver(canvas.server.base_url, "canvas", storage=True)
    activity = plain.add_activity("Een lastig gesprek")

    assert "lti_storage_target" not in plain.start(activity_id=activity["id"])["fields"]
    login = storing.start(activity_id=activity["id"])
    assert login["fields"]["lti_storage_target"] == "post_message_forwarding"
