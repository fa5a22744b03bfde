"""What a check finds: a problem with a stable code, a place, and a sentence that says what to do.

`E…` keeps an item from being published, `W…` is advice. People script against the codes, so a
code never changes its meaning; a code may have several sentences, told apart by what follows the
dot in `Problem.kind` (`E1.tab` is an E1).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from lti_tool.experience.document.texts import SUGGESTION, TEXTS

Place = tuple[str | int, ...]
_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    `kind` is a key of `TEXTS`; `path` the place inside the document (`("nodes", "zorg", "next")`);
    `line` counts from 1 and is None as long as only the model is known; `values` fill the sentence.
    """

    kind: str
    path: Place = ()
    values: tuple[tuple[str, str], ...] = ()
    file: str = ""
    line: int | None = None

    @property
    def code(self) -> str:
        """The stable code: `E1` to `E28`, `W1` to `W6`."""
        return self.kind.partition(".")[0]

    @property
    def severity(self) -> Literal["error", "warning"]:
        """`error` keeps an item from being published, `warning` does not."""
        return "error" if self.kind.startswith("E") else "warning"

    @property
    def node(self) -> str | None:
        """The node the problem is in; for a micro-module the block by its number, as `#3`."""
        match self.path:
            case ("nodes", str(node), *_):
                return node
            case ("blocks", int(index), *_):
                return f"#{index + 1}"
        return None

    def at(self, file: str, line: int) -> "Problem":
        """Give the same problem with its file and line (counted from 1)."""
        return replace(self, file=file, line=line)

    def as_dict(self, lang: str) -> dict[str, str | int | None]:
        """Give the problem as plain data, for `--json`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "node": self.node,
            "path": ".".join(str(part) for part in self.path),
            "message": message(self, lang),
        }


def problem(kind: str, path: Place = (), **values: Any) -> Problem:
    """Make a problem; a `suggestion` of None is left out."""
    shown = tuple((name, str(value)) for name, value in values.items() if value is not None)
    return Problem(kind, path, shown)


def closest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that was probably meant, or None."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.7)), None)


def message(problem: Problem, lang: str) -> str:
    """Say in Dutch (`nl`) or else English what is the matter and what to do."""
    language = "nl" if lang.startswith("nl") else "en"
    values = {name: _printable(value) for name, value in problem.values}
    sentence = TEXTS[problem.kind][language].format_map(values)
    if "suggestion" in values:
        sentence += " " + SUGGESTION[language].format_map(values)
    return sentence


def as_text(problem: Problem, lang: str) -> str:
    """Give one line for a terminal: file, line and node first, then code and sentence."""
    place = f"{_printable(problem.file)}:{problem.line or 1}"
    node = f" {_printable(problem.node)}:" if problem.node else ""
    return f"{place}:{node} {problem.code} {message(problem, lang)}"


def _printable(value: str) -> str:
    """Cut to a readable length and drop what could steer a terminal."""
    cut = value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in cut)
