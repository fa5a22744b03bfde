"""The player's pages: one per node, server-rendered, each step a form, post/redirect/get."""

import hashlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from lti_tool.completion import outbox, standing, status
from lti_tool.completion.channels import Channels
from lti_tool.completion.status import Status
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.experience.document import markdown
from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Ending,
    Example,
    FollowUp,
    Item,
    MicroModule,
    ModuleRef,
    Open,
    PracticeBlock,
)
from lti_tool.experience.document.outline import outline, talking_points
from lti_tool.experience.library import catalogue
from lti_tool.experience.play import engine, followup, positions, reflections, runs
from lti_tool.experience.play.media_views import newest_shelf, shelf
from lti_tool.experience.play.positions import Farewell, Player, Position
from lti_tool.launch.session import Visit, visiting
from lti_tool.services import services
from lti_tool.web import page as render

bp = Blueprint("player", __name__, url_prefix="/l/<session_id>")

bp.add_app_template_filter(markdown.to_html, "prose")
bp.add_app_template_filter(markdown.to_inline_html, "inline")
bp.add_app_template_filter(outline, "outline")


@bp.route("/", methods=["GET", "POST"])
@visiting
def page(visit: Visit) -> ResponseReturnValue:
    """Show where the learner is; to a designer, what this activity is."""
    return _teacher(visit) if visit.designer else _play(visit)


@bp.route("/play", methods=["GET", "POST"])
@visiting
def play(visit: Visit) -> ResponseReturnValue:
    """Show where the learner is, to a designer too."""
    return _play(visit)


def _acting(
    act: Callable[[Visit, Player], ResponseReturnValue | None],
) -> Callable[..., ResponseReturnValue]:
    """Make a view of an action: do it, then show where the learner is."""

    def acting(visit: Visit) -> ResponseReturnValue:
        answer = act(visit, _player(visit))
        return answer if answer is not None else _onward(visit)

    return wraps(act)(visiting(acting))


@bp.post("/react")
@_acting
def react(visit: Visit, player: Player) -> ResponseReturnValue | None:
    """Take the chosen reaction."""
    choice = request.form.get("choice")
    if not choice:
        return _play(visit, nothing_chosen=True)
    runs.react(player, _at(), choice, visit.now)
    return None


@bp.post("/next")
@_acting
def proceed(visit: Visit, player: Player) -> None:
    """Go on."""
    runs.proceed(player, _at(), visit.now)


@bp.post("/another")
@_acting
def another(visit: Visit, player: Player) -> None:
    """Go back to the reactions at this node."""
    runs.retry(player, _at(), visit.now)


@bp.post("/finish")
@_acting
def finish(visit: Visit, player: Player) -> None:
    """End a micro-module."""
    runs.finish(player, _at(), visit.now)


@bp.post("/declare")
@_acting
def declare(visit: Visit, player: Player) -> None:
    """Say to be done, where the item leaves that to the learner."""
    runs.declare(player, visit.now)


@bp.post("/replay")
@_acting
def replay(visit: Visit, player: Player) -> None:
    """Start again, or from a choice that the ending offers."""
    runs.replay(player, visit.now, request.form.get("node"))


@bp.post("/keep")
@_acting
def keep(visit: Visit, player: Player) -> ResponseReturnValue:
    """Save a reflection."""
    place, text = request.form.get("place", ""), request.form.get("text", "")
    reflections.keep(player, services().vault, place, text, visit.now)
    return _onward(visit, anchor=place)


@bp.post("/forget")
@_acting
def forget(visit: Visit, player: Player) -> ResponseReturnValue:
    """Erase a reflection."""
    place = request.form.get("place", "")
    reflections.forget(player, place)
    return _onward(visit, anchor=place)


@bp.post("/resend-mine")
@_acting
def resend_mine(visit: Visit, player: Player) -> None:
    """Try again to tell the LMS about one's own completion."""
    outbox.nudge(db.session(), learner_id=player.learner_id, link_id=player.link_id, now=visit.now)
    db.session.commit()


@bp.route("/read/<slug>", methods=["GET", "POST"])
@visiting
def read(visit: Visit, slug: str) -> ResponseReturnValue:
    """Show a micro-module that feedback leads on to; nothing is kept or reported."""
    item = catalogue.find(slug, visit.platform.id)
    if not isinstance(item, MicroModule):
        raise ToolError("not-found")
    files = newest_shelf(visit, item)
    return render("player/reading.html", item=item, shelf=files, back=_where(visit))


