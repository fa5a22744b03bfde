"""An author's desk in the browser: usable by everyone, by keyboard, and fresh after a save."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import audit
import pytest
from onscreen import OpenPage
from playwright.sync_api import Browser, Page, Route, expect
from stack import ROOT
from watching import Watch
from werkzeug.serving import make_server

from lti_tool.clock import system_clock
from lti_tool.experience.authoring.preview import make_app
from lti_tool.experience.authoring.workspace import Workspace

Serve = Callable[[Path], str]

SEEN_WITHIN = 20_000
"""Milliseconds for a check of the file on a busy machine."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "docs" / "starters", tmp_path / "werk"))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Preview a path, as `proeftuin content preview` does; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    servers = []

    def start(path: Path) -> str:
        app = make_app(Workspace(path, system_clock), system_clock, "nl")
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """As for the tool's own pages, with the previews as the only hosts that may be asked."""
    watched = Watch(home=())
    yield watched
    complaints = [one for one in watched.complaints if "http://127.0.0.1:" not in one]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def author(open_page: OpenPage, browser: Browser) -> Page:
    return open_page(1400, 900, reduced_motion="reduce")


def break_it(path: Path) -> None:
    """Give an item an error, a warning, and a node that nothing leads to."""
    text = path.read_text("utf-8")
    text = text.replace("next: einde-thee", "next: einde-koffie").replace("Geeft niks", "Helaas")
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_desk_is_usable_by_everyone(
    author: Page, serve: Serve, folder: Path, lang: str
) -> None:
    break_it(folder / "experience.yaml")
    home = serve(folder)
    found = []
    author.goto(f"{home}/language/{lang}")
    found += audit.whole_page(author, lang)
    for number in range(3):
        author.goto(f"{home}/{number}/")
        author.wait_for_load_state("networkidle")
        found += audit.whole_page(author, lang)
    assert not found, "\n".join(found)


def test_the_map_is_walked_by_keyboard_and_shows_where_one_is(
    author: Page, serve: Serve, folder: Path
) -> None:
    author.goto(serve(folder / "experience.yaml"))
    box = author.locator(".graph a[data-node=plein]")
    box.focus()
    author.keyboard.press("Enter")
    frame = author.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("Later op de dag")
    expect(box).to_have_attribute("aria-current", "true")
    frame.locator(".compare > summary").click()  # one compares before one goes on
    frame.locator("[data-next]").click()
    expect(author.locator(".graph a[data-node=einde-thee]")).to_have_attribute(
        "aria-current", "true"
    )
    expect(author.locator(".graph a[aria-current]")).to_have_count(1)


def test_a_save_appears_by_itself_and_the_reader_stays(
    author: Page, serve: Serve, folder: Path
) -> None:
    path = folder / "experience.yaml"
    author.goto(serve(path))
    author.locator(".graph a[data-node=vraag]").click()
    frame = author.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("Bij de kopieerruimte")
    text = path.read_text("utf-8")
    changed = text.replace("title: Bij de kopieerruimte", "title: Op de gang")
    path.write_text(changed.replace("effect: limited", "effect: fout"), "utf-8")
    expect(author.locator(".findings .error")).to_contain_text("E16", timeout=SEEN_WITHIN)
    path.write_text(changed, "utf-8")
    expect(author.locator(".ready")).to_be_visible(timeout=SEEN_WITHIN)
    expect(author.locator(".graph a[data-node=vraag]")).to_contain_text("Op de gang")


def test_a_save_just_after_the_page_was_made_appears_too(
    author: Page, serve: Serve, folder: Path
) -> None:
    path = folder / "experience.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("effect: limited", "effect: fout"), "utf-8")
    home = serve(path)

    def save_first(route: Route) -> None:
        path.write_text(text, "utf-8")
        route.continue_()

    author.route("**/stamp", save_first, times=1)
    author.goto(home)
    expect(author.locator(".ready")).to_be_visible(timeout=SEEN_WITHIN)
    expect(author.locator("iframe")).to_be_visible()


def test_texts_change_under_the_reader(author: Page, serve: Serve, folder: Path) -> None:
    path = folder / "experience.yaml"
    author.goto(serve(path))
    author.locator(".graph a[data-node=vraag]").click()
    frame = author.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("Bij de kopieerruimte")
    author.evaluate("document.body.dataset.same = 'yes'")
    text = path.read_text("utf-8")
    path.write_text(text.replace("Bij de kopieerruimte", "Op de gang"), "utf-8")
    expect(frame.locator("h1")).to_have_text("Op de gang")
    assert author.evaluate("document.body.dataset.same") == "yes"  # the desk was not reloaded


def test_the_page_can_be_looked_at_as_wide_as_a_phone(
    author: Page, serve: Serve, folder: Path
) -> None:
    author.goto(serve(folder / "experience-met-film.yaml"))
    author.locator("#narrow").check()
    box = author.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] == 376
