"""How much work something is, whatever the machine: beside a fixed piece of Python, in one go."""

from collections.abc import Callable
from time import process_time

PIECE = 0.05
"""Seconds that the fixed piece takes on a machine of 2026 that does nothing else."""


def effort(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that some work would take on that machine.

    The piece is measured before and after, because a machine that others use too is not equally
    fast from one second to the next.
    """
    before = _seconds(_piece)
    spent = _seconds(work)
    return spent * PIECE / max(before, _seconds(_piece))


def _piece() -> None:
    sum(len(str(number)) for number in range(300_000))


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began
