"""Runs: one learner's way through a version, stored so that it resumes; wiped when it ends.

Nothing is stored until a learner takes a first step. Every move is one short transaction whose
update is guarded by the state it started from, so that of two tabs or two clicks one wins and
the other changes nothing. Callers commit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.clock import full_hour
from lti_tool.db import UtcDateTime, alone, changed
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Item
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.play import kinds
from lti_tool.experience.play.engine import NotPossible
from lti_tool.experience.play.kinds import Place, kind_of
from lti_tool.experience.play.models import Run
from lti_tool.experience.play.positions import Player, Position, find
from lti_tool.hot import Hot
from lti_tool.vault import Vault, seal_with

_MOVE = (
    update(Run)
    .where(
        Run.id == bindparam("run"),
        Run.version_id == bindparam("was_version"),
        Run.state.is_not_distinct_from(bindparam("was_state")),
        Run.ended_at.is_not_distinct_from(bindparam("was_ended", type_=UtcDateTime)),
    )
    .values(
        version_id=bindparam("new_version"),
        state=bindparam("new_state"),
        farewell=bindparam("new_farewell"),
        touched_at=bindparam("now"),
        ended_at=bindparam("new_ended"),
        asked=bindparam("new_asked"),
    )
)
"""A move, guarded by what was read: another tab's move makes it change nothing."""

_MOVE_ALONE = Hot(alone(_MOVE.returning(Run.id)))


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened in a run; told in the transaction that stores it.

    Attributes:
        player: who; nothing is to be reported of one that does not `reports`.
        item: what is played.
        before: where the learner was.
        after: where the learner is.
        done: whether this move met the item's completion rule.
        now: the time.
        here: where the learner was, with what is stored about it.
    """

    player: Player
    item: Item
    before: Place | None
    after: Place | None
    done: bool
    now: datetime
    here: Position


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a move has led.

    Attributes:
        place: where in the item; None where another tab was first, and after the end.
        here: the position there; None where more than the place has changed, so that it must be
            read anew: after a first step, and after one that ends the run or completes it.
    """

    place: Place | None = None
    here: Position | None = None


