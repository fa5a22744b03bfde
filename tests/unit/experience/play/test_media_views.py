"""Media for a session: whole or by range, cached as long as is right, and not a moment longer."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from jinja2 import StrictUndefined
from PIL import Image
from statements import statements
from visits import TOOL, Browser, School
from werkzeug.test import TestResponse

from lti_tool.db import db
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.library import catalogue, publishing, version_files
from lti_tool.experience.library.models import VersionMedia
from lti_tool.experience.media.store import MediaStore
from lti_tool.platforms.models import BLOCKED
from lti_tool.services import services

FILM = b"\0\0\0\x18ftypisom\0\0\x02\0isommp41" + b"\0\0\4\x08mdat" + bytes(range(256)) * 4
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nHet is stil.\n"
ITEM = """format: experience/1
id: stilte
lang: nl
title: Stilte
start: lokaal
nodes:
  lokaal:
    type: choice
    title: Het lokaal
    text: Het is leeg.
    media:
      - {image: klas.png, alt: Een leeg lokaal, caption: Na schooltijd}
      - video: stil.mp4
        also: stil.webm
        captions: {nl: stil.nl.vtt, en: stil.en.vtt}
        chapters: {nl: delen.nl.vtt}
        transcript: stil.md
        poster: klas.png
        alt: Iemand zet de stoelen op tafel
    prompt: En nu?
    at: "0:01"
    choices:
      - id: wacht
        text: Je wacht.
        next: einde
        feedback: {effect: strong, happens: Er komt iemand., works: Rust., grow: Adem uit.,
          media: [{audio: bel.mp3, transcript: bel.md, alt: De bel}]}
      - id: weg
        text: Je gaat.
        next: einde
        feedback: {effect: partly, happens: De gang., works: Je kiest., grow: Zeg gedag.}
  einde:
    type: ending
    title: Einde
    text: Klaar.
    media: [{image: klas.png, alt: ""}]
