"""Sentences in the reader's language where no request names it: checks and the command line.

There is one translation system: English stands in the code and Dutch in `translations/`, in the
same catalogue as that of the pages. Flask-Babel reads it for a request; this reads it for a
language that is named.
"""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

_CATALOGUES = Path(__file__).parent / "translations"


def N_(text: str) -> str:  # noqa: N802 - the mark that gettext's tools know
    """Mark a text for translation without translating it yet."""
    return text


@cache
def spoken(lang: str) -> NullTranslations:
    """Return what translates into a language, with `gettext` and `ngettext`.

    Args:
        lang: such as `nl`, `nl-BE` or `en`; whatever is not Dutch is answered in English.
    """
    languages = ["nl"] if lang.partition("-")[0] == "nl" else []
    return translation("messages", _CATALOGUES, languages, fallback=True)
