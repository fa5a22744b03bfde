"""What completions keep about people."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.clock import iso_millis
from lti_tool.completion.models import DELIVERED, Completion
from lti_tool.keeping import UNTIL_ERASED, Kept, Row, moment, school_year_cutoff
from lti_tool.launch.models import ResourceLink
from lti_tool.vault import Vault


def _rows(session: Session, _vault: Vault, learner_id: int, _own: bool) -> Iterator[Row]:
    found = session.execute(
        select(
            ResourceLink.item,
            Completion.completed_at,
            Completion.state,
            Completion.delivered_at,
        )
        .join(ResourceLink, ResourceLink.id == Completion.link_id)
        .where(Completion.learner_id == learner_id)
        .order_by(Completion.completed_at, Completion.id)
    )
    for item, completed_at, state, delivered_at in found:
        told = delivered_at if state == DELIVERED else None
        yield {
            "item": item,
            "completed": iso_millis(completed_at),
            "delivered": None if told is None else iso_millis(told),
        }


def _line(row: Row) -> str:
    done = f"{row.get('title') or row['item'] or '…'} · {moment(row['completed'])}. "
    if row["delivered"]:
        known = moment(row["delivered"])
        return done + str(_("Your learning environment knows since %(when)s.", when=known))
    return done + str(_("Your learning environment does not know yet."))


KEPT = (
    Kept(
        name="completions",
        table=Completion,
        columns={
            "completed_at": "when somebody was done",
            "delivered_at": "when the LMS took it",
            "state": "where it is on its way",
            "due_at": "when it is sent (again)",
            "claim": "who is sending it now",
            "asked_at": "when it was last asked to be sent again",
            "tries": "how often it was sent in vain",
            "problem": "what keeps it from arriving",
            "stamped_at": "the last time stamp that was sent",
            "link_id": "in which course",
            "platform_id": "in which LMS",
        },
        title=_l("That you are done"),
        why=_l("Your learning environment is told, again too if it loses its tick."),
        how_long=UNTIL_ERASED,
        who=_l("You, and your learning environment: only the fact and the moment."),
        rows=_rows,
        line=_line,
        lapses=lambda now: Completion.completed_at < school_year_cutoff(now),
    ),
)
