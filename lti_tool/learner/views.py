"""The learner's own page: what is kept, why, how long and who sees it; download and erase."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime

from lti_tool.db import db, truncate_log
from lti_tool.experience.library import catalogue
from lti_tool.launch.privacy import Privacy
from lti_tool.launch.session import Visit, Visits, cookie_name, set_cookie
from lti_tool.web import page


def moment(iso: str) -> str:
    """Write a moment of the export in the reader's words."""
    return str(format_datetime(datetime.fromisoformat(iso), "d MMMM y, HH:mm"))


@dataclass(frozen=True, slots=True)
class Mine:
    """The views, and what they work with."""

    privacy: Privacy

    def mine(self, visit: Visit) -> ResponseReturnValue:
        """Show what is kept about the person who looks."""
        return page(
            "learner/mine.html",
            kept=self._export(visit),
            declared=self.privacy.kept,
            titles=catalogue.newest_titles(db.session()),
            back=_back(visit),
        )

    def download(self, visit: Visit) -> ResponseReturnValue:
        """Hand over everything that is kept, as JSON."""
        text = json.dumps(self._export(visit), indent=2, ensure_ascii=False)
        response = Response(text + "\n", mimetype="application/json")
        response.headers["Content-Disposition"] = 'attachment; filename="proeftuin.json"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def confirm(self, visit: Visit) -> ResponseReturnValue:
        """Say what erasing means, before it happens."""
        return page("learner/confirm.html", kept=self._export(visit))

    def erase(self, visit: Visit) -> ResponseReturnValue:
        """Erase everything, this session too, and confirm that it happened."""
        self.privacy.erase(db.session(), visit.learner_id)
        db.session.commit()
        truncate_log(db.engine)
        g.visit = None
        response = page("learner/erased.html", return_url=visit.return_url)
        set_cookie(response, cookie_name(visit.session_id), "", 0)
        return response

    def _export(self, visit: Visit) -> dict[str, list[dict[str, object]]]:
        return self.privacy.export(db.session(), visit.learner_id, own=True)


def blueprint(visits: Visits, mine: Mine) -> Blueprint:
    """Return the routes."""
    bp = Blueprint("learner", __name__, url_prefix="/l/<session_id>/mine")
    bp.add_app_template_filter(moment)
    both = ["GET", "POST"]
    bp.add_url_rule("/", "mine", visits.visiting(mine.mine), methods=both)
    bp.add_url_rule("/download", "download", visits.visiting(mine.download), methods=both)
    bp.add_url_rule("/confirm", "confirm", visits.visiting(mine.confirm), methods=both)
    bp.add_url_rule("/erase", "erase", visits.visiting(mine.erase), methods=["POST"])
    return bp


def _back(visit: Visit) -> str:
    """Return the page that a visitor came from."""
    if visit.deep_linking is not None:
        return "deeplink.picker"
    return "player.page"
