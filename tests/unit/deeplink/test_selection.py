"""From the picker back to the LMS, over real requests: rows 60 and 62 to 66 of the bad inputs."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import jwt
import pytest
from flask import Flask
from tinylms import DL, TOOL, Browser, Lms, code_of, register
from visits import GARDEN, document_of
from werkzeug.test import TestResponse

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.experience.library import publishing
from lti_tool.platforms.signing import PUBLISH_BEFORE

OWN = {"Origin": TOOL}
DLI = "https://purl.imsglobal.org/spec/lti-dl/claim/"


@pytest.fixture
def tool(settings: Settings, clock: Any, rsa_keys: list[Any], local_server: Any) -> Iterator[Flask]:
    lms = Lms(rsa_keys[0], f"{local_server.url}/jwks")
    local_server.replies["/jwks"] = (200, {}, lms.jwks())
    app = create_app(settings, clock=clock)
    app.extensions["lms"] = lms
    with app.app_context():
        register(app, lms)
        for slug in ("tuin", "park"):
            document = document_of(GARDEN.replace("id: tuin", f"id: {slug}", 1))
            publishing.publish(db.session(), document, clock())
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(tool: Flask, clock: Any) -> Browser:
    return Browser(tool.test_client(), tool.extensions["lms"], lambda: clock().timestamp())


class Picker:
    """An open picker."""

    def __init__(self, browser: Browser, **settings: Any) -> None:
        usual = browser.lms.deep_linking_claims("", 0)[DL]
        self.client = browser.client
        self.where = browser.launch({DL: usual | settings}, deep=True).headers["Location"]
        self.page = self.client.get(self.where, base_url=TOOL)
        self.proof = self.page.text.partition('name="s" value="')[2].partition('"')[0]

    def choose(self, *items: str, **fields: str) -> TestResponse:
        data: dict[str, Any] = {"s": self.proof, "item": list(items)} | fields
        return self.client.post(f"{self.where}chosen", data=data, headers=OWN, base_url=TOOL)


def claims(tool: Flask, response: TestResponse) -> dict[str, Any]:
    """Check the answer's signature as an LMS does and return its claims."""
    assert response.status_code == 200, response.text
    found = re.search(r'name="JWT" value="([^"]+)"', response.text)
    assert found is not None
    token = unescape(found[1])
    jwks = tool.test_client().get("/lti/jwks.json", base_url=TOOL).json
    kid = jwt.get_unverified_header(token)["kid"]
    (row,) = [row for row in jwks["keys"] if row["kid"] == kid]
    read: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWK(row).key,
        algorithms=["RS256"],
        audience="https://lms.example",
        issuer="client-1",
        options={"verify_exp": False, "verify_iat": False},
    )
    return read


def test_what_is_chosen_goes_back_signed(tool: Flask, browser: Browser) -> None:
    response = Picker(browser).choose("tuin", "park")

    answer = claims(tool, response)
    assert [item["custom"]["item"] for item in answer[DLI + "content_items"]] == ["tuin", "park"]
    assert 'action="https://lms.example/deep-link-return"' in response.text
    assert "form-action 'self' https://lms.example;" in response.headers["Content-Security-Policy"]


def test_cancel_goes_back_with_nothing(tool: Flask, browser: Browser) -> None:
    answer = claims(tool, Picker(browser).choose(cancel="1"))

    assert answer[DLI + "content_items"] == []
    assert DLI + "errormsg" not in answer


def test_60_where_no_links_are_accepted_the_picker_says_so_and_returns_nothing(
    tool: Flask, browser: Browser
) -> None:
    picker = Picker(browser, accept_types=["html"])

    assert picker.page.status_code == 200
    assert 'role="alert"' in picker.page.text
    assert code_of(picker.choose("tuin")) == "selection-malformed"
    answer = claims(tool, picker.choose(cancel="1"))
    assert answer[DLI + "content_items"] == []
    assert answer[DLI + "errormsg"] in picker.page.text
    assert answer[DLI + "errorlog"] == "accept_types has no ltiResourceLink"


@pytest.mark.parametrize("proof", ["", "x", "0" * 32])
def test_62_a_selection_without_the_pages_proof(browser: Browser, proof: str) -> None:
    response = Picker(browser).choose("tuin", s=proof)

    assert (response.status_code, code_of(response)) == (403, "form-foreign")


def test_63_two_items_where_one_is_accepted(browser: Browser) -> None:
    response = Picker(browser, accept_multiple=False).choose("tuin", "park")

    assert (response.status_code, code_of(response)) == (400, "selection-malformed")


def test_64_an_item_that_is_not_there(browser: Browser) -> None:
    response = Picker(browser).choose("tuin", "nowhere")

    assert (response.status_code, code_of(response)) == (404, "item-unknown")


def test_65_a_selection_is_good_once(tool: Flask, browser: Browser) -> None:
    picker = Picker(browser)
    claims(tool, picker.choose("tuin"))

    for again in (picker.choose("tuin"), picker.choose("park"), picker.choose(cancel="1")):
        assert (again.status_code, code_of(again)) == (409, "selection-used")
        assert 'name="JWT"' not in again.text


def test_65_a_refused_selection_may_be_mended(tool: Flask, browser: Browser) -> None:
    picker = Picker(browser)
    picker.choose("nowhere")

    assert claims(tool, picker.choose("tuin"))


@pytest.mark.parametrize(
    "data", ["", "x", "a&b=c%20+ü€\"'<>\\", "\ud83d\ude00", "\u0000\u2028", '{"a": 1}', "x" * 9000]
)
def test_66_data_is_echoed_exactly(tool: Flask, browser: Browser, data: str) -> None:
    answer = claims(tool, Picker(browser, data=data).choose("tuin"))

    assert answer[DLI + "data"] == data.encode("utf-16", "surrogatepass").decode("utf-16")


def test_66_no_data_is_sent_where_none_came(tool: Flask, browser: Browser) -> None:
    assert DLI + "data" not in claims(tool, Picker(browser, data=None).choose("tuin"))


def test_a_selection_verifies_at_every_moment_of_a_key_rotation(
    tool: Flask, browser: Browser, clock: Any
) -> None:
    keys = tool.extensions["proeftuin"].keys
    kids = set()
    for _ in range(4):
        with tool.app_context():
            keys.rotate()
        answer = Picker(browser).choose("tuin")
        claims(tool, answer)
        found = re.search(r'name="JWT" value="([^"]+)"', answer.text)
        assert found is not None
        kids.add(jwt.get_unverified_header(found[1])["kid"])
        clock.turn(seconds=PUBLISH_BEFORE.total_seconds())

    assert len(kids) > 1
