"""The form below an ending with two questions about the content."""

from dataclasses import dataclass

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience
from lti_tool.experience.play.runs import Runs
from lti_tool.experience.play.views import player_of
from lti_tool.group.hearing import answers
from lti_tool.launch.session import Visit, Visits
from lti_tool.vault import Vault


@dataclass(frozen=True, slots=True)
class Hearing:
    """The view, and what it works with."""

    runs: Runs
    vault: Vault

    def tell(self, visit: Visit, slug: str) -> ResponseReturnValue:
        """Take an answer, and go back to the ending."""
        session, player = db.session(), player_of(visit, slug)
        missed = request.form.get("missed", "")
        if len(missed) > answers.LONGEST:
            raise ToolError("too-large")
        here = self.runs.find(session, player)
        # Where the way is known: in the tab in which the run ended.
        if player.reports and here.place is not None and isinstance(here.item, Experience):
            said = request.form.get("recognised", "")
            answers.tell(session, self.vault, here, said, missed)
            session.commit()
            g.told_makers = True
        return visit.onward("player.play", anchor="told-makers", slug=slug)


def blueprint(visits: Visits, views: Hearing) -> Blueprint:
    """Return the route."""
    bp = Blueprint("hearing", __name__, url_prefix="/l/<session_id>")
    bp.add_url_rule("/play/<slug>/tell", "tell", visits.visiting(views.tell), methods=["POST"])
    return bp
