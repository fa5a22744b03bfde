"""What is read where, and with which flags: every passage of an experience, exact. Pure.

A node's own texts are read with the flags with which it is reached; feedback with those plus what
the reaction sets.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lti_tool.experience.checks.flow import Flow
from lti_tool.experience.document.findings import Finding, Place
from lti_tool.experience.document.model import (
    ChoiceNode,
    Ending,
    Feedback,
    Inside,
    Open,
    Passage,
    VisibleNode,
    When,
)
from lti_tool.experience.document.passages import paragraphs


@dataclass(frozen=True, slots=True)
class Reading:
    """One passage: where it stands, when it is read, and what it must do.

    Attributes:
        place: where it is written.
        passage: the text.
        reaction: the reaction after which it is read, by its position; None for a node's own text.
        required: whether something must be there whenever it is read.
        seen: whether a learner reads it; not so notes for whoever leads a group, nor what people
            think as a node begins when there is no chair to replay the item from.
    """

    place: Place
    passage: Passage
    reaction: int | None = None
    required: bool = False
    seen: bool = True

    def conditions(self) -> Iterator[tuple[Place, When]]:
        """Yield every condition in the passage and where it is written."""
        for index, one in enumerate(paragraphs(self.passage)):
            if one.when is not None:
                yield (*self.place, index, "when"), one.when


def readings(flow: Flow, name: str) -> Iterator[Reading]:
    """Yield every passage that belongs to a node, in document order."""
    node = flow.item.nodes[name]
    here: Place = ("nodes", name)
    if not isinstance(node, VisibleNode):
        return
    yield Reading((*here, "text"), node.text)
    yield from _inside(here, node.inside, seen=flow.item.chair is not None)
    yield Reading((*here, "facilitator"), node.facilitator, seen=False)
    if isinstance(node, Ending):
        yield Reading((*here, "studyday"), node.studyday)
    elif isinstance(node, ChoiceNode):
        for index, choice in enumerate(node.choices):
            yield from _feedback((*here, "choices", index, "feedback"), choice.feedback, index)
    elif isinstance(node, Open):
        for index, example in enumerate(node.compare):
            yield from _feedback((*here, "compare", index, "feedback"), example.feedback, None)


def _feedback(here: Place, said: Feedback, reaction: int | None) -> Iterator[Reading]:
    yield Reading((*here, "happens"), said.happens, reaction, required=True)
    yield Reading((*here, "works"), said.works, reaction, required=True)
    yield Reading((*here, "grow"), said.grow, reaction, required=True)
    yield Reading((*here, "why"), said.why, reaction)
    yield from _inside(here, said.inside, reaction)


def _inside(
    here: Place, thoughts: tuple[Inside, ...], reaction: int | None = None, *, seen: bool = True
) -> Iterator[Reading]:
    for index, one in enumerate(thoughts):
        place = (*here, "inside", index, "text")
        yield Reading(place, one.text, reaction, required=True, seen=seen)


def read_with(flow: Flow, name: str, reading: Reading) -> int:
    """Give the flag sets with which a passage of this node is read."""
    if reading.reaction is None:
        return flow.reached[name]
    edge = flow.edges[name][reading.reaction]
    return flow.sets.after_setting(flow.reached[name] & edge.open_in, edge.sets)


def check_readings(flow: Flow) -> Iterator[Finding]:
    """Yield texts that are empty for some learners (E30), and conditions without use (W2)."""
    for name in flow.item.nodes:
        for reading in readings(flow, name):
            if not isinstance(reading.passage, str):
                yield from _check(flow, reading, read_with(flow, name, reading))


def _check(flow: Flow, reading: Reading, flags: int) -> Iterator[Finding]:
    """Check one passage that is read with these flag sets; none if nobody gets there."""
    empty = flags
    for one in paragraphs(reading.passage):
        known = one.when is None or flow.sets.knows(one.when)
        empty &= ~flow.sets.satisfying(one.when) if known else 0
    if empty and reading.required:
        field = next(part for part in reversed(reading.place) if isinstance(part, str))
        yield Finding.of("E30", reading.place, field=field, flags=flow.example(empty))
    for place, when in reading.conditions():
        if not flags or not flow.sets.knows(when):
            continue
        holds = flow.sets.satisfying(when)
        if not flags & holds:
            yield Finding.of("W2.hidden", place)
        elif not flags & ~holds:
            yield Finding.of("W2.shown", place)
