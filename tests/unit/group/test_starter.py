"""The conversation starter: switched on beforehand, counted at endings, said once, in words."""

import json

import pytest
from grouping import ASKING, SILENT, Way, link_id, play
from sqlalchemy import select
from statements import statements
from visits import GARDEN, MODULE, Browser, School

from lti_tool.clock import local_day
from lti_tool.db import db
from lti_tool.experience.library.models import Item, Version
from lti_tool.experience.play.models import COUNTED, OUT, PASSED, Run, Starter, StarterMark
from lti_tool.group.starter import counting
from lti_tool.group.starter.counting import Starters
from lti_tool.keeping import AFTER_THE_YEAR
from lti_tool.launch.models import ResourceLink
from lti_tool.services import services


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


def group(school: School, *ways: Way, link: str = "1", names: str = "p") -> None:
    for number, way in enumerate(ways):
        play(school, f"{names}{number}", way, link=link)


def words_on(tab: Browser) -> dict[str, dict[str, str]]:
    """What the page says: by choice, the word of each reaction."""
    found: dict[str, dict[str, str]] = {}
    for choice in tab.html.all("[data-choice]"):
        words = found[choice.one("h3").text] = {}
        for part in choice.one("dl").all("div"):
            words |= {each.text: part.one("dt").text for each in part.all("dd")}
    return found


def item_id() -> int:
    return db.session.scalars(select(Item.id).filter_by(slug="tuin")).one()


def turn_on(school: School, link: str = "1") -> None:
    """What the trainer's button does."""
    trainer = school.learner("tess")
    counting.switch_on(db.session(), link_id(school, link), item_id(), trainer, school.clock())
    db.session.commit()
    assert how_it_stands(school, link) == "counting"


def how_it_stands(school: School, link: str = "1") -> str:
    where = (link_id(school, link), item_id(), school.learner("tess"))
    return counting.state(db.session(), *where, local_day(school.clock()))


def asked(school: School, link: str = "1", days: int = 1) -> dict[str, dict[str, str]]:
    """What the trainer's question brings, so many days later."""
    school.clock.turn(days=days)
    where = (link_id(school, link), item_id())
    Starters(services().vault).ask(db.session(), *where, school.clock())
    db.session.commit()
    made = counting.snapshot(db.session(), *where)
    return {} if made is None else {node: dict(said) for node, said in made.said.items()}


def standings(school: School) -> list[str]:
    return [mark.standing for mark in school.rows(StarterMark)]


def ghosts(school: School, count: int, way: Way) -> None:
    """Let one person play and erase everything, again and again."""
    for _ in range(count):
        play(school, "anna", way)
        services().privacy.erase(db.session(), school.learner("anna"))
        db.session.commit()


class TestSwitching:
    def test_it_is_off_until_it_is_switched_on(self, garden: School) -> None:
        tab = garden.open("tuin")
        assert "zonder je naam" not in tab.text
        proof = tab.html.one("[name=s]").attrs["value"]
        for name in ("", "on", "off", "ask"):
            assert tab.post(f"/starter/{name}", s=proof, item="tuin").error == "role-missing"
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
        assert "Wie groet bij jullie?" in tab.text
        assert state(tab.post("/starter/on", s=proof, item="tuin")) == "late"
        assert garden.rows(Starter) == []

    def test_who_tried_it_before_switching_it_on_is_in_nobodys_way(self, garden: School) -> None:
        tess = garden.open("tuin", "tess", designer=True)
        tess.open("/play/tuin/").finish(*ASKING)
        assert len(garden.rows(Run)) == 1
        switched_on(garden)
        tess.press("[data-replay]").finish(*ASKING)
        assert garden.rows(StarterMark) == []

    def test_each_experience_of_a_preparation_has_its_own(self, garden: School) -> None:
        garden.publish(GARDEN.replace("id: tuin", "id: park", 1).replace("De tuin", "Het park"))
        garden.publish(MODULE)
        garden.publish(PREPARATION.format(items="park, wachten, tuin"))
        tab = trainer(garden, "studiedag")
        assert [talk.attrs["id"] for talk in tab.html.all(".talk")] == ["park", "tuin"]
        proof = tab.html.one("[name=s]").attrs["value"]
        tab.press("[data-starter=on]")  # the first: the park
        for item in ("wachten", "nergens", ""):
            assert tab.post("/starter/on", s=proof, item=item).error == "selection-malformed"
        learner = garden.open("studiedag", "anna")
        assert "Laat mij niet meetellen" not in learner.open("/play/tuin/").text
        assert "Laat mij niet meetellen" in learner.open("/play/park/").text
        learner.finish(*ASKING)
        [mark] = garden.rows(StarterMark)
        park = db.session.scalar(select(Item.id).filter_by(slug="park"))
        assert (mark.item_id, mark.standing) == (park, COUNTED)


