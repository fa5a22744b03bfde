"""The JSON interface: nothing that comes in leads to anything but an answer in words."""

from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.sandbox.peer import Platform

from lti_tool.sandbox.api import ACTIONS

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)
NAMES = ["title", "user", "activity_id", "target", "kind", "what", "grade", "recipe", "line_item"]


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    action=st.sampled_from([row for row in ACTIONS if row[0] in ("POST", "PATCH")]),
    body=json_values | st.dictionaries(st.sampled_from(NAMES), json_values, max_size=4),
)
def test_any_json_gets_an_answer_and_never_a_crash(
    moodle: Platform, action: tuple[str, str, Any], body: Any
) -> None:
    method, path, _ = action
    url = f"{moodle.server.base_url}/api/moodle/{path.replace('<int:activity_id>', '1')}"

    answer = requests.request(method, url, json=body, timeout=10)

    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "activities", {}, "title"),
        ("POST", "activities", {"title": "x", "completion": "magic"}, "magic"),
        ("POST", "activities", {"title": "x", "client_id": "nobody"}, "nobody"),
        ("PATCH", "activities/77", {"hidden": True}, "77"),
        ("POST", "activities/77/copy", {}, "77"),
        ("POST", "launches", {"activity_id": 77}, "77"),
        ("POST", "launches", {"deep_link": True, "user": "nobody"}, "nobody"),
        ("POST", "launches", {"deep_link": True, "placement": "moon"}, "moon"),
        ("POST", "reset", {"what": "the world"}, "completions"),
        ("PATCH", "habits", {"family": "x"}, "family"),
        ("PATCH", "course", {"cancelled": True}, "cancelled"),
        ("PATCH", "web-service", {"colour": "red"}, "colour"),
        ("PATCH", "activities/{id}", {"custom": "item"}, "custom"),
        ("PATCH", "activities/{id}", {"cmid": 7}, "cmid"),
        ("POST", "throttle", {"limit": 0, "seconds": 1}, "limit"),
        ("POST", "grades", {"activity_id": 77, "user": "sam", "grade": 1}, "77"),
    ],
)
def test_a_mistake_is_named(
    platform: Platform, method: str, path: str, body: dict[str, Any], words: str
) -> None:
    path = path.format(id=platform.add()["id"])

    assert words in platform.api(method, path, body, status=400)["error"]


def test_one_state_per_platform(platform: Platform) -> None:
    platform.add()

    whole = requests.get(f"{platform.server.base_url}/api/state", timeout=10).json()

    assert {name for name, state in whole.items() if state["activities"]} == {platform.lms.name}


def test_ids_are_not_used_again_after_a_reset(platform: Platform) -> None:
    before = platform.add(line_item=True)
    platform.api("POST", "reset", {})
    after = platform.add(line_item=True)

    assert after["id"] > before["id"]
    assert after["line_item"]["id"] > before["line_item"]["id"]


def test_a_reset_brings_back_the_habits(platform: Platform) -> None:
    platform.api("PATCH", "habits", {"privacy": "public", "storage_target": "_parent"})
    platform.api("POST", "reset", {})

    assert platform.api("PATCH", "habits", {})["privacy"] == "anonymous"


def test_a_removed_activity_takes_its_line_item_with_it(platform: Platform) -> None:
    activity = platform.add(line_item=True)
    platform.api("DELETE", f"activities/{activity['id']}")

    assert platform.score(activity).status_code == 404


def test_messages_can_be_asked_for_by_kind(platform: Platform) -> None:
    platform.ask_token()
    platform.score(platform.add(line_item=True))

    assert {found["kind"] for found in platform.api("GET", "messages?kind=score")} == {"score"}
    assert len(platform.api("GET", "messages?kind=token")) == 2
    assert platform.state()["counts"]["token:accepted"] == 2
