"""What one's choices change that one can read: exact over all ways and all flags. Pure.

**A choice is consequential** when two learners who differ in one reaction there, and afterwards do
the same, can read something different other than the feedback on that reaction: another scene or
ending, a paragraph that is there for only one of them, or a reaction that only one of them is
offered. A flag that nothing asks for changes nothing, nor does a detour past scenes that say the
same. Notes for whoever leads a group are not read by learners and do not count.

**Endings** are pages, told apart by the paragraphs on them. Two ways that differ in a flag which
some paragraph in the item asks for should not end on the same page.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from lti_tool.experience.checks.flow import Edge, Flow
from lti_tool.experience.checks.readings import readings
from lti_tool.experience.document.findings import Place
from lti_tool.experience.document.model import (
    ChoiceNode,
    Ending,
    Experience,
    Node,
    Route,
    When,
)

_MOST_PAGES = 512
"""Pages that an ending is split into; one that varies more is not looked at any further."""

_MOST_ENDINGS = 50
"""Endings that are looked at; who writes more will not read advice about each."""

_MOST_STEPS = 30_000
"""Places that pairs of learners are followed through; then the rest counts as consequential."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What becomes of one choice.

    Attributes:
        node: the choice.
        between: two reactions after which something different is read; None when there are none.
        places: where it is first read: the condition of a paragraph or reaction, or the two nodes
            that they come to. Empty when nothing is different, or when there was no time to look.
    """

    node: str
    between: tuple[str, str] | None
    places: tuple[Place, ...] = ()

    @property
    def matters(self) -> bool:
        """Whether the choice is consequential."""
        return self.between is not None


@dataclass(frozen=True, slots=True)
class EndingPages:
    """The pages that one ending can be.

    Attributes:
        node: the ending.
        pages: how many there are, for learners who get here; at most 512 are told apart.
        deaf: whether it is always the same page, though ways lead here that differ in a reaction.
        alike: two flag sets that differ in a readable flag and give the same page, if there are.
    """

    node: str
    pages: int
    deaf: bool
    alike: tuple[tuple[str, ...], tuple[str, ...]] | None


@dataclass(frozen=True, slots=True)
class Report:
    """What choices in an experience do.

    Attributes:
        choices: every choice that can be reached, in document order.
        strong: for every strong reaction of these the choice, and its position from 1.
        endings: every ending that can be reached, in document order; the first 50.
    """

    choices: tuple[Consequence, ...]
    strong: tuple[tuple[str, int], ...]
    endings: tuple[EndingPages, ...]

    @property
    def share(self) -> float:
        """The part of the choices that is consequential, from 0 to 1; 1 without choices."""
        if not self.choices:
            return 1.0
        return sum(one.matters for one in self.choices) / len(self.choices)

    @property
    def positions(self) -> Counter[int]:
        """How many strong reactions stand at each position, as written; the first is 1."""
        return Counter(position for _, position in self.strong)


def consequence(item: Experience) -> Report:
    """Tell what the choices in an experience change."""
    return examine(Flow(item))


def examine(flow: Flow) -> Report:
    """Tell what the choices in a compiled experience change; see `consequence`."""
    pairs = _Pairs(flow)
    choices = [
        (name, node)
        for name, node in flow.item.nodes.items()
        if isinstance(node, ChoiceNode) and flow.reached[name]
    ]
    return Report(
        tuple(_consequence(pairs, name, node) for name, node in choices),
        tuple(
            (name, position)
            for name, node in choices
            for position, choice in enumerate(node.choices, start=1)
            if choice.feedback.effect == "strong"
        ),
        tuple(_endings(flow)),
    )


def _consequence(pairs: "_Pairs", name: str, node: ChoiceNode) -> Consequence:
    for one, other in combinations(range(len(node.choices)), 2):
        places = pairs.first_difference(name, one, other)
        if places is not None:
            return Consequence(name, (node.choices[one].id, node.choices[other].id), places)
    return Consequence(name, None)


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition on a page: where it is written, and the flag sets at the node where it holds."""

    place: Place
    flags: frozenset[str]
    holds: int
    reaction: int | None


