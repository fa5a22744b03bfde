"""The learner's own page: what is kept, why, how long and who sees it; download and erase."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from lti_tool.clock import iso_millis
from lti_tool.db import db, truncate_log
from lti_tool.experience.library import catalogue
from lti_tool.keeping import Row, moment
from lti_tool.launch.kept import SESSIONS
from lti_tool.launch.privacy import Privacy
from lti_tool.launch.session import Visit, Visits, cookie_name, set_cookie
from lti_tool.web import page


@dataclass(frozen=True, slots=True)
class Mine:
    """The views, and what they work with."""

    privacy: Privacy

    def mine(self, visit: Visit) -> ResponseReturnValue:
        """Show what is kept about the person who looks."""
        kept = self._export(visit)
        return page(
            "learner/mine.html",
            kept=kept,
            nothing=not any(kept[one.name] for one in self.privacy.kept if one.name != SESSIONS),
            declared=self.privacy.kept,
            back=back_to(visit),
        )

    def download(self, visit: Visit) -> ResponseReturnValue:
        """Hand over everything that is kept, as JSON."""
        text = json.dumps(self._export(visit), indent=2, ensure_ascii=False)
        return file(text + "\n", "application/json", "proeftuin.json")

    def download_page(self, visit: Visit) -> ResponseReturnValue:
        """Hand over everything that is kept, as a page to read."""
        kept = self._export(visit)
        text = render_template(
            "learner/kept_file.html",
            when=iso_millis(visit.now),
            who=kept["person"][0],
            kept=kept,
            declared=self.privacy.kept,
        )
        return file(text, "text/html", "proeftuin.html")

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

    def _export(self, visit: Visit) -> dict[str, list[Row]]:
        return own(self.privacy, visit)


def own(privacy: Privacy, visit: Visit) -> dict[str, list[Row]]:
    """Return everything that is kept about a visitor, with the titles of items."""
    session = db.session()
    kept = privacy.export(session, visit.learner_id, own=True)
    about = [row for rows in kept.values() for row in rows if "item" in row]
    titles = catalogue.newest_titles(session, {row["item"] for row in about})
    for row in about:
        row["title"] = row.get("title") or titles.get(row["item"])
    return kept


def file(body: str | bytes, mimetype: str, name: str) -> Response:
    """Return something that belongs to a person as a file to save, which no cache keeps."""
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def back_to(visit: Visit) -> str:
    """Return the page that a visitor came from."""
    if visit.deep_linking is not None:
        return "deeplink.picker"
    return "player.page"


def blueprint(visits: Visits, mine: Mine) -> Blueprint:
    """Return the routes."""
    bp = Blueprint("learner", __name__, url_prefix="/l/<session_id>/mine")
    bp.add_app_template_filter(moment)
    for view, rule in (
        (mine.mine, "/"),
        (mine.download, "/download"),
        (mine.download_page, "/download.html"),
        (mine.confirm, "/confirm"),
    ):
        bp.add_url_rule(rule, view.__name__, visits.visiting(view), methods=["GET", "POST"])
    bp.add_url_rule("/erase", "erase", visits.visiting(mine.erase), methods=["POST"])
    return bp
