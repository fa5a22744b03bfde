"""What is kept about a learner: handed over in full to them alone, erased, and gone in time."""

import json

import pytest
from sqlalchemy import inspect, text
from visits import GARDEN, MODULE, School

from lti_tool.completion.models import Completion
from lti_tool.db import Base, db
from lti_tool.experience.play.models import Reflection, Run
from lti_tool.launch.models import LaunchSession, Learner
from lti_tool.learner import privacy
from lti_tool.services import services


@pytest.fixture
def busy(school: School) -> School:
    """Anna and Ben: both with a run under way, a saved text and a completion."""
    school.publish(GARDEN)
    school.publish(MODULE)
    for sub in ("anna", "ben"):
        tab = school.open("tuin", sub).onward().choose("vraag").onward().onward()
        tab.choose("los").onward()
        tab.send(tab.button("Bewaar"), text=f"Van {sub}.")
        school.open("wachten", sub, link="2").onward()
    return school


def export(school: School, sub: str, *, own: bool) -> dict[str, list[dict[str, object]]]:
    return privacy.export(db.session(), services().vault, school.learner(sub), own=own)


def owned_rows(learner_id: int) -> dict[str, int]:
    """How many rows of each table belong to a learner, for every table that can."""
    counts = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if "learner_id" in table.columns:
            query = text(f"select count(*) from {table.name} where learner_id = :id")
            counts[table.name] = db.session.execute(query, {"id": learner_id}).scalar_one()
    return counts


class TestExport:
    def test_the_learner_gets_everything_that_the_tables_hold(self, busy: School) -> None:
        kept = export(busy, "anna", own=True)
        assert kept["person"][0]["learning_environment"] == "school"
        assert kept["person"][0]["id_there"] == "anna"
        assert [row["text"] for row in kept["reflections"]] == ["Van anna."]
        under_way = next(row for row in kept["runs"] if row["item"] == "tuin")
        assert under_way["way"]["node"] == "terugblik"
        [completion] = kept["completions"]
        assert (completion["item"], completion["title"]) == ("wachten", "Wachten")
        assert completion["completed"] == "2026-11-21T20:30:00.000Z"
        assert completion["delivered"] is None
        assert len(kept["sessions"]) == 2
        json.dumps(kept)

    def test_every_table_that_holds_something_of_a_person_is_in_it(self, busy: School) -> None:
        learner = busy.learner("anna")
        kept = export(busy, "anna", own=True)
        counts = owned_rows(learner)
        assert counts == {
            "run": len(kept["runs"]),
            "reflection": len(kept["reflections"]),
            "completion": len(kept["completions"]),
            "launch_session": len(kept["sessions"]),
        }

    def test_an_operator_gets_neither_choices_nor_texts(self, busy: School) -> None:
        whole = json.dumps(export(busy, "anna", own=False))
        for word in ("vraag", "los", 'terugblik", "text', "Van anna", "flags", "route"):
            assert word not in whole, word
        assert "terugblik" in whole  # that something was saved there is said

    def test_nothing_of_anybody_else_is_in_it(self, busy: School) -> None:
        assert "ben" not in json.dumps(export(busy, "anna", own=True)).replace("geben", "")


class TestErase:
    def test_nothing_is_left_and_the_others_keep_theirs(self, busy: School) -> None:
        anna, ben = busy.learner("anna"), busy.learner("ben")
        before = owned_rows(ben)
        removed = privacy.erase(db.session(), anna)
        db.session.commit()
        assert removed == privacy.Removed(2, 1, 1, 2, learners=1)
        assert set(owned_rows(anna).values()) == {0}
        assert db.session.get(Learner, anna) is None
        assert owned_rows(ben) == before

    def test_no_table_can_keep_a_row_of_a_person_who_is_gone(self, busy: School) -> None:
        """Also the rows of tables to come: the database itself deletes them along."""
        for table in inspect(db.engine).get_table_names():
            for key in inspect(db.engine).get_foreign_keys(table):
                if key["referred_table"] == "learner":
                    assert key["options"].get("ondelete") == "CASCADE", table


class TestRetain:
    @pytest.mark.parametrize(
        ("table", "kept"),
        [
            (Run, privacy.RUNS_KEPT),
            (Reflection, privacy.TEXTS_KEPT),
            (Completion, privacy.COMPLETIONS_KEPT),
        ],
    )
    def test_each_kind_goes_when_its_time_has_come_and_not_before(
        self, busy: School, table: type[Base], kept: object
    ) -> None:
        busy.clock.moment += kept
        privacy.retain(db.session(), busy.clock())
        assert busy.rows(table)
        busy.clock.turn(seconds=1)
        privacy.retain(db.session(), busy.clock())
        assert busy.rows(table) == []

    def test_sessions_go_first_and_the_person_with_the_last_thing_kept(self, busy: School) -> None:
        busy.clock.turn(hours=9)
        privacy.retain(db.session(), busy.clock())
        assert busy.rows(LaunchSession) == []
        assert len(busy.rows(Learner)) == 2
        busy.clock.moment += privacy.COMPLETIONS_KEPT
        removed = privacy.retain(db.session(), busy.clock())
        assert removed.learners == 2
        assert busy.rows(Learner) == []

    def test_what_is_in_use_stays(self, busy: School) -> None:
        removed = privacy.retain(db.session(), busy.clock())
        assert removed == privacy.Removed(0, 0, 0, 0, 0)
