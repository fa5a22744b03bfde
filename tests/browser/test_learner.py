"""The learner holds the reins: the logbook, a sentence for later, what fits, what is kept."""

import json
from pathlib import Path

import pytest
from audit import named, sticks_out, whole_page
from driver import Driver
from onscreen import (
    DESKTOP,
    PHONE,
    OpenPage,
    Surface,
    heading,
    kind,
    launch,
    open_item,
    press,
    reveal,
    step,
    walk,
)
from playwright.sync_api import Download, Page
from stack import Stack
from ways import EXPERIENCES, to_two_endings

ITEM = EXPERIENCES["bij-elkaar-kijken"]
SENTENCE = "Maandag vraag ik eerst wat zij ziet."
OWN = "Eerst de stilte, dan pas mijn plan."


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page on a phone, on a wide screen and enlarged."""
    found = whole_page(page, "nl")
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    found += named(page, sticks_out(page))
    page.set_viewport_size({"width": PHONE, "height": 700})
    return found


def saved(page: Page, selector: str) -> Download:
    """What comes as a file when a button is pressed."""
    reveal(page, selector)
    with page.expect_download() as coming:
        page.locator(selector).click()
    return coming.value


def text_of(download: Download) -> str:
    return Path(download.path()).read_text()


def to_the_end(at: Surface) -> None:
    walk(at, to_two_endings(ITEM)[0].steps)


def test_what_one_keeps_is_found_again_taken_along_and_erased(
    open_page: OpenPage, driver: Driver
) -> None:
    page = open_page(PHONE, 700, reduced_motion="reduce")
    open_item(page, driver, ITEM.id, user="noor")
    to_the_end(page)
    hint = page.locator(".path .hint div").first.inner_text()
    press(page, "[data-keep=hint]")
    page.locator(".kept-now.shown, :target > .kept-now").first.wait_for()

    calendar = saved(page, "[data-calendar]")
    assert calendar.suggested_filename.endswith(".ics")
    assert "BEGIN:VEVENT" in text_of(calendar)
    reveal(page, "[name=sentence]")
    page.locator("[name=sentence]").fill(SENTENCE)
    press(page, "[data-keep=sentence]")
    step(page, page.get_by_role("link", name="Mijn logboek").last.click)
    assert kind(page) == "logbook"
    page.locator("#own").fill(OWN)
    press(page, "[data-keep=own]")
    words = page.locator(".logbook blockquote").all_inner_texts()
    assert {hint, SENTENCE, OWN} <= set(words)
    found = looked_at(page)

    boxes = page.locator(".logbook input[name=entry]")
    left_out = page.locator(".logbook > li", has_text=hint).get_by_role("checkbox")
    left_out.uncheck()
    assert boxes.count() >= 4
    for form in ("html", "markdown", "json"):
        taken = text_of(saved(page, f"[data-export={form}]"))
        assert SENTENCE in taken
        assert hint not in taken
        assert "geen certificaat" in taken
    assert Path(saved(page, "[data-export=pdf]").path()).read_bytes().startswith(b"%PDF-")
    badge = json.loads(text_of(saved(page, "[data-export=badge]")))
    assert "AchievementCredential" in badge["type"]
    assert "proof" not in badge

    press(page, "[data-grow]")
    page.locator("#wish").fill("collega’s die niet willen meekijken")
    press(page, "[data-fit]")
    assert page.locator("[data-fits]").count() >= 1
    found += looked_at(page)

    step(page, page.get_by_role("link", name="Wat wordt er bewaard?").last.click)
    assert kind(page) == "kept"
    found += looked_at(page)
    assert SENTENCE in text_of(saved(page, "[data-download=html]"))
    assert OWN in text_of(saved(page, "[data-download=json]"))
    step(page, page.get_by_role("link", name="Wis alles").click)
    found += looked_at(page)
    step(page, page.locator("main form button").first.click)
    assert heading(page) == "Gewist"
    found += looked_at(page)

    open_item(page, driver, ITEM.id, user="noor")
    step(page, page.get_by_role("link", name="Mijn logboek").last.click)
    assert page.locator(".logbook").count() == 0
    assert not found, "\n".join(found)


def test_a_colleague_finds_nothing_of_it(open_page: OpenPage, driver: Driver) -> None:
    page, other = open_page(PHONE, 700), open_page(PHONE, 700)
    activity = driver.add_activity(ITEM.id, item=ITEM.id, line_item=True)["id"]
    for at, user in ((page, "noor"), (other, "sam")):
        launch(at, driver, activity, user)
        step(at, at.get_by_role("link", name="Mijn logboek").last.click)
    page.locator("#own").fill(OWN)
    press(page, "[data-keep=own]")
    press(other, "[data-grow]")
    other.go_back()
    assert OWN in page.content()
    assert OWN not in other.content()
