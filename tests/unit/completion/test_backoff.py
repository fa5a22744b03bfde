"""Waiting: it doubles, it is capped, it never comes earlier than asked."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.completion.backoff import LONGEST_RETRY_AFTER, retry_after, wait

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)


@given(
    tries=st.integers(1, 10_000),
    base=st.floats(0.1, 600),
    longest=st.floats(600, 21_600),
    seed=st.integers(),
)
def test_a_wait_lies_between_what_is_due_and_half_more(tries, base, longest, seed):
    due = min(longest, base * 2 ** min(tries - 1, 40))
    assert due <= wait(tries, base=base, longest=longest, rng=random.Random(seed)) <= due * 1.5


def test_completions_that_failed_together_come_back_apart():
    rng = random.Random(1)
    assert len({wait(3, base=30, longest=900, rng=rng) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ("0", 0),
        ("17", 17),
        (" 17 ", 17),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0),
        ("999999999999999999999", LONGEST_RETRY_AFTER),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Wed, 99 Foo 2026 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(sent, seconds):
    assert retry_after(sent, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_of_any_shape_does_harm(sent):
    seconds = retry_after(sent, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER
