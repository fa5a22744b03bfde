"""Words as a search compares them: lower case, without accents, brought back to their stem. Pure.

One way for both databases: SQLite has no Dutch stemmer, and two ways would find two things. The
stemmers are Snowball's, for Dutch and for English.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

LONG = 4
"""From this many letters on a word may be a part of a compound: *ouder* in *oudergesprek*."""

TAIL = 5
"""From this many letters on a word may be the end of a compound: *gesprek* in *oudergesprek*."""

MOST_WORDS = 8
"""Of a search; what comes after them hardly narrows it down."""

_LANGUAGES = {"nl": "dutch_porter", "en": "english"}
"""Snowball's other Dutch one takes *ge* out of the middle of a word, and so *gesprek* apart."""

_WORD = re.compile(r"[^\W_]+")

_FUNCTION_WORDS = """
aan als bij dan dat de deze die dit door een en er het hij hoe ik in is je jij kan maar met na naar
niet nog of om omdat onder ook op over te tot uit van voor wat we wie wij worden wordt ze zich zij
zijn zo zonder
a about an and are as at be but by can do for from he her his how i if into it its not on or our out
she than that the their them then there they this those to was what when which who will with you
your
"""
_SMALL = frozenset(_FUNCTION_WORDS.split())
"""Words that say nothing about an item."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One word of a search.

    Attributes:
        forms: the word itself and its stems; an item's word that is one of these is a match.
        beginnings: what may begin an item's word that is a match too, such as a compound.
        endings: what may end an item's word that is a match too.
        parts: words that this one begins with, and that match it as the part of a compound.
    """

    forms: frozenset[str]
    beginnings: frozenset[str]
    endings: frozenset[str]
    parts: frozenset[str]


def _small(text: str) -> str:
    """Fold case before and after taking letters apart: a mathematical bold A has no small one."""
    return unicodedata.normalize("NFKD", text.casefold()).casefold()


def words(text: str) -> list[str]:
    """Return the words of a text, folded, without those that say nothing."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", _small(text))
        if not unicodedata.combining(letter)
    )
    return [
        word
        for word in _WORD.findall(plain)
        if word not in _SMALL and (len(word) > 1 or word.isdigit())
    ]


def stems(text: str, lang: str) -> list[str]:
    """Return the stems of a text's words; in a language without a stemmer the words themselves.

    Args:
        text: what an item says.
        lang: the item's language, such as `nl` or `nl-BE`.
    """
    language = _LANGUAGES.get(lang.partition("-")[0].lower())
    found = words(text)
    return [_stem(language, word) for word in found] if language else found


def sought(text: str) -> tuple[Sought, ...]:
    """Return what a search looks for; every part must be found. Dutch and English at once."""
    return tuple(map(_sought, dict.fromkeys(words(text)[:MOST_WORDS])))


def _sought(word: str) -> Sought:
    forms = frozenset({word, *(_stem(language, word) for language in _LANGUAGES.values())})
    long = frozenset(form for form in forms if len(form) >= LONG)
    parts = frozenset(form[:end] for form in long for end in range(LONG, len(form)))
    endings = frozenset(form for form in long if len(form) >= TAIL)
    return Sought(forms, long, endings, parts - forms)


@lru_cache(maxsize=20_000)
def _stem(language: str, word: str) -> str:
    # A stemmer keeps the word it works on, so that threads may not share one.
    stem: str = snowballstemmer.stemmer(language).stemWord(word)
    return stem
