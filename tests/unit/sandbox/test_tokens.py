"""The token endpoint: whom it trusts, what it refuses, and in which words per platform."""

import json
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from unit.sandbox.peer import AGS, SCORE, FakeTool, Platform

OTHER = "https://elsewhere.example/token"


def defective(peer: Platform, defect: str) -> str:
    """An assertion with exactly one thing wrong."""
    now = int(peer.hands())
    changes: dict[str, dict[str, Any]] = {
        "jwt_iss": {"iss": "somebody-else"},
        "jwt_aud": {"aud": OTHER},
        "jwt_exp_missing": {"exp": None},
        "jwt_expired": {"exp": now - 1, "iat": now - 100},
        "jwt_iat_missing": {"iat": None},
        "jwt_iat_future": {"iat": now + 45},
        "jwt_jti_missing": {"jti": None},
        "token_client": {"sub": "somebody-else"},
    }
    headers: dict[str, dict[str, Any]] = {
        "jwt_alg": {"alg": "RS512"},
        "jwt_kid_missing": {"kid": None},
        "jwt_kid_unknown": {"kid": "no-such-key"},
        "jwt_header": {"jku": OTHER},
    }
    if defect == "jwt_shape":
        return "not.a.jwt"
    if defect == "jwt_signature":
        head, body, _ = peer.tool.sign(peer.assertion()).split(".")
        return ".".join((head, body, peer.tool.sign({"other": 1}).split(".")[2]))
    return peer.tool.sign(peer.assertion(**changes.get(defect, {})), **headers.get(defect, {}))


DEFECTS = (
    "jwt_iss",
    "jwt_aud",
    "jwt_exp_missing",
    "jwt_expired",
    "jwt_iat_missing",
    "jwt_iat_future",
    "jwt_jti_missing",
    "token_client",
    "jwt_alg",
    "jwt_kid_missing",
    "jwt_kid_unknown",
    "jwt_header",
    "jwt_shape",
    "jwt_signature",
)


def test_an_honest_assertion_gets_an_hour_of_the_scope_it_asked_for(platform: Platform) -> None:
    answer = platform.ask_token()

    assert answer.status_code == 200
    body = answer.json()
    assert body["expires_in"] == 3600
    assert body["token_type"] == "Bearer"
    assert body["scope"] == SCORE
    assert platform.last("token")["verdict"] == "accepted"


@pytest.mark.parametrize("defect", DEFECTS)
def test_one_defect_is_enough_to_be_refused(platform: Platform, defect: str) -> None:
    answer = platform.ask_token(defective(platform, defect))

    assert answer.status_code in (400, 401)
    assert platform.refused("token") == defect
    assert "access_token" not in answer.text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"grant_type": "password"}, "token_grant_type"),
        ({"client_assertion_type": "urn:other"}, "token_assertion_type"),
        ({"client_assertion": ""}, "jwt_missing"),
        ({"scope": ""}, "token_scope_missing"),
        ({"scope": "https://example.org/scope/everything"}, "token_scope_unknown"),
    ],
)
def test_the_form_around_the_assertion_counts(
    platform: Platform, fields: dict[str, str], code: str
) -> None:
    platform.ask_token(**fields)

    assert platform.refused("token") == code


@pytest.mark.parametrize(
    ("profile", "defect", "status", "needle"),
    [
        ("strict", "jwt_aud", 401, '"error": "invalid_client"'),
        ("moodle", "jwt_expired", 400, "Expired token"),
        ("moodle", "token_client", 400, "invalid_client"),
        ("canvas", "jwt_signature", 400, "JWS signature invalid."),
        ("canvas", "token_client", 401, "invalid_client"),
    ],
)
def test_each_platform_says_no_in_its_own_words(
    platform_of: Any, profile: str, defect: str, status: int, needle: str
) -> None:
    peer = platform_of(profile)

    answer = peer.ask_token(defective(peer, defect))

    assert answer.status_code == status
    assert needle in answer.text
    media_type = "text/html; charset=utf-8" if profile == "moodle" else "application/json"
    assert answer.headers["Content-Type"] == media_type


def test_moodle_says_no_with_json_that_is_not_json(moodle: Platform) -> None:
    answer = moodle.ask_token(defective(moodle, "jwt_kid_unknown"))

    assert '"kid" invalid' in answer.text
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_moodle_serves_its_tokens_as_html(moodle: Platform) -> None:
    assert moodle.ask_token().headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("profile", "second"), [("strict", 401), ("canvas", 400), ("moodle", 200)])
def test_an_assertion_works_once_except_on_moodle(
    platform_of: Any, profile: str, second: int
) -> None:
    peer = platform_of(profile)
    assertion = peer.tool.sign(peer.assertion())

    assert peer.ask_token(assertion).status_code == 200
    assert peer.ask_token(assertion).status_code == second
    assert peer.refused("token") == (None if profile == "moodle" else "jwt_jti_reused")


@pytest.mark.parametrize("profile", ["strict", "canvas"])
def test_an_assertion_from_long_ago_is_refused_though_it_has_not_expired(
    platform_of: Any, profile: str
) -> None:
    peer = platform_of(profile)

    peer.ask_token(peer.tool.sign(peer.assertion(iat=int(peer.hands()) - 400)))

    assert peer.refused("token") == "jwt_iat_old"


def test_moodle_drops_scopes_it_does_not_know_and_grants_the_rest(moodle: Platform) -> None:
    answer = moodle.ask_token(scope=f"{SCORE} https://example.org/scope/everything")

    assert answer.json()["scope"] == SCORE


def test_asking_to_read_results_is_noted_as_a_broken_promise(platform: Platform) -> None:
    platform.ask_token(scope=AGS + "result.readonly")

    assert [found["what"] for found in platform.state()["violations"]] == ["result.readonly"]


@pytest.mark.parametrize(("profile", "fetches"), [("strict", 0), ("moodle", 0), ("canvas", 3)])
def test_canvas_fetches_the_tools_keys_every_time_and_others_keep_them(
    platform_of: Any, tool: FakeTool, profile: str, fetches: int
) -> None:
    peer = platform_of(profile)
    peer.ask_token()
    before = tool.jwks_fetches

    for _ in range(3):
        assert peer.ask_token().status_code == 200

    assert tool.jwks_fetches - before == fetches


def test_a_new_key_of_the_tool_works_at_once(platform: Platform, tool: FakeTool) -> None:
    assert platform.ask_token().status_code == 200
    tool.keys.append(RSAKey.generate_key(2048, auto_kid=True))

    assert platform.ask_token().status_code == 200


def test_keys_that_cannot_be_fetched_are_named_as_the_reason(canvas: Platform) -> None:
    canvas.lms.client.jwks_url = canvas.tool.url + "/nowhere"

    canvas.ask_token()

    assert canvas.refused("token") == "jwt_keys_unreachable"
    assert "HTTP 404" in canvas.last("token")["reason"]["text"]
