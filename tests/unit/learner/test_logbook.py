"""My logbook: what I kept, across courses, for my eyes only; and what I choose goes out."""

import json
import re
import zlib

import pytest
from connecting import connect
from flask import Flask
from jinja2 import StrictUndefined
from visits import GARDEN, MODULE, Browser, School

from lti_tool.experience.play.models import Note, Reflection
from lti_tool.learner import notes
from lti_tool.services import services

HEADING = "Zelf opgesteld, geen certificaat, geen beoordeling"


@pytest.fixture(autouse=True)
def no_name_is_misspelt(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    school.publish(MODULE)
    return school


@pytest.fixture
def full(garden: School) -> Browser:
    """Anna's logbook: a hint, a reflection, own words and two activities, from two courses."""
    tab = garden.open("tuin").onward().choose("vraag").press("[data-keep=hint]")
    assert tab.page == "feedback"
    tab.finish("los").save("tuin", "terugblik", "Vraag <eerst>.")
    other = garden.open("wachten", link="2").onward()
    other.open("/mine/logbook").press("[data-keep=own]", text="Ik tel tot vijf.")
    return garden.open("tuin").open("/mine/logbook")


def texts(tab: Browser) -> list[str]:
    return [quote.text for quote in tab.html.one("main").all("blockquote")]


class TestKeeping:
    def test_a_hint_is_kept_where_it_is_read_and_the_page_says_so(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        tab.press("[data-keep=hint]")
        assert (tab.page, tab.title) == ("feedback", "Wat er gebeurt")
        assert "Bewaard in je logboek, alleen voor jou." in tab.text
        tab.open("/mine/logbook")
        assert texts(tab) == ["Wacht langer."]
        assert "Hint die ik bewaarde" in tab.text

    def test_the_address_leads_back_to_that_very_hint(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        form = tab.html.one("[data-keep=hint]").closest("form")
        assert form is not None
        fields = {one.attrs["name"]: one.attrs["value"] for one in form.all("input")}
        answer = tab._client.post(
            form.attrs["action"], data=fields, base_url="https://tool.example"
        )
        assert answer.headers["Location"] == tab.url("/play/tuin/1/1#kept-hint")
        assert tab.html.one("#kept-hint").one(".note").attrs["tabindex"] == "-1"

    def test_hints_of_the_whole_way_can_be_kept_at_the_ending(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        assert len(tab.html.all("[data-keep=hint]")) == 2
        tab.send(tab.html.all("[data-keep=hint]")[1])
        assert tab.page == "ending"
        assert texts(tab.open("/mine/logbook")) == ["Spreek iets af."]

    def test_twice_the_same_is_kept_once(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        tab.press("[data-keep=hint]").press("[data-keep=hint]")
        assert len(garden.rows(Note)) == 1

    def test_it_is_sealed_and_does_not_say_where_it_was_found(self, garden: School) -> None:
        garden.open("tuin").onward().choose("vraag").press("[data-keep=hint]")
        [note] = garden.rows(Note)
        row = {name: str(getattr(note, name)) for name in Note.__table__.columns.keys()}  # noqa: SIM118
        assert not any("Wacht" in value or "vraag" in value for value in row.values())
        assert services().vault.unseal(note.sealed_text) == "Wacht langer."

    def test_it_works_without_cookies(self, garden: School) -> None:
        tab = garden.open("tuin", cookieless=True).onward().choose("vraag")
        tab.press("[data-keep=hint]")
        assert tab.page == "feedback"
        assert "shown" in tab.html.one(".kept-now").attrs["class"]
        tab.send(tab.button("Mijn logboek"))
        assert (tab.page, texts(tab)) == ("logbook", ["Wacht langer."])

    def test_empty_words_are_not_kept_and_too_many_are_refused(self, garden: School) -> None:
        tab = garden.open("tuin").open("/mine/logbook")
        tab.press("[data-keep=own]", text="  \n ")
        assert garden.rows(Note) == []
        assert tab.press("[data-keep=own]", text="x" * 4001).error == "too-large"
        assert garden.rows(Note) == []

    def test_a_full_logbook_says_what_to_do(
        self, garden: School, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notes, "MOST", 1)
        tab = garden.open("tuin").open("/mine/logbook").press("[data-keep=own]", text="Eén.")
        tab.press("[data-keep=own]", text="Twee.")
        assert (tab.response.status_code, tab.error) == (409, "logbook-full")
        assert "Wis er eerst iets uit" in tab.text


class TestReading:
    def test_it_holds_what_was_saved_kept_and_finished_in_all_courses(self, full: Browser) -> None:
        assert sorted(texts(full)) == ["Ik tel tot vijf.", "Vraag <eerst>.", "Wacht langer."]
        kinds = [one.text for one in full.html.one(".logbook").all("strong")]
        assert kinds.count("Activiteit afgerond") == 2
        assert "Gaat over: klein, gesprek" in full.text

    def test_somebody_else_finds_nothing_in_theirs(self, full: Browser, garden: School) -> None:
        other = garden.open("tuin", "ben").open("/mine/logbook")
        assert "Er staat nog niets in" in other.text
        assert "Wacht langer" not in other.text

    def test_every_page_leads_to_it(self, garden: School) -> None:
        tab = garden.open("tuin")
        assert tab.press("[data-logbook]").page == "logbook"
        assert tab.button("Terug naar de activiteit").attrs["href"] == tab.url("/")

    def test_one_entry_can_be_erased(self, full: Browser, garden: School) -> None:
        for words, table in (("Wacht langer.", Note), ("Vraag <eerst>.", Reflection)):
            entry = next(one for one in full.html.one(".logbook").all("li") if words in one.text)
            full.send(entry.one("button"))
            assert full.page == "logbook"
            assert words not in full.text
            assert words not in [
                services().vault.unseal(row.sealed_text) for row in garden.rows(table)
            ]

    @pytest.mark.parametrize("entry", ["note:1", "note:x", "reflection:tuin:terugblik", "", ":"])
    def test_nobody_erases_anothers(self, full: Browser, garden: School, entry: str) -> None:
        before = len(garden.rows(Note)), len(garden.rows(Reflection))
        ben = garden.open("tuin", "ben").open("/mine/logbook")
        proof = ben.html.one("[name=s]").attrs["value"]
        assert ben.post("/mine/forget", s=proof, entry=entry).page == "logbook"
        assert (len(garden.rows(Note)), len(garden.rows(Reflection))) == before


class TestTakingAlong:
    def export(self, tab: Browser, form: str) -> Browser:
        return tab.press(f"[data-export={form}]")

    @pytest.mark.parametrize(
        ("form", "mimetype", "name"),
        [
            ("html", "text/html", "logboek.html"),
            ("markdown", "text/markdown", "logboek.md"),
            ("json", "application/json", "logboek.json"),
            ("badge", "application/ld+json", "logboek.badge.json"),
        ],
    )
    def test_a_file_that_says_what_it_is_not(
        self, full: Browser, form: str, mimetype: str, name: str
    ) -> None:
        [key] = [
            one.attrs["value"]
            for one in full.html.all("[name=entry][type=checkbox]")
            if one.attrs["value"].startswith("reflection:")
        ]
        full.press(f"[data-export={form}]", entry=key)
        assert full.response.mimetype == mimetype
        assert name in full.response.headers["Content-Disposition"]
        assert full.response.headers["Cache-Control"] == "no-store"
        said = full.response.text
        assert HEADING in said
        assert "eerst" in said
        for unchosen in ("Wacht langer", "Ik tel tot vijf", "anna", "school"):
            assert unchosen not in said

    def test_the_page_needs_nothing_else_and_runs_nothing(self, full: Browser) -> None:
        full.press("[data-export=html]", entry="reflection:tuin:terugblik")
        assert "Vraag &lt;eerst&gt;." in full.response.text
        for needs in ("src=", "href=", "<script", "<style", "url("):
            assert needs not in full.response.text

    def test_the_pdf_is_one_that_screen_readers_can_read(self, full: Browser) -> None:
        full.press("[data-export=pdf]", entry="reflection:tuin:terugblik")
        assert full.response.mimetype == "application/pdf"
        assert full.response.data.startswith(b"%PDF-")
        inside = b"".join(
            zlib.decompress(stream)
            for stream in re.findall(rb"stream\n(.*?)\nendstream", full.response.data, re.DOTALL)
            if stream.startswith(b"x")
        )
        assert b"/StructTreeRoot" in inside
        assert b"/Lang" in inside

    def test_everything_is_ticked_at_first(self, full: Browser) -> None:
        boxes = full.html.all("[name=entry][type=checkbox]")
        assert len(boxes) == 5
        assert all("checked" in box.attrs and box.attrs["form"] == "export" for box in boxes)

    def test_without_a_choice_it_says_to_choose(self, full: Browser) -> None:
        assert full.press("[data-export=json]").error == "selection-empty"

    def test_an_unknown_form_is_refused(self, full: Browser) -> None:
        proof = full.html.one("[name=s]").attrs["value"]
        full.post("/mine/export", s=proof, entry="activity:tuin", **{"as": "exe"})
        assert full.error == "selection-malformed"

    def test_nobody_takes_anothers_along(self, full: Browser, garden: School) -> None:
        ben = garden.open("tuin", "ben").open("/mine/logbook")
        proof = ben.html.one("[name=s]").attrs["value"]
        ben.post("/mine/export", s=proof, entry="reflection:tuin:terugblik", **{"as": "json"})
        assert ben.error == "selection-empty"

    def test_the_json_is_as_its_page_describes(self, full: Browser) -> None:
        full.press("[data-export=json]", entry="reflection:tuin:terugblik")
        found = json.loads(full.response.data)
        assert set(found) == {"format", "heading", "language", "made", "entries"}
        [entry] = found["entries"]
        assert entry == {
            "kind": "reflection",
            "activity": "De tuin",
            "themes": ["klein", "gesprek"],
            "date": "2026-11-21",
            "text": "Vraag <eerst>.",
        }


class TestASentenceThatReturns:
    def kept(self, garden: School, **fields: str) -> Browser:
        tab = garden.open("tuin").finish("vraag", "los")
        return tab.press("[data-keep=sentence]", sentence="Ik wacht vijf tellen.", **fields)

    def test_it_stands_in_the_logbook_with_its_day(self, garden: School) -> None:
        tab = self.kept(garden, day="2026-12-01")
        assert (tab.page, texts(tab)) == ("logbook", ["Ik wacht vijf tellen."])
        assert "Vanaf 1 december 2026" in tab.text

    def test_the_next_launch_after_that_day_asks_and_not_before(self, garden: School) -> None:
        self.kept(garden, day="2026-12-01")
        garden.clock.turn(days=9)
        assert garden.open("tuin").page == "ending"
        garden.clock.turn(days=1)
        tab = garden.open("wachten", link="2")
        assert (tab.page, tab.title) == ("return", "Wat lukte, wat nog niet?")
        assert tab.html.one("blockquote").text == "Ik wacht vijf tellen."

    def test_an_answer_goes_into_the_logbook_and_it_is_asked_no_more(self, garden: School) -> None:
        self.kept(garden, day="2026-12-01")
        garden.clock.turn(days=10)
        tab = garden.open("tuin").press("[data-next]", text="Drie tellen lukte.")
        assert tab.page == "ending"
        tab.open("/mine/logbook")
        assert sorted(texts(tab)) == ["Drie tellen lukte.", "Ik wacht vijf tellen."]
        assert garden.open("tuin").page == "ending"

    def test_without_an_answer_nothing_is_added(self, garden: School) -> None:
        self.kept(garden, day="2026-12-01")
        garden.clock.turn(days=10)
        tab = garden.open("tuin").press("[data-skip]", text="Toch niet.")
        assert tab.page == "ending"
        assert texts(tab.open("/mine/logbook")) == ["Ik wacht vijf tellen."]
        assert garden.open("tuin").page == "ending"

    def test_later_means_the_next_launch(self, garden: School) -> None:
        self.kept(garden, day="2026-12-01")
        garden.clock.turn(days=10)
        assert garden.open("tuin").press("[data-later]").page == "ending"
        assert garden.open("tuin").page == "return"

    def test_without_cookies_too(self, garden: School) -> None:
        self.kept(garden, day="2026-12-01")
        garden.clock.turn(days=10)
        tab = garden.open("tuin", cookieless=True)
        assert tab.page == "return"
        assert tab.press("[data-later]").page == "ending"

    def test_nobody_else_is_asked_and_a_teacher_sees_the_teachers_page(
        self, garden: School
    ) -> None:
        self.kept(garden, day="2026-12-01")
        garden.clock.turn(days=10)
        assert garden.open("tuin", "ben").page == "scene"
        assert garden.open("tuin", "anna", designer=True).page == "teacher"

    @pytest.mark.parametrize("day", ["2026-11-21", "2027-11-01", "morgen"])
    def test_a_day_that_cannot_be_is_refused(self, garden: School, day: str) -> None:
        assert self.kept(garden, day=day).error == "step-impossible"
        assert garden.rows(Note) == []

    def test_without_a_sentence_it_says_so(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        assert tab.press("[data-keep=sentence]").error == "sentence-empty"


class TestWhereToGrow:
    def ask(self, tab: Browser, **fields: str) -> Browser:
        return tab.open("/mine/grow").press("[data-fit]", **fields)

    def fits(self, tab: Browser, where: str) -> list[str]:
        return [
            title.text for part in tab.html.all(f"[data-fits={where}]") for title in part.all("h3")
        ]

    def test_own_words_find_what_fits_here_and_to_read(self, garden: School) -> None:
        tab = self.ask(garden.open("tuin"), text="Ik wil een gesprek beginnen met stilte")
        assert self.fits(tab, "here") == ["De tuin"]
        assert self.fits(tab, "reading") == ["Wachten"]
        tab.press(f"[href={tab.url('/play/tuin/read/wachten')}]")
        assert (tab.page, tab.title) == ("reading", "Wachten")

    def test_a_theme_finds_its_items(self, garden: School) -> None:
        tab = self.ask(garden.open("tuin"), theme="klein")
        assert self.fits(tab, "here") == ["De tuin"]
        assert self.fits(tab, "reading") == []

    def test_what_is_in_the_course_comes_first(self, garden: School) -> None:
        garden.link("wachten", "2")
        tab = self.ask(garden.open("tuin"), text="stilte")
        assert self.fits(tab, "here") == ["Wachten"]

    def test_nothing_of_it_is_kept_unless_one_keeps_it(self, garden: School) -> None:
        tab = self.ask(garden.open("tuin"), text="stilte in een gesprek")
        assert garden.rows(Note) == []
        tab.press("[data-keep=own]")
        assert texts(tab) == ["stilte in een gesprek"]

    def test_words_that_fit_nothing_get_a_sentence(self, garden: School) -> None:
        assert "past nog niets" in self.ask(garden.open("tuin"), text="kwantumveld").text

    def test_what_another_platform_alone_may_use_is_not_shown(self, garden: School) -> None:
        other = connect("elsewhere", "https://other.example")
        for platform, found in ((garden.platform, 2), (other, 1)):
            garden.publish(MODULE.replace("id: wachten", "id: geheim", 1), platform.id)
            tab = self.ask(garden.open("tuin"), text="stilte")
            assert len(self.fits(tab, "reading")) == found
