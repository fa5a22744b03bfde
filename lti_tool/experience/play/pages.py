"""The pages of an item: from where somebody is to a template and what it is given. Pure.

The player, an author's preview and a designer's look all show these same pages; what differs is
where the place is kept.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Ending,
    Example,
    Experience,
    Intervision,
    Item,
    ModuleRef,
    Open,
    Reflect,
    VisibleNode,
)
from lti_tool.experience.document.passages import NOTHING
from lti_tool.experience.play import engine, reading, telling
from lti_tool.experience.play.engine import State
from lti_tool.experience.play.kinds import Place, kind_of, sitting
from lti_tool.experience.play.kinds.sitting import Sitting
from lti_tool.experience.play.reading import Reading


@dataclass(frozen=True, slots=True)
class Page:
    """A page to show.

    Attributes:
        template: its name.
        context: what the template is given.
        status: of the answer.
    """

    template: str
    context: dict[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Around:
    """What pages need beside the item and the place in it.

    Attributes:
        kept: saved texts by place.
        status: where the completion is.
        shelf: the files of the version.
        titles: the titles of those of some micro-modules that can be opened, by slug.
        at: names the position, for forms; "" where nothing can be done.
        order: makes the order of the reactions: the same for a run, another for the next.
        ended_at: when the run ended; None while it is under way.
        can_start: whether a new run may start.
        grade_by: the LMS, where its own pages call the tick that we send a grade; else "".
        counting: where the learner stands in the conversation starter; None where none counts.
        may_tell: whether the two questions about the content are put at the ending.
    """

    kept: Mapping[str, str]
    status: Any
    shelf: Any
    titles: Callable[[Collection[str]], Mapping[str, str]]
    at: str = ""
    order: str = ""
    ended_at: datetime | None = None
    can_start: bool = True
    grade_by: str = ""
    counting: str | None = None
    may_tell: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where a step stands: its number from 0, and at a choice which reaction tried there, from 1.

    Reactions stand in addresses by number, because addresses are kept by browsers.
    """

    step: int
    reaction: int | None = None

    def values(self) -> dict[str, Any]:
        """Return the values of the route."""
        values: dict[str, Any] = {"step": self.step}
        return values if self.reaction is None else values | {"reaction": self.reaction}


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that lies behind, for the thread of what happened before.

    Attributes:
        node: its name.
        values: of the route to its page.
    """

    node: str
    values: Mapping[str, Any]
    title: str
    moment: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A reaction or an example with the flags that its feedback is read with."""

    choice: Choice | Example
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Own:
    """A place on the way where one looks back, and what was saved there, if anything."""

    place: str
    prompt: str
    text: str | None


def address_of(place: Place) -> Address:
    """Return the address of a place."""
    if isinstance(place, Reading):
        return Address(1 if place.done else 0)
    if isinstance(place, Sitting):
        return Address(place.round)
    tried = place.tried.index(place.reaction) + 1 if place.reaction is not None else None
    return Address(len(place.route), tried)


def page(item: Item, place: Place, around: Around, *, nothing_chosen: bool = False) -> Page:
    """Return the page of a place.

    Args:
        item: what is played.
        place: where.
        around: what the page needs besides.
        nothing_chosen: whether a reaction was asked for and none was chosen.
    """
    if kind_of(item).ended(item, place):
        return ending(item, place, around)
    shared = _shared(item, around) | {"here": _here(item, address_of(place))}
    if isinstance(item, Intervision) and isinstance(place, Sitting):
        chosen = {"nothing_chosen": nothing_chosen}
        return _sitting(item, place, place.round, shared | chosen)
    if not isinstance(item, Experience) or not isinstance(place, State):
        more = {"place_of": reading.place_of, "flags": NOTHING, "met": set()}
        return Page("player/module.html", shared | more)
    node = item.nodes[place.node]
    shared |= {
        "node": node,
        "name": place.node,
        "first": not place.route,
        "flags": place.flags,
        "thread": thread(item, place),
        "met": set(telling.introduced(item, place)),
    }
    if isinstance(node, ChoiceNode):
        return _choosing(item, place, node, around, shared, nothing_chosen=nothing_chosen)
    if isinstance(node, Open):
        shared["modules"] = _modules(node.compare, around)
        shared["examples"] = [Beside(one, place.flags) for one in node.compare]
    return Page(f"player/{_type(node)}.html", shared)


