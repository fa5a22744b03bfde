"""Where learners can be and with which flags: two fixed points, exact over (node, flag set). Pure.

With which flags a node can be reached from the start, and with which flags an ending can be
reached from a node. Trying again never leaves this set, because it only goes back to a node with
the flags of that moment.

A reference that is nearly right is followed to what was probably meant, so that one typing error
gives one finding and not a trail of unreachable nodes; a reference to nothing counts as a way out.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from lti_tool.experience.checks.flag_sets import FlagSets
from lti_tool.experience.document.findings import Guesses, Place
from lti_tool.experience.document.model import ChoiceNode, Ending, Experience, Node, Route, When


@dataclass(frozen=True, slots=True)
class Edge:
    """One way on: when it is open, what it sets, where it leads, and its condition if any."""

    open_in: int
    """The flag sets in which this way is taken or offered."""
    target: str | None
    sets: tuple[str, ...] = ()
    place: Place | None = None
    """Where the condition is written; None without one, or if it names unknown flags."""
    holds: int = 0
    """The flag sets in which the condition holds, whatever came before it."""


class Flow:
    """An experience compiled to edges over sets of flag sets.

    Attributes:
        item: the experience.
        sets: the sets of flag sets that all integers here stand for.
        start: the node where it begins; None if there is no such node.
        edges: the ways out of every node, in document order.
        reached: for every node the flag sets with which a learner can arrive there.
    """

    def __init__(self, item: Experience) -> None:
        guesses = Guesses(item.nodes)

        def meant(name: str) -> str | None:
            return name if name in item.nodes else guesses.closest(name)

        self.item = item
        self.sets = FlagSets(tuple(item.flags))
        self.start = meant(item.start)
        self.edges = {name: self._ways(name, node, meant) for name, node in item.nodes.items()}
        self.reached = self._reached()
        self._before: dict[str, list[str]] = {name: [] for name in item.nodes}
        for name, edges in self.edges.items():
            for edge in edges:
                if edge.target is not None:
                    self._before[edge.target].append(name)

    def _ways(self, name: str, node: Node, meant: Callable[[str], str | None]) -> list[Edge]:
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
        edges.append(Edge(left, meant(node.next)))
        return edges

    def _conditional(
        self,
        when: When | None,
        target: str | None,
        sets: tuple[str, ...],
        place: Place,
        left: int = -1,
    ) -> Edge:
        """Compile a way on with a condition; `left` are the flag sets no earlier case took."""
        holds = self.sets.satisfying(when)
        known = when is not None and self.sets.knows(when)
        return Edge(holds & left, target, sets, place if known else None, holds)

    def _reached(self) -> dict[str, int]:
        reached = dict.fromkeys(self.item.nodes, 0)
        if self.start is None:
            return reached
        reached[self.start] = self.sets.empty
        todo = deque([self.start])
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

    def stuck(self) -> dict[str, int]:
        """Give for every node the reachable flag sets in which no way on is open."""
        stuck = {}
        for name, node in self.item.nodes.items():
            open_in = self.sets.every if isinstance(node, Ending) else 0
            for edge in self.edges[name]:
                open_in |= edge.open_in
            stuck[name] = self.reached[name] & ~open_in
        return stuck

    def ends(self, stuck: dict[str, int]) -> dict[str, int]:
        """Give for every node the flag sets from which an ending can be reached.

        Where a learner is stuck, or a reference leads nowhere, counts as an ending here: that is a
        finding of its own and not a loop.
        """
        goals = dict(stuck)
        for name, node in self.item.nodes.items():
            if isinstance(node, Ending):
                goals[name] = self.sets.every
            for edge in self.edges[name]:
                if edge.target is None:
                    goals[name] |= edge.open_in
        return self.leading_to(goals)

    def leading_to(self, goals: dict[str, int]) -> dict[str, int]:
        """Give for every node the flag sets from which one of these goals is reached."""
        leading = dict.fromkeys(self.item.nodes, 0) | goals
        todo = deque(name for name, sets in leading.items() if sets)
        while todo:
            for name in self._before[todo.popleft()]:
                sets = leading[name]
                for edge in self.edges[name]:
                    sets |= self.open_to(edge, leading)
                if sets != leading[name]:
                    leading[name] = sets
                    todo.append(name)
        return leading

    def open_to(self, edge: Edge, leading: dict[str, int]) -> int:
        """Give the flag sets in which a way is open and leads into these (node, flag sets)."""
        if edge.target is None:
            return 0
        return edge.open_in & self.sets.before_setting(leading[edge.target], edge.sets)

    def example(self, sets: int) -> str:
        """Write the smallest of these flag sets as `{a, b}`."""
        return "{" + ", ".join(self.sets.smallest(sets)) + "}"
