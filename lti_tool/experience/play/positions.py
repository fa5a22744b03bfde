"""Where a learner is: resumed, at the start, or after the end; read in one statement."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience, Item, MicroModule
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.library.models import Reflection, Run, Version
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import NotPossible, State
from lti_tool.vault import BrokenSeal, unseal_with

READING = "reading"
"""What is stored as the state of a micro-module: it has one page only."""


_newest, _pinned = aliased(Version), aliased(Version)

_POSITION = (
    select(
        ItemRow.id,
        ItemRow.withdrawn_at,
        ItemRow.stopped_at,
        _newest.id,
        _newest.sha256,
        Run.id,
        Run.version_id,
        Run.state,
        Run.ended_at,
        _pinned.sha256,
        Reflection.node,
        Reflection.sealed_text,
    )
    .join(_newest, _newest.item_id == ItemRow.id)
    .outerjoin(Run, and_(Run.learner_id == bindparam("learner"), Run.link_id == bindparam("link")))
    .outerjoin(_pinned, and_(_pinned.id == Run.version_id, _pinned.item_id == ItemRow.id))
    .outerjoin(
        Reflection,
        and_(Reflection.learner_id == bindparam("learner"), Reflection.item_id == ItemRow.id),
    )
    .where(
        ItemRow.slug == bindparam("slug"),
        _newest.number == catalogue.newest_number(),
        catalogue.visible_to(bindparam("platform")),
    )
)
"""Everything about a position in one statement: one row, or one for each saved reflection."""


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
class Stored:
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
    stored: Stored | None


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
    rows = db.session.execute(
        _POSITION,
        {
            "learner": player.learner_id,
            "link": player.link_id,
            "slug": player.slug,
            "platform": player.platform_id,
        },
    ).all()
    if not rows:
        raise ToolError("item-unknown")
    item_id, withdrawn_at, stopped_at, new_id, new_sha256, *run, sha256, _, _ = rows[0]
    if stopped_at is not None:
        raise ToolError("item-withdrawn")
    stored = Stored(*run) if run[0] is not None else None
    playing = _resume(stored, sha256) if stored is not None and sha256 else None
    if playing is None:
        if withdrawn_at is not None:
            raise ToolError("item-withdrawn")
        item = catalogue.document(new_id, new_sha256)
        playing = _Playing(new_id, new_sha256, item, beginning(item), None)
    return Position(
        item_id=item_id,
        version_id=playing.version_id,
        sha256=playing.sha256,
        item=playing.item,
        state=playing.state,
        ended_at=playing.ended_at,
        at=_at(playing),
        can_start=withdrawn_at is None,
        reflections={place: text for *_, place, text in rows if place is not None},
        newest=(new_id, new_sha256),
        stored=stored,
    )


def farewell(player: Player) -> Farewell | None:
    """Return the run that ended in this tab, with its way; nobody else can have it read."""
    if player.farewell is None:
        return None
    try:
        kept = json.loads(unseal_with(player.token, player.farewell))
        item = catalogue.document(kept["version"], kept["sha256"])
        state = engine.load(kept["state"])
    except (BrokenSeal, NotPossible):
        return None
    if not isinstance(item, Experience) or not engine.fits(item, state):
        return None
    return Farewell(kept["version"], kept["sha256"], item, state)


@dataclass(frozen=True, slots=True)
class _Playing:
    """The version that a run plays, and where it is."""

    version_id: int
    sha256: str
    item: Item
    state: State | None
    ended_at: datetime | None


def _resume(stored: Stored, sha256: str) -> _Playing | None:
    """Return a stored run, or None when its state makes no sense any more."""
    item = catalogue.document(stored.version_id, sha256)
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


def beginning(item: Item) -> State | None:
    """Return the state in which a run begins; a micro-module has none."""
    return engine.start(item) if isinstance(item, Experience) else None


def _at(playing: _Playing) -> str:
    """Name a position: version and state, hashed, as forms carry it."""
    if playing.ended_at is not None:
        return ""
    state = READING if playing.state is None else engine.dump(playing.state)
    return hashlib.sha256(f"{playing.version_id} {state}".encode()).hexdigest()[:16]
