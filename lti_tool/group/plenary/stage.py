"""What a group sees of a place: reactions under letters, one or two of them open, the way so far.

Pure. Nothing here counts hands, and nothing is kept: the place stands in the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Ending,
    Example,
    Experience,
    Open,
    VisibleNode,
)
from lti_tool.experience.document.passages import shown
from lti_tool.experience.play import engine, pages
from lti_tool.experience.play.engine import NotPossible, State

LETTERS = "ABCDE"
"""One for each reaction; a choice offers at most five."""


@dataclass(frozen=True, slots=True)
class Lettered:
    """A reaction or an example under its letter.

    Attributes:
        letter: by which a group votes for it.
        choice: what is said, with its feedback.
        flags: those with which the feedback is read.
        seen: whether the group opened it here before.
    """

    letter: str
    choice: Choice | Example
    flags: frozenset[str]
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A step of the way so far, to which a group can return.

    Attributes:
        step: its number on the way, from 0.
        letter: of the reaction with which the group went on; "" where there was none to choose.
    """

    step: int
    title: str
    moment: str
    letter: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A place as a group sees it.

    Attributes:
        kind: `scene`, `choice`, `feedback`, `beside`, `open`, `reflect` or `ending`.
        letters: the reactions that are offered here, or the examples to compare with.
        open: those whose feedback is shown: none, one, or two beside each other.
        way: the steps that lie behind, in order.
        notes: what the makers say to whoever leads the group.
        talk: what the ending proposes to talk about, one by one.
    """

    kind: str
    letters: tuple[Lettered, ...]
    open: tuple[Lettered, ...]
    way: tuple[Passed, ...]
    notes: tuple[str, ...]
    talk: tuple[str, ...]


def stage(item: Experience, state: State, beside: str = "") -> Stage:
    """Return what a group sees at a place.

    Args:
        item: what is played.
        state: where.
        beside: the reaction to lay beside the one that is open; "" for none.
    """
    node = item.nodes[state.node]
    assert isinstance(node, VisibleNode)  # noqa: S101 - forks are never part of a state
    before = engine.flags_before(item, state)
    letters = lettered(item, state)
    chosen = [one for one in letters if one.choice.id == state.reaction]
    chosen += [one for one in letters if chosen and one.choice.id == beside and one not in chosen]
    kind = str(node.type)
    if chosen:
        kind = "feedback" if len(chosen) == 1 else "beside"
    return Stage(
        kind=kind,
        letters=letters,
        open=tuple(chosen),
        way=_way(item, state),
        notes=tuple(one.text for one in shown(node.facilitator, before)),
        talk=tuple(one.text for one in shown(node.studyday, state.flags))
        if isinstance(node, Ending)
        else (),
    )


def lettered(item: Experience, state: State) -> tuple[Lettered, ...]:
    """Return what can be chosen or compared at a place, in the order of its letters.

    A reaction keeps its letter for as long as the same ones are offered.
    """
    node = item.nodes[state.node]
    before = engine.flags_before(item, state)
    if isinstance(node, Open):
        return tuple(
            Lettered(letter, one, before)
            for letter, one in zip(LETTERS, node.compare, strict=False)
        )
    offered = list(engine.options(item, state))
    if isinstance(node, ChoiceNode) and node.shuffle:
        offered = pages.shuffled(offered, "", state.node)
    return tuple(
        Lettered(letter, one, before | set(one.set), one.id in state.tried)
        for letter, one in zip(LETTERS, offered, strict=False)
    )


def react(item: Experience, state: State, choice: str) -> State:
    """Open a reaction, also where another one is open.

    Raises:
        NotPossible: when it is not offered.
    """
    if state.reaction is not None:
        state = engine.retry(item, state)
    return engine.react(item, state, choice)


def revisit(item: Experience, state: State, step: str) -> State:
    """Return to a step of the way, to go on from there.

    Raises:
        NotPossible: when there is no such step.
    """
    if not (step.isascii() and step.isdecimal() and len(step) < len(str(engine.MAX_STEPS)) + 1):
        raise NotPossible("this way has no such step")
    return engine.at_step(item, state, int(step))


def context(item: Experience, state: State, beside: str) -> Mapping[str, Any]:
    """Return what templates are given on top of what the player's pages are."""
    return {"stage": stage(item, state, beside), "met_with": engine.flags_before(item, state)}


def _way(item: Experience, state: State) -> tuple[Passed, ...]:
    passed = []
    for number, step in enumerate(state.route):
        node = item.nodes[step.node]
        if isinstance(node, VisibleNode):
            then = lettered(item, engine.at_step(item, state, number))
            letter = next((one.letter for one in then if one.choice.id == step.choice), "")
            passed.append(Passed(number, node.title, node.moment, letter))
    return tuple(passed)
