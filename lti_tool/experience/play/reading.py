"""Reading a micro-module: it has one page, so that all there is to know is whether it was read."""

from dataclasses import dataclass

from lti_tool.experience.document.model import FollowUp, MicroModule, PracticeBlock, ReflectBlock
from lti_tool.experience.play.engine import NotPossible

_UNDER_WAY, _DONE = "reading", "read"


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a reader is: on the page, or done with it."""

    done: bool = False


def start(_item: MicroModule) -> Reading:
    """Give the state in which every reading begins."""
    return Reading()


def finish(_item: MicroModule, reading: Reading) -> Reading:
    """Be done with it.

    Raises `NotPossible` when it was done already.
    """
    if reading.done:
        raise NotPossible("this was read already")
    return Reading(done=True)


def completion_met(
    item: MicroModule, reading: Reading, *, reflected: bool = False, declared: bool = False
) -> bool:
    """Whether the item's completion rule is met: who is done has passed every block."""
    match item.completion.rule:
        case "required_nodes":
            return reading.done
        case "reflection":
            return reflected
        case "self":
            return declared or reading.done
    return False


def places(item: MicroModule) -> frozenset[str]:
    """Return the names of the places where a text can be saved."""
    return frozenset(
        place_of(index, block)
        for index, block in enumerate(item.blocks)
        if isinstance(block, ReflectBlock)
    )


def place_of(index: int, block: ReflectBlock) -> str:
    """Return the name of a block: its id, or its number from 0."""
    return block.id or f"block-{index}"


def follow_up(item: MicroModule, _reading: Reading | None) -> FollowUp | None:
    """Return the first look back that its practices plan."""
    planned = (block.followup for block in item.blocks if isinstance(block, PracticeBlock))
    return next((one for one in planned if one), None)


def dump(reading: Reading) -> str:
    """Write where a reader is, for storing a run."""
    return _DONE if reading.done else _UNDER_WAY


def load(_item: MicroModule, text: str) -> Reading:
    """Read what `dump` wrote. Raises `NotPossible` on anything else."""
    if text not in (_UNDER_WAY, _DONE):
        raise NotPossible("this is not a state")
    return Reading(done=text == _DONE)
