"""Insights: published by nobody but their writer, read by nobody outside the course."""

from dataclasses import astuple
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from sqlalchemy import update
from visits import GARDEN, MODULE, Browser, School

from lti_tool.db import db
from lti_tool.group.insights.publishing import (
    LONGEST,
    ON_A_PAGE,
    Insight,
    Said,
    host_of,
    publish,
    troubles,
)
from lti_tool.launch.models import ResourceLink
from lti_tool.services import services

WORDS = "Stilte is ook een antwoord."
WHOLE = {
    "text": WORDS,
    "name": "Sam",
    "title": "Over wachten",
    "url": "https://example.org/wachten",
    "why": "Kort.",
}


@pytest.fixture(autouse=True)
def no_name_is_misspelt(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined


@pytest.fixture
def library(school: School) -> School:
    school.publish(MODULE)
    school.publish(GARDEN)
    return school


def at_the_end(school: School, sub: str = "anna", **how: Any) -> Browser:
    tab = school.open("wachten", sub, **how)
    return tab if tab.page == "ending" else tab.press("[data-next]")


def proof(tab: Browser) -> str:
    """What a form of this session carries."""
    return tab.open("/mine/confirm").html.one("[name=s]").attrs["value"]


def share(tab: Browser, **said: str) -> Browser:
    """Publish from an ending: write, look, publish."""
    tab.press("[data-share]").press("[data-share]", **{"text": WORDS} | said)
    return tab.press("[data-share]")


def elsewhere(school: School, link: str, context: str | None) -> None:
    """Put a link in another course."""
    db.session.execute(
        update(ResourceLink).where(ResourceLink.link_id == link).values(context_id=context)
    )
    db.session.commit()


def wall_of(school: School, sub: str, **how: Any) -> Browser:
    return school.open("wachten", sub, **how).open("/wall/")


class TestWriting:
    @pytest.mark.parametrize("cookieless", [False, True])
    def test_from_the_ending_to_the_wall(self, library: School, cookieless: bool) -> None:
        tab = at_the_end(library, cookieless=cookieless).press("[data-share]")
        assert (tab.page, tab.title) == ("insights", "Deel een inzicht")
        assert "Noem geen leerlingen en geen ouders." in tab.text
        tab.press("[data-share]", **WHOLE)
        assert tab.title == "Dit zien anderen straks"
        assert library.rows(Insight) == []  # a look keeps nothing
        seen = tab.html.one("article").text
        tab.press("[data-share]")
        assert tab.title == "Inzichten van deze cursus"
        (kept,) = library.rows(Insight)
        assert WORDS not in kept.sealed_text
        assert (kept.month.isoformat(), kept.taken_down) == ("2026-11-01", False)
        others = wall_of(library, "ben").html.one("article").text
        assert others == seen  # exactly what the preview showed
        for part in ("Sam", "Over wachten", "example.org", "Kort.", "Wachten"):
            assert part in others

    def test_a_name_is_only_there_when_it_was_typed(self, library: School) -> None:
        share(at_the_end(library))
        assert not wall_of(library, "ben").html.all(".by")
        assert "2026" not in wall_of(library, "ben").text

    def test_a_link_says_where_it_leads_and_gives_nothing_away(self, library: School) -> None:
        share(at_the_end(library), url="https://example.org/x", text="<b>Kijk</b> & lees")
        wall = wall_of(library, "ben")
        (link,) = wall.html.one(".tip").all("a")
        assert link.attrs["rel"].split() == ["noopener", "noreferrer", "nofollow", "ugc"]
        assert "(example.org)" in wall.text
        assert "<b>Kijk</b> & lees" in wall.text  # plain text, whatever it looks like

    def test_what_does_not_fit_comes_back_with_what_was_typed(self, library: School) -> None:
        tab = at_the_end(library).press("[data-share]")
        tab.press("[data-share]", text="x" * 401, url="http://example.org", name="Sam")
        assert (tab.response.status_code, tab.error) == (422, "insight-malformed")
        assert "hooguit 400 tekens" in tab.text
        assert "https://" in tab.html.one("#wrong-url").text
        assert tab.html.one("#insight-name").attrs["value"] == "Sam"
        tab.press("[data-share]", text="  ", url="")
        assert "Er staat nog geen inzicht" in tab.text
        assert library.rows(Insight) == []

    def test_it_can_be_changed_after_the_look(self, library: School) -> None:
        tab = at_the_end(library).press("[data-share]").press("[data-share]", **WHOLE)
        tab.send(tab.button("Nog iets veranderen"))
        assert tab.html.one("textarea").text == WORDS
        assert tab.html.one("#insight-url").attrs["value"] == WHOLE["url"]

    def test_there_is_one_for_each_item_in_a_course(self, library: School) -> None:
        tab = share(at_the_end(library))
        again = at_the_end(library).open("/wall/wachten/")
        assert "Je deelt bij deze activiteit al een inzicht" in again.text
        tab.post("/wall/wachten/publish", s=proof(tab), **WHOLE)
        assert (tab.response.status_code, tab.error) == (409, "insight-there")
        assert len(library.rows(Insight)) == 1

    def test_nothing_is_published_before_the_end(self, library: School) -> None:
        tab = library.open("tuin")
        token = proof(tab)
        for path in ("/wall/tuin/", "/wall/tuin/preview", "/wall/tuin/publish"):
            tab.post(path, s=token, text=WORDS)
            assert (tab.response.status_code, tab.error) == (409, "step-impossible")
        assert library.rows(Insight) == []

    def test_whoever_builds_the_course_only_tries(self, library: School) -> None:
        tab = library.open("wachten", "juf", designer=True).open("/play/wachten/")
        tab.press("[data-next]")
        assert tab.page == "ending"
        assert not tab.html.all("[data-share]")
        tab.post("/wall/wachten/publish", s=proof(tab), text=WORDS)
        assert tab.error == "role-missing"
        trial = library.open("wachten", "juf", designer=True).press("[data-play]")
        trial.press("[data-next]")
        assert trial.page == "ending"
        assert not trial.html.all("[data-share]") + trial.html.all("[data-wall]")
        assert library.rows(Insight) == []

    def test_many_times_an_hour_is_refused_with_when_to_try_again(self, library: School) -> None:
        for _ in range(20):
            services().limits.admit_insight(library.learner("anna"))
        tab = share(at_the_end(library))
        assert (tab.response.status_code, tab.error) == (429, "insight-often")
        assert int(tab.response.headers["Retry-After"]) > 0


class TestReading:
    def test_a_wall_belongs_to_one_course(self, library: School) -> None:
        library.link("wachten", "2")
        elsewhere(library, "2", "8")
        share(at_the_end(library))
        assert WORDS in wall_of(library, "ben").text
        assert WORDS in wall_of(library, "ben", link="3").text  # the same item, linked once more
        assert WORDS not in wall_of(library, "ben", link="2").text  # the copied course
        assert WORDS not in wall_of(library, "anna", link="2").text  # not even her own
        share(at_the_end(library, link="2"), text="In de andere cursus.")  # one for each course
        assert "andere cursus" not in wall_of(library, "ben").text

    def test_a_link_in_no_course_has_no_wall(self, library: School) -> None:
        library.link("wachten", "4")
        elsewhere(library, "4", None)
        tab = at_the_end(library, link="4")
        assert not tab.html.all("[data-share]") + tab.html.all("[data-wall]")
        assert tab.open("/wall/").error == "not-found"
        assert tab.open("/mine/logbook").page == "logbook"

    def test_newest_first_a_page_at_a_time_and_no_number_anywhere(self, library: School) -> None:
        course = (1, "7")
        for number in range(ON_A_PAGE + 1):
            learner, said = library.learner(f"person-{number}"), Said(f"Inzicht {number:02}.")
            publish(
                db.session(),
                services().vault,
                learner,
                course,
                slug="wachten",
                said=said,
                now=library.clock(),
            )
        db.session.commit()
        wall = wall_of(library, "ben")
        found = [one.text for one in wall.html.all("blockquote")]
        assert found == [f"Inzicht {number:02}." for number in range(ON_A_PAGE, 0, -1)]
        assert len(wall.response.data) < 60_000
        wall.press(f"[href={wall.url('/wall/?page=1')}]")
        assert [one.text for one in wall.html.all("blockquote")] == ["Inzicht 00."]
        assert wall.open("/wall/?page=x").page == "insights"

    @pytest.mark.parametrize("page", ["/", "/mine/logbook"])
    def test_it_is_reached_from_the_ending_and_the_logbook(
        self, library: School, page: str
    ) -> None:
        tab = at_the_end(library).open(page).press("[data-wall]")
        assert tab.page == "insights"

    def test_it_is_reached_from_the_teachers_page(self, library: School) -> None:
        tab = library.open("wachten", "juf", designer=True).press("[data-wall]")
        assert tab.page == "insights"


class TestTakingBack:
    def test_the_writer_withdraws_at_once(self, library: School) -> None:
        tab = share(at_the_end(library))
        tab.press("[data-withdraw]")
        assert library.rows(Insight) == []
        assert WORDS not in wall_of(library, "ben").text

    def test_nobody_withdraws_what_is_of_another(self, library: School) -> None:
        share(at_the_end(library))
        (kept,) = library.rows(Insight)
        for sub in ("ben", "juf"):
            tab = library.open("wachten", sub, designer=sub == "juf")
            tab.post("/wall/withdraw", s=proof(tab), insight=str(kept.id))
        assert len(library.rows(Insight)) == 1

    def test_the_teacher_takes_down_and_the_writer_can_keep_the_text(self, library: School) -> None:
        writer = share(at_the_end(library))
        teacher = wall_of(library, "juf", designer=True).press("[data-take-down]")
        assert teacher.page == "insights"
        for sub in ("ben", "juf"):
            assert WORDS not in wall_of(library, sub).text
        assert "weggehaald" in writer.open("/mine/logbook").text
        writer.open("/wall/")
        assert "Een docent van deze cursus heeft dit weggehaald" in writer.text
        assert WORDS in writer.text
        writer.send(writer.button("Bewaar de tekst in mijn logboek"))
        assert WORDS in writer.text
        writer.open("/wall/").press("[data-withdraw]")
        assert library.rows(Insight) == []
        assert "weggehaald" not in writer.open("/mine/logbook").text

    def test_after_that_another_can_be_published(self, library: School) -> None:
        share(at_the_end(library))
        wall_of(library, "juf", designer=True).press("[data-take-down]")
        share(at_the_end(library), text="Zonder naam.")
        (kept,) = library.rows(Insight)
        assert not kept.taken_down

    def test_only_a_teacher_of_this_course_takes_down(self, library: School) -> None:
        share(at_the_end(library))
        (kept,) = library.rows(Insight)
        library.link("wachten", "2")
        elsewhere(library, "2", "8")
        for sub, how, error in (
            ("ben", {}, "role-missing"),
            ("juf", {"designer": True, "link": "2"}, "insight-gone"),
        ):
            tab = wall_of(library, sub, **how)
            tab.post("/wall/take-down", s=proof(tab), insight=str(kept.id))
            assert tab.error == error
        assert not library.rows(Insight)[0].taken_down

    def test_erasing_everything_and_the_end_of_the_year_erase_it(
        self, library: School, clock: Any
    ) -> None:
        tab = share(at_the_end(library), **WHOLE)
        assert all(part in tab.open("/mine/").text for part in WHOLE.values())
        assert WORDS in tab.open("/mine/download").response.text
        operators = services().privacy.export(db.session(), library.learner("anna"), own=False)
        assert WORDS not in str(operators) and operators["insights"][0]["month"] == "2026-11"
        tab.open("/mine/confirm").press("[data-erase]")
        assert library.rows(Insight) == []
        share(at_the_end(library))
        removed = services().privacy.retain(db.session(), clock() + timedelta(days=400))
        assert removed["insights"] == 1


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/pad?x=1", "example.org"),
        ("https://EXAMPLE.org", "example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("http://example.org/", None),
        ("javascript:alert(1)", None),
        ("https://school.nl@evil.example/", None),
        ("https://localhost/", None),
        ("https:///pad", None),
        ("https://example.org:x/", None),
        ("https://example.org/a b", None),
        ('https://example.org/"onclick=', None),
        ("//example.org/", None),
        ("https://[", None),
        ("example.org", None),
    ],
)
def test_only_https_with_a_host_that_can_be_shown(url: str, host: str | None) -> None:
    assert host_of(url) == host


def test_what_was_typed_stays_what_it_was_and_loses_what_disguises() -> None:
    said = Said.of(
        {
            "text": " Één\r\n\r\n\r\n\r\nregel\tmet\u00a0👩\u200d🏫\u202e ",
            "name": "Sam\nde\u0007 Vries",
        }
    )
    assert said == Said("Één\n\nregel met 👩\u200d🏫", "Sam de Vries")


@given(st.dictionaries(st.sampled_from(sorted(LONGEST)), st.text(max_size=600)))
def test_whatever_is_typed_is_plain_or_sent_back(fields: dict[str, str]) -> None:
    said = Said.of(fields)
    if not troubles(said):
        assert said.text
        assert all(len(getattr(said, part)) <= most for part, most in LONGEST.items())
        assert not set("".join(astuple(said))) & set("\0\r\u202e\u2066")
        assert not said.url or said.host
