"""Playing an experience: one learner's way through the graph, as values without side effects.

A `State` is where a learner is; every move gives a new one or raises `NotPossible`. The flags of
a state always equal what replaying its route gives, so going back needs no memory of its own.
Nothing here counts, sums or compares: there is no number in a state.
"""

import json
import re
from dataclasses import dataclass, replace

from lti_tool.experience.document import passages
from lti_tool.experience.document.fields import SLUG_PATTERN
from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Effect,
    Ending,
    Experience,
    Node,
    Route,
)

# A way through the longest allowed document, with room for loops; beyond it a run must start over.
MAX_STEPS = 2000
_LONGEST_DUMP = 512 * 1024
_IS_NAME = re.compile(SLUG_PATTERN).fullmatch


@dataclass(frozen=True, slots=True)
class Step:
    """One node passed, and the reaction chosen there if it was a choice.

    `first` is the reaction that was tried first there, where one went on with another.
    """

    node: str
    choice: str | None = None
    first: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a learner is, with the flags that hold and the nodes passed before, in order.

    `reaction` is the reaction taken at the current choice node, whose feedback is on screen;
    `tried` holds it and those that were taken back here, in order; `sure` is how sure the learner
    said to be of it. Neither outlives this node; the first reaction goes along with its step.
    Invisible route nodes are never part of a state.
    """

    node: str
    flags: frozenset[str]
    route: tuple[Step, ...]
    reaction: str | None = None
    tried: tuple[str, ...] = ()
    sure: str | None = None


SURE = ("guessing", "doubting", "fairly", "very")
"""How sure somebody can say to be of a reaction, where an item asks; shown beside the feedback."""


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """One choice on the learner's own way: the node, what was chosen, and what it did."""

    node: str
    title: str
    choice: str
    text: str
    effect: Effect
    grow: str


class NotPossible(Exception):
    """A move that this state does not offer, or a stored state that makes no sense."""


def start(item: Experience) -> State:
    """Give the state in which every run begins."""
    return State(_visible(item, item.start, frozenset()), frozenset(), ())


def options(item: Experience, state: State) -> tuple[Choice, ...]:
    """Give the reactions offered at this node, in document order; none where it is no choice.

    They do not change when a reaction is taken: its flags only count after this node.
    """
    node = _node(item, state.node)
    if not isinstance(node, ChoiceNode):
        return ()
    flags = flags_before(item, state)
    return tuple(c for c in node.choices if c.when is None or c.when.holds(flags))


def react(item: Experience, state: State, choice_id: str, sure: str = "") -> State:
    """Take a reaction: it and its flags become part of the state; the node stays.

    Raises `NotPossible` if it is not offered, or if a reaction was taken (`retry` first).
    """
    if state.reaction is not None:
        raise NotPossible("a reaction was already taken here")
    for choice in options(item, state):
        if choice.id == choice_id:
            return replace(
                state,
                flags=state.flags | set(choice.set),
                reaction=choice.id,
                tried=tuple(dict.fromkeys([*state.tried, choice.id])),
                sure=sure if sure in SURE else None,
            )
    raise NotPossible("this reaction is not offered here")


def retry(item: Experience, state: State) -> State:
    """Undo the reaction and its flags, to try another one at the same node."""
    if state.reaction is None:
        raise NotPossible("there is no reaction to undo")
    return replace(state, flags=flags_before(item, state), reaction=None, sure=None)


def proceed(item: Experience, state: State) -> State:
    """Go on to the next visible node; from a choice only after a reaction."""
    node = _node(item, state.node)
    if isinstance(node, Ending | Route):
        raise NotPossible("there is no way on from here")
    if len(state.route) >= MAX_STEPS:
        raise NotPossible("this way has become too long")
    if isinstance(node, ChoiceNode):
        if state.reaction is None:
            raise NotPossible("choose a reaction first")
        target = _choice(node, state.reaction).next
    else:
        target = node.next
    first = next(iter(state.tried), None)
    step = Step(state.node, state.reaction, first if first != state.reaction else None)
    there = _visible(item, target, state.flags)
    return State(there, state.flags, (*state.route, step))


def retry_from(item: Experience, state: State, node: str) -> State:
    """From an ending, go back to a choice it offers on the own route, with the flags of then.

    If the way came past that choice more than once, the last time counts.
    """
    ending = _node(item, state.node)
    if not isinstance(ending, Ending) or node not in ending.offer_retry:
        raise NotPossible("this ending does not offer that choice")
    for index in reversed(range(len(state.route))):
        if state.route[index].node == node:
            before = state.route[:index]
            return State(node, flags_after(item, before), before)
    raise NotPossible("that choice is not on this way")


def at_step(item: Experience, state: State, step: int) -> State:
    """Give the state in which the learner was at an earlier step of this way, from 0.

    Raises `NotPossible` for a step that this way does not have.
    """
    if step == len(state.route):
        return state
    if not 0 <= step < len(state.route):
        raise NotPossible("this way has no such step")
    before, passed = state.route[:step], state.route[step]
    tried = () if passed.choice is None else (passed.choice,)
    return State(passed.node, flags_after(item, (*before, passed)), before, passed.choice, tried)


def flags_after(item: Experience, steps: tuple[Step, ...]) -> frozenset[str]:
    """Give the flags that these steps, taken from the start, have set.

    So `flags_after(item, state.route[:n])` are those with which step `n` of a way was met, and
    `flags_after(item, state.route[: n + 1])` those with which its feedback was read.
    """
    flags: set[str] = set()
    for step in steps:
        node = _node(item, step.node)
        if isinstance(node, ChoiceNode):
            flags.update(_choice(node, step.choice).set)
    return frozenset(flags)


