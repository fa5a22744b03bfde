"""No input of any shape breaks the doors: never a 5xx, never an echo, nothing stored.

Headers, claims and form fields are mutated; everything mutated is correctly signed where there is
a signature at all, so that it reaches the code behind the signature.
"""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hostile import MARK, claim_changes, header_changes, inner_changes, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinylms import TOOL, Browser, changed, stored
from werkzeug.test import TestResponse

CASES = settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def clean(response: TestResponse) -> None:
    assert response.status_code < 500, response.text
    assert MARK not in response.text
    assert MARK not in str(response.headers)


def launch_raw(browser: Browser, header: dict[str, Any], body: dict[str, Any]) -> TestResponse:
    opening = browser.login()
    body = {name: opening.nonce if value == "NONCE" else value for name, value in body.items()}
    token = browser.lms.sign_raw(header, json.dumps(body).encode())
    return browser.post(id_token=token, state=opening.state)


def outcome(browser: Browser, tool: Flask, response: TestResponse, before: dict[str, int]) -> None:
    clean(response)
    if response.status_code == 303:  # what was changed did not matter: then the page must do
        page = browser.client.get(response.headers["Location"], base_url=TOOL)
        assert page.status_code < 500, page.text
        browser.client.delete_cookie(
            f"__Host-pt-{response.headers['Location'].split('/')[2]}", domain="tool.example"
        )
    else:
        assert stored(tool) == before


@pytest.mark.parametrize("deep", [False, True], ids=["resource link", "deep linking"])
def test_claims_of_any_shape(browser: Browser, tool: Flask, deep: bool) -> None:
    make = browser.lms.deep_linking_claims if deep else browser.lms.claims

    @CASES
    @given(claim_changes)
    def run(changes: dict[str, Any]) -> None:
        before = stored(tool)
        body = changed(make("NONCE", browser.now()), changes)
        header = {"alg": "RS256", "kid": browser.lms.kid}
        outcome(browser, tool, launch_raw(browser, header, body), before)

    run()


@pytest.mark.parametrize("deep", [False, True], ids=["resource link", "deep linking"])
def test_claims_with_insides_of_any_shape(browser: Browser, tool: Flask, deep: bool) -> None:
    make = browser.lms.deep_linking_claims if deep else browser.lms.claims

    @CASES
    @given(inner_changes)
    def run(change: tuple[str, dict[str, Any]]) -> None:
        before = stored(tool)
        name, inner = change
        body = make("NONCE", browser.now())
        held = body.get(name)
        body[name] = changed(held if isinstance(held, dict) else {}, inner)
        header = {"alg": "RS256", "kid": browser.lms.kid}
        outcome(browser, tool, launch_raw(browser, header, body), before)

    run()


def test_headers_of_any_shape(browser: Browser, tool: Flask) -> None:
    @CASES
    @given(header_changes)
    def run(changes: dict[str, Any]) -> None:
        before = stored(tool)
        header = changed({"alg": "RS256", "typ": "JWT", "kid": browser.lms.kid}, changes)
        body = browser.lms.claims("NONCE", browser.now())
        outcome(browser, tool, launch_raw(browser, header, body), before)

    run()


def test_payloads_that_are_no_object(browser: Browser, tool: Flask) -> None:
    payloads = st.one_of(
        st.binary(max_size=200),
        values.map(lambda value: json.dumps(value).encode()),
        st.integers(min_value=1, max_value=5000).map(lambda n: b"[" * n),
        st.just(b'{"a":' + b"9" * 5000 + b"}"),
        st.just(b'{"sub":"a","sub":"b"}'),
    )

    @CASES
    @given(payloads)
    def run(payload: bytes) -> None:
        before = stored(tool)
        opening = browser.login()
        token = browser.lms.sign_raw({"alg": "RS256", "kid": browser.lms.kid}, payload)
        response = browser.post(id_token=token, state=opening.state)
        assert response.status_code in {400, 401}
        clean(response)
        assert stored(tool) == before

    run()


fields = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(
                [
                    "iss",
                    "client_id",
                    "login_hint",
                    "target_link_uri",
                    "lti_message_hint",
                    "lti_deployment_id",
                    "lti_storage_target",
                    "id_token",
                    "state",
                    "value",
                    "error",
                    "s",
                    "c",
                    "w",
                ]
            ),
            st.text(max_size=8),
        ),
        st.one_of(
            st.binary(max_size=60),
            st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
            st.text(max_size=20).map(lambda text: (MARK + text).encode("utf-8", "surrogatepass")),
            st.sampled_from([b"https://lms.example", b"client-1", TOOL.encode() + b"/lti/launch"]),
        ),
    ),
    max_size=8,
)


@pytest.mark.parametrize("path", ["/lti/login", "/lti/launch", "/lti/confirm"])
def test_forms_of_any_shape(browser: Browser, tool: Flask, path: str) -> None:
    @CASES
    @given(fields, st.sampled_from(["form", "query", "both"]), st.booleans())
    def run(pairs: list[tuple[str, bytes]], where: str, frame: bool) -> None:
        encoded = urlencode([(name.encode("utf-8", "replace"), value) for name, value in pairs])
        response = browser.client.open(
            path,
            method="GET" if where == "query" else "POST",
            query_string=encoded if where != "form" else "",
            data=encoded if where != "query" else None,
            content_type="application/x-www-form-urlencoded",
            headers={"Sec-Fetch-Dest": "iframe", "Origin": TOOL} if frame else {"Origin": TOOL},
            base_url=TOOL,
        )
        assert response.status_code < 500, response.text
        if response.status_code not in {302, 307} and "browser-cookieless" not in response.text:
            assert MARK not in response.text
        assert not any(stored(tool).values())

    run()


def test_bodies_that_are_no_form(browser: Browser, tool: Flask) -> None:
    @CASES
    @given(
        st.binary(max_size=300),
        st.sampled_from(
            [
                "application/json",
                "multipart/form-data",
                "multipart/form-data; boundary=x",
                "text/plain; charset=utf-16",
                "application/x-www-form-urlencoded; charset=utf-7",
                "",
            ]
        ),
        st.sampled_from(["/lti/login", "/lti/launch", "/lti/confirm"]),
    )
    def run(body: bytes, kind: str, path: str) -> None:
        response = browser.client.post(
            path, data=body, content_type=kind, headers={"Origin": TOOL}, base_url=TOOL
        )
        assert 400 <= response.status_code < 500, response.text
        assert not any(stored(tool).values())

    run()


def test_addresses_of_any_shape(browser: Browser) -> None:
    @CASES
    @given(st.text(max_size=30), st.sampled_from(["GET", "POST"]))
    def run(text: str, method: str) -> None:
        path = "/l/" + text.encode("utf-8", "replace").decode()
        response = browser.client.open(path, method=method, base_url=TOOL)
        assert response.status_code < 500, response.text

    run()
