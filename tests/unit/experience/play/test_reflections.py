"""Texts that a learner saves at a place of an item."""

import pytest
from moves import find, play, player, runs
from visits import GARDEN, Browser, School, with_rule

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.play import reflections
from lti_tool.services import services


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


def keep(school: School, tab: Browser, text: str, place: str = "terugblik") -> None:
    session, who, now = db.session(), player(school, tab), school.clock()
    here = find(who)
    if reflections.keep(session, services().vault, who, here, place=place, text=text, now=now):
        runs().reflected(session, who, here, now)
    session.commit()


def test_a_saved_text_is_sealed_and_shown_to_its_writer(garden: School) -> None:
    tab = garden.launch("tuin")
    keep(garden, tab, "Vraag eerst.")
    [row] = garden.reflections
    assert "Vraag" not in row.sealed_text
    here = find(player(garden, tab))
    assert reflections.texts(services().vault, here) == {"terugblik": "Vraag eerst."}
    other = find(player(garden, garden.launch("tuin", "ben")))
    assert reflections.texts(services().vault, other) == {}


def test_saving_again_replaces_and_erasing_erases(garden: School) -> None:
    tab = garden.launch("tuin")
    keep(garden, tab, "Eén")
    keep(garden, tab, "Twee")
    here = find(player(garden, tab))
    assert reflections.texts(services().vault, here) == {"terugblik": "Twee"}
    who = player(garden, tab)
    reflections.forget(db.session(), who, find(who), "terugblik")
    db.session.commit()
    assert garden.reflections == []


@pytest.mark.parametrize(
    ("place", "words", "code"),
    [
        ("hek", "tekst", "step-impossible"),
        ("nergens", "tekst", "step-impossible"),
        ("terugblik", "x" * (reflections.LONGEST + 1), "too-large"),
    ],
)
def test_only_where_one_can_reflect_and_only_so_much(
    garden: School, place: str, words: str, code: str
) -> None:
    with pytest.raises(ToolError, match=code):
        keep(garden, garden.launch("tuin"), words, place)
    assert garden.reflections == []


def test_nothing_written_is_nothing_saved(garden: School) -> None:
    keep(garden, garden.launch("tuin"), "  \n ")
    assert garden.reflections == []


def test_with_the_rule_reflection_saving_completes_whatever_it_says(school: School) -> None:
    school.publish(with_rule(GARDEN, rule="reflection"))
    tab = school.launch("tuin")
    keep(school, tab, "x")
    assert len(school.completions) == 1


def test_a_text_saved_through_another_link_counts_at_the_end(school: School) -> None:
    school.publish(with_rule(GARDEN, rule="reflection"))
    keep(school, school.launch("tuin", link="1"), "x")
    tab = school.launch("tuin", link="2")
    play(school, tab, "vraag", "samen")
    assert len(school.completions) == 2
