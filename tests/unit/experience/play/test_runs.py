"""Runs: nothing before the first step, one move at a time, nothing left after the end."""

import random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from visits import GARDEN, MODULE, Browser, School, with_rule

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Run
from lti_tool.experience.play import engine, positions, reflections, runs
from lti_tool.experience.play.positions import Player
from lti_tool.launch.models import LaunchSession
from lti_tool.services import services
from lti_tool.vault import BrokenSeal, unseal_with


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


def player(school: School, tab: Browser, item: str = "tuin", *, reports: bool = True) -> Player:
    """What the views make of a visit."""
    db.session.expire_all()
    session = db.session.get_one(LaunchSession, tab.session_id)
    return Player(
        learner_id=session.learner_id,
        link_id=session.link_id,
        platform_id=session.platform_id,
        slug=item,
        session_id=tab.session_id,
        token=tab.token,
        farewell=session.farewell,
        reports=reports,
    )


def where(school: School, tab: Browser) -> str | None:
    state = positions.find(player(school, tab)).state
    return None if state is None else state.node


def move(school: School, tab: Browser, act, *args: str) -> None:
    who = player(school, tab)
    act(who, positions.find(who).at, *args, school.clock())


def play(school: School, tab: Browser, *reactions: str) -> None:
    """Play to the ending that these reactions lead to."""
    wanted = iter(reactions)
    while (here := positions.find(player(school, tab))).state is not None:
        if engine.options(here.item, here.state):
            move(school, tab, runs.react, next(wanted))
        move(school, tab, runs.proceed)


class TestOnTheWay:
    def test_looking_stores_nothing(self, garden: School) -> None:
        assert where(garden, garden.launch("tuin")) == "hek"
        assert garden.run is None

    def test_the_first_step_stores_where_the_learner_is(self, garden: School) -> None:
        move(garden, garden.launch("tuin"), runs.proceed)
        assert engine.load(garden.run.state).node == "groet"
        assert garden.run.touched_at == garden.clock()

    def test_another_tab_resumes_at_the_same_place(self, garden: School) -> None:
        first = garden.launch("tuin")
        move(garden, first, runs.proceed)
        move(garden, first, runs.react, "vraag")
        here = positions.find(player(garden, garden.launch("tuin")))
        assert (here.state.node, here.state.reaction) == ("groet", "vraag")

    def test_a_reaction_can_be_taken_back(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, runs.proceed)
        move(garden, tab, runs.react, "vraag")
        move(garden, tab, runs.retry)
        state = positions.find(player(garden, tab)).state
        assert (state.node, state.reaction, state.flags) == ("groet", None, frozenset())

    @pytest.mark.parametrize("act", [runs.proceed, runs.retry])
    def test_a_form_of_an_earlier_page_changes_nothing(self, garden: School, act) -> None:
        tab = garden.launch("tuin")
        old = positions.find(player(garden, tab)).at
        move(garden, tab, runs.proceed)
        before = garden.run.state
        act(player(garden, tab), old, garden.clock())
        assert garden.run.state == before

    def test_the_same_form_twice_is_one_step(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, runs.proceed)
        who = player(garden, tab)
        at = positions.find(who).at
        runs.react(who, at, "vraag", garden.clock())
        runs.react(who, at, "stil", garden.clock())
        assert engine.load(garden.run.state).reaction == "vraag"

    @pytest.mark.parametrize(
        ("act", "args"), [(runs.react, ("samen",)), (runs.proceed, ()), (runs.retry, ())]
    )
    def test_what_this_page_does_not_offer_is_refused(
        self, garden: School, act, args: tuple[str, ...]
    ) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, runs.proceed)
        before = garden.run.state
        with pytest.raises(ToolError, match="step-impossible"):
            move(garden, tab, act, *args)
        assert garden.run.state == before

    def test_of_two_first_steps_at_once_one_is_stored(self, garden: School) -> None:
        who = player(garden, garden.launch("tuin"))
        here = positions.find(who)  # what both tabs have read
        assert runs._store(who, here, here.version_id, "first", garden.clock())
        db.session.commit()
        assert not runs._store(who, here, here.version_id, "second", garden.clock())
        assert garden.run.state == "first"

    def test_of_two_steps_at_once_one_is_stored(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, runs.proceed)
        who = player(garden, tab)
        here = positions.find(who)
        assert runs._store(who, here, here.version_id, "first", garden.clock())
        db.session.commit()
        assert not runs._store(who, here, here.version_id, "second", garden.clock())
        assert garden.run.state == "first"

    def test_a_run_stays_on_its_version_and_a_new_one_gets_the_newest(self, garden: School) -> None:
        move(garden, garden.launch("tuin", "anna"), runs.proceed)
        document = catalogue.find("tuin", garden.platform.id)
        garden.publish(document.model_copy(update={"title": "Nieuw"}))
        titles = [
            positions.find(player(garden, garden.launch("tuin", sub))).item.title
            for sub in ("anna", "ben")
        ]
        assert titles == ["De tuin", "Nieuw"]

    def test_a_link_that_opens_another_item_now_starts_that_one(self, garden: School) -> None:
        move(garden, garden.launch("tuin"), runs.proceed)
        garden.publish(MODULE)
        tab = garden.launch("wachten")
        who = player(garden, tab, "wachten")
        here = positions.find(who)
        assert (here.item.id, here.state, here.ended_at) == ("wachten", None, None)
        runs.finish(who, here.at, garden.clock())
        assert (garden.run.state, garden.run.version_id) == (None, here.version_id)

    @pytest.mark.parametrize(
        "state", ["", "{}", "x" * 9, '{"node":"nergens","flags":[],"route":[]}']
    )
    def test_a_stored_state_that_makes_no_sense_starts_afresh(
        self, garden: School, state: str
    ) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, runs.proceed)
        garden.run.state = state
        db.session.commit()
        assert where(garden, tab) == "hek"
        move(garden, tab, runs.proceed)
        assert where(garden, tab) == "groet"