def earlier(item: Item, place: Place | None, wanted: Address, around: Around) -> Page | None:
    """Return the page of an earlier step, to reread; None when there is no such step.

    Args:
        item: what is played.
        place: where the reader is now.
        wanted: the earlier step.
        around: what the page needs besides.
    """
    if place is None or wanted == address_of(place):
        return None
    if isinstance(item, Intervision) and isinstance(place, Sitting):
        here = {"here": _here(item, wanted), "nothing_chosen": False}
        past = wanted.reaction is None and wanted.step < place.round
        return _sitting(item, place, wanted.step, _shared(item, around) | here) if past else None
    if not isinstance(item, Experience) or not isinstance(place, State):
        return None
    try:
        then = engine.at_step(item, place, wanted.step)
    except engine.NotPossible:
        return None
    chosen = _tried(item, then, wanted.reaction)
    if wanted.reaction is not None and chosen is None:
        return None
    flags = engine.flags_before(item, then)
    shared = _shared(item, around) | {
        "here": _here(item, wanted),
        "node": item.nodes[then.node],
        "name": then.node,
        "met_with": flags,
        "flags": flags if chosen is None else flags | set(chosen.set),
        "met": set(telling.introduced(item, then)),
        "chosen": chosen,
        "choices": engine.options(item, then),
        "tried": set(then.tried),
        "modules": _modules([chosen] if chosen else (), around),
    }
    return Page("player/earlier.html", shared)


def ending(item: Item, place: Place | None, around: Around) -> Page:
    """Return the end: with the own way in the tab where the run ended, without it elsewhere."""
    context: dict[str, Any] = {"node": None, "route": (), "offered": (), "flags": frozenset()}
    context |= {"met": set(), "chair": None, "reread": {}}
    if isinstance(item, Experience) and isinstance(place, State):
        node = item.nodes[place.node]
        route = engine.route_view(item, place)
        passed = {entry.node: entry.title for entry in route}
        offers = node.offer_retry if isinstance(node, Ending) else ()
        context = {
            "node": node,
            "flags": place.flags,
            "route": route,
            "offered": [(name, passed[name]) for name in offers if name in passed],
            "met": set(telling.introduced(item, place)),
            "chair": item.cast[item.chair] if item.chair else None,
            "reread": {step.node: step.values for step in thread(item, place)},
        }
    return Page(
        "player/ending.html",
        _shared(item, around)
        | {
            "here": None if place is None else _here(item, address_of(place)),
            "ended_at": around.ended_at,
            "can_start": around.can_start,
            "just_ended": place is not None,
            "planned": kind_of(item).follow_up(item, place),
            "owns": _owns(item, place, around.kept),
        }
        | context,
    )


def chair(item: Item, place: Place | None, around: Around) -> Page | None:
    """Return the own way once more, from the chair of the person that the item names.

    None where it names nobody, and wherever the way is not known.
    """
    if not isinstance(item, Experience) or not isinstance(place, State) or item.chair is None:
        return None
    if not engine.is_ending(item, place):
        return None
    return Page(
        "player/chair.html",
        _shared(item, around)
        | {"person": item.cast[item.chair], "seen": telling.from_chair(item, place), "met": set()},
    )


def thread(item: Experience, state: State) -> tuple[Passed, ...]:
    """Return the steps that lie behind, each node once where it was last passed."""
    steps: dict[str, Passed] = {}
    for number, step in enumerate(state.route):
        node = item.nodes[step.node]
        if isinstance(node, VisibleNode):
            at = Address(number, 1 if step.choice else None)
            steps.pop(step.node, None)
            steps[step.node] = Passed(step.node, _here(item, at), node.title, node.moment)
    return tuple(steps.values())


