"""The pages of insights: writing one, looking at it before it is public, and the course's wall."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.play.runs import Runs
from lti_tool.experience.play.views import player_of
from lti_tool.group.insights import publishing
from lti_tool.group.insights.publishing import LONGEST, Course, Said
from lti_tool.launch.session import Visit, Visits
from lti_tool.limits import Limits
from lti_tool.vault import Vault
from lti_tool.web import page


@dataclass(frozen=True, slots=True)
class Wall:
    """The views, and what they work with."""

    vault: Vault
    runs: Runs
    limits: Limits

    def wall(self, visit: Visit) -> ResponseReturnValue:
        """Show what the people of this course published."""
        asked = request.args.get("page", "0")
        number = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
        shown, older = publishing.wall(
            db.session(), self.vault, visit.learner_id, _course(visit), number
        )
        return page("group/wall.html", shown=shown, number=number, older=older)

    def write(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Show where an insight about an item is written, or that there is one already."""
        item = self._ended(visit, slug)
        there = publishing.is_there(db.session(), visit.learner_id, _course(visit), slug)
        return page("group/write.html", **_form(item, Said.of(request.form)) | {"there": there})

    def preview(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Show exactly what others will see; nothing is published or kept."""
        item, said = self._ended(visit, slug), Said.of(request.form)
        if publishing.troubles(said):
            return _again(item, said)
        return page("group/preview.html", item=item, said=said, parts=LONGEST)

    def publish(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Publish it to the people of this course."""
        item, said = self._ended(visit, slug), Said.of(request.form)
        if publishing.troubles(said):
            return _again(item, said)
        self.limits.admit_insight(visit.learner_id)
        publishing.publish(
            db.session(),
            self.vault,
            visit.learner_id,
            _course(visit),
            slug=slug,
            said=said,
            now=visit.now,
        )
        db.session.commit()
        return visit.onward("insights.wall")

    def withdraw(self, visit: Visit) -> ResponseReturnValue:
        """Erase one's own, at once."""
        _course(visit)
        publishing.withdraw(db.session(), visit.learner_id, _number())
        db.session.commit()
        return visit.onward("insights.wall")

    def take_down(self, visit: Visit) -> ResponseReturnValue:
        """Hide one from all but its writer."""
        if not publishing.take_down(db.session(), _course(visit), _number()):
            raise ToolError("insight-gone")
        db.session.commit()
        return visit.onward("insights.wall")

    def _ended(self, visit: Visit, slug: str) -> Any:
        """Return the item, of which the visitor has come to the end as a participant.

        Raises:
            ToolError: `role-missing` for those who build the course, who only try items;
                `step-impossible` before the end; as `player_of` and `Runs.find`.
        """
        _course(visit)
        if visit.designer:
            raise ToolError("role-missing")
        here = self.runs.find(db.session(), player_of(visit, slug))
        if here.ended_at is None:
            raise ToolError("step-impossible", "an insight before the end")
        return here.item


def _course(visit: Visit) -> Course:
    """Return whose wall it is. Raises `ToolError` `not-found` where a link is in no course."""
    if visit.course is None or visit.link_id is None:
        raise ToolError("not-found")
    return visit.course


def _number() -> int:
    text = request.form.get("insight", "")
    if not (text.isdecimal() and len(text) < 16):
        raise ToolError("insight-gone")
    return int(text)


def _form(item: Any, said: Said, troubles: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "item": item,
        "said": said,
        "longest": LONGEST,
        "troubles": troubles or {},
        "there": False,
    }


def _again(item: Any, said: Said) -> Response:
    """Show the form once more, with what was typed and what to change about it."""
    found = {part: _trouble(part, said) for part in publishing.troubles(said)}
    response = page("group/write.html", 422, **_form(item, said, found))
    response.headers["X-Proeftuin-Error"] = "insight-malformed"
    return response


def _trouble(part: str, said: Said) -> str:
    if part == "empty":
        return str(_("There is no insight yet. Write one first."))
    most = LONGEST[part]
    if part == "url" and len(said.url) <= most:
        return str(
            _(
                "This address cannot be shown. Copy it from your browser: it has to begin with https://."
            )
        )
    return str(_("This is too long. Keep it to at most %(most)s characters.", most=most))


def taken_down_here() -> bool:
    """Return whether something of the visitor was taken down in this course; for templates."""
    visit = g.visit
    if visit.course is None or visit.link_id is None:
        return False
    return publishing.was_taken_down(db.session(), visit.learner_id, visit.course)


def blueprint(visits: Visits, views: Wall) -> Blueprint:
    """Return the routes. Pages take POST too, for browsers that keep no cookies."""
    bp = Blueprint("insights", __name__, url_prefix="/l/<session_id>/wall")
    bp.add_app_template_global(taken_down_here)
    for show, rule in ((views.wall, "/"), (views.write, "/<slug>/")):
        bp.add_url_rule(rule, show.__name__, visits.visiting(show), methods=["GET", "POST"])
    for act, rule in (
        (views.preview, "/<slug>/preview"),
        (views.publish, "/<slug>/publish"),
        (views.withdraw, "/withdraw"),
    ):
        bp.add_url_rule(rule, act.__name__, visits.visiting(act), methods=["POST"])
    bp.add_url_rule("/take-down", "take_down", visits.designing(views.take_down), methods=["POST"])
    return bp
