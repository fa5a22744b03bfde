"""The whole story in a browser that runs no script: deep linking, playing, a micro-module.

What goes by itself with scripts is one button more without them.
"""

import pytest
from driver import Driver
from onscreen import (
    DESKTOP,
    OpenPage,
    completion,
    heading,
    kind,
    look_until,
    onward,
    press,
    react,
    unfold,
)
from playwright.sync_api import Frame, Page, expect
from stack import Stack
from watching import Watch
from ways import EXPERIENCES, MODULES, past_every_node

from lti_tool.experience.document.model import ChoiceNode, Open, Reflect

EXPERIENCE, MODULE = "eerlijk-is-eerlijk", "drie-weken-later"


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(DESKTOP, java_script_enabled=False)


def into_the_tool(page: Page) -> Frame:
    """The LMS's page that posts itself waits for its button; after that the tool is there."""
    frame = page.locator("iframe[data-tool]").element_handle().content_frame()
    assert frame is not None
    for _ in range(3):
        frame.wait_for_load_state()
        if frame.locator("main[data-page]").count():
            return frame
        with frame.expect_navigation():
            frame.locator("form[data-auto] button").click()
    raise AssertionError(f"the launch does not arrive: {frame.url}")


def test_the_whole_story(page: Page, driver: Driver) -> None:
    before = {row["id"] for row in driver.state()["activities"]}
    page.goto(f"{driver.sandbox_url}/strict/add?user=tess&lang=nl")
    picker = into_the_tool(page)
    assert kind(picker) == "picker"
    press(picker, f".shelf > li:has(input[value={EXPERIENCE}]) [data-look]")
    assert (kind(picker), heading(picker)) == ("preview", EXPERIENCES[EXPERIENCE].title)
    press(picker, "[data-back]")
    for slug in (EXPERIENCE, MODULE):
        picker.locator(f"input[value={slug}]").check()
    press(picker, "[data-insert]")
    assert kind(picker) == "return"
    with picker.expect_navigation():
        picker.locator("[data-next]").click()
    with page.expect_navigation():
        picker.locator("[data-leave]").click()
    made = {
        row["custom"]["item"]: row["id"]
        for row in driver.state()["activities"]
        if row["id"] not in before
    }
    assert set(made) == {EXPERIENCE, MODULE}

    play_the_experience(page, driver, made[EXPERIENCE])
    do_the_module(page, driver, made[MODULE])
    assert all(driver.is_done(activity, "sam") for activity in made.values())
    assert driver.violations() == []


def play_the_experience(page: Page, driver: Driver, activity: int) -> None:
    item = EXPERIENCES[EXPERIENCE]
    page.goto(f"{driver.sandbox_url}/strict/activity/{activity}?user=sam&lang=nl")
    frame = into_the_tool(page)
    for each in past_every_node(item)[0].steps:
        node = item.nodes[each.node]
        assert heading(frame) == node.title
        if isinstance(node, ChoiceNode):
            react(frame, frame.locator("input[name=choice]").first.get_attribute("value") or "")
            press(frame, "[data-another]")
            react(frame, each.choice or "")
            assert kind(frame) == "feedback"
            unfold(frame)
        elif isinstance(node, Open):
            frame.locator("textarea").fill("Wat zou je zelf zeggen?")
            assert unfold(frame)
        elif isinstance(node, Reflect):
            frame.locator("textarea").fill("Dit neem ik mee.")
        onward(frame)
    assert kind(frame) == "ending"
    assert completion(frame) in {"recorded", "delivered"}
    look_until(frame, "delivered")
    press(frame, "footer .quiet")
    expect(frame.locator("blockquote", has_text="Dit neem ik mee.").first).to_be_visible()


def do_the_module(page: Page, driver: Driver, activity: int) -> None:
    page.goto(f"{driver.sandbox_url}/strict/activity/{activity}?user=sam&lang=nl")
    frame = into_the_tool(page)
    assert heading(frame) == MODULES[MODULE].title
    assert unfold(frame) > 3
    onward(frame)
    look_until(frame, "delivered")


def test_pages_outside_a_course(page: Page, watch: Watch, stack: Stack) -> None:
    """Home shows its addresses; buttons that need a script are not there."""
    watch.expect_refusals()
    page.goto(f"{stack.tool_url}/?lang=nl")
    expect(page.locator("#launch-url")).to_have_value(f"{stack.tool_url}/lti/launch")
    expect(page.locator("[data-copy]").first).to_be_hidden()
    page.goto(f"{stack.tool_url}/lti/login")
    assert kind(page) == "error"
