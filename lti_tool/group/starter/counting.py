"""The conversation starter: what a group chose first, in words, once, for who leads the talk.

Whoever builds the course switches it on for a link before anybody else begins there. A run is
counted when it ends, in the transaction of its last step: until then its way is known, so that
half a run never counts and who does not want to be counted leaves no trace. Nobody is counted
twice for an item on a platform, so that no two groups can be compared that differ in one person.
Its snapshot is made once, of one version, from `FEWEST` people on who are still known here; then
the counts are gone. Callers commit.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.clock import full_hour, local_day
from lti_tool.db import changed, upsert
from lti_tool.experience.document.model import Experience
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Version
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import State
from lti_tool.experience.play.models import COUNTED, OUT, PASSED, Run, Starter, StarterMark
from lti_tool.experience.play.positions import IN, Player, Position
from lti_tool.experience.play.runs import Moved
from lti_tool.group.starter import tally
from lti_tool.group.starter.wording import FEWEST, words
from lti_tool.keeping import school_year_cutoff
from lti_tool.vault import BrokenSeal, Vault

OFF, LATE, COUNTING, WAIT, SAID = "off", "late", "counting", "wait", "said"
"""It is off; is off and others have begun; counts; was asked for in vain today; has been said."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a group chose first.

    Attributes:
        item: the version that it is about.
        said: for each choice that can be told of, a word for each reaction, by their names.
    """

    item: Experience
    said: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Starters:
    """Counts, and turns counts into words.

    Attributes:
        vault: seals the counts.
    """

    vault: Vault

    def note(self, session: Session, moved: Moved) -> None:
        """Count a run with the step that ends it, unless its learner does not want that."""
        player, here, there = moved.player, moved.here, moved.after
        ends = (
            here.ended_at is None
            and isinstance(moved.item, Experience)
            and isinstance(there, State)
            and engine.is_ending(moved.item, there)
        )
        if not (ends and player.reports) or here.counting not in (IN, OUT):
            return
        if here.counting == OUT:
            session.execute(
                update(StarterMark)
                .where(*_mark(player, here), StarterMark.standing == OUT)
                .values(standing=PASSED)
                .execution_options(synchronize_session=False)
            )
            return
        starter = session.execute(
            select(Starter.id, Starter.sealed_counts)
            .where(*_of(player.link_id, here.item_id), Starter.words.is_(None))
            .with_for_update()
        ).one_or_none()
        if starter is None or not _set_mark(session, player, here, COUNTED, moved.now):
            return
        counts = self._counts(starter.sealed_counts)
        known = tally.read(counts.get(str(here.version_id), ""), cast("Experience", moved.item))
        one_more = known.with_run(engine.first_reactions(cast("State", there)))
        counts[str(here.version_id)] = tally.write(one_more)
        session.execute(
            update(Starter)
            .where(Starter.id == starter.id)
            .values(sealed_counts=self.vault.seal(json.dumps(counts, sort_keys=True)))
            .execution_options(synchronize_session=False)
        )

    def ask(self, session: Session, link_id: int, item_id: int, now: datetime) -> None:
        """Make the snapshot if enough are counted; what is answered stands for the day."""
        today = local_day(now)
        asking = (
            update(Starter)
            .where(
                *_of(link_id, item_id),
                Starter.words.is_(None),
                or_(Starter.asked_on.is_(None), Starter.asked_on < today),
            )
            .values(asked_on=today)
            .execution_options(synchronize_session=False)
        )
        if not changed(session.execute(asking)):  # it locks the row, so that no run comes between
            return
        most = session.execute(
            select(StarterMark.version_id, Version.sha256, func.count().label("people"))
            .join(Version, Version.id == StarterMark.version_id)
            .where(
                StarterMark.link_id == link_id,
                StarterMark.item_id == item_id,
                StarterMark.standing == COUNTED,
            )
            .group_by(StarterMark.version_id, Version.sha256)
            .order_by(func.count().desc(), StarterMark.version_id.desc())
            .limit(1)
        ).one_or_none()
        if most is None or most.people < FEWEST:
            return
        item = catalogue.document(session, most.version_id, most.sha256)
        sealed = session.scalar(select(Starter.sealed_counts).where(*_of(link_id, item_id)))
        counts = self._counts(sealed)
        counted = tally.read(counts.get(str(most.version_id), ""), cast("Experience", item))
        said = {}
        gone = max(0, counted.runs - most.people)  # whose mark went since: erased, or long ago
        for node, taken in counted.by_choice():
            spoken = words(tuple(taken.values()), FEWEST + gone)
            if spoken is not None:
                said[node] = dict(zip(taken, spoken, strict=True))
        session.execute(
            update(Starter)
            .where(*_of(link_id, item_id))
            .values(words=json.dumps(said), version_id=most.version_id, sealed_counts=None)
            .execution_options(synchronize_session=False)
        )

    def _counts(self, sealed: str | None) -> dict[str, str]:
        """Return what is counted, by version; nothing where the key is gone."""
        try:
            counts: dict[str, str] = json.loads(self.vault.unseal(sealed)) if sealed else {}
        except BrokenSeal:
            return {}
        return counts


def state(session: Session, link_id: int, item_id: int, trainer: int, today: date) -> str:
    """Return how it stands with the starter of a link and an item; it says no number.

    Args:
        session: to read with.
        link_id: the link.
        item_id: the item.
        trainer: our id of who asks; own runs of theirs are in nobody's way.
        today: the date.
    """
    found = session.execute(
        select(Starter.words, Starter.asked_on).where(*_of(link_id, item_id))
    ).one_or_none()
    if found is None:
        return LATE if _others_began(session, link_id, item_id, trainer) else OFF
    if found.words is not None:
        return SAID
    return WAIT if found.asked_on == today else COUNTING


def switch_on(session: Session, link_id: int, item_id: int, trainer: int, now: datetime) -> None:
    """Let a link count an item, if nobody else has begun it there."""
    if not _others_began(session, link_id, item_id, trainer):
        upsert(
            session,
            Starter,
            {"link_id": link_id, "item_id": item_id, "since": full_hour(now)},
        )


def switch_off(session: Session, link_id: int, item_id: int) -> None:
    """Stop counting, and forget what was counted and said. Who was counted is not counted anew."""
    session.execute(
        delete(Starter).where(*_of(link_id, item_id)).execution_options(synchronize_session=False)
    )


def snapshot(session: Session, link_id: int, item_id: int) -> Snapshot | None:
    """Return what was said; None as long as nothing was."""
    found = session.execute(
        select(Starter.words, Starter.version_id, Version.sha256)
        .join(Version, Version.id == Starter.version_id)
        .where(*_of(link_id, item_id))
    ).one_or_none()
    if found is None or found.words is None:
        return None
    item = catalogue.document(session, found.version_id, found.sha256)
    return Snapshot(cast("Experience", item), json.loads(found.words))


def want(session: Session, player: Player, here: Position, wants: bool, now: datetime) -> None:
    """Let a learner be counted or not, as long as the run is under way."""
    if here.ended_at is not None:
        return
    if wants and here.counting == OUT:
        session.execute(
            delete(StarterMark)
            .where(*_mark(player, here), StarterMark.standing == OUT)
            .execution_options(synchronize_session=False)
        )
    if not wants and here.counting == IN:
        _set_mark(session, player, here, OUT, now)


def let_lapse(session: Session, now: datetime) -> int:
    """Delete the starters of past school years, with what they say. The caller commits.

    Returns:
        How many.
    """
    return changed(
        session.execute(
            delete(Starter)
            .where(Starter.since < school_year_cutoff(now))
            .execution_options(synchronize_session=False)
        )
    )


def _set_mark(
    session: Session, player: Player, here: Position, standing: str, now: datetime
) -> bool:
    """Note where a learner stands; False when that was noted before."""
    values = {
        "learner_id": player.learner_id,
        "item_id": here.item_id,
        "link_id": player.link_id,
        "version_id": here.version_id,
        "standing": standing,
        "marked_at": full_hour(now),
    }
    made = upsert(session, StarterMark, values, returning=[StarterMark.learner_id])
    return made.one_or_none() is not None


def _others_began(session: Session, link_id: int, item_id: int, trainer: int) -> bool:
    began = exists().where(
        Run.link_id == link_id, Run.item_id == item_id, Run.learner_id != trainer
    )
    return bool(session.scalar(select(began)))


def _of(link_id: int, item_id: int) -> tuple[Any, ...]:
    return Starter.link_id == link_id, Starter.item_id == item_id


def _mark(player: Player, here: Position) -> tuple[Any, ...]:
    return StarterMark.learner_id == player.learner_id, StarterMark.item_id == here.item_id
