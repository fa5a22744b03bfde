"""A designer without a mouse: find, play, choose three, look inside another, order, insert."""

from functools import partial

import audit
import pytest
from driver import Driver
from onscreen import PHONE, Keys, OpenPage, heading, kind, launch, open_picker, step
from playwright.sync_api import Page, Route, expect
from stack import Stack
from watching import Watch

# Other tests of this browser leave preparations in the course, which stand before these.
ANOTHER = "[aria-labelledby=kind-experience] input[name=item]:not(:checked)"


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(reduced_motion="reduce")


def titles(page: Page) -> list[str]:
    return page.locator(".order ol .name").all_text_contents()


def test_from_a_search_to_three_activities_in_order(page: Page, driver: Driver) -> None:
    before = {one["id"] for one in driver.state()["activities"]}
    open_picker(page, driver)
    keys = Keys(page)
    everything = page.locator(".item").count()
    keys.write("[data-filter=text]", "ouders")
    expect(page.locator(".item")).not_to_have_count(everything)  # what is typed is searched for
    keys.tab_to("[aria-labelledby=kind-experience] [data-look]")
    step(page, lambda: page.keyboard.press("Enter"))
    assert kind(page) == "preview"
    found = heading(page)
    keys.go("[data-play]")
    assert kind(page) in {"scene", "choice"}
    keys.go("[data-back]")
    assert heading(page) == found
    keys.go("[data-add]")
    assert kind(page) == "picker"
    assert titles(page) == [found]

    page.locator("#q").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(page.locator(".item")).not_to_have_count(1)
    for _ in range(2):
        keys.tab_to(ANOTHER)
        page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("3 gekozen")

    keys.tab_to("[data-look]", "Shift+Tab")
    step(page, lambda: page.keyboard.press("Enter"))
    assert kind(page) == "preview"
    keys.go("button[data-back]")
    expect(page.locator("[data-count]")).to_have_text("3 gekozen")
    assert page.locator("input[name=item]:checked").count() == 3

    keys.tab_to(".order > summary")
    page.keyboard.press("Enter")
    order = titles(page)
    keys.tab_to("[data-move=down]")
    page.keyboard.press("Enter")
    assert titles(page) == [order[1], order[0], order[2]]
    expect(page.locator("[data-said]")).to_contain_text(order[0])
    keys.tab_to("[data-insert]")
    with page.expect_navigation(url="**/course?**"):
        page.keyboard.press("Enter")
    added = [one for one in driver.state()["activities"] if one["id"] not in before]
    assert [one["title"] for one in added] == [order[1], order[0], order[2]]
    launch(page, driver, added[0]["id"], "sam")
    assert kind(page) in {"scene", "choice"}


def test_a_connection_that_is_lost_for_a_moment_takes_nothing_away(
    page: Page, driver: Driver, watch: Watch
) -> None:
    watch.expect_lost_connections()
    watch.expect_a_tool_that_is_away()
    open_picker(page, driver)
    page.locator(".item input[name=item]").first.check()
    chosen, everything = titles(page), page.locator(".item").count()
    gateway = partial(Route.fulfill, status=502, content_type="text/html", body="<h1>Bad</h1>")

    page.route("**/items/**", gateway, times=1)
    page.locator("#q").fill("ouder")
    expect(page.get_by_role("alert")).to_contain_text("even geen verbinding")
    page.context.set_offline(True)
    page.locator("[data-search]").click()
    expect(page.get_by_role("alert")).to_contain_text("even geen verbinding")
    assert (titles(page), page.locator(".item").count()) == (chosen, everything)

    page.context.set_offline(False)
    page.locator("#q").fill("ouders")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".item")).not_to_have_count(everything)
    assert titles(page) == chosen


def test_a_preparation_from_the_picker_to_the_learner(page: Page, driver: Driver) -> None:
    before = {one["id"] for one in driver.state()["activities"]}
    open_picker(page, driver)
    keys = Keys(page)
    for _ in range(2):
        keys.tab_to(ANOTHER)
        page.keyboard.press("Space")
    keys.tab_to(".order > summary")
    page.keyboard.press("Enter")
    keys.go("[data-prepare]")
    assert kind(page) == "prepare"
    keys.write("#title", "Studiedag van december")
    keys.go("[name=save]")
    assert titles(page) == ["Studiedag van december"]
    keys.tab_to("[data-insert]")
    with page.expect_navigation(url="**/course?**"):
        page.keyboard.press("Enter")
    [added] = [one for one in driver.state()["activities"] if one["id"] not in before]
    launch(page, driver, added["id"], "sam")
    assert (kind(page), heading(page)) == ("preparation", "Studiedag van december")
    assert page.locator("[data-part]").count() == 2


def test_the_browsers_own_back_finds_what_was_ticked(page: Page, driver: Driver) -> None:
    open_picker(page, driver)
    page.locator("[data-filter=text]").fill("ouders")
    expect(page.locator("[data-found]")).to_contain_text("gevonden")
    page.locator("input[name=item]").first.check()
    step(page, page.locator("[data-look]").first.click)
    assert kind(page) == "preview"
    page.go_back()
    expect(page.locator("[data-count]")).to_have_text("1 gekozen")
    expect(page.locator("[data-filter=text]")).to_have_value("ouders")


def test_on_a_low_screen_items_are_in_sight_at_once(open_page: OpenPage, driver: Driver) -> None:
    page = open_page(PHONE, 255)
    open_picker(page, driver)
    box = page.locator(".item").first.bounding_box()
    assert box is not None
    assert box["y"] < 200
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_the_buttons_keep_their_words_whole_on_a_phone(open_page: OpenPage, driver: Driver) -> None:
    page = open_page(PHONE)
    open_picker(page, driver)
    assert audit.broken_words(page, "button") == []


def test_the_tray_is_ordered_by_dragging(page: Page, driver: Driver) -> None:
    before = {one["id"] for one in driver.state()["activities"]}
    open_picker(page, driver)
    for number in range(3):
        page.locator("input[name=item]").nth(number).check()
    page.locator(".order > summary").click()
    rows = page.locator(".order ol > li")
    first, second, third = titles(page)
    rows.nth(2).drag_to(rows.nth(0), target_position={"x": 20, "y": 2})
    assert titles(page) == [third, first, second]
    expect(page.locator("[data-said]")).to_contain_text(third)
    box = rows.nth(1).bounding_box()
    assert box is not None
    rows.nth(0).drag_to(rows.nth(1), target_position={"x": 20, "y": box["height"] - 2})
    assert titles(page) == [first, third, second]
    with page.expect_navigation(url="**/course?**"):
        page.locator("[data-insert]").click()
    added = [one for one in driver.state()["activities"] if one["id"] not in before]
    assert [one["title"] for one in added] == [first, third, second]
