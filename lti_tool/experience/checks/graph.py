"""Checks on the graph, exact over (node, flag set): E8, E9, E10, E12 and W1, W2.

Two fixed points over sets of flag sets: with which flags a node can be reached from the start, and
with which flags an ending can be reached from a node. Trying again never leaves this set, because
it only goes back to a node with the flags of that moment.

A reference that is nearly right is followed to what was probably meant, so that one typing error
gives one finding and not a trail of unreachable nodes; a reference to nothing counts as a way out.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lti_tool.experience.checks.flag_sets import FlagSets
from lti_tool.experience.checks.references import conditions, settings
from lti_tool.experience.document.findings import Finding, Guesses, Place
from lti_tool.experience.document.model import ChoiceNode, Ending, Experience, Node, Route, When


@dataclass(frozen=True, slots=True)
class _Edge:
    """One way on: when it is open, what it sets, where it leads, and its condition if any."""

    open_in: int
    """The flag sets in which this way is taken or offered."""
    target: str | None
    sets: tuple[str, ...] = ()
    place: Place | None = None
    """Where the condition is written; None without one, or if it names unknown flags."""
    holds: int = 0
    """The flag sets in which the condition holds, whatever came before it."""


def check_graph(item: Experience) -> Iterator[Finding]:
    """Yield dead ends, unreachable nodes, traps, and flags or conditions without use."""
    graph = _Graph(item)
    has_ending = any(isinstance(node, Ending) for node in item.nodes.values())
    if not has_ending:
        yield Finding.of("E10", ("nodes",))
    yield from _unused_flags(item)
    if graph.start is None:
        return
    reached = graph.reached(graph.start)
    stuck = graph.stuck(reached)
    ends = graph.ends(stuck)
    yield from _conditions_without_use(graph, reached)
    for name in item.nodes:
        here: Place = ("nodes", name)
        trapped = reached[name] & ~ends[name] if has_ending else 0
        if not reached[name]:
            yield Finding.of("E8", here, name=name)
        elif stuck[name]:
            yield Finding.of("E12", here, name=name, flags=graph.example(stuck[name]))
        elif trapped == reached[name]:
            yield Finding.of("E9", here, name=name)
        elif trapped:
            yield Finding.of("E9.flags", here, name=name, flags=graph.example(trapped))


class _Graph:
    """An experience compiled to edges over sets of flag sets."""

    def __init__(self, item: Experience):
        guesses = Guesses(item.nodes)

        def meant(name: str) -> str | None:
            return name if name in item.nodes else guesses.closest(name)

        self.item = item
        self.sets = FlagSets(tuple(item.flags))
        self.start = meant(item.start)
        self.edges = {name: self._ways(name, node, meant) for name, node in item.nodes.items()}

    def _ways(self, name: str, node: Node, meant: Callable[[str], str | None]) -> list[_Edge]:
        """Compile the ways out of a node; a route takes the first case that holds."""
        if isinstance(node, Ending):
            return []
        if isinstance(node, ChoiceNode):
            return [
                self._conditional(choice.when, meant(choice.next), choice.set, place)
                for index, choice in enumerate(node.choices)
                for place in [("nodes", name, "choices", index, "when")]
            ]
        edges = []
        left = self.sets.every
        if isinstance(node, Route):
            for index, case in enumerate(node.cases):
                place = ("nodes", name, "cases", index, "when")
                edges.append(self._conditional(case.when, meant(case.next), (), place, left))
                left &= ~edges[-1].holds
        edges.append(_Edge(left, meant(node.next)))
        return edges

    def _conditional(
        self,
        when: When | None,
        target: str | None,
        sets: tuple[str, ...],
        place: Place,
        left: int = -1,
    ) -> _Edge:
        """Compile a way on with a condition; `left` are the flag sets no earlier case took."""
        holds = self.sets.satisfying(when)
        known = when is not None and {*when.all, *when.any, *when.none} <= set(self.sets.flags)
        return _Edge(holds & left, target, sets, place if known else None, holds)

    def reached(self, start: str) -> dict[str, int]:
        """Give for every node the flag sets with which a learner can arrive there."""
        reached = dict.fromkeys(self.item.nodes, 0)
        reached[start] = self.sets.empty
        todo = deque([start])
        while todo:
            name = todo.popleft()
            for edge in self.edges[name]:
                if edge.target is None:
                    continue
                arriving = self.sets.after_setting(reached[name] & edge.open_in, edge.sets)
                if arriving & ~reached[edge.target]:
                    reached[edge.target] |= arriving
                    todo.append(edge.target)
        return reached

    def stuck(self, reached: dict[str, int]) -> dict[str, int]:
        """Give for every node the reachable flag sets in which no way on is open."""
        stuck = {}
        for name, node in self.item.nodes.items():
            open_in = self.sets.every if isinstance(node, Ending) else 0
            for edge in self.edges[name]:
                open_in |= edge.open_in
            stuck[name] = reached[name] & ~open_in
        return stuck

    def ends(self, stuck: dict[str, int]) -> dict[str, int]:
        """Give for every node the flag sets from which an ending can be reached.

        Where a learner is stuck, or a reference leads nowhere, counts as an ending here: that is a
        finding of its own and not a loop.
        """
        before: dict[str, list[str]] = {name: [] for name in self.item.nodes}
        ends = dict(stuck)
        for name, node in self.item.nodes.items():
            if isinstance(node, Ending):
                ends[name] = self.sets.every
            for edge in self.edges[name]:
                if edge.target is None:
                    ends[name] |= edge.open_in
                else:
                    before[edge.target].append(name)
        todo = deque(name for name, sets in ends.items() if sets)
        while todo:
            for name in before[todo.popleft()]:
                ending = ends[name]
                for edge in self.edges[name]:
                    if edge.target is not None:
                        there = self.sets.before_setting(ends[edge.target], edge.sets)
                        ending |= there & edge.open_in
                if ending != ends[name]:
                    ends[name] = ending
                    todo.append(name)
        return ends

    def example(self, sets: int) -> str:
        """Write the smallest of these flag sets as `{a, b}`."""
        return "{" + ", ".join(self.sets.smallest(sets)) + "}"


def _conditions_without_use(graph: _Graph, reached: dict[str, int]) -> Iterator[Finding]:
    """Yield conditions that are true on every path that comes there, or on none."""
    for name, edges in graph.edges.items():
        for edge in edges:
            if edge.place is None or not reached[name]:
                continue
            if not reached[name] & edge.open_in:
                yield Finding.of("W2.never", edge.place)
            elif not reached[name] & ~edge.holds:
                yield Finding.of("W2", edge.place)


def _unused_flags(item: Experience) -> Iterator[Finding]:
    """Yield flags that nothing depends on."""
    used = {flag for _, when in conditions(item) for flag in (*when.all, *when.any, *when.none)}
    first_set: dict[str, Place] = {}
    for path, flag in settings(item):
        first_set.setdefault(flag, path)
    for flag in item.flags:
        if flag in used:
            continue
        if flag in first_set:
            yield Finding.of("W1", first_set[flag], name=flag)
        else:
            yield Finding.of("W1.idle", ("flags", flag), name=flag)
