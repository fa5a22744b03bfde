"""The media that ship: drawn here, light enough for a phone, and with words for everything."""

import re
from pathlib import Path

import pytest
from PIL import Image

from lti_tool.clock import system_clock
from lti_tool.experience.document.model import Experience, MicroModule, Video
from lti_tool.experience.document.model import Image as Picture
from lti_tool.experience.document.walk import parts, used_files
from lti_tool.experience.intake.checking import check_file

CONTENT = Path(__file__).parents[4] / "content"
ITEMS = sorted(CONTENT.glob("*.yaml"))
DRAWINGS = sorted((CONTENT / "art").rglob("*.svg"))
LARGEST_PICTURE = 100_000
LARGEST_FILM = 1_500_000


def item_of(path: Path) -> Experience | MicroModule:
    item, findings = check_file(path, system_clock().date())
    assert findings == ()
    assert isinstance(item, Experience | MicroModule)
    return item


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_item_has_a_picture_and_says_what_is_on_it(path: Path) -> None:
    pictures = [part for _, part in parts(item_of(path)) if isinstance(part, Picture)]
    assert pictures
    assert all(len(picture.alt) > 20 for picture in pictures)


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_every_drawing_is_ours_plain_and_rendered(drawing: Path) -> None:
    text = drawing.read_text("utf-8")
    assert "CC BY-SA 4.0" in text
    assert not re.search(r"<(script|image|foreignObject|style|text)\b|\bon\w+=", text)
    assert set(re.findall(r'href="(.)', text)) <= {"#"}
    assert set(re.findall(r"https?://[^\"]+", text)) == {"http://www.w3.org/2000/svg"}
    rendered = CONTENT / drawing.relative_to(CONTENT / "art").with_suffix(".webp")
    with Image.open(rendered) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1600, 900))
    assert rendered.stat().st_size < LARGEST_PICTURE


def test_nothing_lies_about_that_no_item_uses() -> None:
    used = {CONTENT / one.name for path in ITEMS for one in used_files(item_of(path))}
    held = {
        one
        for one in CONTENT.rglob("*")
        if one.is_file() and one.suffix not in {".yaml", ".svg"} and one.name != "README.md"
    }
    assert held == used


def test_the_film_is_short_light_and_captioned_in_both_languages() -> None:
    films = {
        path.name: [part for _, part in parts(item_of(path)) if isinstance(part, Video)]
        for path in ITEMS
    }
    shown = {name: found for name, found in films.items() if found}
    assert set(shown) == {"bij-elkaar-kijken.nl.yaml", "bij-elkaar-kijken.en.yaml"}
    for (film,) in shown.values():
        assert set(film.captions) == {"nl", "en"}
        assert film.transcript and film.chapters and film.poster and film.also
        assert {Path(film.video).suffix, Path(film.also).suffix} == {".mp4", ".webm"}
        for name in (film.video, film.also):
            assert (CONTENT / name).stat().st_size < LARGEST_FILM
