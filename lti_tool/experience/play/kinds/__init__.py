"""What differs from one kind of item to the next: one row each. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.experience.document.model import (
    Ending,
    Experience,
    FollowUp,
    Intervision,
    Item,
    MicroModule,
)
from lti_tool.experience.document.model import Reflect as ReflectNode
from lti_tool.experience.document.outline import outline
from lti_tool.experience.play import engine, reading
from lti_tool.experience.play.engine import NotPossible, State
from lti_tool.experience.play.kinds import sitting
from lti_tool.experience.play.kinds.sitting import Sitting
from lti_tool.experience.play.reading import Reading

Place = State | Reading | Sitting
"""Where somebody is in an item."""


def N_(text: str) -> str:  # noqa: N802 - gettext's name for it
    """Mark a text for the translators; templates translate it."""
    return text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of item. Its functions take an item of this kind, and a place in it.

    Attributes:
        name: as the library stores it.
        label: as people read it, in English.
        start: the place in which a run begins.
        moves: what can be done, by name; each raises `NotPossible`.
        ended: whether a place is the end.
        completion_met: whether the item's completion rule is met there; takes `reflected` (a
            text was saved) and `declared` (the learner said to be done).
        places: the names of the places where a text can be saved.
        follow_up: the look back that is planned at a place, or for the item without one.
        outline: what a learner can meet, in reading order.
        dump: a place as text, for storing.
        load: a place from its text, if it still makes sense in this item; raises `NotPossible`.
    """

    name: str
    label: str
    start: Callable[[Any], Place]
    moves: Mapping[str, Callable[..., Place]]
    ended: Callable[[Any, Any], bool]
    completion_met: Callable[..., bool]
    places: Callable[[Any], frozenset[str]]
    follow_up: Callable[[Any, Any], FollowUp | None]
    outline: Callable[[Any], tuple[Any, ...]]
    dump: Callable[[Any], str]
    load: Callable[[Any, str], Place]


def _load(item: Experience, text: str) -> State:
    state = engine.load(text)
    if not engine.fits(item, state):
        raise NotPossible("this state does not fit this version")
    return state


def _places(item: Experience) -> frozenset[str]:
    return frozenset(name for name, node in item.nodes.items() if isinstance(node, ReflectNode))


def _follow_up(item: Experience, state: State | None) -> FollowUp | None:
    node = None if state is None else item.nodes[state.node]
    return node.followup if isinstance(node, Ending) else None


EXPERIENCE = Kind(
    name="experience",
    label=N_("Practice situation"),
    start=engine.start,
    moves={
        "react": engine.react,
        "proceed": engine.proceed,
        "retry": engine.retry,
        "retry_from": engine.retry_from,
    },
    ended=engine.is_ending,
    completion_met=engine.completion_met,
    places=_places,
    follow_up=_follow_up,
    outline=outline,
    dump=engine.dump,
    load=_load,
)

MICROMODULE = Kind(
    name="micromodule",
    label=N_("Micro-module"),
    start=reading.start,
    moves={"finish": reading.finish},
    ended=lambda _item, place: place.done,
    completion_met=reading.completion_met,
    places=reading.places,
    follow_up=reading.follow_up,
    outline=lambda item: tuple(item.blocks),
    dump=reading.dump,
    load=reading.load,
)

INTERVISION = Kind(
    name="intervision",
    label=N_("Guided intervision"),
    start=sitting.start,
    moves={"react": sitting.begin, "proceed": sitting.proceed, "retry": sitting.back},
    ended=sitting.over,
    completion_met=sitting.completion_met,
    places=sitting.places,
    follow_up=sitting.follow_up,
    outline=lambda item: tuple(item.rounds),
    dump=sitting.dump,
    load=sitting.load,
)

KINDS: Mapping[type[Item], Kind] = {
    Experience: EXPERIENCE,
    MicroModule: MICROMODULE,
    Intervision: INTERVISION,
}


def kind_of(item: Item) -> Kind:
    """Return the row of an item's kind."""
    return KINDS[type(item)]


def move(item: Item, place: Place, name: str, *chosen: str) -> Place:
    """Make a move, by its name.

    Args:
        item: what is played.
        place: where.
        name: a key of the kind's `moves`.
        chosen: what the move asks for: a reaction, a node.

    Raises:
        NotPossible: when this place does not offer it.
    """
    known = kind_of(item).moves.get(name)
    if known is None:
        raise NotPossible("this kind of item has no such move")
    return known(item, place, *chosen)
