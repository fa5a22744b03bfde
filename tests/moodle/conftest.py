"""Which Moodle, which tool: see CONTRIBUTING.md. Nothing here knows how to install a Moodle."""

import os
import secrets
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from moodle_site import PASSWORD, Person
from playwright.sync_api import Browser, sync_playwright
from probe import Probe

CHROMIUM = "/usr/bin/chromium"
LOCAL_IS_FINE = "--disable-features=LocalNetworkAccessChecks"
"""The second tool is on no network at all, the Moodle perhaps on this machine."""


def setting(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    assert value, f"{name} is not set: see `make test-moodle` in CONTRIBUTING.md"
    return value.rstrip("/")


@dataclass
class Place:
    """The Moodle, the tool, and what one test leaves there for the next.

    Attributes:
        tag: makes every name of this run new.
        pictures: where screenshots go, if anywhere.
        platform: the Moodle's name at the tool.
        course: the id of the course.
        tool_type: what Moodle calls the tool.
        probe_type: what Moodle calls the second tool.
        clicks: how many each part took.
        seconds: from the ending to *Done* on the course page.
        completion_urls: by activity's name, as its launch carried it.
        subs: by person, as launches name them.
    """

    site: str
    tool: str
    tag: str = field(default_factory=lambda: secrets.token_hex(3))
    pictures: Path | None = None
    course: str = ""
    tool_type: str = ""
    probe_type: str = ""
    seconds: float = 0
    clicks: dict[str, int] = field(default_factory=dict)
    completion_urls: dict[str, str] = field(default_factory=dict)
    subs: dict[str, str] = field(default_factory=dict)

    @property
    def platform(self) -> str:
        return f"moodle-{self.tag}"

    def proeftuin(self, *arguments: str) -> str:
        """Run the tool's command where the tool runs."""
        command = [*shlex.split(setting("PROEFTUIN", ".venv/bin/proeftuin")), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="session")
def place(request: pytest.FixtureRequest) -> Place:
    pictures = os.environ.get("PICTURES")
    made = Place(setting("MOODLE"), setting("TOOL"), pictures=Path(pictures) if pictures else None)
    request.config.place = made
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", LOCAL_IS_FINE]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def admin(browser: Browser, place: Place) -> Person:
    return Person(browser, place.site, setting("ADMIN", "admin"), setting("PASSWORD"))


@pytest.fixture(scope="session")
def teacher(browser: Browser, place: Place) -> Person:
    return Person(browser, place.site, f"teacher{place.tag}", PASSWORD)


@pytest.fixture(scope="session")
def lena(browser: Browser, place: Place) -> Person:
    """A learner."""
    return Person(browser, place.site, f"lena{place.tag}", PASSWORD)


@pytest.fixture(scope="session")
def stef(browser: Browser, place: Place) -> Person:
    """Somebody who is in no course."""
    return Person(browser, place.site, f"stef{place.tag}", PASSWORD)


@pytest.fixture(scope="session")
def probe(place: Place) -> Probe:
    return Probe(place.site)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was counted."""
    place = getattr(terminalreporter.config, "place", None)
    if place:
        terminalreporter.write_line(f"clicks: {place.clicks}; Done after {place.seconds} s")
