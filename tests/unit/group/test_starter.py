"""The conversation starter: switched on beforehand, counted at endings, said once, in words."""

import json

import pytest
from sqlalchemy import select
from visits import GARDEN, MODULE, Browser, School, statements

from lti_tool.db import db
from lti_tool.experience.document.model import Experience
from lti_tool.experience.library.models import Item
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import State
from lti_tool.experience.play.models import COUNTED, OUT, PASSED, Run, Starter, StarterMark
from lti_tool.experience.play.positions import Player
from lti_tool.experience.play.runs import Runs
from lti_tool.group import starter
from lti_tool.group.starter import Starters
from lti_tool.keeping import AFTER_THE_YEAR
from lti_tool.launch.models import ResourceLink
from lti_tool.services import services

Way = tuple[str, ...]
ASKING = ("vraag", "samen")
SILENT = ("stil", "los")


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


def trainer(school: School, item: str = "tuin", link: str = "1") -> Browser:
    return school.open(item, "tess", link=link, designer=True).press("[data-starter]")


def switched_on(school: School, item: str = "tuin", link: str = "1") -> Browser:
    tab = trainer(school, item, link).press("[data-starter=on]")
    assert state(tab) == "counting"
    return tab


def state(tab: Browser) -> str:
    return tab.html.one(".talk").attrs["data-state"]


def play(school: School, who: str, way: Way = ASKING, link: str = "1") -> None:
    """Bring somebody to the last step before the ending, and let them take it.

    Only that step tells anything. Who ended there before begins anew first.
    """
    here = Player(
        learner_id=school.learner(who),
        link_id=link_id(school, link),
        platform_id=school.platform.id,
        slug="tuin",
        token="t",
        reports=True,
    )
    runs = Runs(services().vault, (Starters(services().vault).note,))
    session, now = db.session(), school.clock()
    runs.replay(session, here, now)
    found = runs.find(session, here)
    item, place, wanted = found.item, found.place, list(way)
    assert isinstance(item, Experience)
    assert isinstance(place, State)
    while True:
        if engine.options(item, place) and place.reaction is None:
            place = engine.react(item, place, wanted.pop(0))
        elif wanted[:1] == ["<"]:
            wanted.pop(0)
            place = engine.retry(item, place)
        elif engine.is_ending(item, there := engine.proceed(item, place)):
            break
        else:
            place = there
    runs._store(
        session, here, found, version_id=found.version_id, place=place, now=now, ended=False
    )
    assert runs.move(session, here, runs.find(session, here).at, now, "proceed") is not None
    session.commit()


def link_id(school: School, link: str) -> int:
    found = db.session.scalar(select(ResourceLink.id).filter_by(link_id=link))
    return found or school.link("tuin", link)


def group(school: School, *ways: Way, link: str = "1", names: str = "p") -> None:
    for number, way in enumerate(ways):
        play(school, f"{names}{number}", way, link=link)


def asked(school: School, item: str = "tuin", link: str = "1") -> Browser:
    return trainer(school, item, link).press("[data-starter=ask]")


def said(tab: Browser) -> dict[str, dict[str, str]]:
    """What the page says: by choice, the word of each reaction."""
    found: dict[str, dict[str, str]] = {}
    for choice in tab.html.all("[data-choice]"):
        words = found[choice.one("h3").text] = {}
        for part in choice.one("dl").all("div"):
            word = part.one("dt").attrs["data-word"]
            words |= {each.text: word for each in part.all("dd")}
    return found


def marks(school: School) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for mark in school.rows(StarterMark):
        found.setdefault(mark.standing, []).append(mark.learner_id)
    return found


