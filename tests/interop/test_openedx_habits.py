"""What Open edX's services accept and refuse, measured by a tool of a few lines.

These keep the other module honest: a gradebook that stays empty proves something only if points
would fill it. They also hold the facts that the tool's way of sending rests on: a timestamp that
does not move on is a 400, not a 409; a token that no longer counts is a 403, not a 401.
"""

import time
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .browser import Control, Form, Page
from .conftest import Block, Person, Platform

pytestmark = pytest.mark.xdist_group("openedx")  # one worker starts it

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope"
DONE = {"activityProgress": "Completed", "gradingProgress": "FullyGraded"}
NOON = "2026-11-21T12:00:00.000Z"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def component(platform: Platform) -> Block:
    """A component whose tool holds KEY; nobody launches it."""
    public = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    nowhere = "http://127.0.0.1:9"
    return platform.add_block(
        login_url=f"{nowhere}/login", launch_url=f"{nowhere}/launch", public_key=public.decode()
    )


@pytest.fixture
def learner_id(platform: Platform) -> str:
    """The id under which tools know one learner."""
    return platform.sign_in("kim", "student").id


def _token(component: Block, *scopes: str) -> dict[str, Any]:
    shown = component.registration
    now = int(time.time())
    claims = {"iss": shown["client_id"], "sub": shown["client_id"], "aud": shown["token_url"]}
    claims |= {"iat": now, "exp": now + 60, "jti": str(time.monotonic_ns())}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(claims, KEY, "RS256"),
        "scope": " ".join(scopes),
    }
    answer = requests.post(shown["token_url"], data=form, timeout=20)
    assert answer.ok, answer.text
    return answer.json()


def _post_score(
    component: Block, learner_id: str, *, token: str | None = None, **score: Any
) -> requests.Response:
    token = token or _token(component, f"{AGS}/score")["access_token"]
    [line_item] = component.records()["line_items"]
    return requests.post(
        f"{line_item['url']}/scores",
        json={"userId": learner_id, "timestamp": NOON, **DONE, **score},
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/vnd.ims.lis.v1.score+json",
        },
        timeout=20,
    )


def test_a_line_item_stands_ready_before_any_launch(component: Block) -> None:
    [line_item] = component.records()["line_items"]
    assert line_item["score_maximum"] == 1


def test_done_without_points_is_kept_and_graded_nowhere(component: Block, learner_id: str) -> None:
    before = component.records()["grades"]
    answer = _post_score(component, learner_id)
    assert answer.status_code == requests.codes.created
    records = component.records()
    assert [score["activity_progress"] for score in records["scores"]] == ["Completed"]
    assert records["grades"] == before


def test_points_would_reach_the_gradebook(component: Block, learner_id: str) -> None:
    before = component.records()["grades"]
    answer = _post_score(component, learner_id, scoreGiven=3, scoreMaximum=4)
    assert answer.status_code == requests.codes.created
    [published] = component.records()["grades"][len(before) :]
    assert (published["value"], published["max_value"]) == (0.75, 1.0)


@pytest.mark.parametrize(
    ("second", "status"),
    [
        pytest.param("2026-11-21T11:59:59.999Z", 400, id="older"),
        pytest.param(NOON, 400, id="equal"),
        pytest.param("2026-11-21T12:00:00.001Z", 201, id="a millisecond newer"),
    ],
)
def test_timestamp_must_move_on(
    component: Block, learner_id: str, second: str, status: int
) -> None:
    assert _post_score(component, learner_id).status_code == requests.codes.created
    assert _post_score(component, learner_id, timestamp=second).status_code == status


def test_a_token_that_does_not_count_is_403(component: Block, learner_id: str) -> None:
    useless = jwt.encode({"iss": "elsewhere"}, KEY, "RS256")
    answer = _post_score(component, learner_id, token=useless)
    assert answer.status_code == requests.codes.forbidden


def test_a_token_without_the_scope_is_403(component: Block, learner_id: str) -> None:
    token = _token(component, f"{AGS}/lineitem.readonly")["access_token"]
    answer = _post_score(component, learner_id, token=token)
    assert answer.status_code == requests.codes.forbidden


def test_a_scope_it_does_not_know_is_dropped_in_silence(component: Block) -> None:
    token = _token(component, f"{AGS}/score", "https://example.org/unknown")
    assert token["scope"] == f"{AGS}/score"


def _return_items(component: Block, designer: Person, items: list[dict[str, Any]]) -> Page:
    """Bring a deep linking answer to the platform in the designer's browser."""
    now = int(time.time())
    message = {
        "iss": component.registration["client_id"],
        "aud": component.registration["issuer"],
        "iat": now,
        "exp": now + 60,
        "nonce": str(time.monotonic_ns()),
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingResponse",
        "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "1",
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": items,
    }
    [line_item] = component.records()["line_items"]
    address = line_item["url"].partition("/lti-ags")[0] + "/lti-dl/response"
    token = Control("input", {"name": "JWT", "value": jwt.encode(message, KEY, "RS256")})
    form = Form({"action": address, "method": "post"}, [token])
    here = designer.browser.open(f"{component.platform.address}/course/exchanges")
    return designer.browser.submit(here, form)


def test_an_empty_answer_erases_the_earlier_choice(component: Block, platform: Platform) -> None:
    designer = platform.sign_in("dana", "staff")
    chosen = {"type": "ltiResourceLink", "url": "http://127.0.0.1:9/launch"}
    assert _return_items(component, designer, [chosen]).status == requests.codes.ok
    assert component.records()["content_items"] == [chosen]
    assert _return_items(component, designer, []).status == requests.codes.ok
    assert component.records()["content_items"] == []


def test_text_icon_and_line_item_of_a_link_do_nothing(component: Block, platform: Platform) -> None:
    designer = platform.sign_in("dana", "staff")
    before = component.records()["line_items"]
    item = {
        "type": "ltiResourceLink",
        "title": "A talk",
        "text": "Dropped",
        "icon": {"url": "http://127.0.0.1:9/icon.png", "width": 50, "height": 50},
        "lineItem": {"scoreMaximum": 1, "label": "Dropped too"},
    }
    assert _return_items(component, designer, [item]).status == requests.codes.ok
    [kept] = component.records()["content_items"]
    assert set(kept) == {"type", "title", "lineItem"}
    assert component.records()["line_items"] == before


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"lineItem": None}, id="null for an optional object"),
        pytest.param({"title": "x" * 256}, id="title over 255"),
        pytest.param({"url": "/lti/launch"}, id="relative url"),
    ],
)
def test_an_item_it_does_not_take_is_a_500(
    component: Block, platform: Platform, wrong: dict[str, Any]
) -> None:
    designer = platform.sign_in("dana", "staff")
    answer = _return_items(component, designer, [{"type": "ltiResourceLink", **wrong}])
    assert answer.status == requests.codes.server_error
    assert component.records()["content_items"] == []


def test_only_course_staff_may_save_items(component: Block, platform: Platform) -> None:
    learner = platform.sign_in("kim", "student")
    answer = _return_items(component, learner, [{"type": "ltiResourceLink"}])
    assert answer.status == requests.codes.forbidden
