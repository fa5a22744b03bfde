"""An author's preview: an item in the browser without an LMS, on this computer only.

Around the player's own pages (`preview_player`) stands what an author needs: the findings, the
map and an outline with a way to begin at every node, all read again when a file is saved.
"""

from itertools import groupby
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from werkzeug.exceptions import NotFound

from lti_tool import templating
from lti_tool.clock import Clock
from lti_tool.experience.authoring.endings import covering
from lti_tool.experience.authoring.endings import endings as every_ending
from lti_tool.experience.authoring.graph_map import draw
from lti_tool.experience.authoring.preview_player import (
    Memory,
    blueprints,
    memory,
    playable,
    sheet_at,
    workspace,
)
from lti_tool.experience.authoring.workspace import Workspace
from lti_tool.experience.document.findings import message
from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.outline import leads_to
from lti_tool.experience.play import engine
from lti_tool.experience.play.views import FILTERS

LANGUAGES = ("nl", "en")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)

desk = Blueprint("preview", __name__)


def make_app(files: Workspace, clock: Clock, lang: str) -> Flask:
    """Make the preview of a workspace, to be served to this computer only.

    Args:
        files: what is looked at.
        clock: the time.
        lang: `nl` or `en`, to begin with.
    """
    app = Flask("lti_tool")
    app.jinja_environment = templating.Environment
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost"]  # a site that rebinds its name
    app.extensions["preview"] = files
    kept = app.extensions["preview-memory"] = Memory(lang, {})
    for name, made in FILTERS.items():
        app.add_template_filter(made, name)
    Babel(app, default_locale="nl", locale_selector=lambda: kept.lang)
    templating.equip(app, lambda: kept.lang)
    for blueprint in (desk, *blueprints()):
        app.register_blueprint(blueprint)

    @app.before_request
    def begin() -> None:
        g.now = clock()

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


# --- The desk: findings, map, outline ------------------------------------------------------------


@desk.get("/")
def start() -> ResponseReturnValue:
    """Show the documents; a single one at once."""
    reading = workspace().read()
    if len(reading.sheets) == 1:
        return redirect(url_for("preview.sheet", number=0))
    return render_template(
        "preview_local/list.html",
        stamp=reading.mark,
        reading=reading,
        say=_say,
        path=workspace().path,
    )


@desk.get("/<int:number>/")
def sheet(number: int) -> ResponseReturnValue:
    """Show one document: its findings, its map, its outline, and the item itself."""
    stamp = workspace().read().mark  # before what is shown, which may be newer, never older
    held = sheet_at(number)
    item = held.document
    return render_template(
        "preview_local/desk.html",
        stamp=stamp,
        number=number,
        sheet=held,
        item=item,
        several=len(workspace().read().sheets) > 1,
        map=draw(item) if isinstance(item, Experience) else None,
        targets=_targets(item) if isinstance(item, Experience) else {},
        playable=playable(held),
        troubled={finding.node for finding in held.findings if finding.severity == "error"},
        say=_say,
    )


@desk.get("/<int:number>/endings")
def endings(number: int) -> ResponseReturnValue:
    """Show every ending as learners read it; of many, a few in which every two flags meet."""
    held = sheet_at(number)
    item = held.document
    if not isinstance(item, Experience):
        raise NotFound
    every = every_ending(item, held.ways)
    by_node = groupby(every, key=lambda page: page.node)
    few = [page for _, pages in by_node for page in covering(pages)]
    return render_template(
        "preview_local/endings.html",
        number=number,
        item=item,
        shown=every if "all" in request.args else few,
        total=len(every),
    )


@desk.get("/<int:number>/from/<node>")
def begin_at(number: int, node: str) -> ResponseReturnValue:
    """Begin at a node, reached by the shortest way that sets just these flags, or any."""
    found = sheet_at(number).ways.get(node, ())
    wanted = request.args.get("flags")
    fitting = [one for one in found if wanted is None or sorted(one.flags) == wanted.split()]
    if not fitting:
        raise NotFound
    item = sheet_at(number).document
    assert item is not None  # noqa: S101 - what has ways is a document
    return redirect(
        url_for("player.play", number=number, slug=item.id, state=engine.dump(fitting[0]))
    )


@desk.get("/stamp")
def stamp() -> ResponseReturnValue:
    """Give a mark that changes when a file is saved."""
    return Response(workspace().read().mark, mimetype="text/plain")


@desk.get("/language/<lang>")
def language(lang: str) -> ResponseReturnValue:
    """Change the language of the preview and of the pages in it."""
    if lang not in LANGUAGES:
        raise NotFound
    memory().lang = lang
    number = request.args.get("number", type=int)
    where = url_for("preview.start") if number is None else url_for("preview.sheet", number=number)
    return redirect(where)


@desk.get("/<int:number>/media/<path:name>")
def media(number: int, name: str) -> ResponseReturnValue:
    """Give a file that the document uses."""
    held = sheet_at(number).media.get(name)
    if held is None or not held.path.is_file():
        raise NotFound
    return send_file(held.path, mimetype=held.mime, conditional=True)


def _targets(item: Experience) -> dict[str, list[str]]:
    """Return where each node leads, each place once, for the outline."""
    return {name: list(dict.fromkeys(leads_to(node))) for name, node in item.nodes.items()}


def _say(finding: Any) -> str:
    return message(finding, memory().lang)
