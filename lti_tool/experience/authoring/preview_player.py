"""The player's own pages in an author's preview: no session, no database, nothing kept.

Where a reader is stands in the address, so that a saved file can be read again under it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lti_tool.completion.status import Status
from lti_tool.experience.authoring.workspace import Sheet, Workspace
from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Ending,
    Example,
    Experience,
    FollowUp,
    Item,
    MicroModule,
    ModuleRef,
    Open,
    PracticeBlock,
)
from lti_tool.experience.media.store import Shelf
from lti_tool.experience.play import engine, followup, reflections
from lti_tool.experience.play.engine import NotPossible, State

player = Blueprint("player", __name__, url_prefix="/<int:number>")
learner = Blueprint("learner", __name__, url_prefix="/<int:number>")

_DONE = "done"
"""The state of a micro-module that was read to its end."""


@dataclass(frozen=True, slots=True)
class LocalVisit:
    """Stands in for the session of a launch on the player's pages.

    Attributes:
        number: which document is looked at.
        state: where the reader is, as it stands in addresses.
    """

    number: int
    state: str
    locale: str
    cookieless: bool = False
    designer: bool = True
    form_token: str = ""
    return_url: str | None = None

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page of this preview."""
        return url_for(endpoint, number=self.number, state=self.state, **values)


@dataclass(slots=True)
class Memory:
    """What is remembered while the preview runs: the language, and texts that were saved."""

    lang: str
    texts: dict[tuple[int, str], str]


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


@player.get("/play", endpoint="play")
@player.get("/play", endpoint="page")
def play(number: int) -> ResponseReturnValue:
    """Show the page at which the reader is."""
    held, item = _item(number)
    if isinstance(item, MicroModule):
        return _module(held, number, item)
    state = _state(held, item)
    shared = _shared(held, number, engine.dump(state))
    node = item.nodes[state.node]
    shared |= {"item": item, "node": node, "name": state.node, "first": not state.route}
    shared["modules"] = _modules(node)
    if isinstance(node, Ending):
        return _ending(item, state, shared)
    if not isinstance(node, ChoiceNode):
        return render_template(f"player/{node.type}.html", **shared)
    choices = engine.options(item, state)
    if state.reaction is not None:
        chosen = next(one for one in choices if one.id == state.reaction)
        return render_template("player/feedback.html", chosen=chosen, **shared)
    nothing = "nothing" in request.args
    return render_template("player/choice.html", choices=choices, nothing_chosen=nothing, **shared)


@player.post("/react", endpoint="react")
def react(number: int) -> ResponseReturnValue:
    """Take a reaction."""
    choice = request.form.get("choice")
    if not choice:
        return redirect(url_for("player.play", number=number, state=_given(), nothing="1"))
    return _moved(number, lambda item, state: engine.react(item, state, choice))


@player.post("/next", endpoint="proceed")
def proceed(number: int) -> ResponseReturnValue:
    """Go on."""
    return _moved(number, engine.proceed)


@player.post("/another", endpoint="another")
def another(number: int) -> ResponseReturnValue:
    """Go back to the reactions."""
    return _moved(number, engine.retry)


@player.post("/replay", endpoint="replay")
def replay(number: int) -> ResponseReturnValue:
    """Begin again, or at a choice that the ending offers."""
    node = request.form.get("node")
    if node is None:
        return redirect(url_for("player.play", number=number))
    return _moved(number, lambda item, state: engine.retry_from(item, state, node))


@player.post("/finish", endpoint="finish")
def finish(number: int) -> ResponseReturnValue:
    """End a micro-module."""
    return redirect(url_for("player.play", number=number, state=_DONE))


@player.post("/declare", endpoint="declare")
@player.post("/resend-mine", endpoint="resend_mine")
def stay(number: int) -> ResponseReturnValue:
    """Change nothing: there is nobody here to tell."""
    return redirect(url_for("player.play", number=number, state=_given()))


@player.post("/keep", endpoint="keep")
def keep(number: int) -> ResponseReturnValue:
    """Remember a text until the preview stops."""
    place, text = request.form.get("place", ""), request.form.get("text", "").strip()
    if text:
        memory().texts[number, place] = text
    return redirect(url_for("player.play", number=number, state=_given()))


@player.post("/forget", endpoint="forget")
def forget(number: int) -> ResponseReturnValue:
    """Forget a text."""
    memory().texts.pop((number, request.form.get("place", "")), None)
    return redirect(url_for("player.play", number=number, state=_given()))


