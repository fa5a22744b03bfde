"""Playing an item as a participant before it is placed, or from a teacher's page: a trial.

The player's own pages, inside the session of whoever builds the course: nothing is stored, nothing
is sent, and what was looked for and ticked in the picker comes along in the addresses.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from lti_tool.db import db
from lti_tool.deeplink.selection import Selection
from lti_tool.errors import ToolError
from lti_tool.experience.library import catalogue
from lti_tool.experience.play.media_views import Media
from lti_tool.experience.play.trial import Subject, Trial
from lti_tool.experience.play.trial import blueprint as trial_blueprint
from lti_tool.launch.session import Visit, Visits

NAME = "look"


@dataclass(frozen=True, slots=True)
class Look:
    """What trials work with."""

    visits: Visits
    media: Media

    def enter(self, slug: str, session_id: str, **_carried: Any) -> Subject:
        """Return the newest version of an item, to try in this session."""
        visit: Visit = g.looking
        item = catalogue.find(db.session(), slug, visit.platform.id)
        way_out: str = visit.url("player.page")
        values: dict[str, Any] = {}
        if request.args.get("back") == "preview":
            values = Selection.read(request.args, multiple=True).query()
            way_out = visit.url("deeplink.preview", slug=slug, **values)
            values["back"] = "preview"

        def titles(slugs: Collection[str]) -> Mapping[str, str]:
            return catalogue.titles(db.session(), slugs, visit.platform.id, visit.now)

        return Subject(
            host=visit,
            item=item,
            shelf=self.media.newest_shelf(visit, item),
            titles=titles,
            values={"session_id": session_id, **values},
            texts={},
            way_out=way_out,
        )

    def guard(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Let in those who build or teach the course."""

        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            g.looking = self.visits.open(values["session_id"])
            if not g.looking.designer:
                raise ToolError("role-missing")
            answer: ResponseReturnValue = view(**values)
            return answer

        return guarded


def blueprint(look: Look) -> Blueprint:
    """Return the routes."""
    return trial_blueprint(Trial(NAME, look.enter), f"/l/<session_id>/{NAME}", look.guard)
