"""How long to wait before the next try. Pure."""

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER = 6 * 3600.0
"""Seconds; a platform that asks for more is asked once more after this."""


def wait(tries: int, *, base: float, longest: float, rng: random.Random) -> float:
    """Return how many seconds to wait: doubling, capped, and spread out by up to half.

    The spread keeps completions that failed together from coming back together.

    Args:
        tries: how many tries there were, at least 1.
        base: seconds after the first, before the spread.
        longest: the most that `base` grows to, in seconds.
        rng: source of the spread.
    """
    doublings = min(tries - 1, 32)  # beyond that every cap is reached, and floats overflow
    return min(longest, base * 2.0**doublings) * rng.uniform(1.0, 1.5)


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110 §10.2.3).

    Args:
        value: delay in seconds, or an HTTP date.
        now: the present moment.

    Returns:
        0 to `LONGEST_RETRY_AFTER`, or None for what is neither.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), LONGEST_RETRY_AFTER)
