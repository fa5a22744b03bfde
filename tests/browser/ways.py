"""The items that ship, and the ways through them that are worth walking.

A way is a list of steps as the engine counts them: a visible node, and at a choice the reaction
taken there; it stops before the ending, which is named on its own.
"""

from collections import deque
from dataclasses import dataclass

from stack import ROOT

from lti_tool.experience.document.model import Experience, MicroModule
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.document.walk import texts, used_files
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import State, Step


@dataclass(frozen=True)
class Way:
    """One way through an experience, and the ending where it comes out."""

    steps: tuple[Step, ...]
    ending: str


def words_of(item: Experience) -> str:
    """Every text of an item, those in the files beside it included."""
    files = [
        (ROOT / "content" / used.name).read_text()
        for used in used_files(item)
        if used.kind in {"captions", "transcript"}
    ]
    return "\n".join([*(text.value for text in texts(item)), *files])


def _shipped() -> list[Experience | MicroModule]:
    paths = sorted((ROOT / "content").rglob("*.yaml"))
    found = [parse(path.read_text("utf-8"), file=path.name).item for path in paths]
    return [item for item in found if isinstance(item, Experience | MicroModule)]


SHIPPED = _shipped()
EXPERIENCES = {item.id: item for item in SHIPPED if isinstance(item, Experience)}
MODULES = {item.id: item for item in SHIPPED if isinstance(item, MicroModule)}


def after(item: Experience, state: State) -> list[State]:
    """Every state at the next visible node, one for each reaction offered here."""
    if engine.is_ending(item, state):
        return []
    offered = engine.options(item, state)
    if not offered:
        return [engine.proceed(item, state)]
    return [engine.proceed(item, engine.react(item, state, choice.id)) for choice in offered]


def reachable(item: Experience, state: State) -> list[State]:
    """Every (node, flags) that can still be reached, the nearest first, each by a shortest way."""
    seen, found, todo = {(state.node, state.flags)}, [state], deque([state])
    while todo:
        for state_after in after(item, todo.popleft()):
            if (state_after.node, state_after.flags) not in seen:
                seen.add((state_after.node, state_after.flags))
                found.append(state_after)
                todo.append(state_after)
    return found


def to_two_endings(item: Experience) -> tuple[Way, Way]:
    """The shortest ways to the two nearest endings."""
    ways: dict[str, Way] = {}
    for state in reachable(item, engine.start(item)):
        if engine.is_ending(item, state):
            ways.setdefault(state.node, Way(state.route, state.node))
    first, second, *_ = ways.values()
    return first, second


def past_every_node(item: Experience) -> list[Way]:
    """A few ways that together pass every node that a learner can see."""
    start = engine.start(item)
    left = {state.node for state in reachable(item, start)}
    ways = []
    while left:
        at = start
        while not engine.is_ending(item, at):
            ahead = reachable(item, at)
            on = [state for state in ahead if state.node in left and state != at]
            at = next(iter(on), None) or next(s for s in ahead if engine.is_ending(item, s))
            left -= {step.node for step in at.route} | {at.node}
        ways.append(Way(at.route, at.node))
    return ways
