"""Playing together: a trial in large type, for a group that looks at one screen.

As every trial it keeps the place in the address: nothing is stored, and nothing is sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.errors import ToolError
from lti_tool.experience.document.model import Experience
from lti_tool.experience.play import trial
from lti_tool.experience.play.engine import State
from lti_tool.experience.play.kinds import Place
from lti_tool.experience.play.pages import Page
from lti_tool.experience.play.trial import Subject, Trial
from lti_tool.group.plenary.stage import context, react, revisit

NAME = "plenary"


@dataclass(frozen=True)
class Plenary(Trial):
    """A trial that shows letters to vote by, and goes back to any choice."""

    def dress(self, subject: Subject, place: Place, page: Page) -> Page:
        """Show a place on a stage.

        Raises:
            ToolError: `not-found` for an item without choices to vote about.
        """
        if not isinstance(subject.item, Experience) or not isinstance(place, State):
            raise ToolError("not-found")
        shown = context(subject.item, place, request.values.get("beside", ""))
        name = "notes" if "notes" in request.args else "stage"
        return Page(f"group/plenary_{name}.html", {**page.context, **shown})

    def moved(self, subject: Subject, place: Place, act: str, form: Mapping[str, str]) -> Place:
        """Return where a form leads; reactions follow one another, and every step can be redone."""
        item = subject.item
        if isinstance(item, Experience) and isinstance(place, State):
            if act == "react" and "choice" in form:
                return react(item, place, form["choice"])
            if act == "next" and form.get("choice") not in (None, place.reaction):
                place = react(item, place, form["choice"])  # the one that lies beside
            if act == "revisit":
                return revisit(item, place, form.get("step", ""))
        return super().moved(subject, place, act, form)

    def marks(self, act: str, form: Mapping[str, str]) -> dict[str, str]:
        """Say in the address what is laid beside the open reaction."""
        return {"beside": form["beside"]} if act == "react" and form.get("beside") else {}


def blueprint(enter: Callable[..., Subject], guard: Callable[[Any], Any]) -> Blueprint:
    """Return the routes.

    Args:
        enter: from the values of a route to what is tried; raises when there is none.
        guard: put around every view; lets in those who build or teach the course.
    """
    play = Plenary(NAME, enter)
    bp = trial.blueprint(play, f"/l/<session_id>/{NAME}", guard)

    def again(**values: Any) -> ResponseReturnValue:
        return play.act(act="revisit", **values)

    bp.add_url_rule("/<slug>/revisit", "revisit", guard(again), methods=["POST"])
    return bp
