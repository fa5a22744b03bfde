"""What is true about one completion, for the page that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from lti_tool.completion import channels
from lti_tool.completion.channels.base import AnyPlatform, Link
from lti_tool.completion.models import DELIVERED, PARKED, Completion
from lti_tool.completion.obstacles import OBSTACLES, Obstacle
from lti_tool.launch.models import ResourceLink
from lti_tool.platforms.models import Platform


@dataclass(frozen=True, slots=True)
class Status:
    """Where a learner's completion is.

    Attributes:
        name: `none` not completed; `recorded` stored and on its way; `delivered` the LMS has
            it; `waiting` could not be delivered yet; `unreportable` this link cannot report.
        completed_at: when it was completed, if it was.
        delivered_at: when the LMS took it, if it did.
        obstacle: key of `obstacles.OBSTACLES` when something is the matter.
        parked: whether nothing more is tried until somebody helps and asks.
    """

    name: str
    completed_at: datetime | None = None
    delivered_at: datetime | None = None
    obstacle: str | None = None
    parked: bool = False

    @property
    def trouble(self) -> Obstacle | None:
        """The obstacle in words, if there is one."""
        return OBSTACLES.get(self.obstacle or "")


ABOUT = (
    ResourceLink.link_id,
    ResourceLink.line_item,
    ResourceLink.completion_url,
    Completion.state,
    Completion.obstacle,
    Completion.completed_at,
    Completion.delivered_at,
    Platform.paused_until,
)
"""The columns that `of_row` reads."""


def beside(statement: Any) -> Any:  # a Select, which SQLAlchemy 2.0 and 2.1 type differently
    """Return a statement about a `ResourceLink` that finds these columns of a `learner` too."""
    completion = and_(
        Completion.link_id == ResourceLink.id, Completion.learner_id == bindparam("learner")
    )
    return (
        statement.add_columns(*ABOUT)
        .outerjoin(Completion, completion)
        .outerjoin(Platform, Platform.id == Completion.platform_id)
    )


_OF = beside(select().select_from(ResourceLink).where(ResourceLink.id == bindparam("link")))


def of(
    session: Session,
    *,
    platform: AnyPlatform,
    learner_id: int,
    link_id: int,
    now: datetime,
) -> Status:
    """Return where a learner's completion of a link is; one SQL statement.

    Args:
        session: the request's.
        platform: where the learner came from.
        learner_id: our id of the person.
        link_id: our id of the resource link.
        now: the time; while the platform is paused, nothing is about to be delivered.
    """
    row = session.connection().execute(_OF, {"learner": learner_id, "link": link_id}).one_or_none()
    return Status("none") if row is None else of_row(row, platform, now)


def of_row(row: Sequence[Any], platform: AnyPlatform, now: datetime) -> Status:
    """Return what the columns of `ABOUT` say; see `of`."""
    obstacle = channels.obstacle(platform, Link(*row[:3]))
    state, found, completed_at, delivered_at, paused_until = row[3:]
    if state is None:
        return Status("unreportable" if obstacle else "none", obstacle=obstacle)
    if state == DELIVERED:
        return Status("delivered", completed_at, delivered_at)
    if obstacle:
        return Status("unreportable", completed_at, obstacle=obstacle)
    if state == PARKED:
        return Status("waiting", completed_at, obstacle=found, parked=True)
    paused = paused_until is not None and paused_until > now
    return Status("waiting" if found or paused else "recorded", completed_at, obstacle=found)
