"""A guided intervision under way: at the beginning, in a round, or over. Pure."""

import re
from dataclasses import dataclass, replace

from lti_tool.experience.document.model import FollowUp, Intervision, Round
from lti_tool.experience.play.engine import NotPossible

SHARED, OWN = "shared", "own"
"""Whose screen it is: one for the whole group, or each their own."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where a group is.

    Attributes:
        round: its number from 1; 0 before the first, and one more than there are when it is over.
        shared: whether the whole group looks at this screen.
    """

    round: int = 0
    shared: bool = False


def start(_item: Intervision) -> Sitting:
    """Return the state in which every sitting begins."""
    return Sitting()


def begin(_item: Intervision, sitting: Sitting, screen: str, _sure: str = "") -> Sitting:
    """Go to the first round.

    Args:
        screen: `SHARED` or `OWN`.

    Raises:
        NotPossible: when it has begun, or for another screen.
    """
    if sitting.round or screen not in (SHARED, OWN):
        raise NotPossible("this has begun already, or such a screen is not there")
    return Sitting(1, screen == SHARED)


def proceed(item: Intervision, sitting: Sitting) -> Sitting:
    """Go to the next round, or to the end. Raises `NotPossible` before the first and after it."""
    if not sitting.round or over(item, sitting):
        raise NotPossible("there is no next round here")
    return replace(sitting, round=sitting.round + 1)


def back(item: Intervision, sitting: Sitting) -> Sitting:
    """Go back one round. Raises `NotPossible` before the first and after the last."""
    if not sitting.round or over(item, sitting):
        raise NotPossible("there is no earlier round here")
    return replace(sitting, round=sitting.round - 1)


def over(item: Intervision, sitting: Sitting) -> bool:
    """Return whether the last round is behind them."""
    return sitting.round > len(item.rounds)


def completion_met(
    item: Intervision, sitting: Sitting, *, reflected: bool = False, declared: bool = False
) -> bool:
    """Return whether the item's completion rule is met; what was saved or said does not count."""
    del reflected, declared
    return item.completion.rule == "last_round" and over(item, sitting)


def places(item: Intervision) -> frozenset[str]:
    """Return the names of the rounds at which a note can be saved."""
    return frozenset(place_of(number, one) for number, one in writing(item))


def writing(item: Intervision) -> tuple[tuple[int, Round], ...]:
    """Return the rounds in which people write for themselves, with their numbers from 1."""
    return tuple((number, one) for number, one in enumerate(item.rounds, 1) if one.write)


def place_of(number: int, one: Round) -> str:
    """Return the name of a round: its id, or its number from 1."""
    return one.id or f"round-{number}"


def follow_up(item: Intervision, _sitting: Sitting | None) -> FollowUp | None:
    """Return the look back that the item plans."""
    return item.followup


def dump(sitting: Sitting) -> str:
    """Write where a group is, for storing a run."""
    return f"{SHARED if sitting.shared else OWN} {sitting.round}"


def load(item: Intervision, text: str) -> Sitting:
    """Read what `dump` wrote, if there is such a round. Raises `NotPossible` on anything else."""
    found = re.fullmatch(rf"({SHARED}|{OWN}) (\d{{1,2}})", text, re.ASCII)
    if found is None or int(found[2]) > len(item.rounds) + 1:
        raise NotPossible("this is not a state of this version")
    return Sitting(int(found[2]), found[1] == SHARED)
