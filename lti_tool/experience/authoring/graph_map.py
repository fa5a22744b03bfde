"""The map of an experience: where each node stands and how the arrows run. Pure.

Drawn from top to bottom in four steps, after Sugiyama, Tagawa and Toda (1981): turn loops round,
give every node a row, order the rows so that few arrows cross, and then shift everything to where
its neighbours are without overlap. No library and no measuring of text: titles are folded to a
fixed width.
"""

import textwrap
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lti_tool.experience.document.model import Ending, Experience
from lti_tool.experience.document.outline import leads_to

BOX = (180.0, 58.0)
"""Width and height of a node."""

_ROW = 100.0
_GAP = 26.0
_LANE = 16.0
_MARGIN = 24.0
_CHARACTERS = 22
_SWEEPS = 12
_PORT = 14.0


class Pass:
    """A place where a long arrow passes through a row."""

    __slots__ = ()


Spot = str | Pass
"""A node by its name, or a place of an arrow on its way."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its middle above, in pixels, and its title in at most two lines."""

    name: str
    x: float
    y: float
    lines: tuple[str, ...]
    lost: bool
    """Whether nothing leads here from the start."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one node to another, as the data of an SVG path."""

    source: str
    target: str
    path: str
    back: bool
    """Whether it leads back up, in a loop."""


