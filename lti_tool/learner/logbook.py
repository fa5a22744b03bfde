"""The logbook: what a learner saved, kept and finished, as a list to choose from. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

REFLECTION, ACTIVITY = "reflection", "activity"
"""Kinds of entries beside those of notes."""

Row = Mapping[str, Any]
"""One row of what is kept, as its domain gives it."""

Themes = Mapping[str, tuple[str, ...]]
"""What items are about, by slug."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a logbook.

    Attributes:
        key: names it in forms.
        kind: `REFLECTION`, `ACTIVITY`, or the kind of a note.
        slug: of the item that it is about; None for none.
        title: of that item.
        themes: of that item.
        when: ISO 8601, a full hour for what was saved.
        text: what was written or kept; None for an activity.
        comes_back: the day on which a sentence is asked about; ISO 8601.
        number: of a note; None otherwise.
    """

    key: str
    kind: str
    slug: str | None
    title: str | None
    themes: tuple[str, ...]
    when: str
    text: str | None = None
    comes_back: str | None = None
    number: int | None = None


def entries(kept: Mapping[str, Iterable[Row]], themes: Themes) -> list[Entry]:
    """Return the logbook, newest first.

    Args:
        kept: all that is kept about the learner, as declared.
        themes: of the items.
    """
    found = [*_activities(kept, themes)]
    for row in kept["reflections"]:
        if row["text"] is not None:
            key = f"{REFLECTION}:{row['item']}:{row['place']}"
            about = themes.get(row["item"], ())
            found.append(
                Entry(key, REFLECTION, row["item"], row["title"], about, row["saved"], row["text"])
            )
    for row in kept["notes"]:
        if row["text"] is not None:
            found.append(
                Entry(
                    key=f"note:{row['number']}",
                    kind=row["kind"],
                    slug=row["item"],
                    title=row["title"],
                    themes=themes.get(row["item"], ()),
                    when=row["saved"],
                    text=row["text"],
                    comes_back=row["comes_back"],
                    number=row["number"],
                )
            )
    return sorted(found, key=lambda entry: entry.when, reverse=True)


def chosen(found: Iterable[Entry], keys: Iterable[str]) -> list[Entry]:
    """Return the entries with these keys, in their order; keys of nothing are left out."""
    wanted = set(keys)
    return [entry for entry in found if entry.key in wanted]


def _activities(kept: Mapping[str, Iterable[Row]], themes: Themes) -> Iterable[Entry]:
    """Return the activities that were finished, each once, at the moment known first."""
    ended: dict[str, tuple[str, str | None]] = {}
    moments = [(row["item"], row["completed"], row["title"]) for row in kept["completions"]]
    moments += [(row["item"], row["ended"], row["title"]) for row in kept["runs"] if row["ended"]]
    moments += [(row["item"], row["done"], row["title"]) for row in kept["parts"]]
    for slug, when, title in moments:
        if slug and (slug not in ended or when < ended[slug][0]):
            ended[slug] = when, title
    for slug, (when, title) in ended.items():
        yield Entry(f"{ACTIVITY}:{slug}", ACTIVITY, slug, title, themes.get(slug, ()), when)
