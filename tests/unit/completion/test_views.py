"""The teacher's button "Report completions again": how many, never whose."""

import pytest
from jinja2 import StrictUndefined
from sqlalchemy import select
from visits import GARDEN, Browser, School

from lti_tool.completion import outbox
from lti_tool.completion.models import DELIVERED, WAITING, Completion
from lti_tool.db import db

LABEL = "Report completions again"


@pytest.fixture(autouse=True)
def no_name_is_misspelt(app) -> None:
    app.jinja_env.undefined = StrictUndefined


@pytest.fixture
def garden(school: School) -> School:
    """Two people have completed the activity of link 1, one that of link 2; all delivered."""
    school.publish(GARDEN)
    for sub, link in (("anna", "1"), ("ben", "1"), ("cleo", "2")):
        outbox.record(
            db.session(),
            learner_id=school.learner(sub),
            link_id=school.link("tuin", link),
            now=school.clock(),
        )
    for held in db.session.scalars(select(Completion)):
        held.state, held.due_at = DELIVERED, None
    db.session.commit()
    return school


def states(school: School) -> dict[tuple[str, str], str]:
    db.session.expire_all()
    return {
        (sub, link): db.session.scalar(
            select(Completion.state).filter_by(
                learner_id=school.learner(sub), link_id=school.link("tuin", link)
            )
        )
        for sub, link in (("anna", "1"), ("ben", "1"), ("cleo", "2"))
    }


@pytest.mark.parametrize("cookieless", [False, True])
def test_all_completions_of_this_activity_are_sent_again(garden, cookieless) -> None:
    tab: Browser = garden.launch(
        "tuin", "tess", designer=True, cookieless=cookieless, locale="en"
    ).open()
    tab.send(tab.button(LABEL))
    assert (tab.page, tab.response.status_code) == ("teacher", 200)
    assert "2 " in tab.text
    assert states(garden) == {
        ("anna", "1"): WAITING,
        ("ben", "1"): WAITING,
        ("cleo", "2"): DELIVERED,
    }
    assert tab.button("Back to the activity")


def test_one_is_said_as_one_in_english(garden) -> None:
    tab = garden.launch("tuin", "tess", link="2", designer=True, locale="en").open()
    tab.send(tab.button(LABEL))
    assert "1 completion of this activity is being reported again." in tab.text


def test_nothing_to_report_is_said_too(garden) -> None:
    tab = garden.launch("tuin", "tess", link="3", designer=True, locale="en").open()
    tab.send(tab.button(LABEL))
    assert "nobody has completed this activity yet" in tab.text


def test_a_learner_may_not(garden) -> None:
    tab = garden.launch("tuin", "anna", locale="en").open()
    assert LABEL not in tab.response.text
    tab.post("/completion/again", s=tab.html.one("[name=s]").attrs["value"])
    assert tab.error == "role-missing"
    assert set(states(garden).values()) == {DELIVERED}


def test_another_sites_form_may_not(garden) -> None:
    tab = garden.launch("tuin", "tess", designer=True, locale="en").open()
    tab.post("/completion/again", s="guessed")
    assert tab.error == "form-foreign"
    assert set(states(garden).values()) == {DELIVERED}


def test_a_link_that_cannot_report_has_no_button(garden) -> None:
    tab = garden.launch("tuin", "tess", link="4", line_item=None, designer=True, locale="en").open()
    assert LABEL not in tab.response.text
