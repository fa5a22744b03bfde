"""What the checks accept can be played, and what they refuse cannot, on random graphs.

The checks work on whole sets of flag sets at once. Here a plain walk over single (node, flags)
pairs says the same of the same graphs, and the engine plays them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from graphs import all_from, graphs, on_from
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.experience.checks.all import check
from lti_tool.experience.document.model import ChoiceNode, Ending, Experience, Route
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import NotPossible, State, Step

TODAY = date(2026, 11, 21)


def nodes_with(item: Experience, *codes: str) -> set[str | None]:
    found = check(item, today=TODAY, exists=None)
    return {each.node for each in found if each.code in codes}


@settings(max_examples=400, deadline=None)
@given(graphs(playable=False))
def test_checks_find_exactly_what_a_walk_over_single_states_finds(item: Experience) -> None:
    reached = all_from(item, ("n0", frozenset()))
    assert nodes_with(item, "E8") == set(item.nodes) - {name for name, _ in reached}

    choices = {name for name, node in item.nodes.items() if isinstance(node, ChoiceNode)}
    stuck = {pair for pair in reached if pair[0] in choices and not on_from(item, pair)}
    assert nodes_with(item, "E12") == {name for name, _ in stuck}

    endings = {name for name, node in item.nodes.items() if isinstance(node, Ending)}
    codes = {each.code for each in check(item, today=TODAY, exists=None)}
    assert ("E10" in codes) == (not endings)
    trapped = {
        pair[0]
        for pair in reached
        if not any(end[0] in endings or end in stuck for end in all_from(item, pair))
    }
    expected = trapped - {name for name, _ in stuck} if endings else set()
    assert nodes_with(item, "E9") == expected


@settings(max_examples=400, deadline=None)
@given(graphs(playable=False))
def test_a_condition_is_called_useless_exactly_when_it_is(item: Experience) -> None:
    reached = all_from(item, ("n0", frozenset()))
    always: set[tuple[object, ...]] = set()
    never: set[tuple[object, ...]] = set()
    for name, node in item.nodes.items():
        arriving = [flags for at, flags in reached if at == name]
        left = list(arriving)
        options = getattr(node, "choices", None) or getattr(node, "cases", ())
        group = "choices" if isinstance(node, ChoiceNode) else "cases"
        for index, option in enumerate(options):
            if option.when is None or not arriving:
                continue
            place = ("nodes", name, group, index, "when")
            if not any(option.when.holds(flags) for flags in left):
                never.add(place)
            elif all(option.when.holds(flags) for flags in arriving):
                always.add(place)
            if isinstance(node, Route):
                left = [flags for flags in left if not option.when.holds(flags)]
    found = check(item, today=TODAY, exists=None)
    assert {each.path for each in found if each.kind == "W2"} == always
    assert {each.path for each in found if each.kind == "W2.never"} == never


def moves(item: Experience, state: State) -> Iterator[State]:
    """Yield every state one move further, over all moves there are."""
    for choice in engine.options(item, state):
        yield from tried(engine.react, item, state, choice.id)
    yield from tried(engine.retry, item, state)
    yield from tried(engine.proceed, item, state)
    for node in item.nodes:
        yield from tried(engine.retry_from, item, state, node)


def tried(move: Any, item: Experience, *given: Any) -> list[State]:
    try:
        return [move(item, *given)]
    except NotPossible:
        return []


def replayed_flags(item: Experience, state: State) -> frozenset[str]:
    """Collect flags from the route, independently of the engine."""
    taken = [*state.route, Step(state.node, state.reaction)]
    return frozenset(
        flag
        for step in taken
        for choice in getattr(item.nodes[step.node], "choices", ())
        if choice.id == step.choice
        for flag in choice.set
    )


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_way_through_keeps_its_promises(data: st.DataObject) -> None:
    item = data.draw(graphs(playable=True))
    assert nodes_with(item, "E9", "E12") == set()
    state = engine.start(item)
    for _ in range(data.draw(st.integers(0, 15))):
        following = list(moves(item, state))
        if not following:
            break
        state = data.draw(st.sampled_from(following))
        assert not isinstance(item.nodes[state.node], Route)
        assert state.flags == replayed_flags(item, state)
        assert engine.fits(item, state)
        assert engine.load(engine.dump(state)) == state
        if state.reaction is None:
            for choice in engine.options(item, state):
                undone = engine.retry(item, engine.react(item, state, choice.id))
                assert replace(undone, tried=state.tried) == state
                assert set(undone.tried) == {*state.tried, choice.id}
        assert engine.completion_met(item, state) is engine.is_ending(item, state)
        for step in range(len(state.route)):
            then = engine.at_step(item, state, step)
            assert engine.fits(item, then)
            assert then.route == state.route[:step]
    assert can_end(item, state)


def can_end(item: Experience, state: State) -> bool:
    """Whether going on and reacting, as the engine allows it, can lead to an ending."""
    seen, todo = set(), [state]
    while todo:
        at = todo.pop()
        if engine.is_ending(item, at):
            return True
        if (at.node, at.flags, at.reaction) not in seen:
            seen.add((at.node, at.flags, at.reaction))
            todo += tried(engine.proceed, item, at)
            if at.reaction is None:
                reactions = engine.options(item, at)
                todo += [engine.react(item, at, choice.id) for choice in reactions]
    return False


names = st.sampled_from(["n0", "n1", "n2", "n5", "weg", "c0", "c1", "f0"])
steps = st.builds(Step, names, st.none() | names)
any_state = st.builds(
    lambda node, flags, route, reaction, tried, sure: State(
        node,
        flags,
        route,
        reaction,
        tuple({**dict.fromkeys(tried), reaction: None} if reaction else dict.fromkeys(tried)),
        sure,
    ),
    names,
    st.frozensets(names),
    st.lists(steps, max_size=4).map(tuple),
    st.none() | names,
    st.lists(names, max_size=3),
    st.none() | st.sampled_from(engine.SURE),
)


@settings(max_examples=300, deadline=None)
@given(graphs(playable=False), any_state, names)
def test_a_state_from_anywhere_is_played_or_refused(
    item: Experience, state: State, name: str
) -> None:
    """Whatever a stored state says, only `NotPossible` comes out, and `fits` only says no."""
    assert engine.load(engine.dump(state)) == state
    tried(engine.start, item)
    tried(engine.options, item, state)
    tried(engine.react, item, state, name)
    tried(engine.retry, item, state)
    tried(engine.proceed, item, state)
    tried(engine.retry_from, item, state, name)
    tried(engine.is_ending, item, state)
    tried(engine.completion_met, item, state)
    tried(engine.route_view, item, state)
    tried(engine.at_step, item, state, 0)
    if engine.fits(item, state):
        assert state.flags == replayed_flags(item, state)
