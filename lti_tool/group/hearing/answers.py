"""Two questions about the content, for its makers: recognised, and what was missing.

Answers are stored without who, where and when, and shown in complete batches only, so that none
stands alone. Callers commit.
"""

import json
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.db import changed
from lti_tool.experience.library.models import Item, Version
from lti_tool.experience.play.models import Run
from lti_tool.experience.play.positions import Position
from lti_tool.group.hearing.models import Heard
from lti_tool.vault import BrokenSeal, Vault

BATCH = 8
"""Answers that are shown together, at least."""

LONGEST = 500
"""Characters of what was missing."""

RECOGNISED = ("yes", "partly", "no")

_FILLED = 8 * LONGEST
"""Bytes to which an answer is filled up; no character takes more than six in JSON."""


@dataclass(frozen=True, slots=True)
class Batches:
    """What the makers hear about one version.

    Attributes:
        version: its number.
        answers: how many said something, of all complete batches together.
        recognised: how many said what, by `RECOGNISED`.
        missed: what they missed, in an order that says nothing.
    """

    version: int
    answers: int
    recognised: dict[str, int]
    missed: tuple[str, ...]


def tell(session: Session, vault: Vault, here: Position, recognised: str, missed: str) -> None:
    """Store an answer, once for a run that ended; what says nothing is not stored.

    Args:
        session: to write with.
        vault: seals it.
        here: where the learner is.
        recognised: one of `RECOGNISED`, or anything else for no answer.
        missed: what was missing.
    """
    recognised = recognised if recognised in RECOGNISED else ""
    missed = missed.strip()
    run = here.stored
    if not (recognised or missed) or run is None or here.ended_at is None:
        return
    asked = (
        update(Run)
        .where(Run.id == run.id, Run.ended_at.is_not(None), Run.asked.is_(False))
        .values(asked=True)
        .execution_options(synchronize_session=False)
    )
    if not changed(session.execute(asked)):
        return
    # One after the other, so that each batch is counted once.
    session.execute(
        select(Version.id).where(Version.id == here.version_id).with_for_update(key_share=True)
    )
    text = json.dumps({"recognised": recognised, "missed": missed}, ensure_ascii=False)
    sealed = vault.seal(text + " " * (_FILLED - len(text.encode())))
    # PostgreSQL keeps rows, and gives them to a backup, in the order in which they were written:
    # those that wait are written anew, in the order of the numbers that were drawn.
    waiting = session.execute(
        delete(Heard)
        .where(Heard.version_id == here.version_id, Heard.told.is_(False))
        .returning(Heard.id, Heard.sealed)
        .execution_options(synchronize_session=False)
    )
    rows = sorted([(secrets.randbits(62), sealed), *((row.id, row.sealed) for row in waiting)])
    told = len(rows) >= BATCH
    session.execute(
        insert(Heard),
        [
            {"id": number, "version_id": here.version_id, "sealed": held, "told": told}
            for number, held in rows
        ],
    )


def heard(session: Session, vault: Vault, slug: str) -> Sequence[Batches]:
    """Return what the makers of an item may hear, newest version first."""
    rows = session.execute(
        select(Version.number, Heard.sealed)
        .join(Version, Version.id == Heard.version_id)
        .join(Item, Item.id == Version.item_id)
        .where(Item.slug == slug, Heard.told.is_(True))
        .order_by(Version.number.desc())
    ).all()
    found = []
    for version in dict.fromkeys(number for number, _ in rows):
        answers = [_opened(vault, sealed) for number, sealed in rows if number == version]
        missed = [answer["missed"] for answer in answers if answer["missed"]]
        random.SystemRandom().shuffle(missed)
        said = [answer["recognised"] for answer in answers]
        found.append(
            Batches(
                version,
                len(answers),
                {each: said.count(each) for each in RECOGNISED},
                tuple(missed),
            )
        )
    return found


def forget(session: Session, slug: str) -> int:
    """Delete what the makers have been shown, or may be; what waits for its batch stays.

    Returns:
        How many answers.
    """
    versions = select(Version.id).join(Item, Item.id == Version.item_id).where(Item.slug == slug)
    done = session.execute(
        delete(Heard)
        .where(Heard.told.is_(True), Heard.version_id.in_(versions))
        .execution_options(synchronize_session=False)
    )
    return changed(done)


def _opened(vault: Vault, sealed: str) -> dict[str, str]:
    try:
        answer: dict[str, str] = json.loads(vault.unseal(sealed))
    except BrokenSeal:
        return {"recognised": "", "missed": ""}
    return answer
