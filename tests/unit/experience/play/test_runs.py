"""Runs: nothing before the first step, one move at a time, nothing left after the end."""

import random

import pytest
from moves import act, find, move, play, player, replay, runs
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from visits import GARDEN, MODULE, Browser, School, with_rule

from lti_tool.clock import full_hour
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.library import catalogue, publishing
from lti_tool.experience.play import engine
from lti_tool.experience.play.models import Run
from lti_tool.experience.play.positions import Player, Position
from lti_tool.experience.play.reading import Reading
from lti_tool.services import services
from lti_tool.vault import BrokenSeal, unseal_with

DISK_FULL = {
    "sqlite": (
        "create trigger no_room before insert on completion "
        "begin select raise(abort, 'disk full'); end",
    ),
    "postgresql": (
        "create function no_room() returns trigger language plpgsql as "
        "'begin raise exception ''disk full''; end'",
        "create trigger no_room before insert on completion "
        "for each row execute function no_room()",
    ),
}
"""What makes storing a completion fail."""


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


def where(school: School, tab: Browser) -> str | None:
    place = find(player(school, tab)).place
    return None if place is None else place.node


def declare(school: School, who: Player) -> None:
    runs().declare(db.session(), who, school.clock())
    db.session.commit()


def stored(school: School) -> engine.State:
    """Where the only run is, as it is stored."""
    return engine.load(services().vault.unseal(school.run.state))


def store(school: School, who: Player, here: Position) -> bool:
    """Write the present place again, as a move that read this position would."""
    return runs()._store(
        db.session(),
        who,
        here,
        version_id=here.version_id,
        place=here.place,
        now=school.clock(),
        ended=False,
    )


class TestOnTheWay:
    def test_looking_stores_nothing(self, garden: School) -> None:
        assert where(garden, garden.launch("tuin")) == "hek"
        assert garden.run is None

    def test_the_first_step_stores_where_the_learner_is(self, garden: School) -> None:
        move(garden, garden.launch("tuin"), "proceed")
        assert stored(garden).node == "groet"
        assert garden.run.touched_at == full_hour(garden.clock())

    def test_another_tab_resumes_at_the_same_place(self, garden: School) -> None:
        first = garden.launch("tuin")
        move(garden, first, "proceed")
        move(garden, first, "react", "vraag")
        here = find(player(garden, garden.launch("tuin")))
        assert (here.place.node, here.place.reaction) == ("groet", "vraag")

    def test_a_reaction_can_be_taken_back(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, "proceed")
        move(garden, tab, "react", "vraag")
        move(garden, tab, "retry")
        state = find(player(garden, tab)).place
        assert (state.node, state.reaction, state.flags) == ("groet", None, frozenset())

    @pytest.mark.parametrize("name", ["proceed", "retry"])
    def test_a_form_of_an_earlier_page_changes_nothing(self, garden: School, name: str) -> None:
        tab = garden.launch("tuin")
        old = find(player(garden, tab)).at
        move(garden, tab, "proceed")
        before = garden.run.state
        act(garden, player(garden, tab), old, name)
        assert garden.run.state == before

    def test_the_same_form_twice_is_one_step(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, "proceed")
        who = player(garden, tab)
        at = find(who).at
        act(garden, who, at, "react", "vraag")
        act(garden, who, at, "react", "stil")
        assert stored(garden).reaction == "vraag"

    @pytest.mark.parametrize(
        ("name", "args"), [("react", ("samen",)), ("proceed", ()), ("retry", ())]
    )
    def test_what_this_page_does_not_offer_is_refused(
        self, garden: School, name: str, args: tuple[str, ...]
    ) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, "proceed")
        before = garden.run.state
        with pytest.raises(ToolError, match="step-impossible"):
            move(garden, tab, name, *args)
        assert garden.run.state == before

    def test_of_two_first_steps_at_once_one_is_stored(self, garden: School) -> None:
        who = player(garden, garden.launch("tuin"))
        here = find(who)  # what both tabs have read
        assert store(garden, who, here)
        db.session.commit()
        first = garden.run.state
        assert not store(garden, who, here)
        assert garden.run.state == first

    def test_of_two_steps_at_once_one_is_stored(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, "proceed")
        who = player(garden, tab)
        here = find(who)
        assert store(garden, who, here)
        db.session.commit()
        first = garden.run.state
        assert not store(garden, who, here)
        assert garden.run.state == first

    def test_a_run_stays_on_its_version_and_a_new_one_gets_the_newest(self, garden: School) -> None:
        move(garden, garden.launch("tuin", "anna"), "proceed")
        document = catalogue.find(db.session(), "tuin", garden.platform.id)
        garden.publish(document.model_copy(update={"title": "Nieuw"}))
        titles = [
            find(player(garden, garden.launch("tuin", sub))).item.title for sub in ("anna", "ben")
        ]
        assert titles == ["De tuin", "Nieuw"]

    def test_a_link_that_opens_another_item_now_starts_that_one(self, garden: School) -> None:
        move(garden, garden.launch("tuin"), "proceed")
        garden.publish(MODULE)
        tab = garden.launch("wachten")
        who = player(garden, tab, "wachten")
        here = find(who)
        assert (here.item.id, here.place, here.ended_at) == ("wachten", Reading(), None)
        act(garden, who, here.at, "finish")
        garden_run, module_run = garden.rows(Run)
        assert garden_run.state is not None
        assert (module_run.state, module_run.version_id) == (None, here.version_id)

    @pytest.mark.parametrize(
        "state", ["", "{}", "x" * 9, '{"node":"nergens","flags":[],"route":[]}']
    )
    def test_a_stored_state_that_makes_no_sense_starts_afresh(
        self, garden: School, state: str
    ) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, "proceed")
        garden.run.state = services().vault.seal(state)
        db.session.commit()
        assert where(garden, tab) == "hek"
        move(garden, tab, "proceed")
        assert where(garden, tab) == "groet"


