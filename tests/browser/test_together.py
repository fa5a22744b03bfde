"""A group in front of one screen, by keys alone; and two colleagues with a phone each."""

import pytest
from audit import node_page, whole_page
from driver import Driver
from onscreen import (
    PHONE,
    Keys,
    OpenPage,
    at_heading,
    heading,
    kind,
    launch,
    onward,
    press,
    react,
    step,
)
from playwright.sync_api import Page, Route, expect
from stack import Stack
from test_looks import MOST_BYTES, WEIGHT
from watching import Watch
from ways import EXPERIENCES

ITEM = EXPERIENCES["hij-slaapt-niet"]
PROJECTORS = ((1920, 1080), (1400, 900))
READ_ALOUD = ".story p, .voting h2, .said-so, .happens p, .weighs dd p, .talk li p, h1:not(.slim)"

SMALLEST = """selector => {
  const all = [...document.querySelectorAll(`:is(${selector})`)];
  const seen = all.filter((one) => one.checkVisibility() && !one.classList.contains("speaker"));
  const sizes = seen.map((one) => parseFloat(getComputedStyle(one).fontSize));
  return sizes.length ? Math.min(...sizes) / innerWidth : 0;
}"""
SCREENS = "document.scrollingElement.scrollHeight / innerHeight"


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


def stage(page: Page) -> str:
    return page.locator("main").get_attribute("data-stage") or ""


def readable(page: Page, screens: float = 99) -> None:
    """Letters a 200th of five metres high on a screen of 1.65 m: type of 2.2 % of its width."""
    for width, height in PROJECTORS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(SMALLEST, READ_ALOUD) >= 0.022, (stage(page), width)
        assert page.evaluate(SCREENS) <= screens, (stage(page), width)


def test_a_group_plays_together_by_keys(open_page: OpenPage, driver: Driver) -> None:
    page = open_page(1400, 900, reduced_motion="reduce")
    activity = driver.add_activity("Samen", item=ITEM.id, line_item=True)["id"]
    launch(page, driver, activity, "tess")
    keys = Keys(page)
    keys.go("[data-plenary]")
    assert (kind(page), stage(page)) == ("plenary", "scene")
    assert sum(size for _, size in page.evaluate(WEIGHT)) <= MOST_BYTES
    readable(page)
    with page.expect_popup() as opened:
        keys.tab_to("[data-notes]")
        page.keyboard.press("Enter")
    notes = opened.value
    expect(notes.locator("h1")).to_have_text(heading(page))
    keys.go("[data-next]")
    assert stage(page) == "choice"
    expect(notes.locator("h1")).to_have_text(heading(page))
    readable(page, 1.2)

    step(page, lambda: page.keyboard.press("b"))
    at_heading(page)
    assert (stage(page), page.locator("h1 .letter").inner_text()) == ("feedback", "B")
    readable(page, 1.2)
    keys.tab_to("[data-reveal] summary")
    page.keyboard.press("Enter")
    expect(page.locator(".weighs .effect")).to_be_visible()
    expect(page.locator(".happens")).to_be_hidden()
    readable(page, 1.5)
    step(page, lambda: page.keyboard.press("a"))
    assert page.locator("h1 .letter").inner_text() == "A"
    keys.go("[name=beside]")
    assert stage(page) == "beside"
    assert page.locator("h2 .letter").all_inner_texts() == ["A", "B"]
    readable(page, 1.5)
    found = whole_page(page, "nl")
    step(page, lambda: page.keyboard.press("ArrowLeft"))
    page.locator("[data-keys]").uncheck()
    page.keyboard.press("b")
    assert (stage(page), page.locator("h1 .letter").inner_text()) == ("feedback", "A")

    keys.tab_to("[data-fullscreen]")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.fullscreenElement")
    while stage(page) != "ending":
        press(page, "[data-letter=A]" if stage(page) == "choice" else "[data-next]")
    assert page.evaluate("!!document.fullscreenElement")
    page.evaluate("document.exitFullscreen()")
    expect(page.locator(".talk")).to_be_visible()
    readable(page)
    found += node_page(page, "nl")
    keys.go(".way button")
    assert (stage(page), heading(page)) == ("scene", ITEM.nodes[ITEM.start].title)
    press(page, "[data-back]")
    assert kind(page) == "teacher"
    assert not found, "\n".join(found)


