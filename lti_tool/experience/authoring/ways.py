"""How each node of an experience can be reached, to look at it from there. Pure.

A preview that began at a node with made-up flags would show what no learner meets. These are real
ways: the shortest one for every set of flags with which a node can be reached.
"""

from collections import deque

from lti_tool.experience.document.model import ChoiceNode, Ending, Experience
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import NotPossible, State

MOST = 5000
"""States that are looked at; a longer search would keep an author waiting."""


def ways(item: Experience) -> dict[str, tuple[State, ...]]:
    """Return for each node the states in which it is reached, the nearest first.

    Nodes that cannot be reached are left out, and so are ways that lead to a node which does not
    exist: an author may look before everything is in place.
    """
    found: dict[str, list[State]] = {}
    try:
        first = engine.start(item)
    except NotPossible:
        return {}
    seen = {(first.node, first.flags)}
    waiting = deque([first])
    while waiting and len(seen) < MOST:
        state = waiting.popleft()
        found.setdefault(state.node, []).append(state)
        for there in _next(item, state):
            if (there.node, there.flags) not in seen:
                seen.add((there.node, there.flags))
                waiting.append(there)
    for state in waiting:
        found.setdefault(state.node, []).append(state)
    return {name: tuple(states) for name, states in found.items()}


def _next(item: Experience, state: State) -> list[State]:
    node = item.nodes[state.node]
    if isinstance(node, Ending):
        return []
    before = [state]
    if isinstance(node, ChoiceNode):
        before = [engine.react(item, state, one.id) for one in engine.options(item, state)]
    return [there for one in before for there in _proceeded(item, one)]


def _proceeded(item: Experience, state: State) -> list[State]:
    try:
        return [engine.proceed(item, state)]
    except NotPossible:
        return []
