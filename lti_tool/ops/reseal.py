"""Replacing the secret key: everything that hangs on the old one is made anew under the new.

While both are set, the tool reads under either and writes under the new; who is known by the
old pseudonym is known by the new one from the next launch on. This does the rest, so that the old
key can be thrown away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lti_tool.db import Base, changed
from lti_tool.experience.play.models import Note, Reflection, Run, Starter
from lti_tool.group.hearing.models import Heard
from lti_tool.group.insights.publishing import Insight
from lti_tool.launch.models import Learner
from lti_tool.platforms.models import Platform
from lti_tool.vault import BrokenSeal, Vault

BATCH = 200
"""Rows per transaction, so that learners never wait for us."""

SEALED: tuple[tuple[type[Base], InstrumentedAttribute[Any]], ...] = (
    (Learner, Learner.sealed_sub),
    (Reflection, Reflection.sealed_text),
    (Note, Note.sealed_text),
    (Run, Run.state),
    (Starter, Starter.sealed_counts),
    (Heard, Heard.sealed),
    (Insight, Insight.sealed_text),
    (Platform, Platform.ws_token),
)
"""All that the vault seals for more than a day; sessions end before a key is thrown away."""


@dataclass(slots=True)
class Resealed:
    """How many values were made anew.

    Attributes:
        people: pseudonyms.
        values: sealed values.
        unreadable: values that neither key opens; nobody can read them, and they stay.
        twins: people who have a second record under the new key, made by a process that knew
            the new key only; the old record stays, and nobody finds it.
    """

    people: int = 0
    values: int = 0
    unreadable: int = 0
    twins: int = 0


def reseal(session: Session, vault: Vault) -> Resealed:
    """Make everything anew that was made under the old key. Commits in between.

    It may be stopped and started again, and run while learners play.
    """
    done = Resealed()
    _rename_people(session, vault, done)
    for table, column in SEALED:
        _reseal_column(session, vault, table, column, done)
    return done


def _rename_people(session: Session, vault: Vault, done: Resealed) -> None:
    """Give everybody the pseudonym that follows from the new key."""
    people = select(Learner.id, Learner.pseudonym, Learner.sealed_sub, Platform.issuer).join(
        Platform, Platform.id == Learner.platform_id
    )
    twin = aliased(Learner)
    for learner, was, sealed, issuer in _in_batches(session, people, Learner.id):
        try:
            sub = vault.unseal(sealed)
        except BrokenSeal:
            continue  # counted with its column
        pseudonym = vault.pseudonym(issuer, sub)
        if was != vault.old_pseudonym(issuer, sub):
            continue
        renamed = session.execute(
            update(Learner)
            .where(
                Learner.id == learner,
                ~exists().where(
                    twin.platform_id == Learner.platform_id, twin.pseudonym == pseudonym
                ),
            )
            .values(pseudonym=pseudonym)
            .execution_options(synchronize_session=False)
        )
        if changed(renamed):
            done.people += 1
        else:
            done.twins += 1


def _reseal_column(
    session: Session,
    vault: Vault,
    table: Any,
    column: InstrumentedAttribute[Any],
    done: Resealed,
) -> None:
    rows = select(table.id, column).where(column.is_not(None))
    for row, was in _in_batches(session, rows, table.id):
        try:
            sealed = vault.reseal(was)
        except BrokenSeal:
            done.unreadable += 1
            continue
        if sealed is None:
            continue
        resealed = session.execute(
            update(table)
            .where(table.id == row, column == was)  # not what was saved meanwhile
            .values({column: sealed})
            .execution_options(synchronize_session=False)
        )
        done.values += changed(resealed)


def _in_batches(session: Session, rows: Any, key: InstrumentedAttribute[int]) -> Iterator[Any]:
    """Yield rows in the order of their key, and commit what was done with each batch."""
    last = 0
    while batch := session.execute(rows.where(key > last).order_by(key).limit(BATCH)).all():
        yield from batch
        last = batch[-1][0]
        session.commit()
