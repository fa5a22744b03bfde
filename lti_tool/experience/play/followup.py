"""A look back some weeks later, as a calendar file that stays with the learner. Pure."""

from datetime import date, datetime, timedelta

from lti_tool.clock import iso_millis
from lti_tool.experience.document.markdown import to_text
from lti_tool.experience.document.model import FollowUp

_LONGEST_LINE = 75
"""Octets (RFC 5545 §3.1)."""


def calendar(followup: FollowUp, *, title: str, uid: str, now: datetime) -> str:
    """Return an iCalendar file with one whole-day event.

    Args:
        followup: after how many days, and what to look back at.
        title: what it is about; becomes the event's name.
        uid: names the event, so that a second download replaces the first.
        now: the time; the days count from its date.
    """
    day: date = now.date() + timedelta(days=followup.after_days)
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
        f"DESCRIPTION:{_escape(to_text(followup.prompt))}",
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