Listener = Callable[[Session, Moved], None]
"""Told of every move. What it stores with one that ends a run or is `done` stands or falls with the
move; other moves are stored before it is told."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Makes the moves of learners.

    Attributes:
        vault: seals where a learner is.
        listeners: who is told.
    """

    vault: Vault
    listeners: Iterable[Listener]

    def find(self, session: Session, player: Player) -> Position:
        """Return where a learner is; raises as `positions.find`."""
        return find(session, self.vault, player)

    def move(
        self, session: Session, player: Player, at: str, now: datetime, name: str, *chosen: str
    ) -> Reached:
        """Make one move; from a stale or repeated form, make none.

        Args:
            session: to write with; the caller commits.
            player: who.
            at: the position that the form was made for.
            now: the time.
            name: of the move, see `kinds.Kind.moves`.
            chosen: what the move asks for.

        Returns:
            Where the learner is now.

        Raises:
            ToolError: `step-impossible` for a move that this page does not offer.
        """
        here = self.find(session, player)
        known = here.kind.moves.get(name)
        if known is None:
            raise ToolError("step-impossible")
        if here.place is None or not _is_at(here, at):
            return Reached(here.place, here)
        there = _possible(lambda: known(here.item, here.place, *chosen))
        ended = here.kind.ended(here.item, there)
        reflected = bool(here.reflections)
        met, was_met = (
            here.kind.completion_met(here.item, place, reflected=reflected)
            for place in (there, here.place)
        )
        done = met and (ended or not was_met)
        by_itself = not (ended or done)
        stored = self._store(
            session,
            player,
            here,
            version_id=here.version_id,
            place=there,
            now=now,
            ended=ended,
            by_itself=by_itself,
        )
        if not stored:
            return Reached()
        self._tell(session, player, here, there, now, done=done)
        only_the_place = by_itself and here.stored is not None
        return Reached(there, here.moved(there) if only_the_place else None)

    def declare(self, session: Session, player: Player, now: datetime) -> None:
        """Say to be done, after the end of an item that asks for it."""
        here = self.find(session, player)
        if here.ended_at is not None and here.item.completion.rule == "self":
            self._tell(session, player, here, here.place, now, done=True)

    def reflected(self, session: Session, player: Player, here: Position, now: datetime) -> None:
        """Tell that a text was saved, where the item is complete with that."""
        if here.ended_at is None and here.item.completion.rule == "reflection":
            self._tell(session, player, here, here.place, now, done=True)

    def replay(
        self, session: Session, player: Player, now: datetime, node: str | None = None
    ) -> None:
        """Start again after the end: from the beginning, or from a choice that the ending offers.

        Args:
            session: to write with; the caller commits.
            player: who.
            now: the time.
            node: a choice on the way that ended in this tab; its version is kept.

        Raises:
            ToolError: `step-impossible` for a choice that the ending does not offer;
                `item-withdrawn` when no new run may start.
        """
        here = self.find(session, player)
        if here.ended_at is None:
            return
        if not here.can_start:
            raise ToolError("item-withdrawn")
        if node is None:
            version_id, item = here.newest[0], catalogue.document(session, *here.newest)
            place = kind_of(item).start(item)
        elif (ended := here.place) is not None:
            version_id = here.version_id
            place = _possible(lambda: kinds.move(here.item, ended, "retry_from", node))
        else:
            return
        self._store(
            session,
            player,
            here,
            version_id=version_id,
            place=place,
            now=now,
            ended=False,
            asked=True,  # they are about the first time
        )

    def _store(
        self,
        session: Session,
        player: Player,
        here: Position,
        *,
        version_id: int,
        place: Place,
        now: datetime,
        ended: bool,
        asked: bool = False,
        by_itself: bool = False,
    ) -> bool:
        """Write where a run is, or its end; False when another tab was first.

        `by_itself`: nothing else is stored with it.
        """
        hour, text = full_hour(now), here.kind.dump(place)
        was = here.stored
        if was is None:
            try:
                session.execute(
                    insert(Run).values(
                        learner_id=player.learner_id,
                        link_id=player.link_id,
                        item_id=here.item_id,
                        version_id=version_id,
                        state=None if ended else self.vault.seal(text),
                        farewell=seal_with(player.token, text) if ended else None,
                        touched_at=hour,
                        ended_at=hour if ended else None,
                        asked=asked,
                    )
                )
            except IntegrityError:
                session.rollback()
                return False
            return True
        values = {
            "run": was.id,
            "was_version": was.version_id,
            "was_state": was.state,
            "was_ended": was.ended_at,
            "new_version": version_id,
            "new_state": None if ended else self.vault.seal(text),
            "new_farewell": seal_with(player.token, text) if ended else None,
            "now": hour,
            "new_ended": hour if ended else None,
            "new_asked": asked or was.asked,
        }
        connection = session.connection()
        if by_itself:
            moved = len(_MOVE_ALONE.rows(connection, values))
        else:
            moved = changed(connection.execute(_MOVE, values))
        if not moved:
            session.rollback()
            return False
        return True

    def _tell(
        self,
        session: Session,
        player: Player,
        here: Position,
        after: Place | None,
        now: datetime,
        *,
        done: bool,
    ) -> None:
        moved = Moved(player, here.item, here.place, after, done, now, here)
        for listener in self.listeners:
            listener(session, moved)


def end_all(session: Session, slug: str) -> int:
    """End the runs of an item that are under way, because it was stopped. The caller commits.

    Returns:
        How many.
    """
    item = select(ItemRow.id).where(ItemRow.slug == slug).scalar_subquery()
    ended = session.execute(
        delete(Run)
        .where(Run.item_id == item, Run.ended_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    return changed(ended)


def forget_ways(session: Session, before: datetime) -> None:
    """Drop the ways of runs that ended before a moment, which no session can read any more.

    From then on nothing says who answered the questions about the content.
    """
    session.execute(
        update(Run)
        .where(Run.farewell.is_not(None), Run.ended_at < before)
        .values(farewell=None, asked=True)
        .execution_options(synchronize_session=False)
    )


def _possible(move: Callable[[], Place]) -> Place:
    try:
        return move()
    except NotPossible:
        raise ToolError("step-impossible") from None


def _is_at(here: Position, at: str) -> bool:
    return here.ended_at is None and compare_digest(here.at.encode(), at.encode())
