"""From login initiation to signed message: what the platforms send, and what they insist on."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from browsing import parse
from joserfc import jwt
from joserfc.jwk import KeySet
from unit.sandbox.peer import DL, ENDPOINT, LTI, Platform

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def start(peer: Platform, **body: Any) -> dict[str, Any]:
    if "deep_link" not in body and "activity_id" not in body:
        body["activity_id"] = peer.add(item="lastig-gesprek", line_item=True)["id"]
    login: dict[str, Any] = peer.api("POST", "launches", body)
    return login


def auth_request(peer: Platform, login: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The authentication request that an honest tool would make, with `changes`."""
    fields = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": login["fields"]["client_id"],
        "redirect_uri": f"{peer.tool.url}/lti/launch",
        "login_hint": login["fields"]["login_hint"],
        "lti_message_hint": login["fields"]["lti_message_hint"],
        "nonce": "n-1",
        "state": "s-1",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def ask(peer: Platform, fields: dict[str, Any], method: str = "GET") -> requests.Response:
    url = peer.lms.url("auth")
    if method == "GET":
        return requests.get(url + "?" + urlencode(fields, doseq=True), timeout=10)
    return requests.post(url, data=fields, timeout=10)


def posted(answer: requests.Response) -> dict[str, str]:
    """The fields of the form that posts itself to the tool."""
    form = parse(answer).one("form[data-auto]")
    inputs = form.all("input[type=hidden]")
    return {found.attrs["name"]: found.attrs["value"] for found in inputs}


def message(peer: Platform, **body: Any) -> dict[str, Any]:
    """The verified claims of an honest launch."""
    token = posted(ask(peer, auth_request(peer, start(peer, **body))))["id_token"]
    keys = KeySet.import_key_set(requests.get(peer.lms.url("jwks"), timeout=10).json())
    return jwt.decode(token, keys, algorithms=["RS256"]).claims


# --- login initiation -----------------------------------------------------------------------------

COMMON = {"iss", "target_link_uri", "login_hint", "lti_message_hint", "client_id"}


@pytest.mark.parametrize(
    ("profile", "method", "extra"),
    [
        ("strict", "GET", {"lti_deployment_id"}),
        ("moodle", "POST", {"lti_deployment_id"}),
        (
            "canvas",
            "POST",
            {"deployment_id", "canvas_region", "canvas_environment", "lti_storage_target"},
        ),
    ],
)
def test_the_shape_of_a_login(platform_of: Any, profile: str, method: str, extra: set[str]) -> None:
    peer = platform_of(profile)

    login = start(peer)

    assert login["method"] == method
    assert set(login["fields"]) == COMMON | extra
    assert login["fields"]["target_link_uri"] == f"{peer.tool.url}/lti/launch"


def test_the_page_in_the_frame_sends_the_login(platform: Platform) -> None:
    activity = platform.add()
    url = f"{platform.lms.issuer}/launch/{activity['id']}?user=sam"

    answer = requests.get(url, timeout=10, allow_redirects=False)

    if platform.lms.habits.login_method == "GET":
        assert answer.status_code == 302
        fields = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert fields["iss"] == [platform.lms.issuer]
    else:
        assert posted(answer)["iss"] == platform.lms.issuer


def test_moodles_message_hint_is_json_with_the_course_module(moodle: Platform) -> None:
    activity = moodle.add()

    hint = json.loads(start(moodle, activity_id=activity["id"])["fields"]["lti_message_hint"])
    chooser = json.loads(start(moodle, deep_link=True, user="tess")["fields"]["lti_message_hint"])

    assert hint["cmid"] == activity["cmid"]
    assert set(chooser) == {"launchid"}


def test_stricts_message_hint_has_every_awkward_character(strict: Platform) -> None:
    hint = start(strict)["fields"]["lti_message_hint"]

    assert set("&%+ü'=") <= set(hint)


