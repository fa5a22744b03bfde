"""The one place where time enters the program.

Everything that needs the time takes a `Clock`, so that tests can turn it.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""


def system_clock() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def iso_millis(moment: datetime) -> str:
    """Write a moment as ISO 8601 with milliseconds and `Z`.

    AGS 2.0 §3.4.2 asks for sub-second precision and a zone.
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{moment.microsecond // 1000:03d}Z"
    )


_HERE = ZoneInfo("Europe/Amsterdam")


def local_day(moment: datetime) -> date:
    """Return the date of a moment where the teachers are."""
    return moment.astimezone(_HERE).date()


def full_hour(moment: datetime) -> datetime:
    """Return the beginning of a moment's hour: all we keep of when a person did something.

    Two moments that are kept then never say how long somebody took.
    """
    return moment.replace(minute=0, second=0, microsecond=0)
