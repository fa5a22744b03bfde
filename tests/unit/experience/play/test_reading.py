"""Runs of a micro-module: looked at, finished, looked at again."""

import pytest
from moves import act, find, player, replay
from visits import MODULE, Browser, School, with_rule

from lti_tool.clock import full_hour
from lti_tool.errors import ToolError


@pytest.fixture(autouse=True)
def module(school: School) -> None:
    school.publish(MODULE)


def finish(school: School, tab: Browser) -> None:
    who = player(school, tab, "wachten")
    act(school, who, find(who).at, "finish")


@pytest.mark.parametrize(
    ("rule", "completed"),
    [("required_nodes", True), ("self", True), ("reflection", False), ("none", False)],
)
def test_each_rule_decides_on_its_own(school: School, rule: str, completed: bool) -> None:
    school.publish(with_rule(MODULE, rule=rule))
    finish(school, school.launch("wachten"))
    assert school.run.ended_at == full_hour(school.clock())
    assert bool(school.completions) is completed


def test_pressing_twice_ends_once(school: School) -> None:
    tab = school.launch("wachten")
    who = player(school, tab, "wachten")
    at = find(who).at
    act(school, who, at, "finish")
    ended = full_hour(school.clock())
    school.clock.turn(hours=1)
    act(school, who, at, "finish")
    assert school.run.ended_at == ended


def test_looking_again_opens_it_and_it_can_be_finished_again(school: School) -> None:
    tab = school.launch("wachten")
    finish(school, tab)
    replay(school, player(school, tab, "wachten"))
    assert find(player(school, tab, "wachten")).ended_at is None
    finish(school, tab)
    assert len(school.completions) == 1


def test_it_has_no_steps(school: School) -> None:
    who = player(school, school.launch("wachten"), "wachten")
    with pytest.raises(ToolError, match="step-impossible"):
        act(school, who, find(who).at, "proceed")
