"""What a domain keeps about people: one declaration drives page, download, erasure and retention.

Each domain declares its tables in a module `kept`; `create_app` hands them all to `learner`. A
test compares the declarations with the tables, column by column.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_tool.vault import BrokenSeal, Vault

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about people in one table.

    Attributes:
        name: of the list in a download.
        table: the mapped class; it has a `learner_id`.
        columns: every column that says something about a person, with what it says. Keys of other
            tables and the row's own id say nothing by themselves.
        title: what it is, for the learner. Texts are lazily translated.
        why: why it is kept.
        how_long: until when.
        who: who can see it.
        rows: from a session, a vault, our id of a person and `own` to the rows as plain data;
            with `own` False what was chosen and written stays out. What its person wrote is
            called `text`; the slug of an item `item`, and its title `title`.
        line: one row in a sentence, for the learner.
        lapses: from the present moment to the condition that a row has been kept long enough.
        sealed: the columns that the vault seals.
    """

    name: str
    table: type[Any]
    columns: Mapping[str, str]
    title: Any
    why: Any
    how_long: Any
    who: Any
    rows: Callable[[Session, Vault, int, bool], Iterable[Row]]
    line: Callable[[Row], str]
    lapses: Callable[[datetime], ColumnElement[bool]]
    sealed: tuple[InstrumentedAttribute[Any], ...] = ()


UNTIL_ERASED = _l("Until you erase it, at most three months after the end of the school year.")
ONLY_YOU = _l("Only you. It is kept encrypted.")
"""What several tables say of how long and for whom."""

AFTER_THE_YEAR = timedelta(days=92)
"""How long a school year's work stays after 31 July."""


def school_year_cutoff(now: datetime) -> datetime:
    """Return the moment before which work has been kept long enough.

    Work stays until three months after the end of the school year in which it was done, thus three
    to fifteen months. The law fixes no term; a school year is what teachers and schools reckon by.
    """
    begins = datetime(now.year, 8, 1, tzinfo=UTC)
    return begins if now >= begins + AFTER_THE_YEAR else begins.replace(year=now.year - 1)


def kept_until(now: datetime) -> date:
    """Return the last day on which work that is done now is surely still kept."""
    ends = datetime(now.year, 8, 1, tzinfo=UTC)
    if now >= ends:
        ends = ends.replace(year=now.year + 1)
    return (ends + AFTER_THE_YEAR).date() - timedelta(days=1)


def moment(iso: str) -> str:
    """Write a moment of a row in the reader's words."""
    return str(format_datetime(datetime.fromisoformat(iso), "d MMMM y, HH:mm"))


def unsealed(vault: Vault, sealed: str | None) -> str | None:
    """Return what the vault sealed; None when it was sealed under a key that is gone."""
    if sealed is None:
        return None
    try:
        return vault.unseal(sealed)
    except BrokenSeal:
        return None
