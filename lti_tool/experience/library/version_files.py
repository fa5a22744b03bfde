"""Which files a published version shows: written with it, read with it, and never changed."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict
from threading import Lock
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.experience.document.model import Item
from lti_tool.experience.document.walk import used_files
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.library.models import Version, VersionMedia
from lti_tool.experience.media.store import StoredFile

KEPT = 1024
"""Versions whose files are held in memory; one takes a few hundred bytes."""

NONE: Mapping[str, StoredFile] = MappingProxyType({})

_kept: OrderedDict[str, Mapping[str, StoredFile]] = OrderedDict()
_lock = Lock()


def fingerprint(text: str, files: Mapping[str, StoredFile]) -> str:
    """Return the SHA-256 of a version: of its document and of the content of its files."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(files):
        digest.update(f"\n{name} {files[name].sha256}".encode())
    return digest.hexdigest()


def write(session: Session, version_id: int, files: Mapping[str, StoredFile]) -> None:
    """Write down the files of a new version, by the names its document uses. No commit."""
    session.add_all(
        VersionMedia(version_id=version_id, name=name, **asdict(file))
        for name, file in files.items()
    )
    session.flush()


def of(session: Session, version_id: int, sha256: str, item: Item) -> Mapping[str, StoredFile]:
    """Return the files of a version by name; no query when its document uses none.

    Args:
        session: to read with.
        version_id: where to read them.
        sha256: the version's hash, under which they are kept in memory.
        item: its document.
    """
    with _lock:
        held = _kept.get(sha256)
    if held is None and next(used_files(item), None) is None:
        held = _kept[sha256] = NONE
    if held is None:
        rows = session.scalars(select(VersionMedia).where(VersionMedia.version_id == version_id))
        held = MappingProxyType(
            {
                row.name: StoredFile(
                    row.sha256, row.mime, row.size, row.width, row.height, row.consent_until
                )
                for row in rows
            }
        )
        with _lock:
            _kept[sha256] = held
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return held


def unshown(session: Session, slug: str) -> list[str]:
    """Return the hashes of a stopped item's files that no other item shows.

    They can be erased from the media folder: consent for what they show was revoked.
    """
    other, version, item = aliased(VersionMedia), aliased(Version), aliased(ItemRow)
    shown = (
        select(other.sha256)
        .join(version, version.id == other.version_id)
        .join(item, item.id == version.item_id)
        .where(item.stopped_at.is_(None))
    )
    mine = (
        select(VersionMedia.sha256)
        .distinct()
        .join(Version, Version.id == VersionMedia.version_id)
        .join(ItemRow, ItemRow.id == Version.item_id)
        .where(ItemRow.slug == slug, VersionMedia.sha256.not_in(shown))
    )
    return list(session.scalars(mine))
