"""What an item is found by: its words with their weight, and what the filters look at. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lti_tool.experience.document.model import Document, Intervision, MicroModule, Preparation
from lti_tool.experience.document.parts import Model
from lti_tool.experience.library import words

WORD, TAIL = "word", "tail"
"""Words, and the same words from back to front: so an index serves their ends too."""

SECTOR, REGION, THEME, ROLE = "sector", "region", "theme", "role"

SECTORS = ("po", "vo", "so", "mbo")
REGIONS = ("nl", "vl")

LONGEST = 200
"""Characters of a term."""

_WEIGHTS = {
    "title": 12,
    "keywords": 8,
    "themes": 8,
    "practise": 5,
    "roles": 5,
    "tags": 5,
    "summary": 4,
    "makers": 3,
    "id": 1,
}
"""How much a word counts by where it stands; in the titles inside the item it counts 1."""

_SAID = {
    "po": "po primair onderwijs basisonderwijs basisschool lagere school primary education",
    "vo": "vo voortgezet secundair onderwijs middelbare school secondary education",
    "so": "so vso speciaal buitengewoon onderwijs special education",
    "mbo": "mbo middelbaar beroepsonderwijs vocational education",
    "nl": "nederland netherlands",
    "vl": "vlaanderen vlaams flanders flemish",
}
"""How people say the sectors and regions that a document names by a code."""


class Term(NamedTuple):
    """One thing that an item is found by.

    Attributes:
        field: `WORD`, `TAIL`, or the filter that it belongs to.
        term: a stem, for `TAIL` from back to front; for a filter the value as authors wrote it.
        weight: how much a word counts; 0 for a filter's value.
    """

    field: str
    term: str
    weight: int


def terms(document: Document) -> list[Term]:
    """Return all that a document is found by.

    A document that names no sector or no region is for all of them.
    """
    found: dict[tuple[str, str], int] = {}
    for text, weight in _texts(document):
        for stem in words.stems(text, document.lang):
            word = stem[:LONGEST]
            keys = [(WORD, word), (TAIL, word[::-1])] if len(word) > words.TAIL else [(WORD, word)]
            for key in keys:
                found[key] = max(weight, found.get(key, 0))
    for field, values in (
        (SECTOR, document.sectors or SECTORS),
        (REGION, document.regions or REGIONS),
        (THEME, document.themes),
        (ROLE, document.roles),
    ):
        found |= {(field, value[:LONGEST]): 0 for value in values}
    return [Term(field, term, weight) for (field, term), weight in found.items()]


def _texts(document: Document) -> Iterator[tuple[str, int]]:
    for name, weight in _WEIGHTS.items():
        value = getattr(document, name)
        yield from ((text, weight) for text in ([value] if isinstance(value, str) else value))
    yield from ((_SAID[code], 3) for code in (*document.sectors, *document.regions))
    yield from ((title, 1) for title in _titles(document))


def _titles(document: Document) -> Iterator[str]:
    inside: Iterable[Model]
    if isinstance(document, Preparation):
        inside = ()
    elif isinstance(document, MicroModule):
        inside = document.blocks
    elif isinstance(document, Intervision):
        inside = document.rounds
    else:
        inside = document.nodes.values()
    yield from (getattr(one, "title", "") or "" for one in inside)