@bp.route("/followup.ics", methods=["GET", "POST"])
@visiting
def follow_up(visit: Visit) -> ResponseReturnValue:
    """Give the look back of the ending in this tab, or of a micro-module, as a calendar file."""
    player = _player(visit)
    ended = positions.farewell(player)
    item = ended.item if ended else positions.find(player).item
    planned = _follow_up(item, ended)
    if planned is None:
        raise ToolError("not-found")
    text = followup.calendar(
        planned, title=item.title, uid=f"{item.id}@{visit.platform.id}.proeftuin", now=visit.now
    )
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{item.id}.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _play(visit: Visit, *, nothing_chosen: bool = False) -> ResponseReturnValue:
    """Show the page on which the learner is."""
    player = _player(visit)
    here = positions.find(player)
    ended = positions.farewell(player)
    if ended is not None or here.ended_at is not None:
        return _ending(visit, player, here, ended)
    shared: dict[str, Any] = {
        "item": here.item,
        "at": here.at,
        "kept": reflections.texts(services().vault, here),
        "status": _status(visit, player),
        "shelf": shelf(visit, here.version_id, here.sha256, here.item),
    }
    state = here.state
    if isinstance(here.item, MicroModule) or state is None:
        return render("player/module.html", place_of=reflections.place_of, **shared)
    node = here.item.nodes[state.node]
    shared |= {"node": node, "name": state.node, "first": not state.route}
    if isinstance(node, Open):
        shared["modules"] = _modules(player, *node.compare)
    if not isinstance(node, ChoiceNode):
        return render(f"player/{node.type}.html", **shared)
    choices = engine.options(here.item, state)
    if state.reaction is not None:
        chosen = next(one for one in choices if one.id == state.reaction)
        shared["modules"] = _modules(player, chosen)
        return render("player/feedback.html", chosen=chosen, **shared)
    return render(
        "player/choice.html",
        422 if nothing_chosen else 200,
        choices=_shuffled(choices, player, state.node) if node.shuffle else choices,
        nothing_chosen=nothing_chosen,
        **shared,
    )


def _ending(
    visit: Visit, player: Player, here: Position, ended: Farewell | None
) -> ResponseReturnValue:
    """Show the end: with the own way in the tab where the run ended, without it elsewhere."""
    shown = ended or here
    item = shown.item
    context: dict[str, object] = {"node": None, "route": (), "hints": (), "offered": ()}
    if ended is not None:
        node = ended.item.nodes[ended.state.node]
        route = engine.route_view(ended.item, ended.state)
        passed = {entry.node: entry.title for entry in route}
        offers = node.offer_retry if isinstance(node, Ending) else ()
        context = {
            "node": node,
            "route": route,
            "hints": engine.growth_hints(ended.item, ended.state),
            "offered": [(name, passed[name]) for name in offers if name in passed],
        }
    return render(
        "player/ending.html",
        item=item,
        shelf=shelf(visit, shown.version_id, shown.sha256, item),
        ended_at=here.ended_at,
        can_start=here.can_start,
        planned=_follow_up(item, ended),
        status=_status(visit, player),
        **context,
    )


def _teacher(visit: Visit) -> ResponseReturnValue:
    """Show a designer what this activity is, what the LMS is told, and whether that can work."""
    player = _player(visit)
    here = positions.find(player)
    tool = services()
    channels = Channels(tool.http, tool.tokens, tool.vault)
    return render(
        "player/teacher.html",
        item=here.item,
        can_start=here.can_start,
        status=_status(visit, player),
        standing=standing.of(
            db.session(), channels, platform=visit.platform, link_id=player.link_id
        ),
        questions=talking_points(here.item),
    )


def _status(visit: Visit, player: Player) -> Status:
    return status.of(
        db.session(),
        platform=visit.platform,
        learner_id=player.learner_id,
        link_id=player.link_id,
        now=visit.now,
    )


def _follow_up(item: Item, ended: Farewell | None) -> FollowUp | None:
    """Return the look back that the ending of this tab plans, or a micro-module's first one."""
    if ended is not None:
        node = ended.item.nodes[ended.state.node]
        return node.followup if isinstance(node, Ending) else None
    if isinstance(item, MicroModule):
        practices = (block for block in item.blocks if isinstance(block, PracticeBlock))
        return next((block.followup for block in practices if block.followup), None)
    return None


def _modules(player: Player, *reactions: Choice | Example) -> dict[str, str]:
    """Return the micro-modules that feedback leads on to: titles by slug, those there are."""
    slugs = {
        more.module
        for reaction in reactions
        for more in reaction.feedback.more
        if isinstance(more, ModuleRef)
    }
    return catalogue.titles(slugs, player.platform_id, g.now)


def _shuffled(choices: Sequence[Choice], player: Player, node: str) -> list[Choice]:
    """Return the reactions in an order that is the learner's own and stays the same."""

    def place(choice: Choice) -> bytes:
        mine = f"{player.learner_id} {player.link_id} {node} {choice.id}"
        return hashlib.sha256(mine.encode()).digest()

    return sorted(choices, key=place)


def _player(visit: Visit) -> Player:
    """Return who plays what.

    Raises:
        ToolError: `not-found` while deep linking, `item-missing` for a link without an item.
    """
    if visit.link_id is None:
        raise ToolError("not-found")
    if not visit.item:
        raise ToolError("item-missing")
    return Player(
        learner_id=visit.learner_id,
        link_id=visit.link_id,
        platform_id=visit.platform.id,
        slug=visit.item,
        session_id=visit.session_id,
        token=visit.token,
        farewell=visit.farewell,
        reports=not visit.designer,
    )


def _at() -> str:
    return request.form.get("at", "")


def _where(visit: Visit) -> str:
    """Return the endpoint that shows where somebody is; a designer's landing page is another."""
    return "player.play" if visit.designer else "player.page"


def _onward(visit: Visit, anchor: str = "") -> ResponseReturnValue:
    """Go to where the learner is; with cookies, straight to a part of the page."""
    answer = visit.onward(_where(visit))
    if anchor and isinstance(answer, Response) and "Location" in answer.headers:
        answer.headers["Location"] += "#" + anchor
    return answer
