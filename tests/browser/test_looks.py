"""Light, calm, and readable in other ways than the usual one: weight, motion, contrast, print."""

from collections.abc import Callable
from urllib.parse import urlsplit

import audit
import pytest
from driver import Driver
from onscreen import (
    DESKTOP,
    PHONE,
    OpenPage,
    kind,
    launch,
    onward,
    open_item,
    open_picker,
    press,
    react,
    to_a_choice,
)
from playwright.sync_api import Page, expect
from stack import Stack
from ways import EXPERIENCES, MODULES, Way, past_every_node, to_two_endings

MOST_BYTES = 60_000
ITEM = EXPERIENCES["hij-slaapt-niet"]

# Sizes before compression, pictures, films and the typeface aside; 0 for what did not change.
WEIGHT = """() => [
  ...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")
].filter((entry) => !["img", "video", "audio", "track", "fetch"].includes(entry.initiatorType))
 .filter((entry) => !entry.name.endsWith(".woff2"))
 .map((entry) => [entry.name, entry.decodedBodySize])"""

MOVING = """() => [...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const lasts = (durations) => durations.split(",").some((each) => parseFloat(each) > 0);
  return lasts(style.transitionDuration) || style.animationName !== "none"
    || style.scrollBehavior === "smooth";
}).map((element) => element.outerHTML.slice(0, 80))"""


# In each text of an author's one word becomes longer than any that fits, until it is put back.
LONG_WORDS = """() => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  window.asWritten = [];
  while (walk.nextNode()) {
    const text = walk.currentNode;
    if (text.parentElement.closest("script, style, svg, pre, select, button")) continue;
    window.asWritten.push([text, text.data]);
    text.data = text.data.replace(/[a-z]{4,}/i, "verantwoordelijkheidsgevoelensbespreking");
  }
}"""
WORD = r"[\p{L}\d]+"  # a cell may break at a hyphen
AS_WRITTEN = "() => window.asWritten.forEach(([text, data]) => { text.data = data })"


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


def kinds_on(way: Way) -> int:
    """How many kinds of nodes one comes by on a way."""
    return len({ITEM.nodes[step.node].type for step in way.steps})


def tour(page: Page, stack: Stack, driver: Driver, look: Callable[[], None]) -> set[str]:
    """Come by every kind of page and look at each; which kinds there were."""
    seen = set()

    def arrived() -> None:
        seen.add(kind(page))
        look()

    page.goto(f"{stack.tool_url}/?lang=nl")
    arrived()
    open_picker(page, driver)
    arrived()
    press(page, f".shelf > li:has(input[value={ITEM.id}]) [data-look]")
    arrived()
    activity = driver.add_activity(ITEM.title, item=ITEM.id, line_item=True)["id"]
    launch(page, driver, activity, "tess")
    arrived()
    launch(page, driver, activity, "sam")
    for each in max(past_every_node(ITEM), key=kinds_on).steps:
        arrived()
        if each.choice:
            react(page, each.choice)
            arrived()
        onward(page)
    arrived()
    press(page, "footer .quiet")
    arrived()
    return seen


ALL_KINDS = {"home", "picker", "preview", "teacher", "scene", "choice", "feedback", "open"}
ALL_KINDS |= {"reflect", "ending", "kept"}


def test_no_page_weighs_more_than_60_kb_without_its_media(
    open_page: OpenPage, stack: Stack, driver: Driver
) -> None:
    page = open_page()
    sizes: dict[str, int] = {}
    too_heavy = []

    def weigh() -> None:
        sizes.update((name, size) for name, size in page.evaluate(WEIGHT) if size)
        parts = {name: sizes[name] for name, _ in page.evaluate(WEIGHT)}
        assert sum(urlsplit(name).path.endswith((".css", ".js")) for name in parts) >= 2, parts
        if sum(parts.values()) > MOST_BYTES:
            too_heavy.append((sum(parts.values()), parts))

    assert tour(page, stack, driver, weigh) == ALL_KINDS
    for slug in MODULES:
        open_item(page, driver, slug)
        weigh()
    assert not too_heavy, too_heavy


def test_a_word_longer_than_its_place_is_broken_and_not_cut_off(
    open_page: OpenPage, stack: Stack, driver: Driver
) -> None:
    page = open_page(audit.NARROW, reduced_motion="reduce")
    found = set()

    def look() -> None:
        page.evaluate(LONG_WORDS)
        found.update(f"{kind(page)}: {each}" for each in audit.sticks_out(page))
        page.evaluate(AS_WRITTEN)

    assert tour(page, stack, driver, look) == ALL_KINDS
    assert not found, "\n".join(sorted(found))


def test_nothing_moves_for_who_does_not_want_that(
    open_page: OpenPage, stack: Stack, driver: Driver
) -> None:
    page = open_page(reduced_motion="reduce")
    moving: list[str] = []
    tour(page, stack, driver, lambda: moving.extend(page.evaluate(MOVING)))
    page.goto(f"{driver.sandbox_url}/strict/course?user=tess")
    moving += page.evaluate(MOVING)
    assert not moving, moving
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING), "this test would see it if something moved"


def test_the_chosen_reaction_is_seen_in_a_high_contrast_theme(
    open_page: OpenPage, driver: Driver
) -> None:
    """With forced colours a background says nothing: borders and outlines have to."""
    page = open_page(PHONE, forced_colors="active")
    open_item(page, driver, ITEM.id)
    to_a_choice(page)
    page.locator(".card").first.click()
    page.locator(".actions button").focus()
    outlines = page.locator(".card").evaluate_all(
        "cards => cards.map((card) => getComputedStyle(card).outlineStyle)"
    )
    assert outlines[0] != "none"
    assert set(outlines[1:]) == {"none"}
    border = page.locator(".actions button").evaluate("it => getComputedStyle(it).borderTopWidth")
    assert border != "0px"


@pytest.mark.parametrize("slug", MODULES)
def test_a_micro_module_is_printed_with_its_explanations(
    open_page: OpenPage, driver: Driver, slug: str
) -> None:
    page = open_page()
    open_item(page, driver, slug)
    expect(page.locator(".option > div").first).to_be_hidden()
    page.emulate_media(media="print")
    for explanation in page.locator(".option > div").all():
        expect(explanation).to_be_visible()


def test_one_s_own_way_can_be_printed(open_page: OpenPage, driver: Driver) -> None:
    """On paper: the way and the hints, in black on white, without a single button."""
    page = open_page(color_scheme="dark")
    open_item(page, driver, ITEM.id)
    for each in to_two_endings(ITEM)[0].steps:
        if each.choice:
            react(page, each.choice)
        onward(page)
    expect(page.locator("[data-print]")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".path li")).to_have_count(
        sum(bool(each.choice) for each in to_two_endings(ITEM)[0].steps)
    )
    expect(page.locator(".path")).to_be_visible()
    expect(page.locator(".hint").first).to_be_visible()
    expect(page.locator("button:visible, a.first:visible, a.second:visible")).to_have_count(0)
    colours = page.locator("body").evaluate(
        "body => [getComputedStyle(body).color, getComputedStyle(body).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize("name", ["performance", "other-lms"])
def test_a_table_of_a_guide_keeps_its_words_whole_and_within_the_page(
    stack: Stack, open_page: OpenPage, name: str
):
    for width in (PHONE, DESKTOP):
        page = open_page(width)
        page.goto(f"{stack.tool_url}/about/{name}")
        assert page.locator("td").count() > 3
        assert audit.broken_words(page, "th, td", WORD) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
