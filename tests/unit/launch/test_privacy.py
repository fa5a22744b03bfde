"""What is kept about a learner: handed over in full to them alone, erased, and gone in time."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, inspect, select, text
from visits import GARDEN, MODULE, School

from lti_tool.clock import full_hour
from lti_tool.completion.models import Completion
from lti_tool.db import Base, db
from lti_tool.experience.library.models import Version
from lti_tool.experience.play.kept import RUNS_KEPT
from lti_tool.experience.play.models import OWN, Note, Reflection, Run
from lti_tool.group.insights.publishing import Insight
from lti_tool.keeping import AFTER_THE_YEAR, school_year_cutoff
from lti_tool.launch.models import LaunchSession, Learner
from lti_tool.services import services


@pytest.fixture
def busy(school: School) -> School:
    """Anna and Ben: both with a run under way, a text, a hint, a completion and an insight."""
    school.publish(GARDEN)
    school.publish(MODULE)
    for sub in ("anna", "ben"):
        tab = school.open("tuin", sub).onward().choose("vraag").press("[data-keep=hint]")
        tab.onward().onward()
        tab.choose("los").onward()
        tab.save("tuin", "terugblik", f"Van {sub}.")
        tab = school.open("wachten", sub, link="2").onward().press("[data-share]")
        tab.press("[data-share]", text=f"Gezien door {sub}.", name=sub).press("[data-share]")
    return school


def export(school: School, sub: str, *, own: bool) -> dict[str, list[dict[str, object]]]:
    return services().privacy.export(db.session(), school.learner(sub), own=own)


def owned_rows(learner_id: int) -> dict[str, int]:
    """How many rows of each table belong to a learner, for every table that can."""
    counts = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if "learner_id" in table.columns:
            query = text(f"select count(*) from {table.name} where learner_id = :id")
            counts[table.name] = db.session.execute(query, {"id": learner_id}).scalar_one()
    return counts


AUGUST = datetime(2027, 8, 1, tzinfo=UTC)
"""The end of the school year in which these tests play."""

MODELS: dict[str, type[Base]] = {
    "run": Run,
    "reflection": Reflection,
    "completion": Completion,
    "note": Note,
    "insight": Insight,
}

TABLES = {
    "run": lambda moment, version: {
        "version_id": version.id,
        "state": "x",
        "touched_at": moment,
    },
    "reflection": lambda moment, version: {"node": "x", "sealed_text": "x", "saved_at": moment},
    "completion": lambda moment, version: {"completed_at": moment},
    "note": lambda moment, version: {"kind": OWN, "sealed_text": "x", "saved_at": moment},
    "insight": lambda moment, version: {
        "context_id": "7",
        "sealed_text": "x",
        "month": moment.date().replace(day=1),
    },
}


class TestDeclared:
    def test_every_table_and_column_about_a_person_is_declared(self, app: Flask) -> None:
        """A table or column to come fails here until its domain says what it keeps, and why."""
        declared = {one.table.__table__.name: one for one in services().privacy.kept}
        for mapper in Base.registry.mappers:
            table = mapper.local_table
            if "learner_id" not in table.columns:
                continue
            assert table.name in declared, table.name
            said = set(declared[table.name].columns) | {"id", "learner_id"}
            assert set(table.columns.keys()) | {"id"} == said, table.name

    def test_every_declaration_speaks_dutch_and_english(self, app: Flask) -> None:
        for one in services().privacy.kept:
            for text_of in (one.title, one.why, one.how_long, one.who):
                with app.test_request_context(), force_locale("nl"):
                    dutch = str(text_of)
                with app.test_request_context(), force_locale("en"):
                    assert dutch != str(text_of)

    def test_the_page_for_schools_says_the_same_word_for_word(self, app: Flask) -> None:
        page = (Path(__file__).parents[3] / "docs/privacy.md").read_text()
        for one in services().privacy.kept:
            with app.test_request_context(), force_locale("en"):
                row = f"| {one.title} | {one.why} | {one.how_long} | {one.who} |"
            assert row in page.splitlines()

    @given(st.integers(1577836800, 2208988800).map(lambda at: datetime.fromtimestamp(at, UTC)))
    def test_work_stays_three_to_fifteen_months(self, now: datetime) -> None:
        kept = now - school_year_cutoff(now)
        assert timedelta(days=92) <= kept <= timedelta(days=366 + 92)
        assert school_year_cutoff(now).day == 1


class TestExport:
    def test_the_learner_gets_everything_that_the_tables_hold(self, busy: School) -> None:
        kept = export(busy, "anna", own=True)
        assert kept["person"][0]["learning_environment"] == "school"
        assert kept["person"][0]["id_there"] == "anna"
        assert [row["text"] for row in kept["reflections"]] == ["Van anna."]
        assert [row["text"] for row in kept["insights"]] == ["Gezien door anna."]
        under_way = next(row for row in kept["runs"] if row["item"] == "tuin")
        assert under_way["way"]["node"] == "terugblik"
        [completion] = kept["completions"]
        assert completion["item"] == "wachten"
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
            "part_done": len(kept["parts"]),
            "reflection": len(kept["reflections"]),
            "completion": len(kept["completions"]),
            "note": len(kept["notes"]),
            "starter_mark": len(kept["counted"]),
            "pair": len(kept["pairs"]),
            "insight": len(kept["insights"]),
            "launch_session": len(kept["sessions"]),
        }

    def test_an_operator_gets_neither_choices_nor_texts(self, busy: School) -> None:
        whole = json.dumps(export(busy, "anna", own=False))
        for word in ("vraag", "los", 'terugblik", "text', "Van anna", "Gezien", "flags", "route"):
            assert word not in whole, word
        assert "terugblik" in whole  # that something was saved there is said

    def test_nothing_of_anybody_else_is_in_it(self, busy: School) -> None:
        assert "ben" not in json.dumps(export(busy, "anna", own=True)).replace("geben", "")


class TestErase:
    def test_nothing_is_left_and_the_others_keep_theirs(self, busy: School) -> None:
        anna, ben = busy.learner("anna"), busy.learner("ben")
        before = owned_rows(ben)
        removed = services().privacy.erase(db.session(), anna)
        db.session.commit()
        assert removed == {
            "runs": 2,
            "parts": 0,
            "reflections": 1,
            "notes": 1,
            "counted": 0,
            "pairs": 0,
            "insights": 1,
            "completions": 1,
            "sessions": 2,
            "people": 1,
        }
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
    def test_a_run_goes_90_days_after_its_last_step(self, busy: School) -> None:
        busy.clock.moment = full_hour(busy.clock()) + RUNS_KEPT
        services().privacy.retain(db.session(), busy.clock())
        assert busy.rows(Run)
        busy.clock.turn(seconds=1)
        services().privacy.retain(db.session(), busy.clock())
        assert busy.rows(Run) == []

    @pytest.mark.parametrize("table", [Reflection, Completion, Note, Insight])
    def test_work_goes_three_months_after_its_school_year(
        self, busy: School, table: type[Base]
    ) -> None:
        busy.clock.moment = AUGUST + AFTER_THE_YEAR - timedelta(seconds=1)
        services().privacy.retain(db.session(), busy.clock())
        assert busy.rows(table)
        busy.clock.turn(seconds=1)
        services().privacy.retain(db.session(), busy.clock())
        assert busy.rows(table) == []

    def test_a_completion_that_was_not_delivered_keeps_its_person(self, busy: School) -> None:
        """Without the person nobody could be told, whatever day it is."""
        busy.clock.moment += RUNS_KEPT + timedelta(days=1)
        services().privacy.retain(db.session(), busy.clock())
        assert busy.rows(Run) == []
        assert len(busy.rows(Completion)) == len(busy.rows(Learner)) == 2

    def test_sessions_go_first_and_the_person_with_the_last_thing_kept(self, busy: School) -> None:
        busy.clock.turn(hours=9)
        services().privacy.retain(db.session(), busy.clock())
        assert busy.rows(LaunchSession) == []
        assert len(busy.rows(Learner)) == 2
        busy.clock.moment = AUGUST + AFTER_THE_YEAR
        removed = services().privacy.retain(db.session(), busy.clock())
        assert removed["people"] == 2
        assert busy.rows(Learner) == []

    def test_what_is_in_use_stays(self, busy: School) -> None:
        removed = services().privacy.retain(db.session(), busy.clock())
        assert set(removed.values()) == {0}


@given(
    ages=st.dictionaries(st.sampled_from(sorted(TABLES)), st.integers(0, 800), max_size=5),
    later=st.integers(0, 800),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_who_has_something_left_stays_and_who_has_not_goes(
    school: School, ages: dict[str, int], later: int
) -> None:
    """Whatever is kept since when: a row goes exactly when its own term is over."""
    for table in (*MODELS.values(), Learner):
        db.session.execute(delete(table))
    school.publish(GARDEN)
    now = school.clock()
    learner, link = school.learner("anna"), school.link("tuin")
    version = db.session.scalars(select(Version)).one()
    for name, days in ages.items():
        values = TABLES[name](now - timedelta(days=days), version)
        db.session.add(
            Run(learner_id=learner, link_id=link, item_id=version.item_id, **values)
            if name == "run"
            else Reflection(learner_id=learner, item_id=version.item_id, **values)
            if name == "reflection"
            else Note(learner_id=learner, **values)
            if name == "note"
            else Insight(learner_id=learner, item_id=version.item_id, deployment_id=1, **values)
            if name == "insight"
            else Completion(
                learner_id=learner, link_id=link, platform_id=school.platform.id, **values
            )
        )
    db.session.commit()
    then = now + timedelta(days=later)
    services().privacy.retain(db.session(), then)
    left = {name for name, table in MODELS.items() if school.rows(table)}
    assert left == {
        name
        for name, days in ages.items()
        if (
            days + later <= RUNS_KEPT.days
            if name == "run"
            else now - timedelta(days=days) >= school_year_cutoff(then)
        )
    }
    assert bool(school.rows(Learner)) is bool(left)
    db.session.rollback()
