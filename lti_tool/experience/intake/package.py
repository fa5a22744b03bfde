"""What an author hands in: a document with its media beside it, a folder of them, or a zip.

All three are read in one way: as documents in a folder. A zip is unpacked first, safely (see
`archive`), into a folder that is gone afterwards.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lti_tool.experience.document.findings import Finding
from lti_tool.experience.intake.archive import DOCUMENTS, BadArchive, unpack


@dataclass(frozen=True, slots=True)
class Source:
    """One document: where it stands, its media beside it, and how findings name it."""

    path: Path
    label: str


@dataclass(frozen=True, slots=True)
class Package:
    """The documents that were handed in, or the findings that keep them from being read."""

    sources: tuple[Source, ...]
    findings: tuple[Finding, ...] = ()


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Open a document, a folder with documents at its top, or a zip of such a folder.

    Never raises for what stands there: a zip that cannot be taken, or a folder without a document,
    is a package with one finding.
    """
    if path.is_dir():
        yield _folder(path)
    elif path.suffix.lower() == ".zip" and os.path.lexists(path) and not path.is_file():
        yield Package((), (Finding.of("E1.file").at(str(path), 1),))
    elif path.suffix.lower() == ".zip":
        with TemporaryDirectory(prefix="proeftuin-") as home:
            yield _unpacked(path, Path(home))
    else:
        yield _package(path, [(path, str(path))])


def _folder(path: Path) -> Package:
    try:
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in DOCUMENTS)
    except OSError:
        return Package((), (Finding.of("E1.file").at(str(path), 1),))
    return _package(path, [(one, str(one)) for one in files])


def _unpacked(path: Path, home: Path) -> Package:
    try:
        documents = unpack(path, home)
    except BadArchive as reason:
        return Package((), (Finding.of(reason.kind, **reason.values).at(str(path), 1),))
    return _package(path, [(file, f"{path}/{name}") for file, name in documents])


def _package(path: Path, documents: list[tuple[Path, str]]) -> Package:
    if not documents:
        return Package((), (Finding.of("E28.none").at(str(path), 1),))
    return Package(tuple(Source(file, label) for file, label in documents))