# --- the authentication request -------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_honest_request_gets_a_signed_message_and_its_state(
    platform: Platform, method: str
) -> None:
    answer = ask(platform, auth_request(platform, start(platform)), method)

    assert answer.status_code == 200
    fields = posted(answer)
    assert fields["state"] == "s-1"
    assert fields["id_token"].count(".") == 2
    assert parse(answer).one("form").attrs["action"] == f"{platform.tool.url}/lti/launch"


# change, code, and per platform: a status (own page) or an error (posted to the tool)
REFUSED: list[tuple[dict[str, Any], str, dict[str, int | str]]] = [
    (
        {"client_id": "nobody"},
        "auth_client",
        {"strict": 400, "moodle": 404, "canvas": 404},
    ),
    (
        {"redirect_uri": "https://evil.example/lti/launch"},
        "auth_redirect_uri",
        {"strict": 400, "moodle": 404, "canvas": 400},
    ),
    (
        {"lti_message_hint": "something else"},
        "auth_message_hint",
        {"strict": "invalid_request", "moodle": 404, "canvas": 400},
    ),
    (
        {"login_hint": "somebody else"},
        "auth_login_hint",
        {"strict": "access_denied", "moodle": "access_denied", "canvas": "login_required"},
    ),
    (
        {"scope": "openid profile"},
        "auth_scope",
        {"strict": "invalid_scope", "moodle": "invalid_scope", "canvas": "invalid_request_object"},
    ),
    (
        {"response_type": "code"},
        "auth_response_type",
        {
            "strict": "unsupported_response_type",
            "moodle": "unsupported_response_type",
            "canvas": "invalid_request_object",
        },
    ),
    (
        {"response_mode": None},
        "auth_response_mode",
        {
            "strict": "invalid_request",
            "moodle": "invalid_request",
            "canvas": "invalid_request_object",
        },
    ),
    (
        {"prompt": "login"},
        "auth_prompt",
        {
            "strict": "invalid_request",
            "moodle": "invalid_request",
            "canvas": "invalid_request_object",
        },
    ),
    (
        {"nonce": None},
        "auth_nonce_missing",
        {
            "strict": "invalid_request",
            "moodle": "invalid_request",
            "canvas": "invalid_request_object",
        },
    ),
    (
        {"nonce": ["a", "b"]},
        "auth_repeated",
        {"strict": 400, "moodle": 404, "canvas": 400},
    ),
]


@pytest.mark.parametrize(("change", "code", "answers"), REFUSED, ids=[row[1] for row in REFUSED])
def test_a_request_with_one_thing_wrong(
    platform: Platform, change: dict[str, Any], code: str, answers: dict[str, int | str]
) -> None:
    answer = ask(platform, auth_request(platform, start(platform), **change))

    assert platform.refused("auth") == code
    expected = answers[platform.lms.name]
    if isinstance(expected, int):
        assert answer.status_code == expected
        assert "id_token" not in answer.text
        assert parse(answer).one(f"[data-refused={code}]")
    else:
        fields = posted(answer)
        assert (fields["error"], fields["state"]) == (expected, "s-1")
        assert "id_token" not in fields


@pytest.mark.parametrize("alter", ["strip", "quote", "case"])
def test_a_message_hint_that_is_nearly_the_same_is_not_the_same(
    platform: Platform, alter: str
) -> None:
    login = start(platform)
    hint = login["fields"]["lti_message_hint"]
    other = {"strip": hint[:-1], "quote": hint.replace('"', "'") + " ", "case": hint.swapcase()}

    ask(platform, auth_request(platform, login, lti_message_hint=other[alter]))

    assert platform.refused("auth") == "auth_message_hint"


def test_a_launch_works_once(platform: Platform) -> None:
    request = auth_request(platform, start(platform))
    assert "id_token" in posted(ask(platform, request))

    again = ask(platform, request | {"nonce": "n-2"})

    assert platform.refused("auth") == "auth_launch_used"
    if platform.lms.name == "canvas":
        assert posted(again)["error"] == "launch_no_longer_valid"


