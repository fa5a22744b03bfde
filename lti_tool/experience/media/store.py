"""Media files: taken in when an item is published, kept under their hash, shown by the player.

What was taken in is never changed: a file's name in the media folder is the SHA-256 of its
content, and a version remembers which of its own names means which hash.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from lti_tool.experience.document import markdown
from lti_tool.experience.document.model import Audio, Document, Image, Video
from lti_tool.experience.document.walk import parts, used_files
from lti_tool.experience.media import chapters, films, pictures
from lti_tool.experience.media.look import mime_of

KEPT = 1024
"""Versions whose files are held in memory as pages show them; one takes a few kilobytes."""


class CannotStore(Exception):
    """A file that cannot be taken in; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a version, as it was taken in.

    Attributes:
        sha256: of its content, under which it is kept.
        size: bytes.
        width: pixels of a picture; None for anything else.
        consent_until: the last day on which it may be shown; None when nobody's consent is needed.
    """

    sha256: str
    mime: str
    size: int
    width: int | None = None
    height: int | None = None
    consent_until: date | None = None


class MediaStore:
    """The folder in which published media are kept, each under its hash.

    Args:
        root: made when the first file comes in.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._shown: dict[str, Mapping[str, Shown]] = {}
        self._drawn: dict[str, StoredFile] = {}

    def path(self, sha256: str) -> Path:
        """Return where the file with this hash stands."""
        return self.root / sha256[:2] / sha256

    def shown(self, sha256: str, files: Mapping[str, StoredFile]) -> Mapping[str, "Shown"]:
        """Return the files of a version as its pages show them.

        Args:
            sha256: the version's hash, under which they are kept in memory.
            files: by the names that its document uses.
        """
        held = self._shown.get(sha256)
        if held is None:
            if len(self._shown) >= KEPT:
                self._shown.clear()
            held = self._shown[sha256] = {
                name: Shown(
                    self.path(one.sha256), one.mime, one.width, one.height, one.consent_until
                )
                for name, one in files.items()
            }
        return held

    def take_in(self, document: Document, folder: Path) -> dict[str, StoredFile]:
        """Keep every file that a document uses, pictures drawn anew; returns them by name.

        Args:
            document: without errors, see `checking`.
            folder: where its files stand.

        Raises:
            CannotStore: when a file has changed since it was checked, or cannot be written.
        """
        consents = _consents(document)
        taken: dict[str, StoredFile] = {}
        for used in used_files(document):
            if used.name in taken:
                continue
            try:
                taken[used.name] = self._take(folder / used.name, consents.get(used.name))
            except pictures.BadPicture:
                raise CannotStore(f"{used.name} is no picture that can be opened") from None
            except OSError as reason:
                why = os.strerror(reason.errno) if reason.errno else "unknown reason"
                raise CannotStore(
                    f"{used.name} cannot be copied to {self.root} ({why}); "
                    "PROEFTUIN_MEDIA_DIR says where media are kept"
                ) from None
        return taken

    def erase(self, sha256: str) -> None:
        """Remove a file; nothing happens when it is not there."""
        self.path(sha256).unlink(missing_ok=True)

    def _take(self, path: Path, consent_until: date | None) -> StoredFile:
        mime = mime_of(path)
        if mime.startswith("image/"):
            return replace(self._picture(path), consent_until=consent_until)
        with path.open("rb") as source:
            sha256, size = self._keep(lambda out: _copy(source, out, mime))
        return StoredFile(sha256, mime, size, consent_until=consent_until)

    def _picture(self, path: Path) -> StoredFile:
        """Draw a picture anew; once, however many of the documents taken in here use it."""
        with path.open("rb") as file:
            given = hashlib.file_digest(file, "sha256").hexdigest()
        held = self._drawn.get(given)
        if held is None or not self.path(held.sha256).is_file():
            made = pictures.draw_anew(path)
            sha256, size = self._keep(lambda out: out.write(made.data))
            held = StoredFile(sha256, pictures.MIME, size, made.width, made.height)
            self._drawn[given] = held
        return held

    def _keep(self, write: Callable[[BinaryIO], object]) -> tuple[str, int]:
        """Write a file beside its place and move it there; returns its hash and size."""
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self.root, prefix=".new-")
        made = Path(name)
        with os.fdopen(descriptor, "w+b") as out:
            try:
                write(out)
                out.flush()
                os.fsync(out.fileno())
                out.seek(0)
                sha256 = hashlib.file_digest(out, "sha256").hexdigest()
                size = made.stat().st_size
                target = self.path(sha256)
                target.parent.mkdir(exist_ok=True)
                made.chmod(0o644)  # a web server in front of us may read it
                made.replace(target)
            except BaseException:
                made.unlink(missing_ok=True)
                raise
        return sha256, size


