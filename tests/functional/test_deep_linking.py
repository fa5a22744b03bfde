"""What is inserted per LMS: every row of the measured tables, against its profile.

The sandbox checks the response as its LMS does: signature, times, `iss`, `aud`, `data`, each field.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import jwt
import pytest
import requests
from browsing import parse
from driver import Driver
from playing import once_delivered, play_to_the_end, wait_for_tick
from playing import page as page_of
from stack import Stack

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
FIRST, SECOND, MODULE = "zeventien-seconden", "hij-slaapt-niet", "vragen-die-verder-helpen"
DAY = "2026-12-10"
ENDS = "2026-12-10T21:59:00+00:00"

HONOURED = {"type", "title", "text", "url", "icon", "custom"}
"""The fields that every LMS keeps; `lineItem` and `submission` only go where they are kept."""


@dataclass(frozen=True)
class Place:
    """One place of an LMS where a designer adds an activity.

    Attributes:
        placement: "" for the LMS's only one.
        multiple: whether several may come back.
        maximum: of the line item that comes along; None for none.
        reports: whether what is inserted there can report.
        dated: whether the LMS keeps a date.
        advice: how many lines say what to set afterwards.
    """

    profile: str
    placement: str = ""
    multiple: bool = True
    maximum: int | None = None
    reports: bool = True
    dated: bool = True
    advice: int = 0

    def __str__(self) -> str:
        return f"{self.profile} {self.placement}".strip()


PLACES = (
    Place("strict", maximum=1),
    Place("moodle", dated=False),  # its plugin sets all there is to set
    Place("canvas", "assignment_selection", multiple=False, maximum=0, advice=2),
    Place("canvas", "link_selection", maximum=0, advice=2),
    Place("canvas", "module_index_menu_modal", maximum=0, advice=2),
    Place("canvas", "module_menu_modal", maximum=0, advice=2),
    Place("canvas", "course_assignments_menu", maximum=0, advice=2),
    Place("canvas", "editor_button", reports=False),
    Place("canvas", "homework_submission", multiple=False, reports=False),
)
EACH = pytest.mark.parametrize("place", PLACES, ids=str)
SEVERAL = {place.profile: place for place in PLACES if place.multiple}
"""A place for each LMS where several may come back."""


def picker(stack: Stack, place: Place, **choices: Any) -> tuple[Driver, requests.Response]:
    driver = Driver(stack.sandbox.base_url, place.profile)
    how = {"placement": place.placement} if place.placement else {}
    return driver, driver.deep_link(**how, **choices)


def hand_over(
    driver: Driver, answer: requests.Response
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Let the LMS take what the tool signed; the content items, and what the course has more."""
    before = {one["id"] for one in driver.state()["activities"]}
    token = parse(answer).one("input[name=JWT]").attrs["value"]
    items = jwt.decode(token, options={"verify_signature": False})[DL + "content_items"]
    assert driver.submit_form(answer, "form").status_code == 200
    return items, [one for one in driver.state()["activities"] if one["id"] not in before]


def slugs(activities: list[dict[str, Any]]) -> list[str]:
    return [one["custom"]["item"] for one in activities]


@EACH
def test_what_is_inserted_there(stack: Stack, place: Place) -> None:
    driver, page = picker(stack, place)
    words = parse(page).one("[data-insert]").text
    assert (words == "Invoegen, alleen om te oefenen") == (not place.reports)
    wanted = [FIRST, MODULE] if place.multiple else [FIRST]
    answer = driver.submit_form(page, "[data-insert]", item=wanted)
    told = parse(answer)
    assert told.one("main").attrs["data-page"] == "return"
    lines = [one for one in told.all("[data-advice]") for one in one.all("li")]
    assert len(lines) == place.advice
    items, added = hand_over(driver, answer)
    assert [one["custom"] for one in added] == [{"item": slug} for slug in wanted]
    assert len(items) == len(wanted)
    kept = HONOURED | ({"lineItem"} if place.maximum is not None else set())
    for item in items:
        assert item.keys() == kept  # neither frame nor window nor opening times
        assert item["type"] == "ltiResourceLink"
        assert len(item["title"]) <= 255
        assert "<" not in item["text"]
        assert item["url"] == f"{stack.tool_url}/lti/launch"
        if place.maximum is not None:
            assert item["lineItem"] == {
                "scoreMaximum": place.maximum,
                "label": item["title"],
                "resourceId": item["custom"]["item"],
                "tag": "completion",
            }
    opened = parse(driver.launch(added[0]["id"], "sam"))
    assert opened.one("main").attrs["data-page"] in {"scene", "choice", "feedback", "ending"}


@EACH
def test_where_one_is_taken_two_are_refused(stack: Stack, place: Place) -> None:
    driver, page = picker(stack, place)
    answer = driver.submit_form(page, "[data-insert]", item=[FIRST, SECOND])
    refused = answer.headers.get("X-Proeftuin-Error")
    assert refused == (None if place.multiple else "selection-malformed")


