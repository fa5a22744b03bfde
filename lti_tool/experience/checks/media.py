"""Checks on media: captions, transcripts, files, consent (E18 to E22)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Literal

from lti_tool.experience.document.findings import Finding
from lti_tool.experience.document.model import (
    Audio,
    Document,
    Experience,
    Image,
    Person,
    Video,
)
from lti_tool.experience.document.walk import FileKind, UsedFile, parts, used_files

# Per kind of file: the extensions an author may use and the types a file may turn out to be.
# No SVG: it can carry scripts.
EXTENSIONS: dict[FileKind, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".webp"),
    "video": (".mp4", ".webm"),
    "audio": (".mp3", ".m4a", ".ogg", ".opus", ".wav"),
    "captions": (".vtt",),
    "transcript": (".md", ".txt"),
}
MIME_TYPES: dict[FileKind, frozenset[str]] = {
    "image": frozenset({"image/png", "image/jpeg", "image/webp"}),
    "video": frozenset({"video/mp4", "video/webm"}),
    "audio": frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav"}),
    "captions": frozenset({"text/vtt"}),
    "transcript": frozenset({"text/markdown", "text/plain"}),
}

MEGABYTE = 1024 * 1024
MAX_FILE = 50 * MEGABYTE
MAX_TOTAL = 200 * MEGABYTE
"""Bytes of one file, and of all files of one item."""

MAX_MEGAPIXELS = 60
"""Millions of pixels of one picture."""

PORTRAIT = 240
"""Pixels that a portrait should at least be wide and high: twice the size it stands in."""


@dataclass(frozen=True, slots=True)
class MediaFact:
    """What was found under a file name.

    `mime` is the type its content shows (empty if none that is known), `size` counts bytes,
    `vtt_line` is the first line (from 1) at which a caption file is not valid WebVTT, and `fault`
    says why a picture cannot be opened.
    """

    mime: str
    size: int
    vtt_line: int | None = None
    fault: Literal["picture", "pixels"] | None = None
    pixels: tuple[int, int] | None = None
    """Width and height of a picture that can be opened, upright."""


FindMedia = Callable[[str], MediaFact | None]


def check_media(item: Document, *, today: date, exists: FindMedia | None) -> Iterator[Finding]:
    """Yield what is missing or expired in the media of a document.

    `exists` tells what stands under a file name, None for nothing; without it files are not
    looked at and only what the document itself says is checked.
    """
    lang = item.lang.partition("-")[0]
    for path, part in parts(item):
        if isinstance(part, Video):
            spoken = {written.partition("-")[0] for written in part.captions}
            if lang not in spoken:
                yield Finding.of("E18", (*path, "video"), name=part.video, lang=item.lang)
            if part.transcript is None:
                yield Finding.of("E19", (*path, "video"), name=part.video)
        elif isinstance(part, Audio) and part.transcript is None:
            yield Finding.of("E19", (*path, "audio"), name=part.audio)
        if isinstance(part, Image | Video | Audio):
            until = part.consent_until
            if until is not None and until < today:
                name = next(used_files(part)).name
                yield Finding.of("E22", (*path, "consent_until"), name=name, date=until.isoformat())
    for used in used_files(item):
        yield from _file(used, exists)
    if exists is not None:
        facts = {used.name: exists(used.name) for used in used_files(item)}
        if sum(fact.size for fact in facts.values() if fact) > MAX_TOTAL:
            yield Finding.of("E21.total", limit=MAX_TOTAL // MEGABYTE)
        if isinstance(item, Experience):
            for name, person in item.cast.items():
                yield from _portraits(name, person, exists)


def _portraits(name: str, person: Person, exists: FindMedia) -> Iterator[Finding]:
    """Yield portraits that are small, or of another shape than the first one of this person."""
    first: tuple[int, int] | None = None
    for mood, image in person.portraits.items():
        fact = exists(image.image)
        if fact is None or fact.pixels is None:
            continue
        width, height = fact.pixels
        place = ("cast", name, "portraits", mood, "image")
        size = f"{width} × {height}"
        if min(width, height) < PORTRAIT:
            yield Finding.of("W13.small", place, file=image.image, size=size, least=PORTRAIT)
        if first is None:
            first = fact.pixels
        elif abs(width * first[1] - height * first[0]) > 0.02 * width * first[1]:
            before = f"{first[0]} × {first[1]}"
            yield Finding.of("W13", place, name=name, one=before, other=size)


def _file(used: UsedFile, exists: FindMedia | None) -> Iterator[Finding]:
    """Yield what is the matter with one file."""
    allowed = ", ".join(EXTENSIONS[used.kind])
    wrong_type = Finding.of("E21.type", used.path, name=used.name, allowed=allowed)
    if PurePosixPath(used.name).suffix.lower() not in EXTENSIONS[used.kind]:
        yield wrong_type
        return
    if exists is None:
        return
    fact = exists(used.name)
    if fact is None:
        yield Finding.of("E21", used.path, name=used.name)
    elif fact.mime not in MIME_TYPES[used.kind]:
        yield wrong_type
    elif fact.size > MAX_FILE:
        yield Finding.of("E21.large", used.path, name=used.name, limit=MAX_FILE // MEGABYTE)
    elif fact.vtt_line is not None:
        yield Finding.of("E20", used.path, name=used.name, vtt_line=fact.vtt_line)
    elif fact.fault is not None:
        yield Finding.of(f"E21.{fact.fault}", used.path, name=used.name, limit=MAX_MEGAPIXELS)
