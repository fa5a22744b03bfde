"""What is true about one completion, for the page that shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.completion import channels
from lti_tool.completion.models import DELIVERED, PARKED, Completion
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import KnownPlatform


@dataclass(frozen=True, slots=True)
class Status:
    """Where a learner's completion is.

    Attributes:
        name: `none` not completed; `recorded` stored and on its way; `delivered` the LMS has
            it; `waiting` could not be delivered yet; `unreportable` this link cannot report.
        completed_at: when it was completed, if it was.
        delivered_at: when the LMS took it, if it did.
        problem: key of `problems.PROBLEMS` when something is the matter.
    """

    name: str
    completed_at: datetime | None = None
    delivered_at: datetime | None = None
    problem: str | None = None


_OF = (
    select(
        Completion.state,
        Completion.problem,
        Completion.completed_at,
        Completion.delivered_at,
        Platform.paused_until,
    )
    .join(Platform, Platform.id == Completion.platform_id)
    .where(
        Completion.learner_id == bindparam("learner"),
        Completion.link_id == bindparam("link"),
    )
)


def of(
    session: Session,
    *,
    platform: Platform | KnownPlatform,
    line_item: str | None,
    learner_id: int,
    link_id: int,
    now: datetime,
) -> Status:
    """Return where a learner's completion of a link is; one SQL statement.

    Args:
        session: the request's.
        platform: where the learner came from.
        line_item: the link's line item, if it has one.
        learner_id: our id of the person.
        link_id: our id of the resource link.
        now: the time; while the platform is paused, nothing is about to be delivered.
    """
    row = session.execute(_OF, {"learner": learner_id, "link": link_id}).one_or_none()
    obstacle = channels.obstacle(platform, line_item)
    if row is None:
        return Status("unreportable" if obstacle else "none", problem=obstacle)
    state, problem, completed_at, delivered_at, paused_until = row
    if state == DELIVERED:
        return Status("delivered", completed_at, delivered_at)
    if obstacle:
        return Status("unreportable", completed_at, problem=obstacle)
    paused = paused_until is not None and paused_until > now
    name = "waiting" if problem or paused or state == PARKED else "recorded"
    return Status(name, completed_at, problem=problem)
