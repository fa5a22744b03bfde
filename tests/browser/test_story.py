"""The whole story in the LMS's frame, by clicking what a person clicks.

A designer puts an Experience in the course, a learner plays it with the keyboard alone, and the
course shows a tick while its gradebook stays empty. In Dutch on a desktop in an LMS with the
habits of Moodle, in English on a phone in one with the habits of Canvas.
"""

from dataclasses import dataclass

import pytest
from driver import Driver
from onscreen import (
    DESKTOP,
    PHONE,
    Keys,
    OpenPage,
    at_heading,
    completion,
    heading,
    in_frame,
    kind,
    press,
)
from playwright.sync_api import Frame, Page, expect
from stack import Stack
from ways import EXPERIENCES, to_two_endings

from lti_tool.experience.document.model import ChoiceNode

DELIVERED_WITHIN = 20_000


@dataclass(frozen=True)
class Telling:
    """The story in one language: where it plays, what to look for, and what pages say."""

    lang: str
    profile: str
    reported_by: str
    width: int
    slug: str
    search: str
    insert: str
    to_set: int
    another: str
    delivered: str
    done: str
    no_grade: str


DUTCH = Telling(
    lang="nl",
    profile="moodle",
    reported_by="completion",
    width=DESKTOP,
    slug="bij-elkaar-kijken",
    search="weerstand",
    insert="Zet in mijn cursus",
    to_set=0,  # the plugin does it
    another="Probeer een andere reactie",
    delivered="Doorgegeven.",
    done="afgerond",
    no_grade="Geen enkel cijfer",
)
ENGLISH = Telling(
    lang="en",
    profile="canvas",
    reported_by="score",
    width=PHONE,
    slug="bij-elkaar-kijken-en",
    search="resistance",
    insert="Put in my course",
    to_set=2,
    another="Try another reaction",
    delivered="Delivered.",
    done="completed",
    no_grade="Not a single grade",
)


@pytest.mark.xdist_group("story")
@pytest.mark.parametrize("told", [DUTCH, ENGLISH], ids=["nl", "en"])
def test_from_the_empty_course_to_the_tick_and_the_empty_gradebook(
    open_page: OpenPage, stack: Stack, told: Telling
) -> None:
    driver = Driver(stack.sandbox.base_url, told.profile)
    driver.api("POST", "reset")
    page = open_page(told.width)

    page.goto(f"{driver.sandbox_url}/?lang={told.lang}")
    page.locator(f".lms-{told.profile} a.button").click()
    expect(page.locator("[data-activity]")).to_have_count(0)
    page.locator("[data-add]").click()
    put_in_the_course(page, told)

    page.locator("nav.people").get_by_role("link", name="Sam").click()
    page.locator("[data-open]").click()
    play_by_keyboard(page, told)

    page.locator("nav.tabs a").first.click()
    row = page.locator("[data-activity] [data-user=sam]")
    expect(row).to_have_attribute("data-done", "yes", timeout=DELIVERED_WITHIN)
    expect(row).to_contain_text(told.done)
    page.locator("nav.tabs a").nth(1).click()
    expect(page.locator("[data-empty]")).to_contain_text(told.no_grade)
    page.locator("nav.tabs a").nth(2).click()
    expect(page.locator(".message[data-kind=login]").first).to_be_visible()
    kinds = {row.get_attribute("data-kind") for row in page.locator(".message").all()}
    assert {"login", "id_token", "deep_link", told.reported_by} <= kinds, kinds
    expect(page.locator(".message.refused")).to_have_count(0)
    expect(page.locator("#score-check .notice.good")).to_be_visible()
    assert driver.violations() == []


def put_in_the_course(page: Page, told: Telling) -> None:
    """Search, look inside, come back, tick, insert."""
    picker = in_frame(page)
    assert kind(picker) == "picker"
    shelf = picker.locator(".shelf > li:visible")
    everything = shelf.count()
    picker.locator(".narrow > summary").click()
    picker.locator("[data-filter=kind]").select_option("micromodule")
    expect(shelf).not_to_have_count(everything)
    assert 0 < shelf.count() < everything
    picker.locator("[data-filter=kind]").select_option("experience")
    picker.locator("[data-filter=lang]").select_option(told.lang)
    picker.locator("[data-filter=text]").fill(told.search)
    found = picker.locator(f".shelf > li:has(input[value='{told.slug}'])")
    expect(shelf).not_to_have_count(everything)
    expect(found).to_be_visible()
    expect(picker.locator("[data-insert]")).to_be_disabled()

    press(picker, f".shelf > li:has(input[value='{told.slug}']) [data-look]")
    assert kind(picker) == "preview"
    assert heading(picker) == EXPERIENCES[told.slug].title
    press(picker, "[data-back]")
    assert kind(picker) == "picker"

    picker.locator(f"label:has(input[value='{told.slug}'])").click()
    picker.get_by_role("button", name=told.insert).click()
    if told.to_set:
        expect(picker.locator("[data-advice] li")).to_have_count(told.to_set)
        picker.locator("[data-next]").click()
    page.wait_for_url("**/course?**")
    expect(page.locator("[data-activity] h2")).to_have_text(EXPERIENCES[told.slug].title)


def play_by_keyboard(page: Page, told: Telling) -> None:
    """Play to an ending without a mouse, trying two reactions at the first choice."""
    item = EXPERIENCES[told.slug]
    way, _ = to_two_endings(item)
    frame = in_frame(page)
    assert (kind(frame), completion(frame)) == ("scene", "none")
    frame.locator("h1").focus()  # a person tabs into the frame from the LMS's page around it
    keys = Keys(frame)
    tried = False
    for each in way.steps:
        if told.profile == "canvas":  # which listens to lti.frameResize, as Moodle does not
            expect_to_fit(page, frame)
            expect(frame.locator("h1")).to_be_in_viewport()
        assert heading(frame) == item.nodes[each.node].title
        if each.choice:
            node = item.nodes[each.node]
            assert isinstance(node, ChoiceNode)
            if not tried:
                keys.choose(next(c.id for c in node.choices if c.id != each.choice))
                elsewhere = frame.locator(".this .happens").inner_text()
                expect(frame.locator("[data-another]")).to_have_text(told.another)
                keys.go("[data-another]")
                assert kind(frame) == "choice"
                keys.choose(each.choice)
                assert frame.locator(".this .happens").inner_text() != elsewhere
                tried = True
            else:
                keys.choose(each.choice)
            assert kind(frame) == "feedback"
        keys.open_all("details.compare > summary")  # one compares before one goes on
        keys.go("[data-next]")
    assert (kind(frame), heading(frame)) == ("ending", item.nodes[way.ending].title)
    at_heading(frame)
    itself = expect(frame.locator("main"))  # nobody loads the page again
    itself.to_have_attribute("data-completion", "delivered", timeout=30_000)
    expect(frame.locator("#completion")).to_contain_text(told.delivered)


def expect_to_fit(page: Page, frame: Frame) -> None:
    """The LMS's frame has grown with the page in it: there is no second scroll bar."""
    needed = frame.evaluate("document.scrollingElement.scrollHeight")
    page.wait_for_function(
        "needed => document.querySelector('iframe[data-tool]').clientHeight >= needed", arg=needed
    )
