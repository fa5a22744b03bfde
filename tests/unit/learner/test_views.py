"""The page "Wat wordt er bewaard?": open from every screen, with download and erase."""

import json

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from visits import COURSE, GARDEN, Browser, School

from lti_tool.completion.models import Completion
from lti_tool.experience.play.models import Reflection, Run
from lti_tool.launch.models import LaunchSession, Learner

PICKING = {
    "return_url": "https://lms.example/chosen",
    "multiple": True,
    "accepts_links": True,
    "line_item": None,
    "data": None,
}


@pytest.fixture(autouse=True)
def no_name_is_misspelt(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined


@pytest.fixture
def tab(school: School) -> Browser:
    """Anna at the ending, with a saved text and a completion that waits."""
    school.publish(GARDEN)
    tab = school.open("tuin").onward().choose("vraag").onward().onward().choose("los").onward()
    tab.save("tuin", "terugblik", "Vraag <eerst>.")
    return tab.send(tab.html.one("[data-skip]"))


def test_somebody_new_reads_that_there_is_nothing_yet(school: School) -> None:
    school.publish(GARDEN)
    tab = school.open("tuin")
    tab.press(f"[href={tab.url('/mine/')}]")
    assert (tab.page, tab.title) == ("kept", "Wat wordt er bewaard?")
    assert "Nog niets, behalve de sessie" in tab.text


def test_it_shows_what_there_is_with_why_how_long_and_who(tab: Browser) -> None:
    tab.open("/mine/")
    assert "De tuin · 21 november 2026, 21:30." in tab.text
    assert "Je leeromgeving weet het nog niet." in tab.text
    assert "je weg is toen gewist" in tab.text
    assert tab.html.one("blockquote").text == "Vraag <eerst>."
    for promise in ("90 dagen na", "drie maanden na het einde van het schooljaar", "drie uur"):
        assert promise in tab.text


def test_the_download_is_everything_as_a_file(tab: Browser) -> None:
    tab.open("/mine/download")
    assert tab.response.mimetype == "application/json"
    assert "attachment" in tab.response.headers["Content-Disposition"]
    assert tab.response.headers["Cache-Control"] == "no-store"
    kept = json.loads(tab.response.data)
    assert [row["text"] for row in kept["reflections"]] == ["Vraag <eerst>."]


def test_the_download_to_read_is_one_file_that_needs_nothing_else(tab: Browser) -> None:
    tab.open("/mine/")
    tab.press("[data-download=html]")
    assert tab.response.mimetype == "text/html"
    assert 'filename="proeftuin.html"' in tab.response.headers["Content-Disposition"]
    assert tab.html.one("html").attrs["lang"] == "nl"
    assert tab.html.one("blockquote").text == "Vraag <eerst>."
    assert "anna" in tab.text
    for needs in ("src=", "href=", "<script", "<style", "url("):
        assert needs not in tab.response.text


def test_every_page_of_a_session_leads_to_it(tab: Browser, school: School) -> None:
    """Errors and the picker too."""
    picker = school.launch(None, designer=True, deep_linking=PICKING).open("/items/")
    assert picker.page == "picker"
    for page in (
        tab,
        picker,
        tab.open("/mine/"),
        tab.open("/mine/confirm"),
        tab.open("/play/nowhere/"),
        school.open("tuin", "ben"),
        school.open("tuin", "juf", designer=True),
    ):
        assert page.html.one("[data-kept]").attrs["href"] == page.url("/mine/")


def test_an_error_outside_any_session_leads_nowhere(app: Flask) -> None:
    lost = Browser(app, "x" * 22, "no token", cookieless=False).open()
    assert lost.error == "session-unknown"
    assert lost.html.all("[data-kept]") == []


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


def test_erasing_leaves_no_session_no_pseudonym_and_no_sealed_id(
    tab: Browser, school: School
) -> None:
    elsewhere = school.open("tuin")
    tab.open("/mine/confirm")
    tab.send(tab.button("Wis alles"))
    assert tab.button("Terug naar de cursus").attrs["href"] == COURSE
    assert school.rows(LaunchSession) == school.rows(Learner) == []
    assert elsewhere.open().error == "session-unknown"
    assert tab.open("/").error == "session-unknown"
    again = school.open("tuin")
    assert (again.page, again.title, again.completion) == ("scene", "Bij het hek", "none")


def test_erasing_without_a_form_of_ours_does_nothing(tab: Browser, school: School) -> None:
    tab.post("/mine/erase")
    assert tab.error == "form-foreign"
    assert school.rows(Reflection)


@pytest.mark.parametrize("designer", [False, True])
def test_it_leads_back(school: School, designer: bool) -> None:
    school.publish(GARDEN)
    tab = school.launch("tuin", designer=designer).open("/mine/")
    assert tab.button("Terug naar de activiteit").attrs["href"] == tab.url("/")


def test_it_works_without_cookies(school: School) -> None:
    school.publish(GARDEN)
    tab = school.open("tuin", cookieless=True)
    tab.send(tab.button("Wat wordt er bewaard?"))
    assert tab.page == "kept"
    tab.send(tab.button("Wis alles"))
    tab.send(tab.button("Wis alles"))
    assert tab.title == "Gewist"
    assert school.rows(LaunchSession) == []
