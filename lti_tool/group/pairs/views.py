"""The pages on which two colleagues lay their ways beside each other, at the ending.

Only in the tab in which a run ended is its way still there, so that each page brings its own.
Pages ask again every few seconds; without JavaScript a button does.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from sqlalchemy.exc import IntegrityError

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience
from lti_tool.experience.play.engine import State
from lti_tool.experience.play.positions import Position
from lti_tool.experience.play.runs import Runs
from lti_tool.experience.play.views import player_of
from lti_tool.group.pairs import meeting
from lti_tool.group.pairs.differing import Differing, shown, way
from lti_tool.group.pairs.meeting import LAID, Party
from lti_tool.launch.session import Visit, Visits
from lti_tool.limits import Limits
from lti_tool.vault import Vault
from lti_tool.web import page

START, ENDED = "start", "ended"


@dataclass(frozen=True, slots=True)
class Ended:
    """Somebody at an ending, with the way that led there in hand."""

    item: Experience
    state: State
    party: Party


@dataclass(frozen=True, slots=True)
class Pairs:
    """The views, and what they work with."""

    runs: Runs
    vault: Vault
    limits: Limits

    def page(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Show where the two are."""
        here = self._here(visit, slug)
        return self._show(visit, slug, here)

    def begin(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Give a code; it stands on this page and nowhere else."""
        here = self._here(visit, slug)
        if here is None:
            return self._show(visit, slug, None)
        try:
            code = meeting.begin(db.session(), self.vault, here.party, visit.now)
            db.session.commit()
        except IntegrityError:  # two clicks at once: the last page that comes has a code
            db.session.rollback()
            return visit.onward("pairs.page", slug=slug)
        return self._show(visit, slug, here, code)

    def join(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Use a colleague's code.

        Raises:
            ToolError: `too-many` for who tries many.
        """
        here = self._here(visit, slug)
        if here is None:
            return self._show(visit, slug, None)
        code = request.form.get("code", "")
        met = meeting.find(db.session(), here.party, visit.now)
        if met is not None and met.opened and meeting.is_of(self.vault, met, code):
            return self._show(visit, slug, here, code, wrong="own")
        self.limits.admit_guess(visit.learner_id)
        try:
            joined = meeting.join(db.session(), self.vault, here.party, code, visit.now)
            db.session.commit()
        except IntegrityError:  # two clicks at once
            db.session.rollback()
            joined = False
        if not joined:
            return self._show(visit, slug, here, request.form.get("mine", ""), wrong="unknown")
        return visit.onward("pairs.page", slug=slug)

    def agree(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Say yes."""
        here = self._here(visit, slug)
        if here is not None:
            meeting.agree(db.session(), here.party, visit.now)
            db.session.commit()
        return self._show(visit, slug, here)

    def leave(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """End it for both; from a page that is being closed nobody reads the answer."""
        player_of(visit, slug)
        meeting.leave(db.session(), visit.learner_id)
        db.session.commit()
        if "gone" in request.form:
            return Response(status=204)
        return visit.onward("player.play", slug=slug)

    def _here(self, visit: Visit, slug: str) -> Ended | None:
        """Return who is here, with their way; None where it is not known any more.

        Raises:
            ToolError: `role-missing` for who teaches the course: this is between colleagues.
        """
        if visit.designer:
            raise ToolError("role-missing")
        player = player_of(visit, slug)
        here: Position = self.runs.find(db.session(), player)
        if here.ended_at is None or not isinstance(here.place, State):
            return None
        if not isinstance(here.item, Experience):
            return None
        return Ended(
            here.item,
            here.place,
            Party(player.learner_id, player.platform_id, here.version_id),
        )

    def _show(
        self, visit: Visit, slug: str, here: Ended | None, code: str = "", *, wrong: str = ""
    ) -> ResponseReturnValue:
        """Show where somebody is with a colleague, or that it is over.

        Args:
            visit: the session.
            slug: the item.
            here: who; None for who has no way in hand, which ends it.
            code: the code that this page shows.
            wrong: what is the matter with a code that was typed: `unknown`, `own`; "" for nothing.
        """
        if here is None:
            meeting.leave(db.session(), visit.learner_id)
            db.session.commit()
            return visit.onward("player.play", slug=slug)
        met = meeting.find(db.session(), here.party, visit.now)
        found: list[Differing] | None = None
        stage = ENDED if "was" in request.form else START
        code = code or request.form.get("mine", "")
        if met is not None:
            stage = met.stage
            found = meeting.lay(db.session(), self.vault, met, way(here.state))
        db.session.commit()
        known = met is not None and meeting.is_of(self.vault, met, code)
        return page(
            "group/pair.html",
            404 if wrong == "unknown" else 409 if wrong else 200,
            item=here.item,
            where={"slug": slug},
            status=None,
            stage=stage if found is None else LAID,
            code=meeting.plain(code) if known else "",
            wrong=wrong,
            until="" if met is None else format_time(met.pair.until, "HH:mm"),
            differences=() if found is None else shown(here.item, found),
        )


def blueprint(visits: Visits, views: Pairs) -> Blueprint:
    """Return the routes. The page takes POST too: it says what was shown before."""
    bp = Blueprint("pairs", __name__, url_prefix="/l/<session_id>/pair")
    bp.add_url_rule("/<slug>/", "page", visits.visiting(views.page), methods=["GET", "POST"])
    for act in (views.begin, views.join, views.agree, views.leave):
        name = act.__name__
        bp.add_url_rule(f"/<slug>/{name}", name, visits.visiting(act), methods=["POST"])
    return bp