def test_the_icon_of_an_activity_resolves(stack: Stack) -> None:
    driver, page = picker(stack, PLACES[0])
    answer = driver.submit_form(page, "[data-insert]", item=[FIRST])
    [item], _ = hand_over(driver, answer)
    icon = requests.get(item["icon"]["url"], timeout=10)
    assert (icon.status_code, icon.headers["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_a_learner_adds_nothing(stack: Stack, profile: str) -> None:
    answer = Driver(stack.sandbox.base_url, profile).deep_link(user="sam")
    assert answer.headers.get("X-Proeftuin-Error") == "role-missing"


# --- a whole study day ---------------------------------------------------------------------------


def prepare(driver: Driver, page: requests.Response, title: str) -> tuple[str, requests.Response]:
    """Make a preparation of two items; its slug, and the picker with it in the tray."""
    answer = driver.submit_form(page, "[data-prepare]", item=[FIRST, MODULE])
    answer = driver.submit_form(answer, "[name=save]", title=title, day=DAY)
    made = [one.attrs["value"] for one in parse(answer).all("input[name=order]")]
    return next(slug for slug in made if slug.startswith("dag")), answer


def separate(place: Place, page: requests.Response) -> bool:
    """Whether the picker offers to put the parts of a preparation in the course by themselves."""
    return bool(parse(page).all("[name=apart]"))


@pytest.mark.parametrize("place", [place for place in PLACES if place.multiple], ids=str)
def test_a_preparation_becomes_an_activity_for_each_part(stack: Stack, place: Place) -> None:
    driver, page = picker(stack, place)
    slug, page = prepare(driver, page, "Studiedag")
    items, added = hand_over(
        driver, driver.submit_form(page, "[data-insert]", item=slug, apart="1")
    )
    assert slugs(added) == [FIRST, MODULE]
    ends = [item.get("submission", {}).get("endDateTime") for item in items]
    assert ends == ([ENDS] * 2 if place.dated else [None] * 2)


@EACH
def test_a_preparation_becomes_one_activity(stack: Stack, place: Place) -> None:
    """Also with a title that is longer than an LMS keeps: Moodle drops such an item silently."""
    maker, page = picker(stack, SEVERAL[place.profile])
    slug, page = prepare(maker, page, "d" * 300)
    driver, page = (maker, page) if place.multiple else picker(stack, place)
    assert separate(place, page) == place.multiple
    if not place.multiple:
        page = driver.submit_form(page, "[data-search]", q=slug)
    [item], [added] = hand_over(driver, driver.submit_form(page, "[data-insert]", item=slug))
    assert (item["title"][-2:], len(item["title"])) == ("d…", 255)
    assert item.get("submission") == ({"endDateTime": ENDS} if place.dated else None)
    opened = parse(driver.launch(added["id"], "sam"))
    assert opened.one("main").attrs["data-page"] == "preparation"
    assert [one.attrs["data-part"] for one in opened.all("li[data-part]")] == [FIRST, MODULE]


def begin(driver: Driver, day: requests.Response, slug: str) -> requests.Response:
    """Open one part from the page of a preparation."""
    [link] = [one for one in parse(day).all("a") if f"/play/{slug}/" in one.attrs["href"]]
    return driver.get(urljoin(day.url, link.attrs["href"]), page=day.url)


def test_a_preparation_is_changed_while_somebody_is_half_way(stack: Stack) -> None:
    """What was done stays done, what was left out is not waited for, and one completion is sent."""
    tess, page = picker(stack, PLACES[0])
    slug, page = prepare(tess, page, "Studiedag")
    _, [added] = hand_over(tess, tess.submit_form(page, "[data-insert]", item=slug))
    sam = Driver(stack.sandbox.base_url, "strict")
    day = sam.launch(added["id"], "sam")
    play_to_the_end(sam, begin(sam, day, MODULE))
    half_way = sam.submit_form(begin(sam, day, FIRST), "[data-next]")
    assert page_of(sam.get(day.url))[1] == "none"

    draft = tess.submit_form(tess.launch(added["id"], "tess"), "[data-prepare]")
    draft = tess.submit_form(draft, f"button[value={FIRST}]", title="Een andere titel")
    tess.submit_form(draft, "[name=save]")

    again = parse(sam.get(day.url))
    assert again.one("h1").text == "Een andere titel"
    assert [one.attrs["data-done"] for one in again.all("li[data-part]")] == ["yes"]
    wait_for_tick(sam, added["id"], "sam")
    play_to_the_end(sam, half_way)  # what was under way can be finished, and changes nothing
    once_delivered(lambda: sam.get(day.url))
    line_item = added["line_item"]["url"]
    assert len([one for one in sam.messages("score") if one["url"].startswith(line_item)]) == 1


# --- a course that was copied --------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "told"), [("strict", 1), ("moodle", 0), ("canvas", 0)])
def test_a_copied_course_starts_anew(stack: Stack, profile: str, told: int) -> None:
    """Only one LMS says of which link it is a copy; the others pass our variable as it is."""
    driver = Driver(stack.sandbox.base_url, profile)
    old = driver.add_activity("Module", item=MODULE, line_item=True)["id"]
    play_to_the_end(driver, driver.launch(old, "sam"))
    wait_for_tick(driver, old, "sam")
    copy = driver.api("POST", f"activities/{old}/copy", {"course": "next-year"})["id"]
    assert len(parse(driver.launch(copy, "tess")).all("[data-copied]")) == told
    assert parse(driver.launch(old, "tess")).all("[data-copied]") == []
    opened = driver.launch(copy, "sam")
    assert page_of(opened)[1] == "none"
    driver.submit_form(opened, "[data-next]")
    assert not driver.is_done(copy, "sam")
    once_delivered(lambda: driver.launch(old, "sam"))
    play_to_the_end(driver, driver.launch(copy, "sam"))
    wait_for_tick(driver, copy, "sam")


# --- a page to share -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "status"), [("zeventien-seconden", 200), ("bij-elkaar-kijken-en", 200), (SECOND, 404)]
)
def test_what_its_makers_made_public_is_seen_without_a_launch(
    stack: Stack, slug: str, status: int
) -> None:
    answer = requests.get(f"{stack.tool_url}/share/{slug}", timeout=10)
    assert answer.status_code == status
    assert "Set-Cookie" not in answer.headers
    pictures = [one.attrs["src"] for one in parse(answer).all("img") if status == 200]
    assert len(pictures) >= int(status == 200)
    for picture in pictures:
        assert requests.get(stack.tool_url + picture, timeout=10).status_code == 200
