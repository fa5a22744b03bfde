"""The learner's own page: what is kept, why, how long and who sees it; download and erase."""

import json
from datetime import datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime

from lti_tool.db import db
from lti_tool.launch.session import Visit, visiting
from lti_tool.learner import privacy
from lti_tool.services import services
from lti_tool.web import page

bp = Blueprint("learner", __name__, url_prefix="/l/<session_id>/mine")


@bp.app_template_filter()
def moment(iso: str) -> str:
    """Write a moment of the export in the reader's words."""
    return str(format_datetime(datetime.fromisoformat(iso), "d MMMM y, HH:mm"))


@bp.route("/", methods=["GET", "POST"])
@visiting
def mine(visit: Visit) -> ResponseReturnValue:
    """Show what is kept about the person who looks."""
    return page("learner/mine.html", kept=_export(visit), back=_back(visit))


@bp.route("/download", methods=["GET", "POST"])
@visiting
def download(visit: Visit) -> ResponseReturnValue:
    """Hand over everything that is kept, as JSON."""
    text = json.dumps(_export(visit), indent=2, ensure_ascii=False)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="proeftuin.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/confirm", methods=["GET", "POST"])
@visiting
def confirm(visit: Visit) -> ResponseReturnValue:
    """Say what erasing means, before it happens."""
    return page("learner/confirm.html", kept=_export(visit))


@bp.post("/erase")
@visiting
def erase(visit: Visit) -> ResponseReturnValue:
    """Erase everything but the session that shows this page."""
    privacy.erase(db.session(), visit.learner_id, keep_session=visit.session_id)
    db.session.commit()
    return visit.onward("learner.erased")


@bp.route("/erased", methods=["GET", "POST"])
@visiting
def erased(visit: Visit) -> ResponseReturnValue:
    """Confirm that it happened."""
    return page("learner/erased.html", back=_back(visit))


def _export(visit: Visit) -> dict[str, list[dict[str, object]]]:
    return privacy.export(db.session(), services().vault, visit.learner_id, own=True)


def _back(visit: Visit) -> str:
    """Return the page that a visitor came from."""
    if visit.deep_linking is not None:
        return "deeplink.picker"
    return "player.play" if visit.designer else "player.page"
