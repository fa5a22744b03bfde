"""What an author is working on: documents with their findings, read again when a file changes."""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock

from lti_tool.clock import Clock
from lti_tool.experience.authoring.ways import ways
from lti_tool.experience.document.findings import Finding
from lti_tool.experience.document.model import Document, Experience, Item
from lti_tool.experience.document.walk import used_files
from lti_tool.experience.intake.checking import check_file
from lti_tool.experience.intake.package import opened
from lti_tool.experience.media.look import finder
from lti_tool.experience.media.store import Shown
from lti_tool.experience.play.engine import State

Stamp = dict[str, tuple[int, int]]
"""The files that were read, each with its time and size before it was."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document as it was last read.

    Attributes:
        label: how findings name its file.
        document: None when it cannot be read as one.
        ways: for each node of an experience the states in which it is reached.
        media: its files by the names it uses.
        folder: where its files stand.
    """

    label: str
    document: Document | None
    findings: tuple[Finding, ...]
    folder: Path
    ways: dict[str, tuple[State, ...]] = field(default_factory=dict)
    media: dict[str, Shown] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the document, or else the name of its file."""
        return self.document.title if self.document else Path(self.label).name

    @property
    def blocked(self) -> bool:
        """Whether something must be repaired before this can be published."""
        return any(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Reading:
    """All documents as they were last read; `findings` are of a zip or folder as a whole."""

    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]
    stamp: Stamp

    @property
    def mark(self) -> str:
        """A short text that is another one when a file was saved after this was read."""
        return sha256(json.dumps(self.stamp, sort_keys=True).encode()).hexdigest()


class Workspace:
    """A document, folder or zip under an author's hands.

    Args:
        path: what the author named.
        clock: decides whether consent has ended.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._lock = Lock()
        self._held = ExitStack()
        self._reading: Reading | None = None

    @contextmanager
    def open(self) -> Iterator["Workspace"]:
        """Keep what a zip was unpacked to, for as long as this is open."""
        try:
            yield self
        finally:
            self._held.close()

    def read(self) -> Reading:
        """Return the documents, read again when a file has changed since the last time."""
        with self._lock:
            if self._reading is None or self._stamp(self._reading.sheets) != self._reading.stamp:
                self._reading = self._read_anew()
            return self._reading

    def _read_anew(self) -> Reading:
        self._held.close()
        self._held = ExitStack()
        began = self._stamp(())  # a save while this reads is then seen as one that came after
        package = self._held.enter_context(opened(self.path))
        sheets = tuple(self._sheet(source.path, source.label) for source in package.sources)
        return Reading(sheets, package.findings, self._stamp(sheets) | began)

    def _sheet(self, path: Path, label: str) -> Sheet:
        path = path.parent.resolve() / path.name
        document, findings = check_file(path, self._clock().date(), label)
        sheet = Sheet(label, document, findings, path.parent)
        if isinstance(document, Experience):
            sheet.ways.update(ways(document))
        if isinstance(document, Item):
            find = finder(path.parent)
            for used in used_files(document):
                fact = find(used.name)
                if fact is not None and fact.mime:
                    sheet.media[used.name] = Shown(path.parent / used.name, fact.mime)
        return sheet

    def _stamp(self, sheets: Iterable[Sheet]) -> Stamp:
        watched = {self.path}
        if self.path.is_dir():
            watched.update(self.path.glob("*.y*ml"))
        if self.path.suffix.lower() != ".zip":
            for sheet in sheets:
                if sheet.document is not None:
                    watched.update(sheet.folder / used.name for used in used_files(sheet.document))
        return {str(path): _seen(path) for path in watched}


def _seen(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, -1
    return found.st_mtime_ns, found.st_size
