"""What a group's pages keep about people."""

from collections.abc import Iterator
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item
from lti_tool.group.insights import publishing
from lti_tool.group.insights.publishing import Insight
from lti_tool.keeping import Kept, Row, school_year_cutoff
from lti_tool.vault import Vault


def _insights(session: Session, vault: Vault, learner_id: int, own: bool) -> Iterator[Row]:
    found = session.execute(
        select(
            Item.slug,
            catalogue.newest_title(Item.slug),
            Insight.context_id,
            Insight.month,
            Insight.taken_down,
            Insight.sealed_text,
        )
        .join(Item, Item.id == Insight.item_id)
        .where(Insight.learner_id == learner_id)
        .order_by(Insight.id)
    )
    for slug, title, context_id, month, taken_down, sealed in found:
        row: Row = {
            "item": slug,
            "title": title,
            "course": context_id,
            "month": f"{month:%Y-%m}",
            "taken_down": taken_down,
        }
        if own:
            said = publishing.read(vault, sealed)
            row["text"] = said and said.text
            row["name"] = said and said.name
            row["source"] = said and {"title": said.title, "url": said.url, "why": said.why}
        yield row


def _insight_line(row: Row) -> str:
    year, month = map(int, row["month"].split("-"))
    when = format_date(date(year, month, 1), "MMMM y")
    if row["taken_down"]:
        said = _("taken down by a teacher of the course; only you can read it now.")
    else:
        said = _("published in %(when)s to the people of the course.", when=when)
    more = [row.get("name"), *(row.get("source") or {}).values()]
    return " · ".join([row["title"] or row["item"], said, *(part for part in more if part)])


INSIGHTS = Kept(
    name="insights",
    table=Insight,
    columns={
        "sealed_text": "an insight, a name if its writer gave one, and a source",
        "item_id": "about which item",
        "deployment_id": "in which part of the LMS",
        "context_id": "to the people of which course",
        "month": "the month of publishing",
        "taken_down": "whether a teacher took it down",
    },
    title=_l("Insights that you published"),
    why=_l("Only because you published them: for the people of your course to read."),
    how_long=_l(
        "Until you withdraw it, at once; at most three months after the end of the school year."
    ),
    who=_l(
        "The people of that course, its teacher included, with the name that you typed, if any. "
        "When a teacher took it down, or you withdrew it: nobody but you, or nobody."
    ),
    rows=_insights,
    line=_insight_line,
    lapses=lambda now: Insight.month < school_year_cutoff(now).date(),
    sealed=(Insight.sealed_text,),
)

KEPT = (INSIGHTS,)
