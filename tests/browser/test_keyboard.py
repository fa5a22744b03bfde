"""Every item that ships can be done without a mouse, from the first page to the last.

Wherever the focus comes it can be seen, and after each step it is on the new page's heading.
"""

import pytest
from driver import Driver
from onscreen import (
    DESKTOP,
    PHONE,
    Keys,
    OpenPage,
    completion,
    heading,
    kind,
    open_item,
    open_picker,
)
from playwright.sync_api import Page, expect
from stack import Stack
from ways import EXPERIENCES, MODULES, to_two_endings

from lti_tool.experience.document.model import ChoiceNode, Open, Reflect


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(DESKTOP, reduced_motion="reduce")


@pytest.mark.parametrize("slug", EXPERIENCES)
def test_an_experience_is_played_to_two_endings(page: Page, driver: Driver, slug: str) -> None:
    item = EXPERIENCES[slug]
    open_item(page, driver, slug, lang=item.lang)
    keys = Keys(page)
    endings = []
    for way in to_two_endings(item):
        if endings:
            keys.go("[data-replay]")
        for each in way.steps:
            node = item.nodes[each.node]
            assert heading(page) == node.title
            if isinstance(node, ChoiceNode):
                keys.choose(each.choice or "")
            elif isinstance(node, Open):
                keys.write("textarea", "Wat zou je zelf zeggen?")
                keys.open_all("details.compare > summary")
            elif isinstance(node, Reflect):
                keys.write("textarea", "Dit neem ik mee.")
            keys.go("[data-next]")
        assert kind(page) == "ending"
        assert completion(page) in {"recorded", "delivered"}
        endings.append(heading(page))
    assert len(set(endings)) == 2


@pytest.mark.parametrize("slug", MODULES)
def test_a_micro_module_is_done_to_its_end(page: Page, driver: Driver, slug: str) -> None:
    item = MODULES[slug]
    open_item(page, driver, slug, lang=item.lang)
    keys = Keys(page)
    options = sum(len(block.options) for block in item.blocks if block.type == "check")
    assert keys.open_all(".option > summary") == options > 0
    keys.write("textarea", "Morgen begin ik met één vraag.")
    keys.save()
    expect(page.locator("textarea")).to_have_value("Morgen begin ik met één vraag.")
    keys.go("[data-next]")
    assert kind(page) == "ending"
    assert completion(page) in {"recorded", "delivered"}


def test_a_designer_picks_an_item(page: Page, driver: Driver) -> None:
    before = len(driver.state()["activities"])
    open_picker(page, driver)
    keys = Keys(page)
    keys.write("[data-filter=text]", "weerstand")
    keys.tab_to(".shelf > li input[name=item]")
    page.keyboard.press("Space")
    keys.tab_to("[data-insert]")
    with page.expect_navigation(url="**/course?**"):
        page.keyboard.press("Enter")
    assert len(driver.state()["activities"]) == before + 1


@pytest.mark.parametrize(("width", "height"), [(PHONE, 500), (DESKTOP, 600)])
def test_nothing_is_hidden_behind_the_bar_that_stays_in_view(
    open_page: OpenPage, driver: Driver, width: int, height: int
) -> None:
    """WCAG 2.4.11: going down the list and up again, every stop can be seen."""
    page = open_page(width, height, reduced_motion="reduce")
    open_picker(page, driver)
    page.locator("[name=item]").first.check()
    keys = Keys(page)
    keys.tab_to("[name=cancel]")
    keys.tab_to("[data-filter=text]", "Shift+Tab")
