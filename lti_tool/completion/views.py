"""The teacher's button: report the completions of this activity again."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.completion import outbox
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.launch.session import Visit, Visits
from lti_tool.web import page


def blueprint(visits: Visits) -> Blueprint:
    """Return the route, for those who build or teach the course."""
    bp = Blueprint("completion", __name__, url_prefix="/l/<session_id>/completion")
    bp.add_url_rule("/again", "again", visits.designing(again), methods=["POST"])
    return bp


def again(visit: Visit) -> ResponseReturnValue:
    """Send all completions of the link again, and say how many; never whose.

    For an LMS that lost its ticks. What it still shows stays as it is.
    """
    if visit.link_id is None:
        raise ToolError("not-found")
    count = outbox.resend(db.session(), link_id=visit.link_id, once=True, now=visit.now)
    db.session.commit()
    return page("completion/again.html", count=count)
