"""A look back some weeks later, as a calendar file that stays with the learner. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lti_tool.clock import iso_millis, local_day
from lti_tool.keeping import kept_until

LATER = 21
"""Days after which one looks back, where the item plans nothing."""

_LONGEST_LINE = 75
"""Octets (RFC 5545 §3.1)."""


@dataclass(frozen=True, slots=True)
class Days:
    """On which days one can look back.

    Attributes:
        first: tomorrow.
        planned: what the item proposes.
        last: the last day on which a sentence of today is surely still kept.
    """

    first: date
    planned: date
    last: date

    def chosen(self, text: str) -> date:
        """Return the day that somebody chose; the planned one when none was.

        Raises:
            ValueError: for what is no date, or none of these days.
        """
        day = date.fromisoformat(text) if text else self.planned
        if not self.first <= day <= self.last:
            raise ValueError("a day outside the bounds")
        return day


def days(now: datetime, after_days: int | None) -> Days:
    """Return on which days one can look back.

    Args:
        now: the time.
        after_days: what the item proposes; None when it proposes nothing.
    """
    today, last = local_day(now), kept_until(now)
    planned = today + timedelta(days=after_days or LATER)
    return Days(today + timedelta(days=1), min(planned, last), last)


def calendar(texts: Sequence[str], *, day: date, title: str, uid: str, now: datetime) -> str:
    """Return an iCalendar file with one whole-day event.

    Args:
        texts: what to look back at, each on a line of its own.
        day: when.
        title: what it is about; becomes the event's name.
        uid: names the event, so that a second download replaces the first.
        now: the time.
    """
    said = "\\n".join(_escape(text) for text in texts if text)
    stamp = iso_millis(now)[:19].replace("-", "").replace(":", "") + "Z"
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Proeftuin//Proeftuin//NL",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"SUMMARY:{_escape(title)}",
        f"DESCRIPTION:{said}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(_fold(line) + "\r\n" for line in lines)


def _escape(text: str) -> str:
    """Escape TEXT values (RFC 5545 §3.3.11)."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())


def _fold(line: str) -> str:
    """Break a line into parts of at most 75 octets, never inside a character."""
    parts, part, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += char
        size += octets
    return "\r\n".join([*parts, part])
