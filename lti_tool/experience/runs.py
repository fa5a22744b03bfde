"""Runs: one learner's way through a version, stored so that it resumes; wiped when it ends.

Nothing is stored until a learner takes a first step. Every move is one short transaction whose
update is guarded by the state it started from, so that of two tabs or two clicks one wins and
the other changes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import and_, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from lti_tool.completion import outbox
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience import engine, library
from lti_tool.experience.documents import Experience, Item, MicroModule
from lti_tool.experience.engine import NotPossible, State
from lti_tool.experience.models import Item as ItemRow
from lti_tool.experience.models import Reflection, Run, Version
from lti_tool.launch.models import LaunchSession
from lti_tool.vault import BrokenSeal, seal_with, unseal_with

_READING = "reading"
"""What is stored as the state of a micro-module: it has one page only."""


@dataclass(frozen=True, slots=True)
class Player:
    """Who plays what, and in which tab.

    Attributes:
        slug: the item that the link opens.
        session_id: the tab.
        token: the tab's own secret.
        farewell: the sealed way of the run that ended in this tab.
        reports: False for designers, about whom nothing is reported.
    """

    learner_id: int
    link_id: int
    platform_id: int
    slug: str
    session_id: str
    token: str
    farewell: str | None
    reports: bool


@dataclass(frozen=True, slots=True)
class _Stored:
    """A run's row as it was read: what an update must still find."""

    id: int
    version_id: int
    state: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a learner is.

    Attributes:
        item_id: our id of the item.
        version_id: the version that this run plays.
        sha256: its hash.
        item: its document.
        state: None in a micro-module, and after the end.
        ended_at: when the run ended; None while it is under way.
        at: names this very position, so that a stale form is recognised; "" after the end.
        can_start: whether a new run may start.
        reflections: what the learner saved at this item, sealed, by node.
        newest: id and hash of the newest version, which a new run gets.
        stored: the run's row, if there is one.
    """

    item_id: int
    version_id: int
    sha256: str
    item: Item
    state: State | None
    ended_at: datetime | None
    at: str
    can_start: bool
    reflections: Mapping[str, str]
    newest: tuple[int, str]
    stored: _Stored | None


@dataclass(frozen=True, slots=True)
class Farewell:
    """The run that ended in this tab.

    Attributes:
        state: at the ending, with the way that led there.
    """

    version_id: int
    sha256: str
    item: Experience
    state: State


def find(player: Player) -> Position:
    """Return where a learner is: resumed, at the start, or after the end.

    Raises:
        ToolError: `item-unknown` when the platform has no such item, `item-withdrawn` when it
            was withdrawn before this run started, or stopped.
    """
    newest, pinned = aliased(Version), aliased(Version)
    rows = db.session.execute(
        select(
            ItemRow.id,
            ItemRow.withdrawn_at,
            ItemRow.stopped_at,
            newest.id,
            newest.sha256,
            Run.id,
            Run.version_id,
            Run.state,
            Run.ended_at,
            pinned.sha256,
            Reflection.node,
            Reflection.sealed_text,
        )
        .join(newest, newest.item_id == ItemRow.id)
        .outerjoin(
            Run, and_(Run.learner_id == player.learner_id, Run.link_id == player.link_id)
        )
        .outerjoin(pinned, and_(pinned.id == Run.version_id, pinned.item_id == ItemRow.id))
        .outerjoin(
            Reflection,
            and_(Reflection.learner_id == player.learner_id, Reflection.item_id == ItemRow.id),
        )
        .where(
            ItemRow.slug == player.slug,
            newest.number == library.newest_number(),
            library.visible_to(player.platform_id),
        )
    ).all()
    if not rows:
        raise ToolError("item-unknown")
    item_id, withdrawn_at, stopped_at, *new, run_id, version_id, state, ended_at, sha256 = rows[0][
        :10
    ]
    if stopped_at is not None:
        raise ToolError("item-withdrawn")
    stored = _Stored(run_id, version_id, state, ended_at) if run_id is not None else None
    playing = _resume(stored, sha256) if stored is not None and sha256 else None
    if playing is None:
        if withdrawn_at is not None:
            raise ToolError("item-withdrawn")
        item = library.document(*new)
        playing = _Playing(*new, item, _beginning(item), None)
    return Position(
        item_id=item_id,
        version_id=playing.version_id,
        sha256=playing.sha256,
        item=playing.item,
        state=playing.state,
        ended_at=playing.ended_at,
        at=_at(playing),
        can_start=withdrawn_at is None,
        reflections={row[10]: row[11] for row in rows if row[10] is not None},
        newest=(new[0], new[1]),
        stored=stored,
    )


def farewell(player: Player) -> Farewell | None:
    """Return the run that ended in this tab, with its way; nobody else can have it read."""
    if player.farewell is None:
        return None
    try:
        kept = json.loads(unseal_with(player.token, player.farewell))
        item = library.document(kept["version"], kept["sha256"])
        state = engine.load(kept["state"])
    except (BrokenSeal, NotPossible):
        return None
    if not isinstance(item, Experience) or not engine.fits(item, state):
        return None
    return Farewell(kept["version"], kept["sha256"], item, state)


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
            version_id, item = here.newest[0], library.document(*here.newest)
            state = _beginning(item)
            text = _READING if state is None else engine.dump(state)
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


@dataclass(frozen=True, slots=True)
class _Playing:
    """The version that a run plays, and where it is."""

    version_id: int
    sha256: str
    item: Item
    state: State | None
    ended_at: datetime | None


def _resume(stored: _Stored, sha256: str) -> _Playing | None:
    """Return a stored run, or None when its state makes no sense any more."""
    item = library.document(stored.version_id, sha256)
    if stored.state is None:
        return _Playing(stored.version_id, sha256, item, None, stored.ended_at)
    if isinstance(item, MicroModule):
        return _Playing(stored.version_id, sha256, item, None, None)
    try:
        state = engine.load(stored.state)
    except NotPossible:
        return None
    if not engine.fits(item, state):
        return None
    return _Playing(stored.version_id, sha256, item, state, None)


def _beginning(item: Item) -> State | None:
    return engine.start(item) if isinstance(item, Experience) else None


def _at(playing: _Playing) -> str:
    """Name a position: version and state, hashed, as forms carry it."""
    if playing.ended_at is not None:
        return ""
    state = _READING if playing.state is None else engine.dump(playing.state)
    return hashlib.sha256(f"{playing.version_id} {state}".encode()).hexdigest()[:16]


def _is_at(here: Position, at: str) -> bool:
    return here.ended_at is None and compare_digest(here.at.encode(), at.encode())


def _store(
    player: Player, here: Position, version_id: int, state: str | None, now: datetime
) -> bool:
    """Write a run's new state, or its end when there is none; False when another tab was first."""
    values = {
        "version_id": version_id,
        "state": state,
        "touched_at": now,
        "ended_at": now if state is None else None,
    }
    was = here.stored
    if was is None:
        try:
            db.session.execute(
                insert(Run).values(
                    learner_id=player.learner_id, link_id=player.link_id, **values
                )
            )
        except IntegrityError:
            db.session.rollback()
            return False
        return True
    done = db.session.execute(
        update(Run)
        .where(
            Run.id == was.id,
            Run.version_id == was.version_id,
            Run.state.is_not_distinct_from(was.state),
            Run.ended_at.is_not_distinct_from(was.ended_at),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
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
    outbox.record(db.session, learner_id=player.learner_id, link_id=player.link_id, now=now)
