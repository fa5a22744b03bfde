"""A film plays in the browser: captions, parts to click on, a pause for one's own turn."""

import shutil
from pathlib import Path

import pytest
from driver import Driver
from onscreen import heading, onward, open_item, react
from playwright.sync_api import Locator, Page, expect
from stack import ROOT, Stack
from watching import Watch
from ways import EXPERIENCES, past_every_node

from lti_tool.experience.document.model import Video
from lti_tool.experience.document.walk import parts

ITEM = EXPERIENCES["bij-elkaar-kijken"]
YOUR_TURN = """\
format: experience/1
id: beurt
lang: nl
title: Jouw beurt
start: kijken
nodes:
  kijken:
    type: choice
    title: Kijk mee
    media:
      - video: weerstand.webm
        transcript: weerstand.nl.md
        captions: {nl: weerstand.nl.vtt}
    at: 2
    prompt: Wat zeg je?
    choices:
      - id: niets
        text: Niets.
        next: klaar
        feedback: {effect: depends, happens: Stilte., works: Rust., grow: Een vraag.}
      - id: iets
        text: Iets.
        next: klaar
        feedback: {effect: depends, happens: Geluid., works: Begin., grow: Een vraag.}
  klaar: {type: ending, title: Klaar, text: Klaar.}
"""


@pytest.fixture
def driver(stack: Stack) -> Driver:
    return Driver(stack.sandbox.base_url, "strict")


def go_to_the_film(page: Page) -> None:
    """Play on to the scene with the film."""
    for each in past_every_node(ITEM)[0].steps:
        if page.locator("video").count():
            return
        if each.choice:
            react(page, each.choice)
        onward(page)
    raise AssertionError("there is no film on this way")


def play(film: Locator, start: float = 0) -> None:
    """Start it without sound, as a browser lets a page do."""
    film.evaluate("(film, at) => { film.muted = true; film.currentTime = at; }", start)
    film.evaluate("film => film.play()")


def test_captions_are_shown_and_parts_can_be_jumped_to(
    desktop: Page, driver: Driver, watch: Watch
) -> None:
    open_item(desktop, driver, ITEM.id)
    go_to_the_film(desktop)
    film = desktop.locator("video")
    play(film)
    desktop.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    captions = film.evaluate(
        "film => [...film.textTracks].filter((track) => track.mode === 'showing')"
        ".map((track) => [track.kind, track.language, track.cues.length > 0])"
    )
    assert captions == [["captions", "nl", True]]

    parts_of_film = desktop.locator(".chapters button")
    assert parts_of_film.count() > 2
    parts_of_film.nth(1).click()
    starts = float(desktop.locator("[data-seek]").nth(1).get_attribute("data-seek") or 0)
    assert starts > 0
    desktop.wait_for_function(
        "starts => { const film = document.querySelector('video');"
        " return film.currentTime > starts && !film.paused }",
        arg=starts,
    )
    films = [request for request in watch.requests if request.resource_type == "media"]
    answers = [request.response() for request in films]
    assert {answer.status for answer in answers if answer} == {206}, "asked for in parts"


def test_what_is_said_can_be_read_without_playing(desktop: Page, driver: Driver) -> None:
    open_item(desktop, driver, ITEM.id)
    go_to_the_film(desktop)
    (film,) = [part for _, part in parts(ITEM) if isinstance(part, Video)]
    written = (ROOT / "content" / str(film.transcript)).read_text()
    desktop.locator(".transcript summary").click()
    shown = desktop.locator(".transcript").inner_text()
    assert len(shown) > len(written) / 2
    expect(desktop.locator("video")).to_have_attribute("aria-label", film.alt)


def test_the_film_pauses_where_it_is_the_learner_s_turn(
    desktop: Page, stack: Stack, driver: Driver, tmp_path: Path
) -> None:
    (tmp_path / "beurt.nl.yaml").write_text(YOUR_TURN)
    for name in ("weerstand.webm", "weerstand.nl.md", "weerstand.nl.vtt"):
        shutil.copy(ROOT / "content" / ITEM.id / name, tmp_path / name)
    stack.run("content", "publish", tmp_path)
    open_item(desktop, driver, "beurt")
    assert heading(desktop) == "Kijk mee"
    film = desktop.locator("video")
    play(film, 1)
    desktop.wait_for_function("() => document.querySelector('video').paused", timeout=10_000)
    assert 2 <= film.evaluate("film => film.currentTime") < 4
    expect(desktop.locator("input[name=choice]").first).to_be_focused()
    play(film, 3)  # who looks on from there is left alone
    desktop.wait_for_function("() => document.querySelector('video').currentTime > 3.5")
    assert not film.evaluate("film => film.paused")
