"""Texts that a learner pressed *Bewaar* for: sealed, shown to their writer, erasable."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.clock import full_hour
from lti_tool.db import upsert
from lti_tool.errors import ToolError
from lti_tool.experience.library.models import Item
from lti_tool.experience.play.models import Reflection
from lti_tool.experience.play.positions import Player, Position
from lti_tool.keeping import unsealed
from lti_tool.vault import Vault

LONGEST = 4000
"""Characters of one text."""


def keep(
    session: Session,
    vault: Vault,
    player: Player,
    here: Position,
    *,
    place: str,
    text: str,
    now: datetime,
) -> bool:
    """Save a text, over the one that was there. The caller commits.

    Args:
        session: to write with.
        vault: seals the text.
        player: who.
        here: where, as `positions.find` gave it.
        place: a place of the item where a text can be saved.
        text: what was written; nothing is saved when it is empty.
        now: the time.

    Returns:
        Whether something was saved.

    Raises:
        ToolError: `step-impossible` for a place that the item does not have; `too-large`.
    """
    text = text.strip().replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise ToolError("too-large")
    _check(here, place)
    if not text:
        return False
    values = {"sealed_text": vault.seal(text), "saved_at": full_hour(now)}
    keys = {"learner_id": player.learner_id, "item_id": here.item_id, "node": place}
    upsert(session, Reflection, keys | values, unique=list(keys), change=values)
    return True


def forget(session: Session, player: Player, here: Position, place: str) -> None:
    """Erase a saved text. The caller commits.

    Raises:
        ToolError: `step-impossible` for a place that the item does not have.
    """
    _check(here, place)
    session.execute(
        delete(Reflection)
        .where(
            Reflection.learner_id == player.learner_id,
            Reflection.item_id == here.item_id,
            Reflection.node == place,
        )
        .execution_options(synchronize_session=False)
    )


def forget_at(session: Session, learner_id: int, slug: str, place: str) -> None:
    """Erase a saved text of a learner by where it stands, if there is one. The caller commits."""
    item_id = select(Item.id).where(Item.slug == slug).scalar_subquery()
    session.execute(
        delete(Reflection)
        .where(
            Reflection.learner_id == learner_id,
            Reflection.item_id == item_id,
            Reflection.node == place,
        )
        .execution_options(synchronize_session=False)
    )


def texts(vault: Vault, here: Position) -> dict[str, str]:
    """Return what the learner saved at this item, by place, to show to its writer."""
    return {
        place: text
        for place, sealed in here.reflections.items()
        if (text := unsealed(vault, sealed)) is not None
    }


def _check(here: Position, place: str) -> None:
    if place not in here.kind.places(here.item):
        raise ToolError("step-impossible")
