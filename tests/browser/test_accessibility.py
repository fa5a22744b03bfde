"""Every page is usable by everyone: WCAG 2.2 AA as far as a machine can tell.

axe on every page, in both languages, light and dark; 320 px without sideways scrolling, text of
twice the size; titles, headings and languages that say what they are; the focus where the next
page begins.
"""

import audit
import pytest
from driver import Driver
from onscreen import OpenPage, at_heading, heading, kind, launch, open_item, press, react
from playwright.sync_api import Page
from stack import Stack
from ways import EXPERIENCES, MODULES, past_every_node

LANGUAGES = ("nl", "en")
SLUG = {"nl": "bij-elkaar-kijken", "en": "bij-elkaar-kijken-en"}


@pytest.fixture
def narrow(open_page: OpenPage) -> Page:
    """As wide as a desktop window at 400 %."""
    return open_page(audit.NARROW, 640, reduced_motion="reduce")


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


@pytest.mark.parametrize("slug", EXPERIENCES)
def test_every_node_of_every_experience_is_accessible(
    narrow: Page, driver: Driver, slug: str
) -> None:
    item = EXPERIENCES[slug]
    activity = driver.add_activity(slug, item=slug, line_item=True)["id"]
    found, seen = [], set()

    def look() -> None:
        found.extend(audit.node_page(narrow, item.lang))

    for number, way in enumerate(past_every_node(item)):
        if number:
            press(narrow, "[data-replay]")
        else:
            launch(narrow, driver, activity, lang=item.lang)
        for each in way.steps:
            assert heading(narrow) == item.nodes[each.node].title
            if each.node not in seen:
                look()
            if each.choice:
                react(narrow, each.choice)
                at_heading(narrow)
                if each not in seen:
                    look()
            press(narrow, "[data-next]")
            at_heading(narrow)
            seen |= {each, each.node}
        assert (kind(narrow), heading(narrow)) == ("ending", item.nodes[way.ending].title)
        look()
    assert not found, "\n".join(found)
