"""The deep linking response: what becomes an activity, and what is refused."""

import secrets
from typing import Any

import pytest
import requests
from browsing import parse
from joserfc import jwt
from unit.sandbox.peer import DL, LTI, Platform

STATUS = {"strict": 400, "moodle": 404, "canvas": 400}


class Choice:
    """One deep linking request at a platform, and responses to it."""

    def __init__(self, peer: Platform, placement: str = "") -> None:
        self.peer = peer
        body = {"deep_link": True, "user": "tess", "placement": placement, "nonce": "n"}
        token = peer.api("POST", "id-tokens", body)["id_token"]
        request = jwt.decode(token, peer.lms.keys.active).claims
        self.settings = request[DL + "deep_linking_settings"]

    def claims(self, *items: Any, **changes: Any) -> dict[str, Any]:
        now = int(self.peer.hands())
        client = self.peer.lms.client
        claims = {
            "iss": client.client_id,
            "aud": self.peer.lms.issuer,
            "iat": now,
            "exp": now + 300,
            "nonce": secrets.token_hex(8),
            LTI + "message_type": "LtiDeepLinkingResponse",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": client.deployment_id,
            DL + "content_items": list(items),
        }
        if "data" in self.settings:
            claims[DL + "data"] = self.settings["data"]
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def send(self, token: str, url: str = "") -> requests.Response:
        form = {"JWT": token} if token else {}
        return requests.post(url or self.settings["deep_link_return_url"], data=form, timeout=10)

    def respond(self, *items: Any, **changes: Any) -> requests.Response:
        return self.send(self.peer.tool.sign(self.claims(*items, **changes)))


def item(**changes: Any) -> dict[str, Any]:
    fields = {
        "type": "ltiResourceLink",
        "title": "Een lastig gesprek",
        "text": "Twaalf minuten",
        "custom": {"item": "lastig-gesprek"},
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def test_chosen_items_become_activities(platform: Platform) -> None:
    answer = Choice(platform).respond(item(), item(title="Nog een"))

    assert answer.status_code == 200
    assert [found.text for found in parse(answer).all("[data-created]")] == [
        "Een lastig gesprek",
        "Nog een",
    ]
    one, two = platform.state()["activities"]
    assert one["custom"] == {"item": "lastig-gesprek"}
    assert one["resource_link_id"] != two["resource_link_id"]
    assert one["url"] == f"{platform.tool.url}/lti/launch"
    assert platform.refused("deep_link") is None


def test_an_empty_list_is_a_cancel(platform: Platform) -> None:
    answer = Choice(platform).respond()

    assert answer.status_code == 200
    assert platform.state()["activities"] == []
    assert "Niets toegevoegd" in answer.text


ENVELOPE: list[tuple[str, dict[str, Any]]] = [
    ("jwt_iss", {"iss": "somebody-else"}),
    ("jwt_aud", {"aud": "https://elsewhere.example"}),
    ("jwt_exp_missing", {"exp": None}),
    ("jwt_expired", {"exp": 1}),
    ("jwt_iat_missing", {"iat": None}),
    ("jwt_iat_future", {"iat": 9_999_999_999}),
    ("jwt_nonce_missing", {"nonce": None}),
    ("dl_deployment", {LTI + "deployment_id": "another"}),
    ("dl_message_type", {LTI + "message_type": "LtiDeepLinkingRequest"}),
    ("dl_version", {LTI + "version": "1.2.0"}),
    ("dl_data", {DL + "data": "not what was sent"}),
    ("dl_items", {DL + "content_items": {"type": "ltiResourceLink"}}),
    ("dl_items", {DL + "content_items": None}),
]


@pytest.mark.parametrize(("code", "changes"), ENVELOPE)
def test_the_envelope_is_checked_claim_by_claim(
    platform: Platform, code: str, changes: dict[str, Any]
) -> None:
    answer = Choice(platform).respond(item(), **changes)

    assert answer.status_code == STATUS[platform.lms.name]
    assert platform.refused("deep_link") == code
    assert platform.state()["activities"] == []


def test_data_that_was_never_sent_must_not_come_back(moodle: Platform) -> None:
    body = Choice(moodle)
    claims = body.claims(item()) | {DL + "data": None}

    body.send(moodle.tool.sign(claims))

    assert moodle.refused("deep_link") == "dl_data"


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("jwt_signature", lambda peer, token: token.rsplit(".", 1)[0] + "." + "A" * 342),
        ("jwt_shape", lambda peer, token: "rubbish"),
        ("jwt_missing", lambda peer, token: ""),
        ("jwt_kid_unknown", lambda peer, token: peer.tool.sign({"a": 1}, kid="other")),
        ("jwt_alg", lambda peer, token: peer.tool.sign({"a": 1}, alg="PS256")),
    ],
)
def test_the_signature_is_checked_with_the_tools_published_keys(
    platform: Platform, code: str, spoil: Any
) -> None:
    choice = Choice(platform)

    choice.send(spoil(platform, platform.tool.sign(choice.claims(item()))))

    assert platform.refused("deep_link") == code


def test_the_return_address_works_once_and_only_as_it_was_given(platform: Platform) -> None:
    choice = Choice(platform)
    token = platform.tool.sign(choice.claims(item()))

    choice.send(token, choice.settings["deep_link_return_url"] + "x")
    assert platform.refused("deep_link") == "dl_ticket"
    choice.send(token)
    assert platform.refused("deep_link") is None
    choice.send(token)
    assert platform.refused("deep_link") == "dl_used"
    assert len(platform.state()["activities"]) == 1


