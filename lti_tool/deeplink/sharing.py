"""A page to share: the first page of an item, for people without a course.

Only where its makers say `public: true`, and only of items that every platform may use. No launch,
no session, no cookie; nothing is stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience, Item, Scene
from lti_tool.experience.document.parts import Image, Model
from lti_tool.experience.document.passages import NOTHING, shown
from lti_tool.experience.document.walk import used_files
from lti_tool.experience.library import catalogue, version_files
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.library.models import Version
from lti_tool.experience.media.store import MediaStore, Shelf
from lti_tool.experience.play import media_views
from lti_tool.experience.play.kinds import kind_of

CACHED = 300
"""Seconds that others may keep the page, and thus how long a withdrawal may take to reach them."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """The views, and what they work with."""

    store: MediaStore

    def show(self, slug: str) -> ResponseReturnValue:
        """Show what an item is about, for whom, and how it begins."""
        item, shelf = self._public(slug)
        text = render_template(
            "deeplink/share.html",
            item=item,
            kind=kind_of(item),
            scene=_first(item),
            shelf=shelf,
            flags=NOTHING,
            met=set(),
        )
        return _cached(Response(text, mimetype="text/html"))

    def file(self, slug: str, name: str) -> ResponseReturnValue:
        """Serve a file that this page shows, and no other of the item."""
        item, shelf = self._public(slug)
        parts = (item.cover, _first(item), *_faces(item))
        files = {used.name for part in parts if part is not None for used in used_files(part)}
        held = shelf.files.get(name) if name in files else None
        if held is None or (held.consent_until and held.consent_until < g.now.date()):
            raise ToolError("not-found")
        return _cached(media_views.content(held.path, name, held.path.name, held.mime))

    def _public(self, slug: str) -> tuple[Item, Shelf]:
        session = db.session()
        row = session.execute(
            select(Version.id, Version.sha256)
            .join(ItemRow, ItemRow.id == Version.item_id)
            .where(
                ItemRow.slug == slug,
                ItemRow.withdrawn_at.is_(None),
                Version.number == catalogue.newest_number(),
                Version.public,
                Version.kind != catalogue.PREPARATION,
                ItemRow.everywhere,
            )
        ).one_or_none()
        if row is None:
            raise ToolError("not-found")
        item = catalogue.document(session, *row)
        files = version_files.of(session, row.id, row.sha256, item)
        return item, Shelf(
            files=self.store.shown(row.sha256, files),
            address=lambda name: url_for("share.file", slug=slug, name=name),
            today=g.now.date(),
        )


def blueprint(store: MediaStore) -> Blueprint:
    """Return the routes."""
    sharing = Sharing(store)
    bp = Blueprint("share", __name__, url_prefix="/share")
    bp.add_url_rule("/<slug>", "show", sharing.show)
    bp.add_url_rule("/<slug>/<path:name>", "file", sharing.file)
    return bp


def _first(item: Item) -> Model | None:
    """Return the place at which an experience begins, where a reader sees one."""
    node = item.nodes[item.start] if isinstance(item, Experience) else None
    return None if node is None or node.type == "route" else node


def _faces(item: Item) -> Iterator[Image | None]:
    """Yield the portraits of those who speak where an experience begins."""
    scene = _first(item)
    if not isinstance(item, Experience) or not isinstance(scene, Scene):
        return
    for one in shown(scene.text, NOTHING):
        person = item.cast.get(one.who or "")
        if person is not None:
            for mood in (one.mood, person.usual):  # as the page chooses: the usual one if need be
                yield person.portraits.get(mood or "")


def _cached(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = CACHED
    return response
