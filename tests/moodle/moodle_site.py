"""A Moodle as people see it: who signs in, and which pages they open."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

PASSWORD = "Proeftuin-1!"
SECONDS = 20_000


class Person:
    """Somebody signed in to Moodle, in a browser of their own. Counts what they click."""

    def __init__(self, browser: Browser, base: str, username: str, password: str) -> None:
        self.base = base
        self.clicks = 0
        self.context: BrowserContext = browser.new_context(
            ignore_https_errors=True, viewport={"width": 1400, "height": 900}, locale="en"
        )
        self.context.set_default_timeout(SECONDS)
        self.page: Page = self.context.new_page()
        self.open("/login/index.php?lang=en")
        # A script of the login page replaces the password's field when it arrives.
        self.page.wait_for_load_state("networkidle")
        self.page.fill("#username", username)
        self.page.fill("#password", password)
        self.page.click("#loginbtn")
        expect(self.page.locator("#user-menu-toggle")).to_be_visible()

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until Moodle's scripts are done, as its own acceptance tests do."""
        self.page.wait_for_function("window.M?.util?.pending_js?.length === 0")

    def click(self, selector: str, page: Page | FrameLocator | None = None) -> None:
        (page or self.page).locator(selector).first.click()
        self.clicks += 1

    def choose_file(self, path: Path) -> None:
        """Put a file in Moodle's file picker."""
        self.click("input[name=newfile], .fp-btn-choose")
        self.click(".fp-repo:has-text('Upload a file')")
        self.page.set_input_files("input[name=repo_upload_file]", path)
        self.click(".fp-upload-btn")
        expect(self.page.locator(".filepicker-filename a")).to_be_visible()

    def close(self) -> None:
        self.context.close()


def people_csv(course: str, tag: str) -> str:
    """Return a list of people that *Upload users* takes: the last one is in no course."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["username", "password", "firstname", "lastname", "email", "course1", "role1"])
    for name, role in (
        ("teacher", "editingteacher"),
        ("lena", "student"),
        ("leo", "student"),
        ("stranger", ""),
    ):
        username = f"{name}{tag}"
        address = f"{username}@example.org"
        where = course if role else ""
        writer.writerow([username, PASSWORD, name.title(), "Proef", address, where, role])
    return out.getvalue()


def number_in(url: str, name: str = "id") -> str:
    found = re.search(rf"[?&]{name}=(\d+)", url)
    assert found, url
    return found.group(1)