class TestSwitching:
    def test_it_is_off_until_it_is_switched_on(self, garden: School) -> None:
        assert "zonder je naam" not in garden.open("tuin").text
        assert state(trainer(garden)) == "off"
        play(garden, "anna")
        assert garden.rows(Starter) == garden.rows(StarterMark) == []

    def test_after_somebody_began_it_cannot_be_switched_on_and_says_why(
        self, garden: School
    ) -> None:
        garden.open("tuin", "anna").onward()
        tab = garden.open("tuin", "tess", designer=True)
        proof = tab.html.one("[name=s]").attrs["value"]
        tab.press("[data-starter]")
        assert state(tab) == "late"
        assert "iemand is al begonnen" in tab.text
        assert state(tab.post("/starter/on", s=proof, item="tuin")) == "late"
        assert garden.rows(Starter) == []

    def test_the_questions_for_the_study_day_stand_there_anyway(self, garden: School) -> None:
        assert "Wie groet bij jullie?" in trainer(garden).text
        assert "Wie groet bij jullie?" in switched_on(garden).text

    def test_each_experience_of_a_preparation_has_its_own(self, garden: School) -> None:
        garden.publish(GARDEN.replace("id: tuin", "id: park", 1).replace("De tuin", "Het park"))
        garden.publish(PREPARATION.format(items="park, tuin"))
        tab = trainer(garden, "studiedag")
        assert [talk.attrs["id"] for talk in tab.html.all(".talk")] == ["park", "tuin"]
        tab.press("[data-starter=on]")  # the first: the park
        learner = garden.open("studiedag", "anna")
        assert "Laat mij niet meetellen" in learner.open("/play/park/").text
        assert "Laat mij niet meetellen" not in learner.open("/play/tuin/").text
        learner.open("/play/park/").finish(*ASKING)
        learner.open("/play/tuin/").finish(*ASKING)
        [mark] = garden.rows(StarterMark)
        park = db.session.scalar(select(Item.id).filter_by(slug="park"))
        assert (mark.item_id, mark.standing) == (park, COUNTED)

    def test_what_the_link_does_not_open_cannot_be_switched_on(self, garden: School) -> None:
        garden.publish(MODULE)
        tab = trainer(garden)
        proof = tab.html.one("[name=s]").attrs["value"]
        for item in ("wachten", "nergens", ""):
            assert tab.post("/starter/on", s=proof, item=item).error == "selection-malformed"

    def test_a_learner_reaches_none_of_it(self, garden: School) -> None:
        tab = garden.open("tuin")
        proof = tab.html.one("[name=s]").attrs["value"]
        for name in ("", "on", "off", "ask"):
            assert tab.post(f"/starter/{name}", s=proof, item="tuin").error == "role-missing"


class TestCounting:
    def test_learners_read_so_before_their_first_choice(self, garden: School) -> None:
        switched_on(garden)
        tab = garden.open("tuin")
        assert "tellen we, zonder je naam, welke reactie als eerste gekozen wordt" in tab.text
        assert garden.rows(Run) == garden.rows(StarterMark) == []

    @pytest.mark.parametrize("cookieless", [False, True])
    def test_who_does_not_want_to_be_counted_is_not(self, garden: School, cookieless: bool) -> None:
        switched_on(garden)
        tab = garden.open("tuin", cookieless=cookieless)
        tab.send(tab.button("Laat mij niet meetellen"))
        assert "Je telt niet mee" in tab.text
        assert list(marks(garden)) == [OUT]
        tab.finish(*ASKING)
        assert list(marks(garden)) == [PASSED]
        assert garden.rows(Starter)[0].sealed_counts is None
        tab.press("[data-replay]")
        assert "meetellen" not in tab.text
        tab.finish(*ASKING)
        assert list(marks(garden)) == [PASSED]

    def test_one_can_think_again_until_the_ending(self, garden: School) -> None:
        switched_on(garden)
        tab = garden.open("tuin").onward().choose("vraag")
        tab.send(tab.button("Laat mij niet meetellen"))
        assert tab.page == "feedback"
        tab.send(tab.button("Laat mij toch meetellen"))
        assert marks(garden) == {}
        tab.finish("samen")
        assert list(marks(garden)) == [COUNTED]

    def test_after_the_ending_nothing_of_it_can_be_changed(self, garden: School) -> None:
        switched_on(garden)
        tab = garden.open("tuin").finish(*ASKING)
        proof = tab.html.one("[name=s]").attrs["value"]
        for wish in ("no", "yes"):
            tab.post("/play/tuin/count", s=proof, count=wish)
            assert list(marks(garden)) == [COUNTED]

    def test_half_a_run_does_not_count(self, garden: School) -> None:
        switched_on(garden)
        garden.open("tuin").onward().choose("vraag").onward()
        assert garden.rows(StarterMark) == []
        assert garden.rows(Starter)[0].sealed_counts is None

    def test_who_builds_the_course_does_not_count(self, garden: School) -> None:
        switched_on(garden)
        garden.open("tuin", "mees", designer=True).open("/play/tuin/").finish(*ASKING)
        assert garden.rows(StarterMark) == []

    def test_what_was_tried_first_counts(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[("stil", "<", "vraag", "samen")] * 8)
        assert said(asked(garden))["De groet"] == {"Je zegt niets.": "most", "Hoe gaat het?": "few"}

    def test_the_database_holds_no_reaction_in_the_clear_nor_a_number(self, garden: School) -> None:
        """Nor does its length say anything: a thousand are as long as one."""
        switched_on(garden)
        play(garden, "anna")
        [first] = [row.sealed_counts for row in garden.rows(Starter)]
        group(garden, *[SILENT] * 3)
        [later] = [row.sealed_counts for row in garden.rows(Starter)]
        assert len(first) == len(later)
        counts = json.loads(services().vault.unseal(later))
        assert list(counts.values()) == ["000400030001000000030001"]

    def test_a_page_costs_no_statement_more(self, garden: School) -> None:
        switched_on(garden)
        tab = garden.open("tuin")
        with statements() as seen:
            tab.open()
        assert len(seen) <= 3


