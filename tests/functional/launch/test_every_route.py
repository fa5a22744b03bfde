"""Every route, read from the app itself, under random input by people with a session: never a 5xx,
never an echo of markup."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tinylms import LTI, TOOL, Browser, Lms, register
from visits import GARDEN, document_of
from werkzeug.exceptions import HTTPException

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.experience.library import publishing

MARKUP = "<i>ECHO</i>"

FIELDS = [
    "s",
    "item",
    "cancel",
    "choice",
    "node",
    "text",
    "place",
    "at",
    "step",
    "answer",
    "confidence",
    "invitation",
    "openid_configuration",
    "registration_token",
    "lang",
    "v",
    "format",
]

words = st.one_of(
    st.text(max_size=30),
    st.text(max_size=10).map(lambda text: MARKUP + text),
    st.integers().map(str),
    st.sampled_from(["", "tuin", "hek", "groet", "vraag", "woorden", "0", "-1", "1e999", "None"]),
)


@pytest.fixture
def tool(settings: Settings, clock: Any, lms: Lms, database_url: str) -> Iterator[Flask]:
    app = create_app(replace(settings, database_url=database_url), clock=clock)
    app.extensions["lms"] = lms
    with app.app_context():
        register(app, lms)
        publishing.publish(db.session(), document_of(GARDEN), clock())
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def enter(tool: Flask, clock: Any, *, deep: bool) -> tuple[Browser, str, str]:
    browser = Browser(tool.test_client(), tool.extensions["lms"], lambda: clock().timestamp())
    response = browser.launch({LTI + "custom": {"item": "tuin"}}, deep=deep)
    where = response.headers["Location"]
    page = browser.client.get(where, base_url=TOOL)
    assert page.status_code == 200, page.text
    return browser, where.split("/")[2], page.text.partition('name="s" value="')[2].split('"')[0]


NUMBERS = {"step", "reaction"}


@pytest.mark.parametrize("deep", [False, True], ids=["learner", "designer"])
def test_no_route_breaks(tool: Flask, clock: Any, deep: bool) -> None:
    rules = [rule for rule in tool.url_map.iter_rules() if rule.endpoint != "static"]
    adapter = tool.url_map.bind("tool.example", url_scheme="https")
    held = enter(tool, clock, deep=deep)

    @hypothesis_settings(
        max_examples=400,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        st.sampled_from(rules),
        st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]),
        st.dictionaries(st.sampled_from(FIELDS), st.lists(words, max_size=3), max_size=5),
        st.lists(words.filter(bool), min_size=4, max_size=4),
        st.integers(min_value=0, max_value=2**70),
        st.booleans(),
    )
    def run(
        rule: Any,
        method: str,
        fields: dict[str, list[str]],
        values: list[str],
        number: int,
        own: bool,
    ) -> None:
        nonlocal held
        browser, session_id, proof = held
        open_to = rule.arguments - set(rule.defaults or ())  # a trial's acts are fixed
        chosen: dict[str, Any] = dict(zip(sorted(open_to), values, strict=False))
        chosen |= {name: number for name in chosen if name.endswith("_id") or name in NUMBERS}
        if "session_id" in rule.arguments:
            chosen["session_id"] = session_id
        try:
            path = adapter.build(rule.endpoint, chosen)
        except (HTTPException, ValueError):
            return
        if own:
            fields = fields | {"s": [proof]}
        response = browser.client.open(
            path,
            method=method,
            data=fields if method != "GET" else None,
            query_string=fields if method == "GET" else None,
            headers={"Origin": TOOL},
            base_url=TOOL,
            buffered=True,
        )
        # Without migrations in this test's database, and only there, the tool is not ready.
        assert response.status_code < 500 or rule.endpoint == "health.readyz", response.text
        if response.mimetype == "text/html":
            assert MARKUP not in response.text
        if response.status_code == 401 or rule.endpoint.startswith(("learner.", "deeplink.choose")):
            held = enter(tool, clock, deep=deep)

    run()
