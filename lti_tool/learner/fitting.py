"""Which items fit what somebody wants to grow in: by its own words and themes only. Pure.

Nothing that anybody did counts, and nothing about the person is known here.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_WORD = re.compile(r"\w+")

_BEGINNING = 5
"""Letters that two words share when they are taken to be about the same: gesprek, gesprekken."""

_SHORTEST = 3
"""Letters of a word that says something."""

_SAYING_NOTHING = """
aan als bij dat de den der die dit doe doen een elk elke en er ga gaan geen graag had heb hebben
heeft het hij hoe hun iets ik in is je kan kun kunnen leren maar me meer met mij mijn naar niet nog
of om ook op over te tot uit van veel voor waar waarin wat we welke wel wie wil willen worden ze
zich zijn zo zonder about and are for from grow have how learn more my not the their them this want
what when where with
"""

_EMPTY = frozenset(_SAYING_NOTHING.split())
"""Words that say nothing about a subject."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One item, as this page shows it.

    Attributes:
        kind: `experience`, `micromodule` or `intervision`.
        lang: of its content.
        minutes: how long it takes, when its makers say so.
        themes: what it is about.
        words: what it is found by besides.
        here: whether the course has a link that opens it.
    """

    slug: str
    kind: str
    lang: str
    title: str
    summary: str
    minutes: int | None
    themes: tuple[str, ...]
    words: str
    here: bool


def fitting(items: Iterable[Shown], text: str, themes: Collection[str]) -> list[Shown]:
    """Return the items that fit, best first; those that fit equally well by title.

    A chosen theme weighs as much as three words, and a word in a theme as much as two.

    Args:
        items: to choose from.
        text: what somebody wrote.
        themes: what somebody picked.
    """
    wanted = _words(text) - _EMPTY
    found = [(_nearness(item, wanted, set(themes)), item) for item in items]
    found.sort(key=lambda pair: (-pair[0], pair[1].title.lower()))
    return [item for near, item in found if near]


def all_themes(items: Iterable[Shown]) -> list[str]:
    """Return every theme of some items, once, in order."""
    return sorted({theme for item in items for theme in item.themes}, key=str.lower)


def _nearness(item: Shown, wanted: Collection[str], themes: Collection[str]) -> int:
    said, about = _words(item.words), _words(" ".join(item.themes))
    return (
        3 * len(set(item.themes) & set(themes))
        + 2 * sum(_among(word, about) for word in wanted)
        + sum(_among(word, said) for word in wanted)
    )


def _among(word: str, words: Collection[str]) -> bool:
    """Whether a word is among others, or begins as one of them."""
    if len(word) < _BEGINNING:
        return word in words
    return any(other[:_BEGINNING] == word[:_BEGINNING] for other in words)


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower()) if len(word) >= _SHORTEST}
