"""A Moodle as people see it: who signs in, which pages they open, what they click."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Frame, Locator, Page, expect

PASSWORD = "Proeftuin-1!"
PATIENCE = 30_000
SAVE = "#id_submitbutton2, #id_submitbutton, #id_saveanddisplay"


class Person:
    """Somebody signed in to Moodle, in a browser of their own. Counts their clicks."""

    def __init__(self, browser: Browser, site: str, username: str, password: str) -> None:
        self.site = site
        self.username = username
        self.clicks = 0
        self.context = browser.new_context(
            ignore_https_errors=True, viewport={"width": 1400, "height": 900}, locale="en"
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        # A new Moodle shows people around, and its tours cover the page; not our clicks.
        tour = self.page.locator("[data-flexitour=container] [data-role=end]")
        self.page.add_locator_handler(tour, lambda end: end.click())
        self.open("/login/index.php?lang=en")
        # A script of the login page replaces the password's field when it arrives.
        self.page.wait_for_load_state("networkidle")
        self.page.fill("#username", username)
        self.page.fill("#password", password)
        with self.going():
            self.page.click("#loginbtn")
        expect(self.page.locator("#user-menu-toggle")).to_be_visible(timeout=PATIENCE)

    @property
    def sesskey(self) -> str:
        return str(self.page.evaluate("M.cfg.sesskey"))

    @property
    def id(self) -> str:
        return str(self.page.evaluate("M.cfg.userId"))

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until Moodle's scripts are done, as its own acceptance tests do."""
        self.page.wait_for_function("window.M?.util?.pending_js?.length === 0")

    @contextmanager
    def going(self) -> Iterator[None]:
        """Wait for the page that this leads to."""
        with self.page.expect_navigation(timeout=PATIENCE * 3):
            yield
        self.settle()

    def click(self, what: str | Locator) -> None:
        """Click what is visible of this, and count it."""
        found = self.page.locator(what) if isinstance(what, str) else what
        found.locator("visible=true").first.click()
        self.clicks += 1

    def go(self, what: str | Locator) -> None:
        """Click something that leads to another page."""
        with self.going():
            self.click(what)

    def unfold(self) -> None:
        """Open all sections of a form."""
        menu = self.page.locator("a.collapseexpand.collapsed, .collapsemenu.collapsed")
        if menu.locator("visible=true").count():
            self.click(menu)
            self.page.wait_for_timeout(500)

    def drop_file(self, name: str, content: bytes) -> None:
        """Drop a file on the file field of a form, as from the desktop."""
        transfer = self.page.evaluate_handle(
            """([name, bytes]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([new Uint8Array(bytes)], name));
                return transfer;
            }""",
            [name, list(content)],
        )
        for event in ("dragenter", "dragover", "drop"):
            self.page.dispatch_event(".filepicker-container", event, {"dataTransfer": transfer})
        expect(self.page.locator(".filepicker-filename a")).to_be_visible(timeout=PATIENCE)
        self.clicks += 1

    def tool_frame(self, tool: str) -> Frame:
        """The tool's page inside Moodle's, once it has arrived."""
        for _ in range(PATIENCE // 200):
            for frame in self.page.frames:
                if (
                    frame.url.startswith(tool)
                    and frame.locator("main[data-page]:not([data-page=opening])").count()
                ):
                    return frame
            self.page.wait_for_timeout(200)
        raise AssertionError(f"the tool did not appear in {self.page.url}")

    def photograph(self, path: Path) -> None:
        self.page.screenshot(path=path)


def number_in(url: str, name: str = "id") -> str:
    found = re.search(rf"[?&]{name}=(\d+)", url)
    assert found, url
    return found.group(1)
