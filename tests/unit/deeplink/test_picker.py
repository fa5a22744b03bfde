"""The picker, the preview and the trial, without JavaScript, with and without cookies."""

import pytest
from picking import open_picker, shown, tick, ticked, tray, untick
from visits import GARDEN, MODULE, School

from lti_tool.completion.models import Completion
from lti_tool.db import db
from lti_tool.experience.document.model import Experience
from lti_tool.experience.play.models import Reflection, Run


@pytest.fixture
def library(school: School) -> School:
    garden = school.publish(GARDEN)
    assert isinstance(garden, Experience)
    school.publish(
        garden.model_copy(
            update={"id": "park", "title": "Het park", "themes": ("oudergesprek",), "summary": ""}
        )
    )
    school.publish(MODULE)
    return school


both = pytest.mark.parametrize("cookieless", [False, True], ids=["cookies", "no cookies"])


@both
def test_a_search_finds_and_keeps_what_was_ticked(library: School, cookieless: bool) -> None:
    tab = open_picker(library, cookieless=cookieless)
    assert set(shown(tab)) == {"park", "tuin", "wachten"}
    tick(tab, "wachten", "tuin")
    tab.press("[data-search]", q="ouders")
    assert (tab.page, shown(tab)) == ("picker", ["park"])
    assert tab.html.one("#q").attrs["value"] == "ouders"
    assert set(ticked(tab)) == set(tray(tab)) == {"tuin", "wachten"}
    tick(tab, "park")
    tab.press("[data-search]", q="")
    assert tray(tab)[2] == "park"
    assert set(ticked(tab)) == {"park", "tuin", "wachten"}
    assert len(ticked(tab)) == 3  # each is sent once
    untick(tab, "tuin")
    tab.press("[data-search]")
    assert set(tray(tab)) == {"park", "wachten"}


@both
def test_the_order_is_changed_by_buttons(library: School, cookieless: bool) -> None:
    tab = open_picker(library, cookieless=cookieless)
    for slug in ("tuin", "park", "wachten"):
        tick(tab, slug)
        tab.press("[data-search]")
    assert tray(tab) == ["tuin", "park", "wachten"]
    tab.send(tab.html.one('button[value="up:wachten"]'))
    assert tray(tab) == ["tuin", "wachten", "park"]
    tab.send(tab.html.one('button[value="down:tuin"]'))
    assert tray(tab) == ["wachten", "tuin", "park"]
    tab.send(tab.html.one('button[value="tuin"]'))
    assert tray(tab) == ["wachten", "park"]
    assert set(ticked(tab)) == {"wachten", "park"}
    answer = tab.press("[data-insert]")
    assert answer.page == "return"


@both
def test_a_look_inside_and_back_keeps_everything(library: School, cookieless: bool) -> None:
    tab = open_picker(library, cookieless=cookieless)
    tick(tab, "wachten", "tuin")
    tab.press("[data-search]", q="ouders")
    look = tab.html.one("[data-look]")
    tab.send(look)
    assert (tab.page, tab.title) == ("preview", "Het park")
    assert tab.html.one("svg.graph")
    tab.press("[data-back]")
    assert (tab.page, shown(tab)) == ("picker", ["park"])
    assert set(tray(tab)) == {"tuin", "wachten"}
    tab.send(tab.html.one("[data-look]")).press("[data-add]")
    assert tray(tab)[-1] == "park"
    assert set(ticked(tab)) == {"park", "tuin", "wachten"}


@both
def test_an_item_is_played_to_its_end_and_nothing_is_stored(
    library: School, cookieless: bool
) -> None:
    tab = open_picker(library, cookieless=cookieless)
    tick(tab, "wachten")
    tab.send(next(one for one in tab.html.all("[data-look]") if "tuin" in one.attrs["formaction"]))
    tab.press("[data-play]")
    assert tab.page == "scene"
    tab.finish("vraag", "samen")
    assert (tab.page, tab.completion) == ("ending", "none")
    tab.press("[data-back]")
    assert (tab.page, tab.title) == ("preview", "De tuin")
    tab.press("[data-back]")
    assert tray(tab) == ["wachten"]
    assert library.rows(Run) == library.rows(Reflection) == library.rows(Completion) == []


def test_filters_narrow_down_and_can_be_taken_away(library: School) -> None:
    tab = open_picker(library)
    form = tab.html.one("[data-search]")
    tab.send(form, kind="micromodule")
    assert shown(tab) == ["wachten"]
    assert "open" in tab.html.one("details.narrow").attrs
    tab.send(tab.html.one("button[name=act]"))
    assert set(shown(tab)) == {"park", "tuin", "wachten"}


def test_only_the_cards_for_the_script_that_searches_on(library: School) -> None:
    tab = open_picker(library)
    fields = {"s": tab.html.one("input[name=s]").attrs["value"], "part": "1", "q": "ouders"}
    answer = tab.post("/items/", **fields)
    assert answer.response.status_code == 200
    assert "<main" not in answer.response.text
    assert shown(answer) == ["park"]


def test_where_one_item_is_taken_the_preview_offers_just_that(library: School) -> None:
    tab = open_picker(library, multiple=False)
    assert "data-single" in tab.html.one("form").attrs
    tick(tab, "tuin")
    tab.send(next(one for one in tab.html.all("[data-look]") if "park" in one.attrs["formaction"]))
    assert tab.html.all("[data-add]") == []
    assert tab.press("[data-insert]").page == "return"


def test_a_place_that_cannot_report_says_so_and_offers_practice(library: School) -> None:
    library.platform.family = "canvas"
    db.session.commit()
    tab = open_picker(library, placement="editor_button")
    assert "only be practised" in tab.text
    tab = open_picker(library, placement="module_menu_modal")
    assert "only be practised" not in tab.text


def test_a_library_of_more_than_a_page_offers_more(school: School) -> None:
    garden = school.publish(GARDEN)
    assert isinstance(garden, Experience)
    for number in range(14):
        school.publish(garden.model_copy(update={"id": f"tuin-{number}"}))
    tab = open_picker(school, cookieless=False)
    assert len(shown(tab)) < 15
    tab.press('button[name="more"]')
    assert len(shown(tab)) == 15
