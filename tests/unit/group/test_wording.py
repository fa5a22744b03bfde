"""Words for counts: none of them, nor all together, says anything certain about a person."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.group.starter.wording import FEW, FEWEST, HALF, MOST, PART, ranges, words

COUNTS = st.lists(st.integers(0, 40), min_size=2, max_size=5).filter(lambda c: sum(c) >= FEWEST)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((8, 0), (MOST, FEW)),
        ((7, 1), (MOST, FEW)),
        ((6, 2), (MOST, FEW)),
        ((5, 3), (HALF, HALF)),
        ((4, 4), (HALF, HALF)),
        ((4, 3, 1), (HALF, HALF, FEW)),
        ((20, 0, 0), (MOST, FEW, FEW)),
        ((20, 2, 8), (MOST, FEW, PART)),
        ((24, 4, 4), (MOST, PART, PART)),
        ((7, 0), None),
        ((0, 0), None),
        ((2, 2, 2, 2), None),
        ((14, 3, 3), None),
    ],
)
def test_words(counts: tuple[int, ...], said: tuple[str, ...] | None) -> None:
    assert words(counts) == said


def test_more_may_be_asked_for() -> None:
    assert words((6, 5), least=12) is None
    assert words((6, 6), least=12) is not None
    assert words((7, 0), least=3) is None


@given(COUNTS)
def test_who_knows_the_size_of_the_group_cannot_work_out_a_number(counts: list[int]) -> None:
    said = words(counts)
    if said is not None:
        for count, one in zip(counts, ranges(said, sum(counts)), strict=True):
            assert one.low <= count <= one.high
            assert one.low < one.high


@given(COUNTS)
def test_nobody_and_everybody_are_never_said(counts: list[int]) -> None:
    """A reaction that nobody took could have been taken by one; what all took, by one fewer."""
    said, group = words(counts), sum(counts)
    if said is not None:
        for count, one in zip(counts, ranges(said, group), strict=True):
            assert count > 0 or one.high > 0
            assert count < group or one.low < group


def test_the_ranges_are_exactly_what_can_be() -> None:
    """Held against trying every way in which nine people can divide over three reactions."""
    ways = [way for way in product(range(10), repeat=3) if sum(way) == 9]
    for way in ways:
        if said := words(way):
            alike = [other for other in ways if words(other) == said]
            for number, one in enumerate(ranges(said, 9)):
                assert {other[number] for other in alike} == set(range(one.low, one.high + 1))
