"""Checks on people: who is meant exists, is seen, and thinks where they should (E29, E31, W12-W15).

Only an experience has a cast and flags; a speaker or a condition elsewhere is a finding too.
"""

from collections.abc import Iterator

from lti_tool.experience.checks.flow import Flow
from lti_tool.experience.document.findings import Finding, Guesses, Place
from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Document,
    Example,
    Experience,
    Inside,
    Look,
    Model,
    Open,
    Paragraph,
    Person,
    Scene,
    VisibleNode,
)
from lti_tool.experience.document.walk import parts

_QUOTES = ("\u201c", "\u201e", "\u00ab", '"')


def check_plain(item: Document) -> Iterator[Finding]:
    """Yield speakers and conditions in a document that knows no people and no flags."""
    for path, part in parts(item):
        if isinstance(part, Paragraph):
            if part.when is not None:
                yield Finding.of("E13.elsewhere", (*path, "when"))
            if part.who is not None or part.mood is not None:
                yield Finding.of("E29.elsewhere", (*path, "who"))


def check_people(flow: Flow) -> Iterator[Finding]:
    """Yield what is the matter with the people of an experience."""
    item = flow.item
    seen: set[str] = set()
    shown: set[tuple[str, str | None]] = set()
    wrong = list(_unknown(item))
    yield from wrong
    for path, part in parts(item):
        if isinstance(part, Paragraph | Look | Inside):
            who = part.who
            if who is not None:
                mood = None if isinstance(part, Inside) else part.mood
                seen.add(who)
                shown.add((who, mood))
        if isinstance(part, Paragraph) and part.who and part.text.startswith(_QUOTES):
            yield Finding.of("W15", (*path, "text"))
    if not wrong:  # otherwise a person may be unseen only because of a typing error
        for name, person in item.cast.items():
            yield from _unseen(name, person, name in seen, shown)
    yield from _chair(flow)


def _unknown(item: Experience) -> Iterator[Finding]:
    """Yield people and moods that are not in the cast."""
    people = Guesses(item.cast)

    def person(who: str, path: Place) -> Iterator[Finding]:
        if who not in item.cast:
            yield Finding.of("E29", path, name=who, suggestion=people.closest(who))

    def portrait(who: str, mood: str, path: Place) -> Iterator[Finding]:
        if who in item.cast and mood not in item.cast[who].portraits:
            meant = Guesses(item.cast[who].portraits).closest(mood)
            yield Finding.of("E29.mood", path, name=who, mood=mood, suggestion=meant)

    if item.chair is not None:
        yield from person(item.chair, ("chair",))
    for name, each in item.cast.items():
        if each.usual is not None:
            yield from portrait(name, each.usual, ("cast", name, "usual"))
    for path, part in parts(item):
        if not isinstance(part, Paragraph | Look | Inside):
            continue
        mood = None if isinstance(part, Inside) else part.mood
        if part.who is not None:
            yield from person(part.who, (*path, "who"))
        if mood is not None and part.who is not None:
            yield from portrait(part.who, mood, (*path, "mood"))
        elif mood is not None:
            yield Finding.of("E29.nobody", (*path, "mood"))


def _unseen(
    name: str, person: Person, seen: bool, shown: set[tuple[str, str | None]]
) -> Iterator[Finding]:
    """Yield what of a person never appears."""
    if not seen:
        yield Finding.of("W12", ("cast", name), name=name)
        return
    for mood in person.portraits:
        if mood != person.usual and (name, mood) not in shown:
            yield Finding.of("W12.mood", ("cast", name, "portraits", mood), name=name, mood=mood)


def _chair(flow: Flow) -> Iterator[Finding]:
    """Yield where a replay from somebody's chair would say nothing, and thoughts nobody reads."""
    item = flow.item
    for name, node in item.nodes.items():
        here: Place = ("nodes", name)
        if isinstance(node, VisibleNode):
            for index, one in enumerate(node.inside):
                if one.who != item.chair:
                    yield Finding.of("W14", (*here, "inside", index), name=one.who)
        if item.chair not in item.cast or not flow.reached[name]:
            continue
        if isinstance(node, Scene | ChoiceNode | Open) and not _thinks(item.chair, node.inside):
            yield Finding.of("E31", here, name=item.chair, node=name)
        for path, said in _said(here, node):
            if not _thinks(item.chair, said.feedback.inside):
                yield Finding.of("E31.feedback", path, name=item.chair, reaction=said.id)


def _said(here: Place, node: Model) -> Iterator[tuple[Place, Choice | Example]]:
    if isinstance(node, ChoiceNode):
        for index, choice in enumerate(node.choices):
            yield (*here, "choices", index, "feedback"), choice
    elif isinstance(node, Open):
        for index, example in enumerate(node.compare):
            yield (*here, "compare", index, "feedback"), example


def _thinks(who: str, inside: tuple[Inside, ...]) -> bool:
    return any(one.who == who for one in inside)