class _Pairs:
    """Pairs of learners who chose differently once and then do the same.

    The flags of two such learners are what both have, and what only the one or only the other got
    from the reaction in which they differ. The latter never changes, as flags only become true, so
    a set of flag sets for what both have stands for all pairs at two places at once.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._sets = flow.sets
        self._asked = {name: list(self._conditions(name)) for name in flow.item.nodes}
        self._faces: dict[str, str] = {}
        self._same: dict[tuple[str, str, frozenset[str], frozenset[str]], int] = {}
        self._left = _MOST_STEPS
        self._used = {flag for each in self._asked.values() for one in each for flag in one.flags}
        self._used |= set(_flags_of_ways(flow.item))

    def first_difference(self, name: str, one: int, other: int) -> tuple[Place, ...] | None:
        """Tell where learners first read something different after these two reactions at a node.

        None when they never do; nowhere, `()`, when there was no time to find out.
        """
        first, second = self._flow.edges[name][one], self._flow.edges[name][other]
        both = self._flow.reached[name] & first.open_in & second.open_in
        if not both or first.target is None or second.target is None:
            return None
        shared = set(first.sets) & set(second.sets)
        ones = frozenset(set(first.sets) - shared) & self._used
        others = frozenset(set(second.sets) - shared) & self._used
        met = {(first.target, second.target): self._sets.after_setting(both, shared)}
        todo = deque(met)
        while todo:
            pair = todo.popleft()
            if pair[0] == pair[1] and not ones and not others:
                continue
            new = met[pair] & ~self._same.get((*pair, ones, others), 0)
            if not new:
                continue
            self._left -= 1
            if self._left < 0:
                return ()
            found = self._read(pair, new, ones, others)
            if found:
                return found
            for there, flags in self._on(pair, new, ones, others):
                if flags & ~met.get(there, 0):
                    met[there] = met.get(there, 0) | flags
                    todo.append(there)
        for pair, flags in met.items():
            key = (*pair, ones, others)
            self._same[key] = self._same.get(key, 0) | flags
        return None

    def _read(
        self, pair: tuple[str, str], both: int, ones: frozenset[str], others: frozenset[str]
    ) -> tuple[Place, ...]:
        """Tell what a pair reads differently at these nodes; nothing on an invisible route."""
        nodes = [self._flow.item.nodes[name] for name in pair]
        if any(isinstance(node, Route) for node in nodes):
            return ()
        if pair[0] != pair[1] and self._face(pair[0]) != self._face(pair[1]):
            return ("nodes", pair[0]), ("nodes", pair[1])
        before = self._sets.before_setting
        edges = self._flow.edges[pair[0]]
        for one in self._asked[pair[0]]:
            if one.flags.isdisjoint(ones) and one.flags.isdisjoint(others):
                continue
            asked = both
            if one.reaction is not None:
                offered = edges[one.reaction].open_in
                asked &= before(offered, ones) & before(offered, others)
            if asked & (before(one.holds, ones) ^ before(one.holds, others)):
                return (one.place,)
        for edge in edges:
            if edge.place and both & (before(edge.open_in, ones) ^ before(edge.open_in, others)):
                return (edge.place,)
        return ()

    def _on(
        self, pair: tuple[str, str], both: int, ones: frozenset[str], others: frozenset[str]
    ) -> Iterator[tuple[tuple[str, str], int]]:
        """Yield where a pair comes next, with what both have then; routes are passed one by one."""
        before = self._sets.before_setting
        for side, extra in ((0, ones), (1, others)):
            if isinstance(self._flow.item.nodes[pair[side]], Route):
                for edge in self._flow.edges[pair[side]]:
                    taken = both & before(edge.open_in, extra)
                    if taken and edge.target is not None:
                        there = (edge.target, pair[1]) if side == 0 else (pair[0], edge.target)
                        yield there, taken
                return
        ways: list[tuple[Edge, Edge]] = list(
            zip(self._flow.edges[pair[0]], self._flow.edges[pair[1]], strict=False)
        )
        for first, second in ways:
            taken = both & before(first.open_in, ones) & before(second.open_in, others)
            if taken and first.target is not None and second.target is not None:
                yield (first.target, second.target), self._sets.after_setting(taken, first.sets)

    def _conditions(self, name: str) -> Iterator[_Condition]:
        for reading in readings(self._flow, name):
            if not reading.seen:
                continue
            sets: tuple[str, ...] = ()
            if reading.reaction is not None:
                sets = self._flow.edges[name][reading.reaction].sets
            for place, when in reading.conditions():
                flags = frozenset({*when.all, *when.any, *when.none})
                holds = self._sets.before_setting(self._sets.satisfying(when), sets)
                yield _Condition(place, flags, holds, reading.reaction)

    def _face(self, name: str) -> str:
        """Return all that learners see of a node, and what its reactions set."""
        if name not in self._faces:
            self._faces[name] = self._flow.item.nodes[name].model_dump_json(
                exclude={
                    "next": True,
                    "required": True,
                    "facilitator": True,
                    "choices": {"__all__": {"next"}},
                }
            )
        return self._faces[name]


def _flags_of_ways(item: Experience) -> Iterator[str]:
    """Yield the flags that the ways through an item depend on."""
    for node in item.nodes.values():
        for when in _ways_when(node):
            yield from (*when.all, *when.any, *when.none)


def _ways_when(node: Node) -> list[When]:
    if isinstance(node, ChoiceNode):
        return [choice.when for choice in node.choices if choice.when is not None]
    return [case.when for case in node.cases] if isinstance(node, Route) else []


def _endings(flow: Flow) -> Iterator[EndingPages]:
    readable = {
        flag
        for name in flow.item.nodes
        for reading in readings(flow, name)
        if reading.seen
        for _, when in reading.conditions()
        for flag in (*when.all, *when.any, *when.none)
    }
    left = _MOST_ENDINGS
    for name, node in flow.item.nodes.items():
        if isinstance(node, Ending) and flow.reached[name] and left:
            left -= 1
            pages = _pages(flow, name)
            deaf = len(pages) == 1 and _several_ways(flow, name)
            yield EndingPages(name, len(pages), deaf, _alike(flow, pages, sorted(readable)))


def _several_ways(flow: Flow, ending: str) -> bool:
    """Whether two ways lead to an ending that differ in a reaction."""
    leading = flow.leading_to({ending: flow.sets.every})
    for name, node in flow.item.nodes.items():
        if isinstance(node, ChoiceNode):
            before = 0
            for edge in flow.edges[name]:
                this = flow.reached[name] & flow.open_to(edge, leading)
                if before & this:
                    return True
                before |= this
    return False


def _pages(flow: Flow, name: str) -> list[int]:
    """Split the flag sets with which an ending is reached by the page that they give."""
    pages = [flow.reached[name]]
    for reading in readings(flow, name):
        if not reading.seen:
            continue
        for _, when in reading.conditions():
            holds = flow.sets.satisfying(when)
            pages = [part for page in pages for part in (page & holds, page & ~holds) if part]
            if len(pages) >= _MOST_PAGES:
                return pages
    return pages


def _alike(
    flow: Flow, pages: list[int], readable: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Give two flag sets on one page that differ in a readable flag."""
    if len(pages) >= _MOST_PAGES:
        return None
    for page in pages:
        for flag in readable:
            having = page & flow.sets.having(flag)
            if having and having != page:
                return flow.sets.smallest(page & ~having), flow.sets.smallest(having)
    return None
