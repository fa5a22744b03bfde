"""What is for the learner alone never leaves the browser: not what one writes to compare, not
what one chose not to save, not what one would choose in a micro-module."""

import pytest
from driver import Driver
from onscreen import OpenPage, kind, onward, open_item, press, react, unfold
from playwright.sync_api import Page
from stack import Stack
from watching import Watch
from ways import EXPERIENCES, MODULES, past_every_node

from lti_tool.experience.document.model import ChoiceNode, Open, Reflect

SECRET = "Dit gaat niemand iets aan"


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def sent(watch: Watch) -> list[str]:
    """Everything that went out: addresses and what was posted."""
    return [request.url + (request.post_data or "") for request in watch.requests]


@pytest.mark.parametrize("slug", ["bij-elkaar-kijken", "eerlijk-is-eerlijk"])
def test_own_words_stay_on_the_page(page: Page, driver: Driver, watch: Watch, slug: str) -> None:
    item = EXPERIENCES[slug]
    open_item(page, driver, slug)
    done = set()
    for each in past_every_node(item)[0].steps:
        node = item.nodes[each.node]
        if isinstance(node, ChoiceNode):
            react(page, each.choice or "")
        elif isinstance(node, Open | Reflect):
            page.locator("textarea").fill(SECRET)
            done.add(node.type)
        if isinstance(node, Reflect):
            press(page, "[data-skip]")
        else:
            onward(page)
    assert done == {"open", "reflect"}
    everything = " ".join(sent(watch))
    assert "choice=" in everything, "this test would see it"
    for private in (SECRET, SECRET.replace(" ", "+"), SECRET.replace(" ", "%20")):
        assert private not in everything


@pytest.mark.parametrize("slug", MODULES)
def test_a_micro_module_asks_nothing_of_the_server(
    page: Page, driver: Driver, watch: Watch, slug: str
) -> None:
    open_item(page, driver, slug)
    page.wait_for_load_state("networkidle")
    before = len(watch.requests)
    assert unfold(page) > 3
    page.locator("textarea").first.fill(SECRET)
    page.wait_for_timeout(300)
    assert sent(watch)[before:] == []
    assert kind(page) == "scene"


def test_nothing_is_kept_in_the_browser_but_the_session(page: Page, driver: Driver) -> None:
    """One cookie for the session, one that tells that cookies work, one for the launch."""
    open_item(page, driver, "bij-elkaar-kijken")
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert all(cookie["httpOnly"] for cookie in page.context.cookies())
    assert 1 <= len(page.context.cookies()) <= 3
