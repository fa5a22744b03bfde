"""The library: finding what a platform may use.

A version is never changed, so its parsed document is kept in memory under its hash; the
database is asked only which version is meant.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.errors import ToolError
from lti_tool.experience.document.model import (
    Document,
    Item,
    Preparation,
    from_canonical_json,
)
from lti_tool.experience.library.documents import Documents
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.library.models import ItemPlatform, Version

EXPERIENCE, MICROMODULE, INTERVISION = "experience", "micromodule", "intervision"
PREPARATION = "preparation"
"""Kinds of items."""

KEPT_DOCUMENTS = 256
"""Parsed documents held in memory; one takes about 200 kB."""


TITLES_KEPT = timedelta(minutes=1)
"""How long a title may be out of date in a link from one item to another."""


class NotPlayed(ToolError):
    """A preparation where something to play was asked for.

    Attributes:
        preparation: what it is.
    """

    def __init__(self, preparation: Preparation) -> None:
        super().__init__("item-unknown", "a preparation is not played")
        self.preparation = preparation


@dataclass(frozen=True, slots=True)
class Held:
    """One item as the operator sees it.

    Attributes:
        state: `published`, `withdrawn` (no new runs) or `stopped` (runs under way ended too).
    """

    slug: str
    kind: str
    lang: str
    title: str
    version: int
    published_at: datetime
    state: str


_documents = Documents(KEPT_DOCUMENTS)

_titles: dict[tuple[str, int, frozenset[str]], tuple[datetime, dict[str, str]]] = {}


def listing(session: Session) -> list[Held]:
    """Return every item with its newest version, by slug; withdrawn ones too."""
    rows = session.execute(
        _newest(
            ItemRow.slug,
            Version.kind,
            Version.lang,
            Version.title,
            Version.number,
            Version.published_at,
            ItemRow.withdrawn_at,
            ItemRow.stopped_at,
        ).order_by(ItemRow.slug)
    )
    return [
        Held(
            slug,
            kind,
            lang,
            title,
            number,
            published_at,
            state_of(withdrawn_at, stopped_at),
        )
        for slug, kind, lang, title, number, published_at, withdrawn_at, stopped_at in rows
    ]


def find(session: Session, slug: str, platform_id: int) -> Item:
    """Return the newest version of an item that can be played.

    Raises:
        ToolError: `item-unknown` or `item-withdrawn`.
    """
    return _playable(look(session, slug, platform_id))


def look(session: Session, slug: str, platform_id: int) -> Document:
    """Return the newest version of an item of any kind, to look at.

    Raises:
        ToolError: `item-unknown` or `item-withdrawn`.
    """
    row = session.execute(
        _newest(Version.id, Version.sha256, ItemRow.withdrawn_at).where(
            ItemRow.slug == slug, visible_to(platform_id)
        )
    ).one_or_none()
    if row is None:
        raise ToolError("item-unknown")
    if row[2] is not None:
        raise ToolError("item-withdrawn")
    return parsed(session, row[0], row[1])


def titles(
    session: Session, slugs: Collection[str], platform_id: int, now: datetime
) -> dict[str, str]:
    """Return the newest titles of micro-modules that can be opened; others are left out.

    What was found is kept for `TITLES_KEPT`, so that pages that lead on to a micro-module
    need no statement of their own.

    Args:
        session: to read with.
        slugs: of the micro-modules.
        platform_id: which platform asks.
        now: the time.
    """
    if not slugs:
        return {}
    key = (str(session.get_bind().engine.url), platform_id, frozenset(slugs))
    kept = _titles.get(key)
    if kept is not None and now - kept[0] < TITLES_KEPT:
        return kept[1]
    rows = session.execute(
        _newest(ItemRow.slug, Version.title).where(
            ItemRow.slug.in_(slugs),
            ItemRow.withdrawn_at.is_(None),
            Version.kind == MICROMODULE,
            visible_to(platform_id),
        )
    )
    found: dict[str, str] = dict(rows.all())
    if len(_titles) >= KEPT_DOCUMENTS:
        _titles.clear()
    _titles[key] = (now, found)
    return found


def document(session: Session, version_id: int, sha256: str) -> Item:
    """Return the parsed document of a version that can be played.

    Raises:
        NotPlayed: for a preparation, which has a page of its own.
    """
    return _playable(parsed(session, version_id, sha256))


def parsed(session: Session, version_id: int, sha256: str) -> Document:
    """Return the parsed document of a version, from memory when it is there.

    Args:
        session: to read with.
        version_id: where to read it.
        sha256: its hash, under which it is kept.
    """
    held = _documents.get(sha256)
    if held is None:
        text = session.execute(
            select(Version.document).where(Version.id == version_id)
        ).scalar_one()
        held = from_canonical_json(text)
        _documents.put(sha256, held)
    return held


def _playable(document: Document) -> Item:
    if isinstance(document, Preparation):
        raise NotPlayed(document)
    return document


def visible_to(platform_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that an item is for every platform, or for this one too."""
    named = exists().where(
        ItemPlatform.item_id == ItemRow.id, ItemPlatform.platform_id == platform_id
    )
    return or_(ItemRow.everywhere, named)


def newest_title(slug: Any) -> Any:
    """Return the newest title of the item with this slug, as a subquery."""
    item, version = aliased(ItemRow), aliased(Version)
    return (
        select(version.title)
        .join(item, item.id == version.item_id)
        .where(item.slug == slug)
        .order_by(version.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def newest_titles(session: Session, slugs: Collection[str]) -> dict[str, str]:
    """Return the newest titles of items, withdrawn ones too, by slug; of those that there are."""
    if not slugs:
        return {}
    rows = session.execute(_newest(ItemRow.slug, Version.title).where(ItemRow.slug.in_(slugs)))
    return dict(rows.all())


def newest_number() -> ColumnElement[int]:
    """Return the number of the item's newest version, as a subquery."""
    return _NEWEST_NUMBER


_other = aliased(Version)
_NEWEST_NUMBER: ColumnElement[int] = (
    select(func.max(_other.number))
    .where(_other.item_id == ItemRow.id)
    .correlate(ItemRow)
    .scalar_subquery()
)
"""Made once, and not with every statement: an alias takes long to make."""


def _newest(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(ItemRow)
        .join(Version, Version.item_id == ItemRow.id)
        .where(Version.number == newest_number())
    )


def state_of(withdrawn_at: datetime | None, stopped_at: datetime | None) -> str:
    """Return what an item is, as `Held.state` says it."""
    return "stopped" if stopped_at else "withdrawn" if withdrawn_at else "published"