def flags_before(item: Experience, state: State) -> frozenset[str]:
    """Give the flags with which the present node was met: those that its own texts are read with.

    `state.flags` counts the reaction taken here too; feedback is read with those.
    """
    return state.flags if state.reaction is None else flags_after(item, state.route)


def is_ending(item: Experience, state: State) -> bool:
    """Whether the learner is at an ending."""
    return isinstance(_node(item, state.node), Ending)


def completion_met(
    item: Experience, state: State, *, reflected: bool = False, declared: bool = False
) -> bool:
    """Whether the item's completion rule is met on this way.

    `reflected`: the learner saved a reflection that is not empty; `declared`: the learner said to
    be done. Which ending or which reactions never matters, except for `named_endings`.
    """
    at_ending = is_ending(item, state)
    match item.completion.rule:
        case "ending":
            return at_ending
        case "named_endings":
            return at_ending and state.node in item.completion.endings
        case "required_nodes":
            passed = {step.node for step in state.route}
            if at_ending or state.reaction is not None:
                passed.add(state.node)
            nodes = item.nodes.items()
            required = {n for n, node in nodes if not isinstance(node, Route) and node.required}
            return bool(required) and required <= passed
        case "reflection":
            return reflected
        case "self":
            return declared
    return False


def first_reactions(state: State) -> dict[str, str]:
    """Give, for each choice on this way, the reaction tried first when it was first passed."""
    firsts: dict[str, str] = {}
    for step in state.route:
        if step.choice is not None:
            firsts.setdefault(step.node, step.first or step.choice)
    return firsts


def route_view(item: Experience, state: State) -> tuple[RouteEntry, ...]:
    """Give the choices on the learner's own way, for the closing page. Nothing is added up."""
    entries = []
    for index, step in enumerate(state.route):
        node = _node(item, step.node)
        if isinstance(node, ChoiceNode):
            choice = _choice(node, step.choice)
            said = choice.feedback
            grow = passages.written(said.grow, flags_after(item, state.route[: index + 1]))
            entries.append(
                RouteEntry(step.node, node.title, choice.id, choice.text, said.effect, grow)
            )
    return tuple(entries)


def dump(state: State) -> str:
    """Write a state as compact JSON, for storing a run."""
    route = [[part for part in (s.node, s.choice, s.first) if part] for s in state.route]
    data: dict[str, object] = {"node": state.node, "flags": sorted(state.flags), "route": route}
    if state.reaction is not None:
        data["reaction"] = state.reaction
    if state.tried:
        data["tried"] = state.tried
    if state.sure is not None:
        data["sure"] = state.sure
    return json.dumps(data, separators=(",", ":"))


def load(text: str) -> State:
    """Read what `dump` wrote. Raises `NotPossible` on anything else; `fits` looks at the item."""
    try:
        if len(text) > _LONGEST_DUMP:
            raise NotPossible("this state is too long")
        data = json.loads(text)
        node, flags, route = data["node"], data["flags"], data["route"]
        if not isinstance(flags, list) or not isinstance(route, list) or len(route) > MAX_STEPS:
            raise NotPossible("this is not a state")
        steps = tuple(_step(step) for step in route)
        reaction = _name(data["reaction"]) if "reaction" in data else None
        tried = tuple(
            _name(one) for one in data.get("tried", () if reaction is None else [reaction])
        )
        return State(
            _name(node),
            frozenset(_name(flag) for flag in flags),
            steps,
            reaction,
            tried,
            data["sure"] if data.get("sure") in SURE else None,
        )
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise NotPossible("this is not a state") from error


def fits(item: Experience, state: State) -> bool:
    """Whether this state can be reached in this version: its route replayed gives just it."""
    try:
        replayed = start(item)
        for step in state.route:
            if replayed.node != step.node:
                return False
            if step.first is not None:
                replayed = retry(item, react(item, replayed, step.first))
            if step.choice is not None:
                replayed = react(item, replayed, step.choice)
            replayed = proceed(item, replayed)
        offered = {choice.id for choice in options(item, replayed)}
        if state.reaction is not None:
            replayed = react(item, replayed, state.reaction)
    except NotPossible:
        return False
    if len(set(state.tried)) < len(state.tried) or not offered.issuperset(state.tried):
        return False
    if state.reaction is None and state.sure is not None:
        return False
    if state.reaction is not None and state.reaction not in state.tried:
        return False
    return replace(replayed, tried=state.tried, sure=state.sure) == state


def _step(value: object) -> Step:
    """Read `[node]`, `[node, choice]` or `[node, choice, first]`."""
    if isinstance(value, list) and len(value) in (1, 2, 3):
        return Step(*(_name(part) for part in value))
    raise ValueError("not a step")


def _name(value: object) -> str:
    """Let an id through and nothing else."""
    if isinstance(value, str) and len(value) <= 64 and _IS_NAME(value):
        return value
    raise ValueError("not an id")


def _node(item: Experience, name: str) -> Node:
    node = item.nodes.get(name)
    if node is None:
        raise NotPossible("this node is not in this version")
    return node


def _choice(node: ChoiceNode, choice_id: str | None) -> Choice:
    for choice in node.choices:
        if choice.id == choice_id:
            return choice
    raise NotPossible("this reaction is not in this version")


def _visible(item: Experience, name: str, flags: frozenset[str]) -> str:
    """Follow invisible route nodes to the first node that a learner sees."""
    followed = set()
    node = _node(item, name)
    while isinstance(node, Route):
        if name in followed:
            raise NotPossible("this route leads in a circle")
        followed.add(name)
        name = next((case.next for case in node.cases if case.when.holds(flags)), node.next)
        node = _node(item, name)
    return name