@dataclass(frozen=True, slots=True)
class GraphMap:
    """A drawing, in pixels."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


def draw(item: Experience) -> GraphMap:
    """Lay out all nodes of an experience; nodes that nothing leads to stand below the rest."""
    graph = _Graph(item)
    rows = _rows(graph)
    _order(rows, graph)
    x = _places(rows, graph)
    return _drawn(item, graph, rows, x)


@dataclass(slots=True)
class _Graph:
    """The arrows between nodes, loops turned round, and the row of every node."""

    item: Experience
    forward: list[tuple[str, str]] = field(default_factory=list)
    back: list[tuple[str, str]] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    level: dict[str, int] = field(default_factory=dict)
    above: dict[Spot, list[Spot]] = field(default_factory=dict)
    below: dict[Spot, list[Spot]] = field(default_factory=dict)
    ways: dict[tuple[str, str], tuple[Spot, ...]] = field(default_factory=dict)
    """For each arrow the places that it passes, and the node that it leads to."""

    def __post_init__(self) -> None:
        self._split()
        self._level()

    def targets(self, name: str) -> list[str]:
        """Return where a node leads, each once; names that do not exist are left out."""
        found = dict.fromkeys(leads_to(self.item.nodes[name]))
        return [one for one in found if one in self.item.nodes]

    def _split(self) -> None:
        """Walk through the graph depth first; an arrow to a node under way leads back."""
        if self.item.start not in self.item.nodes:
            return
        under_way: dict[str, Iterable[str]] = {}
        seen = {self.item.start}
        stack = [self.item.start]
        under_way[self.item.start] = iter(self.targets(self.item.start))
        while stack:
            name = stack[-1]
            target = next(iter(under_way[name]), None)
            if target is None:
                under_way.pop(stack.pop())
                self.reached.append(name)
            elif target in under_way:
                self.back.append((name, target))
            else:
                self.forward.append((name, target))
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
                    under_way[target] = iter(self.targets(target))
        self.reached.reverse()  # every node now stands before all that it leads to

    def _level(self) -> None:
        """Give every node the row after the last one that leads to it; endings the last row."""
        self.level = dict.fromkeys(self.reached, 0)
        after: dict[str, list[str]] = {}
        for source, target in self.forward:
            after.setdefault(source, []).append(target)
        for name in self.reached:
            for target in after.get(name, ()):
                self.level[target] = max(self.level[target], self.level[name] + 1)
        last = max(self.level.values(), default=0)
        for name in self.reached:
            if isinstance(self.item.nodes[name], Ending):
                self.level[name] = last


def _rows(graph: _Graph) -> list[list[Spot]]:
    """Return the rows with a spot in each row that an arrow passes through."""
    rows: list[list[Spot]] = [[] for _ in range(max(graph.level.values(), default=0) + 1)]
    waiting = deque([graph.item.start] if graph.level else [])
    placed = set(waiting)
    while waiting:  # in the order of the story, which is a good order to start from
        name = waiting.popleft()
        rows[graph.level[name]].append(name)
        for target in graph.targets(name):
            if target not in placed:
                placed.add(target)
                waiting.append(target)
    for source, target in graph.forward:
        passed = rows[graph.level[source] + 1 : graph.level[target]]
        way: tuple[Spot, ...] = (*(Pass() for _ in passed), target)
        for row, spot in zip(passed, way, strict=False):
            row.append(spot)
        graph.ways[source, target] = way
        for upper, lower in pairwise((source, *way)):
            graph.below.setdefault(upper, []).append(lower)
            graph.above.setdefault(lower, []).append(upper)
    return rows


def _order(rows: list[list[Spot]], graph: _Graph) -> None:
    """Order each row by where its neighbours stand, down and up again, and keep the best."""
    best, fewest = [list(row) for row in rows], _crossings(rows, graph)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        neighbours = graph.above if down else graph.below
        for row, fixed in _pairs(rows, down=down):
            at = {spot: float(index) for index, spot in enumerate(fixed)}
            wish = {
                spot: _mean([at[one] for one in neighbours.get(spot, ())], otherwise=index)
                for index, spot in enumerate(row)
            }
            row.sort(key=wish.__getitem__)
        crossings = _crossings(rows, graph)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    rows[:] = best


def _pairs(rows: list[list[Spot]], *, down: bool) -> list[tuple[list[Spot], list[Spot]]]:
    """Return each row with the row that was set before it."""
    ordered = rows if down else rows[::-1]
    return list(zip(ordered[1:], ordered, strict=False))


def _crossings(rows: list[list[Spot]], graph: _Graph) -> int:
    """Count the arrows that cross between rows."""
    count = 0
    for upper, lower in pairwise(rows):
        at = {spot: index for index, spot in enumerate(lower)}
        ends = [sorted(at[one] for one in graph.below.get(spot, ())) for spot in upper]
        passed: list[int] = []
        for row in ends:
            count += sum(len(passed) - bisect_right(passed, end) for end in row)
            for end in row:
                insort(passed, end)
    return count


def _places(rows: list[list[Spot]], graph: _Graph) -> dict[Spot, float]:
    """Return the middle of every spot: near its neighbours, in the row's order, apart."""
    x: dict[Spot, float] = {}
    spaced = [(row, _offsets(row)) for row in rows]
    for row, offsets in spaced:
        x.update(zip(row, _apart(offsets, [0.0] * len(row)), strict=True))
    for sweep in range(_SWEEPS * 2):
        down = sweep % 2 == 0
        neighbours = graph.above if down else graph.below
        for row, offsets in spaced[1:] if down else spaced[-2::-1]:
            near = [
                _mean([x[one] for one in neighbours.get(spot, ())], otherwise=x[spot])
                for spot in row
            ]
            x.update(zip(row, _apart(offsets, near), strict=True))
    return x


def _offsets(row: Sequence[Spot]) -> list[float]:
    """Return how far right of its first spot each spot of a row stands at least."""
    offsets = [0.0] if row else []
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (_width(left) + _width(right)) / 2 + _GAP)
    return offsets


