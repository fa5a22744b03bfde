"""How two people come to lay their ways beside each other: a code, two times yes, and the end.

Callers commit. Every step is one guarded statement, so that of two who type the same code one
joins, and a step from a page that is out of date changes nothing.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.db import changed
from lti_tool.group.pairs.differing import Differing, Way, differing, turned
from lti_tool.group.pairs.models import Pair
from lti_tool.launch.models import Learner
from lti_tool.vault import BrokenSeal, Vault

LETTERS = "BCDFGHJKMNPRSTVWXZ"
"""No vowels, so that no words arise; no L and Q, which look like I and O."""
LENGTH = 6
"""18^6: 34 million codes."""
LASTS = timedelta(minutes=10)
"""How long a code can be used, and how long each next step may wait."""

WAITING, ASKED, AGREED, LAYING, LAID = "waiting", "asked", "agreed", "laying", "laid"
"""Where somebody is: nobody came yet; asked to agree; agreed, and the other did not yet; both did,
and the other's page has still to answer; laid beside each other."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who played.

    Attributes:
        version_id: the version that was played.
    """

    learner_id: int
    platform_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A pair as one of the two sees it."""

    pair: Pair
    opened: bool
    """Whether this is who asked for the code."""

    @property
    def stage(self) -> str:
        """Where this one is."""
        mine, theirs = self.pair.agreed, self.pair.other_agreed
        if not self.opened:
            mine, theirs = theirs, mine
        if self.pair.other_id is None:
            return WAITING
        if not mine:
            return ASKED
        return LAYING if theirs else AGREED


def begin(session: Session, vault: Vault, me: Party, now: datetime) -> str:
    """Give somebody a code, instead of what was there of them; what has lapsed goes.

    Returns:
        The code, of which only a hash is kept.
    """
    leave(session, me.learner_id)
    session.execute(delete(Pair).where(Pair.until <= now).execution_options(**_PLAIN))
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    session.execute(
        insert(Pair).values(
            learner_id=me.learner_id,
            version_id=me.version_id,
            code_hash=_hash(vault, code),
            until=now + LASTS,
        )
    )
    return code


def is_of(vault: Vault, met: Meeting, code: str) -> bool:
    """Whether a code, as a page carries it, is the one that still waits here."""
    return bool(code) and met.pair.code_hash == _hash(vault, plain(code))


def join(session: Session, vault: Vault, me: Party, code: str, now: datetime) -> bool:
    """Use a code of somebody else, at the same platform, who played the same version.

    Returns:
        False when there is no such code any more, or none that fits; then nothing changes.
    """
    found = session.scalar(
        select(Pair.id)
        .join(Learner, Learner.id == Pair.learner_id)
        .where(
            Pair.code_hash == _hash(vault, plain(code)),
            Pair.until > now,
            Pair.version_id == me.version_id,
            Learner.platform_id == me.platform_id,
            Pair.learner_id != me.learner_id,
        )
    )
    if found is None:
        return False
    leave(session, me.learner_id)
    done = session.execute(
        update(Pair)
        .where(Pair.id == found, Pair.other_id.is_(None))
        .values(other_id=me.learner_id, code_hash=None, until=now + LASTS)
        .execution_options(**_PLAIN)
    )
    if changed(done) != 1:
        session.rollback()
        return False
    return True


def find(session: Session, me: Party, now: datetime) -> Meeting | None:
    """Return what is there of somebody; what lapsed, or is about another version, goes."""
    pair = session.scalars(
        select(Pair).where(_mine(me.learner_id)).execution_options(populate_existing=True)
    ).one_or_none()
    if pair is None:
        return None
    if pair.until <= now or pair.version_id != me.version_id:
        leave(session, me.learner_id)
        return None
    return Meeting(pair, pair.learner_id == me.learner_id)


def agree(session: Session, me: Party, now: datetime) -> None:
    """Say yes, where somebody asks."""
    met = find(session, me, now)
    if met is None or met.stage != ASKED:
        return
    said = {Pair.agreed: True} if met.opened else {Pair.other_agreed: True}
    session.execute(
        update(Pair)
        .where(Pair.id == met.pair.id, Pair.other_id.is_not(None))
        .values({**said, Pair.until: now + LASTS})
        .execution_options(**_PLAIN)
    )


def lay(session: Session, vault: Vault, met: Meeting, mine: Way) -> list[Differing] | None:
    """Lay a way beside the other's, once both have agreed.

    Who is first leaves the own reactions for the other's page, which answers within seconds and
    keeps no more of them than where the two differ.

    Returns:
        Where the two differ, one's own reaction first; None while that cannot be said.
    """
    if met.stage != LAYING:
        return None
    side = "one" if met.opened else "other"
    was = met.pair.laid
    try:
        held = None if was is None else json.loads(vault.unseal(was))
    except BrokenSeal:  # under a key that is gone
        held = None
    if held and "differing" in held:
        found = [(place, mine, theirs) for place, mine, theirs in held["differing"]]
        return found if held["of"] == side else turned(found)
    if held and held["of"] == side:
        return None
    if held is None:
        _keep(session, vault, met.pair.id, was, {"of": side, "way": list(mine.items())})
        return None
    found = differing(mine, dict(held["way"]))
    kept = _keep(session, vault, met.pair.id, was, {"of": side, "differing": found})
    return found if kept else None


def leave(session: Session, learner_id: int) -> None:
    """End it, for both."""
    session.execute(delete(Pair).where(_mine(learner_id)).execution_options(**_PLAIN))


def plain(code: str) -> str:
    """Return a code as it was given, however it was typed: `bcd-fgh` is `BCDFGH`."""
    return "".join(letter for letter in code.upper() if letter in LETTERS)[: LENGTH + 1]


_PLAIN: dict[str, Any] = {"synchronize_session": False}


def _keep(session: Session, vault: Vault, pair: int, was: str | None, said: object) -> bool:
    """Write over what was read, and over nothing else; False when that is not there any more."""
    done = session.execute(
        update(Pair)
        .where(Pair.id == pair, Pair.laid.is_not_distinct_from(was))
        .values(laid=vault.seal(json.dumps(said)))
        .execution_options(**_PLAIN)
    )
    return changed(done) == 1


def _mine(learner_id: int) -> Any:
    return or_(Pair.learner_id == learner_id, Pair.other_id == learner_id)


def _hash(vault: Vault, code: str) -> str:
    return vault.mac("pair", code)