def _copy(source: BinaryIO, out: BinaryIO, mime: str) -> None:
    shutil.copyfileobj(source, out)
    if mime in {"video/mp4", "audio/mp4"}:
        films.forget_origin(out)


def _consents(document: Document) -> dict[str, date]:
    """Return the first day on which consent ends, for each file that needs it."""
    ends: dict[str, date] = {}
    for _path, part in parts(document):
        if isinstance(part, Image | Video | Audio) and part.consent_until is not None:
            for used in used_files(part):
                ends[used.name] = min(part.consent_until, ends.get(used.name, date.max))
    return ends


# --- For the pages -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """One file as a page shows it: where it stands on disk, and what it is."""

    path: Path
    mime: str
    width: int | None = None
    height: int | None = None
    consent_until: date | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of one version, for templates.

    Attributes:
        files: by the names that the document uses.
        address: makes the address under which a browser finds a name.
        today: decides whether consent has ended.
    """

    files: Mapping[str, Shown]
    address: Callable[[str], str]
    today: date

    def url(self, name: str) -> str:
        """Return the address of a file."""
        return self.address(name)

    def mime(self, name: str) -> str:
        """Return a file's media type; "" when it is not there."""
        return self.files[name].mime if name in self.files else ""

    def size(self, name: str) -> tuple[int | None, int | None]:
        """Return width and height of a picture, so that a page keeps its place free."""
        held = self.files.get(name)
        return (held.width, held.height) if held else (None, None)

    def may_show(self, part: Image | Video | Audio) -> bool:
        """Whether those who can be seen or heard in any of its files still allow it."""
        held = (self.files.get(used.name) for used in used_files(part))
        ends = [part.consent_until, *(one.consent_until for one in held if one)]
        return all(until is None or self.today <= until for until in ends)

    def transcript(self, name: str) -> Markup:
        """Return a transcript as safe HTML; empty when it cannot be read."""
        return markdown.to_html(self._text(name))

    def chapters(self, files: Mapping[str, str], lang: str) -> tuple[chapters.Chapter, ...]:
        """Return the chapters of a video in a language; none when there are none to be read."""
        name = self.in_language(files, lang)
        return chapters.read(self._text(name)) if name else ()

    def in_language(self, files: Mapping[str, str], lang: str) -> str | None:
        """Return the file in a language, or in another variety of it, or None."""
        wanted = lang.partition("-")[0]
        near = (name for one, name in files.items() if one.partition("-")[0] == wanted)
        return files.get(lang) or next(near, None)

    def language(self, lang: str) -> str:
        """Return the name of a language in itself, as a list of captions shows it."""
        try:
            name = Locale.parse(lang, sep="-").get_display_name()
        except (ValueError, UnknownLocaleError):
            name = None
        return (name or lang).capitalize()

    def clock(self, seconds: float) -> str:
        """Return a place in a film as people read it."""
        return chapters.clock(seconds)

    def _text(self, name: str) -> str:
        held = self.files.get(name)
        try:
            return held.path.read_text("utf-8-sig") if held else ""
        except (OSError, UnicodeDecodeError):
            return ""