def test_a_nonce_works_once(platform: Platform) -> None:
    ask(platform, auth_request(platform, start(platform)))
    ask(platform, auth_request(platform, start(platform)))

    assert platform.refused("auth") == "auth_nonce_reused"


def test_a_launch_grows_old(platform: Platform) -> None:
    login = start(platform)
    platform.hands.ahead += 301

    ask(platform, auth_request(platform, login))

    assert platform.refused("auth") == "auth_launch_used"


def test_only_strict_insists_on_a_state(platform: Platform) -> None:
    ask(platform, auth_request(platform, start(platform), state=None))

    missing = "auth_state_missing" if platform.lms.name == "strict" else None
    assert platform.refused("auth") == missing


def test_a_browser_that_is_logged_out_is_sent_back_with_login_required(
    platform: Platform,
) -> None:
    platform.api("PATCH", "course", {"login_required": True})

    answer = ask(platform, auth_request(platform, start(platform)))

    assert posted(answer)["error"] == "login_required"


# --- the message ----------------------------------------------------------------------------------


def test_what_core_1p3_requires_is_there(platform: Platform) -> None:
    claims = message(platform)

    client = platform.lms.client
    assert claims["iss"] == platform.lms.issuer
    assert claims["aud"] == client.client_id
    assert claims["nonce"] == "n-1"
    assert claims["sub"] == platform.lms.people["sam"].sub
    assert claims[LTI + "message_type"] == "LtiResourceLinkRequest"
    assert claims[LTI + "version"] == "1.3.0"
    assert claims[LTI + "deployment_id"] == client.deployment_id
    custom = dict(claims[LTI + "custom"])
    served = custom.pop("completion_url", "")
    assert served.startswith(platform.lms.issuer) == platform.lms.offers_completion
    knows = "ResourceLink.id.history" in platform.lms.habits.variables
    assert custom.pop("link_history") == ("" if knows else "$ResourceLink.id.history")
    assert custom == {"item": "lastig-gesprek"}
    assert MEMBERSHIP + "Learner" in claims[LTI + "roles"]
    assert "lineitem" in claims[ENDPOINT]


def test_nobody_is_named_unless_the_platform_shares_names(platform: Platform) -> None:
    anonymous = message(platform)
    platform.api("PATCH", "habits", {"privacy": "public"})
    start_again = start(platform)
    named = posted(ask(platform, auth_request(platform, start_again, nonce="n-2")))["id_token"]

    assert not {"name", "given_name", "family_name", "email"} & set(anonymous)
    assert "Bakker" not in json.dumps(anonymous)
    assert jwt.decode(named, platform.lms.keys.active).claims["family_name"] == "Bakker"


@pytest.mark.parametrize(
    ("profile", "lifetime"), [("strict", 300), ("moodle", 60), ("canvas", 3600)]
)
def test_how_long_a_message_lasts(platform_of: Any, profile: str, lifetime: int) -> None:
    claims = message(platform_of(profile))

    assert claims["exp"] - claims["iat"] == lifetime


def test_moodles_ids_are_bare_numbers_and_its_roles_single(moodle: Platform) -> None:
    claims = message(moodle, user="tess")

    assert claims["sub"] == "3"
    assert claims[LTI + "context"]["id"] == "2"
    assert claims[LTI + "resource_link"]["id"].isdecimal()
    assert claims[LTI + "roles"] == [MEMBERSHIP + "Instructor"]
    assert claims[ENDPOINT]["lineitem"].endswith("/lineitem?type_id=1")
    assert claims[LTI + "tool_platform"]["product_family_code"] == "moodle"


def test_canvas_sends_uuids_azp_and_a_placement(canvas: Platform) -> None:
    claims = message(canvas)

    assert claims["azp"] == claims["aud"]
    assert len(claims["sub"]) == 36
    assert claims[LTI + "deployment_id"].split(":")[0] == "7"
    assert len(claims[LTI + "deployment_id"].split(":")[1]) == 40
    assert claims["https://www.instructure.com/placement"] == "assignment_selection"
    plain = canvas.add()
    login = start(canvas, activity_id=plain["id"])
    token = posted(ask(canvas, auth_request(canvas, login, nonce="n-2")))["id_token"]
    claims = jwt.decode(token, canvas.lms.keys.active).claims
    assert claims["https://www.instructure.com/placement"] is None
    assert "lineitem" not in claims[ENDPOINT]


