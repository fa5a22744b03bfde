"""The page "Wat bewaren we?": open from every screen, with download and erase."""

import json

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from visits import GARDEN, Browser, School

from lti_tool.completion.models import Completion
from lti_tool.experience.play.models import Reflection, Run
from lti_tool.launch.models import LaunchSession


@pytest.fixture(autouse=True)
def no_name_is_misspelt(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined


@pytest.fixture
def tab(school: School) -> Browser:
    """Anna at the ending, with a saved text and a completion that waits."""
    school.publish(GARDEN)
    tab = school.open("tuin").onward().choose("vraag").onward().onward().choose("los").onward()
    tab.send(tab.button("Bewaar"), text="Vraag <eerst>.")
    return tab.onward()


def test_somebody_new_reads_that_there_is_nothing_yet(school: School) -> None:
    school.publish(GARDEN)
    tab = school.open("tuin")
    tab.press(f"[href={tab.url('/mine/')}]")
    assert (tab.page, tab.title) == ("mine", "Wat bewaren we?")
    assert "Nog niets, behalve de sessie" in tab.text


def test_it_shows_what_there_is_with_why_how_long_and_who(tab: Browser) -> None:
    tab.open("/mine/")
    assert "De tuin · 21 november 2026, 21:30." in tab.text
    assert "Je leeromgeving weet het nog niet." in tab.text
    assert "je weg is toen gewist" in tab.text
    assert tab.html.one("blockquote").text == "Vraag <eerst>."
    for promise in ("na 90 dagen", "hooguit twee jaar", "twee uur"):
        assert promise in tab.text


def test_the_download_is_everything_as_a_file(tab: Browser) -> None:
    tab.open("/mine/download")
    assert tab.response.mimetype == "application/json"
    assert "attachment" in tab.response.headers["Content-Disposition"]
    assert tab.response.headers["Cache-Control"] == "no-store"
    kept = json.loads(tab.response.data)
    assert [row["text"] for row in kept["reflections"]] == ["Vraag <eerst>."]


def test_somebody_else_sees_nothing_of_it(tab: Browser, school: School) -> None:
    other = school.open("tuin", "ben").open("/mine/")
    assert "Vraag" not in other.text
    assert "Nog niets" in other.text


def test_erasing_asks_first_and_says_what_it_cannot_undo(tab: Browser, school: School) -> None:
    tab.open("/mine/confirm")
    assert "Een vinkje dat je leeromgeving al laat zien, blijft daar staan" in tab.text
    assert "nog niet afgeleverd" in tab.text
    assert school.rows(Reflection)
    tab.send(tab.button("Wis alles"))
    assert tab.title == "Gewist"
    for table in (Run, Reflection, Completion):
        assert school.rows(table) == []


def test_after_erasing_this_tab_still_works_and_starts_at_the_beginning(
    tab: Browser, school: School
) -> None:
    elsewhere = school.open("tuin")
    tab.open("/mine/confirm")
    tab.send(tab.button("Wis alles"))
    [session] = school.rows(LaunchSession)
    assert (session.id, session.farewell) == (tab.session_id, None)
    assert elsewhere.open().error == "session-unknown"
    tab.open("/")
    assert (tab.page, tab.title, tab.completion) == ("scene", "Bij het hek", "none")


def test_erasing_without_a_form_of_ours_does_nothing(tab: Browser, school: School) -> None:
    tab.post("/mine/erase")
    assert tab.error == "form-foreign"
    assert school.rows(Reflection)


@pytest.mark.parametrize(
    ("how", "address"),
    [
        ({}, "/"),
        ({"designer": True}, "/play"),
    ],
)
def test_it_leads_back(school: School, how: dict[str, bool], address: str) -> None:
    school.publish(GARDEN)
    tab = school.launch("tuin", **how).open("/mine/")
    assert tab.button("Terug naar de activiteit").attrs["href"] == tab.url(address)


def test_it_works_without_cookies(school: School) -> None:
    school.publish(GARDEN)
    tab = school.open("tuin", cookieless=True)
    tab.send(tab.button("Wat bewaren we?"))
    assert tab.page == "mine"
    tab.send(tab.button("Wis alles"))
    tab.send(tab.button("Wis alles"))
    assert tab.title == "Gewist"
    tab.send(tab.button("Terug naar de activiteit"))
    assert tab.page == "scene"
