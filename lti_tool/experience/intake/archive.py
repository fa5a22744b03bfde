"""Unpacking a zip from a stranger: what is wanted, under limits, and never outside its folder.

Everything is checked against the zip's own list first; then only wanted files are streamed out,
counting the bytes that really come. Python's `extractall` checks none of this, and Python 3.11
does not look for overlapping files (CVE-2024-0450).
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import normalize

from lti_tool.experience.checks.media import EXTENSIONS, MAX_FILE, MAX_TOTAL, MEGABYTE
from lti_tool.experience.document.fields import FILE_PATTERN

MAX_ENTRIES = 500
MAX_RATIO = 200
"""Bytes out per byte in, for a file of more than a megabyte; text reaches about 10."""

MAX_DIRECTORY = MEGABYTE
"""Bytes of the zip's list of files, which has to be read before it can be counted."""

DOCUMENTS = (".yaml", ".yml")
ALLOWED = (*DOCUMENTS, *(one for kind in EXTENSIONS.values() for one in kind))

_CHUNK = 64 * 1024
_END = b"PK\x05\x06"
_END_64_LOCATOR = b"PK\x06\x07"
_LOCAL = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1 | 0x40 | 0x2000
# What file managers add by themselves.
_LITTER = re.compile(r"(^|/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(/|$)", re.IGNORECASE)
_OUTSIDE = re.compile(r"(^|/)\.\.?(/|$)|//|^/|^[A-Za-z]:|[\\\x00]")
# What zipfile and zlib raise for bytes that are no zip, or a damaged one.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class BadArchive(Exception):
    """A zip that is not taken; `kind` and `values` make the sentence, see `package_texts`."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


def unpack(path: Path, into: Path) -> list[tuple[Path, str]]:
    """Unpack the documents of a zip and their media into an empty folder.

    The documents stand at the top of the zip, or in the one folder that holds everything. Media
    keep their place beside them; documents get names of ours.

    Returns:
        For each document the file it was written to and its name in the zip.

    Raises:
        BadArchive: for anything that is not as it should be.
    """
    try:
        with path.open("rb") as file:
            _check_end(file)
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                _check_list(entries)
                _check_places(file, entries, archive.start_dir)
                return _write(archive, entries, into)
    except _BROKEN:
        raise BadArchive("E28") from None


def _check_end(file: BinaryIO) -> None:
    """Refuse a list of files that is too long to read; it is read at once."""
    size = file.seek(0, 2)
    tail_at = max(0, size - 65_557)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or end + 22 > len(tail):
        raise BadArchive("E28")
    count, directory = struct.unpack_from("<HI", tail, end + 10)
    large = _END_64_LOCATOR in tail[max(0, end - 20) : end]
    if large or count > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise BadArchive("E28.many", limit=MAX_ENTRIES)


def _check_list(entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse what the list itself gives away."""
    seen: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.orig_filename
        if _OUTSIDE.search(name) or not name.strip("/ ."):
            raise BadArchive("E28.name", name=name)
        if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise BadArchive("E28.link", name=name)
        if entry.flag_bits & _ENCRYPTED:
            raise BadArchive("E28.encrypted", name=name)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BadArchive("E28.method", name=name)
        folded = normalize("NFC", name).rstrip("/").casefold()
        if folded in seen:
            raise BadArchive("E28.twice", name=name)
        seen.add(folded)
        if entry.is_dir() or _LITTER.search(name):
            continue
        if not folded.endswith(ALLOWED):
            raise BadArchive("E28.type", name=name, allowed=", ".join(ALLOWED))
        if entry.file_size > MAX_FILE:
            raise BadArchive("E28.large", name=name, limit=MAX_FILE // MEGABYTE)
        total += entry.file_size
    if len(seen) > MAX_ENTRIES:
        raise BadArchive("E28.many", limit=MAX_ENTRIES)
    if total > MAX_TOTAL:
        raise BadArchive("E28.total", limit=MAX_TOTAL // MEGABYTE)


def _check_places(file: BinaryIO, entries: list[zipfile.ZipInfo], directory: int) -> None:
    """Refuse files that share bytes: a small zip can hold the same large file many times."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    begins = [entry.header_offset for entry in ordered[1:]]
    for entry, following in zip(ordered, [*begins, directory], strict=True):
        file.seek(entry.header_offset)
        magic, name_length, extra_length = _LOCAL.unpack(file.read(_LOCAL.size))
        ends = entry.header_offset + _LOCAL.size + name_length + extra_length + entry.compress_size
        if magic != b"PK\x03\x04" or ends > following:
            raise BadArchive("E28.overlap", name=entry.orig_filename)


def _write(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], into: Path
) -> list[tuple[Path, str]]:
    wanted = [one for one in entries if not one.is_dir() and not _LITTER.search(one.filename)]
    base = _base([entry.filename for entry in wanted])
    documents: list[tuple[Path, str]] = []
    total = 0
    for entry in wanted:
        name = entry.filename.removeprefix(base)
        if not entry.filename.startswith(base):
            continue
        if name.casefold().endswith(DOCUMENTS):
            if "/" in name:
                continue
            target = into / f"document-{len(documents) + 1}.yaml"
            documents.append((target, name))
        elif re.fullmatch(FILE_PATTERN, name):
            target = into / name
        else:
            continue  # no document can name it
        total += _stream(archive, entry, target, left=MAX_TOTAL - total)
    return documents


def _base(names: list[str]) -> str:
    """Return what stands before the documents: nothing, or the one folder around everything."""
    tops = {name.partition("/")[0] for name in names}
    if len(tops) == 1 and all("/" in name for name in names):
        return tops.pop() + "/"
    return ""


def _stream(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, left: int) -> int:
    """Write one file, counting; returns its bytes."""
    name = entry.filename
    written = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("xb") as out:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > MAX_FILE:
                    raise BadArchive("E28.large", name=name, limit=MAX_FILE // MEGABYTE)
                if written > left:
                    raise BadArchive("E28.total", limit=MAX_TOTAL // MEGABYTE)
                if written > max(MEGABYTE, MAX_RATIO * entry.compress_size):
                    raise BadArchive("E28.ratio", name=name)
                out.write(chunk)
    except _BROKEN:
        raise BadArchive("E28.damaged", name=name) from None
    return written
