"""What a designer looks for and has chosen, as pages hand it on to the next.

There is no cookie and no table for it: it stands in the address, and in the fields of forms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from lti_tool.experience.library.search import Wanted

MOST_CHOSEN = 50
"""Items that one answer puts in a course."""

MOST_TEXT = 100
STEP, MOST = 12, 600
"""Cards of a kind that a page shows at first and adds on request, and at most."""

MINUTES = (5, 10, 15, 30)
"""The durations that the filter offers: at most so long."""

FILTERS = ("kind", "language", "sector", "region", "theme", "role", "minutes")
"""Names of the filters' fields."""


Values = MultiDict[str, str]
"""The fields of a form or an address."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a designer looks for, and what is chosen.

    Attributes:
        wanted: the words and filters.
        chosen: slugs, in the order in which they go into the course.
        most: cards of each kind to show.
    """

    wanted: Wanted = field(default_factory=Wanted)
    chosen: tuple[str, ...] = ()
    most: int = STEP

    @classmethod
    def read(cls, values: Values, *, multiple: bool) -> "Selection":
        """Return what a form or an address says; what makes no sense counts as not said.

        The order of what was chosen before comes in `order`, what is ticked now in `item`. A press
        on a button moves (`move`: `up:SLUG` or `down:SLUG`), drops (`drop`) or adds (`add`) one,
        takes all filters away (`clear`) or shows more (`more`: how many).

        Args:
            values: the fields.
            multiple: whether the platform takes several items; else the last one ticked counts.
        """
        ticked = dict.fromkeys(values.getlist("item"))
        chosen = [slug for slug in dict.fromkeys(values.getlist("order")) if slug in ticked]
        chosen += [slug for slug in ticked if slug not in chosen]
        added = values.get("add", "")
        if added and (added not in chosen or not multiple):
            chosen.append(added)
        chosen = [slug for slug in chosen if slug and slug != values.get("drop", "")]
        _move(chosen, values.get("move", ""))
        most = values.get("more", "") or values.get("most", "")
        return cls(
            wanted=Wanted() if "clear" in values.getlist("act") else _wanted(values),
            chosen=tuple(chosen[:MOST_CHOSEN] if multiple else chosen[-1:]),
            most=min(int(most), MOST) if most.isascii() and most.isdecimal() else STEP,
        )

    def fields(self, *, chosen: bool = True) -> list[tuple[str, str]]:
        """Return the fields that say the same again.

        Args:
            chosen: whether to name what is chosen too.
        """
        wanted = self.wanted
        said: Iterable[tuple[str, str]] = (
            ("q", wanted.text),
            ("kind", wanted.kind),
            ("language", wanted.lang),
            ("sector", wanted.sector),
            ("region", wanted.region),
            ("theme", wanted.theme),
            ("role", wanted.role),
            ("minutes", "" if wanted.minutes is None else str(wanted.minutes)),
            ("most", "" if self.most == STEP else str(self.most)),
        )
        items = [("item", slug) for slug in self.chosen] if chosen else []
        return [(name, value) for name, value in said if value] + items

    def query(self) -> dict[str, Any]:
        """Return the fields as the values of an address."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields():
            found.setdefault(name, []).append(value)
        return found

    @property
    def filtered(self) -> Mapping[str, str]:
        """The filters that are in use, by the names of their fields."""
        return {name: value for name, value in self.fields(chosen=False) if name in FILTERS}


def _move(chosen: list[str], wish: str) -> None:
    way, _, slug = wish.partition(":")
    step = {"up": -1, "down": 1}.get(way)
    if step is None or slug not in chosen:
        return
    here = chosen.index(slug)
    there = min(max(here + step, 0), len(chosen) - 1)
    chosen.insert(there, chosen.pop(here))


def _wanted(values: Values) -> Wanted:
    minutes = values.get("minutes", "")
    return Wanted(
        text=" ".join(values.get("q", "").split())[:MOST_TEXT],
        kind=_short(values.get("kind", "")),
        lang=_short(values.get("language", "")),
        sector=_short(values.get("sector", "")),
        region=_short(values.get("region", "")),
        theme=_short(values.get("theme", "")),
        role=_short(values.get("role", "")),
        minutes=int(minutes) if minutes in map(str, MINUTES) else None,
    )


def _short(value: str) -> str:
    return value if len(value) <= 200 else ""
