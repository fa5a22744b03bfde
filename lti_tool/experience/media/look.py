"""Looking at media files: what their content shows, and whether captions are valid WebVTT."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import puremagic
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from lti_tool.experience.checks.media import MAX_FILE, MediaFact
from lti_tool.experience.media import pictures

_HEAD = 8192
_LARGEST_TEXT = 2 * 1024 * 1024
_BY_EXTENSION = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".mpga": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
# An MP4 names its brand in its first box (ISO/IEC 14496-12 §4.3); signature lists know only a few.
_BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4"} | dict.fromkeys(
    [b"isom", b"avc1", b"mp41", b"mp42", b"mp71", b"M4V ", b"dash", b"MSNV"]
    + [b"iso%d" % number for number in range(2, 10)],
    "video/mp4",
)
_TEXT_TYPES = {".vtt": "text/vtt", ".md": "text/markdown", ".txt": "text/plain"}


def finder(folder: Path) -> Callable[[str], MediaFact | None]:
    """Make the look at files for `checks.check`: names are beside the document, in this folder.

    A name that leads out of the folder, also by a symbolic link, is as good as missing.
    """
    root = folder.resolve()

    @cache
    def find(name: str) -> MediaFact | None:
        try:
            path = (root / name).resolve()
            if not path.is_relative_to(root) or not path.is_file():
                return None
            return look_at(path)
        except (OSError, ValueError, RuntimeError):  # RuntimeError: links that lead in a circle
            return None

    return find


def look_at(path: Path) -> MediaFact:
    """Tell what a file is, by its content; only Markdown, text and captions also by their name.

    Raises `OSError` if the file cannot be read.
    """
    size = path.stat().st_size
    text_type = _TEXT_TYPES.get(path.suffix.lower())
    if text_type is None:
        mime = _sniffed(path)
        drawn = mime.startswith("image/") and size <= MAX_FILE
        if not drawn:
            return MediaFact(mime, size)
        fault = pictures.fault(path)
        return MediaFact(mime, size, fault=fault, pixels=None if fault else pictures.size(path))
    if size > _LARGEST_TEXT:
        return MediaFact("", size)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return MediaFact("", size)
    if "\0" in text:
        return MediaFact("", size)
    return MediaFact(text_type, size, vtt_fault(text) if text_type == "text/vtt" else None)


def mime_of(path: Path) -> str:
    """Give the media type of a file as `look_at` does, without looking for faults in a picture.

    Raises `OSError` if the file cannot be read.
    """
    is_text = path.suffix.lower() in _TEXT_TYPES
    return look_at(path).mime if is_text else _sniffed(path)


def _sniffed(path: Path) -> str:
    with path.open("rb") as file:
        return sniff(file.read(_HEAD))


def sniff(head: bytes) -> str:
    """Give the media type that the first bytes of a file show, or "" for anything not allowed."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "")
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    found = [_BY_EXTENSION[m.extension] for m in matches if m.extension in _BY_EXTENSION]
    return found[0] if found else ""


def vtt_fault(text: str) -> int | None:
    """Give the first line (from 1) at which a text is not valid WebVTT with captions, or None.

    Stricter than a browser, which passes over what it cannot read: a caption with `->` instead of
    `-->` would just never be shown (W3C WebVTT §4.1 is the syntax, §6.1 the forgiving parser).
    """
    blocks = _blocks(text)
    if not blocks or not _is_header(*blocks[0]):
        return 1
    captions = 0
    for line, block in blocks[1:]:
        parsed = _parsed(block)
        if parsed is None:
            return line
        captions += len(parsed.captions)
        explained = parsed.captions or parsed.styles or parsed.regions
        if not explained and not block[0].startswith("NOTE"):
            return line
        if any(caption.start_time >= caption.end_time for caption in parsed.captions):
            return line
    return None if captions else 1


def _is_header(line: int, block: list[str]) -> bool:
    """Whether a block is the file's header: on the first line, with no caption stuck to it."""
    starts = re.match(r"WEBVTT([ \t]|$)", block[0]) is not None
    return line == 1 and starts and not any("-->" in each for each in block)


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """Split into blocks between empty lines, each with the number of its first line."""
    blocks: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip():
            fresh = True
        elif fresh:
            blocks.append((number, [line]))
            fresh = False
        else:
            blocks[-1][1].append(line)
    return blocks


def _parsed(block: list[str]) -> "webvtt.WebVTT | None":
    """Parse one block as if it were a file of its own, so that a fault has a line."""
    try:
        return webvtt.from_string("WEBVTT\n\n" + "\n".join(block) + "\n", strict=True)
    except (MalformedFileError, MalformedCaptionError):
        return None