def _apart(offsets: Sequence[float], wanted: Sequence[float]) -> list[float]:
    """Place a row as near as can be to where it wants to be, without overlap.

    Least squares under a fixed order is isotonic regression: neighbours that would overlap are
    pooled and share the mean of their wishes.
    """
    pools: list[tuple[float, int]] = []  # the mean wish of a pool, and its size
    for want, offset in zip(wanted, offsets, strict=True):
        mean, size = want - offset, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        pools.append((mean, size))
    means = [mean for mean, size in pools for _ in range(size)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _drawn(
    item: Experience, graph: _Graph, rows: list[list[Spot]], x: dict[Spot, float]
) -> GraphMap:
    """Turn places into boxes and paths."""
    lost = [name for name in item.nodes if name not in graph.level]
    left = min((place - _width(spot) / 2 for spot, place in x.items()), default=0.0) - _MARGIN
    x = {spot: place - left for spot, place in x.items()}
    right = max((place + _width(spot) / 2 for spot, place in x.items()), default=0.0)
    y: dict[Spot, float] = {
        spot: _MARGIN + level * _ROW for level, row in enumerate(rows) for spot in row
    }
    per_row = max(1, int((right + _GAP) // (BOX[0] + _GAP)))
    first = _MARGIN + (len(rows) if x else 0) * _ROW
    for index, name in enumerate(lost):
        x[name] = _MARGIN + BOX[0] / 2 + (index % per_row) * (BOX[0] + _GAP)
        y[name] = first + (index // per_row) * _ROW
    boxes = tuple(
        Box(name, round(x[name], 1), y[name], _folded(item, name), name in lost)
        for name in [*graph.level, *lost]
    )
    lane = max((place + BOX[0] / 2 for name, place in x.items()), default=0.0)
    arrows = [
        *(_down(source, target, graph, x, y) for source, target in graph.forward),
        *(
            _round(source, target, x, y, lane + _LANE * (index + 1))
            for index, (source, target) in enumerate(graph.back)
        ),
    ]
    width = lane + _LANE * (len(graph.back) + 1) + _MARGIN
    height = max(y.values(), default=0.0) + BOX[1] + _MARGIN
    return GraphMap(boxes, tuple(arrows), round(width), round(height))


def _down(
    source: str, target: str, graph: _Graph, x: dict[Spot, float], y: dict[Spot, float]
) -> Arrow:
    """Draw an arrow downwards, straight through the rows it passes."""
    way = graph.ways[source, target]
    px, py = x[source] + _port(source, way[0], graph.below, x), y[source] + BOX[1]
    path = f"M{px:.1f} {py:.1f}"
    for spot in way:
        is_end = spot == target
        qx = x[spot] + (_port(target, _before(way, source), graph.above, x) if is_end else 0.0)
        qy = y[spot]
        half = (py + qy) / 2
        path += f"C{px:.1f} {half:.1f} {qx:.1f} {half:.1f} {qx:.1f} {qy:.1f}"
        px, py = qx, qy
        if not is_end:
            py = qy + BOX[1]
            path += f"V{py:.1f}"
    return Arrow(source, target, path, back=False)


def _before(way: Sequence[Spot], source: str) -> Spot:
    return way[-2] if len(way) > 1 else source


def _port(
    spot: Spot, other: Spot, neighbours: dict[Spot, list[Spot]], x: dict[Spot, float]
) -> float:
    """Return how far from a box's middle an arrow touches it, so that arrows do not merge."""
    ordered = sorted(dict.fromkeys(neighbours.get(spot, ())), key=lambda one: x[one])
    room = min(_PORT, (BOX[0] - 40) / max(1, len(ordered)))
    return (ordered.index(other) - (len(ordered) - 1) / 2) * room


def _round(
    source: str, target: str, x: dict[Spot, float], y: dict[Spot, float], lane: float
) -> Arrow:
    """Draw an arrow that leads back, round the right side."""
    sx, sy = x[source] + BOX[0] / 2, y[source] + BOX[1] / 2
    tx, ty = x[target] + BOX[0] / 2, y[target] + BOX[1] / 2
    bend = 18.0
    path = (
        f"M{sx:.1f} {sy:.1f}C{lane:.1f} {sy:.1f} {lane:.1f} {sy:.1f} {lane:.1f} {sy - bend:.1f}"
        f"V{ty + bend:.1f}C{lane:.1f} {ty:.1f} {lane:.1f} {ty:.1f} {tx:.1f} {ty:.1f}"
    )
    return Arrow(source, target, path, back=True)


def _folded(item: Experience, name: str) -> tuple[str, ...]:
    title = item.nodes[name].title or name
    return tuple(textwrap.wrap(title, _CHARACTERS, max_lines=2, placeholder="…"))


def _width(spot: Spot) -> float:
    return BOX[0] if isinstance(spot, str) else _LANE


def _mean(values: list[float], *, otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
