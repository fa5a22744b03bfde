"""Media: taken in once, under the hash of what is served; shown while they may be."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from lti_tool.experience.document.model import Document
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.media import pictures
from lti_tool.experience.media.pictures import MIME, Picture, draw_anew
from lti_tool.experience.media.store import CannotStore, MediaStore, Shelf, Shown

VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nHet is stil.\n"
FILM = b"\0\0\0\x18ftypisom\0\0\x02\0isommp41" + b"\0\0\0\x0cmdatbeld"
TODAY = date(2026, 11, 21)
DOCUMENT = """format: micromodule/1
id: stilte
lang: nl
title: Stilte
blocks:
  - {type: image, image: beeld/klas.png, alt: Een lege klas}
  - type: video
    video: stil.mp4
    captions: {nl: stil.nl.vtt}
    chapters: {nl: stil.nl.vtt}
    transcript: stil.md
    poster: beeld/klas.png
    consent_until: 2028-01-01
"""


def parsed(text: str) -> Document:
    found = parse(text, file="stilte.yaml")
    assert found.item is not None, found.problems
    return found.item


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "item"
    (made / "beeld").mkdir(parents=True)
    Image.new("RGB", (3200, 1800), "teal").save(made / "beeld" / "klas.png")
    (made / "stil.mp4").write_bytes(FILM)
    (made / "stil.nl.vtt").write_text(VTT, "utf-8")
    (made / "stil.md").write_text("Het is **stil**. <script>1</script>", "utf-8")
    return made


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def test_every_file_is_kept_under_its_own_hash(folder: Path, store: MediaStore) -> None:
    taken = store.take_in(parsed(DOCUMENT), folder)
    assert set(taken) == {"beeld/klas.png", "stil.mp4", "stil.nl.vtt", "stil.md"}
    for file in taken.values():
        content = store.path(file.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert len(content) == file.size
    assert {one.name[:4] for one in store.root.rglob("*")}.isdisjoint({".new"})


def test_a_picture_is_made_anew_and_its_size_is_known(folder: Path, store: MediaStore) -> None:
    picture = store.take_in(parsed(DOCUMENT), folder)["beeld/klas.png"]
    assert (picture.mime, picture.width, picture.height) == (MIME, 1600, 900)
    with Image.open(store.path(picture.sha256)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (1600, 900))


def test_the_type_is_that_of_the_content(folder: Path, store: MediaStore) -> None:
    taken = store.take_in(parsed(DOCUMENT), folder)
    assert taken["stil.mp4"].mime == "video/mp4"
    assert taken["stil.nl.vtt"].mime == "text/vtt"
    assert taken["stil.md"].mime == "text/markdown"


def test_the_origin_of_a_film_is_left_behind(folder: Path, store: MediaStore) -> None:
    place = b"+52.0907+005.1214/"
    secret = (len(place) + 8).to_bytes(4, "big") + b"udta" + place
    (folder / "stil.mp4").write_bytes(
        FILM + (len(secret) + 8).to_bytes(4, "big") + b"moov" + secret
    )
    film = store.take_in(parsed(DOCUMENT), folder)["stil.mp4"]
    assert place not in store.path(film.sha256).read_bytes()


def test_consent_counts_for_all_files_of_what_it_is_given_for(
    folder: Path, store: MediaStore
) -> None:
    text = DOCUMENT.replace("alt: Een lege klas", "alt: Een lege klas, consent_until: 2027-06-01")
    taken = store.take_in(parsed(text), folder)
    assert taken["stil.mp4"].consent_until == taken["stil.md"].consent_until == date(2028, 1, 1)
    assert taken["beeld/klas.png"].consent_until == date(2027, 6, 1)  # the earliest of both uses


def test_taking_in_again_changes_nothing(folder: Path, store: MediaStore) -> None:
    first = store.take_in(parsed(DOCUMENT), folder)
    files = {one: one.stat().st_size for one in store.root.rglob("*")}
    assert store.take_in(parsed(DOCUMENT), folder) == first
    assert {one: one.stat().st_size for one in store.root.rglob("*")} == files


def test_a_picture_that_several_items_use_is_drawn_once(
    folder: Path, store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Path] = []

    def draw(path: Path) -> Picture:
        drawn.append(path)
        return draw_anew(path)

    monkeypatch.setattr(pictures, "draw_anew", draw)
    first = store.take_in(parsed(DOCUMENT), folder)["beeld/klas.png"]
    other = DOCUMENT.replace("alt: Een", "consent_until: 2027-06-30, alt: Een").replace(
        "klas", "les"
    )
    (folder / "beeld" / "klas.png").rename(folder / "beeld" / "les.png")
    second = store.take_in(parsed(other), folder)["beeld/les.png"]
    assert len(drawn) == 1
    assert (first.consent_until, second.consent_until) == (date(2028, 1, 1), date(2027, 6, 30))
    assert replace(first, consent_until=None) == replace(second, consent_until=None)


@pytest.mark.parametrize("name", ["stil.mp4", "beeld/klas.png"])
def test_what_was_erased_comes_back_by_taking_in_again(
    folder: Path, store: MediaStore, name: str
) -> None:
    file = store.take_in(parsed(DOCUMENT), folder)[name]
    store.erase(file.sha256)
    store.erase(file.sha256)
    assert not store.path(file.sha256).exists()
    assert store.take_in(parsed(DOCUMENT), folder)[name] == file
    assert store.path(file.sha256).exists()


def test_a_file_that_went_bad_after_the_check_is_refused(folder: Path, store: MediaStore) -> None:
    picture = folder / "beeld" / "klas.png"
    picture.write_bytes(picture.read_bytes()[:200])
    with pytest.raises(CannotStore, match=r"beeld/klas\.png"):
        store.take_in(parsed(DOCUMENT), folder)


@pytest.mark.parametrize("missing", ["stil.mp4", "beeld/klas.png"])
def test_a_file_that_is_gone_is_refused(folder: Path, store: MediaStore, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(CannotStore, match=missing):
        store.take_in(parsed(DOCUMENT), folder)


def test_a_media_folder_that_cannot_be_made_says_which_setting(folder: Path) -> None:
    (folder.parent / "bezet").write_text("een bestand")
    with pytest.raises(CannotStore, match="PROEFTUIN_MEDIA_DIR"):
        MediaStore(folder.parent / "bezet" / "media").take_in(parsed(DOCUMENT), folder)


def shelf(folder: Path, today: date = TODAY) -> Shelf:
    files = {
        "stil.md": Shown(folder / "stil.md", "text/markdown"),
        "stil.nl.vtt": Shown(folder / "stil.nl.vtt", "text/vtt"),
        "weg.md": Shown(folder / "weg.md", "text/markdown"),
        "klas.png": Shown(folder / "beeld" / "klas.png", "image/webp", 1600, 900),
    }
    return Shelf(files, "/media/{}".format, today)


def test_a_transcript_is_shown_safely(folder: Path) -> None:
    html = shelf(folder).transcript("stil.md")
    assert "<strong>stil</strong>" in html
    assert "<script" not in html


@pytest.mark.parametrize("name", ["weg.md", "niet-genoemd.md"])
def test_a_text_that_cannot_be_read_leaves_an_empty_place(folder: Path, name: str) -> None:
    assert shelf(folder).transcript(name) == ""
    assert shelf(folder).chapters({"nl": name}, "nl") == ()


def test_a_picture_keeps_its_place_free(folder: Path) -> None:
    assert shelf(folder).size("klas.png") == (1600, 900)
    assert shelf(folder).size("weg.png") == (None, None)


@pytest.mark.parametrize(
    ("lang", "found"), [("nl", "a"), ("nl-BE", "a"), ("en", "c"), ("en-GB", "b"), ("fr", None)]
)
def test_the_nearest_language_is_taken(folder: Path, lang: str, found: str | None) -> None:
    files = {"nl": "a", "en-GB": "b", "en": "c"}
    assert shelf(folder).in_language(files, lang) == found


@pytest.mark.parametrize(
    ("lang", "name"), [("nl", "Nederlands"), ("en", "English"), ("fy", "Frysk"), ("xx", "Xx")]
)
def test_a_language_is_named_in_itself(folder: Path, lang: str, name: str) -> None:
    assert shelf(folder).language(lang) == name


def test_consent_holds_through_its_last_day(folder: Path) -> None:
    (block,) = [one for one in parsed(DOCUMENT).blocks if one.type == "video"]
    assert shelf(folder, date(2028, 1, 1)).may_show(block)
    assert not shelf(folder, date(2028, 1, 2)).may_show(block)
