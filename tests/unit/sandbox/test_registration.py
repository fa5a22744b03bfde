"""Dynamic registration as Moodle and Canvas do it."""

import copy
from typing import Any

import pytest
import requests
from functional.driver import Driver
from unit.sandbox.peer import AGS, SCORE, Platform

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"


def offer(peer: Platform) -> dict[str, Any]:
    """A registration as a well-behaved tool sends it."""
    url = peer.tool.url
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{url}/lti/login",
        "redirect_uris": [f"{url}/lti/launch"],
        "client_name": "Proeftuin",
        "jwks_uri": f"{url}/lti/jwks.json",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": SCORE,
        TOOL: {
            "domain": url.removeprefix("http://"),
            "target_link_uri": f"{url}/lti/launch",
            "claims": ["iss", "sub"],
            "messages": [{"type": "LtiDeepLinkingRequest"}],
        },
    }


def register(peer: Platform, body: Any, token: str | None = None) -> requests.Response:
    start = peer.api("POST", "registration-tokens", {})
    configuration = requests.get(start["openid_configuration"], timeout=10).json()
    return requests.post(
        configuration["registration_endpoint"],
        json=body,
        headers={"Authorization": f"Bearer {token or start['registration_token']}"},
        timeout=10,
    )


def test_the_configuration_names_every_endpoint(platform: Platform) -> None:
    url = platform.api("POST", "registration-tokens", {})["openid_configuration"]

    found = requests.get(url, timeout=10).json()

    assert found["issuer"] == platform.lms.issuer
    assert found["jwks_uri"] == platform.lms.url("jwks")
    assert found["token_endpoint"] == platform.lms.url("token")
    assert found["authorization_endpoint"] == platform.lms.url("auth")
    assert found[PLATFORM]["product_family_code"] == platform.lms.habits.product
    assert "LtiDeepLinkingRequest" in {m["type"] for m in found[PLATFORM]["messages_supported"]}


def test_a_registered_tool_waits_until_it_is_activated_and_then_works(platform: Platform) -> None:
    answer = register(platform, offer(platform))

    assert answer.status_code in (200, 201)
    client_id = answer.json()["client_id"]
    assert answer.json()["scope"] == SCORE
    own = platform.assertion(iss=client_id, sub=client_id)
    assert platform.ask_token(platform.tool.sign(own)).status_code in (400, 401), "still pending"

    platform.api("PATCH", "clients", {"client_id": client_id})

    own["jti"] = "another"
    assert platform.ask_token(platform.tool.sign(own)).status_code == 200
    driver = Driver(platform.server.base_url, platform.lms.name)
    activity = driver.add_activity("Een lastig gesprek")
    assert driver.launch(activity["id"]).status_code == 200
    assert activity["client_id"] == client_id
    unasked = platform.ask_token(platform.tool.sign(own | {"jti": "third"}), scope=AGS + "lineitem")
    assert unasked.status_code == 400


@pytest.mark.parametrize(("profile", "told"), [("moodle", True), ("canvas", False)])
def test_only_moodle_tells_the_deployment_id(platform_of: Any, profile: str, told: bool) -> None:
    peer = platform_of(profile)

    answer = register(peer, offer(peer)).json()

    assert ("deployment_id" in answer[TOOL]) is told


def test_a_registration_token_works_once_and_within_the_hour(platform: Platform) -> None:
    token = platform.api("POST", "registration-tokens", {})["registration_token"]
    assert register(platform, offer(platform), token).ok
    assert register(platform, offer(platform), token).status_code == 401

    late = platform.api("POST", "registration-tokens", {})["registration_token"]
    platform.hands.ahead += 3601
    assert register(platform, offer(platform), late).status_code == 401
    assert register(platform, offer(platform), "invented").status_code == 401


SPOILT: list[tuple[str, Any]] = [
    ("response_types", ["code"]),
    ("initiate_login_uri", ""),
    ("redirect_uris", []),
    ("client_name", None),
    ("jwks_uri", 7),
    ("token_endpoint_auth_method", "client_secret_basic"),
    ("scope", ""),
    (TOOL, "text"),
]


@pytest.mark.parametrize(("name", "value"), SPOILT, ids=[row[0] for row in SPOILT])
def test_a_field_that_is_missing_or_wrong_is_named(
    platform: Platform, name: str, value: Any
) -> None:
    answer = register(platform, offer(platform) | {name: value})

    assert answer.status_code == (422 if platform.lms.name == "canvas" else 400)
    assert name in answer.json()["error_description"]
    assert len(platform.state()["clients"]) == 1


@pytest.mark.parametrize(
    ("profile", "domain", "good"),
    [
        ("moodle", "127.0.0.1", False),
        ("canvas", "127.0.0.1", True),
        ("canvas", "http://127.0.0.1", False),
        ("strict", "elsewhere.example", False),
    ],
)
def test_the_domain_must_fit_and_moodle_wants_its_port(
    platform_of: Any, profile: str, domain: str, good: bool
) -> None:
    peer = platform_of(profile)
    body = copy.deepcopy(offer(peer))
    body[TOOL]["domain"] = domain

    assert register(peer, body).ok is good


@pytest.mark.parametrize(("profile", "good"), [("moodle", True), ("canvas", False)])
def test_unknown_scopes_are_dropped_by_moodle_and_refused_by_canvas(
    platform_of: Any, profile: str, good: bool
) -> None:
    peer = platform_of(profile)

    answer = register(peer, offer(peer) | {"scope": f"{SCORE} https://example.org/other"})

    assert answer.ok is good
    if good:
        assert answer.json()["scope"] == SCORE
    else:
        assert answer.status_code == 422