class TestCounting:
    @pytest.mark.parametrize("cookieless", [False, True])
    def test_who_does_not_want_to_be_counted_is_not(self, garden: School, cookieless: bool) -> None:
        turn_on(garden)
        tab = garden.open("tuin", cookieless=cookieless)
        assert "tellen we, zonder je naam, welke reactie als eerste gekozen wordt" in tab.text
        assert garden.rows(Run) == garden.rows(StarterMark) == []
        tab.send(tab.button("Laat mij niet meetellen"))
        assert "Je telt niet mee" in tab.text
        assert standings(garden) == [OUT]
        tab.finish(*ASKING)
        assert standings(garden) == [PASSED]
        assert garden.rows(Starter)[0].sealed_counts is None
        tab.press("[data-replay]")
        assert "meetellen" not in tab.text

    def test_one_can_think_again_until_the_ending_and_then_no_more(self, garden: School) -> None:
        turn_on(garden)
        tab = garden.open("tuin")
        with statements() as seen:
            tab.open()
        assert len(seen) <= 3
        tab.onward().choose("vraag")
        tab.send(tab.button("Laat mij niet meetellen"))
        assert tab.page == "feedback"
        tab.send(tab.button("Laat mij toch meetellen"))
        assert standings(garden) == []  # half a run does not count
        assert garden.rows(Starter)[0].sealed_counts is None
        tab.finish("samen")
        assert standings(garden) == [COUNTED]
        proof = tab.html.one("[name=s]").attrs["value"]
        for wish in ("no", "yes"):
            tab.post("/play/tuin/count", s=proof, count=wish)
            assert standings(garden) == [COUNTED]
        assert "Of je meetelt voor een gesprek" in tab.open("/mine/").text
        assert "niemand weet nog welke het waren" in tab.open("/mine/confirm").text

    def test_what_was_tried_first_counts(self, garden: School) -> None:
        turn_on(garden)
        group(garden, *[("stil", "<", "vraag", "samen")] * 8)
        assert asked(garden)["groet"] == {"stil": "most", "vraag": "few"}

    def test_the_database_holds_no_reaction_in_the_clear_nor_a_number(self, garden: School) -> None:
        """Nor does its length say anything: a thousand are as long as one."""
        turn_on(garden)
        play(garden, "anna")
        [first] = [row.sealed_counts for row in garden.rows(Starter)]
        group(garden, *[SILENT] * 3)
        [later] = [row.sealed_counts for row in garden.rows(Starter)]
        assert len(first) == len(later)
        counts = json.loads(services().vault.unseal(later))
        assert list(counts.values()) == ["000400030001000000030001"]


class TestSaying:
    def test_words_from_eight_on_and_then_no_count_is_left(self, garden: School) -> None:
        switched_on(garden)
        group(garden, *[ASKING] * 6, *[SILENT] * 2)
        tab = trainer(garden).press("[data-starter=ask]")
        assert state(tab) == "said"
        assert words_on(tab) == {
            "De groet": {"Hoe gaat het?": "de meesten", "Je zegt niets.": "niemand of enkelen"},
            "Het afscheid": {
                "Tot vrijdag.": "de meesten",
                "Dag.": "niemand of enkelen",
                "Je loopt weg.": "niemand of enkelen",
            },
        }
        assert "Wie groet bij jullie?" in tab.text
        assert tab.html.all("[data-print]")
        [row] = garden.rows(Starter)
        assert row.sealed_counts is None
        assert not any(letter.isdigit() for letter in row.words)

    def test_below_eight_the_questions_only_and_no_number(self, garden: School) -> None:
        """And nothing changes while it counts, near eight or far from it."""
        before, answers = switched_on(garden).text, []
        for count in (0, 1, 6):
            group(garden, *[ASKING] * count, names=f"of-{count}-")
            garden.clock.turn(days=1)
            assert trainer(garden).text == before
            tab = trainer(garden).press("[data-starter=ask]")
            assert (state(tab), words_on(tab)) == ("wait", {})
            assert "Wie groet bij jullie?" in tab.text
            answers.append(tab.text)
        assert len(set(answers)) == 1
        group(garden, *[ASKING] * 2)
        garden.clock.turn(days=1)
        assert trainer(garden).text == before

    def test_an_answer_stands_for_the_day(self, garden: School) -> None:
        """So that nobody watches the eighth arrive."""
        turn_on(garden)
        group(garden, *[ASKING] * 7)
        assert asked(garden) == {}
        play(garden, "the-eighth")
        assert asked(garden, days=0) == {}
        assert asked(garden)

    def test_a_choice_that_fewer_came_by_is_left_out(self, garden: School) -> None:
        garden.publish(with_a_side_road(GARDEN))
        turn_on(garden)
        group(garden, *[("vraag", "samen")] * 6, *[("stil", "hier", "los")] * 5)
        assert list(asked(garden)) == ["afscheid", "groet"]

    def test_without_its_key_nothing_is_said_and_nothing_breaks(self, garden: School) -> None:
        turn_on(garden)
        group(garden, *[ASKING] * 8)
        [row] = garden.rows(Starter)
        row.sealed_counts = "not ours"
        db.session.commit()
        assert asked(garden) == {}