def to_the_end(page: Page, turn: int) -> None:
    """Play to an ending; of the two, each takes other reactions in every third place."""
    count = 0
    while kind(page) != "ending":
        if kind(page) == "choice":
            offered = page.locator("input[name=choice]").evaluate_all(
                "all => all.map(e => e.value)"
            )
            react(page, sorted(offered)[turn if count % 3 == 0 else 0])
            count += 1
        onward(page)


def test_two_phones_lie_beside_each_other_until_one_is_put_away(
    open_page: OpenPage, watch: Watch, driver: Driver
) -> None:
    watch.expect_refusals()  # 404 for a code that does not fit
    first, second = (
        driver.add_activity(title, item=ITEM.id, line_item=True)["id"] for title in ("Een", "Twee")
    )
    sam, noor = (open_page(PHONE, 720, reduced_motion="reduce") for _ in range(2))
    for turn, (page, user, activity) in enumerate(((sam, "sam", first), (noor, "noor", second))):
        launch(page, driver, activity, user)
        to_the_end(page, turn)
        press(page, "[data-pair]")
        assert (kind(page), stage(page)) == ("pair", "start")
    found = node_page(noor, "nl")

    sam.locator("[data-begin]").click()
    code = sam.locator("[data-code]").get_attribute("data-code") or ""
    noor.locator("#code").fill("xxxxxx")
    with noor.expect_response("**/join") as answered:
        noor.locator("[data-join]").click()
    assert answered.value.status == 404
    expect(noor.locator("#wrong")).to_be_visible()
    noor.locator("#code").fill(code.lower())
    noor.locator("[data-join]").click()
    for page in (noor, sam):  # hers comes by itself
        expect(page.locator("main")).to_have_attribute("data-stage", "asked", timeout=15_000)
    at_heading(sam)
    sam.locator("[data-agree]").click()
    expect(sam.locator("main")).to_have_attribute("data-stage", "agreed")
    noor.locator("[data-agree]").click()
    for page in (noor, sam):
        expect(page.locator("main")).to_have_attribute("data-stage", "laid", timeout=15_000)
    his, hers = (page.locator(".words").all_inner_texts() for page in (sam, noor))
    assert len(his) >= 2
    assert [his[i ^ 1] for i in range(len(his))] == hers
    assert not set(his[::2]) & set(his[1::2])
    found += node_page(sam, "nl")

    noor.close()
    expect(sam.locator("main")).to_have_attribute("data-stage", "ended", timeout=15_000)
    assert his[1] not in sam.inner_text("body")
    assert not found, "\n".join(found)


def test_a_pair_that_loses_its_connection_for_a_moment_stays_where_it_is(
    open_page: OpenPage, watch: Watch, driver: Driver
) -> None:
    watch.expect_lost_connections()
    watch.expect_a_tool_that_is_away()
    sam = open_page(PHONE, 720, reduced_motion="reduce")
    launch(sam, driver, driver.add_activity("Een", item=ITEM.id, line_item=True)["id"], "sam")
    to_the_end(sam, 0)
    press(sam, "[data-pair]")
    sam.context.set_offline(True)
    sam.locator("[data-begin]").click()
    expect(sam.get_by_role("alert")).to_contain_text("even geen verbinding")
    assert stage(sam) == "start"

    sam.context.set_offline(False)
    sam.locator("[data-begin]").click()
    expect(sam.locator("main")).to_have_attribute("data-stage", "waiting")
    code = sam.locator("[data-code]").inner_text()
    html = "text/html; charset=utf-8"
    looks: list[str] = []

    def away(route: Route) -> None:
        looks.append(route.request.method)
        route.fulfill(status=503, content_type=html, body="<main><h1>Een ogenblik</h1></main>")

    sam.route("**/pair/**", away)
    sam.wait_for_timeout(4000)  # it looks every three seconds
    assert looks == ["POST"]
    assert sam.locator("[data-code]").inner_text() == code
    assert sam.get_by_role("alert").count() == 0
