"""The page to share: public only if the makers say so, without a launch, with nothing stored."""

from typing import Any

import pytest
from picking import open_picker
from statements import statements
from visits import GARDEN, MODULE, TOOL, School

from lti_tool.db import db
from lti_tool.experience.document.model import Preparation
from lti_tool.experience.library import publishing

PUBLIC = GARDEN.replace(
    "minutes: 5", "minutes: 5\npublic: true\npractise: Groeten.\nroles: [mentor]"
)


def get(school: School, path: str) -> Any:
    return school.app.test_client().get(path, base_url=TOOL)


def test_it_shows_what_it_is_about_and_how_it_begins(school: School) -> None:
    school.publish(PUBLIC)
    with statements() as seen:
        answer = get(school, "/share/tuin?lang=en")
    assert answer.status_code == 200
    for words in ("De tuin", "Groeten.", "mentor", "Een ouder wacht."):
        assert words in answer.text
    assert "Een glimlach." not in answer.text  # no reaction, no feedback
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert all(one.words.startswith("SELECT") for one in seen)


@pytest.mark.parametrize("path", ["/share/tuin", "/share/nergens", "/share/tuin/kaart.png"])
def test_what_is_not_public_is_not_there(school: School, path: str) -> None:
    school.publish(GARDEN)
    assert get(school, path).status_code == 404


def test_a_newer_version_or_a_withdrawal_takes_it_back(school: School) -> None:
    document = school.publish(PUBLIC)
    publishing.withdraw(db.session(), "tuin", school.clock())
    db.session.commit()
    assert get(school, "/share/tuin").status_code == 404
    publishing.publish(db.session(), document, school.clock(), again=True)
    db.session.commit()
    assert get(school, "/share/tuin").status_code == 200
    school.publish(GARDEN)
    assert get(school, "/share/tuin").status_code == 404


def test_an_item_of_some_platforms_is_not_shown_to_all(school: School) -> None:
    school.publish(PUBLIC, school.platform.id)
    assert get(school, "/share/tuin").status_code == 404


def test_a_preparation_is_not_shared(school: School) -> None:
    school.publish(MODULE)
    day = {"format": "preparation/1", "id": "dag", "lang": "nl", "title": "Dag"}
    school.publish(Preparation.model_validate(day | {"items": ["wachten"], "public": True}))
    assert get(school, "/share/dag").status_code == 404


@pytest.mark.parametrize(("text", "offered"), [(PUBLIC, True), (GARDEN, False)])
def test_the_preview_offers_its_address(school: School, text: str, offered: bool) -> None:
    school.publish(text)
    tab = open_picker(school)
    tab.send(tab.html.one("[data-look]"))
    found = [one.attrs["value"] for one in tab.html.all("[data-share]")]
    assert found == ([f"{TOOL}/share/tuin"] if offered else [])