"""
WEBM = (
    b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    + b"\0" * 90
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "item"
    made.mkdir()
    Image.new("RGB", (320, 180), "teal").save(made / "klas.png")
    (made / "stil.mp4").write_bytes(FILM)
    (made / "stil.webm").write_bytes(WEBM)
    (made / "bel.mp3").write_bytes(b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + b"\xff\xfb\x90\x64" * 9)
    for name in ("stil.nl.vtt", "stil.en.vtt", "delen.nl.vtt"):
        (made / name).write_text(VTT, "utf-8")
    (made / "stil.md").write_text("Het is **stil**. <script>1</script>", "utf-8")
    (made / "bel.md").write_text("De bel gaat.", "utf-8")
    return made


def store() -> MediaStore:
    return MediaStore(services().settings.media_root)


def publish(school: School, folder: Path, text: str = ITEM) -> None:
    document = parse(text, file="stilte.yaml").item
    assert document is not None
    media = store().take_in(document, folder)
    publishing.publish(db.session(), document, school.clock(), media=media)
    db.session.commit()


@pytest.fixture
def tab(school: School, folder: Path) -> Browser:
    school.app.jinja_env.undefined = StrictUndefined
    publish(school, folder)
    return school.open("stilte")


@pytest.fixture
def get(school: School) -> Callable[..., TestResponse]:
    """Ask for an address as an <img> or <video> does: without cookie, form or token."""

    def ask(url: str, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return school.app.test_client().get(url, headers=named, base_url=TOOL, buffered=True)

    return ask


def film(tab: Browser) -> str:
    return tab.html.one("source").attrs["src"]


class TestThePage:
    def test_a_picture_has_its_words_and_its_size(self, tab: Browser) -> None:
        image = tab.html.one("img")
        assert image.attrs["alt"] == "Een leeg lokaal"
        assert (image.attrs["width"], image.attrs["height"]) == ("320", "180")
        assert "Na schooltijd" in tab.html.one("figcaption").text

    def test_a_film_has_captions_in_the_language_of_the_item_switched_on(
        self, tab: Browser
    ) -> None:
        tracks = [one.attrs for one in tab.html.all("track")]
        assert [(one["kind"], one["label"], "default" in one) for one in tracks] == [
            ("captions", "English", False),
            ("captions", "Nederlands", True),
            ("chapters", "Nederlands", False),
        ]
        video = tab.html.one("video")
        assert {"controls", "playsinline", "poster"} <= set(video.attrs)
        assert "autoplay" not in video.attrs
        assert video.attrs["aria-label"] == "Iemand zet de stoelen op tafel"

    def test_a_film_is_offered_in_both_formats(self, tab: Browser, get) -> None:
        sources = [one.attrs for one in tab.html.all("source")]
        assert [one["type"] for one in sources] == ["video/mp4", "video/webm"]
        assert [get(one["src"]).data for one in sources] == [FILM, WEBM]

    def test_the_transcript_and_the_chapters_are_there_without_javascript(
        self, tab: Browser
    ) -> None:
        transcript = tab.html.one(".transcript")
        assert transcript.tag == "details"
        assert transcript.one("strong").text == "stil"
        assert not transcript.all("script")
        (chapter,) = tab.html.all("[data-seek]")
        assert chapter.attrs["data-seek"] == "0.0"
        assert "Het is stil." in chapter.text

    def test_the_choice_stands_below_the_film_that_pauses_for_it(self, tab: Browser) -> None:
        assert tab.html.one("video").attrs["data-pause-at"] == "1"
        assert any("0:01" in one.text for one in tab.html.all(".note"))
        assert len(tab.html.all("input[name=choice]")) == 2

    def test_feedback_and_endings_have_media_too(self, tab: Browser, get) -> None:
        tab.choose("wacht")
        sound = tab.html.one("audio")
        assert get(sound.attrs["src"]).mimetype == "audio/mpeg"
        assert "De bel gaat." in tab.html.one(".transcript").text
        tab.onward()
        assert tab.page == "ending"
        assert tab.html.one("img").attrs["alt"] == ""

    def test_every_address_on_the_page_answers_with_its_type(self, tab: Browser, get) -> None:
        found = [
            one.attrs[name]
            for one in tab.html.walk()
            for name in ("src", "poster")
            if "/media/" in one.attrs.get(name, "")
        ]
        types = [get(url).content_type for url in found]
        assert sorted(set(types)) == [
            "image/webp",
            "text/vtt; charset=utf-8",
            "video/mp4",
            "video/webm",
        ]

    def test_no_address_holds_what_proves_the_session(self, school: School, folder: Path) -> None:
        publish(school, folder)
        for cookieless in (False, True):
            tab = school.launch("stilte", cookieless=cookieless).open()
            assert tab.token not in film(tab)
            assert tab.html.one("input[name=s]").attrs["value"] not in film(tab)

    def test_after_consent_has_ended_words_take_its_place(
        self, school: School, folder: Path
    ) -> None:
        ends = ITEM.replace("caption: Na schooltijd", "consent_until: 2026-11-20")
        publish(school, folder, ends)
        tab = school.open("stilte")
        assert len(tab.html.all("img")) == 0
        assert "Een leeg lokaal" in tab.text

    def test_without_its_files_a_page_still_works(self, school: School, tab: Browser, get) -> None:
        for row in school.rows(VersionMedia):
            store().erase(row.sha256)
        assert tab.open().page == "choice"
        assert get(film(tab)).status_code == 404

    def test_a_page_with_media_takes_no_more_statements_once_it_is_warm(self, tab: Browser) -> None:
        tab.open()
        with statements() as seen:
            tab.open()
        assert len(seen) <= 3


class TestTheFile:
    def test_a_file_comes_as_it_was_taken_in(self, tab: Browser, get) -> None:
        response = get(film(tab))
        assert (response.status_code, response.data) == (200, FILM)
        assert response.content_type == "video/mp4"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["Content-Disposition"] == "inline; filename=stil.mp4"
        picture = get(tab.html.one("img").attrs["src"])
        assert picture.headers["Content-Disposition"] == "inline; filename=klas.webp"

    @pytest.mark.parametrize(
        ("asked", "begins", "ends"),
        [
            ("bytes=0-", 0, len(FILM)),
            ("bytes=0-0", 0, 1),
            ("bytes=24-31", 24, 32),
            ("bytes=1000-", 1000, len(FILM)),
            ("bytes=-16", len(FILM) - 16, len(FILM)),
            ("bytes=1000-999999", 1000, len(FILM)),
        ],
    )
    def test_a_range_is_given(self, tab: Browser, get, asked: str, begins: int, ends: int) -> None:
        response = get(film(tab), Range=asked)
        assert response.status_code == 206
        assert response.headers["Content-Range"] == f"bytes {begins}-{ends - 1}/{len(FILM)}"
        assert response.data == FILM[begins:ends]
        assert response.content_length == ends - begins

    @pytest.mark.parametrize("asked", [f"bytes={len(FILM)}-", "bytes=999999-1000000"])
    def test_a_range_past_the_end_is_416_with_the_size(self, tab: Browser, get, asked: str) -> None:
        response = get(film(tab), Range=asked)
        assert (response.status_code, response.data) == (416, b"")
        assert response.headers["Content-Range"] == f"bytes */{len(FILM)}"

    def test_a_range_of_another_state_of_the_file_gives_the_whole(self, tab: Browser, get) -> None:
        response = get(film(tab), Range="bytes=0-9", If_Range='"anders"')
        assert (response.status_code, response.data) == (200, FILM)

    def test_what_a_browser_has_already_is_not_sent_again(self, tab: Browser, get) -> None:
        tag = get(film(tab)).headers["ETag"]
        again = get(film(tab), If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")

    def test_a_head_has_no_body(self, school: School, tab: Browser) -> None:
        response = school.app.test_client().head(film(tab), base_url=TOOL, buffered=True)
        assert (response.status_code, response.content_length) == (200, len(FILM))
        assert response.data == b""

    def test_it_is_kept_by_this_browser_for_as_long_as_a_session_lasts(
        self, tab: Browser, get
    ) -> None:
        cache = get(film(tab)).cache_control
        assert cache.private
        assert cache.immutable
        assert cache.max_age == 8 * 3600
        assert film(tab.open()) == film(tab)  # so that keeping it is of use

    def test_what_people_allowed_is_asked_for_each_time(
        self, school: School, folder: Path, get
    ) -> None:
        text = ITEM.replace("also: stil.webm", "also: stil.webm\n        consent_until: 2028-01-01")
        publish(school, folder, text)
        cache = get(film(school.open("stilte"))).cache_control
        assert cache.private
        assert cache.no_cache
        assert not cache.immutable

    def test_it_takes_one_statement(self, tab: Browser, get) -> None:
        url = film(tab)
        with statements() as seen:
            assert get(url).status_code == 200
        assert len(seen) == 1


class TestWhoMay:
    def test_an_address_works_where_no_cookie_is_kept(
        self, school: School, folder: Path, get
    ) -> None:
        publish(school, folder)
        tab = school.launch("stilte", cookieless=True).open()
        assert get(film(tab)).data == FILM

    def test_an_address_that_was_changed_is_not_found(
        self, school: School, tab: Browser, folder: Path, get
    ) -> None:
        publish(school, folder, ITEM.replace("Het is leeg", "Het is vol"))
        other = school.open("stilte", "ben")
        start, _, name = film(tab).rpartition("/")
        before, _, proof = start.rpartition("/")
        changed = [
            f"{start}/klas.webp",
            f"{start}/../klas.png",
            f"{start}/%2e%2e/klas.png",
            f"{before}/{proof[:-1]}/{name}",
            f"{before}/{'A' * 43}/{name}",
            f"{before}/é/{name}",
            film(tab).replace(tab.session_id, other.session_id),
            film(tab).replace(tab.session_id, "x" * 22),
            film(tab).replace("/media/1/", "/media/2/"),
            film(tab).replace("/media/1/", "/media/999/"),
        ]
        assert [get(url).status_code for url in changed] == [404] * len(changed)
        assert get(film(tab)).status_code == 200

    def test_it_ends_with_the_session(self, school: School, tab: Browser, clock, get) -> None:
        clock.turn(hours=3, minutes=1)
        assert get(film(tab)).headers["X-Proeftuin-Error"] == "session-expired"

    def test_it_ends_with_the_platform(self, school: School, tab: Browser, get) -> None:
        school.platform.status = BLOCKED
        db.session.commit()
        assert get(film(tab)).status_code == 403

    def test_a_withdrawn_item_keeps_its_media_for_who_is_under_way(
        self, school: School, tab: Browser, get
    ) -> None:
        tab.choose("wacht")
        publishing.withdraw(db.session(), "stilte", school.clock())
        db.session.commit()
        assert get(tab.html.one("audio").attrs["src"]).status_code == 200

    def test_a_stopped_item_shows_nothing_any_more(self, school: School, tab: Browser, get) -> None:
        publishing.withdraw(db.session(), "stilte", school.clock(), stop=True)
        db.session.commit()
        response = get(film(tab))
        assert (response.status_code, response.headers["X-Proeftuin-Error"]) == (
            410,
            "item-withdrawn",
        )

    def test_consent_ends_by_itself(self, school: School, folder: Path, clock, get) -> None:
        text = ITEM.replace("also: stil.webm", "also: stil.webm\n        consent_until: 2026-11-21")
        publish(school, folder, text)
        tab = school.open("stilte")
        film_and_more = [film(tab), *(tab.html.one(one).attrs["src"] for one in ("track", "img"))]
        assert [get(url).status_code for url in film_and_more] == [200] * 3
        for _ in range(3):  # into the next day, without the session ending
            clock.turn(hours=1, minutes=30)
            tab.open()
        # The picture is the film's poster too, so that it goes with it.
        assert tab.html.all("video") == tab.html.all("img") == []
        assert [get(url).status_code for url in film_and_more] == [410] * 3

    def test_a_run_keeps_the_media_of_its_own_version(
        self, school: School, tab: Browser, folder: Path, get
    ) -> None:
        tab.choose("wacht")
        (folder / "bel.mp3").write_bytes((folder / "bel.mp3").read_bytes() + b"\xff\xfb\x90\x64")
        publish(school, folder)
        old = get(tab.open().html.one("audio").attrs["src"]).data
        new = get(school.open("stilte", "ben").choose("wacht").html.one("audio").attrs["src"]).data
        assert len(new) == len(old) + 4


class TestPublishing:
    def test_the_hash_of_a_version_covers_its_media(self, school: School, folder: Path) -> None:
        publish(school, folder)
        publish(school, folder)
        assert [held.version for held in catalogue.listing(db.session())] == [1]
        (folder / "stil.md").write_text("Anders.", "utf-8")
        publish(school, folder)
        assert [held.version for held in catalogue.listing(db.session())] == [2]

    def test_a_document_whose_files_were_not_taken_in_is_refused(self, school: School) -> None:
        with pytest.raises(publishing.CannotPublish, match=r"bel\.md"):
            school.publish(ITEM)

    def test_only_what_no_other_item_shows_is_erased(self, school: School, folder: Path) -> None:
        publish(school, folder)
        other = ITEM.replace("id: stilte", "id: stilte-2").replace("stil.md", "bel.md")
        publish(school, folder, other)
        publishing.withdraw(db.session(), "stilte", school.clock(), stop=True)
        db.session.commit()
        unshown = version_files.unshown(db.session(), "stilte")
        names = {row.name for row in school.rows(VersionMedia) if row.sha256 in unshown}
        assert names == {"stil.md"}

    def test_consent_is_written_down_with_the_file(self, school: School, folder: Path) -> None:
        publish(
            school, folder, ITEM.replace("caption: Na", "consent_until: 2028-01-01, caption: Na")
        )
        ends = {row.name: row.consent_until for row in school.rows(VersionMedia)}
        assert ends["klas.png"] == date(2028, 1, 1)
        assert ends["stil.mp4"] is None
