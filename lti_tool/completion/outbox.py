"""What others do with completions: store one, ask for another try, send again. Callers commit.

A completion is stored in the transaction that ends the run, and is never removed by a
delivery: an LMS can forget its ticks (Moodle's "unlock completion" deletes them all), and only
we can restore them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.completion.models import DELIVERED, PARKED, WAITING, Completion
from lti_tool.completion.obstacles import NO_LINE_ITEM, NO_SERVICE
from lti_tool.db import changed, upsert
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.platforms.models import Deployment, Platform

SAME_PRESS = timedelta(minutes=1)
"""Pressing a button again within this time is the same wish."""

LONGEST_WAIT = timedelta(hours=12)
"""Longer than any wait between tries, spread included."""


def record(session: Session, *, learner_id: int, link_id: int, now: datetime) -> None:
    """Store that a learner completed a link's item, due to be told at once; one statement.

    A completion that is there already stays as it is: `completed_at` never changes.

    Args:
        session: the caller's, with the end of the run in the same transaction.
        learner_id: our id of the person.
        link_id: our id of the resource link.
        now: the moment of completion.
    """
    moment = literal(now, Completion.completed_at.type)
    upsert(
        session,
        Completion,
        rows=select(
            Learner.id.label("learner_id"),
            literal(link_id).label("link_id"),
            Learner.platform_id.label("platform_id"),
            moment.label("completed_at"),
            literal(WAITING).label("state"),
            moment.label("due_at"),
            literal(0).label("tries"),
        ).where(Learner.id == learner_id),
    )


def nudge(session: Session, *, learner_id: int, link_id: int, now: datetime) -> None:
    """Try again now: the learner's own button, which counts once however often it is pressed.

    What is delivered, being sent or about to be sent stays so.
    """
    session.execute(
        update(Completion)
        .where(
            Completion.learner_id == learner_id,
            Completion.link_id == link_id,
            Completion.state.in_((WAITING, PARKED)),
            _nobody_is_sending(now),
            _nobody_just_asked(now),
        )
        .values(state=WAITING, due_at=now, claim=None, asked_at=now)
    )


def resend(
    session: Session,
    *,
    link_id: int | None = None,
    context_id: str | None = None,
    platform_id: int | None = None,
    undelivered_only: bool = False,
    once: bool = False,
    now: datetime,
) -> int:
    """Send completions again, after the LMS reset its side or after a repair.

    Sending twice changes nothing that an LMS shows: every channel repeats the same moment of
    completion.

    Args:
        link_id: our id of a resource link.
        context_id: the LMS's id of a course; give the platform too where it is not unique.
        platform_id: our id of a platform.
        undelivered_only: leave those alone that were delivered.
        once: a button was pressed, which counts once however often it is pressed; a command
            is carried out each time.
        now: when they are due.

    Returns:
        How many; never whose.

    Raises:
        ValueError: when nothing limits what would be sent.
    """
    if link_id is None and context_id is None and platform_id is None:
        raise ValueError("name a link, a course or a platform")
    wanted: list[ColumnElement[bool]] = [_nobody_is_sending(now)]
    if link_id is not None:
        wanted.append(Completion.link_id == link_id)
    if platform_id is not None:
        wanted.append(Completion.platform_id == platform_id)
    if context_id is not None:
        wanted.append(Completion.link_id.in_(_links_of(context_id, platform_id)))
    if once:
        wanted.append(_nobody_just_asked(now))
    if undelivered_only:
        wanted.append(Completion.state != DELIVERED)
    return _make_due(session, wanted, now)


def resume(session: Session, platform_id: int) -> None:
    """Lift a platform's pause, after an operator repaired the cause."""
    session.execute(update(Platform).where(Platform.id == platform_id).values(paused_until=None))


def reopen(session: Session, now: datetime) -> int:
    """Send what was parked because the link could not report, where it now can.

    A link gains its line item or its completion service with the first launch after the LMS
    granted one; a Moodle gains its web service by `platforms moodle-completion`.

    Returns:
        How many.
    """
    able = or_(
        and_(
            Completion.obstacle == NO_LINE_ITEM,
            exists().where(
                ResourceLink.id == Completion.link_id, ResourceLink.line_item.is_not(None)
            ),
        ),
        and_(
            Completion.obstacle.in_((NO_LINE_ITEM, NO_SERVICE)),
            exists().where(
                ResourceLink.id == Completion.link_id, ResourceLink.completion_url.is_not(None)
            ),
        ),
        and_(
            Completion.obstacle == NO_SERVICE,
            exists().where(Platform.id == Completion.platform_id, Platform.ws_token.is_not(None)),
        ),
    )
    return _make_due(session, [Completion.state == PARKED, able], now)


def heal(session: Session, now: datetime) -> None:
    """Undo what a clock that was wrong has put off for longer than anything is ever put off."""
    session.execute(
        update(Completion)
        .where(Completion.due_at > now + LONGEST_WAIT)
        .values(due_at=now, claim=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Platform)
        .where(Platform.paused_until > now + LONGEST_WAIT)
        .values(paused_until=None)
        .execution_options(synchronize_session=False)
    )


def _make_due(session: Session, wanted: Sequence[ColumnElement[bool]], now: datetime) -> int:
    # Whose turn it was already keeps it: asked often, those told anew would always come before.
    waited = and_(Completion.state == WAITING, Completion.due_at < now)
    due_at = case((waited, Completion.due_at), else_=literal(now, Completion.due_at.type))
    done = session.execute(
        update(Completion)
        .where(*wanted)
        .values(state=WAITING, due_at=due_at, claim=None, tries=0, obstacle=None, asked_at=now)
        .execution_options(synchronize_session=False)
    )
    return changed(done)


def _nobody_just_asked(now: datetime) -> ColumnElement[bool]:
    return or_(
        Completion.asked_at.is_(None),
        Completion.asked_at <= now - SAME_PRESS,
        Completion.asked_at > now,  # by a clock that was wrong
    )


def _nobody_is_sending(now: datetime) -> ColumnElement[bool]:
    """No worker holds the completion, or the one that did is gone."""
    return or_(Completion.claim.is_(None), Completion.due_at <= now)


def _links_of(context_id: str, platform_id: int | None) -> Any:
    links = select(ResourceLink.id).where(ResourceLink.context_id == context_id)
    if platform_id is None:
        return links
    return links.join(Deployment, Deployment.id == ResourceLink.deployment_id).where(
        Deployment.platform_id == platform_id
    )
