"""A step is taken inside one document: one request, its own place in the history, nothing lost."""

from collections.abc import Callable
from functools import partial

import pytest
from driver import Driver
from onscreen import (
    PHONE,
    OpenPage,
    at_heading,
    completion,
    kind,
    onward,
    open_item,
    own_address,
    press,
    react,
    to_a_choice,
    walk,
)
from playwright.sync_api import Page, Request, Route, expect
from stack import Stack
from watching import Watch
from ways import EXPERIENCES, MODULES, to_two_endings

ITEM = EXPERIENCES["bij-elkaar-kijken"]


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


@pytest.fixture
def page(open_page: OpenPage, driver: Driver) -> Page:
    """Somebody on a phone, on the first page of an item."""
    opened = open_page(PHONE, 720, locale="nl-NL")
    open_item(opened, driver, ITEM.id)
    opened.evaluate("window.same = true")
    return opened


def the_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.same === true"))


def asked_by(page: Page, act: Callable[[], None]) -> list[str]:
    """What is asked of the tool's pages while something is done."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/l/" in request.url and "/media/" not in request.url:
            asked.append(request.method)

    page.on("request", note)
    act()
    page.remove_listener("request", note)
    return asked


def choice_of(page: Page) -> str:
    return page.locator("input[name=choice]").first.get_attribute("value") or ""


def test_a_reaction_is_one_request_and_nothing_is_loaded_anew(page: Page) -> None:
    to_a_choice(page)
    before = page.url

    assert asked_by(page, lambda: react(page, choice_of(page))) == ["POST"]

    assert kind(page) == "feedback"
    assert the_same_document(page)
    assert page.url == f"{before}/1"
    assert page.title() == page.locator("title").inner_text() != ""
    at_heading(page)


def test_back_and_forward_go_along_the_steps_and_a_reload_stays(page: Page) -> None:
    seen = [own_address(page)]
    for _ in range(3):
        (react(page, choice_of(page)) if kind(page) == "choice" else onward(page))
        seen.append(own_address(page))
    assert len(set(seen)) == 4
    assert the_same_document(page)

    for address in reversed(seen[:-1]):
        page.go_back()
        shows(page, address)
    for address in seen[1:]:
        page.go_forward()
        shows(page, address)

    assert the_same_document(page)
    page.reload()
    shows(page, seen[-1])
    page.go_back()  # to what an earlier document put there
    shows(page, seen[-2])


def shows(page: Page, address: str) -> None:
    """The page is that of a step, and the browser says so."""
    page.wait_for_selector(f"main[data-address='{address}']")
    assert page.url.endswith(address)


def test_the_ending_has_its_styles_and_tells_of_the_completion(page: Page) -> None:
    walk(page, to_two_endings(ITEM)[0].steps)
    assert the_same_document(page)
    page.wait_for_selector("main[data-completion=delivered]")
    styles = "[...document.querySelectorAll('head link[rel=stylesheet]')].map((one) => one.href)"
    inside = sorted(page.evaluate(styles))

    page.reload()

    assert not the_same_document(page)
    assert inside == sorted(page.evaluate(styles))
    assert completion(page) == "delivered"


def test_without_a_connection_the_page_stays_and_says_so(page: Page, watch: Watch) -> None:
    watch.expect_lost_connections()
    to_a_choice(page)
    chosen = choice_of(page)
    page.locator(f"label:has(input[value='{chosen}'])").click()
    button = page.locator("form:has(input[name=choice]) button")
    page.context.set_offline(True)

    for _ in range(2):
        button.click()
        expect(page.get_by_role("alert")).to_contain_text("even geen verbinding")
        expect(page.get_by_role("alert")).to_have_count(1)
    assert page.locator("input[name=choice]:checked").get_attribute("value") == chosen
    assert the_same_document(page)

    page.context.set_offline(False)
    press(page, "form:has(input[name=choice]) button")
    assert kind(page) == "feedback"
    assert page.get_by_role("alert").count() == 0


def test_a_tool_that_is_away_for_a_moment_leaves_the_page_as_it_is(
    page: Page, watch: Watch
) -> None:
    watch.expect_a_tool_that_is_away()
    to_a_choice(page)
    chosen = choice_of(page)
    page.locator(f"label:has(input[value='{chosen}'])").click()
    button = page.locator("form:has(input[name=choice]) button")
    refused = page.context.request.get(f"{page.url.partition('/l/')[0]}/nowhere")
    code = {"X-Proeftuin-Error": "database-away"}
    html = "text/html; charset=utf-8"
    ours = partial(Route.fulfill, status=503, headers=code, content_type=html, body=refused.text())
    before_ours = partial(Route.fulfill, status=502, content_type=html, body="<h1>Bad gateway</h1>")
    answers = iter((ours, before_ours))

    def refuse(route: Route) -> None:
        next(answers)(route)

    for words in ("not-found", "even geen verbinding"):
        page.route("**/react", refuse, times=1)
        button.click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        expect(page.get_by_role("alert")).to_have_count(1)
        assert page.locator("input[name=choice]:checked").get_attribute("value") == chosen

    press(page, "form:has(input[name=choice]) button")
    assert kind(page) == "feedback"
    assert the_same_document(page)


def test_what_was_written_stays_where_the_session_has_ended(
    open_page: OpenPage, driver: Driver, watch: Watch
) -> None:
    watch.expect_refusals()
    page = open_page(PHONE, 720, locale="nl-NL")
    open_item(page, driver, next(iter(MODULES)))
    form = page.locator("form.writing:has(textarea[name=text])").first
    form.locator("textarea").fill("Een lange tekst na een lange dag.")
    page.context.clear_cookies()
    form.locator("button").click()
    expect(form.get_by_role("alert")).to_contain_text("session-unknown")
    assert form.locator("textarea").input_value() == "Een lange tekst na een lange dag."


def test_where_our_way_of_asking_is_blocked_the_form_goes_the_plain_way(
    page: Page, watch: Watch
) -> None:
    watch.expect_lost_connections()
    to_a_choice(page)

    def only_plainly(route: Route) -> None:
        if "prefer" in route.request.headers:
            route.abort("blockedbyclient")
        else:
            route.continue_()

    page.route("**/react", only_plainly)
    page.locator(f"label:has(input[value='{choice_of(page)}'])").click()
    button = page.locator("form:has(input[name=choice]) button")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("even geen verbinding")
    with page.expect_navigation():
        button.click()
    assert kind(page) == "feedback"
    assert not the_same_document(page)


def test_who_goes_back_before_the_answer_has_come_sees_where_they_went(page: Page) -> None:
    first = own_address(page)
    onward(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/next", hold)
    page.route("**/react", hold)
    if kind(page) == "choice":
        page.locator("label:has(input[name=choice])").first.click()
    page.locator("[data-next], form:has(input[name=choice]) button").first.click()
    page.wait_for_timeout(100)
    assert len(held) == 1

    page.go_back()
    shows(page, first)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        held[0].continue_()
    page.wait_for_timeout(300)

    shows(page, first)


def test_a_session_that_has_ended_is_said_in_place(page: Page, watch: Watch) -> None:
    watch.expect_refusals()
    to_a_choice(page)
    page.context.clear_cookies()
    react(page, choice_of(page))
    assert kind(page) == "error"
    assert page.locator("main").get_attribute("data-error") == "session-unknown"
