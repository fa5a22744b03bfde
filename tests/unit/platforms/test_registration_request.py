"""What a registration asks of an LMS, and whose configuration is believed."""

import json

import pytest
from registering import COMPLETION, SCORE, TOOL, TOOL_URL

from lti_tool.platforms.families import CANVAS, FAMILIES
from lti_tool.platforms.registration import _same_platform, registration_request


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
