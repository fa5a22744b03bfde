"""What the items of the library are about, for the pages of a learner."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Preparation
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.catalogue import PREPARATION
from lti_tool.experience.library.models import Item, Version
from lti_tool.launch.models import ResourceLink
from lti_tool.learner.fitting import Shown
from lti_tool.learner.logbook import Themes


def themes(session: Session, slugs: Collection[str]) -> Themes:
    """Return what items are about, withdrawn ones too: their themes, or else their tags."""
    rows = session.execute(
        select(Item.slug, Version.id, Version.sha256)
        .join(Version, Version.item_id == Item.id)
        .where(
            Item.slug.in_(slugs),
            Version.number == catalogue.newest_number(),
            Version.kind != PREPARATION,
        )
    )
    found = {}
    for slug, version_id, sha256 in rows:
        item = catalogue.document(session, version_id, sha256)
        found[slug] = item.themes or item.tags
    return found


def shown(session: Session, platform_id: int, link_id: int | None) -> list[Shown]:
    """Return the items that a platform may use, and which of them the learner's course opens.

    Args:
        session: to read with.
        platform_id: which platform.
        link_id: our id of the link by which the learner came; its course is meant.
    """
    here = _course(session, platform_id, link_id)
    rows = session.execute(
        select(Item.slug, Version.kind, Version.id, Version.sha256)
        .join(Version, Version.item_id == Item.id)
        .where(
            Item.withdrawn_at.is_(None),
            Version.number == catalogue.newest_number(),
            Version.kind != PREPARATION,
            catalogue.visible_to(platform_id),
        )
        .order_by(Version.title)
    )
    found = []
    for slug, kind, version_id, sha256 in rows:
        item = catalogue.document(session, version_id, sha256)
        found.append(
            Shown(
                slug=slug,
                kind=kind,
                lang=item.lang,
                title=item.title,
                summary=item.summary,
                minutes=item.minutes,
                themes=item.themes or item.tags,
                words=" ".join(
                    (item.title, item.summary, item.practise, *item.tags, *item.keywords)
                ),
                here=slug in here,
            )
        )
    return found


def openable(session: Session, platform_id: int, slug: str | None) -> frozenset[str]:
    """Return the items that a link to an item opens: itself, or the parts of a preparation."""
    if not slug:
        return frozenset()
    try:
        document = catalogue.look(session, slug, platform_id)
    except ToolError:
        return frozenset()
    return frozenset(document.items if isinstance(document, Preparation) else [slug])


def _course(session: Session, platform_id: int, link_id: int | None) -> set[str]:
    """Return the items that the links of a link's course open, as far as they were opened."""
    mine, other = aliased(ResourceLink), aliased(ResourceLink)
    rows = session.scalars(
        select(other.item)
        .join(
            mine,
            (mine.deployment_id == other.deployment_id) & (mine.context_id == other.context_id),
        )
        .where(mine.id == link_id)
    )
    return {part for slug in set(rows) for part in openable(session, platform_id, slug)}
