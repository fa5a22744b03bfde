"""The player: one address per step, server-rendered, each move a form.

A move is answered by a redirect to its step, or at once by that step's page: `Visit.at_once`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from lti_tool.clock import local_day
from lti_tool.completion import outbox, status
from lti_tool.completion.status import Status
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document import markdown
from lti_tool.experience.document.model import MicroModule, Preparation
from lti_tool.experience.document.passages import NOTHING, paragraphs, written
from lti_tool.experience.library import catalogue, search
from lti_tool.experience.library.catalogue import NotPlayed
from lti_tool.experience.play import (
    followup,
    pages,
    preparations,
    reading,
    reflections,
    telling,
)
from lti_tool.experience.play.kinds import kind_of
from lti_tool.experience.play.media_views import Media
from lti_tool.experience.play.pages import Address, Around
from lti_tool.experience.play.positions import Player, Position, asks_from
from lti_tool.experience.play.runs import Runs
from lti_tool.launch.session import Visit, Visits, shown_at
from lti_tool.platforms.families import FAMILIES
from lti_tool.vault import Vault
from lti_tool.web import page as render


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, and what they work with.

    Attributes:
        teacher: shows whoever builds the course what an activity is; raises `NotPlayed` for a
            preparation.
    """

    vault: Vault
    media: Media
    runs: Runs
    teacher: Callable[[Visit], ResponseReturnValue]

    def page(self, visit: Visit) -> ResponseReturnValue:
        """Show what the link opens; to a designer, what this activity is.

        A learner who kept a sentence to look back at is asked about that first, once its day is
        there.
        """
        try:
            if visit.designer:
                return self.teacher(visit)
            player = player_of(visit, visit.item or "")
            here = self.runs.find(db.session(), player)
        except NotPlayed as found:
            player = player_of(visit, visit.item or "")
            if not visit.designer and _asks(visit, asks_from(db.session(), visit.learner_id)):
                return visit.onward("learner.look_back")
            return self._prepare(visit, player, found.preparation)
        if _asks(visit, here.asks_from):
            return visit.onward("learner.look_back")
        return _render(_present(here, self._around(visit, player, here)))

    def play(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Show where somebody is, to a designer too."""
        player = player_of(visit, slug)
        try:
            return self._show(visit, player)
        except NotPlayed as found:
            return self._prepare(visit, player, found.preparation)

    def step(
        self, visit: Visit, slug: str, step: int, reaction: int | None = None
    ) -> ResponseReturnValue:
        """Show one step: the present one, or an earlier one to reread.

        An address that leads nowhere any more, because a reaction was taken back or the item was
        begun anew, shows where somebody is.
        """
        player = player_of(visit, slug)
        here = self.runs.find(db.session(), player)
        around = self._around(visit, player, here)
        shown = pages.earlier(here.item, here.place, Address(step, reaction), around)
        return _render(shown or _present(here, around))

    def chair(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Show the own way once more from another's chair, in the tab where the run ended."""
        player = player_of(visit, slug)
        here = self.runs.find(db.session(), player)
        around = self._around(visit, player, here)
        shown = pages.chair(here.item, here.place, around)
        return _render(shown or _present(here, around))

    def react(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Take the chosen reaction."""
        chosen = request.form.get("choice")
        if not chosen:
            return self._show(visit, player_of(visit, slug), nothing_chosen=True)
        return self._move(visit, slug, "react", chosen, request.form.get("sure", ""))

    def proceed(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Go on; from a place to look back, saving the text that stands there."""
        player = player_of(visit, slug)
        if "text" in request.form and "keep" in request.form:
            self._keep(visit, player)
        return self._move(visit, slug, "proceed")

    def another(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Go back to the reactions at this node."""
        return self._move(visit, slug, "retry")

    def finish(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """End a micro-module."""
        return self._move(visit, slug, "finish")

    def declare(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Say to be done, where the item leaves that to the learner."""
        player = player_of(visit, slug)
        self.runs.declare(db.session(), player, visit.now)
        return self._onward(visit, player)

    def replay(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Start again, or from a choice that the ending offers."""
        player = player_of(visit, slug)
        self.runs.replay(db.session(), player, visit.now, request.form.get("node"))
        return self._onward(visit, player)

    def keep(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Save a reflection."""
        player = player_of(visit, slug)
        self._keep(visit, player)
        return self._onward(visit, player, anchor=request.form.get("place", ""))

    def forget(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Erase a reflection."""
        player, place = player_of(visit, slug), request.form.get("place", "")
        here = self.runs.find(db.session(), player)
        reflections.forget(db.session(), player, here, place)
        return self._onward(visit, player, anchor=place)

    def resend_mine(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Try again to tell the LMS about one's own completion."""
        player = player_of(visit, slug)
        outbox.nudge(
            db.session(), learner_id=player.learner_id, link_id=player.link_id, now=visit.now
        )
        return self._onward(visit, player)

    def read(self, visit: Visit, slug: str, module: str) -> ResponseReturnValue:
        """Show a micro-module that feedback leads on to; nothing is kept or reported."""
        item = catalogue.find(db.session(), module, visit.platform.id)
        if not isinstance(item, MicroModule):
            raise ToolError("not-found")
        return render(
            "player/reading.html",
            item=item,
            shelf=self.media.newest_shelf(visit, item),
            back=slug,
            place_of=reading.place_of,
            flags=NOTHING,
            met=set(),
        )

    def follow_up(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Give a look back as a calendar file, with the learner's own sentence; keep nothing."""
        here = self.runs.find(db.session(), player_of(visit, slug))
        if here.ended_at is None:
            raise ToolError("not-found")
        planned = here.kind.follow_up(here.item, here.place)
        sentence = request.form.get("sentence", "").strip()
        if len(sentence) > reflections.LONGEST:
            raise ToolError("too-large")
        try:
            days = followup.days(visit.now, planned.after_days if planned else None)
            day = days.chosen(request.form.get("day", ""))
        except ValueError:
            raise ToolError("step-impossible", "no day to look back on") from None
        text = followup.calendar(
            [sentence, markdown.to_text(planned.prompt) if planned else ""],
            day=day,
            title=here.item.title,
            uid=f"{here.item.id}@{visit.platform.id}.proeftuin",
            now=visit.now,
        )
        response = Response(text, mimetype="text/calendar")
        response.headers["Content-Disposition"] = f'attachment; filename="{here.item.id}.ics"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def _prepare(
        self, visit: Visit, player: Player, preparation: Preparation
    ) -> ResponseReturnValue:
        """Show a preparation: what it consists of, and what is done of it."""
        session = db.session()
        parts = preparations.parts(session, player.learner_id, player.link_id)
        status = self._status(visit, player)
        if (
            player.reports
            and status.completed_at is None
            and preparations.complete(preparation, parts.done)
        ):  # what was left to do has been taken out since
            outbox.record(
                session, learner_id=player.learner_id, link_id=player.link_id, now=visit.now
            )
            session.commit()
            status = self._status(visit, player)
        cards = search.cards(
            session, preparation.items, platform_id=player.platform_id, today=visit.now.date()
        )
        undone = (card.slug for card in cards if card.slug not in parts.done)
        return render(
            "player/preparation.html",
            item=preparation,
            welcome=paragraphs(preparation.text),
            where={"slug": preparation.id},
            cards=cards,
            cover=lambda card: self.media.url(visit, card.version_id, card.cover.name),
            parts=parts,
            next=next(undone, None),
            status=status,
        )

    def _show(
        self, visit: Visit, player: Player, *, nothing_chosen: bool = False
    ) -> ResponseReturnValue:
        """Show the page on which somebody is."""
        here = self.runs.find(db.session(), player)
        around = self._around(visit, player, here)
        return _render(_present(here, around, nothing_chosen=nothing_chosen))

    def _around(self, visit: Visit, player: Player, here: Position) -> Around:
        family = FAMILIES[visit.platform.family]
        return Around(
            kept=reflections.texts(self.vault, here),
            status=status.of_row(here.completion, visit.platform, visit.now),
            shelf=self.media.shelf(visit, here.version_id, here.sha256, here.item),
            titles=partial(_titles, player.platform_id, visit),
            at=here.at,
            order=f"{player.learner_id} {player.link_id}",
            ended_at=here.ended_at,
            can_start=here.can_start,
            grade_by=family.label if family.tick_called_grade else "",
            counting=here.counting if player.reports else None,
            may_tell=player.reports and here.stored is not None and not here.stored.asked,
        )

    def _status(self, visit: Visit, player: Player) -> Status:
        return status.of(
            db.session(),
            platform=visit.platform,
            learner_id=player.learner_id,
            link_id=player.link_id,
            now=visit.now,
        )

    def _move(self, visit: Visit, slug: str, name: str, *chosen: str) -> ResponseReturnValue:
        player, at = player_of(visit, slug), request.form.get("at", "")
        reached = self.runs.move(db.session(), player, at, visit.now, name, *chosen)
        if reached.place is None:
            return self._onward(visit, player)
        db.session.commit()
        step = pages.address_of(reached.place).values()
        if reached.here is None or not visit.at_once:
            return visit.onward("player.step", slug=slug, **step)
        page = _present(reached.here, self._around(visit, player, reached.here))
        return shown_at(_render(page), visit.url("player.step", slug=slug, **step))

    def _keep(self, visit: Visit, player: Player) -> None:
        place, text = request.form.get("place", ""), request.form.get("text", "")
        session = db.session()
        here = self.runs.find(session, player)
        saved = reflections.keep(
            session, self.vault, player, here, place=place, text=text, now=visit.now
        )
        if saved:
            self.runs.reflected(session, player, here, visit.now)

    def _onward(self, visit: Visit, player: Player, anchor: str = "") -> ResponseReturnValue:
        """Store what was done, and go to where somebody is."""
        db.session.commit()
        return visit.onward("player.play", anchor=anchor, slug=player.slug)


def _present(here: Position, around: Around, *, nothing_chosen: bool = False) -> pages.Page:
    if here.place is None:
        return pages.ending(here.item, None, around)
    return pages.page(here.item, here.place, around, nothing_chosen=nothing_chosen)


def _asks(visit: Visit, day: date | None) -> bool:
    """Whether a sentence's day has come."""
    return day is not None and day <= local_day(visit.now)


def _render(page: pages.Page) -> Response:
    return render(page.template, page.status, **page.context)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "prose": markdown.to_html,
    "inline": markdown.to_inline_html,
    "turns": telling.turns,
    "paragraphs": paragraphs,
    "written": written,
    "outline": lambda item: kind_of(item).outline(item),
}
"""What the player's templates turn an author's texts into."""


def _titles(platform_id: int, visit: Visit, slugs: Collection[str]) -> Mapping[str, str]:
    return catalogue.titles(db.session(), slugs, platform_id, visit.now)


def player_of(visit: Visit, slug: str) -> Player:
    """Return who plays what.

    Raises:
        ToolError: `not-found` while deep linking and for an item that the link does not open,
            `item-missing` for a link without an item.
    """
    if visit.link_id is None:
        raise ToolError("not-found")
    if not visit.item:
        raise ToolError("item-missing")
    within = visit.item if slug != visit.item else None
    if within is not None and not preparations.holds(
        db.session(),
        within,
        slug,
        platform_id=visit.platform.id,
        learner_id=visit.learner_id,
        link_id=visit.link_id,
    ):
        raise ToolError("not-found")
    return Player(
        learner_id=visit.learner_id,
        link_id=visit.link_id,
        platform_id=visit.platform.id,
        slug=slug,
        token=visit.token,
        reports=not visit.designer,
        within=within,
    )


def blueprint(visits: Visits, views: Pages) -> Blueprint:
    """Return the routes. Pages take POST too, for browsers that keep no cookies."""
    bp = Blueprint("player", __name__, url_prefix="/l/<session_id>")
    for name, made in FILTERS.items():
        bp.add_app_template_filter(made, name)
    for show, rules in (
        (views.page, ("/",)),
        (views.play, ("/play/<slug>/",)),
        (views.step, ("/play/<slug>/<int:step>", "/play/<slug>/<int:step>/<int:reaction>")),
        (views.chair, ("/play/<slug>/chair",)),
        (views.read, ("/play/<slug>/read/<module>",)),
        (views.follow_up, ("/play/<slug>/followup.ics",)),
    ):
        view = visits.visiting(show)
        for rule in rules:
            bp.add_url_rule(rule, show.__name__, view, methods=["GET", "POST"])
    for act, name in (
        (views.react, "react"),
        (views.proceed, "next"),
        (views.another, "another"),
        (views.finish, "finish"),
        (views.declare, "declare"),
        (views.replay, "replay"),
        (views.keep, "keep"),
        (views.forget, "forget"),
        (views.resend_mine, "resend-mine"),
    ):
        rule = f"/play/<slug>/{name}"
        bp.add_url_rule(rule, act.__name__, visits.visiting(act), methods=["POST"])
    return bp
