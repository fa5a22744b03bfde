"""Publishing: immutable versions, for whom they are, and what withdrawing does."""

import pytest
from connecting import connect
from visits import GARDEN, MODULE, School, with_rule

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience, Preparation
from lti_tool.experience.library import catalogue, publishing
from lti_tool.experience.library.documents import Documents
from lti_tool.experience.library.models import Version
from lti_tool.experience.play import runs
from lti_tool.services import services


def test_publishing_the_same_again_makes_no_new_version(school: School) -> None:
    document = school.publish(GARDEN)
    again = publishing.publish(db.session(), document, school.clock())
    assert (again.number, again.is_new) == (1, False)
    assert len(school.rows(Version)) == 1


def test_a_changed_word_makes_a_new_version_and_leaves_the_old_one_alone(school: School) -> None:
    document = school.publish(GARDEN)
    [first] = school.rows(Version)
    text, sha256 = first.document, first.sha256
    school.publish(document.model_copy(update={"title": "De andere tuin"}))
    first, second = school.rows(Version)
    assert (first.document, first.sha256, first.number) == (text, sha256, 1)
    assert (second.title, second.number) == ("De andere tuin", 2)
    assert catalogue.look(db.session(), "tuin", school.platform.id).title == "De andere tuin"


def test_a_version_brings_back_exactly_the_document_that_was_published(school: School) -> None:
    document = school.publish(GARDEN)
    [version] = school.rows(Version)
    catalogue._documents = Documents(2)
    assert catalogue.document(db.session(), version.id, version.sha256) == document


def test_what_was_for_a_removed_platform_is_for_nobody(school: School) -> None:
    school.publish(MODULE, school.platform.id)
    services().registry.remove(school.platform)
    other = connect("elsewhere", issuer="https://elsewhere.example").id
    with pytest.raises(ToolError, match="item-unknown"):
        catalogue.look(db.session(), "wachten", other)
    school.publish(MODULE)
    assert catalogue.look(db.session(), "wachten", other).id == "wachten"


def test_a_withdrawn_item_leaves_the_catalogue_until_it_is_asked_back(
    school: School,
) -> None:
    document = school.publish(GARDEN)
    publishing.withdraw(db.session(), "tuin", school.clock())
    db.session.commit()
    for look in (catalogue.look, catalogue.find):
        with pytest.raises(ToolError, match="item-withdrawn"):
            look(db.session(), "tuin", school.platform.id)
    assert [held.state for held in catalogue.listing(db.session())] == ["withdrawn"]
    same = publishing.publish(db.session(), document, school.clock())
    assert (same.is_new, same.state) == (False, "withdrawn")
    assert [held.state for held in catalogue.listing(db.session())] == ["withdrawn"]
    back = publishing.publish(db.session(), document, school.clock(), again=True)
    assert (back.is_new, back.state) == (False, "published")
    assert catalogue.find(db.session(), "tuin", school.platform.id) == document


def test_stopping_ends_the_runs_under_way_and_says_how_many(school: School) -> None:
    school.publish(GARDEN)
    school.open("tuin", "anna").onward()
    school.open("tuin", "ben").onward()
    school.open("tuin", "cas").finish("vraag", "weg")
    publishing.withdraw(db.session(), "tuin", school.clock(), stop=True)
    assert runs.end_all(db.session(), "tuin") == 2
    db.session.commit()
    assert school.run.ended_at is not None  # only what had ended is left
    assert [held.state for held in catalogue.listing(db.session())] == ["stopped"]


def test_withdrawing_what_is_not_there_says_so(school: School) -> None:
    with pytest.raises(publishing.UnknownItem):
        publishing.withdraw(db.session(), "niets", school.clock())


def test_what_shows_files_that_were_not_taken_in_is_not_published(
    school: School, example: Experience
) -> None:
    with pytest.raises(publishing.CannotPublish):
        publishing.publish(db.session(), example, school.clock())
    assert school.rows(Version) == []


def test_a_preparation_is_published_but_not_played(school: School) -> None:
    preparation = Preparation(
        format="preparation/1", id="dag", lang="nl", title="Dag", items=("tuin",)
    )
    with pytest.raises(publishing.CannotPublish, match="tuin"):
        publishing.publish(db.session(), preparation, school.clock())
    school.publish(GARDEN)
    publishing.publish(db.session(), preparation, school.clock())
    assert catalogue.look(db.session(), "dag", school.platform.id) == preparation
    with pytest.raises(catalogue.NotPlayed) as refused:
        catalogue.find(db.session(), "dag", school.platform.id)
    assert (refused.value.code, refused.value.preparation) == ("item-unknown", preparation)


def test_the_completion_rule_is_part_of_what_a_version_says(school: School) -> None:
    school.publish(GARDEN)
    school.publish(with_rule(GARDEN, rule="self"))
    assert [version.number for version in school.rows(Version)] == [1, 2]
