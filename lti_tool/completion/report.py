"""How the outbox stands, in numbers: per platform, course and link, never per person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.completion.channels import usable
from lti_tool.completion.channels.base import Link
from lti_tool.completion.doctor import Surroundings
from lti_tool.completion.models import DELIVERED, Completion
from lti_tool.launch.models import ResourceLink
from lti_tool.platforms.models import Deployment, Platform

_NEWEST_LINKS = 3
"""How many links the doctor may try: the newest may have been deleted in the LMS."""


@dataclass(frozen=True, slots=True)
class Group:
    """Completions of one link in one state with one obstacle.

    Attributes:
        platform: name of the platform.
        course: the LMS's id of the course.
        link: the LMS's id of the resource link.
        state: waiting, delivered or parked.
        obstacle: key of `obstacles.OBSTACLES`, if something is the matter.
        count: how many.
        oldest: the earliest completion among them.
        next_try: when the first of them is tried; None when nothing is to be done.
        paused_until: until when the platform is left alone.
    """

    platform: str
    course: str | None
    link: str
    state: str
    obstacle: str | None
    count: int
    oldest: datetime
    next_try: datetime | None
    paused_until: datetime | None


def groups(session: Session, platform_id: int | None = None) -> list[Group]:
    """Return all completions, counted per link, state and obstacle; troubled ones first."""
    statement = (
        select(
            Platform.name,
            ResourceLink.context_id,
            ResourceLink.link_id,
            Completion.state,
            Completion.obstacle,
            func.count(),
            func.min(Completion.completed_at),
            func.min(Completion.due_at),
            Platform.paused_until,
        )
        .join(Platform, Platform.id == Completion.platform_id)
        .join(ResourceLink, ResourceLink.id == Completion.link_id)
        .group_by(
            Platform.id,
            Platform.name,
            Platform.paused_until,
            ResourceLink.id,
            ResourceLink.context_id,
            ResourceLink.link_id,
            Completion.state,
            Completion.obstacle,
        )
        .order_by(
            Completion.state.desc(), Platform.name, ResourceLink.context_id, ResourceLink.link_id
        )
    )
    if platform_id is not None:
        statement = statement.where(Completion.platform_id == platform_id)
    return [Group(*row) for row in session.execute(statement)]


def surroundings(session: Session, platform: Platform) -> Surroundings:
    """Gather what the doctor needs to know about a platform's links and completions."""
    links = select(ResourceLink).join(Deployment).where(Deployment.platform_id == platform.id)
    newest = session.scalars(links.order_by(ResourceLink.id.desc()).limit(_NEWEST_LINKS))
    kinds = (
        select(
            func.max(ResourceLink.line_item), func.max(ResourceLink.completion_url), func.count()
        )
        .join(Deployment)
        .where(Deployment.platform_id == platform.id)
        .group_by(ResourceLink.line_item.is_(None), ResourceLink.completion_url.is_(None))
    )
    counted: dict[str | None, int] = {}
    for line_item, completion_url, count in session.execute(kinds):
        way = next(iter(usable(platform, Link("", line_item, completion_url))), None)
        counted[way] = counted.get(way, 0) + count
    stuck = session.execute(
        select(Completion.obstacle, func.count())
        .where(
            Completion.platform_id == platform.id,
            Completion.state != DELIVERED,
            Completion.obstacle.is_not(None),
        )
        .group_by(Completion.obstacle)
    )
    return Surroundings(
        newest_links=tuple(link_of(row) for row in newest),
        links=counted,
        stuck={code: count for code, count in stuck if code},
    )


def link_of(row: ResourceLink) -> Link:
    """Return a stored link as channels see it."""
    return Link(row.link_id, row.line_item, row.completion_url)
