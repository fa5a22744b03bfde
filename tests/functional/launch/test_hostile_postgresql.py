"""PostgreSQL is stricter than SQLite about text: hostile shapes must not get that far."""

import json
from typing import Any

import pytest
from hostile import MARK, claim_changes, inner_changes
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from tinylms import GONE, TOOL, Browser, changed

CASES = hypothesis_settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def database_url(postgres_tables: str) -> str:
    return postgres_tables


@pytest.mark.parametrize("deep", [False, True], ids=["resource link", "deep linking"])
def test_claims_of_any_shape(browser: Browser, deep: bool) -> None:
    @CASES
    @given(claim_changes, inner_changes)
    def run(changes: dict[str, Any], change: tuple[str, dict[str, Any]]) -> None:
        name, inner = change
        opening = browser.login()
        make = browser.lms.deep_linking_claims if deep else browser.lms.claims
        body = changed(make(opening.nonce, browser.now()), changes)
        if isinstance(body.get(name), dict):
            body[name] = changed(body[name], inner)
        header = {"alg": "RS256", "kid": browser.lms.kid}
        token = browser.lms.sign_raw(header, json.dumps(body).encode())
        response = browser.post(id_token=token, state=opening.state)
        assert response.status_code < 500, response.text
        assert MARK not in response.text

    run()


@pytest.mark.parametrize(
    "path",
    [
        "/l/%00/",
        "/l/%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00/",
        "/l/%ff/",
    ],
)
def test_addresses_with_bytes_that_postgresql_refuses(browser: Browser, path: str) -> None:
    for method in ("GET", "POST"):
        response = browser.client.open(path, method=method, base_url=TOOL)
        assert response.status_code in {400, 401, 404}


def test_login_fields_with_bytes_that_postgresql_refuses(browser: Browser) -> None:
    for name in ("iss", "client_id", "login_hint", "target_link_uri", "lti_deployment_id"):
        for value in ("\0", "a\0b", "\ud800", GONE):
            given_value = value if value is GONE else str(value).encode("utf-8", "surrogatepass")
            response = browser.login(**{name: given_value}).response
            assert response.status_code < 500
