"""An LMS registers itself: what is asked of it, what is kept, and who is kept out."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from registering import PLATFORM, SCORE, TOOL, TOOL_URL, platforms, publish, register, unused

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.platforms.registration import (
    canvas_configuration,
)


def test_an_invited_lms_registers_itself(tool: Flask, local_server: Any, invite: Any) -> None:
    publish(local_server)

    response = register(tool, invite("Moodle"), f"{local_server.url}/config?x=1")

    assert response.status_code == 200
    assert 'data-page="registered"' in response.text
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    (platform,) = platforms(tool)
    assert (platform.name, platform.family, platform.status) == ("Moodle", "moodle", "active")
    assert (platform.issuer, platform.client_id) == (local_server.url, "given-1")
    assert platform.jwks_url == f"{local_server.url}/jwks"
    assert [(d.deployment_id, d.status) for d in platform.deployments] == [("7", "active")]
    first, second = local_server.asked
    assert first[:2] == ("GET", "/config?x=1")
    assert second[:2] == ("POST", "/registrations")
    for _, _, headers, _ in local_server.asked:
        assert headers["authorization"] == "Bearer reg-token"


def test_the_paste_in_configuration_for_canvas(tool: Flask) -> None:
    response = tool.test_client().get("/lti/canvas.json", base_url=TOOL_URL)

    assert response.json == canvas_configuration(TOOL_URL)
    assert response.json["scopes"] == [SCORE]
    (extension,) = response.json["extensions"]
    assert extension["privacy_level"] == "anonymous"
    placements = extension["settings"]["placements"]
    assert len(placements) == len({row["placement"] for row in placements}) == 4
    assert {row["message_type"] for row in placements} == {"LtiDeepLinkingRequest"}


@pytest.mark.parametrize(
    ("product", "family"),
    [
        ("moodle", "moodle"),
        ("canvas", "canvas"),
        ("Canvas", "canvas"),
        ("desire2learn", "brightspace"),
        ("BlackboardLearn", "blackboard"),
        ("sakai", "sakai"),
        ("somebody-else", "generic"),
        (None, "generic"),
        (7, "generic"),
        ("", "generic"),
    ],
)
def test_the_family_follows_from_what_the_lms_calls_itself(
    tool: Flask, local_server: Any, invite: Any, product: Any, family: str
) -> None:
    publish(local_server, **{PLATFORM: {"product_family_code": product}})

    register(tool, invite(), f"{local_server.url}/config")

    (platform,) = platforms(tool)
    assert platform.family == family


def test_without_a_deployment_the_first_one_waits_for_approval(
    tool: Flask, local_server: Any, invite: Any
) -> None:
    publish(local_server, {"client_id": "given-1"})

    response = register(tool, invite("My LMS"), f"{local_server.url}/config")

    assert "proeftuin platforms approve" in response.text
    (platform,) = platforms(tool)
    assert platform.deployments == []


BAD: dict[str, tuple[dict[str, Any], Any, str]] = {
    "70 issuer of another host": (
        {"issuer": "https://other.example"},
        None,
        "configuration-issuer",
    ),
    "no issuer": ({"issuer": ...}, None, "configuration-issuer"),
    "issuer is a number": ({"issuer": 7}, None, "configuration-issuer"),
    "issuer is broken": ({"issuer": "https://[::1"}, None, "configuration-issuer"),
    "no jwks_uri": ({"jwks_uri": ...}, None, "configuration-unusable"),
    "token_endpoint is a list": ({"token_endpoint": []}, None, "configuration-unusable"),
    "registration_endpoint is a file": (
        {"registration_endpoint": "file:///etc/passwd"},
        None,
        "configuration-unreachable",
    ),
    "jwks_uri is a script": (
        {"jwks_uri": "javascript:alert(1)"},
        None,
        "configuration-unusable",
    ),
    "the answer is a list": ({}, [], "registration-declined"),
    "the answer has no client_id": ({}, {"ok": True}, "registration-declined"),
    "the client_id is a number": ({}, {"client_id": 7}, "registration-declined"),
    "the client_id is far too long": ({}, {"client_id": "x" * 256}, "configuration-unusable"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_registered_leaves_nothing_and_may_be_tried_again(
    tool: Flask, local_server: Any, invite: Any, case: str
) -> None:
    changes, answer, code = BAD[case]
    publish(local_server, answer, **changes)
    invitation = invite()

    response = register(tool, invitation, f"{local_server.url}/config")

    assert (response.status_code, response.headers["X-Proeftuin-Error"]) == (400, code)
    assert platforms(tool) == []
    assert unused(tool) == 1
    publish(local_server)
    assert register(tool, invitation, f"{local_server.url}/config").status_code == 200


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((404, {}, b"{}"), "configuration-unusable"),
        ((302, {"Location": "/elsewhere"}, b""), "configuration-unusable"),
        ((200, {}, b"<h1>"), "configuration-unusable"),
        ((200, {}, b"[]"), "configuration-unusable"),
        ((200, {}, b"x" * 600_000), "configuration-unreachable"),
    ],
)
def test_70_a_configuration_that_is_none(
    tool: Flask, local_server: Any, invite: Any, reply: Any, code: str
) -> None:
    local_server.replies["/config"] = reply

    response = register(tool, invite(), f"{local_server.url}/config")

    assert (response.status_code, response.headers["X-Proeftuin-Error"]) == (400, code)
    assert local_server.count("/elsewhere") == 0
    assert platforms(tool) == []


def test_a_refusal_by_the_lms(tool: Flask, local_server: Any, invite: Any) -> None:
    publish(local_server)
    local_server.replies["/registrations"] = (401, {}, b'{"error": "token_already_used"}')

    response = register(tool, invite(), f"{local_server.url}/config")

    assert response.headers["X-Proeftuin-Error"] == "registration-declined"


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/config",
        "https://10.0.0.1/config",
        "http://lms.example/config",
        "file:///etc/passwd",
    ],
)
def test_70_addresses_inside_our_network_are_never_asked(
    settings: Settings, clock: Any, url: str
) -> None:
    app = create_app(
        replace(settings, base_url=TOOL_URL, allow_private_platforms=False), clock=clock
    )
    with app.app_context():
        code = app.extensions["proeftuin"].registrations.invite().partition("=")[2]

    response = register(app, code, url)

    assert response.headers["X-Proeftuin-Error"] == "configuration-unreachable"
    assert unused(app) == 1
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_registration_never_changes_another_platform(
    tool: Flask, local_server: Any, invite: Any
) -> None:
    publish(local_server)
    register(tool, invite(), f"{local_server.url}/config")
    publish(local_server, {"client_id": "given-2"})

    register(tool, invite(), f"{local_server.url}/config")

    assert [(p.name, p.client_id) for p in platforms(tool)] == [
        ("127.0.0.1", "given-1"),
        ("127.0.0.1 2", "given-2"),
    ]


@pytest.mark.parametrize(
    "query",
    ["", "invitation=x", "openid_configuration=https://lms.example", "invitation=a&invitation=b"],
)
def test_the_address_is_not_a_page_to_visit(tool: Flask, query: str) -> None:
    response = tool.test_client().get(f"/lti/register?{query}", base_url=TOOL_URL)

    assert response.headers["X-Proeftuin-Error"] == "registration-incomplete"


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_configurations_and_answers_of_any_shape(
    tool: Flask, local_server: Any, invite: Any
) -> None:
    @hypothesis_settings(
        max_examples=100,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        st.dictionaries(
            st.sampled_from(
                ["issuer", "token_endpoint", "jwks_uri", "authorization_endpoint", PLATFORM]
            ),
            values,
            max_size=3,
        ),
        st.fixed_dictionaries({}, optional={"client_id": values, TOOL: values, "scope": values}),
    )
    def run(changes: dict[str, Any], answer: dict[str, Any]) -> None:
        publish(local_server, answer, **changes)

        response = register(tool, invite(), f"{local_server.url}/config")

        assert response.status_code in {200, 400}, response.text

    run()
