"""A group, a phone and a trainer: a conversation starter from switching it on to its words."""

import audit
import pytest
from driver import Driver, parse
from onscreen import DESKTOP, PHONE, Keys, OpenPage, kind, launch, onward, react, reveal
from onscreen import step as arrived
from playwright.sync_api import Page, expect
from stack import Stack
from ways import EXPERIENCES, to_two_endings

ITEM = EXPERIENCES["bij-elkaar-kijken"]
WAY = to_two_endings(ITEM)[0]


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


def colleague(stack: Stack, activity: int, name: str) -> None:
    """Somebody else of the group, without a screen."""
    driver = Driver(stack.sandbox.base_url, "strict")
    shown = driver.launch(activity, recipe={"claims": {"sub": name}})
    for step in WAY.steps:
        if step.choice:
            shown = driver.submit_form(shown, "input[name=choice]", choice=step.choice)
        shown = driver.submit_form(shown, "[data-next]")
    assert parse(shown).one("main").attrs["data-page"] == "ending"


def press_at(page: Page, keys: Keys, selector: str) -> None:
    """Tab to a button and press it; reading goes on with what it did."""
    keys.tab_to(selector)
    arrived(page, lambda: page.keyboard.press("Enter"))
    page.wait_for_selector(".talk .status:focus")


def test_from_switching_it_on_to_words_to_talk_about(
    open_page: OpenPage, stack: Stack, driver: Driver
) -> None:
    activity = driver.add_activity(ITEM.title, item=ITEM.id, line_item=True)["id"]
    trainer, learner = open_page(DESKTOP, reduced_motion="reduce"), open_page(PHONE, 720)
    launch(trainer, driver, activity, "tess")
    keys = Keys(trainer)
    keys.go("[data-starter]")
    assert kind(trainer) == "starter"
    press_at(trainer, keys, "[data-starter=on]")
    expect(trainer.locator(".talk")).to_have_attribute("data-state", "counting")
    found = audit.named(trainer, audit.axe(trainer))

    launch(learner, driver, activity)
    finger = Keys(learner)
    expect(learner.locator("[data-counting=in]")).to_be_visible()
    found += audit.named(learner, audit.axe(learner) + audit.sticks_out(learner))
    finger.go("[data-counting] button")
    expect(learner.locator("[data-counting=out]")).to_be_visible()
    for step in WAY.steps:
        if step.choice:
            react(learner, step.choice)
        onward(learner)
    reveal(learner, "[data-tell]")
    learner.check("input[name=recognised][value=partly]")
    learner.fill("[name=missed]", "De conciërge.")
    found += audit.named(learner, audit.axe(learner) + audit.sticks_out(learner))
    learner.click("[data-tell]")
    expect(learner.locator("#told-makers")).to_contain_text("Dank je.")

    for number in range(8):
        colleague(stack, activity, f"colleague-{number}")
    press_at(trainer, keys, "[data-starter=ask]")
    expect(trainer.locator("[data-choice]").first).to_contain_text("de meesten")
    found += audit.whole_page(trainer, "nl")
    assert found == []
