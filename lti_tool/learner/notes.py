"""What learners keep in their logbook: hints, sentences that come back, and own words; sealed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.clock import full_hour
from lti_tool.errors import ToolError
from lti_tool.experience.library.models import Item
from lti_tool.experience.play.models import HINT, OWN, SENTENCE, Note
from lti_tool.experience.play.reflections import LONGEST
from lti_tool.keeping import unsealed
from lti_tool.vault import Vault

MOST = 500
"""Notes of one person."""

KINDS = (HINT, SENTENCE, OWN)


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence whose day has come.

    Attributes:
        slug: of the item that it is about, if any.
    """

    number: int
    text: str
    slug: str | None


def keep(
    session: Session,
    vault: Vault,
    learner_id: int,
    *,
    kind: str,
    text: str,
    slug: str | None,
    now: datetime,
    day: date | None = None,
) -> bool:
    """Keep something, once. The caller commits.

    Args:
        session: to write with.
        vault: seals the text.
        learner_id: whose it is.
        kind: one of `KINDS`.
        text: what is kept; nothing is when it is empty.
        slug: of the item that it is about, if any.
        now: the time.
        day: from when a sentence is asked about.

    Returns:
        Whether it is kept now.

    Raises:
        ToolError: `too-large`, or `logbook-full`.
    """
    text = text.strip().replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise ToolError("too-large")
    if not text:
        return False
    held = session.execute(
        select(Note.kind, Note.sealed_text, Item.slug, Note.day)
        .outerjoin(Item, Item.id == Note.item_id)
        .where(Note.learner_id == learner_id)
    ).all()
    if any(
        (kind, slug, day) == (row.kind, row.slug, row.day)
        and unsealed(vault, row.sealed_text) == text
        for row in held
    ):
        return True
    if len(held) >= MOST:
        raise ToolError("logbook-full")
    item_id = slug and session.scalar(select(Item.id).where(Item.slug == slug))
    session.add(
        Note(
            learner_id=learner_id,
            item_id=item_id or None,
            kind=kind,
            sealed_text=vault.seal(text),
            day=day,
            saved_at=full_hour(now),
        )
    )
    return True


def forget(session: Session, learner_id: int, number: int) -> None:
    """Erase a note of this learner, if there is such a one. The caller commits."""
    session.execute(
        delete(Note)
        .where(Note.learner_id == learner_id, Note.id == number)
        .execution_options(synchronize_session=False)
    )


def ask_no_more(session: Session, learner_id: int, number: int) -> None:
    """Let a sentence of this learner come back no more; it stays. The caller commits."""
    session.execute(
        update(Note)
        .where(Note.learner_id == learner_id, Note.id == number)
        .values(day=None)
        .execution_options(synchronize_session=False)
    )


def asked(session: Session, vault: Vault, learner_id: int, today: date) -> Asked | None:
    """Return the sentence whose day came first; None when there is none to ask about."""
    found = session.execute(
        select(Note.id, Note.sealed_text, Item.slug)
        .outerjoin(Item, Item.id == Note.item_id)
        .where(Note.learner_id == learner_id, Note.day <= today)
        .order_by(Note.day, Note.id)
    ).all()
    for number, sealed, slug in found:
        text = unsealed(vault, sealed)
        if text is not None:
            return Asked(number, text, slug)
    return None