class TestTheEnd:
    def test_the_way_is_wiped_and_the_completion_stored(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        assert garden.run.state is None
        assert garden.run.ended_at == full_hour(garden.clock())
        [completion] = garden.completions
        assert completion.completed_at == garden.clock()

    def test_without_the_completion_the_run_does_not_end(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, "proceed")
        move(garden, tab, "react", "stil")
        move(garden, tab, "proceed")
        move(garden, tab, "proceed")
        move(garden, tab, "react", "weg")
        before = garden.run.state
        for words in DISK_FULL[db.engine.dialect.name]:
            db.session.execute(text(words))
        db.session.commit()
        with pytest.raises(DBAPIError, match="disk full"):
            move(garden, tab, "proceed")
        db.session.rollback()
        assert (garden.run.state, garden.run.ended_at) == (before, None)
        assert garden.run.farewell is None

    def test_only_the_tab_where_it_ended_can_show_the_way(self, garden: School) -> None:
        tab, other = garden.launch("tuin"), garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        ended = find(player(garden, tab))
        assert [entry.choice for entry in engine.route_view(ended.item, ended.place)] == [
            "vraag",
            "samen",
        ]
        assert find(player(garden, other)).place is None
        sealed = garden.run.farewell
        with pytest.raises(BrokenSeal):
            unseal_with(other.token, sealed)
        with pytest.raises(BrokenSeal):
            services().vault.unseal(sealed)

    def test_a_designer_plays_for_real_and_nothing_is_reported(self, garden: School) -> None:
        tab = garden.launch("tuin", designer=True)
        who = player(garden, tab, reports=False)
        while (here := find(who)).ended_at is None:
            offered = engine.options(here.item, here.place)
            if offered and here.place.reaction is None:
                act(garden, who, here.at, "react", offered[0].id)
            else:
                act(garden, who, here.at, "proceed")
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
        move(school, tab, "proceed")
        assert len(school.completions) == 1
        assert school.run.ended_at is None

    def test_with_the_rule_self_saying_so_completes_and_only_at_the_end(
        self, school: School
    ) -> None:
        school.publish(with_rule(GARDEN, rule="self"))
        tab = school.launch("tuin")
        declare(school, player(school, tab))
        assert school.completions == []
        play(school, tab, "vraag", "samen")
        declare(school, player(school, tab))
        assert len(school.completions) == 1

    def test_saying_so_means_nothing_with_another_rule(self, school: School) -> None:
        school.publish(with_rule(GARDEN, rule="none"))
        tab = school.launch("tuin")
        play(school, tab, "vraag", "samen")
        declare(school, player(school, tab))
        assert school.completions == []


class TestAgain:
    def test_from_the_beginning_on_the_newest_version(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        document = catalogue.find(db.session(), "tuin", garden.platform.id)
        garden.publish(document.model_copy(update={"title": "Nieuw"}))
        replay(garden, player(garden, tab))
        here = find(player(garden, tab))
        assert (here.place.node, here.item.title, here.ended_at) == ("hek", "Nieuw", None)
        assert garden.run is None or garden.run.farewell is None

    def test_from_an_offered_choice_with_the_way_that_led_there(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        document = catalogue.find(db.session(), "tuin", garden.platform.id)
        garden.publish(document.model_copy(update={"title": "Nieuw"}))
        replay(garden, player(garden, tab), "afscheid")
        here = find(player(garden, tab))
        assert (here.place.node, here.place.flags) == ("afscheid", {"rust"})
        assert here.item.title == "De tuin"  # the way belongs to the version it was walked in

    @pytest.mark.parametrize("node", ["hek", "terugblik", "nergens", ""])
    def test_not_from_what_the_ending_does_not_offer(self, garden: School, node: str) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        with pytest.raises(ToolError, match="step-impossible"):
            replay(garden, player(garden, tab), node)
        assert garden.run.ended_at is not None

    def test_another_tab_does_not_know_the_way_and_starts_nothing(self, garden: School) -> None:
        play(garden, garden.launch("tuin"), "vraag", "samen")
        replay(garden, player(garden, garden.launch("tuin")), "afscheid")
        assert garden.run.ended_at is not None

    def test_pressing_twice_starts_once(self, garden: School) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        replay(garden, player(garden, tab))
        move(garden, tab, "proceed")
        replay(garden, player(garden, tab))
        assert where(garden, tab) == "groet"

    def test_nothing_says_how_often_somebody_played_or_when_it_was_first(
        self, garden: School
    ) -> None:
        tab = garden.launch("tuin")
        play(garden, tab, "vraag", "samen")
        first = garden.clock()
        for _ in range(3):
            garden.clock.turn(minutes=5)
            replay(garden, player(garden, tab))
            play(garden, tab, "stil", "weg")
        assert len(garden.rows(Run)) == 1
        [completion] = garden.completions
        assert completion.completed_at == first


class TestWithdrawn:
    def test_a_run_under_way_goes_on_and_no_new_one_starts(self, garden: School) -> None:
        under_way = garden.launch("tuin", "anna")
        move(garden, under_way, "proceed")
        publishing.withdraw(db.session(), "tuin", garden.clock())
        db.session.commit()
        with pytest.raises(ToolError, match="item-withdrawn"):
            find(player(garden, garden.launch("tuin", "ben")))
        move(garden, under_way, "react", "vraag")
        move(garden, under_way, "proceed")
        play(garden, under_way, "samen")
        assert len(garden.completions) == 1
        with pytest.raises(ToolError, match="item-withdrawn"):
            replay(garden, player(garden, under_way))

    def test_stopped_means_stopped(self, garden: School) -> None:
        tab = garden.launch("tuin")
        move(garden, tab, "proceed")
        publishing.withdraw(db.session(), "tuin", garden.clock(), stop=True)
        db.session.commit()
        with pytest.raises(ToolError, match="item-withdrawn"):
            find(player(garden, tab))

    def test_an_item_of_another_platform_is_unknown(self, garden: School) -> None:
        document = catalogue.find(db.session(), "tuin", garden.platform.id)
        publishing.publish(
            db.session(), document, garden.clock(), platform_ids=(garden.platform.id,)
        )
        who = player(garden, garden.launch("tuin"))
        elsewhere = Player(
            **{name: getattr(who, name) for name in Player.__slots__}
            | {"platform_id": who.platform_id + 1}
        )
        assert find(who).item.id == "tuin"
        with pytest.raises(ToolError, match="item-unknown"):
            find(elsewhere)


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
        here = find(who)
        forms.append(here.at)
        at = dice.choice([here.at, here.at, dice.choice(forms)])
        name = dice.choice(["react", "react", "proceed", "proceed", "retry", "replay"])
        try:
            if name == "replay":
                replay(garden, who, dice.choice([None, "groet", "hek"]))
            elif name == "react":
                choice = dice.choice(["vraag", "stil", "samen", "los", "weg"])
                act(garden, who, at, "react", choice)
            else:
                act(garden, who, at, name)
        except ToolError as refused:
            assert refused.code == "step-impossible"
            db.session.rollback()
        run = garden.run
        if run is None:
            continue
        assert (run.state is None) is (run.ended_at is not None)
        if run.state is not None:
            assert engine.fits(here.item, stored(garden))
    assert garden.completions == [] or len(garden.completions) == 1
