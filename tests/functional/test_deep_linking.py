"""What is inserted per LMS: every row of the measured tables, against its profile."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from driver import Driver, parse
from stack import Stack

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
FIRST, SECOND, MODULE = "zeventien-seconden", "hij-slaapt-niet", "vragen-die-verder-helpen"


@dataclass(frozen=True)
class Place:
    """One place of an LMS where a designer adds an activity.

    Attributes:
        placement: "" for the LMS's only one.
        multiple: whether several may come back.
        maximum: of the line item that comes along; None for none.
        reports: whether what is inserted there can report.
        advice: how many lines say what to set afterwards.
    """

    profile: str
    placement: str = ""
    multiple: bool = True
    maximum: int | None = None
    reports: bool = True
    advice: int = 0
    choices: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.profile} {self.placement}".strip()


PLACES = (
    Place("strict", maximum=1),
    Place("moodle"),  # its plugin sets all there is to set
    Place("canvas", "module_menu_modal", maximum=0, advice=2),
    Place("canvas", "assignment_selection", multiple=False, maximum=0, advice=2),
    Place("canvas", "editor_button", reports=False),
)


@pytest.fixture(params=PLACES, ids=str)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    yield request.param


def picker(stack: Stack, place: Place) -> tuple[Driver, Any]:
    driver = Driver(stack.sandbox.base_url, place.profile)
    how = {"placement": place.placement} if place.placement else {}
    return driver, driver.deep_link(**how)


def test_what_is_inserted_there(stack: Stack, place: Place) -> None:
    driver, page = picker(stack, place)
    wanted = [FIRST, MODULE] if place.multiple else [FIRST]
    before = {one["id"] for one in driver.state()["activities"]}
    answer = driver.submit_form(page, "[data-insert]", item=wanted)
    told = parse(answer)
    assert told.one("main").attrs["data-page"] == "return"
    lines = [one for one in told.all("[data-advice]") for one in one.all("li")]
    assert len(lines) == place.advice
    token = told.one("input[name=JWT]").attrs["value"]
    items = jwt.decode(token, options={"verify_signature": False})[DL + "content_items"]
    driver.submit_form(answer, "form")  # there the signature is checked
    added = [one for one in driver.state()["activities"] if one["id"] not in before]
    assert [one["custom"] for one in added] == [{"item": slug} for slug in wanted]
    assert len(items) == len(wanted)
    for item in items:
        assert len(item["title"]) <= 255
        assert "<" not in item["text"]
        line_item = item.get("lineItem")
        assert (line_item and line_item["scoreMaximum"]) == place.maximum
        assert line_item is None or isinstance(line_item["scoreMaximum"], int)


def test_the_picker_says_where_nothing_can_be_reported(stack: Stack, place: Place) -> None:
    _, page = picker(stack, place)
    words = parse(page).one("[data-insert]").text
    assert (words == "Invoegen, alleen om te oefenen") == (not place.reports)


def test_where_one_is_taken_two_are_refused(stack: Stack, place: Place) -> None:
    driver, page = picker(stack, place)
    answer = driver.submit_form(page, "[data-insert]", item=[FIRST, SECOND])
    refused = answer.headers.get("X-Proeftuin-Error")
    assert refused == (None if place.multiple else "selection-malformed")


def test_a_learner_opens_what_was_inserted(stack: Stack, place: Place) -> None:
    driver, page = picker(stack, place)
    before = {one["id"] for one in driver.state()["activities"]}
    driver.insert(page, FIRST)
    [added] = [one for one in driver.state()["activities"] if one["id"] not in before]
    opened = parse(driver.launch(added["id"], "sam"))
    assert opened.one("main").attrs["data-page"] in {"scene", "choice", "feedback", "ending"}
