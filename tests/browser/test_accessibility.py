"""Every page is usable by everyone: WCAG 2.2 AA as far as a machine can tell.

axe on every page, in both languages, light and dark; 320 px without sideways scrolling, text of
twice the size; titles, headings and languages that say what they are; the focus where the next
page begins.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlencode

import audit
import pytest
from driver import Driver
from onscreen import (
    DESKTOP,
    OpenPage,
    at_heading,
    heading,
    in_frame,
    kind,
    launch,
    look_until,
    onward,
    open_item,
    open_picker,
    press,
    react,
    unfold,
)
from playwright.sync_api import Page, Route, expect
from stack import Stack
from watching import Watch
from ways import EXPERIENCES, MODULES, past_every_node, words_of

from lti_tool.experience.document.model import ChoiceNode, Open, Reflect
from lti_tool.experience.play.engine import Step

SLUG = {"nl": "bij-elkaar-kijken", "en": "bij-elkaar-kijken-en"}
MODULE = {"nl": "naam-foto-ai", "en": "naam-foto-ai-en"}


@pytest.fixture(params=["nl", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def narrow(open_page: OpenPage) -> Page:
    """As wide as a desktop window at 400 %."""
    return open_page(audit.NARROW, 640, reduced_motion="reduce")


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


@dataclass
class Look:
    """Looks at pages, wide and narrow, light and dark, and remembers all that is wrong."""

    page: Page
    lang: str
    found: list[str] = field(default_factory=list)

    def __call__(self, expected: str, note: str = "") -> None:
        assert kind(self.page) == expected, f"{kind(self.page)}: {self.page.url}"
        self.found += [f"({note}) {each}" for each in audit.whole_page(self.page, self.lang)]


@pytest.fixture
def look(open_page: OpenPage, lang: str) -> Iterator[Look]:
    made = Look(open_page(DESKTOP, reduced_motion="reduce", locale=lang), lang)
    yield made
    assert not made.found, "\n".join(made.found)


@pytest.mark.parametrize("slug", EXPERIENCES)
def test_every_node_of_every_experience_is_accessible(
    narrow: Page, driver: Driver, slug: str
) -> None:
    item = EXPERIENCES[slug]
    activity = driver.add_activity(slug, item=slug, line_item=True)["id"]
    found: list[str] = []
    seen: set[Step | str] = set()

    def look() -> None:
        found.extend(audit.node_page(narrow, item.lang))

    for number, way in enumerate(past_every_node(item)):
        if number:
            press(narrow, "[data-replay]")
        else:
            launch(narrow, driver, activity, lang=item.lang)
        for known, steps in groupby(way.steps, seen.__contains__):
            if known:
                pass_by(narrow, driver, steps)
                continue
            for each in steps:
                assert heading(narrow) == item.nodes[each.node].title
                if each.node not in seen:
                    look()
                if each.choice:
                    react(narrow, each.choice)
                    at_heading(narrow)
                    look()
                onward(narrow)
                at_heading(narrow)
                seen |= {each, each.node}
        assert (kind(narrow), heading(narrow)) == ("ending", item.nodes[way.ending].title)
        if way.ending not in seen:
            look()
            seen.add(way.ending)
    assert not found, "\n".join(found)


def pass_by(page: Page, driver: Driver, steps: Iterable[Step]) -> None:
    """Take steps that were looked at before, without showing them; show where they lead."""
    driver.take_cookies(page.context.cookies())
    answer = driver.get(page.url)
    for each in steps:
        if each.choice:
            answer = driver.submit_form(answer, "input[name=choice]", choice=each.choice)
        answer = driver.submit_form(answer, "[data-next]")
    page.goto(answer.url)


@pytest.mark.parametrize("slug", MODULES)
def test_every_micro_module_is_accessible(narrow: Page, driver: Driver, slug: str) -> None:
    item = MODULES[slug]
    open_item(narrow, driver, slug, lang=item.lang)
    found = audit.node_page(narrow, item.lang)
    assert unfold(narrow)
    found += audit.node_page(narrow, item.lang)
    onward(narrow)
    at_heading(narrow)
    found += audit.node_page(narrow, item.lang)
    assert not found, "\n".join(found)


def test_the_pages_of_a_designer_are_accessible(look: Look, driver: Driver, lang: str) -> None:
    page = look.page
    open_picker(page, driver, lang)
    look("picker")
    page.locator("[data-filter=text]").fill("nothing is called like this")
    look("picker", "nothing found")
    page.locator("[data-filter=text]").fill("")
    page.locator("[name=item]").first.check()
    page.locator(".narrow > summary").click()
    page.locator(".order > summary").click()
    look("picker", "something ticked")
    press(page, "[data-prepare]")
    look("prepare")
    page.locator("#title").fill("Studiedag")
    press(page, "[name=save]")
    page.locator("[data-drop]").first.press("Enter")
    for slug in (SLUG[lang], MODULE[lang]):
        press(page, f".shelf > li:has(input[value={slug}]) [data-look]")
        at_heading(page)
        look("preview")
        press(page, "[data-back]")
    page.context.route("**/static/submit.js*", stay)
    page.locator("[name=item]").first.check()
    press(page, "[data-insert]")
    look("return")

    activity = driver.add_activity("Kijken", item=SLUG[lang], line_item=True)["id"]
    launch(page, driver, activity, "tess", lang)
    look("teacher")
    onward(page)
    look("scene", "as a designer")


def test_a_link_that_cannot_report_is_accessible(look: Look, stack: Stack, lang: str) -> None:
    driver = Driver(stack.sandbox.base_url, "canvas")
    activity = driver.add_activity("Kijken", item=SLUG[lang], line_item=False)["id"]
    for user, kind_of_page in (("tess", "teacher"), ("sam", "scene")):
        launch(look.page, driver, activity, user, lang)
        look(kind_of_page, "unreportable")


def test_the_pages_of_a_learner_are_accessible(
    look: Look, watch: Watch, driver: Driver, lang: str
) -> None:
    """Each kind of page once, also as it looks after something was done on it."""
    watch.expect_refusals()  # 422 for a reaction that was not chosen
    page, item = look.page, EXPERIENCES[SLUG[lang]]
    activity = driver.add_activity("Kijken", item=item.id, line_item=True)["id"]
    launch(page, driver, activity, "noor", lang)
    look("scene")
    press(page, "footer .quiet")
    at_heading(page)
    look("kept", "almost empty")
    press(page, ".actions .first")
    seen = set()
    for each in past_every_node(item)[0].steps:
        if isinstance(item.nodes[each.node], ChoiceNode) and "choice" not in seen:
            page.locator("form:has(input[name=choice])").evaluate(
                "form => { form.noValidate = true }"
            )
            press(page, "form:has(input[name=choice]) button")
            look("choice", "nothing chosen")
        if each.choice:
            react(page, each.choice)
            if "why" not in seen and unfold(page):
                look("feedback", "unfolded")
                seen.add("why")
        elif isinstance(item.nodes[each.node], Open):
            unfold(page)
            look("open", "unfolded")
        elif isinstance(item.nodes[each.node], Reflect):
            page.locator("textarea").fill("Na de vakantie.")
            look("reflect", "written")
        seen.add(item.nodes[each.node].type)
        onward(page)
    assert {"choice", "why", "open", "reflect"} <= seen
    look_until(page, "delivered")
    look("ending", "delivered")
    press(page, "footer .quiet")
    look("kept", "with all there is")
    press(page, "a[href$='/confirm']")
    look("kept", "confirm")
    launch(page, driver, activity, "noor", lang)
    look("ending", "done before")
    press(page, "footer .quiet")
    press(page, ".actions .second:last-child")
    press(page, ".actions .first")
    at_heading(page)
    look("kept", "erased")


def test_a_completion_that_waits_is_accessible(look: Look, driver: Driver, lang: str) -> None:
    too_fast = {"target": "services", "kind": "429", "count": 100, "seconds": 1}
    driver.api("POST", "faults", too_fast)
    try:
        open_item(look.page, driver, MODULE[lang], lang=lang)
        onward(look.page)
        look_until(look.page, "waiting")
        look("ending", "waiting")
    finally:
        driver.api("DELETE", "faults")
    press(look.page, "#completion button")
    look_until(look.page, "delivered")


def test_the_pages_around_the_activity_are_accessible(
    look: Look, watch: Watch, stack: Stack, driver: Driver, lang: str
) -> None:
    """Home, errors, and the pages of a launch in a browser that refuses our cookies."""
    watch.expect_refusals()
    page = look.page
    page.goto(f"{stack.tool_url}/?lang={lang}")
    look("home")
    for path in ("/nowhere", "/lti/login", "/lti/launch", "/l/AAAAAAAAAAAAAAAAAAAAAA/"):
        page.goto(stack.tool_url + path)
        look("error", path)
    empty = driver.add_activity("Leeg", line_item=True)["id"]
    launch(page, driver, empty, "sam", lang)
    look("error", "item-missing")

    login = driver.start(activity_id=empty, user="sam", lang=lang)["fields"] | {"c": "1"}
    page.context.clear_cookies()
    page.goto(f"{stack.tool_url}/lti/login?{urlencode(login)}")
    look("error", "open in a new window")
    page.context.clear_cookies()
    page.goto(f"{stack.tool_url}/lti/login?{urlencode(login | {'lti_storage_target': '_parent'})}")
    expect(page.locator("[data-without-storage]")).to_be_visible(timeout=5_000)
    look("error", "no storage")


def stay(route: Route) -> None:
    """Let a page that would leave by itself wait for its button."""
    route.fulfill(body="", content_type="text/javascript")


@pytest.mark.parametrize(
    ("profile", "lang"), [("strict", "nl"), ("moodle", "en"), ("canvas", "nl")]
)
def test_the_pages_of_the_practice_lms_are_accessible(
    look: Look, watch: Watch, stack: Stack, profile: str, lang: str
) -> None:
    watch.expect_refusals()
    driver, page = Driver(stack.sandbox.base_url, profile), look.page
    driver.api("POST", "reset", {"what": "messages"})  # a page full of them takes axe long
    activity = driver.add_activity("Kijken", item=SLUG[lang], line_item=True)["id"]

    def visit(path: str) -> None:
        page.goto(f"{driver.sandbox_url}/{path}{'&' if '?' in path else '?'}lang={lang}")
        if page.locator("iframe[data-tool]").count():
            in_frame(page)
        look("", path)

    visit("")
    visit("nowhere")
    for person in ("tess", "sam"):
        visit(f"{profile}/course?user={person}")
    visit(f"{profile}/add?user=tess")
    visit(f"{profile}/activity/{activity}?user=sam")
    visit(f"{profile}/gradebook?user=tess")
    visit(f"{profile}/settings?user=tess")
    visit(f"{profile}/messages?user=tess")
    assert unfold(page)
    look("", "messages, unfolded")


def test_every_text_is_marked_with_its_language(
    open_page: OpenPage, driver: Driver, lang: str
) -> None:
    """A Dutch item on English pages, and the other way round: a screen reader changes voice."""
    item = EXPERIENCES[SLUG["en" if lang == "nl" else "nl"]]
    said = plain(words_of(item))
    page = open_page(locale=lang)
    open_item(page, driver, item.id, lang=lang)
    wrong = set()

    def look() -> None:
        for words, marked in page.evaluate(TEXTS_WITH_LANGUAGE):
            expected = item.lang if plain(words) in said else lang
            if marked != expected:
                wrong.add(f"{marked}: {words}")

    for each in past_every_node(item)[0].steps:
        look()
        if each.choice:
            react(page, each.choice)
            look()
        onward(page)
    look()
    assert not wrong, "\n".join(sorted(wrong))


TEXTS_WITH_LANGUAGE = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const words = walk.currentNode.textContent.trim();
    const around = walk.currentNode.parentElement;
    if (words.includes(" ") && !around.closest("script, style, noscript")) {
      found.push([words, around.closest("[lang]").lang]);
    }
  }
  return found;
}"""


def plain(text: str) -> str:
    """The words without the marks of the format and without line breaks."""
    return " ".join(re.sub(r"[*_`>#]|^- |^\d+\. ", "", text, flags=re.MULTILINE).split())
