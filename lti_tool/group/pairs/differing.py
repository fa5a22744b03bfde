"""Where two ways through the same version differ. Pure.

Only places where both came by count. Nothing is added up: there is no number of what was the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lti_tool.experience.document.model import Choice, ChoiceNode, Experience
from lti_tool.experience.play.engine import State

Way = Mapping[str, str]
"""The reaction that was chosen, by place, in the order of the way; of a place that was passed more
than once, the last one."""

Differing = tuple[str, str, str]
"""A place, the reaction of one, and that of the other."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two people chose differently."""

    title: str
    prompt: str
    mine: Choice
    theirs: Choice


def way(state: State) -> Way:
    """Return what was chosen on a way."""
    return {step.node: step.choice for step in state.route if step.choice is not None}


def differing(one: Way, other: Way) -> list[Differing]:
    """Return where two ways differ, in the order of the first."""
    return [
        (place, chosen, other[place])
        for place, chosen in one.items()
        if place in other and other[place] != chosen
    ]


def turned(found: Sequence[Differing]) -> list[Differing]:
    """Return the same as the other sees it."""
    return [(place, theirs, mine) for place, mine, theirs in found]


def shown(item: Experience, found: Sequence[Differing]) -> tuple[Difference, ...]:
    """Return what to show of it; what is not in this version is left out."""
    differences = []
    for place, mine, theirs in found:
        node = item.nodes.get(place)
        if isinstance(node, ChoiceNode):
            choices = {choice.id: choice for choice in node.choices}
            if mine in choices and theirs in choices:
                differences.append(
                    Difference(node.title, node.prompt, choices[mine], choices[theirs])
                )
    return tuple(differences)