def _sitting(item: Intervision, place: Sitting, number: int, shared: dict[str, Any]) -> Page:
    """Return a round by its number, or the page before the first for 0."""
    return Page(
        "player/round.html" if number else "player/intervision.html",
        shared
        | {
            "number": number,
            "round": item.rounds[number - 1] if number else None,
            "earlier": number != place.round,
            "shared": place.shared,
            "screens": sitting,
            "writing": sitting.writing(item),
            "place_of": sitting.place_of,
            "flags": NOTHING,
            "met": set(),
        },
        422 if shared["nothing_chosen"] else 200,
    )


def _choosing(
    item: Experience,
    state: State,
    node: ChoiceNode,
    around: Around,
    shared: dict[str, Any],
    *,
    nothing_chosen: bool,
) -> Page:
    offered = {choice.id: choice for choice in engine.options(item, state)}
    tried = [offered[name] for name in state.tried]
    before = engine.flags_before(item, state)
    if state.reaction is not None:
        chosen = offered[state.reaction]
        return Page(
            "player/feedback.html",
            shared
            | {
                "chosen": chosen,
                "others": [
                    Beside(one, before | set(one.set)) for one in tried if one is not chosen
                ],
                "untried": len(offered) > len(tried),
                "sure": state.sure,
                "modules": _modules(tried, around),
            },
        )
    choices = list(offered.values())
    return Page(
        "player/choice.html",
        shared
        | {
            "choices": shuffled(choices, around.order, state.node) if node.shuffle else choices,
            "tried": set(state.tried),
            "nothing_chosen": nothing_chosen,
        },
        422 if nothing_chosen else 200,
    )


def _tried(item: Experience, state: State, number: int | None) -> Choice | None:
    """Return the reaction that was tried at a step, by its number; None when there is none."""
    if number is None or not 0 < number <= len(state.tried):
        return None
    wanted = state.tried[number - 1]
    return next(choice for choice in engine.options(item, state) if choice.id == wanted)


def _owns(item: Item, place: Place | None, kept: Mapping[str, str]) -> tuple[Own, ...]:
    """Return where one looked back on this way, and elsewhere if a text was saved there."""
    if isinstance(item, Intervision):
        rounds = ((sitting.place_of(number, one), one) for number, one in sitting.writing(item))
        return tuple(Own(name, one.write, kept[name]) for name, one in rounds if name in kept)
    if not isinstance(item, Experience):
        return ()
    passed = {step.node for step in place.route} if isinstance(place, State) else set()
    return tuple(
        Own(name, node.prompt, kept.get(name))
        for name, node in item.nodes.items()
        if isinstance(node, Reflect) and (name in passed or name in kept)
    )


def _here(item: Item, address: Address) -> dict[str, Any]:
    return {"slug": item.id, **address.values()}


def _shared(item: Item, around: Around) -> dict[str, Any]:
    return {
        "item": item,
        "where": {"slug": item.id},
        "kind": kind_of(item),
        "at": around.at,
        "kept": around.kept,
        "status": around.status,
        "shelf": around.shelf,
        "grade_by": around.grade_by,
        "counting": around.counting,
        "may_tell": around.may_tell,
    }


def _modules(reactions: Iterable[Choice | Example], around: Around) -> Mapping[str, str]:
    """Return the micro-modules that feedback leads on to: titles by slug, those there are."""
    named = {
        more.module
        for reaction in reactions
        for more in reaction.feedback.more
        if isinstance(more, ModuleRef)
    }
    return around.titles(named) if named else {}


def shuffled(choices: Sequence[Choice], order: str, node: str) -> list[Choice]:
    """Return the reactions in an order that is this run's own and stays the same."""

    def place(choice: Choice) -> bytes:
        return hashlib.sha256(f"{order} {node} {choice.id}".encode()).digest()

    return sorted(choices, key=place)


def _type(node: Any) -> str:
    return str(node.type)
