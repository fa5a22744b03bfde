"""The library: publishing items as immutable versions, and finding what a platform may use.

A version is never changed, so its parsed document is kept in memory under its hash; the
database is asked only which version is meant.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.errors import ToolError
from lti_tool.experience.document.model import (
    Document,
    Experience,
    Intervision,
    Item,
    MicroModule,
    Preparation,
    from_canonical_json,
    to_canonical_json,
)
from lti_tool.experience.document.walk import used_files
from lti_tool.experience.library import version_files
from lti_tool.experience.library.documents import Documents
from lti_tool.experience.library.models import CourseItem, ItemPlatform, SearchTerm, Version
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.library.terms import terms
from lti_tool.experience.media.store import StoredFile
from lti_tool.platforms.models import Deployment

EXPERIENCE, MICROMODULE, INTERVISION = "experience", "micromodule", "intervision"
PREPARATION = "preparation"
"""Kinds of items."""

_KINDS: dict[type[Document], str] = {
    Experience: EXPERIENCE,
    MicroModule: MICROMODULE,
    Intervision: INTERVISION,
    Preparation: PREPARATION,
}

KEPT_DOCUMENTS = 256
"""Parsed documents held in memory; one takes about 200 kB."""


TITLES_KEPT = timedelta(minutes=1)
"""How long a title may be out of date in a link from one item to another."""


class CannotPublish(Exception):
    """A document that cannot become a version; the message names the remedy."""


class NotPlayed(ToolError):
    """A preparation where something to play was asked for.

    Attributes:
        preparation: what it is.
    """

    def __init__(self, preparation: Preparation) -> None:
        super().__init__("item-unknown", "a preparation is not played")
        self.preparation = preparation


class UnknownItem(Exception):
    """A slug that no item in the library has."""


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did.

    Attributes:
        slug: the item.
        number: its newest version.
        is_new: False when the newest version already said exactly this.
        state: as `Held.state`; a withdrawn item stays so until it is asked back.
        limited: whether the item is for some platforms only.
    """

    slug: str
    number: int
    is_new: bool
    state: str
    limited: bool


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


def publish(
    session: Session,
    document: Document,
    now: datetime,
    *,
    platform_ids: tuple[int, ...] | None = None,
    again: bool = False,
    media: Mapping[str, StoredFile] = version_files.NONE,
) -> Published:
    """Make a document the newest version of its item. The caller commits.

    A document that says exactly what the newest version says makes no new version. Publishing
    undoes no decision silently: what was withdrawn stays so, and a limit to platforms stays.

    Args:
        session: to write with.
        document: without errors, see `checking`.
        now: the time.
        platform_ids: makes the item one for these platforms only, or for all with `()`; None
            leaves that as it is, and makes a new item one for all.
        again: bring an item back that was withdrawn.
        media: its files by name, as `MediaStore.take_in` gave them.

    Raises:
        CannotPublish: when a file was not taken in, or a preparation names an item that is not
            in the library.
    """
    missing = {used.name for used in used_files(document)} - media.keys()
    if missing:
        raise CannotPublish(f"media file {min(missing)} was not taken in")
    if isinstance(document, Preparation):
        known = select(ItemRow.slug).where(ItemRow.slug.in_(document.items))
        unknown = set(document.items) - set(session.scalars(known))
        if unknown:
            raise CannotPublish(f"{min(unknown)} is not in the library; publish it first")
    text = to_canonical_json(document)
    sha256 = version_files.fingerprint(text, media)
    item = session.scalar(select(ItemRow).where(ItemRow.slug == document.id))
    if item is None:
        item = ItemRow(slug=document.id, everywhere=True)
        session.add(item)
        session.flush()
    if again:
        item.withdrawn_at = item.stopped_at = None
    if platform_ids is not None:
        session.execute(delete(ItemPlatform).where(ItemPlatform.item_id == item.id))
        session.add_all(ItemPlatform(item_id=item.id, platform_id=one) for one in platform_ids)
        item.everywhere = not platform_ids
        session.flush()
    state, limited = _state(item.withdrawn_at, item.stopped_at), not item.everywhere
    newest = session.scalar(
        select(Version).where(Version.item_id == item.id).order_by(Version.number.desc()).limit(1)
    )
    if newest is not None and newest.sha256 == sha256:
        return Published(document.id, newest.number, False, state, limited)
    number = newest.number + 1 if newest else 1
    version = Version(
        item_id=item.id,
        number=number,
        sha256=sha256,
        document=text,
        kind=_KINDS[type(document)],
        lang=document.lang,
        title=document.title,
        summary=document.summary,
        minutes=document.minutes,
        tags=" ".join(tag.replace(" ", "-") for tag in document.tags),
        practise=document.practise,
        cover=document.cover and document.cover.image,
        cover_alt=document.cover.alt if document.cover else "",
        public=document.public,
        published_at=now,
    )
    session.add(version)
    session.flush()
    version_files.write(session, version.id, media)
    session.execute(delete(SearchTerm).where(SearchTerm.item_id == item.id))
    found = [{"item_id": item.id, **term._asdict()} for term in terms(document)]
    session.execute(insert(SearchTerm), found)
    return Published(document.id, number, True, state, limited)


def withdraw(session: Session, slug: str, now: datetime, *, stop: bool = False) -> None:
    """Let no new run of an item start. The caller commits.

    Args:
        session: to write with.
        slug: the item.
        now: the time.
        stop: runs under way may not go on either, because consent for what it shows was revoked.

    Raises:
        UnknownItem: when there is none.
    """
    item = session.scalar(select(ItemRow).where(ItemRow.slug == slug))
    if item is None:
        raise UnknownItem(slug)
    item.withdrawn_at = item.withdrawn_at or now
    if stop:
        item.stopped_at = item.stopped_at or now


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
            _state(withdrawn_at, stopped_at),
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


def remove_made_at(session: Session, platform_id: int) -> None:
    """Remove what was made in the courses of a platform that goes. The caller commits.

    What else was published for it stays, for nobody until it is published again.
    """
    made = (
        select(CourseItem.item_id)
        .join(Deployment, Deployment.id == CourseItem.deployment_id)
        .where(Deployment.platform_id == platform_id)
    )
    session.execute(delete(ItemRow).where(ItemRow.id.in_(made)))


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


def _state(withdrawn_at: datetime | None, stopped_at: datetime | None) -> str:
    return "stopped" if stopped_at else "withdrawn" if withdrawn_at else "published"
