"""Playing together on one screen: opened by who teaches, by letters, and without a trace."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from town import forget_requests, town
from visits import GARDEN, MODULE, Browser, School

from lti_tool.db import db

PREPARATION = """
format: preparation/1
id: dag
lang: nl
title: De dag
items: [tuin, wachten]
"""

WITH_NOTES = GARDEN.replace(
    "    prompt: Wat zeg je?", "    prompt: Wat zeg je?\n    facilitator: Laat eerst stil zijn."
)


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with town(tmp_path_factory.mktemp("plenary"), WITH_NOTES, MODULE, PREPARATION) as school:
        yield school


@pytest.fixture
def library(everybody: School) -> Iterator[School]:
    yield everybody
    forget_requests()


def stored() -> dict[str, list[str]]:
    """Every row of every table, as it is."""
    db.session.expire_all()
    return {
        name: sorted(str(row) for row in db.session.execute(select(table)))
        for name, table in db.metadata.tables.items()
    }


def stage(tab: Browser) -> str:
    assert tab.page == "plenary", tab.text
    return tab.main.attrs["data-stage"]


def begin(library: School, **how: Any) -> Browser:
    tab = library.open("tuin", "tess", designer=True, locale="en", **how)
    return tab.press("[data-plenary]")


def letter(tab: Browser, wanted: str) -> Browser:
    return tab.press(f"[data-letter={wanted}]")


@pytest.mark.parametrize("cookieless", [False, True])
def test_from_the_teachers_page_to_an_ending_and_out_nothing_is_stored(
    library: School, cookieless: bool
) -> None:
    tab = library.open("tuin", "tess", designer=True, locale="en", cookieless=cookieless)
    before = stored()
    tab.press("[data-plenary]")
    seen = [stage(tab)]
    seen.append(stage(tab.onward()))
    seen.append(stage(letter(tab, "B")))
    seen.append(stage(letter(tab, "A")))
    seen.append(stage(tab.press("[name=beside]")))
    seen += [stage(tab.onward()), stage(tab.onward()), stage(letter(tab, "A"))]
    seen += [stage(tab.onward()), stage(tab.onward())]
    assert seen == [
        *("scene", "choice", "feedback", "feedback", "beside"),
        *("open", "choice", "feedback", "reflect", "ending"),
    ]
    tab.send(tab.button("De groet"))
    assert (stage(tab), tab.title) == ("feedback", "A Hoe gaat het?")
    tab.press("[data-back]")
    assert tab.page == "teacher"
    assert stored() == before


def test_letters_name_the_reactions(library: School) -> None:
    tab = begin(library).onward()
    said = {one.attrs["data-letter"]: one.text for one in tab.html.all("[data-letter]")}
    assert said == {"A": "A Hoe gaat het?", "B": "B Je zegt niets."}
    letter(tab, "B")
    assert "Een knik." in tab.text
    assert tab.html.one("[data-letter=A]").attrs["aria-label"] == "Open A: Hoe gaat het?"
    letter(tab, "A")
    assert "Een glimlach." in tab.text


def test_two_reactions_lie_side_by_side_and_the_group_goes_on_with_either(library: School) -> None:
    tab = letter(begin(library).onward(), "A").press("[name=beside]")
    assert stage(tab) == "beside"
    assert "Een glimlach." in tab.text
    assert "Een knik." in tab.text
    address = tab.main.attrs["data-address"].partition("/plenary")[2]
    assert stage(tab.open(f"/plenary{address}")) == "beside"  # the page stands in its address
    tab.send(tab.button("On with B")).onward()
    assert [one.attrs["data-letter"] for one in tab.html.all("[data-letter]")] == ["A", "B"]


def test_notes_of_the_same_step_open_in_a_window_beside_it(library: School) -> None:
    tab = begin(library).onward()
    assert "Laat eerst stil zijn." in tab.text
    assert tab.html.one("a[data-notes]").attrs["target"] == "proeftuin-notes"
    tab.press("[data-notes]")
    assert stage(tab) == "notes"
    assert tab.title == "De groet"
    assert "Laat eerst stil zijn." in tab.text
    assert "Works well here" in tab.text


def test_the_ending_asks_large_what_to_talk_about(library: School) -> None:
    tab = begin(library)
    while stage(tab) != "ending":
        letter(tab, "A") if stage(tab) == "choice" else tab.onward()
    assert "Wie groet bij jullie?" in tab.html.one(".talk").text
    tab.press("[data-replay]")
    assert (stage(tab), tab.title) == ("scene", "Bij het hek")


def test_it_is_opened_from_a_preparation_for_what_has_choices(library: School) -> None:
    tab = library.open("dag", "tess", designer=True, locale="en")
    buttons = tab.html.all("[data-plenary]")
    assert [one.attrs["aria-label"] for one in buttons] == ["Play together, on one screen: De tuin"]
    tab.press("[data-plenary]")
    assert stage(tab) == "scene"
    assert tab.press("[data-back]").page == "preparation"


def test_a_learner_neither_sees_the_way_in_nor_gets_in(library: School) -> None:
    tab = library.open("tuin", "anna")
    assert not tab.html.all("[data-plenary]")
    assert not library.open("dag", "ben", link="2").html.all("[data-plenary]")
    assert tab.open("/plenary/tuin/").error == "role-missing"


def test_what_cannot_be_played_together_is_refused(library: School) -> None:
    tab = library.open("tuin", "tess", designer=True)
    assert tab.open("/plenary/wachten/").error == "not-found"
    assert tab.open("/plenary/nergens/").error == "item-unknown"


def test_an_address_that_makes_no_sense_begins_at_the_beginning(library: School) -> None:
    tab = library.open("tuin", "tess", designer=True)
    for query in ("?state=x", "?state=%7B%7D", "?beside=<b>", "?notes=1&state=[]", "7/3?state="):
        tab.open(f"/plenary/tuin/{query}")
        assert (tab.response.status_code, tab.title) == (200, "Bij het hek"), query


def test_a_form_of_a_place_that_is_gone_changes_nothing(library: School) -> None:
    tab = begin(library).onward()
    proof = tab.html.one("[name=s]").attrs["value"]
    for act, fields in (
        ("react", {"choice": "nergens"}),
        ("react", {}),
        ("next", {"choice": "nergens"}),
        ("revisit", {"step": "99"}),
        ("revisit", {}),
        ("replay", {"node": "groet"}),
    ):
        state = tab.main.attrs["data-address"].partition("?")[2]
        tab.post(f"/plenary/tuin/{act}?{state}", s=proof, **fields)
        assert (stage(tab), tab.title) == ("choice", "De groet"), act
