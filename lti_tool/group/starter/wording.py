"""From counts to a few words that say nothing about a person. Pure.

Every word stands for a range of counts that holds more than one number, whoever knows how large
the group is and what the other words are. So there is no word for nobody and none for everybody:
either would say something certain about each single person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

FEWEST = 8
"""People in a group about which anything is said."""

SMALL = 3
"""Below this many, one person more or less is not told from none."""

FEW, PART, HALF, MOST = "few", "part", "half", "most"
"""Nobody or a few; a smaller part; about half; most. Never a number."""

WORDS = (MOST, HALF, PART, FEW)
"""In the order in which they are told."""

_HALF_FROM, _HALF_TO = 0.35, 0.65
"""Shares between which it is about half."""


@dataclass(frozen=True, slots=True)
class Range:
    """The counts that a word can stand for, in a group of a known size; both ends belong to it."""

    low: int
    high: int


def word(count: int, group: int) -> str:
    """Return the word for a count in a group.

    Args:
        count: how many took a reaction.
        group: how many came by there.
    """
    if count < SMALL:
        return FEW
    if count < _HALF_FROM * group:
        return PART
    return HALF if count <= _HALF_TO * group else MOST


def words(counts: Sequence[int], least: int = FEWEST) -> tuple[str, ...] | None:
    """Return a word for each reaction at one choice.

    Args:
        counts: how many took each.
        least: so many must have come by.

    Returns:
        None where nothing can be said: too few came by, or the words together would give away
        a number.
    """
    group = sum(counts)
    if group < max(least, FEWEST):
        return None
    said = tuple(word(count, group) for count in counts)
    if any(one.low == one.high for one in ranges(said, group)):
        return None
    return said


def ranges(said: Sequence[str], group: int) -> list[Range]:
    """Return what can be worked out from the words of one choice by who knows the group's size."""
    each = [_range(one, group) for one in said]
    low, high = sum(one.low for one in each), sum(one.high for one in each)
    return [
        Range(max(one.low, group - (high - one.high)), min(one.high, group - (low - one.low)))
        for one in each
    ]


def _range(said: str, group: int) -> Range:
    half = Range(max(SMALL, ceil(_HALF_FROM * group)), floor(_HALF_TO * group))
    return {
        FEW: Range(0, min(SMALL - 1, group)),
        PART: Range(SMALL, half.low - 1),
        HALF: half,
        MOST: Range(half.high + 1, group),
    }[said]