def test_a_response_cannot_be_sent_to_another_request(platform: Platform) -> None:
    one, two = Choice(platform), Choice(platform)
    claims = one.claims(item())
    one.send(platform.tool.sign(claims))
    if "data" in two.settings:
        claims[DL + "data"] = two.settings["data"]

    two.send(platform.tool.sign(claims))

    assert platform.refused("deep_link") == "jwt_nonce_reused"


def test_a_refused_response_does_not_use_up_the_return_address(platform: Platform) -> None:
    choice = Choice(platform)

    assert choice.respond(item(), aud="nobody").status_code != 200
    assert choice.respond(item()).status_code == 200


def test_one_at_a_time_where_the_placement_says_so(canvas: Platform) -> None:
    answer = Choice(canvas, "assignment_selection").respond(item(), item())

    assert answer.status_code == 400
    assert canvas.refused("deep_link") == "dl_multiple"


BAD_ITEMS: list[tuple[str, Any]] = [
    ("item_type", item(type="html")),
    ("item_type", item(type=None)),
    ("item_type", "lastig-gesprek"),
    ("item_title", item(title="x" * 256)),
    ("item_title", item(title="  ")),
    ("item_title", item(title=12)),
    ("item_text", item(text=["a"])),
    ("item_url", item(url="https://evil.example/lti/launch")),
    ("item_url", item(url=7)),
    ("item_custom", item(custom={"item": 7})),
    ("item_custom", item(custom={"item": "a", "other": None} | {"item": None})),
    ("item_custom", item(custom=["item"])),
    ("item_icon", item(icon="https://tool.example/icon.png")),
    ("item_line_item", item(lineItem={})),
    ("item_line_item", item(lineItem={"scoreMaximum": "10"})),
    ("item_line_item", item(lineItem={"scoreMaximum": True})),
    ("item_line_item", item(lineItem={"scoreMaximum": -1})),
    ("item_line_item", item(lineItem=[])),
    ("item_line_item_text", item(lineItem={"scoreMaximum": 1, "tag": "x" * 256})),
]


@pytest.mark.parametrize(("code", "bad"), BAD_ITEMS)
def test_an_item_on_its_own_must_be_right(platform: Platform, code: str, bad: Any) -> None:
    answer = Choice(platform).respond(bad)

    assert answer.status_code == STATUS[platform.lms.name]
    assert platform.refused("deep_link") == code


def test_one_bad_item_among_good_ones(platform: Platform) -> None:
    """Strict refuses all; Moodle and Canvas leave the bad one out (measured; read in source)."""
    answer = Choice(platform).respond(item(), item(title="x" * 256))

    titles = [found["title"] for found in platform.state()["activities"]]
    if platform.lms.name == "strict":
        assert (answer.status_code, titles) == (400, [])
    else:
        assert (answer.status_code, titles) == (200, ["Een lastig gesprek"])
        assert "255" in answer.text


@pytest.mark.parametrize(
    ("profile", "maximum", "stored"),
    [
        ("strict", 1, 1),
        ("strict", 0, None),
        ("moodle", 100, 100),
        ("moodle", 0, None),
        ("moodle", 2.5, None),
        ("moodle", 1000, None),
        ("canvas", 0, 0),
        ("canvas", 2.5, 2.5),
    ],
)
def test_which_maximum_a_line_item_may_have(
    platform_of: Any, profile: str, maximum: float, stored: float | None
) -> None:
    peer = platform_of(profile)
    line_item = {"scoreMaximum": maximum, "label": "Gesprek", "tag": "completion"}

    answer = Choice(peer).respond(item(lineItem=line_item))

    if stored is None:
        assert answer.status_code == STATUS[profile]
        assert peer.refused("deep_link") == "item_line_item"
    else:
        (activity,) = peer.state()["activities"]
        assert activity["line_item"]["maximum"] == stored
        assert activity["line_item"]["tag"] == "completion"


def test_moodle_turns_zero_into_a_hundred_when_several_items_come(moodle: Platform) -> None:
    Choice(moodle).respond(item(), item(lineItem={"scoreMaximum": 0, "label": "dropped"}))

    plain, graded = moodle.state()["activities"]
    assert plain["line_item"] is None
    assert graded["line_item"]["maximum"] == 100
    assert graded["line_item"]["label"] == "Een lastig gesprek", "Moodle drops the label"


def test_what_completes_an_activity_by_default(canvas: Platform, moodle: Platform) -> None:
    Choice(canvas).respond(item(lineItem={"scoreMaximum": 0}), item())
    Choice(moodle).respond(item())

    assert [a["completion"] for a in canvas.state()["activities"]] == ["must_submit", "must_view"]
    assert [a["completion"] for a in moodle.state()["activities"]] == ["grade"]


def test_a_line_items_maximum_is_no_score_but_a_comment_is(canvas: Platform) -> None:
    Choice(canvas).respond(item(lineItem={"scoreMaximum": 0}))
    assert canvas.state()["violations"] == []

    Choice(canvas).respond(item(title="How to comment", text="A comment on scoreGiven"))
    assert canvas.state()["violations"] == [], "in a text it is only a word"

    Choice(canvas).respond(item(custom={"comment": "8"}))
    assert [found["what"] for found in canvas.state()["violations"]] == ["comment"]
    assert canvas.refused("deep_link") == "score_field"


def test_what_the_tool_says_is_shown_and_escaped(platform: Platform) -> None:
    answer = Choice(platform).respond(**{DL + "msg": "<b>Tot ziens</b>"})

    assert "&lt;b&gt;Tot ziens&lt;/b&gt;" in answer.text
