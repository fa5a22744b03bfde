"""The whole story with Open edX as the platform: launch, deep linking, completion, no score.

What `lti-consumer-xblock` 11.4.4 does, read in its source and seen in its messages:

- Login is a GET with iss, client_id, lti_deployment_id, target_link_uri, login_hint and
  lti_message_hint. The hint is the same for every launch of one person and link, and lives for
  ten minutes. The authentication request may be GET or POST; client_id, nonce, state and one of
  the registered redirect_uris are needed, all else is ignored.
- The id_token has aud as a string, azp, exp an hour ahead, a UUID kid, a context with the course
  key, a resource_link without a title, no locale, no product_family_code. Its JWKS has neither
  alg nor use. An item that was deep-linked comes with its own custom parameters.
- Each component has a client id of its own under one issuer, deployment "1". Several items that
  were deep-linked into one component share its resource link and its one line item.
- A score without points is stored and answered with 201; only points reach the gradebook. See
  test_openedx_habits.py for what it refuses.
"""

import json
import time
from urllib.parse import parse_qs

import pytest
import requests

from .browser import Page, arrive, play
from .conftest import Block, Person, Platform, Tool

pytestmark = pytest.mark.xdist_group("openedx")  # one worker starts it

DELIVERY_SECONDS = 30
SCORE_FIELDS = {"userId", "activityProgress", "gradingProgress", "timestamp"}
RESULT_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


@pytest.fixture(scope="module")
def component(platform: Platform, tool: Tool) -> Block:
    """A component in which a course designer deep-linked two items."""
    placed = tool.add_to(platform)
    designer = platform.sign_in("dana", "staff")
    picker = placed.choose_content(designer)
    assert picker.kind == "picker", picker
    saved = _insert_first_two(designer, picker)
    assert saved.url.startswith(platform.address), saved
    assert "successfully saved" in saved.text, saved
    return placed


def _insert_first_two(designer: Person, picker: Page) -> Page:
    form = picker.form_with("checkbox")
    assert form is not None, picker
    boxes = [box for box in form.of_type("checkbox") if box.name == "item"]
    assert len(boxes) >= 2, f"two items are needed to deep-link two: {picker}"
    found = picker.marked("data-insert")
    assert found is not None, picker
    chosen = [("item", box.value) for box in boxes[:2]]
    returning = designer.browser.submit(picker, form, button=found[1], fields=chosen)
    assert len(returning.forms) == 1, f"one form brings the answer to the platform: {returning}"
    [token] = [value for name, value in returning.forms[0].defaults() if name == "JWT"]
    assert token.count(".") == 2
    return designer.browser.submit(returning, returning.forms[0])


def _open_item(component: Block, person: Person, index: int) -> Page:
    """Open one of several items from the platform's own list of them."""
    content = component.launch(person)
    links = [link for link in content.links if "/lti/login" in link["href"]]
    assert len(links) == 2, content
    return arrive(person.browser, person.browser.follow(content, links[index]))


def _delivered(person: Person, ending: Page) -> Page:
    """Reload an ending until it says that the platform has the completion."""
    assert ending.completion in {"recorded", "delivered"}, ending
    deadline = time.monotonic() + DELIVERY_SECONDS
    while ending.completion != "delivered":
        assert time.monotonic() < deadline, f"not delivered in {DELIVERY_SECONDS} s: {ending}"
        time.sleep(0.2)
        ending = person.browser.open(ending.url)
    return ending


def test_two_items_are_deep_linked(component: Block, tool: Tool) -> None:
    items = component.records()["content_items"]
    assert [item["type"] for item in items] == ["ltiResourceLink"] * 2
    assert [item["url"] for item in items] == [f"{tool.address}/lti/launch"] * 2
    assert all(item["title"].strip() for item in items)
    named = [item["custom"]["item"] for item in items]
    assert all(named) and len(set(named)) == 2


def test_completion_arrives_without_a_score(component: Block, platform: Platform) -> None:
    learner = platform.sign_in("lee", "student")
    first = _open_item(component, learner, 0)
    assert first.kind not in {"", "error", "teacher", "preview", "ending"}, first

    _delivered(learner, play(learner.browser, first))

    records = component.records()
    [score] = [score for score in records["scores"] if score["user_id"] == learner.id]
    assert score["activity_progress"] == "Completed"
    assert score["grading_progress"] == "FullyGraded"
    assert (score["score_given"], score["score_maximum"], score["comment"]) == (None,) * 3
    assert records["grades"] == []

    # The stored row has defaults for what was left out: only the bytes tell what was sent.
    sent = [m for m in platform.exchanges("/scores") if learner.id in m["body"]]
    assert [message["status"] for message in sent] == [requests.codes.created]
    assert sent[0]["content_type"] == "application/vnd.ims.lis.v1.score+json"
    assert set(json.loads(sent[0]["body"])) == SCORE_FIELDS


def test_no_scope_is_asked_for_that_reads_results(component: Block, platform: Platform) -> None:
    learner = platform.sign_in("sam", "student")
    _delivered(learner, play(learner.browser, _open_item(component, learner, 0)))
    asked = [
        parse_qs(request["body"])["scope"][0].split()
        for request in platform.exchanges()
        if "/v1/token/" in request["path"]
    ]
    assert asked
    for scopes in asked:
        assert SCORE_SCOPE in scopes
        assert RESULT_SCOPE not in scopes


def test_two_items_of_one_resource_link_both_reach_the_platform(
    component: Block, platform: Platform
) -> None:
    learner = platform.sign_in("noor", "student")
    for index in (0, 1):
        first = _open_item(component, learner, index)
        assert first.kind != "ending", f"item {index} starts on its own: {first}"
        _delivered(learner, play(learner.browser, first))
    sent = [m for m in platform.exchanges("/scores") if learner.id in m["body"]]
    assert sent
    assert {message["status"] for message in sent} == {requests.codes.created}


def test_item_typed_by_hand_opens_too(component: Block, platform: Platform, tool: Tool) -> None:
    item = component.records()["content_items"][0]["custom"]["item"]
    typed = tool.add_to(platform, custom=[f"item={item}"])
    page = typed.launch(platform.sign_in("lee", "student"))
    assert page.status == requests.codes.ok
    assert page.kind not in {"", "error", "ending"}, page


def test_course_staff_may_look(component: Block, platform: Platform) -> None:
    page = _open_item(component, platform.sign_in("dana", "staff"), 1)
    assert page.status == requests.codes.ok
    assert page.kind not in {"", "error"}, page
    assert page.completion in {"", "none"}, page


def test_a_link_without_an_item_is_explained(platform: Platform, tool: Tool) -> None:
    page = tool.add_to(platform).launch(platform.sign_in("lee", "student"))
    assert page.kind == "error", page
    assert page.main["data-error"]
    assert page.status < requests.codes.server_error