class TestSaying:
    def test_words_from_eight_on_and_then_no_count_is_left(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 6, *[SILENT] * 2)
        tab = asked(garden)
        assert state(tab) == "said"
        assert said(tab) == {
            "De groet": {"Hoe gaat het?": "most", "Je zegt niets.": "few"},
            "Het afscheid": {"Tot vrijdag.": "most", "Dag.": "few", "Je loopt weg.": "few"},
        }
        assert "Wie groet bij jullie?" in tab.text
        [row] = garden.rows(Starter)
        assert row.sealed_counts is None
        assert not any(letter.isdigit() for letter in row.words)

    def test_below_eight_the_questions_only_and_no_number(self, garden: School) -> None:
        switched_on(garden)
        pages = []
        for count in (0, 1, 6):
            group(garden, *[ASKING] * count, names=f"of-{count}-")
            garden.clock.turn(days=1)
            tab = asked(garden)
            assert (state(tab), said(tab)) == ("wait", {})
            assert "Wie groet bij jullie?" in tab.text
            pages.append(tab.text)
        assert len(set(pages)) == 1

    def test_an_answer_stands_for_the_day(self, garden: School) -> None:
        """So that nobody watches the eighth arrive."""
        switched_on(garden)
        group(garden, *[ASKING] * 7)
        before = asked(garden).text
        play(garden, "the-eighth")
        tab = trainer(garden)
        proof = tab.html.one("[name=s]").attrs["value"]
        assert tab.post("/starter/ask", s=proof, item="tuin").text == before
        garden.clock.turn(days=1)
        assert said(asked(garden))

    def test_a_choice_that_fewer_came_by_is_left_out(self, garden: School) -> None:
        garden.publish(with_a_side_road(GARDEN))
        switched_on(garden)
        group(garden, *[("vraag", "samen")] * 6, *[("stil", "hier", "los")] * 5)
        assert "Het zijpad" not in said(asked(garden))

    def test_the_page_says_nothing_that_changes_while_it_counts(self, garden: School) -> None:
        tab = switched_on(garden)
        before = tab.text
        group(garden, *[ASKING] * 9)
        assert trainer(garden).text == before

    def test_in_words_and_on_paper(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 8)
        tab = asked(garden)
        assert "de meesten" in tab.text
        assert "niemand of enkelen" in tab.text
        assert tab.html.all("[data-print]")


