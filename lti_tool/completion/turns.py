"""Whose completion is next: the LMS's that was served least recently, then the one due longest.

A look costs as much as there are LMSs with something under way, whatever waits at each: the LMSs
are found by steps on the index of what is under way, and each is asked for one due completion.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.completion.models import Completion
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.platforms.models import ACTIVE, Platform

STAMP_STEP = timedelta(seconds=1)
"""Timestamps of one completion are at least this far apart: Moodle compares whole seconds."""

WRONG_CLOCK = timedelta(minutes=1)
"""A timestamp this far in the future was written by a clock that was wrong; it binds nobody."""


def next_platform(session: Session, now: datetime, passed: Collection[int]) -> Platform | None:
    """Return the LMS whose turn it is, if any has a completion that is due; one statement.

    Args:
        session: the caller's.
        now: the time.
        passed: ids of LMSs to leave out.
    """
    under_way = _under_way()
    due = exists().where(Completion.platform_id == Platform.id, _is_due(now))
    found: Platform | None = session.scalar(
        select(Platform)
        .join(under_way, under_way.c.id == Platform.id)
        .where(
            Platform.status == ACTIVE,
            or_(Platform.paused_until.is_(None), Platform.paused_until <= now),
            Platform.id.not_in(sorted(passed)),
            due,
        )
        .order_by(Platform.served_at.asc().nulls_first(), Platform.id)
        .limit(1)
    )
    return found


def serve(session: Session, platform_id: int, now: datetime) -> None:
    """Note that it was an LMS's turn; others go before it now."""
    session.execute(
        update(Platform)
        .where(Platform.id == platform_id)
        .values(served_at=now)
        .execution_options(synchronize_session=False)
    )


def next_of(session: Session, platform_id: int, now: datetime) -> Any:
    """Return the completion of an LMS that has been due longest, and all that its delivery needs.

    On PostgreSQL the row is locked and rows locked by other workers are skipped; SQLite has
    one writer at a time.
    """
    return session.execute(
        select(
            Completion.id,
            Completion.due_at,
            Completion.completed_at,
            ResourceLink.link_id,
            ResourceLink.line_item,
            ResourceLink.completion_url,
            Learner.sealed_sub,
        )
        .join(ResourceLink, ResourceLink.id == Completion.link_id)
        .join(Learner, Learner.id == Completion.learner_id)
        .where(Completion.platform_id == platform_id, _is_due(now))
        .order_by(Completion.due_at)
        .limit(1)
        .with_for_update(of=Completion, skip_locked=True)
    ).first()


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(
        Completion.due_at <= now,
        or_(
            Completion.stamped_at.is_(None),
            Completion.stamped_at <= now - STAMP_STEP,
            Completion.stamped_at > now + WRONG_CLOCK,
        ),
    )


def _under_way() -> Any:
    """Return the ids of LMSs with something under way, and a NULL at the end.

    A recursive query, because neither database skips over equal values on an index by itself.
    """
    of_any = select(func.min(Completion.platform_id).label("id")).where(
        Completion.due_at.is_not(None)
    )
    steps = of_any.cte("under_way", recursive=True)
    following = (
        select(func.min(Completion.platform_id))
        .where(Completion.due_at.is_not(None), Completion.platform_id > steps.c.id)
        .scalar_subquery()
    )
    return steps.union_all(select(following).where(steps.c.id.is_not(None)))
