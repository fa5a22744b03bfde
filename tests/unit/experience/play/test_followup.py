"""The look back as a calendar file (RFC 5545)."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.experience.document.model import FollowUp
from lti_tool.experience.play.followup import calendar

NOW = datetime(2026, 12, 30, 20, 30, 15, tzinfo=UTC)


def lines(prompt: str = "Hoe ging het?", title: str = "De tuin", days: int = 3) -> list[str]:
    text = calendar(FollowUp(after_days=days, prompt=prompt), title=title, uid="tuin@1", now=NOW)
    assert text.endswith("\r\n")
    return text.removesuffix("\r\n").split("\r\n")


def unfolded(parts: list[str]) -> list[str]:
    return "\r\n".join(parts).replace("\r\n ", "").split("\r\n")


def test_it_is_one_whole_day_so_many_days_on() -> None:
    assert lines(days=3)[5:8] == [
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


def test_marks_with_a_meaning_are_escaped_and_markdown_is_left_out() -> None:
    assert "DESCRIPTION:Eén\\, *twee* \\; drie \\\\ vier".replace("*", "") in unfolded(
        lines("Eén, *twee* ; drie \\\\ vier")
    )


@given(st.text(min_size=1, max_size=300).filter(str.strip), st.text(min_size=1, max_size=200))
def test_whatever_it_says_no_line_is_too_long_and_none_is_added(prompt: str, title: str) -> None:
    parts = lines(prompt, title)
    assert all(len(part.encode()) <= 75 for part in parts)
    assert len(unfolded(parts)) == 12
