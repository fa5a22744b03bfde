"""Where a learner is: resumed, at the start, or after the end; read in one statement."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from lti_tool.completion import status
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Item
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item as ItemRow
from lti_tool.experience.library.models import Version
from lti_tool.experience.play.engine import NotPossible
from lti_tool.experience.play.kinds import Kind, Place, kind_of
from lti_tool.experience.play.models import Note, Reflection, Run, Starter, StarterMark
from lti_tool.hot import Hot
from lti_tool.launch.models import ResourceLink
from lti_tool.vault import BrokenSeal, Vault, unseal_with

_newest, _pinned = aliased(Version), aliased(Version)

_version = aliased(Version)
_CHOSEN = (
    select(ResourceLink.opens_version)
    .join(_version, _version.number == ResourceLink.opens_version)
    .where(
        ResourceLink.id == bindparam("link"),
        func.coalesce(ResourceLink.opens, ResourceLink.item) == ItemRow.slug,
        _version.item_id == ItemRow.id,
    )
    .correlate(ItemRow)
    .scalar_subquery()
)
"""The version that course designers chose for the link's item, if they did and it is there."""

_ABOUT = status.beside(
    select(
        ItemRow.id,
        ItemRow.withdrawn_at,
        ItemRow.stopped_at,
        _newest.id,
        _newest.sha256,
        Run.id,
        Run.version_id,
        Run.state,
        Run.farewell,
        Run.ended_at,
        Run.asked,
        _pinned.sha256,
        select(func.min(Note.day)).where(Note.learner_id == bindparam("learner")).scalar_subquery(),
        exists()
        .where(
            Starter.link_id == bindparam("link"),
            Starter.item_id == ItemRow.id,
            Starter.words.is_(None),
        )
        .correlate(ItemRow),
        select(StarterMark.standing)
        .where(StarterMark.learner_id == bindparam("learner"), StarterMark.item_id == ItemRow.id)
        .correlate(ItemRow)
        .scalar_subquery(),
        Reflection.node,
        Reflection.sealed_text,
    )
    .select_from(ItemRow)
    .join(ResourceLink, ResourceLink.id == bindparam("link"))
    .join(_newest, _newest.item_id == ItemRow.id)
    .outerjoin(
        Run,
        and_(
            Run.learner_id == bindparam("learner"),
            Run.link_id == bindparam("link"),
            Run.item_id == ItemRow.id,
        ),
    )
    .outerjoin(_pinned, _pinned.id == Run.version_id)
    .outerjoin(
        Reflection,
        and_(Reflection.learner_id == bindparam("learner"), Reflection.item_id == ItemRow.id),
    )
    .where(
        ItemRow.slug == bindparam("slug"),
        _newest.number == func.coalesce(_CHOSEN, catalogue.newest_number()),
        catalogue.visible_to(bindparam("platform")),
    )
)
_POSITION = Hot(_ABOUT)
"""Everything about a position in one statement: one row, or one for each saved reflection."""

IN = "in"
"""Is counted at the end of this run, if nothing changes."""


@dataclass(frozen=True, slots=True)
class Player:
    """Who plays what, and in which tab.

    Attributes:
        slug: the item.
        token: the tab's own secret.
        reports: False for designers, about whom nothing is reported.
        within: the preparation of which the item is a part; None for an item by itself.
    """

    learner_id: int
    link_id: int
    platform_id: int
    slug: str
    token: str
    reports: bool
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A run's row as it was read: what an update must still find."""

    id: int
    version_id: int
    state: str | None
    farewell: str | None
    ended_at: datetime | None
    asked: bool


