"""The watch over every page does see what must not happen."""

import pytest
from onscreen import OpenPage
from playwright.sync_api import Page
from stack import Stack
from watching import Watch


@pytest.fixture
def page(desktop: Page, stack: Stack) -> Page:
    desktop.goto(f"{stack.tool_url}/?lang=nl")
    return desktop


def complaint_of(watch: Watch) -> str:
    """The one complaint; taken away, so that this test does not fail by it."""
    (complaint,) = watch.complaints
    watch.complaints.clear()
    return complaint


def test_a_style_that_the_policy_forbids(page: Page, watch: Watch) -> None:
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert "Content Security Policy" in complaint_of(watch)


def test_a_request_to_another_host(page: Page, watch: Watch) -> None:
    page.evaluate("fetch('https://elsewhere.example/').catch(() => {})")
    page.wait_for_timeout(300)
    found, watch.complaints[:] = list(watch.complaints), []
    assert any("Content Security Policy" in each for each in found), found


def test_a_link_followed_to_another_host(page: Page, watch: Watch) -> None:
    page.context.route("https://elsewhere.example/**", lambda route: route.fulfill(body="away"))
    page.goto("https://elsewhere.example/")
    assert complaint_of(watch) == "request to another host: https://elsewhere.example/"


def test_an_exception_in_a_script(page: Page, watch: Watch) -> None:
    page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    page.wait_for_timeout(300)
    assert "broken" in complaint_of(watch)


def test_a_page_in_a_second_window(open_page: OpenPage, stack: Stack, watch: Watch) -> None:
    first = open_page()
    first.goto(f"{stack.tool_url}/?lang=nl")
    with first.context.expect_page() as opened:
        first.evaluate("window.open('/nowhere')")
    opened.value.wait_for_load_state()
    assert "404" in complaint_of(watch)