@pytest.mark.parametrize(
    ("profile", "lang", "locale"),
    [
        ("strict", "en", "en-GB"),
        ("strict", "nl", "nl-NL"),
        ("moodle", "en", "en"),
        ("canvas", "nl", "nl"),
    ],
)
def test_the_language_travels_along(platform_of: Any, profile: str, lang: str, locale: str) -> None:
    claims = message(platform_of(profile), lang=lang)

    assert claims[LTI + "launch_presentation"]["locale"] == locale


def test_a_new_window_is_said_to_be_one(platform: Platform) -> None:
    claims = message(platform, new_window=True)

    assert claims[LTI + "launch_presentation"]["document_target"] == "window"


@pytest.mark.parametrize(
    ("profile", "placement", "multiple"),
    [
        ("strict", "course", True),
        ("moodle", "ContentArea", True),
        ("canvas", "module_menu_modal", True),
        ("canvas", "assignment_selection", False),
    ],
)
def test_a_deep_linking_request_says_what_is_welcome(
    platform_of: Any, profile: str, placement: str, multiple: bool
) -> None:
    peer = platform_of(profile)

    claims = message(peer, deep_link=True, user="tess", placement=placement)

    settings = claims[DL + "deep_linking_settings"]
    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest"
    assert LTI + "resource_link" not in claims
    assert settings["accept_multiple"] is multiple
    assert "ltiResourceLink" in settings["accept_types"]
    assert settings["deep_link_return_url"].startswith(peer.lms.issuer)
    assert ("data" in settings) is (profile == "strict")


def test_the_messages_are_kept_in_the_order_in_which_they_happened(platform: Platform) -> None:
    message(platform)

    kinds = [found["kind"] for found in platform.api("GET", "messages")]
    assert kinds[:4] == ["jwks", "id_token", "auth", "login"]


HISTORIES = {"link_history": "$ResourceLink.id.history", "course_history": "$Context.id.history"}
TOLD = {
    "strict": ("{link}", "course-1"),
    "moodle": ("$ResourceLink.id.history", "2"),
    "canvas": ("$ResourceLink.id.history", "{course}"),
}


def test_a_copied_course_tells_what_it_is_a_copy_of_where_its_platform_knows(
    platform: Platform,
) -> None:
    first = platform.add(custom=HISTORIES)
    copy = platform.api("POST", f"activities/{first['id']}/copy", {"course": "next-year"})
    found = message(platform, activity_id=copy["id"])

    assert found[LTI + "context"]["id"] == "next-year"
    habits = platform.lms.habits
    link, course = (
        words.format(link=first["resource_link_id"], course=habits.context_id)
        for words in TOLD[habits.name]
    )
    assert found[LTI + "custom"]["link_history"] == link
    assert found[LTI + "custom"]["course_history"] == course


def test_what_was_copied_twice_names_its_latest_original_first(strict: Platform) -> None:
    first = strict.add(custom=HISTORIES)
    second = strict.api("POST", f"activities/{first['id']}/copy", {"course": "a,b"})
    third = strict.api("POST", f"activities/{second['id']}/copy", {"course": "c"})
    custom = message(strict, activity_id=third["id"])[LTI + "custom"]

    ids = [second["resource_link_id"], first["resource_link_id"]]
    assert custom["link_history"] == ",".join(ids)
    assert custom["course_history"] == "a%2Cb,course-1"


def test_a_copy_within_its_course_has_no_history(strict: Platform) -> None:
    first = strict.add(custom=HISTORIES)
    copy = strict.api("POST", f"activities/{first['id']}/copy", {})

    assert message(strict, activity_id=copy["id"])[LTI + "custom"]["link_history"] == ""
