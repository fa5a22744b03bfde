"""What a teacher sees of an activity, what it opens instead, and links that open nothing."""

import pytest
from connecting import connect
from picking import shown, tick
from statements import statements
from visits import GARDEN, MODULE, Browser, School

from lti_tool.completion.models import DELIVERED, Completion
from lti_tool.db import db
from lti_tool.experience.library import publishing
from lti_tool.experience.play.models import Run
from lti_tool.launch.models import ResourceLink


@pytest.fixture
def library(school: School) -> School:
    school.publish(GARDEN)
    school.publish(GARDEN.replace("id: tuin", "id: park", 1).replace("De tuin", "Het park"))
    school.publish(MODULE)
    return school


def teacher(school: School, item: str = "tuin") -> Browser:
    return school.open(item, "tess", designer=True, locale="en")


def test_outline_map_and_notes(library: School) -> None:
    tab = teacher(library)
    assert (tab.page, tab.title) == ("teacher", "De tuin")
    assert len(tab.html.one("svg.graph").all("rect")) == 7
    assert "De groet" in tab.html.one("ul.outline").text
    assert "Wie groet bij jullie?" in tab.text


@pytest.mark.parametrize("cookieless", [False, True])
def test_playing_as_a_participant_stores_nothing(library: School, cookieless: bool) -> None:
    tab = library.open("tuin", "tess", designer=True, cookieless=cookieless)
    tab.press("[data-play]").finish("vraag", "samen")
    assert tab.page == "ending"
    assert library.rows(Run) == library.rows(Completion) == []
    tab.press("[data-back]")
    assert tab.page == "teacher"


@pytest.mark.parametrize(("count", "told"), [(0, ""), (4, ""), (5, "5"), (6, "6")])
def test_a_number_of_completions_is_told_from_five_on(
    library: School, count: int, told: str
) -> None:
    tab = teacher(library)
    link = library.link("tuin")
    for number in range(count):
        db.session.add(
            Completion(
                learner_id=library.learner(f"learner-{number}"),
                link_id=link,
                platform_id=library.platform.id,
                state=DELIVERED,
                completed_at=library.clock(),
                due_at=library.clock(),
            )
        )
    db.session.commit()
    assert tab.open().html.one("[data-delivered]").attrs["data-delivered"] == told


def test_another_item_is_opened_without_a_new_activity(library: School) -> None:
    anna = library.open("tuin").onward()
    tab = teacher(library).press("[data-change]")
    assert tab.page == "picker"
    assert {"park", "tuin", "wachten"} == set(shown(tab))
    tick(tab, "park")
    tab.press("[data-insert]")
    assert (tab.page, tab.title) == ("teacher", "Het park")
    [link] = library.rows(ResourceLink)
    assert (link.item, link.opens) == ("tuin", "park")
    assert library.open("tuin", "ben").page == "scene"
    assert anna.open().response.request.path.count("tuin") == 0
    library.open("tuin", "ben").finish("vraag", "weg")
    assert len(library.completions) == 1


def test_changing_can_be_left_undone(library: School) -> None:
    tab = teacher(library).press("[data-change]").press("[name=cancel]")
    assert (tab.page, tab.title) == ("teacher", "De tuin")


def test_new_runs_get_the_version_that_was_chosen(library: School) -> None:
    document = library.publish(GARDEN)
    library.publish(document.model_copy(update={"title": "De nieuwe tuin"}))
    tab = teacher(library)
    assert tab.title == "De nieuwe tuin"
    tab.send(tab.html.one("select").closest("form").one("button"), version="1")
    assert tab.title == "De tuin"
    assert "De tuin" in library.open("tuin", "ben").response.text
    tab.send(tab.html.one("select").closest("form").one("button"), version="")
    assert tab.title == "De nieuwe tuin"


def test_a_version_that_is_not_there_is_refused(library: School) -> None:
    tab = teacher(library)
    tab.post("/activity/version", s=tab.html.one("input[name=s]").attrs["value"], version="9")
    assert tab.error == "selection-malformed"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("nergens", "item-unknown"),
        ("elders", "item-unknown"),  # it belongs to another school
        ("tuin", "item-withdrawn"),
        ("", "item-missing"),
    ],
)
def test_a_link_that_opens_nothing_helps(library: School, item: str, code: str) -> None:
    other = connect("elsewhere", "https://other.example")
    library.publish(GARDEN.replace("id: tuin", "id: elders", 1), other.id)
    publishing.withdraw(db.session(), "tuin", library.clock())
    db.session.commit()
    learner = library.open(item, locale="en")
    assert (learner.error, learner.page) == (code, "error")
    assert "teacher" in learner.text  # who can help, and
    assert f"{code} · " in learner.text  # by what to find it
    tab = teacher(library, item)
    assert (tab.page, tab.html.one("[data-lost]").attrs["data-lost"]) == ("teacher", code)
    assert "elders" not in shown(tab.press("[data-change]"))
    tick(tab, "park")
    tab.press("[data-insert]")
    assert tab.title == "Het park"
    assert library.open(item).page == "scene"


def test_a_learner_changes_nothing(library: School) -> None:
    tab = library.open("tuin")
    proof = tab.html.one("input[name=s]").attrs["value"]
    for path in ("/items/chosen", "/activity/version", "/prepare/save"):
        assert tab.post(path, s=proof, item="park").error == "role-missing"
    assert tab.open("/items/").error == tab.open("/look/tuin/").error == "role-missing"


def test_a_first_page_costs_no_statement_more(library: School) -> None:
    tab = library.open("tuin")
    with statements() as seen:
        tab.open()
    assert len(seen) <= 3
