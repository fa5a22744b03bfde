"""The checks of a launch, one table each; the rows of the specification stand beside this file."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pylti1p3.exception import LtiException
from tinylms import Browser, Lms, code_of

from lti_tool.errors import ToolError
from lti_tool.launch import adapter
from lti_tool.platforms.registry import KnownPlatform


class Refuses:
    """A validator as the library has them, which refuses everything."""

    def can_validate(self, _body: Any) -> bool:
        return True

    def validate(self, _body: Any) -> bool:
        raise LtiException("no")


@pytest.mark.parametrize("deep", [False, True])
def test_the_librarys_validators_have_the_last_word(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, deep: bool
) -> None:
    monkeypatch.setattr(adapter, "get_validators", lambda: [Refuses()])
    assert code_of(browser.launch(deep=deep)) == "claims-incomplete"


def test_the_librarys_validators_are_reached_by_a_good_launch(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = []

    class Notes(Refuses):
        def validate(self, body: Any) -> bool:
            reached.append(body["sub"])
            return True

    monkeypatch.setattr(adapter, "get_validators", lambda: [Notes()])
    assert browser.launch().status_code == 303
    assert reached == ["learner-4"]


NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("issued", "expires", "holds"),
    [
        (NOW, NOW + 60, True),
        (NOW + 60, NOW + 120, True),  # the platform's clock is a minute ahead
        (NOW + 61, NOW + 120, False),
        (NOW - 3600, NOW - 59, True),  # ours is a minute ahead
        (NOW - 3600, NOW - 60, False),
        (NOW, NOW - 1, False),
        (NOW + 0.5, NOW + 60.5, True),
        (str(NOW), NOW + 60, False),
        (NOW, None, False),
        (True, NOW + 60, False),
        (-1, NOW + 60, False),
        (NOW, 2**60, False),
        (float("nan"), NOW + 60, False),
    ],
)
def test_times(issued: Any, expires: Any, holds: bool) -> None:
    """Security Framework 1.0 §5.1.3, 6 to 8, with a minute of leeway."""
    refused = code(adapter._check_times, {"iat": issued, "exp": expires}, NOW)
    assert refused == (None if holds else "token-time")


@pytest.fixture
def platform() -> KnownPlatform:
    values = dict.fromkeys(KnownPlatform.__slots__, "")
    return KnownPlatform(**values | {"issuer": "https://lms.example", "client_id": "us"})


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"aud": ["us"]}, None),
        ({"aud": ["us", "us"], "azp": "us"}, None),
        ({"azp": "us"}, None),
        ({"iss": "https://lms.example/"}, "token-issuer"),
        ({"iss": None}, "token-issuer"),
        ({"aud": "them"}, "token-audience"),
        ({"aud": []}, "token-audience"),
        ({"aud": ["us", "them"], "azp": "us"}, "token-audience"),
        ({"aud": ["us", "us"]}, "token-audience"),
        ({"aud": {"us": 1}}, "token-audience"),
        ({"aud": None}, "token-audience"),
        ({"azp": "them"}, "token-audience"),
        ({"azp": None}, "token-audience"),
    ],
)
def test_parties(changes: dict[str, Any], refusal: str | None, platform: KnownPlatform) -> None:
    """Security Framework 1.0 §5.1.3, 2 to 4; an audience beside us is not trusted."""
    body = {"iss": "https://lms.example", "aud": "us"} | changes
    assert code(adapter._check_parties, body, platform) == refusal


@pytest.mark.parametrize(
    ("token", "refusal"),
    [
        (None, "token-missing"),
        ("", "token-missing"),
        ("a.b", "token-malformed"),
        ("a.b.c.d", "token-malformed"),
        ("ä.b.c", "token-malformed"),
        ("e30.e30.c", "token-algorithm"),  # {}
        ("W10.e30.c", "token-malformed"),  # []
        ("eyJhbGciOiJub25lIiwia2lkIjoiayJ9.e30.c", "token-algorithm"),  # none
        ("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsifQ.e30.c", "token-algorithm"),  # HS256
        ("eyJhbGciOiJSUzI1NiJ9.e30.c", "token-key"),  # no kid
        ("eyJhbGciOiJSUzI1NiIsImtpZCI6MX0.e30.c", "token-key"),  # a number for a kid
        ("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsiLCJqa3UiOiJ4In0.e30.c", "token-key"),  # jku
        ("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.c", None),
        ("a." * 40_000, "token-too-large"),
    ],
)
def test_headers(token: str | None, refusal: str | None) -> None:
    assert code(adapter._read_header, token) == refusal


def code(check: Any, *given: Any) -> str | None:
    """The code with which a check refuses, or None."""
    try:
        check(*given)
    except ToolError as error:
        return error.code
    return None


def test_no_key_is_fetched_for_a_state_that_is_not_ours(lms: Lms, browser: Browser) -> None:
    """Else anybody could make us ask any platform for keys, as often as they like."""
    fetched: list[object] = []
    asked = adapter.Verifier(None, states_of(browser), fetched.append, "")
    form = {"state": "made-up", "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.c"}
    with pytest.raises(ToolError, match="state-unknown"):
        asked.verify(form, lambda _state: "x", datetime.now(UTC))
    assert fetched == []


def states_of(browser: Browser) -> Any:
    return browser.client.application.extensions["proeftuin"].states
