"""Runs: one learner's way through a version, stored so that it resumes; wiped when it ends.

Nothing is stored until a learner takes a first step. Every move is one short transaction whose
update is guarded by the state it started from, so that of two tabs or two clicks one wins and
the other changes nothing.
"""

import json
from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import CursorResult, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from lti_tool.completion import outbox
from lti_tool.db import UtcDateTime, db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience, MicroModule
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Run
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import NotPossible, State
from lti_tool.experience.play.positions import READING, Player, Position, beginning, farewell, find
from lti_tool.launch.models import LaunchSession
from lti_tool.vault import seal_with

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
        touched_at=bindparam("now"),
        ended_at=bindparam("new_ended"),
    )
    .execution_options(synchronize_session=False)
)
"""A move, guarded by what was read: another tab's move makes it change nothing."""


def react(player: Player, at: str, choice: str, now: datetime) -> None:
    """Take a reaction; its feedback is the next page."""
    _move(player, at, now, lambda item, state: engine.react(item, state, choice))


def retry(player: Player, at: str, now: datetime) -> None:
    """Take a reaction back, to try another."""
    _move(player, at, now, engine.retry)


def proceed(player: Player, at: str, now: datetime) -> None:
    """Go on to the next page; at an ending the run ends."""
    _move(player, at, now, engine.proceed)


def finish(player: Player, at: str, now: datetime) -> None:
    """End a micro-module: the learner says to be done."""
    here = find(player)
    if not isinstance(here.item, MicroModule):
        raise ToolError("step-impossible")
    if not _is_at(here, at) or not _store(player, here, here.version_id, None, now):
        return
    if player.reports and engine.module_completion_met(
        here.item,
        range(len(here.item.blocks)),
        reflected=bool(here.reflections),
        declared=True,
    ):
        _record(player, now)
    db.session.commit()


def declare(player: Player, now: datetime) -> None:
    """Say to be done, after the ending of an experience that asks for it."""
    here = find(player)
    if here.ended_at is None or here.item.completion.rule != "self":
        return
    if player.reports:
        _record(player, now)
        db.session.commit()


def replay(player: Player, now: datetime, node: str | None = None) -> None:
    """Start again after the end: from the beginning, or from a choice that the ending offers.

    Args:
        player: who.
        now: the time.
        node: a choice on the way that ended in this tab; its version is kept.

    Raises:
        ToolError: `step-impossible` for a choice that the ending does not offer;
            `item-withdrawn` when no new run may start.
    """
    here = find(player)
    if here.ended_at is not None:
        if not here.can_start:
            raise ToolError("item-withdrawn")
        if node is None:
            version_id, item = here.newest[0], catalogue.document(*here.newest)
            state = beginning(item)
            text = READING if state is None else engine.dump(state)
        else:
            ended = farewell(player)
            if ended is None:
                return
            try:
                text = engine.dump(engine.retry_from(ended.item, ended.state, node))
            except NotPossible:
                raise ToolError("step-impossible") from None
            version_id = ended.version_id
        if not _store(player, here, version_id, text, now):
            return
    _leave(player, None)
    db.session.commit()


def _move(
    player: Player, at: str, now: datetime, change: Callable[[Experience, State], State]
) -> None:
    """Make one move in one transaction; from a stale or repeated form, make none.

    Raises:
        ToolError: `step-impossible` for a move that this page does not offer.
    """
    here = find(player)
    if not isinstance(here.item, Experience):
        raise ToolError("step-impossible")
    if here.state is None or not _is_at(here, at):
        return
    try:
        there = change(here.item, here.state)
    except NotPossible:
        raise ToolError("step-impossible") from None
    ended = engine.is_ending(here.item, there)
    if not _store(player, here, here.version_id, None if ended else engine.dump(there), now):
        return
    if ended:
        _leave(player, _pack(here, there))
    reflected = bool(here.reflections)
    met = engine.completion_met(here.item, there, reflected=reflected)
    met_before = engine.completion_met(here.item, here.state, reflected=reflected)
    if player.reports and met and (ended or not met_before):
        _record(player, now)
    db.session.commit()


def _is_at(here: Position, at: str) -> bool:
    return here.ended_at is None and compare_digest(here.at.encode(), at.encode())


def _store(
    player: Player, here: Position, version_id: int, state: str | None, now: datetime
) -> bool:
    """Write a run's new state, or its end when there is none; False when another tab was first."""
    ended_at = now if state is None else None
    was = here.stored
    if was is None:
        values = {
            "learner_id": player.learner_id,
            "link_id": player.link_id,
            "version_id": version_id,
            "state": state,
            "touched_at": now,
            "ended_at": ended_at,
        }
        try:
            db.session.execute(insert(Run).values(values))
        except IntegrityError:
            db.session.rollback()
            return False
        return True
    done = db.session.execute(
        _MOVE,
        {
            "run": was.id,
            "was_version": was.version_id,
            "was_state": was.state,
            "was_ended": was.ended_at,
            "new_version": version_id,
            "new_state": state,
            "now": now,
            "new_ended": ended_at,
        },
    )
    assert isinstance(done, CursorResult)  # noqa: S101 - narrows the type; an UPDATE always is
    if done.rowcount != 1:
        db.session.rollback()
        return False
    return True


def _pack(here: Position, state: State) -> str:
    return json.dumps(
        {"version": here.version_id, "sha256": here.sha256, "state": engine.dump(state)}
    )


def _leave(player: Player, text: str | None) -> None:
    """Hand the way of an ended run to its own tab, sealed with that tab's token, or drop it."""
    db.session.execute(
        update(LaunchSession)
        .where(LaunchSession.id == player.session_id)
        .values(farewell=None if text is None else seal_with(player.token, text))
        .execution_options(synchronize_session=False)
    )


def _record(player: Player, now: datetime) -> None:
    outbox.record(db.session(), learner_id=player.learner_id, link_id=player.link_id, now=now)
