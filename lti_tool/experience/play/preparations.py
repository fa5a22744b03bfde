"""Preparations: a page of items, what is done of them, and one completion for all that must be.

What is done stays done: a run that is begun anew, an item that is taken out, a new version of the
preparation, none of them takes it away.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from lti_tool.clock import full_hour
from lti_tool.db import upsert
from lti_tool.experience.document.model import Preparation
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item
from lti_tool.experience.play.kinds import kind_of
from lti_tool.experience.play.models import PartDone, Run
from lti_tool.experience.play.runs import Moved


@dataclass(frozen=True, slots=True)
class Parts:
    """Where a learner is in a preparation.

    Attributes:
        done: slugs of the items that are done.
        begun: slugs of those under way.
    """

    done: frozenset[str]
    begun: frozenset[str]


def note(session: Session, moved: Moved) -> bool:
    """Store that a part was done, with the move that met its rule.

    A part without a completion rule is done when it was played to an end.

    Returns:
        Whether all that must be done of the preparation is done now.
    """
    player, item = moved.player, moved.item
    played = moved.after is not None and kind_of(item).ended(item, moved.after)
    if not (moved.done or (item.completion.rule == "none" and played)):
        return False
    assert player.within is not None  # noqa: S101 - narrows the type
    part = session.scalars(select(Item.id).where(Item.slug == player.slug)).one()
    values = {"learner_id": player.learner_id, "link_id": player.link_id, "item_id": part}
    upsert(session, PartDone, values | {"done_at": full_hour(moved.now)})
    preparation = catalogue.look(session, player.within, player.platform_id)
    return isinstance(preparation, Preparation) and complete(
        preparation, parts(session, player.learner_id, player.link_id).done
    )


def complete(preparation: Preparation, done: Collection[str]) -> bool:
    """Whether all that must be done is done. Pure."""
    return set(preparation.required) <= set(done)


def parts(session: Session, learner_id: int, link_id: int) -> Parts:
    """Return where a learner is, in one statement."""
    rows = session.execute(
        select(Item.slug, PartDone.done_at, Run.ended_at, Run.id)
        .outerjoin(
            PartDone,
            and_(
                PartDone.item_id == Item.id,
                PartDone.learner_id == learner_id,
                PartDone.link_id == link_id,
            ),
        )
        .outerjoin(
            Run,
            and_(Run.item_id == Item.id, Run.learner_id == learner_id, Run.link_id == link_id),
        )
        .where(PartDone.item_id.is_not(None) | Run.id.is_not(None))
    ).all()
    return Parts(
        done=frozenset(slug for slug, done_at, *_ in rows if done_at is not None),
        begun=frozenset(slug for slug, _, ended_at, run in rows if run and ended_at is None),
    )


def holds(
    session: Session,
    preparation: str,
    part: str,
    *,
    platform_id: int,
    learner_id: int,
    link_id: int,
) -> bool:
    """Whether somebody may play an item as a part of a preparation.

    An item that was taken out while somebody was at it can be finished.
    """
    found = catalogue.look(session, preparation, platform_id)
    if not isinstance(found, Preparation):
        return False
    return part in found.items or bool(
        session.scalar(
            select(
                exists().where(
                    Run.learner_id == learner_id,
                    Run.link_id == link_id,
                    Run.item_id == Item.id,
                    Item.slug == part,
                )
            )
        )
    )
