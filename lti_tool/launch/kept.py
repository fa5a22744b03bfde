"""What launches keep about people: who they are to their LMS, and the sessions."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.clock import iso_millis
from lti_tool.keeping import Kept, Row, moment, unsealed
from lti_tool.launch.models import LaunchSession, Learner
from lti_tool.launch.store import IDLE
from lti_tool.platforms.models import Platform
from lti_tool.vault import Vault

SESSIONS = "sessions"
"""Name of the list of sessions; the page that shows it is one itself."""


def person(session: Session, vault: Vault, learner_id: int) -> Row:
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


def _sessions(session: Session, _vault: Vault, learner_id: int, _own: bool) -> Iterator[Row]:
    found = session.execute(
        select(
            LaunchSession.seen_at,
            LaunchSession.expires_at,
            LaunchSession.locale,
            LaunchSession.designer,
        )
        .where(LaunchSession.learner_id == learner_id)
        .order_by(LaunchSession.expires_at, LaunchSession.id)
    )
    for seen_at, expires_at, locale, designer in found:
        yield {
            "last_seen": iso_millis(seen_at),
            "ends": iso_millis(expires_at),
            "language": locale,
            "designer": designer,
        }


KEPT = (
    Kept(
        name=SESSIONS,
        table=LaunchSession,
        columns={
            "token_hash": "a fingerprint of what proves the session",
            "cookieless": "whether the browser keeps cookies",
            "designer": "whether somebody builds or teaches the course",
            "locale": "the language",
            "return_url": "the way back to the course",
            "deep_linking": "what the LMS takes back, while choosing an activity",
            "answered": "whether that was answered",
            "seen_at": "the hour of the last step",
            "expires_at": "when it ends",
            "platform_id": "from which LMS",
            "deployment_id": "from which part of it",
            "link_id": "from which course",
        },
        title=_l("This session"),
        why=_l("So that you need not log in again; with one cookie."),
        how_long=_l("Two to three hours after your last step, eight at most."),
        who=_l("Nobody."),
        rows=_sessions,
        line=lambda row: _(
            "Last step %(when)s; it ends %(end)s.",
            when=moment(row["last_seen"]),
            end=moment(row["ends"]),
        ),
        lapses=lambda now: (LaunchSession.expires_at < now) | (LaunchSession.seen_at < now - IDLE),
    ),
)
