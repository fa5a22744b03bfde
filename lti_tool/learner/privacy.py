"""What is kept about a learner: handing it over, erasing it, and letting it lapse.

The learner's own page shows and downloads everything. An operator who must answer a request
gets the same list without what was chosen or written: no command shows that of another person.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, exists, select
from sqlalchemy.orm import Session, aliased

from lti_tool.clock import iso_millis
from lti_tool.completion.models import DELIVERED, Completion
from lti_tool.db import Base
from lti_tool.experience.library.models import Item, Version
from lti_tool.experience.play.models import Reflection, Run
from lti_tool.experience.play.reflections import unsealed
from lti_tool.launch.models import LaunchSession, Learner, ResourceLink
from lti_tool.launch.store import IDLE
from lti_tool.platforms.models import Platform
from lti_tool.vault import Vault

RUNS_KEPT = timedelta(days=90)
"""After the last step: a way that was not ended, and the fact that one was."""

TEXTS_KEPT = timedelta(days=730)
"""After saving: a reflection that its writer did not erase before."""

COMPLETIONS_KEPT = timedelta(days=730)
"""After completing: long enough to report it again when an LMS was reset."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows went; never whose."""

    runs: int
    reflections: int
    completions: int
    sessions: int
    learners: int


def export(
    session: Session, vault: Vault, learner_id: int, *, own: bool
) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is kept about a learner, as plain data.

    Args:
        session: to read with.
        vault: unseals the reflections.
        learner_id: our id of the person.
        own: True for the learner's own eyes; otherwise what was chosen and written stays out.
    """
    runs = session.execute(
        select(Item.slug, Version.title, Version.number, Run.touched_at, Run.ended_at, Run.state)
        .join(Version, Version.id == Run.version_id)
        .join(Item, Item.id == Version.item_id)
        .where(Run.learner_id == learner_id)
        .order_by(Run.touched_at)
    )
    reflections = session.execute(
        select(
            Item.slug,
            _title(Item.slug),
            Reflection.node,
            Reflection.saved_at,
            Reflection.sealed_text,
        )
        .join(Item, Item.id == Reflection.item_id)
        .where(Reflection.learner_id == learner_id)
        .order_by(Reflection.saved_at)
    )
    completions = session.execute(
        select(
            ResourceLink.item,
            _title(ResourceLink.item),
            Completion.completed_at,
            Completion.state,
            Completion.delivered_at,
        )
        .join(ResourceLink, ResourceLink.id == Completion.link_id)
        .where(Completion.learner_id == learner_id)
        .order_by(Completion.completed_at)
    )
    sessions = session.execute(
        select(
            LaunchSession.seen_at,
            LaunchSession.expires_at,
            LaunchSession.locale,
            LaunchSession.designer,
        )
        .where(LaunchSession.learner_id == learner_id)
        .order_by(LaunchSession.expires_at)
    )
    return {
        "person": [_person(session, vault, learner_id)],
        "runs": [
            {
                "item": slug,
                "title": title,
                "version": number,
                "last_step": _moment(touched_at),
                "ended": _moment(ended_at),
                **({"way": _way(state)} if own else {}),
            }
            for slug, title, number, touched_at, ended_at, state in runs
        ],
        "reflections": [
            {
                "item": slug,
                "title": title,
                "place": node,
                "saved": _moment(saved_at),
                **({"text": unsealed(vault, sealed)} if own else {}),
            }
            for slug, title, node, saved_at, sealed in reflections
        ],
        "completions": [
            {
                "item": slug,
                "title": title,
                "completed": _moment(completed_at),
                "delivered": _moment(delivered_at) if state == DELIVERED else None,
            }
            for slug, title, completed_at, state, delivered_at in completions
        ],
        "sessions": [
            {
                "last_seen": _moment(seen_at),
                "ends": _moment(expires_at),
                "language": locale,
                "designer": designer,
            }
            for seen_at, expires_at, locale, designer in sessions
        ],
    }


def erase(session: Session, learner_id: int, *, keep_session: str | None = None) -> Removed:
    """Erase everything about a learner. The caller commits.

    Args:
        session: to write with.
        learner_id: our id of the person.
        keep_session: the session that asks for it and still has a page to show; it goes, and
            the pseudonym with it, when it ends.
    """
    counts = {
        "runs": _delete(session, Run, Run.learner_id == learner_id),
        "reflections": _delete(session, Reflection, Reflection.learner_id == learner_id),
        "completions": _delete(session, Completion, Completion.learner_id == learner_id),
        "sessions": _delete(
            session,
            LaunchSession,
            LaunchSession.learner_id == learner_id,
            LaunchSession.id != (keep_session or ""),
        ),
    }
    if keep_session is not None:
        return Removed(**counts, learners=0)
    return Removed(**counts, learners=_delete(session, Learner, Learner.id == learner_id))


def retain(session: Session, now: datetime) -> Removed:
    """Delete what has been kept long enough. The caller commits."""
    return Removed(
        runs=_delete(session, Run, Run.touched_at < now - RUNS_KEPT),
        reflections=_delete(session, Reflection, Reflection.saved_at < now - TEXTS_KEPT),
        completions=_delete(session, Completion, Completion.completed_at < now - COMPLETIONS_KEPT),
        sessions=_delete(
            session,
            LaunchSession,
            (LaunchSession.expires_at < now) | (LaunchSession.seen_at < now - IDLE),
        ),
        learners=_delete(
            session,
            Learner,
            *(
                ~exists().where(table.learner_id == Learner.id)
                for table in (Run, Reflection, Completion, LaunchSession)
            ),
        ),
    )


def _person(session: Session, vault: Vault, learner_id: int) -> dict[str, Any]:
    """Return who somebody is to us: a platform, its id of the person, and our pseudonym."""
    name, pseudonym, sealed_sub = session.execute(
        select(Platform.name, Learner.pseudonym, Learner.sealed_sub)
        .join(Platform, Platform.id == Learner.platform_id)
        .where(Learner.id == learner_id)
    ).one()
    return {
        "learning_environment": name,
        "id_there": unsealed(vault, sealed_sub),
        "pseudonym_here": pseudonym,
    }


def _title(slug: Any) -> Any:
    """Return the newest title of the item with this slug, as a subquery."""
    item, version = aliased(Item), aliased(Version)
    return (
        select(version.title)
        .join(item, item.id == version.item_id)
        .where(item.slug == slug)
        .order_by(version.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _way(state: str | None) -> Any:
    """Return a run's stored way as data; a micro-module has none."""
    return json.loads(state) if state and state.startswith("{") else None


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else iso_millis(moment)


def _delete(session: Session, table: type[Base], *where: ColumnElement[bool]) -> int:
    done = session.execute(delete(table).where(*where).execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)  # noqa: S101 - narrows the type; a DELETE always is
    return done.rowcount
