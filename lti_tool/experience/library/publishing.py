"""Publishing items as immutable versions, and taking them back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lti_tool.experience.document.model import (
    Document,
    Experience,
    Intervision,
    MicroModule,
    Preparation,
    to_canonical_json,
)
from lti_tool.experience.document.walk import used_files
from lti_tool.experience.library import version_files
from lti_tool.experience.library.catalogue import (
    EXPERIENCE,
    INTERVISION,
    MICROMODULE,
    PREPARATION,
    state_of,
)
from lti_tool.experience.library.models import CourseItem, ItemPlatform, SearchTerm, Version
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.library.terms import terms
from lti_tool.experience.media.store import StoredFile
from lti_tool.platforms.models import Deployment

_KINDS: dict[type[Document], str] = {
    Experience: EXPERIENCE,
    MicroModule: MICROMODULE,
    Intervision: INTERVISION,
    Preparation: PREPARATION,
}


class CannotPublish(Exception):
    """A document that cannot become a version; the message names the remedy."""


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
    state, limited = state_of(item.withdrawn_at, item.stopped_at), not item.everywhere
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
