"""The library: who may use an item, titles, and what is held."""

import pytest
from statements import statements
from visits import GARDEN, MODULE, School

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.library import catalogue, publishing
from lti_tool.experience.library.documents import Documents


def test_a_document_is_read_from_the_database_once(school: School) -> None:
    school.publish(GARDEN)
    catalogue._documents = Documents(2)
    catalogue.find(db.session(), "tuin", school.platform.id)
    with statements() as seen:
        catalogue.find(db.session(), "tuin", school.platform.id)
    assert len(seen) == 1
    assert "document" not in seen[0].words


def test_the_document_needed_longest_ago_makes_room() -> None:
    kept = Documents(2)
    for name in ("a", "b"):
        kept.put(name, name)
    kept.get("a")
    kept.put("c", "c")
    assert [kept.get(name) for name in ("a", "b", "c")] == ["a", None, "c"]


def test_an_item_for_one_platform_does_not_exist_for_another(school: School) -> None:
    document = school.publish(MODULE)
    publishing.publish(db.session(), document, school.clock(), platform_ids=(school.platform.id,))
    other = school.platform.id + 1
    assert catalogue.find(db.session(), "wachten", school.platform.id) == document
    for look in (catalogue.look, catalogue.find):
        with pytest.raises(ToolError, match="item-unknown"):
            look(db.session(), "wachten", other)
    assert catalogue.titles(db.session(), {"wachten"}, other, school.clock()) == {}


def test_titles_lead_on_to_micro_modules_only_and_follow_within_a_minute(school: School) -> None:
    school.publish(GARDEN)
    module = school.publish(MODULE)
    wanted = {"wachten", "tuin", "niets"}
    now = school.clock()
    assert catalogue.titles(db.session(), wanted, school.platform.id, now) == {"wachten": "Wachten"}
    school.publish(module.model_copy(update={"title": "Stil zijn"}))
    with statements() as seen:
        catalogue.titles(db.session(), wanted, school.platform.id, school.clock())
    assert seen == []
    school.clock.turn(seconds=61)
    now = school.clock()
    assert catalogue.titles(db.session(), wanted, school.platform.id, now) == {
        "wachten": "Stil zijn"
    }


def test_titles_kept_for_one_platform_are_not_given_to_another(school: School) -> None:
    """What is kept for a minute is kept per platform: an item may be for one of them only."""
    document = school.publish(MODULE)
    here, other = school.platform.id, school.platform.id + 1
    publishing.publish(db.session(), document, school.clock(), platform_ids=(here,))
    db.session.commit()
    now = school.clock()
    assert catalogue.titles(db.session(), {"wachten"}, here, now) == {"wachten": "Wachten"}
    assert catalogue.titles(db.session(), {"wachten"}, other, now) == {}
