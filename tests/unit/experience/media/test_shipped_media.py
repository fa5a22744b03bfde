"""The media that ship: drawn here, light enough for a phone, and with words for everything."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from lti_tool.clock import system_clock
from lti_tool.experience.document.model import Experience, Item, Video
from lti_tool.experience.document.model import Image as Picture
from lti_tool.experience.document.walk import parts, used_files
from lti_tool.experience.intake.checking import check_file

ROOT = Path(__file__).parents[4]
CONTENT = ROOT / "content"
ITEMS = sorted(CONTENT.glob("*.yaml"))
EXPERIENCES = [path for path in ITEMS if "\nformat: experience/" in f"\n{path.read_text('utf-8')}"]
PICTURES = sorted(CONTENT.rglob("*.webp"))
IN_FILMS = "film"
"""The folder of drawings that are seen in a film only."""
DRAWINGS = sorted((CONTENT / "art").rglob("*.svg"))
PAGE_DRAWINGS = sorted((ROOT / "lti_tool" / "static" / "art").glob("*.svg"))
SCENE, PORTRAIT = (1600, 900), (480, 480)
LARGEST = {SCENE: 40_000, PORTRAIT: 15_000}
LARGEST_PAGE_DRAWING = 12_000
LARGEST_FILM = 1_500_000


def picture_of(drawing: Path) -> Path:
    return CONTENT / drawing.relative_to(CONTENT / "art").with_suffix(".webp")


def size_of(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as image:
        assert image.format == "WEBP"
        return image.size


@cache
def item_of(path: Path) -> Item:
    item, findings = check_file(path, system_clock().date())
    assert [one for one in findings if one.severity == "error"] == []
    assert isinstance(item, Item)
    return item


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_item_has_a_picture_and_says_what_is_on_it(path: Path) -> None:
    pictures = [part for _, part in parts(item_of(path)) if isinstance(part, Picture)]
    assert pictures
    for picture in pictures:
        words = 2 if size_of(CONTENT / picture.image) == PORTRAIT else 5
        assert len(picture.alt.split()) >= words, picture.image


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_item_has_a_cover_for_its_card(path: Path) -> None:
    cover = item_of(path).cover
    assert cover
    assert size_of(CONTENT / cover.image) == SCENE


@pytest.mark.parametrize("path", EXPERIENCES, ids=lambda path: path.stem)
def test_everybody_in_a_cast_has_a_face_in_two_or_three_moods(path: Path) -> None:
    item = item_of(path)
    assert isinstance(item, Experience)
    assert item.cast
    for slug, person in item.cast.items():
        shown = [portrait.image for portrait in person.portraits.values()]
        assert 2 <= len(set(shown)) == len(shown) <= 3, slug
        assert {size_of(CONTENT / name) for name in shown} == {PORTRAIT}, slug


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_picture_is_light_and_has_its_drawing(picture: Path) -> None:
    assert picture.stat().st_size < LARGEST[size_of(picture)]
    assert (CONTENT / "art" / picture.relative_to(CONTENT)).with_suffix(".svg").exists()


@pytest.mark.parametrize(
    "drawing", [*DRAWINGS, *PAGE_DRAWINGS], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_drawing_is_ours_and_plain(drawing: Path) -> None:
    text = drawing.read_text("utf-8")
    assert "CC BY-SA 4.0" in text
    assert not re.search(r"<(script|image|foreignObject|style|text)\b|\bon\w+=", text)
    assert set(re.findall(r'href="(.)', text)) <= {"#"}
    assert set(re.findall(r"https?://[^\"]+", text)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize(
    "drawing",
    [drawing for drawing in DRAWINGS if drawing.parent.name != IN_FILMS],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_every_drawing_is_rendered_at_its_own_size(drawing: Path) -> None:
    frame = re.search(r'<svg [^>]*\bwidth="(\d+)" height="(\d+)"', drawing.read_text("utf-8"))
    assert frame
    assert size_of(picture_of(drawing)) == (int(frame[1]), int(frame[2]))


def test_what_functions_draw_is_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "tools")
    gallery = importlib.import_module("drawing.gallery")
    made = {CONTENT / "art" / f"{name}.svg": svg for name, svg in gallery.drawn().items()}
    for_pages = {f"{name}.svg": svg for name, svg in gallery.drawn_for_pages().items()}
    changed = [path for path, svg in made.items() if path.read_text("utf-8") != svg]
    assert changed == []
    assert {path.name: path.read_text("utf-8") for path in PAGE_DRAWINGS} == for_pages


@pytest.mark.parametrize("drawing", PAGE_DRAWINGS, ids=lambda path: path.stem)
def test_drawings_of_pages_hardly_weigh_anything(drawing: Path) -> None:
    assert drawing.stat().st_size < LARGEST_PAGE_DRAWING


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
