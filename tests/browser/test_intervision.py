"""What a group does: an intervision whose clock stops nobody, and the wall of a course."""

import audit
import pytest
from driver import Driver
from onscreen import DESKTOP, PHONE, OpenPage, at_heading, heading, kind, launch, press
from playwright.sync_api import Page, expect
from stack import Stack

NOTE = "Hoe lang stond hij daar al?"
WORDS = "Ik vraag te snel. Wie vijf tellen wacht, hoort meer."


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


def look(page: Page, scheme: str = "light") -> list[str]:
    """What is wrong with a page on a phone and on a desk, in one of its two schemes."""
    page.emulate_media(color_scheme=scheme)
    found = []
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        found += audit.sticks_out(page)
    return audit.named(page, found + audit.axe(page))


def test_a_clock_that_stops_nobody_and_notes_that_stay_in_the_tab(
    open_page: OpenPage, driver: Driver
) -> None:
    page = open_page(reduced_motion="reduce")
    page.clock.install()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    activity = driver.add_activity("Intervisie", item="incidentmethode", line_item=True)["id"]
    launch(page, driver, activity)
    found = look(page)
    for _ in range(3):
        press(page, "[data-next]")
    at_heading(page)
    expect(page.locator("[data-stays=tab]")).to_be_visible()
    page.locator("textarea").fill(NOTE)
    found += look(page, "dark")
    press(page, "[data-next]")

    left = page.locator(".minutes span:not([hidden])")
    expect(left).to_have_text("Nog ongeveer 12 minuten.")
    page.clock.fast_forward("05:00")
    expect(left).to_have_text("Nog ongeveer 7 minuten.")
    longer, onward = page.locator("[data-longer]"), page.locator("[data-next]")
    sizes = [button.bounding_box() for button in (longer, onward)]
    assert all(sizes) and len({(box["width"], box["height"]) for box in sizes if box}) == 1
    longer.click()
    expect(left).to_have_text("Nog ongeveer 9 minuten.")
    page.clock.fast_forward("30:00")
    expect(left).to_have_text("De minuten zijn om. Rond rustig af.")
    assert heading(page) == "Vragen en korte antwoorden"  # nobody is sent on
    page.locator("[data-written] > summary").click()
    expect(page.locator(".note-text:visible")).to_have_text(NOTE)

    second = page.context.new_page()
    launch(second, driver, activity)
    assert NOTE not in second.content()
    second.close()
    while kind(page) == "intervision":
        found += audit.named(page, audit.axe(page))
        press(page, "[data-next]")
    assert kind(page) == "ending"
    assert page.evaluate("sessionStorage.length") == 0
    assert not any("stond" in each for each in sent)
    found += look(page)
    assert not found, "\n".join(found)


def test_an_insight_on_the_wall_of_a_course_until_it_is_taken_down(
    open_page: OpenPage, driver: Driver
) -> None:
    writer, teacher = open_page(reduced_motion="reduce"), open_page(reduced_motion="reduce")
    activity = driver.add_activity("Delen", item="naam-foto-ai", line_item=True)["id"]
    launch(writer, driver, activity)
    press(writer, "[data-next]")
    press(writer, "[data-share]")
    found = look(writer)
    writer.locator("#insight-text").fill(WORDS)
    writer.locator("#insight-url").fill("https://example.org/wachten")
    press(writer, "[data-share]")
    found += look(writer, "dark")
    seen = writer.locator("article").inner_text()
    press(writer, "[data-share]")
    found += look(writer)

    launch(teacher, driver, activity, "tess")
    press(teacher, "[data-wall]")
    assert teacher.locator("article").inner_text().startswith(seen)
    teacher.locator("article summary").click()
    found += look(teacher, "dark")
    press(teacher, "[data-take-down]")
    expect(teacher.locator("article")).to_have_count(0)

    writer.reload()
    expect(writer.locator("article .alert")).to_contain_text("weggehaald")
    expect(writer.locator("article blockquote")).to_have_text(WORDS)
    press(writer, "[data-withdraw]")
    expect(writer.locator("article")).to_have_count(0)
    assert not found, "\n".join(found)
