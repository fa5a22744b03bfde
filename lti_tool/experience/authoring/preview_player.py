"""The player in an author's preview: the documents of a workspace, tried without a session.

Where a reader is stands in the address, so that a saved file can be read again under it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lti_tool.experience.authoring.workspace import Sheet, Workspace
from lti_tool.experience.document.model import Experience, Item
from lti_tool.experience.media.store import Shelf
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import NotPossible, State
from lti_tool.experience.play.trial import Subject, Trial, TrialVisit
from lti_tool.experience.play.trial import blueprint as trial_blueprint


@dataclass(frozen=True, slots=True)
class LocalHost:
    """Stands in for the session of a launch: this computer, which asks nobody who they are.

    Attributes:
        number: which document is looked at.
    """

    number: int
    locale: str
    cookieless: bool = False
    form_token: str = ""

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page of this preview."""
        return url_for(endpoint, number=self.number, **values)


@dataclass(slots=True)
class Memory:
    """What is remembered while the preview runs: the language, and texts that were saved."""

    lang: str
    texts: dict[int, dict[str, str]]


def sheet_at(number: int) -> Sheet:
    """Return a document by its number.

    Raises:
        NotFound: when there is none.
    """
    sheets = workspace().read().sheets
    if number >= len(sheets):
        raise NotFound
    return sheets[number]


def workspace() -> Workspace:
    """Return what this preview is of."""
    held: Workspace = current_app.extensions["preview"]
    return held


def memory() -> Memory:
    """Return what is remembered while it runs."""
    held: Memory = current_app.extensions["preview-memory"]
    return held


def enter(slug: str, number: int) -> Subject:
    """Return what is tried: a document, or another of the workspace that it leads on to.

    Raises:
        NotFound: when there is none, or when it cannot be played yet.
    """
    held, at = sheet_at(number), number
    if held.document is None or held.document.id != slug:
        sheets = workspace().read().sheets
        found = (
            (i, one) for i, one in enumerate(sheets) if one.document and one.document.id == slug
        )
        at, held = next(found, (number, held))
    item = held.document
    if item is None or item.id != slug or not playable(held):
        raise NotFound
    assert isinstance(item, Item)  # noqa: S101 - narrows the type

    def nearby(text: str) -> State | None:
        try:
            node = engine.load(text).node
        except NotPossible:
            return None
        return held.ways[node][0] if node in held.ways else None

    return Subject(
        host=LocalHost(number, memory().lang),
        item=item,
        shelf=Shelf(
            held.media, lambda name: url_for("preview.media", number=at, name=name), g.now.date()
        ),
        titles=_titles,
        values={"number": number},
        texts=memory().texts.setdefault(at, {}),
        nearby=nearby,
    )


def playable(held: Sheet) -> bool:
    """Whether a document can be played as it stands."""
    if isinstance(held.document, Experience):
        return bool(held.ways)
    return isinstance(held.document, Item)


def blueprints() -> tuple[Blueprint, Blueprint]:
    """Return the player's routes, and the one page that all of its footer leads to."""
    learner = Blueprint("learner", __name__, url_prefix="/<int:number>")

    @learner.get("/logbook", endpoint="logbook")
    @learner.get("/mine")
    def mine(number: int) -> ResponseReturnValue:
        """Say that a preview keeps nothing."""
        item = sheet_at(number).document
        if not isinstance(item, Item):
            raise NotFound
        g.visit = TrialVisit(enter(item.id, number), "player", "")
        return render_template("preview_local/mine.html", item=item)

    return trial_blueprint(Trial("player", enter), "/<int:number>/play"), learner


def _titles(slugs: Collection[str]) -> Mapping[str, str]:
    """Return the titles of the micro-modules that stand in this workspace."""
    here = (held.document for held in workspace().read().sheets)
    return {item.id: item.title for item in here if item is not None and item.id in slugs}
