"""What laying two ways beside each other keeps about people: a row, for minutes."""

import json
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.clock import iso_millis
from lti_tool.experience.library.models import Item, Version
from lti_tool.group.pairs.models import Pair
from lti_tool.keeping import Kept, Row, moment, unsealed
from lti_tool.vault import Vault


def _rows(session: Session, vault: Vault, learner_id: int, own: bool) -> Iterator[Row]:
    found = session.execute(
        select(Item.slug, Version.title, Pair)
        .join(Version, Version.id == Pair.version_id)
        .join(Item, Item.id == Version.item_id)
        .where(or_(Pair.learner_id == learner_id, Pair.other_id == learner_id))
    )
    for slug, title, pair in found:
        opened = pair.learner_id == learner_id
        row: Row = {
            "item": slug,
            "title": title,
            "agreed": pair.agreed if opened else pair.other_agreed,
            "until": iso_millis(pair.until),
        }
        if own:
            row["reactions"] = _own(unsealed(vault, pair.laid), "one" if opened else "other")
        yield row


def _own(text: str | None, side: str) -> dict[str, str]:
    """Return one's own reactions, by place, as far as they are there now."""
    held = json.loads(text) if text else {}
    if "differing" in held:
        mine = 1 if held["of"] == side else 2
        return {row[0]: row[mine] for row in held["differing"]}
    return dict(held["way"]) if held.get("of") == side else {}


def _line(row: Row) -> str:
    said = _("until %(when)s, or until one of the two pages is left.", when=moment(row["until"]))
    return f"{row['title']} · {said}"


PAIRS = Kept(
    name="pairs",
    table=Pair,
    columns={
        "other_id": "with whom, by our own number",
        "version_id": "which version of which item both played",
        "code_hash": "a hash of the code, until it was used",
        "agreed": "whether the one who asked for the code agreed",
        "other_agreed": "whether the one who typed it agreed",
        "laid": "after both agreed: where the two chose differently",
        "until": "when it ends by itself",
    },
    title=_l("Laying your way beside a colleague's"),
    why=_l("Only because both of you asked for it: to show where you chose differently."),
    how_long=_l("Until one of you leaves the page, ten minutes at most after your last step."),
    who=_l("You and the colleague who agreed. It is kept encrypted."),
    rows=_rows,
    line=_line,
    lapses=lambda now: Pair.until <= now,
    sealed=(Pair.laid,),
)

KEPT = (PAIRS,)