class TestTheEnd:
    def test_the_way_is_wiped_and_the_completion_stored(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        assert garden.run.state is None
        assert garden.run.ended_at == garden.clock()
        [completion] = garden.completions
        assert completion.completed_at == garden.clock()

    def test_without_the_completion_the_run_does_not_end(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, runs.proceed)
        move(garden, tab, runs.react, "stil")
        move(garden, tab, runs.proceed)
        move(garden, tab, runs.proceed)
        move(garden, tab, runs.react, "weg")
        before = garden.run.state
        db.session.execute(
            text(
                "create trigger full before insert on completion "
                "begin select raise(abort, 'disk full'); end"
            )
        )
        db.session.commit()
        with pytest.raises(IntegrityError, match="disk full"):
            move(garden, tab, runs.proceed)
        db.session.rollback()
        assert (garden.run.state, garden.run.ended_at) == (before, None)
        assert player(garden, tab).farewell is None

    def test_only_the_tab_where_it_ended_can_show_the_way(self, garden: School) -> None:
        tab, other = garden.launch("tuin"), garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        ended = positions.farewell(player(garden, tab))
        assert [entry.choice for entry in engine.route_view(ended.item, ended.state)] == [
            "vraag",
            "samen",
        ]
        assert positions.farewell(player(garden, other)) is None
        sealed = player(garden, tab).farewell
        with pytest.raises(BrokenSeal):
            unseal_with(other.token, sealed)
        with pytest.raises(BrokenSeal):
            services().vault.unseal(sealed)

    def test_a_designer_plays_for_real_and_nothing_is_reported(self, garden: School) -> None:
        tab = garden.launch("tuin", designer=True)
        who = player(garden, tab, reports=False)
        while (here := positions.find(who)).state is not None:
            offered = engine.options(here.item, here.state)
            if offered and here.state.reaction is None:
                runs.react(who, here.at, offered[0].id, garden.clock())
            else:
                runs.proceed(who, here.at, garden.clock())
        assert garden.run.ended_at is not None
        assert garden.completions == []

    @pytest.mark.parametrize(
        ("rule", "reactions", "completed"),
        [
            ({"rule": "ending"}, ("vraag", "weg"), True),
            ({"rule": "named_endings", "endings": ["einde-lang"]}, ("vraag", "weg"), False),
            ({"rule": "named_endings", "endings": ["einde-lang"]}, ("stil", "los"), True),
            ({"rule": "required_nodes"}, ("vraag", "weg"), True),
            ({"rule": "reflection"}, ("vraag", "samen"), False),
            ({"rule": "self"}, ("vraag", "samen"), False),
            ({"rule": "none"}, ("vraag", "samen"), False),
        ],
    )
    def test_each_rule_decides_on_its_own(
        self, school: School, rule: dict[str, object], reactions: tuple[str, ...], completed: bool
    ) -> None:
        school.publish(with_rule(GARDEN, **rule))
        tab = school.launch("tuin")
        play(school, tab, *reactions)
        assert school.run.ended_at is not None
        assert bool(school.completions) is completed

    def test_required_parts_count_as_soon_as_they_are_passed(self, school: School) -> None:
        school.publish(with_rule(GARDEN, rule="required_nodes"))
        tab = school.launch("tuin")
        move(school, tab, runs.proceed)
        assert len(school.completions) == 1
        assert school.run.ended_at is None

    def test_with_the_rule_self_saying_so_completes_and_only_at_the_end(
        self, school: School
    ) -> None:
        school.publish(with_rule(GARDEN, rule="self"))
        tab = school.launch("tuin")
        runs.declare(player(school, tab), school.clock())
        assert school.completions == []
        play(school, tab, "vraag", "samen")
        runs.declare(player(school, tab), school.clock())
        assert len(school.completions) == 1

    def test_saying_so_means_nothing_with_another_rule(self, school: School) -> None:
        school.publish(with_rule(GARDEN, rule="none"))
        tab = school.launch("tuin")
        play(school, tab, "vraag", "samen")
        runs.declare(player(school, tab), school.clock())
        assert school.completions == []


class TestAgain:
    def test_from_the_beginning_on_the_newest_version(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        document = catalogue.find("tuin", garden.platform.id)
        garden.publish(document.model_copy(update={"title": "Nieuw"}))
        runs.replay(player(garden, tab), garden.clock())
        here = positions.find(player(garden, tab))
        assert (here.state.node, here.item.title, here.ended_at) == ("hek", "Nieuw", None)
        assert positions.farewell(player(garden, tab)) is None

    def test_from_an_offered_choice_with_the_way_that_led_there(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        document = catalogue.find("tuin", garden.platform.id)
        garden.publish(document.model_copy(update={"title": "Nieuw"}))
        runs.replay(player(garden, tab), garden.clock(), "afscheid")
        here = positions.find(player(garden, tab))
        assert (here.state.node, here.state.flags) == ("afscheid", {"rust"})
        assert here.item.title == "De tuin"  # the way belongs to the version it was walked in

    @pytest.mark.parametrize("node", ["hek", "terugblik", "nergens", ""])
    def test_not_from_what_the_ending_does_not_offer(self, garden: School, node: str) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        with pytest.raises(ToolError, match="step-impossible"):
            runs.replay(player(garden, tab), garden.clock(), node)
        assert garden.run.ended_at is not None

    def test_another_tab_does_not_know_the_way_and_starts_nothing(self, garden: School) -> None:
        play(garden, garden.launch("tuin"), "vraag", "samen")
        runs.replay(player(garden, garden.launch("tuin")), garden.clock(), "afscheid")
        assert garden.run.ended_at is not None

    def test_pressing_twice_starts_once(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        runs.replay(player(garden, tab), garden.clock())
        move(garden, tab, runs.proceed)
        runs.replay(player(garden, tab), garden.clock())
        assert where(garden, tab) == "groet"

    def test_nothing_says_how_often_somebody_played_or_when_it_was_first(
        self, garden: School
    ) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        first = garden.clock()
        for _ in range(3):
            garden.clock.turn(minutes=5)
            runs.replay(player(garden, tab), garden.clock())
            play(garden, tab, "stil", "weg")
        assert len(garden.rows(Run)) == 1
        [completion] = garden.completions
        assert completion.completed_at == first


class TestWithdrawn:
    def test_a_run_under_way_goes_on_and_no_new_one_starts(self, garden: School) -> None:
        under_way = garden.launch("tuin", "anna")
        move(garden, under_way, runs.proceed)
        catalogue.withdraw("tuin", garden.clock())
        db.session.commit()
        with pytest.raises(ToolError, match="item-withdrawn"):
            positions.find(player(garden, garden.launch("tuin", "ben")))
        move(garden, under_way, runs.react, "vraag")
        move(garden, under_way, runs.proceed)
        play(garden, under_way, "samen")
        assert len(garden.completions) == 1
        with pytest.raises(ToolError, match="item-withdrawn"):
            runs.replay(player(garden, under_way), garden.clock())

    def test_stopped_means_stopped(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, runs.proceed)
        catalogue.withdraw("tuin", garden.clock(), stop=True)
        db.session.commit()
        with pytest.raises(ToolError, match="item-withdrawn"):
            positions.find(player(garden, tab))

    def test_an_item_of_another_platform_is_unknown(self, garden: School) -> None:
        document = catalogue.find("tuin", garden.platform.id)
        catalogue.publish(document, garden.clock(), platform_ids=(garden.platform.id,))
        who = player(garden, garden.launch("tuin"))
        elsewhere = Player(
            **{name: getattr(who, name) for name in Player.__slots__}
            | {"platform_id": who.platform_id + 1}
        )
        assert positions.find(who).item.id == "tuin"
        with pytest.raises(ToolError, match="item-unknown"):
            positions.find(elsewhere)


class TestMicroModule:
    @pytest.fixture(autouse=True)
    def module(self, school: School) -> None:
        school.publish(MODULE)

    def finish(self, school: School, tab: Browser) -> None:
        who = player(school, tab, "wachten")
        runs.finish(who, positions.find(who).at, school.clock())

    @pytest.mark.parametrize(
        ("rule", "completed"),
        [("required_nodes", True), ("self", True), ("reflection", False), ("none", False)],
    )
    def test_each_rule_decides_on_its_own(self, school: School, rule: str, completed: bool) -> None:
        school.publish(with_rule(MODULE, rule=rule))
        self.finish(school, school.launch("wachten"))
        assert school.run.ended_at == school.clock()
        assert bool(school.completions) is completed

    def test_pressing_twice_ends_once(self, school: School) -> None:
        tab = school.launch("wachten")
        who = player(school, tab, "wachten")
        at = positions.find(who).at
        runs.finish(who, at, school.clock())
        ended = school.clock()
        school.clock.turn(minutes=1)
        runs.finish(who, at, school.clock())
        assert school.run.ended_at == ended

    def test_looking_again_opens_it_and_it_can_be_finished_again(self, school: School) -> None:
        tab = school.launch("wachten")
        self.finish(school, tab)
        runs.replay(player(school, tab, "wachten"), school.clock())
        assert positions.find(player(school, tab, "wachten")).ended_at is None
        self.finish(school, tab)
        assert len(school.completions) == 1

    def test_it_has_no_steps(self, school: School) -> None:
        who = player(school, school.launch("wachten"), "wachten")
        with pytest.raises(ToolError, match="step-impossible"):
            runs.proceed(who, positions.find(who).at, school.clock())


class TestReflections:
    def keep(self, school: School, tab: Browser, text: str, place: str = "terugblik") -> None:
        reflections.keep(player(school, tab), services().vault, place, text, school.clock())

    def test_a_saved_text_is_sealed_and_shown_to_its_writer(self, garden: School) -> None:
        tab = garden.launch("tuin")
        self.keep(garden, tab, "Vraag eerst.")
        [row] = garden.reflections
        assert "Vraag" not in row.sealed_text
        here = positions.find(player(garden, tab))
        assert reflections.texts(services().vault, here) == {"terugblik": "Vraag eerst."}
        other = positions.find(player(garden, garden.launch("tuin", "ben")))
        assert reflections.texts(services().vault, other) == {}

    def test_saving_again_replaces_and_erasing_erases(self, garden: School) -> None:
        tab = garden.launch("tuin")
        self.keep(garden, tab, "Eén")
        self.keep(garden, tab, "Twee")
        here = positions.find(player(garden, tab))
        assert reflections.texts(services().vault, here) == {"terugblik": "Twee"}
        reflections.forget(player(garden, tab), "terugblik")
        assert garden.reflections == []

    @pytest.mark.parametrize(
        ("place", "words", "code"),
        [
            ("hek", "tekst", "step-impossible"),
            ("nergens", "tekst", "step-impossible"),
            ("terugblik", "x" * (reflections.LONGEST + 1), "too-large"),
        ],
    )
    def test_only_where_one_can_reflect_and_only_so_much(
        self, garden: School, place: str, words: str, code: str
    ) -> None:
        with pytest.raises(ToolError, match=code):
            self.keep(garden, garden.launch("tuin"), words, place)
        assert garden.reflections == []

    def test_nothing_written_is_nothing_saved(self, garden: School) -> None:
        self.keep(garden, garden.launch("tuin"), "  \n ")
        assert garden.reflections == []

    def test_with_the_rule_reflection_saving_completes_whatever_it_says(
        self, school: School
    ) -> None:
        school.publish(with_rule(GARDEN, rule="reflection"))
        tab = school.launch("tuin")
        self.keep(school, tab, "x")
        assert len(school.completions) == 1

    def test_a_text_saved_through_another_link_counts_at_the_end(self, school: School) -> None:
        school.publish(with_rule(GARDEN, rule="reflection"))
        self.keep(school, school.launch("tuin", link="1"), "x")
        tab = school.launch("tuin", link="2")
        play(school, tab, "vraag", "samen")
        assert len(school.completions) == 2


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_pressed_in_two_tabs_there_is_one_run_that_makes_sense(
    garden: School, seed: int
) -> None:
    """Random moves, also with forms of pages that have passed, in two tabs of one person."""
    dice = random.Random(seed)
    tabs = [garden.launch("tuin"), garden.launch("tuin")]
    forms: list[str] = [""]
    for _ in range(60):
        who = player(garden, dice.choice(tabs))
        here = positions.find(who)
        forms.append(here.at)
        at = dice.choice([here.at, here.at, dice.choice(forms)])
        act = dice.choice(["react", "react", "proceed", "proceed", "retry", "replay"])
        try:
            if act == "replay":
                runs.replay(who, garden.clock(), dice.choice([None, "groet", "hek"]))
            elif act == "react":
                choice = dice.choice(["vraag", "stil", "samen", "los", "weg"])
                runs.react(who, at, choice, garden.clock())
            else:
                getattr(runs, act)(who, at, garden.clock())
        except ToolError as refused:
            assert refused.code == "step-impossible"
            db.session.rollback()
        run = garden.run
        if run is None:
            continue
        assert (run.state is None) is (run.ended_at is not None)
        if run.state is not None:
            assert engine.fits(here.item, engine.load(run.state))
    assert garden.completions == [] or len(garden.completions) == 1
