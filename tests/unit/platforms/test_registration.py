"""An LMS registers itself: what is asked of it, what is kept, and who is kept out."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.platforms.families import CANVAS, FAMILIES
from lti_tool.platforms.models import Invitation, Platform
from lti_tool.platforms.registration import (
    VALID,
    _same_platform,
    canvas_configuration,
    registration_request,
)
from lti_tool.platforms.registry import CannotRegister

TOOL_URL = "https://tool.example:8443"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
COMPLETION = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


@pytest.fixture
def tool(settings: Settings, clock: Any) -> Iterator[Flask]:
    app = create_app(replace(settings, base_url=TOOL_URL), clock=clock)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def configuration(base: str, **changes: Any) -> dict[str, Any]:
    found = {
        "issuer": base,
        "authorization_endpoint": f"{base}/auth",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks",
        "registration_endpoint": f"{base}/registrations",
        PLATFORM: {"product_family_code": "moodle", "version": "4.5"},
    } | changes
    return {name: value for name, value in found.items() if value is not ...}


def publish(local_server: Any, answer: Any = None, **changes: Any) -> None:
    """Let the LMS publish its configuration and answer registrations."""
    body = json.dumps(configuration(local_server.url, **changes)).encode()
    local_server.replies["/config"] = (200, {}, body)
    answer = {"client_id": "given-1", TOOL: {"deployment_id": "7"}} if answer is None else answer
    local_server.replies["/registrations"] = (200, {}, json.dumps(answer).encode())


@pytest.fixture
def invite(tool: Flask) -> Any:
    """Make an invitation and return its code."""

    def invite(name: str | None = None) -> str:
        with tool.app_context():
            address: str = tool.extensions["proeftuin"].registrations.invite(name)
        assert address.startswith(f"{TOOL_URL}/lti/register?")
        return parse_qs(urlsplit(address).query)["invitation"][0]

    return invite


def register(tool: Flask, code: str, url: str, token: str = "reg-token") -> TestResponse:
    return tool.test_client().get(
        "/lti/register",
        query_string={
            "invitation": code,
            "openid_configuration": url,
            "registration_token": token,
        },
        base_url=TOOL_URL,
    )


def platforms(tool: Flask) -> list[Platform]:
    with tool.app_context():
        found = list(db.session.scalars(select(Platform).order_by(Platform.id)))
        for platform in found:
            _ = platform.deployments
        db.session.expunge_all()
    return found


def unused(tool: Flask) -> int:
    with tool.app_context():
        return len(db.session.scalars(select(Invitation).where(Invitation.used_at.is_(None))).all())


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


def test_the_least_is_asked_for() -> None:
    """No name, no address, no scope that reads, no other message than we understand."""
    for family in FAMILIES.values():
        asked = registration_request(TOOL_URL, family, {})

        assert asked["scope"].split()[0] == SCORE
        assert asked[TOOL]["claims"] == ["iss", "sub"]
        assert asked["redirect_uris"] == [f"{TOOL_URL}/lti/launch"]
        assert asked["token_endpoint_auth_method"] == "private_key_jwt"
        assert {m["type"] for m in asked[TOOL]["messages"]} == {
            "LtiResourceLinkRequest",
            "LtiDeepLinkingRequest",
        }
        for word in ("email", "given_name", "readonly", "membership", "result"):
            assert word not in json.dumps(asked)


@pytest.mark.parametrize(
    ("family", "listed", "asks"),
    [
        # Canvas answers 422 to a scope that it does not know
        ("canvas", (), False),
        ("canvas", (SCORE,), False),
        ("canvas", (SCORE, COMPLETION), True),
        ("generic", (), False),
        ("generic", ("openid", COMPLETION), True),
        ("generic", ([COMPLETION], None, 5), False),
        # Moodle drops what it does not know, and the plugin may come later
        ("moodle", (), True),
        ("moodle", (SCORE,), True),
    ],
)
def test_the_completion_service_is_asked_for_where_that_costs_nothing(
    family: str, listed: tuple[object, ...], asks: bool
) -> None:
    asked = registration_request(TOOL_URL, FAMILIES[family], {}, listed)
    assert asked["scope"].split() == [SCORE, COMPLETION][: 1 + asks]
    declared = asked[TOOL].get("custom_parameters")
    service = {"completion_url": "$ResourceLink.completion.url"} if asks else {}
    assert declared == {"link_history": "$ResourceLink.id.history"} | service


def test_moodle_wants_the_port_in_the_domain() -> None:
    assert registration_request(TOOL_URL, FAMILIES["moodle"], {})[TOOL]["domain"] == (
        "tool.example:8443"
    )


def test_canvas_is_told_to_send_no_person() -> None:
    asked = registration_request(TOOL_URL, FAMILIES["canvas"], {})[TOOL]

    assert asked[CANVAS + "privacy_level"] == "anonymous"
    (deep,) = [m for m in asked["messages"] if m["type"] == "LtiDeepLinkingRequest"]
    assert deep["placements"] == [
        CANVAS + "assignment_selection",
        CANVAS + "module_menu_modal",
        CANVAS + "module_index_menu_modal",
        CANVAS + "course_assignments_menu",
    ]


def test_a_placement_that_the_lms_does_not_have_is_not_asked_for() -> None:
    about = {
        "messages_supported": [
            {"type": "LtiDeepLinkingRequest", "placements": [CANVAS + "module_menu_modal", "x"]}
        ]
    }

    asked = registration_request(TOOL_URL, FAMILIES["canvas"], about)[TOOL]

    assert asked["messages"][1]["placements"] == [CANVAS + "module_menu_modal"]


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


def test_an_invitation_is_good_once(tool: Flask, local_server: Any, invite: Any) -> None:
    publish(local_server)
    code = invite()
    register(tool, code, f"{local_server.url}/config")

    response = register(tool, code, f"{local_server.url}/config")

    assert response.headers["X-Proeftuin-Error"] == "invitation-invalid"
    assert len(platforms(tool)) == 1


def test_an_invitation_used_ten_times_at_once_registers_once(
    tool: Flask, local_server: Any, invite: Any
) -> None:
    publish(local_server)
    code = invite()
    statuses: list[int] = []
    start = threading.Barrier(10)

    def use() -> None:
        start.wait()
        statuses.append(register(tool, code, f"{local_server.url}/config").status_code)

    threads = [threading.Thread(target=use) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] + [403] * 9
    assert local_server.count("/registrations") == 1


def test_an_invitation_ends_after_a_week(
    tool: Flask, local_server: Any, invite: Any, clock: Any
) -> None:
    publish(local_server)
    code = invite()
    clock.turn(seconds=VALID.total_seconds())

    response = register(tool, code, f"{local_server.url}/config")

    assert response.headers["X-Proeftuin-Error"] == "invitation-invalid"
    assert local_server.asked == []


@pytest.mark.parametrize("code", ["x", "ä", "x" * 300, "'; drop table invitation; --"])
def test_without_an_invitation_nobody_is_asked_anything(
    tool: Flask, local_server: Any, code: str
) -> None:
    publish(local_server)

    response = register(tool, code, f"{local_server.url}/config")

    assert response.headers["X-Proeftuin-Error"] == "invitation-invalid"
    assert local_server.asked == []


def test_the_code_is_kept_nowhere(tool: Flask, invite: Any) -> None:
    code = invite()

    with tool.app_context():
        (held,) = db.session.scalars(select(Invitation))
        assert code not in (held.code_hash, held.name)


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


@pytest.mark.parametrize(
    ("issuer", "url", "family", "same"),
    [
        ("https://lms.example", "https://lms.example/config", "generic", True),
        ("https://lms.example/moodle", "https://lms.example/config", "moodle", True),
        ("https://lms.example", "https://evil.example/config", "generic", False),
        ("https://lms.example", "https://lms.example.evil.example/c", "generic", False),
        ("https://lms.example", "https://LMS.example:443/config", "generic", True),
        ("https://lms.example:8443", "https://lms.example:8443/config", "generic", True),
        ("https://lms.example", "https://lms.example:8443/config", "generic", False),
        ("https://lms.example:8443", "https://lms.example/config", "generic", False),
        ("https://lms.example", "http://lms.example/config", "generic", False),
        ("http://lms.example", "https://lms.example/config", "generic", False),
        ("https://lms.example", "https://lms.example:port/config", "generic", False),
        ("urn:lms", "urn:lms", "generic", False),
        (
            "https://canvas.instructure.com",
            "https://sso.canvaslms.com/api/lti/security/openid-configuration",
            "canvas",
            True,
        ),
        (
            "https://canvas.instructure.com",
            "https://school.instructure.com/c",
            "canvas",
            True,
        ),
        ("https://canvas.instructure.com", "https://evil.example/c", "canvas", False),
        ("https://canvas.instructure.com", "http://sso.canvaslms.com/c", "canvas", False),
        ("https://canvas.instructure.com", "https://sso.canvaslms.com:8443/c", "canvas", False),
        ("https://canvas.instructure.com", "https://evilinstructure.com/c", "canvas", False),
        ("https://canvas.instructure.com", "https://sso.canvaslms.com/c", "moodle", False),
    ],
)
def test_who_may_configure_an_issuer(issuer: str, url: str, family: str, same: bool) -> None:
    assert _same_platform(issuer, url, FAMILIES[family]) is same


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


def test_an_invitation_cannot_take_a_name_that_is_taken(
    tool: Flask, local_server: Any, invite: Any
) -> None:
    publish(local_server)
    register(tool, invite("Moodle"), f"{local_server.url}/config")

    for name in ("Moodle", " ", "a\nb", "x" * 121):
        with pytest.raises(CannotRegister, match="name"):
            invite(name)


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
