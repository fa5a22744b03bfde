"""The library: immutable versions, who may use an item, and what withdrawing does."""

import pytest
from connecting import connect
from statements import statements
from visits import GARDEN, MODULE, School, with_rule

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience, Preparation
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.documents import Documents
from lti_tool.experience.library.models import Version
from lti_tool.experience.play import runs
from lti_tool.services import services


def retitled(document, title):
    return document.model_copy(update={"title": title})


def test_publishing_the_same_again_makes_no_new_version(school: School) -> None:
    document = school.publish(GARDEN)
    again = catalogue.publish(db.session(), document, school.clock())
    assert (again.number, again.is_new) == (1, False)
    assert len(school.rows(Version)) == 1


def test_a_changed_word_makes_a_new_version_and_leaves_the_old_one_alone(school: School) -> None:
    document = school.publish(GARDEN)
    [first] = school.rows(Version)
    text, sha256 = first.document, first.sha256
    school.publish(retitled(document, "De andere tuin"))
    first, second = school.rows(Version)
    assert (first.document, first.sha256, first.number) == (text, sha256, 1)
    assert (second.title, second.number) == ("De andere tuin", 2)
    assert catalogue.look(db.session(), "tuin", school.platform.id).title == "De andere tuin"


def test_a_version_brings_back_exactly_the_document_that_was_published(school: School) -> None:
    document = school.publish(GARDEN)
    [version] = school.rows(Version)
    catalogue._documents = Documents(2)
    assert catalogue.document(db.session(), version.id, version.sha256) == document


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


def test_what_was_for_a_removed_platform_is_for_nobody(school: School) -> None:
    school.publish(MODULE, school.platform.id)
    services().registry.remove(school.platform)
    other = connect("elsewhere", issuer="https://elsewhere.example").id
    with pytest.raises(ToolError, match="item-unknown"):
        catalogue.look(db.session(), "wachten", other)
    school.publish(MODULE)
    assert catalogue.look(db.session(), "wachten", other).id == "wachten"


def test_an_item_for_one_platform_does_not_exist_for_another(school: School) -> None:
    document = school.publish(MODULE)
    catalogue.publish(db.session(), document, school.clock(), platform_ids=(school.platform.id,))
    other = school.platform.id + 1
    assert catalogue.find(db.session(), "wachten", school.platform.id) == document
    for look in (catalogue.look, catalogue.find):
        with pytest.raises(ToolError, match="item-unknown"):
            look(db.session(), "wachten", other)
    assert catalogue.titles(db.session(), {"wachten"}, other, school.clock()) == {}


def test_a_withdrawn_item_leaves_the_catalogue_until_it_is_asked_back(
    school: School,
) -> None:
    document = school.publish(GARDEN)
    catalogue.withdraw(db.session(), "tuin", school.clock())
    db.session.commit()
    for look in (catalogue.look, catalogue.find):
        with pytest.raises(ToolError, match="item-withdrawn"):
            look(db.session(), "tuin", school.platform.id)
    assert [held.state for held in catalogue.listing(db.session())] == ["withdrawn"]
    same = catalogue.publish(db.session(), document, school.clock())
    assert (same.is_new, same.state) == (False, "withdrawn")
    assert [held.state for held in catalogue.listing(db.session())] == ["withdrawn"]
    back = catalogue.publish(db.session(), document, school.clock(), again=True)
    assert (back.is_new, back.state) == (False, "published")
    assert catalogue.find(db.session(), "tuin", school.platform.id) == document


def test_stopping_ends_the_runs_under_way_and_says_how_many(school: School) -> None:
    school.publish(GARDEN)
    school.open("tuin", "anna").onward()
    school.open("tuin", "ben").onward()
    school.open("tuin", "cas").finish("vraag", "weg")
    catalogue.withdraw(db.session(), "tuin", school.clock(), stop=True)
    assert runs.end_all(db.session(), "tuin") == 2
    db.session.commit()
    assert school.run.ended_at is not None  # only what had ended is left
    assert [held.state for held in catalogue.listing(db.session())] == ["stopped"]


def test_withdrawing_what_is_not_there_says_so(school: School) -> None:
    with pytest.raises(catalogue.UnknownItem):
        catalogue.withdraw(db.session(), "niets", school.clock())


def test_titles_lead_on_to_micro_modules_only_and_follow_within_a_minute(school: School) -> None:
    school.publish(GARDEN)
    module = school.publish(MODULE)
    wanted = {"wachten", "tuin", "niets"}
    now = school.clock()
    assert catalogue.titles(db.session(), wanted, school.platform.id, now) == {"wachten": "Wachten"}
    school.publish(retitled(module, "Stil zijn"))
    with statements() as seen:
        catalogue.titles(db.session(), wanted, school.platform.id, school.clock())
    assert seen == []
    school.clock.turn(seconds=61)
    now = school.clock()
    assert catalogue.titles(db.session(), wanted, school.platform.id, now) == {
        "wachten": "Stil zijn"
    }


def test_what_shows_files_that_were_not_taken_in_is_not_published(
    school: School, example: Experience
) -> None:
    with pytest.raises(catalogue.CannotPublish):
        catalogue.publish(db.session(), example, school.clock())
    assert school.rows(Version) == []


def test_a_preparation_is_published_but_not_played(school: School) -> None:
    preparation = Preparation(
        format="preparation/1", id="dag", lang="nl", title="Dag", items=("tuin",)
    )
    with pytest.raises(catalogue.CannotPublish, match="tuin"):
        catalogue.publish(db.session(), preparation, school.clock())
    school.publish(GARDEN)
    catalogue.publish(db.session(), preparation, school.clock())
    assert catalogue.look(db.session(), "dag", school.platform.id) == preparation
    with pytest.raises(catalogue.NotPlayed) as refused:
        catalogue.find(db.session(), "dag", school.platform.id)
    assert (refused.value.code, refused.value.preparation) == ("item-unknown", preparation)


def test_the_completion_rule_is_part_of_what_a_version_says(school: School) -> None:
    school.publish(GARDEN)
    school.publish(with_rule(GARDEN, rule="self"))
    assert [version.number for version in school.rows(Version)] == [1, 2]


def test_titles_kept_for_one_platform_are_not_given_to_another(school: School) -> None:
    """What is kept for a minute is kept per platform: an item may be for one of them only."""
    document = school.publish(MODULE)
    here, other = school.platform.id, school.platform.id + 1
    catalogue.publish(db.session(), document, school.clock(), platform_ids=(here,))
    db.session.commit()
    now = school.clock()
    assert catalogue.titles(db.session(), {"wachten"}, here, now) == {"wachten": "Wachten"}
    assert catalogue.titles(db.session(), {"wachten"}, other, now) == {}
