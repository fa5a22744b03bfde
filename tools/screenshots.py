"""Make the pictures in docs/screenshots from the running demo.

    make demo                                  # in one terminal
    .venv/bin/python tools/screenshots.py      # in another

The demo forgets everything when it stops, so each time begins with an empty course.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Error, Frame, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
MOST_BYTES = 150_000

ITEM = {
    "en": "bij-elkaar-kijken-en",
    "nl": "bij-elkaar-kijken",
}
DESKTOP, PHONE = (1400, 1060), (374, 760)


@click.command()
@click.option("--tool", default="http://localhost:8000", show_default=True)
@click.option("--sandbox", default="http://localhost:8001", show_default=True)
@click.option("--lang", default="en", show_default=True, type=click.Choice(["en", "nl"]))
def main(tool: str, sandbox: str, lang: str) -> None:
    """Walk through the demo as designer and as learner, and take a picture now and then."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with window(browser, DESKTOP, lang) as page:
            try:
                page.goto(f"{tool}/?lang={lang}")
            except Error:
                raise click.ClickException(f"Nothing answers at {tool}: run make demo.") from None
            picture(page, "home-desktop")
            lms = f"{sandbox}/moodle"
            designs(page, lms, lang)
            learns_at_a_desk(page, lms, lang)
        with window(browser, PHONE, lang) as page:
            learns_on_a_phone(page, lms, lang)
        browser.close()


@contextmanager
def window(browser: Browser, size: tuple[int, int], lang: str) -> Iterator[Page]:
    """A browser window; a phone's has two dots for each pixel."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == PHONE else 1,
        reduced_motion="reduce",
        locale=lang,
    )
    yield context.new_page()
    context.close()


def designs(page: Page, lms: str, lang: str) -> None:
    """Tess puts an Experience in the course."""
    page.goto(f"{lms}/course?user=tess&lang={lang}")
    page.locator("[data-add]").click()
    picker = tool_in(page)
    picker.locator("details.narrow > summary").click()
    picker.locator("[data-filter=lang]").select_option(lang)
    picker.locator("details.narrow > summary").click()
    picker.locator(f"label:has(input[value='{ITEM[lang]}'])").click()
    page.mouse.move(0, 0)
    picker.evaluate("scrollTo(0, 0)")
    page.evaluate("scrollTo(0, 0)")
    picture(page, "picker-desktop")
    with page.expect_navigation(url="**/course?**"):
        picker.locator("[data-insert]").click()


def learns_at_a_desk(page: Page, lms: str, lang: str) -> None:
    """Sam plays it in the course, to the tick; the gradebook stays empty."""
    page.goto(f"{lms}/course?user=sam&lang={lang}")
    page.locator("[data-open]").first.click()
    frame = tool_in(page)
    picture(page, "activity-desktop")
    onward_to(frame, "feedback")
    picture(page, "feedback-desktop")
    onward_to(frame, "scene")
    picture(page, "scene-desktop")
    onward_to(frame, "ending")
    frame.wait_for_selector("main[data-completion=delivered]", timeout=60_000)
    page.goto(f"{lms}/gradebook?user=tess&lang={lang}")
    picture(page, "gradebook-desktop")


def learns_on_a_phone(page: Page, lms: str, lang: str) -> None:
    """Noor plays it on her phone, in the dark towards the end."""
    page.goto(f"{lms}/course?user=noor&lang={lang}")
    with page.expect_popup() as opened:
        page.locator("a[target=_blank]").first.click()
    alone = opened.value
    alone.wait_for_selector("main[data-page=scene]")
    picture(alone, "scene-phone")
    onward_to(alone, "choice")
    alone.locator("label:has([name=choice])").nth(1).click()
    picture(alone, "choice-phone")
    onward_to(alone, "feedback")
    picture(alone, "feedback-phone", whole=True)
    onward_to(alone, "ending")
    alone.wait_for_selector("main[data-completion=delivered]", timeout=60_000)
    alone.emulate_media(color_scheme="dark")
    alone.evaluate("scrollTo(0, 0)")
    picture(alone, "ending-phone-dark")


def tool_in(page: Page) -> Frame:
    """The tool's page in the LMS's frame."""
    frame = page.locator("iframe[data-tool]").element_handle().content_frame()
    if frame is None:
        raise click.ClickException(f"there is no tool on {page.url}")
    frame.wait_for_selector("main[data-page]")
    return frame


def onward_to(at: Page | Frame, kind: str) -> None:
    """Go on, with the second reaction everywhere, until a page of this kind."""
    while at.locator("main").get_attribute("data-page") != kind:
        for reaction in at.locator("label:has([name=choice])").all()[1:2]:
            reaction.click()
        for compare in at.locator("details.compare:not([open]) > summary").all():
            compare.click()
        with at.expect_navigation():
            at.locator("form:has([name=choice]) button, [data-next]").first.click()


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Take a picture, small enough for a manual: with fewer colours where it takes that."""
    taken = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    file = FOLDER / f"{name}.png"
    taken.save(file, optimize=True)
    if file.stat().st_size > MOST_BYTES:
        taken.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise click.ClickException(f"{file.name} has become {size} bytes: too large for a manual")
    click.echo(f"{file.name}: {taken.width} × {taken.height}, {size // 1000} kB")


if __name__ == "__main__":
    main()
