"""The look back as a calendar file (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.clock import local_day
from lti_tool.experience.play.followup import calendar, days
from lti_tool.keeping import kept_until, school_year_cutoff

NOW = datetime(2026, 12, 30, 20, 30, 15, tzinfo=UTC)


DAY = date(2027, 1, 2)


def lines(*texts: str, title: str = "De tuin") -> list[str]:
    said = texts or ("Hoe ging het?",)
    text = calendar(said, day=DAY, title=title, uid="tuin@1", now=NOW)
    assert text.endswith("\r\n")
    return text.removesuffix("\r\n").split("\r\n")


def unfolded(parts: list[str]) -> list[str]:
    return "\r\n".join(parts).replace("\r\n ", "").split("\r\n")


def test_it_is_the_whole_day_that_was_chosen() -> None:
    assert lines()[5:8] == [
        "DTSTAMP:20261230T203015Z",
        "DTSTART;VALUE=DATE:20270102",
        "SUMMARY:De tuin",
    ]


def test_it_is_about_nothing_but_the_prompt() -> None:
    assert [line.partition(":")[0] for line in unfolded(lines())] == [
        "BEGIN",
        "VERSION",
        "PRODID",
        "BEGIN",
        "UID",
        "DTSTAMP",
        "DTSTART;VALUE=DATE",
        "SUMMARY",
        "DESCRIPTION",
        "TRANSP",
        "END",
        "END",
    ]


def test_marks_with_a_meaning_are_escaped() -> None:
    assert "DESCRIPTION:Eén\\, twee \\; drie \\\\ vier" in unfolded(
        lines("Eén, twee ; drie \\ vier")
    )


def test_the_own_sentence_comes_before_what_the_item_asks() -> None:
    assert "DESCRIPTION:Ik wacht.\\nHoe ging het?" in unfolded(lines("Ik wacht.", "Hoe ging het?"))
    assert "DESCRIPTION:Hoe ging het?" in unfolded(lines("", "Hoe ging het?"))


@given(st.text(min_size=1, max_size=300).filter(str.strip), st.text(min_size=1, max_size=200))
def test_whatever_it_says_no_line_is_too_long_and_none_is_added(prompt: str, title: str) -> None:
    parts = lines(prompt, title=title)
    assert all(len(part.encode()) <= 75 for part in parts)
    assert len(unfolded(parts)) == 12


moments = st.integers(1577836800, 2208988800).map(lambda at: datetime.fromtimestamp(at, UTC))


class TestDays:
    def test_the_items_own_day_is_proposed_or_three_weeks(self) -> None:
        assert days(NOW, 14).planned == date(2027, 1, 13)
        assert days(NOW, None).planned == date(2027, 1, 20)

    @pytest.mark.parametrize("text", ["2026-12-30", "2027-11-01", "yesterday", "2026-13-01"])
    def test_a_day_outside_the_bounds_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            days(NOW, 14).chosen(text)

    @given(moments, st.integers(1, 365))
    def test_what_is_proposed_can_be_chosen(self, now: datetime, after: int) -> None:
        found = days(now, after)
        assert found.first <= found.planned <= found.last
        assert found.chosen(found.planned.isoformat()) == found.planned == found.chosen("")
        assert found.first == local_day(now) + timedelta(days=1)

    @given(moments)
    def test_a_sentence_of_today_is_still_kept_on_the_last_day(self, now: datetime) -> None:
        last = kept_until(now)
        asked = datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC)
        assert now >= school_year_cutoff(asked)
        assert now < school_year_cutoff(asked + timedelta(days=1))
