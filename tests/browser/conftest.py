"""One tool, one sandbox and one Chromium for all browser tests of a worker process.

Every page that a test opens is watched: an error on its console, an exception in its script, a
breach of its Content-Security-Policy, or a request to another host fails the test.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from onscreen import DESKTOP, PHONE, OpenPage
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from stack import Stack, running
from watching import Watch

SHELL = Path("/usr/bin/chromium-headless-shell")
"""Chromium's engine without the browser around it: the same pages in seven tenths of the time."""

CHROMIUM = Path("/usr/bin/chromium")
"""The whole browser, for what people set in it."""

# One process on a machine without a screen, that calls home for nothing.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as made:
        yield made
        assert all(not lms.memory.violations for lms in made.sandbox.platforms.values())


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


def started_with(program: Path) -> dict[str, Any]:
    """How a browser of Debian's is started. A machine without it fails here, it does not skip."""
    assert program.exists(), (
        f"There is no browser at {program}: install Debian's package {program.name} "
        f"(apt-get install {program.name}), or run tools/setup-tests.sh, which does it."
    )
    return {"executable_path": program, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def chromium_options() -> dict[str, Any]:
    return started_with(CHROMIUM)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    chromium = playwright.chromium.launch(**started_with(SHELL))
    yield chromium
    chromium.close()


@pytest.fixture
def watch(stack: Stack) -> Iterator[Watch]:
    """What the pages of this test complain about; at its end that must be nothing."""
    watched = Watch(home=(stack.tool_url, stack.sandbox.base_url))
    yield watched
    assert not watched.complaints, "\n".join(watched.complaints)


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[OpenPage]:
    """Open a page in a browser of its own: `open_page(width=374, color_scheme="dark", …)`.

    Takes what a Playwright context takes, and `width` and `height` in CSS pixels.
    """
    contexts = []

    def make(width: int = DESKTOP, height: int = 900, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(PHONE, 720)
