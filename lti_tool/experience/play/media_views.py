"""Serving media to a session: pictures, sound, film and captions of the version it plays.

An `<img>` or `<video>` cannot carry what a form carries, and a frame may hold no cookie. So the
address itself is the proof: it is signed for one session and one version, holds no secret of the
session, and is worth nothing once the session has ended, the item was stopped because consent was
revoked, or the day came on which consent ends.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, current_app, g, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Item as Document
from lti_tool.experience.document.walk import used_files
from lti_tool.experience.library import catalogue, version_files
from lti_tool.experience.library.models import Item, Version, VersionMedia
from lti_tool.experience.media import pictures
from lti_tool.experience.media.store import MediaStore, Shelf
from lti_tool.launch.models import LaunchSession
from lti_tool.launch.session import Visit
from lti_tool.launch.store import ABSOLUTE, IDLE
from lti_tool.platforms.models import ACTIVE, Platform
from lti_tool.vault import Vault


@dataclass(frozen=True, slots=True)
class Media:
    """Where media are kept, and how their addresses are signed."""

    store: MediaStore
    vault: Vault

    def file(self, session_id: str, version_id: int, proof: str, name: str) -> ResponseReturnValue:
        """Serve one file, whole or a range of it (RFC 9110 §14)."""
        if not hmac.compare_digest(proof.encode(), self._proof(session_id, version_id).encode()):
            raise ToolError("not-found")
        row = db.session.execute(
            select(
                VersionMedia.sha256,
                VersionMedia.mime,
                VersionMedia.consent_until,
                Item.stopped_at,
                LaunchSession.seen_at,
                LaunchSession.expires_at,
                Platform.status,
            )
            .join(Version, Version.id == VersionMedia.version_id)
            .join(Item, Item.id == Version.item_id)
            .join(LaunchSession, LaunchSession.id == session_id)
            .join(Platform, Platform.id == LaunchSession.platform_id)
            .where(VersionMedia.version_id == version_id, VersionMedia.name == name)
        ).one_or_none()
        if row is None:
            raise ToolError("not-found")
        if row.status != ACTIVE:
            raise ToolError("platform-blocked")
        if g.now >= row.expires_at or g.now - row.seen_at > IDLE:
            raise ToolError("session-expired")
        if row.stopped_at is not None:
            raise ToolError("item-withdrawn")
        if row.consent_until is not None and row.consent_until < g.now.date():
            raise ToolError("item-withdrawn")
        response = content(self.store.path(row.sha256), name, row.sha256, row.mime)
        # What people allowed until some day may be revoked tomorrow: ask again each time.
        response.cache_control.private = True
        if row.consent_until is not None:
            response.cache_control.no_cache = True
        else:
            response.cache_control.max_age = int(ABSOLUTE.total_seconds())
            response.cache_control.immutable = True
        return response

    def shelf(self, visit: Visit, version_id: int, sha256: str, item: Document) -> Shelf:
        """Return the files of a version, for the pages of a session.

        Args:
            visit: the session.
            version_id: our id of the version.
            sha256: its hash.
            item: its document.
        """
        files = version_files.of(db.session(), version_id, sha256, item)
        return Shelf(
            files=self.store.shown(sha256, files),
            address=self._address(visit, version_id),
            today=visit.now.date(),
        )

    def url(self, visit: Visit, version_id: int, name: str) -> str:
        """Return the address of one file of a version, for the pages of a session."""
        return self._address(visit, version_id)(name)

    def newest_shelf(self, visit: Visit, item: Document) -> Shelf:
        """Return the files of an item's newest version, to look at it outside a run."""
        if next(used_files(item), None) is None:
            return self.shelf(visit, 0, "", item)
        version_id, sha256 = db.session.execute(
            select(Version.id, Version.sha256)
            .join(Item, Item.id == Version.item_id)
            .where(Item.slug == item.id, Version.number == catalogue.newest_number())
        ).one()
        return self.shelf(visit, version_id, sha256, item)

    def _address(self, visit: Visit, version_id: int) -> Callable[[str], str]:
        """Return what makes addresses of a version's files for a session, signed once for all."""
        proof = self._proof(visit.session_id, version_id)
        # The route below; nothing in it needs quoting (see `fields.FILE_PATTERN`).
        return f"/l/{visit.session_id}/media/{version_id}/{proof}/{{}}".format

    def _proof(self, session_id: str, version_id: int) -> str:
        return self.vault.mac("media", f"{session_id} {version_id}")


def blueprint(media: Media) -> Blueprint:
    """Return the route."""
    bp = Blueprint("media", __name__, url_prefix="/l/<session_id>/media")
    bp.add_url_rule("/<int:version_id>/<proof>/<path:name>", "file", media.file)
    return bp


def content(path: Path, name: str, sha256: str, mime: str) -> Response:
    """Return a file from the store as a response, with its range or a 304 where asked for."""
    name = PurePosixPath(name).name
    if mime == pictures.MIME:
        name = str(PurePosixPath(name).with_suffix(".webp"))
    try:
        response = send_file(
            path,
            mimetype=mime,
            etag=sha256,
            download_name=name,
            conditional=True,
        )
    except RequestedRangeNotSatisfiable as refused:
        response = Response(status=416, headers={"Content-Range": f"bytes */{refused.length}"})
    except FileNotFoundError:
        current_app.logger.error("media file %s is not in the media folder", sha256)
        raise ToolError("not-found", "a media file is missing from the media folder") from None
    # Nothing in a file of ours may act as a page, should somebody open it as one.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
