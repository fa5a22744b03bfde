"""What a conversation starter keeps about people: whether they are counted, never as what."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.clock import iso_millis
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item
from lti_tool.experience.play.models import COUNTED, StarterMark
from lti_tool.keeping import Kept, Row, moment, school_year_cutoff
from lti_tool.vault import Vault


def _marks(session: Session, _vault: Vault, learner_id: int, _own: bool) -> Iterator[Row]:
    found = session.execute(
        select(
            Item.slug,
            catalogue.newest_title(Item.slug),
            StarterMark.standing,
            StarterMark.marked_at,
        )
        .join(Item, Item.id == StarterMark.item_id)
        .where(StarterMark.learner_id == learner_id)
        .order_by(StarterMark.marked_at, Item.slug)
    )
    for slug, title, standing, marked_at in found:
        yield {
            "item": slug,
            "title": title,
            "counted": standing == COUNTED,
            "noted": iso_millis(marked_at),
        }


def _mark_line(row: Row) -> str:
    when = moment(row["noted"])
    if row["counted"]:
        said = _("you are counted since %(when)s.", when=when)
    else:
        said = _("you are not counted; noted on %(when)s.", when=when)
    return f"{row['title']} · {said}"


MARKS = Kept(
    name="counted",
    table=StarterMark,
    columns={
        "item_id": "for which item",
        "link_id": "in which course",
        "version_id": "which version of it",
        "standing": "whether one is counted, or does not want to be",
        "marked_at": "the hour in which that was noted",
    },
    title=_l("Whether you are counted for a conversation"),
    why=_l(
        "So that you are counted once, or not at all if you wish. It does not say what you chose."
    ),
    how_long=_l("At most three months after the end of the school year."),
    who=_l("Only you."),
    rows=_marks,
    line=_mark_line,
    lapses=lambda now: StarterMark.marked_at < school_year_cutoff(now),
)

KEPT = (MARKS,)