@dataclass(frozen=True, slots=True)
class Position:
    """Where a learner is.

    Attributes:
        item_id: our id of the item.
        version_id: the version that this run plays.
        sha256: its hash.
        item: its document.
        place: where in it; after the end only in the tab where the run ended, else None.
        ended_at: when the run ended; None while it is under way.
        at: names this very position, so that a stale form is recognised; "" after the end.
        can_start: whether a new run may start.
        reflections: what the learner saved at this item, sealed, by node.
        newest: id and hash of the version which a new run gets: the newest, or the one that was
            chosen for the link.
        stored: the run's row, if there is one.
        asks_from: from when a sentence of the learner wants to be asked about; None for none.
        counting: where the learner stands in the conversation starter of the link: `IN` or a
            value of `StarterMark.standing`; None where none counts.
        completion: the columns of `status.ABOUT`.
    """

    item_id: int
    version_id: int
    sha256: str
    item: Item
    place: Place | None
    ended_at: datetime | None
    at: str
    can_start: bool
    reflections: Mapping[str, str]
    newest: tuple[int, str]
    stored: Stored | None
    asks_from: date | None
    counting: str | None
    completion: tuple[Any, ...]

    @property
    def kind(self) -> Kind:
        """The item's kind."""
        return kind_of(self.item)

    def moved(self, place: Place) -> "Position":
        """Return the position after a move with which nothing but the place has changed.

        It is for showing: `stored` is the row as it was before the move.
        """
        return replace(self, place=place, at=_at(self.version_id, self.kind.dump(place)))


def find(session: Session, vault: Vault, player: Player) -> Position:
    """Return where a learner is: resumed, at the start, or after the end.

    Args:
        session: to read with.
        vault: unseals where the learner is.
        player: who plays what.

    Raises:
        ToolError: `item-unknown` when the platform has no such item, `item-withdrawn` when it
            was withdrawn before this run started, or stopped.
    """
    given = {
        "learner": player.learner_id,
        "link": player.link_id,
        "slug": player.slug,
        "platform": player.platform_id,
    }
    rows = _POSITION.rows(session.connection(), given)
    if not rows:
        raise ToolError("item-unknown")
    row = rows[0]
    item_id, withdrawn_at, stopped_at, new_id, new_sha256 = row[:5]
    run, (sha256, asks_from, counts, standing) = row[5:11], row[11:15]
    if stopped_at is not None:
        raise ToolError("item-withdrawn")
    stored = Stored(*run) if run[0] is not None else None
    playing = None if stored is None else _resume(session, vault, player, stored, sha256)
    if playing is None:
        if withdrawn_at is not None:
            raise ToolError("item-withdrawn")
        item = catalogue.document(session, new_id, new_sha256)
        playing = _Playing(new_id, new_sha256, item, kind_of(item).start(item), None)
    return Position(
        item_id=item_id,
        version_id=playing.version_id,
        sha256=playing.sha256,
        item=playing.item,
        place=playing.place,
        ended_at=playing.ended_at,
        at=_named(playing),
        can_start=withdrawn_at is None,
        reflections={node: text for node, text in (one[15:17] for one in rows) if node is not None},
        newest=(new_id, new_sha256),
        stored=stored,
        asks_from=asks_from,
        counting=(standing or IN) if counts else None,
        completion=row[17:],
    )


def asks_from(session: Session, learner_id: int) -> date | None:
    """Return from when a sentence of the learner wants to be asked about; None for none."""
    return session.scalar(select(func.min(Note.day)).where(Note.learner_id == learner_id))


@dataclass(frozen=True, slots=True)
class _Playing:
    """The version that a run plays, and where it is."""

    version_id: int
    sha256: str
    item: Item
    place: Place | None
    ended_at: datetime | None


def _resume(
    session: Session, vault: Vault, player: Player, stored: Stored, sha256: str
) -> _Playing | None:
    """Return a stored run; None when its state makes no sense any more, so that it begins anew."""
    item = catalogue.document(session, stored.version_id, sha256)
    place = None
    try:
        if stored.state is not None:
            place = kind_of(item).load(item, vault.unseal(stored.state))
        elif stored.farewell is not None:
            place = kind_of(item).load(item, unseal_with(player.token, stored.farewell))
    except (NotPossible, BrokenSeal):
        if stored.ended_at is None:
            return None
    return _Playing(stored.version_id, sha256, item, place, stored.ended_at)


def _named(playing: _Playing) -> str:
    if playing.ended_at is not None or playing.place is None:
        return ""
    return _at(playing.version_id, kind_of(playing.item).dump(playing.place))


def _at(version_id: int, text: str) -> str:
    """Name a position: version and place, hashed, as forms carry it."""
    return hashlib.sha256(f"{version_id} {text}".encode()).hexdigest()[:16]
