"""How often each reaction was taken first, as text that can be sealed. Pure.

The text is as long for one person as for a thousand, so that not even its length says anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lti_tool.experience.document.model import ChoiceNode, Experience

Cell = tuple[str, str]
"""A choice and a reaction at it, by their names in the document."""

_WIDTH = 4
_HIGHEST = 16**_WIDTH - 1


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted for one version.

    Attributes:
        runs: how many were counted.
        taken: how often each reaction was taken first, by name, in order.
    """

    runs: int
    taken: Mapping[Cell, int]

    def with_run(self, firsts: Mapping[str, str]) -> "Tally":
        """Return the tally with one run more.

        Args:
            firsts: for each choice that it passed, the reaction that was tried first.
        """
        more = {
            cell: count + (firsts.get(cell[0]) == cell[1]) for cell, count in self.taken.items()
        }
        return replace(self, runs=self.runs + 1, taken=more)

    def by_choice(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Yield each choice with its reactions."""
        for node in dict.fromkeys(node for node, _ in self.taken):
            yield node, {one: count for (at, one), count in self.taken.items() if at == node}


def read(text: str, item: Experience) -> Tally:
    """Read what `write` wrote for this version; "" is before the first run."""
    numbers = [int(text[at : at + _WIDTH], 16) for at in range(0, len(text), _WIDTH)]
    cells = sorted(_cells(item))
    runs, *taken = numbers or [0] * (len(cells) + 1)
    return Tally(runs, dict(zip(cells, taken, strict=True)))


def write(tally: Tally) -> str:
    """Write a tally; what is too large for its place stays at the highest."""
    numbers = (tally.runs, *tally.taken.values())
    return "".join(f"{min(one, _HIGHEST):0{_WIDTH}x}" for one in numbers)


def _cells(item: Experience) -> Iterator[Cell]:
    for name, node in item.nodes.items():
        if isinstance(node, ChoiceNode):
            for choice in node.choices:
                yield name, choice.id
