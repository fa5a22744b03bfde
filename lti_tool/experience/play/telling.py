"""How a passage is told: who speaks, who is met for the first time, who sat in the chair. Pure."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Experience,
    Inside,
    Passage,
    VisibleNode,
)
from lti_tool.experience.document.passages import shown
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import State


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody says in one go, or what the story tells in between.

    Attributes:
        who: of the cast; None for the story itself.
        mood: how that person looks; None for as usual.
        text: Markdown.
    """

    who: str | None
    mood: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One step of a way, from the chair of another.

    Attributes:
        title: of the step.
        moment: when it was; "" for unknown.
        before: what that person thought as it began.
        said: the reaction that was chosen; "" where there was none to choose.
        after: what that person thought then.
        mood: how that person looked then, if that is known.
    """

    title: str
    moment: str
    before: tuple[Turn, ...]
    said: str
    after: tuple[Turn, ...]
    mood: str | None


def turns(passage: Passage, flags: AbstractSet[str]) -> tuple[Turn, ...]:
    """Return a passage by speaker, in order; what somebody goes on saying is one turn."""
    found: list[Turn] = []
    for one in shown(passage, flags):
        last = found[-1] if found else None
        if last and last.who == one.who and one.mood in (None, last.mood):
            found[-1] = replace(last, text=f"{last.text}\n\n{one.text}")
        else:
            found.append(Turn(one.who, one.mood, one.text))
    return tuple(found)


def introduced(item: Experience, state: State) -> frozenset[str]:
    """Return who has spoken on the pages before this one, so that nobody is introduced twice."""
    met: set[str | None] = set()
    here = engine.flags_before(item, state)
    for number, step in enumerate(state.route):
        flags = engine.flags_after(item, state.route[: number + 1])
        met.update(_speakers(item, step.node, engine.flags_after(item, state.route[:number])))
        if (choice := _choice(item, step.node, step.choice)) is not None:
            met.update(turn.who for turn in turns(choice.feedback.happens, flags))
    if state.reaction is not None:
        met.update(_speakers(item, state.node, here))
    return frozenset(who for who in met if who is not None)


def from_chair(item: Experience, state: State) -> tuple[Seen, ...]:
    """Return the own way to an ending from the chair of the person that the item names.

    Steps of which that person thought nothing are left out; so is everything where the item
    names nobody.
    """
    seen = []
    for number, step in enumerate((*state.route, engine.Step(state.node))):
        node = item.nodes[step.node]
        if not isinstance(node, VisibleNode):
            continue
        flags = engine.flags_after(item, state.route[:number])
        choice = _choice(item, step.node, step.choice)
        one = Seen(
            title=node.title,
            moment=node.moment,
            before=_thoughts(node.inside, item.chair, flags),
            said="" if choice is None else choice.text,
            after=()
            if choice is None
            else _thoughts(choice.feedback.inside, item.chair, flags | set(choice.set)),
            mood=_mood(choice, item.chair),
        )
        if one.before or one.after:
            seen.append(one)
    return tuple(seen)


def _thoughts(
    inside: tuple[Inside, ...], who: str | None, flags: AbstractSet[str]
) -> tuple[Turn, ...]:
    return tuple(turn for one in inside if one.who == who for turn in turns(one.text, flags))


def _mood(choice: Choice | None, who: str | None) -> str | None:
    look = None if choice is None else choice.feedback.look
    return look.mood if look is not None and look.who == who else None


def _speakers(item: Experience, name: str, flags: AbstractSet[str]) -> set[str | None]:
    text = getattr(item.nodes[name], "text", "")  # a fork has none
    return {turn.who for turn in turns(text, flags)}


def _choice(item: Experience, name: str, chosen: str | None) -> Choice | None:
    node = item.nodes[name]
    if not isinstance(node, ChoiceNode):
        return None
    return next((choice for choice in node.choices if choice.id == chosen), None)
