"""Texts that a learner pressed *Bewaar* for: sealed, shown to their writer, erasable."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lti_tool.completion import outbox
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience, Item, Reflect, ReflectBlock
from lti_tool.experience.library.models import Reflection
from lti_tool.experience.play import positions
from lti_tool.experience.play.positions import Player, Position
from lti_tool.vault import BrokenSeal, Vault

LONGEST = 4000
"""Characters of one text."""


def places(item: Item) -> frozenset[str]:
    """Return the names of the places in an item where a text can be saved."""
    if isinstance(item, Experience):
        return frozenset(name for name, node in item.nodes.items() if isinstance(node, Reflect))
    return frozenset(
        place_of(index, block)
        for index, block in enumerate(item.blocks)
        if isinstance(block, ReflectBlock)
    )


def place_of(index: int, block: ReflectBlock) -> str:
    """Return the name of a micro-module's block: its id, or its number from 0."""
    return block.id or f"block-{index}"


def keep(player: Player, vault: Vault, place: str, text: str, now: datetime) -> None:
    """Save a text, over the one that was there. Commits.

    An empty text is not saved. With the completion rule `reflection` the item is completed
    now; what the text says is never read.

    Raises:
        ToolError: `step-impossible` for a place that the item does not have; `too-large`.
    """
    text = text.strip().replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise ToolError("too-large")
    here = positions.find(player)
    if place not in places(here.item):
        raise ToolError("step-impossible")
    if not text:
        return
    values = {"sealed_text": vault.seal(text), "saved_at": now}
    upsert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    db.session.execute(
        upsert(Reflection)
        .values(learner_id=player.learner_id, item_id=here.item_id, node=place, **values)
        .on_conflict_do_update(index_elements=["learner_id", "item_id", "node"], set_=values)
    )
    if player.reports and here.ended_at is None and here.item.completion.rule == "reflection":
        outbox.record(db.session(), learner_id=player.learner_id, link_id=player.link_id, now=now)
    db.session.commit()


def forget(player: Player, place: str) -> None:
    """Erase a saved text. Commits.

    Raises:
        ToolError: `step-impossible` for a place that the item does not have.
    """
    here = positions.find(player)
    if place not in places(here.item):
        raise ToolError("step-impossible")
    db.session.execute(
        delete(Reflection)
        .where(
            Reflection.learner_id == player.learner_id,
            Reflection.item_id == here.item_id,
            Reflection.node == place,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def texts(vault: Vault, here: Position) -> dict[str, str]:
    """Return what the learner saved at this item, by place, to show to its writer."""
    return {
        place: text
        for place, sealed in here.reflections.items()
        if (text := unsealed(vault, sealed)) is not None
    }


def unsealed(vault: Vault, sealed: str) -> str | None:
    """Return a saved text; None when it was sealed under another secret key."""
    try:
        return vault.unseal(sealed)
    except BrokenSeal:
        return None