class TestDifferencing:
    """What somebody might ask twice, so as to learn what one person chose from the difference."""

    def test_a_ninth_person_changes_nothing_any_more(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 8)
        before = asked(garden).text
        play(garden, "the-ninth", SILENT)
        garden.clock.turn(days=40)
        tab = trainer(garden)
        assert tab.text == before
        assert not tab.html.all("[data-starter=ask]")
        proof = tab.html.one("[name=s]").attrs["value"]
        assert tab.post("/starter/ask", s=proof, item="tuin").text == before

    def test_who_plays_again_is_counted_once(self, garden: School) -> None:
        switched_on(garden)
        for _ in range(8):
            play(garden, "anna")
        assert len(garden.rows(StarterMark)) == 1
        assert said(asked(garden)) == {}

    @pytest.mark.parametrize("second", ["copied link", "another link", "preparation"])
    def test_the_same_eight_elsewhere_are_nobody_there(self, garden: School, second: str) -> None:
        """Any two groups that are told of have no member in common."""
        garden.publish(PREPARATION.format(items="tuin"))
        item = "studiedag" if second == "preparation" else "tuin"
        switched_on(garden)
        if second == "copied link":
            garden.link(item, "2")
            copy = next(row for row in garden.rows(ResourceLink) if row.link_id == "2")
            copy.copied_from = "1"
            db.session.commit()
        switched_on(garden, item, "2")
        group(garden, *[ASKING] * 8)
        group(garden, *[SILENT] * 8, link="2")
        play(garden, "the-ninth", SILENT, link="2")
        assert len(garden.rows(StarterMark)) == 9
        assert said(asked(garden))
        assert said(asked(garden, item, "2")) == {}

    def test_a_copy_begins_switched_off(self, garden: School) -> None:
        switched_on(garden)
        assert state(trainer(garden, link="2")) == "off"

    def test_off_and_on_again_counts_nobody_anew(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 8)
        tab = asked(garden).press("[data-starter=off]")
        assert state(tab) == "late"
        for run in garden.rows(Run):  # as if they had lapsed
            db.session.delete(run)
        db.session.commit()
        switched_on(garden)
        group(garden, *[SILENT] * 8)
        play(garden, "the-ninth", SILENT)
        assert said(asked(garden)) == {}

    def test_who_lapses_and_returns_is_still_counted_once(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 7)
        garden.clock.turn(days=100)
        services().privacy.retain(db.session(), garden.clock())
        db.session.commit()
        assert garden.rows(Run) == []
        group(garden, *[SILENT] * 7)
        assert len(garden.rows(StarterMark)) == 7
        assert said(asked(garden)) == {}

    def test_versions_are_never_added_up_nor_both_told(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 7, names="before")
        garden.publish(GARDEN.replace("Hoe gaat het?", "Hoe is het?"))
        group(garden, *[SILENT] * 7, names="after")
        assert said(asked(garden)) == {}
        play(garden, "the-eighth", SILENT)
        garden.clock.turn(days=1)
        tab = asked(garden)
        assert said(tab)["De groet"] == {"Hoe is het?": "few", "Je zegt niets.": "most"}
        assert "Hoe gaat het?" not in tab.text

    def test_one_who_erases_and_plays_again_makes_no_crowd(self, garden: School) -> None:
        """Seven ghosts and one other are not eight people."""
        switched_on(garden)
        for _ in range(7):
            play(garden, "anna")
            services().privacy.erase(db.session(), garden.learner("anna"))
            db.session.commit()
        play(garden, "anna")
        play(garden, "ben", SILENT)
        assert len(garden.rows(StarterMark)) == 2
        assert said(asked(garden)) == {}

    def test_ghosts_do_not_fill_up_a_quiet_corner(self, garden: School) -> None:
        """At each choice, too, eight must have come by who are still known."""
        garden.publish(with_a_side_road(GARDEN))
        switched_on(garden)
        for _ in range(8):
            play(garden, "anna", ("stil", "hier", "los"))
            services().privacy.erase(db.session(), garden.learner("anna"))
            db.session.commit()
        group(garden, *[ASKING] * 15)
        play(garden, "ben", ("stil", "hier", "los"))
        found = said(asked(garden))
        assert "De groet" in found
        assert "Het zijpad" not in found

    def test_one_person_more_or_less_in_a_small_cell_is_not_seen(self, garden: School) -> None:
        """Two groups that differ in what one person chose read the same."""
        pages = []
        for link, odd in (("1", ASKING), ("2", SILENT)):
            switched_on(garden, link=link)
            group(garden, *[ASKING] * 8, odd, link=link, names=f"of-{link}-")
            pages.append(said(asked(garden, link=link)))
        assert pages[0] == pages[1] != {}


class TestErasing:
    def test_the_mark_goes_with_its_person(self, garden: School) -> None:
        switched_on(garden)
        tab = garden.open("tuin").finish(*ASKING)
        assert "Of je meetelt voor een gesprek" in tab.open("/mine/").text
        services().privacy.erase(db.session(), garden.learner("anna"))
        db.session.commit()
        assert garden.rows(StarterMark) == []

    def test_starters_of_past_school_years_lapse(self, garden: School) -> None:
        switched_on(garden)
        garden.clock.moment = garden.clock().replace(year=2027, month=8, day=1)
        assert starter.let_lapse(db.session(), garden.clock()) == 0
        assert starter.let_lapse(db.session(), garden.clock() + AFTER_THE_YEAR) == 1

    def test_without_its_key_nothing_is_counted_and_nothing_breaks(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 8)
        [row] = garden.rows(Starter)
        row.sealed_counts = "not ours"
        db.session.commit()
        assert said(asked(garden)) == {}


PREPARATION = """
format: preparation/1
id: studiedag
lang: nl
title: De studiedag
items: [{items}]
"""


def with_a_side_road(text: str) -> str:
    """The garden, with a choice on the way of who is silent."""
    aside = """
  zijpad:
    type: choice
    shuffle: false
    title: Het zijpad
    prompt: Waarlangs?
    choices:
      - id: hier
        text: Hierlangs.
        next: woorden
        feedback: {effect: partly, happens: Goed., works: Rust., grow: Kijk.}
      - id: daar
        text: Daarlangs.
        next: woorden
        feedback: {effect: partly, happens: Goed., works: Tempo., grow: Kijk.}
  woorden:
"""
    silent = "text: Je zegt niets.\n        next: "
    changed = text.replace(silent + "woorden", silent + "zijpad")
    return changed.replace("\n  woorden:\n", aside, 1)