@player.get("/followup.ics", endpoint="follow_up")
def follow_up(number: int) -> ResponseReturnValue:
    """Give the look back as a calendar file."""
    held, item = _item(number)
    node = None if isinstance(item, MicroModule) else item.nodes[_state(held, item).node]
    planned = _planned(item, node)
    if planned is None:
        raise NotFound
    text = followup.calendar(planned, title=item.title, uid=f"{item.id}@preview", now=g.now)
    return Response(text, mimetype="text/calendar")


@player.get("/read/<slug>", endpoint="read")
def read(number: int, slug: str) -> ResponseReturnValue:
    """Show a micro-module that stands beside this document."""
    for index, held in enumerate(workspace().read().sheets):
        item = held.document
        if isinstance(item, MicroModule) and item.id == slug:
            shared = _shared(held, number, _given(), files=index)
            return render_template("player/reading.html", item=item, back="player.play", **shared)
    raise NotFound


@learner.get("/mine", endpoint="mine")
def mine(number: int) -> ResponseReturnValue:
    """Say that a preview keeps nothing."""
    held, _ = _item(number)
    _shared(held, number, _given())
    return render_template("preview_local/mine.html")


def _module(held: Sheet, number: int, item: MicroModule) -> str:
    state = _given()
    shared = _shared(held, number, state) | {"item": item}
    if state == _DONE:
        nothing: dict[str, Any] = {"node": None, "route": (), "hints": (), "offered": ()}
        planned = _planned(item, None)
        return render_template(
            "player/ending.html",
            ended_at=g.now,
            can_start=True,
            planned=planned,
            **nothing,
            **shared,
        )
    return render_template("player/module.html", place_of=reflections.place_of, **shared)


def _ending(item: Experience, state: State, shared: dict[str, Any]) -> str:
    node = shared["node"]
    route = engine.route_view(item, state)
    passed = {entry.node: entry.title for entry in route}
    return render_template(
        "player/ending.html",
        route=route,
        hints=engine.growth_hints(item, state),
        offered=[(name, passed[name]) for name in node.offer_retry if name in passed],
        ended_at=g.now,
        can_start=True,
        planned=_planned(item, node),
        **shared,
    )


def _shared(held: Sheet, number: int, state: str, files: int | None = None) -> dict[str, Any]:
    """Make the visit, and what all pages of the player are given.

    Args:
        held: the document whose files are shown.
        number: of the document that the reader is in.
        state: where in it.
        files: number of the document whose files are shown, when it is another.
    """
    owner = number if files is None else files
    g.visit = LocalVisit(number, state, memory().lang)
    kept = {place: text for (at, place), text in memory().texts.items() if at == number}

    def address(name: str) -> str:
        return url_for("preview.media", number=owner, name=name)

    return {
        "at": "",
        "kept": kept,
        "status": Status("none"),
        "shelf": Shelf(held.media, address, g.now.date()),
    }


def _state(held: Sheet, item: Experience) -> State:
    """Return where the reader is; after a change that removed the way there, nearby."""
    given = _given()
    if given:
        try:
            state = engine.load(given)
        except NotPossible:
            raise NotFound from None
        if engine.fits(item, state):
            return state
        if state.node in held.ways:
            return held.ways[state.node][0]
    return engine.start(item)


def _moved(number: int, move: Callable[[Experience, State], State]) -> ResponseReturnValue:
    held, item = _item(number)
    if not isinstance(item, Experience):
        raise NotFound
    try:
        there = move(item, _state(held, item))
    except NotPossible:
        there = _state(held, item)
    return redirect(url_for("player.play", number=number, state=engine.dump(there)))


def _planned(item: Item, node: object) -> FollowUp | None:
    if isinstance(node, Ending):
        return node.followup
    blocks = item.blocks if isinstance(item, MicroModule) else ()
    planned = (one.followup for one in blocks if isinstance(one, PracticeBlock))
    return next((one for one in planned if one), None)


def _modules(node: object) -> dict[str, str]:
    """Return the titles of the micro-modules that feedback here leads on to, if they are here."""
    said: tuple[Choice | Example, ...] = ()
    if isinstance(node, ChoiceNode):
        said = node.choices
    elif isinstance(node, Open):
        said = node.compare
    named = {
        more.module for one in said for more in one.feedback.more if isinstance(more, ModuleRef)
    }
    here = (held.document for held in workspace().read().sheets)
    return {item.id: item.title for item in here if item is not None and item.id in named}


def _given() -> str:
    return request.args.get("state", "")


def _item(number: int) -> tuple[Sheet, Item]:
    held = sheet_at(number)
    if isinstance(held.document, MicroModule) or (
        isinstance(held.document, Experience) and held.ways
    ):
        return held, held.document
    raise NotFound
