"""What a teacher should know about the completions of an activity: in numbers, never whose."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.completion.channels import Channels, why_not
from lti_tool.completion.channels.base import UNANSWERED, UNTRACKED, AnyPlatform, Link
from lti_tool.completion.models import DELIVERED, PARKED, Completion
from lti_tool.completion.obstacles import OBSTACLES, Obstacle
from lti_tool.completion.obstacles import UNTRACKED as ACTIVITY_UNTRACKED
from lti_tool.launch.models import ResourceLink


@dataclass(frozen=True, slots=True)
class Stuck:
    """Completions that did not arrive for one reason.

    Attributes:
        obstacle: the reason.
        count: how many.
    """

    obstacle: Obstacle
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How reporting stands for one activity.

    Attributes:
        obstacle: why no completion will show, before anybody played; None when they will, or
            when the LMS does not tell.
        answered: whether the LMS answered when it was asked, if it was.
        can_report: whether completions of this link can be told at all.
        parked: what waits for somebody's help.
        trying: what could not be delivered and is tried again.
    """

    obstacle: Obstacle | None
    answered: bool
    can_report: bool
    parked: tuple[Stuck, ...]
    trying: tuple[Stuck, ...]


def of(session: Session, channels: Channels, *, platform: AnyPlatform, link_id: int) -> Standing:
    """Return how reporting stands for a link; asks the LMS how it tracks the activity.

    Args:
        session: the request's.
        channels: the ways to the LMS.
        platform: the LMS.
        link_id: our id of the resource link.
    """
    link = Link(
        *session.execute(
            select(ResourceLink.link_id, ResourceLink.line_item, ResourceLink.completion_url).where(
                ResourceLink.id == link_id
            )
        ).one()
    )
    rows = session.execute(
        select(Completion.state, Completion.obstacle, func.count())
        .where(
            Completion.link_id == link_id,
            Completion.state != DELIVERED,
            Completion.obstacle.is_not(None),
        )
        .group_by(Completion.state, Completion.obstacle)
        .order_by(func.count().desc(), Completion.obstacle)
    ).all()
    obstacle = why_not(platform, link)
    can_report = obstacle is None
    tracking = channels.tracking(platform, link) if can_report else None
    if tracking == UNTRACKED:
        obstacle = OBSTACLES[ACTIVITY_UNTRACKED]
    return Standing(
        obstacle=obstacle,
        answered=tracking != UNANSWERED,
        can_report=can_report,
        parked=tuple(Stuck(OBSTACLES[code or ""], n) for state, code, n in rows if state == PARKED),
        trying=tuple(Stuck(OBSTACLES[code or ""], n) for state, code, n in rows if state != PARKED),
    )