class TestDifferencing:
    """What somebody might ask twice, so as to learn what one person chose from the difference."""

    def test_a_ninth_person_changes_nothing_any_more(self, garden: School) -> None:
        turn_on(garden)
        group(garden, *[ASKING] * 8)
        before = asked(garden)
        play(garden, "the-ninth", SILENT)
        assert asked(garden, days=40) == before != {}

    def test_who_plays_again_is_counted_once(self, garden: School) -> None:
        turn_on(garden)
        for _ in range(8):
            play(garden, "anna")
        assert standings(garden) == [COUNTED]
        assert asked(garden) == {}

    def test_the_same_eight_elsewhere_are_nobody_there(self, garden: School) -> None:
        """Any two groups that are told of have no member in common: not at another link, not at a
        copied one, not in a preparation that holds the same item."""
        garden.publish(PREPARATION.format(items="tuin"))
        turn_on(garden)
        for item, link in (("tuin", "another"), ("tuin", "copied"), ("studiedag", "preparation")):
            garden.link(item, link)
            if link == "copied":
                copy = next(row for row in garden.rows(ResourceLink) if row.link_id == link)
                copy.copied_from = "1"
                db.session.commit()
                assert how_it_stands(garden, link) == "off"
            turn_on(garden, link)
        group(garden, *[ASKING] * 8)
        assert asked(garden)
        for link in ("another", "copied", "preparation"):
            group(garden, *[SILENT] * 8, link=link)
            play(garden, f"only-{link}", SILENT, link=link)
            assert asked(garden, link) == {}
        assert len(garden.rows(StarterMark)) == 11

    def test_off_and_on_again_counts_nobody_anew(self, garden: School) -> None:
        turn_on(garden)
        group(garden, *[ASKING] * 8)
        assert asked(garden)
        counting.switch_off(db.session(), link_id(garden), item_id())
        assert how_it_stands(garden) == "late"
        garden.clock.turn(days=100)  # so that the runs lapse
        services().privacy.retain(db.session(), garden.clock())
        db.session.commit()
        assert garden.rows(Run) == []
        turn_on(garden)
        group(garden, *[SILENT] * 8)
        play(garden, "the-ninth", SILENT)
        assert standings(garden) == [COUNTED] * 9
        assert asked(garden) == {}

    def test_versions_are_never_added_up_nor_both_told(self, garden: School) -> None:
        turn_on(garden)
        group(garden, *[ASKING] * 7, names="before")
        garden.publish(GARDEN.replace("Hoe gaat het?", "Hoe is het?"))
        group(garden, *[SILENT] * 7, names="after")
        assert asked(garden) == {}
        play(garden, "the-eighth", SILENT)
        assert asked(garden)["groet"] == {"stil": "most", "vraag": "few"}
        [row] = garden.rows(Starter)
        assert row.version_id == garden.rows(Version)[-1].id

    def test_one_who_erases_and_plays_again_makes_no_crowd(self, garden: School) -> None:
        """Seven ghosts and one other are not eight people."""
        turn_on(garden)
        ghosts(garden, 7, ASKING)
        play(garden, "ben", SILENT)
        assert standings(garden) == [COUNTED]
        assert asked(garden) == {}

    def test_ghosts_do_not_fill_up_a_quiet_corner(self, garden: School) -> None:
        """At each choice, too, eight must have come by who are still known."""
        garden.publish(with_a_side_road(GARDEN))
        turn_on(garden)
        ghosts(garden, 8, ("stil", "hier", "los"))
        group(garden, *[ASKING] * 15)
        play(garden, "ben", ("stil", "hier", "los"))
        assert list(asked(garden)) == ["afscheid", "groet"]

    def test_one_person_more_or_less_in_a_small_cell_is_not_seen(self, garden: School) -> None:
        """Two groups that differ in what one person chose read the same."""
        pages = []
        for link, odd in (("1", ASKING), ("2", SILENT)):
            turn_on(garden, link)
            group(garden, *[ASKING] * 8, odd, link=link, names=f"of-{link}-")
            pages.append(asked(garden, link))
        assert pages[0] == pages[1] != {}


def test_starters_of_past_school_years_lapse(garden: School) -> None:
    turn_on(garden)
    garden.clock.moment = garden.clock().replace(year=2027, month=8, day=1)
    assert counting.let_lapse(db.session(), garden.clock()) == 0
    assert counting.let_lapse(db.session(), garden.clock() + AFTER_THE_YEAR) == 1


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
