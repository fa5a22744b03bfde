"""What a check finds: a finding with a stable code, a place, and a sentence that says what to do.

`E…` keeps an item from being published, `W…` is advice. People script against the codes, so a
code never changes its meaning; a code may have several sentences, told apart by what follows the
dot in `Finding.kind` (`E1.tab` is an E1).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from lti_tool.experience.document.texts import SUGGESTION, TEXTS
from lti_tool.sentences import spoken

Place = tuple[str | int, ...]
_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should be repaired or looked at.

    `kind` is a key of `TEXTS`; `path` the place inside the document (`("nodes", "zorg", "next")`);
    `line` counts from 1 and is None as long as only the model is known; `values` fill the sentence.
    """

    kind: str
    path: Place = ()
    values: tuple[tuple[str, str], ...] = ()
    file: str = ""
    line: int | None = None

    @classmethod
    def of(cls, kind: str, path: Place = (), **values: Any) -> "Finding":
        """Make a finding; a value of None, such as a suggestion that there is not, is left out."""
        shown = tuple((name, str(value)) for name, value in values.items() if value is not None)
        return cls(kind, path, shown)

    @property
    def code(self) -> str:
        """The stable code: `E1` to `E31`, `W1` to `W16`."""
        return self.kind.partition(".")[0]

    @property
    def severity(self) -> Literal["error", "warning"]:
        """`error` keeps an item from being published, `warning` does not."""
        return "error" if self.kind.startswith("E") else "warning"

    @property
    def node(self) -> str | None:
        """The node the finding is about; a block or round by its number, as `#3`."""
        match self.path:
            case ("nodes", str(node), *_):
                return node
            case ("blocks" | "rounds", int(index), *_):
                return f"#{index + 1}"
        return None

    def at(self, file: str, line: int) -> "Finding":
        """Give the same finding with its file and line (counted from 1)."""
        return replace(self, file=file, line=line)

    def as_dict(self, lang: str) -> dict[str, str | int | None]:
        """Give the finding as plain data, for `--json`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "node": self.node,
            "path": ".".join(str(part) for part in self.path),
            "message": message(self, lang),
        }


def closest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that was probably meant, or None."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.7)), None)


class Guesses:
    """What was probably meant by names that do not exist, as far as that is found quickly.

    Comparing takes some 25 microseconds a pair, so a document with a thousand places and as many
    misspelt references would take half a minute. After a number of comparisons there are no more
    guesses: whoever has hundreds of such names to repair has another problem than spelling.

    Args:
        known: the names that exist.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(known)
        self._made: dict[str, str | None] = {}
        self._left = 20_000

    def closest(self, word: str) -> str | None:
        """Give the known name that was probably meant, or None."""
        if word not in self._made:
            self._left -= len(self._known)
            self._made[word] = closest(word, self._known) if self._left >= 0 else None
        return self._made[word]


def message(finding: Finding, lang: str) -> str:
    """Say in Dutch (`nl`) or else English what is the matter and what to do."""
    say = spoken(lang).gettext
    values = {name: _printable(value) for name, value in finding.values}
    sentence = say(TEXTS[finding.kind]).format_map(values)
    if "suggestion" in values:
        sentence += " " + say(SUGGESTION).format_map(values)
    return sentence


def as_text(finding: Finding, lang: str) -> str:
    """Give one line for a terminal: file, line and node first, then code and sentence."""
    place = f"{_printable(finding.file)}:{finding.line or 1}"
    node = f" {_printable(finding.node)}:" if finding.node else ""
    return f"{place}:{node} {finding.code} {message(finding, lang)}"


def _printable(value: str) -> str:
    """Cut to a readable length and drop what could steer a terminal."""
    cut = value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in cut)
