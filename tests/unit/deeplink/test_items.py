"""Content items and the claims of the deep linking response (Deep Linking 2.0)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.deeplink.items import DL, LTI, Choice, content_item, response_claims

texts = st.text(max_size=400)


def item(title: str = "Bij elkaar kijken", line_item: int | None = None) -> dict[str, object]:
    return content_item(
        Choice("bij-elkaar-kijken", title, "Een bouwvergadering."),
        launch_url="https://tool.example/lti/launch",
        icon_url="https://tool.example/static/icon.png",
        line_item=line_item,
        title_limit=255,
    )


def claims(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "issuer": "https://lms.example",
        "client_id": "client",
        "deployment_id": "1",
        "data": None,
        "nonce": "n",
        "now": 1_795_289_447,
    }
    return response_claims([item()], **(values | changes))  # table values


def test_an_item_carries_its_slug_in_custom_and_the_one_launch_url() -> None:
    made = item()
    assert made["type"] == "ltiResourceLink"
    assert made["custom"] == {"item": "bij-elkaar-kijken"}
    assert made["url"] == "https://tool.example/lti/launch"
    assert made["text"] == "Een bouwvergadering."
    assert made["icon"]["url"] == "https://tool.example/static/icon.png"


@pytest.mark.parametrize("maximum", [0, 1])
def test_a_line_item_is_tagged_as_completion_and_named_after_the_item(maximum: int) -> None:
    assert item(line_item=maximum)["lineItem"] == {
        "scoreMaximum": maximum,
        "label": "Bij elkaar kijken",
        "resourceId": "bij-elkaar-kijken",
        "tag": "completion",
    }


def test_without_a_line_item_the_key_is_absent_since_open_edx_refuses_null() -> None:
    assert "lineItem" not in item()


@given(texts)
def test_a_title_never_exceeds_what_the_platform_stores(title: str) -> None:
    assert len(str(item(title)["title"])) <= 255


def test_the_response_is_from_our_client_id_to_the_issuer() -> None:
    made = claims()
    assert (made["iss"], made["aud"]) == ("client", "https://lms.example")
    assert made[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert made[LTI + "version"] == "1.3.0"
    assert made[LTI + "deployment_id"] == "1"


def test_the_response_is_good_for_five_minutes_as_canvas_asks() -> None:
    made = claims()
    assert made["exp"] - made["iat"] == 300


@given(texts)
def test_data_is_echoed_exactly_when_sent(data: str) -> None:
    assert claims(data=data)[DL + "data"] == data


def test_data_is_absent_when_the_platform_sent_none() -> None:
    assert DL + "data" not in claims()
