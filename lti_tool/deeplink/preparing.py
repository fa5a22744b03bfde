"""Making a preparation for a study day of what was chosen, and changing one that is there.

Everybody who builds the course in which it was made can change it; in another course it can be
placed, or changed as a copy. Nobody is remembered as its maker.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lti_tool.db import db, upsert
from lti_tool.deeplink.selection import Selection
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Preparation
from lti_tool.experience.document.passages import paragraphs
from lti_tool.experience.library import catalogue, publishing, search
from lti_tool.experience.library.models import CourseItem, Item
from lti_tool.launch.session import Visit, Visits
from lti_tool.web import page

MOST_ITEMS = 20
MOST_WELCOME = 4000


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form.

    Attributes:
        of: slug of the preparation that is changed; "" for a new one.
        items: slugs in order.
        optional: those that need not be done.
        day: as it was typed, `YYYY-MM-DD` where the browser helps.
    """

    of: str = ""
    title: str = ""
    day: str = ""
    welcome: str = ""
    items: tuple[str, ...] = ()
    optional: frozenset[str] = field(default_factory=frozenset)


class Preparing:
    """The views."""

    def form(self, visit: Visit) -> ResponseReturnValue:
        """Show the form: for what was chosen, or for the preparation that `of` names."""
        of = request.values.get("of", "")
        if of:
            return _form(visit, _read(of, visit))
        selection = Selection.read(request.values, multiple=True)
        inside: dict[str, None] = {}
        for card in _cards(visit, selection.chosen):
            whole = card.kind == catalogue.PREPARATION
            slugs = _read(card.slug, visit).items if whole else (card.slug,)
            inside |= dict.fromkeys(slugs)
        if not inside:
            raise ToolError("selection-empty")
        return _form(visit, Draft(items=tuple(inside)[:MOST_ITEMS]))

    def save(self, visit: Visit) -> ResponseReturnValue:
        """Publish the preparation; from a button that only moves, show the form again."""
        draft = _draft(request.form)
        if "save" not in request.form:
            return _form(visit, draft)
        session = db.session()
        if draft.of and not _ours(session, visit, draft.of):
            raise ToolError("item-unknown", "a preparation of another course")
        slug = draft.of or f"dag{secrets.token_hex(8)}"
        cards = _cards(visit, draft.items)
        try:
            document = Preparation(
                format="preparation/1",
                id=slug,
                lang=cards[0].lang if cards else visit.locale,
                title=draft.title,
                text=draft.welcome[:MOST_WELCOME],
                date=date.fromisoformat(draft.day) if draft.day else None,
                items=tuple(card.slug for card in cards),
                optional=tuple(one.slug for one in cards if one.slug in draft.optional),
                minutes=min(sum(card.minutes or 0 for card in cards), 240) or None,
            )
        except (ValidationError, ValueError):
            return _form(visit, draft, refused=True)
        publishing.publish(session, document, visit.now, platform_ids=(visit.platform.id,))
        deployment, context = visit.course or (visit.deployment_id, "")
        item = session.scalars(select(Item.id).where(Item.slug == slug)).one()
        values = {"item_id": item, "deployment_id": deployment, "context_id": context}
        upsert(session, CourseItem, values)
        session.commit()
        if visit.link_id is not None:
            return visit.onward("player.page")
        return visit.onward("deeplink.picker", item=slug)


def blueprint(visits: Visits) -> Blueprint:
    """Return the routes, for those who build or teach the course."""
    views = Preparing()
    bp = Blueprint("preparing", __name__, url_prefix="/l/<session_id>/prepare")
    bp.add_url_rule("/", "form", visits.designing(views.form), methods=["GET", "POST"])
    bp.add_url_rule("/save", "save", visits.designing(views.save), methods=["POST"])
    return bp


def _form(visit: Visit, draft: Draft, *, refused: bool = False) -> ResponseReturnValue:
    complaint = ""
    if refused:
        complaint = gettext("That did not work: give the day a title, and a date as 2026-12-31.")
    return page(
        "deeplink/prepare.html",
        422 if refused else 200,
        draft=draft,
        cards=_cards(visit, draft.items),
        complaint=complaint,
        most_welcome=MOST_WELCOME,
    )


def _read(slug: str, visit: Visit) -> Draft:
    """Return a preparation as a draft: of itself in its own course, elsewhere of a copy."""
    session = db.session()
    document = catalogue.look(session, slug, visit.platform.id)
    if not isinstance(document, Preparation):
        raise ToolError("not-found")
    return Draft(
        of=slug if _ours(session, visit, slug) else "",
        title=document.title,
        day=document.date.isoformat() if document.date else "",
        welcome="\n\n".join(one.text for one in paragraphs(document.text)),
        items=document.items,
        optional=frozenset(document.optional),
    )


def _ours(session: Session, visit: Visit, slug: str) -> bool:
    """Whether a preparation was made in this course."""
    if visit.course is None:
        return False
    found: Any = session.scalar(
        select(CourseItem.item_id)
        .join(Item, Item.id == CourseItem.item_id)
        .where(
            Item.slug == slug,
            CourseItem.deployment_id == visit.course[0],
            CourseItem.context_id == visit.course[1],
        )
    )
    return found is not None


def _draft(form: MultiDict[str, str]) -> Draft:
    said = Selection.read(
        MultiDict(
            [
                *(("item", slug) for slug in form.getlist("order")),
                ("move", form.get("move", "")),
                ("drop", form.get("drop", "")),
            ]
        ),
        multiple=True,
    )
    items = said.chosen[:MOST_ITEMS]
    return Draft(
        of=form.get("of", ""),
        title=" ".join(form.get("title", "").split()),
        day=form.get("day", "").strip(),
        welcome=form.get("welcome", "").replace("\r\n", "\n").strip(),
        items=items,
        optional=frozenset(items) - frozenset(form.getlist("required")),
    )


def _cards(visit: Visit, slugs: tuple[str, ...]) -> tuple[search.Card, ...]:
    return search.cards(db.session(), slugs, platform_id=visit.platform.id, today=visit.now.date())
