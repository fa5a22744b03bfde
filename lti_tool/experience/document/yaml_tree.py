"""YAML as plain dicts, lists and strings, with the line of every key, and nothing else.

The tree is built from the parser's events, so anchors, aliases and tags are refused before
anything is expanded or constructed, and depth and size are bounded. All scalars stay text (only an
empty or null value becomes None): `title: 2024` is a title and `no` is a word, whatever YAML
version a writer has in mind; pydantic reads numbers, dates and booleans where the format wants
them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.reader import ReaderError

from lti_tool.experience.document.findings import Finding, Place

MAX_BYTES = 1024 * 1024
_MAX_EVENTS = 100_000  # a full document of 500 nodes has about 40,000
_MAX_DEPTH = 24  # the deepest place the format knows is 10 deep
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Tree:
    """What a file holds: plain data, the line (from 1) of every place, and what was the matter.

    `data` is None when the file could not be read as one YAML document.
    """

    data: Any
    lines: dict[Place, int]
    findings: tuple[Finding, ...]


class _RefusedError(Exception):
    def __init__(self, kind: str, line: int):
        super().__init__(kind)
        self.kind = kind
        self.line = line


@dataclass(slots=True)
class _Builder:
    """Builds data from events, one value at a time."""

    events: Iterator[Event]
    file: str
    lines: dict[Place, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    count: int = 0

    def take(self) -> Event:
        """Give the next event, refusing what no document of ours needs."""
        event = next(self.events)
        self.count += 1
        line = _line(event)
        if self.count > _MAX_EVENTS:
            raise _RefusedError("E1.size", 1)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _RefusedError("E1.alias", line)
        if getattr(event, "tag", None) is not None:
            raise _RefusedError("E1.tag", line)
        return event

    def value(self, event: Event, path: Place, depth: int) -> Any:
        """Build the value that begins with this event."""
        self.lines.setdefault(path, _line(event))
        if depth > _MAX_DEPTH:
            raise _RefusedError("E1.deep", _line(event))
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(path, depth)
        return self.mapping(path, depth)

    def sequence(self, path: Place, depth: int) -> list[Any]:
        """Build a list."""
        elements: list[Any] = []
        while not isinstance(event := self.take(), SequenceEndEvent):
            elements.append(self.value(event, (*path, len(elements)), depth + 1))
        return elements

    def mapping(self, path: Place, depth: int) -> dict[str, Any]:
        """Build a dict; a key that comes twice is a finding, and its first value is kept."""
        entries: dict[str, Any] = {}
        while not isinstance(event := self.take(), MappingEndEvent):
            line = _line(event)
            if not isinstance(event, ScalarEvent):
                raise _RefusedError("E1.key", line)
            key = _text(event)
            if key in entries:
                kind = "E4" if path == ("nodes",) else "E4.field"
                self.findings.append(Finding.of(kind, (*path, key), name=key).at(self.file, line))
                self.value(self.take(), (*path, key), depth + 1)
            else:
                self.lines.setdefault((*path, key), line)
                entries[key] = self.value(self.take(), (*path, key), depth + 1)
        return entries


def read(text: str, *, file: str) -> Tree:
    """Read one YAML document; whatever the text, findings are returned and never raised."""
    builder = _Builder(iter(()), file)
    data = None
    try:
        if len(text) > MAX_BYTES:
            raise _RefusedError("E1.size", 1)
        parser = YAML(typ="safe", pure=True)
        builder.events = parser.parse(text)
        data = _document(builder)
    except _RefusedError as refused:
        builder.findings.append(Finding.of(refused.kind).at(file, refused.line))
    except MarkedYAMLError as error:
        kind = _syntax_kind(error)
        marks = [error.problem_mark, error.context_mark]
        if kind == "E1.quote":  # where it opens helps; where the file ends does not
            marks.reverse()
        mark = marks[0] or marks[1]
        line = min(mark.line, text.count("\n")) + 1 if mark else 1
        builder.findings.append(Finding.of(kind).at(file, line))
    except ReaderError as error:
        line = text.count("\n", 0, max(error.position, 0)) + 1
        builder.findings.append(Finding.of("E1.characters").at(file, line))
    except Exception:
        # Odd input makes the parser stumble in ways it does not document (index and attribute
        # errors); for an author that is the same as any other YAML that does not hold together.
        builder.findings.append(Finding.of("E1.syntax").at(file, 1))
    return Tree(data, builder.lines, tuple(builder.findings))


def _document(builder: _Builder) -> Any:
    """Build the only document of a stream."""
    event = builder.take()
    while isinstance(event, StreamStartEvent | DocumentStartEvent):
        event = builder.take()
    if isinstance(event, StreamEndEvent):
        raise _RefusedError("E1.empty", 1)
    data = builder.value(event, (), 0)
    if data is None:
        raise _RefusedError("E1.empty", 1)
    builder.take()  # the end of this document
    event = builder.take()
    if not isinstance(event, StreamEndEvent):
        raise _RefusedError("E1.several", _line(event))
    return data


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _text(event: ScalarEvent) -> str:
    value = str(event.value)
    if _CONTROL.search(value):
        raise _RefusedError("E1.characters", _line(event))
    return value


def _scalar(event: ScalarEvent) -> str | None:
    """Give the text of a scalar, or None for a plain empty or null value."""
    plain = not event.style
    return None if plain and event.value in ("", "~", "null", "Null", "NULL") else _text(event)


def _syntax_kind(error: MarkedYAMLError) -> str:
    """Find the sentence that helps with a syntax error."""
    what = f"{error.context or ''} {error.problem or ''}"
    if "mapping values are not allowed" in what:
        return "E1"
    if "'\\t'" in what:
        return "E1.tab"
    if "quoted scalar" in what:
        return "E1.quote"
    return "E1.syntax"
