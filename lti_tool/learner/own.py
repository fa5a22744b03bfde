"""The learner's own pages: the logbook and its exports, a sentence that returns, where to grow."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from lti_tool.clock import iso_millis, local_day
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.markdown import to_text
from lti_tool.experience.document.model import FollowUp
from lti_tool.experience.library.catalogue import MICROMODULE
from lti_tool.experience.play import followup, reflections
from lti_tool.experience.play.models import HINT, OWN, SENTENCE
from lti_tool.experience.play.views import player_of
from lti_tool.launch.privacy import Privacy
from lti_tool.launch.session import Visit, Visits
from lti_tool.learner import exports, fitting, logbook, notes, pdf, shelf
from lti_tool.learner.exports import Words
from lti_tool.learner.logbook import ACTIVITY, REFLECTION, Entry
from lti_tool.learner.views import back_to, file, own
from lti_tool.web import page


@dataclass(frozen=True, slots=True)
class Own:
    """The views, and what they work with."""

    privacy: Privacy

    def logbook(self, visit: Visit) -> ResponseReturnValue:
        """Show what its owner saved, kept and finished."""
        return page(
            "learner/logbook.html",
            entries=self._entries(visit),
            words=_words(visit),
            longest=reflections.LONGEST,
            pdf=pdf.available(),
            back=back_to(visit),
        )

    def write(self, visit: Visit) -> ResponseReturnValue:
        """Keep own words."""
        self._keep(visit, OWN, request.form.get("text", ""), visit.item)
        return visit.onward("learner.logbook")

    def keep_hint(self, visit: Visit) -> ResponseReturnValue:
        """Keep a growth hint, and go on where one was."""
        slug = _about(visit)
        self._keep(visit, HINT, to_text(request.form.get("text", "")), slug)
        g.hint_kept = True
        step, reaction = (request.form.get(name, "", str) for name in ("step", "reaction"))
        if not (slug and step.isdecimal()):
            return visit.onward("learner.logbook")
        where: dict[str, Any] = {"slug": slug, "step": int(step)}
        if reaction.isdecimal():
            where["reaction"] = int(reaction)
        return visit.onward("player.step", anchor=request.form.get("part", ""), **where)

    def keep_sentence(self, visit: Visit) -> ResponseReturnValue:
        """Keep a sentence that comes back on a day."""
        try:
            day = followup.days(visit.now, None).chosen(request.form.get("day", ""))
        except ValueError:
            raise ToolError("step-impossible", "no day to look back on") from None
        text = request.form.get("sentence", "")
        if not text.strip():
            raise ToolError("sentence-empty")
        notes.keep(
            db.session(),
            self.privacy.vault,
            visit.learner_id,
            kind=SENTENCE,
            text=text,
            slug=_about(visit),
            now=visit.now,
            day=day,
        )
        db.session.commit()
        return visit.onward("learner.logbook")

    def forget(self, visit: Visit) -> ResponseReturnValue:
        """Erase one entry."""
        kind, _colon, name = request.form.get("entry", "").partition(":")
        if kind == "note" and name.isdecimal():
            notes.forget(db.session(), visit.learner_id, int(name))
        elif kind == REFLECTION:
            slug, _colon, place = name.partition(":")
            reflections.forget_at(db.session(), visit.learner_id, slug, place)
        db.session.commit()
        return visit.onward("learner.logbook")

    def export(self, visit: Visit) -> ResponseReturnValue:
        """Hand over what its owner chose, in the form that was asked for."""
        found = logbook.chosen(self._entries(visit), request.form.getlist("entry"))
        if not found:
            raise ToolError("selection-empty")
        form = _FORMS.get(request.form.get("as", ""))
        if form is None:
            raise ToolError("selection-malformed", "no such form")
        return form(found, _words(visit), iso_millis(visit.now))

    def look_back(self, visit: Visit) -> ResponseReturnValue:
        """Ask about a sentence whose day has come."""
        asked = notes.asked(
            db.session(), self.privacy.vault, visit.learner_id, local_day(visit.now)
        )
        if asked is None:
            return visit.onward("learner.logbook")
        return page(
            "learner/return.html",
            asked=asked,
            longest=reflections.LONGEST,
            onward=_onward(visit),
        )

    def answer(self, visit: Visit) -> ResponseReturnValue:
        """Keep what was written in answer, if anything, and ask no more."""
        number = request.form.get("number", "")
        if number.isdecimal():
            notes.ask_no_more(db.session(), visit.learner_id, int(number))
        if "keep" in request.form:
            self._keep(visit, OWN, request.form.get("text", ""), visit.item)
        db.session.commit()
        endpoint, values = _onward(visit)
        return visit.onward(endpoint, **values)

    def grow(self, visit: Visit) -> ResponseReturnValue:
        """Show what fits what somebody wants to grow in; nothing of it is kept."""
        text = request.form.get("text", "").strip()
        if len(text) > reflections.LONGEST:
            raise ToolError("too-large")
        picked = request.form.getlist("theme")
        items = shelf.shown(db.session(), visit.platform.id, visit.link_id)
        found = fitting.fitting(items, text, picked)
        opens = shelf.openable(db.session(), visit.platform.id, visit.item)
        readable = visit.item is not None and visit.deep_linking is None
        return page(
            "learner/grow.html",
            text=text,
            picked=picked,
            themes=fitting.all_themes(items),
            asked=bool(text or picked),
            opens=opens,
            here=[item for item in found if item.here],
            reading=[
                item for item in found if not item.here and readable and item.kind == MICROMODULE
            ],
            elsewhere=[
                item
                for item in found
                if not item.here and not (readable and item.kind == MICROMODULE)
            ],
            longest=reflections.LONGEST,
        )

    def _keep(self, visit: Visit, kind: str, text: str, slug: str | None) -> None:
        notes.keep(
            db.session(),
            self.privacy.vault,
            visit.learner_id,
            kind=kind,
            text=text,
            slug=slug,
            now=visit.now,
        )
        db.session.commit()

    def _entries(self, visit: Visit) -> list[Entry]:
        kept = own(self.privacy, visit)
        slugs = {row["item"] for rows in kept.values() for row in rows if row.get("item")}
        return logbook.entries(kept, shelf.themes(db.session(), slugs))


def _about(visit: Visit) -> str | None:
    """Return the item that a form is about: what the link opens, or a part of it.

    Raises:
        ToolError: `not-found` for another.
    """
    slug = request.form.get("item") or visit.item
    if slug and slug != visit.item:
        player_of(visit, slug)
    return slug


def _onward(visit: Visit) -> tuple[str, dict[str, str]]:
    """Return where one goes on after looking back: past the question, to the activity."""
    if visit.item and visit.link_id is not None:
        return "player.play", {"slug": visit.item}
    return "learner.logbook", {}


def _words(visit: Visit) -> Words:
    return Words(
        title=_("My logbook"),
        heading=_("Made by myself; no certificate, no assessment"),
        kinds={
            REFLECTION: _("Saved reflection"),
            HINT: _("Hint that I kept"),
            SENTENCE: _("My sentence"),
            OWN: _("My own words"),
            ACTIVITY: _("Activity finished"),
        },
        criteria=_(
            "I chose these activities and texts from my own logbook in Proeftuin. "
            "Nobody assessed or verified them, and this file is not signed."
        ),
        me=_("Myself (self-asserted, not verified)"),
        lang=visit.locale,
    )


def _html(found: list[Entry], words: Words, made: str) -> str:
    return render_template("learner/logbook_file.html", entries=found, words=words, made=made)


def _badge(found: list[Entry], words: Words, made: str) -> str:
    ids = [f"urn:uuid:{uuid.uuid4()}" for _number in range(3)]
    badge = exports.as_badge(found, words, made, ids)
    return json.dumps(badge, indent=2, ensure_ascii=False) + "\n"


_FORMS: dict[str, Callable[[list[Entry], Words, str], Response]] = {
    "html": lambda *what: file(_html(*what), "text/html", "logboek.html"),
    "pdf": lambda *what: file(pdf.write(_html(*what)), "application/pdf", "logboek.pdf"),
    "markdown": lambda *what: file(exports.as_markdown(*what), "text/markdown", "logboek.md"),
    "json": lambda *what: file(exports.as_json(*what), "application/json", "logboek.json"),
    "badge": lambda *what: file(_badge(*what), "application/ld+json", "logboek.badge.json"),
}
"""What a logbook is handed over as."""


def day(iso: str) -> str:
    """Write a day in the reader's words."""
    return str(format_date(date.fromisoformat(iso), "d MMMM y"))


def look_back_on(planned: FollowUp | None) -> followup.Days:
    """Return the days on which one can look back; for templates."""
    return followup.days(g.now, planned.after_days if planned else None)


def add_to(bp: Blueprint, visits: Visits, views: Own) -> None:
    """Add the routes to the learner's."""
    bp.add_app_template_global(look_back_on)
    bp.add_app_template_filter(day)
    for view, rule in (
        (views.logbook, "/logbook"),
        (views.look_back, "/return"),
        (views.grow, "/grow"),
    ):
        bp.add_url_rule(rule, view.__name__, visits.visiting(view), methods=["GET", "POST"])
    for act, rule in (
        (views.write, "/write"),
        (views.keep_hint, "/hint"),
        (views.keep_sentence, "/sentence"),
        (views.forget, "/forget"),
        (views.export, "/export"),
        (views.answer, "/answer"),
    ):
        bp.add_url_rule(rule, act.__name__, visits.visiting(act), methods=["POST"])
