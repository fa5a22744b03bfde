"""Two questions about the content: asked once, kept without who, shown eight or more together."""

import json

import pytest
from click.testing import CliRunner
from grouping import last_step, ready
from visits import GARDEN, Browser, School

from lti_tool.commands.content import content
from lti_tool.db import db
from lti_tool.experience.play import positions, runs
from lti_tool.experience.play.models import Run
from lti_tool.group.hearing import answers
from lti_tool.group.hearing.models import Heard
from lti_tool.ops.delivering import tidy
from lti_tool.services import services

WAY = ("vraag", "samen")


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


def at_the_end(school: School, who: str = "anna") -> Browser:
    return school.open("tuin", who).finish(*WAY)


def told(school: School, who: str, recognised: str = "yes", missed: str = "") -> None:
    """Let somebody end and answer, without a browser."""
    player = ready(school, who)
    last_step(school, player)
    here = positions.find(db.session(), services().vault, player)
    answers.tell(db.session(), services().vault, here, recognised, missed)
    db.session.commit()


def heard(*more: str) -> list[dict]:
    ran = CliRunner().invoke(content, ["heard", "tuin", "--json", *more])
    assert ran.exit_code == 0, ran.output
    found: list[dict] = json.loads(ran.output)
    return found


class TestAsking:
    @pytest.mark.parametrize("cookieless", [False, True])
    def test_once_below_the_ending(self, garden: School, cookieless: bool) -> None:
        tab = garden.open("tuin", cookieless=cookieless).finish(*WAY)
        tab.press("[data-tell]", recognised="partly", missed="De conciërge.")
        assert (tab.page, tab.title) == ("ending", "Het loopt door")
        assert not tab.html.all("[data-tell]")
        assert "Dank je." in tab.text
        [row] = garden.rows(Heard)
        assert json.loads(services().vault.unseal(row.sealed)) == {
            "recognised": "partly",
            "missed": "De conciërge.",
        }

    def test_an_answer_sent_twice_is_kept_once(self, garden: School) -> None:
        tab, other = at_the_end(garden), at_the_end(garden, "ben")
        form = {"s": tab.html.one("[name=s]").attrs["value"], "recognised": "no"}
        tab.post("/play/tuin/tell", **form).post("/play/tuin/tell", **form)
        assert len(garden.rows(Heard)) == 1
        tab.press("[data-replay]").finish(*WAY)
        assert not tab.html.all("[data-tell]")
        tab.post("/play/tuin/tell", **form)
        assert len(garden.rows(Heard)) == 1
        assert other.html.all("[data-tell]")

    @pytest.mark.parametrize(
        "said", [{}, {"missed": " \n "}, {"recognised": "maybe"}], ids=["nothing", "blank", "odd"]
    )
    def test_what_says_nothing_is_not_kept(self, garden: School, said: dict[str, str]) -> None:
        tab = at_the_end(garden)
        tab.press("[data-tell]", **said)
        assert tab.page == "ending"
        assert garden.rows(Heard) == []
        assert garden.rows(Run)[0].asked is False

    def test_too_long_is_refused(self, garden: School) -> None:
        tab = at_the_end(garden)
        assert tab.press("[data-tell]", missed="x" * 501).error == "too-large"
        assert garden.rows(Heard) == []

    def test_only_in_the_tab_where_the_run_ended_and_never_before(self, garden: School) -> None:
        under_way = garden.open("tuin").onward().choose("vraag")
        proof = under_way.html.one("[name=s]").attrs["value"]
        under_way.post("/play/tuin/tell", s=proof, recognised="yes")
        under_way.finish("samen")
        later = garden.open("tuin")
        assert not later.html.all("[data-tell]")
        later.post("/play/tuin/tell", s=later.html.one("[name=s]").attrs["value"], missed="x")
        assert garden.rows(Heard) == []

    def test_who_builds_the_course_is_not_asked(self, garden: School) -> None:
        tab = garden.open("tuin", designer=True).press("[data-play]").finish(*WAY)
        assert tab.page == "ending"
        assert not tab.html.all("[data-tell]")


class TestKeeping:
    def test_nothing_says_who_where_or_when(self, garden: School) -> None:
        assert set(Heard.__table__.columns.keys()) == {"id", "version_id", "sealed", "told"}
        for number in range(6):
            told(garden, f"p{number}", "yes", "De " + "ë" * number * 90)
        rows = garden.rows(Heard)
        assert len({len(row.sealed) for row in rows}) == 1
        text = db.session.execute(db.text("select * from heard")).all()
        assert "ë" not in str(text)

    def test_the_order_in_which_they_came_is_not_kept(
        self, garden: School, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawn = iter((5, 3, 9))
        monkeypatch.setattr(answers.secrets, "randbits", lambda _bits: next(drawn))
        for who in ("first", "second", "third"):
            told(garden, who, missed=who)
        stored = db.session.execute(db.text("select id from heard")).scalars().all()
        assert stored == [3, 5, 9]

    def test_within_hours_nothing_says_who_answered(self, garden: School) -> None:
        told(garden, "anna")
        at_the_end(garden, "ben")
        assert {run.asked for run in garden.rows(Run)} == {True, False}
        garden.clock.turn(hours=10)
        runs.forget_ways(db.session(), garden.clock())
        db.session.commit()
        assert {run.asked for run in garden.rows(Run)} == {True}

    def test_tidying_does_that(self, garden: School) -> None:
        at_the_end(garden)
        garden.clock.turn(hours=10)
        tidy()
        assert garden.rows(Run)[0].asked is True


class TestShowing:
    def test_eight_together_and_none_alone(self, garden: School) -> None:
        for number in range(17):
            told(garden, f"p{number}", ("yes", "partly", "no", "")[number % 4], f"Wens {number}.")
            expected = (number + 1) // 8 * 8
            assert sum(one["answers"] for one in heard()) == expected
        [one] = heard()
        assert (one["version"], one["recognised"]) == (1, {"yes": 4, "partly": 4, "no": 4})
        assert set(one["missed"]) == {f"Wens {number}." for number in range(16)}

    def test_versions_are_not_added_up(self, garden: School) -> None:
        for number in range(7):
            told(garden, f"p{number}")
        garden.publish(GARDEN.replace("Een ouder wacht.", "Een vader wacht."))
        told(garden, "the-eighth")
        assert heard() == []

    def test_for_people_to_read_with_what_to_mind(self, garden: School) -> None:
        assert "Nog niets" in CliRunner().invoke(content, ["heard", "tuin", "--lang", "nl"]).output
        for number in range(8):
            told(garden, f"p{number}", "yes", "Twee\nregels." if number == 3 else "")
        said = CliRunner().invoke(content, ["heard", "tuin", "--lang", "nl"]).output
        assert "Herkenbaar: ja 8, deels 0, nee 0; 8 mensen antwoordden." in said
        assert "  - Twee\n    regels." in said
        assert "verraden" in said

    def test_what_was_shown_can_be_erased(self, garden: School) -> None:
        for number in range(9):
            told(garden, f"p{number}", missed="Iets.")
        assert heard("--forget")
        assert heard() == []
        assert len(garden.rows(Heard)) == 1

    def test_an_unknown_item_is_refused(self, garden: School) -> None:
        assert CliRunner().invoke(content, ["heard", "nergens"]).exit_code == 1
