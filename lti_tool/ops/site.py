"""What is for everybody: the guides, and what browsers and crawlers ask of any site."""

from functools import cache
from importlib.metadata import version

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lti_tool.config import shipped

ROBOTS = "User-agent: *\nAllow: /$\nAllow: /about/\nDisallow: /\n"
"""Only what is for everybody may be found: a person's pages mean nothing to others."""

GUIDES = {
    "moodle": _l("Moodle, click by click"),
    "moodle-web-service": _l("Moodle without the plugin"),
    "canvas": _l("Canvas"),
    "other-lms": _l("Other learning environments"),
    "authors": _l("For authors"),
    "operators": _l("For operators"),
    "performance": _l("How fast it is"),
    "completion-service": _l("For makers of a learning environment"),
    "logbook": _l("A logbook as data"),
    "privacy": _l("Privacy"),
    "accessibility": _l("Accessibility"),
    "waarom": _l("Why Proeftuin"),
}
"""Documents that the tool shows, under their menu names."""

_DUTCH = frozenset({"waarom"})


def blueprint() -> Blueprint:
    """Return the routes."""
    bp = Blueprint("site", __name__)

    @bp.record_once
    def menu(setup: BlueprintSetupState) -> None:
        setup.app.jinja_env.globals.update(guides=GUIDES, version=version("proeftuin"))

    @bp.get("/about/<name>")
    def guide(name: str) -> ResponseReturnValue:
        """Show a guide."""
        if name not in GUIDES:
            abort(404)
        return render_template(
            "guide.html",
            name=name,
            text=_html(name),
            text_lang="nl" if name in _DUTCH else "en",
        )

    @bp.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        """Lead to our icon, for a browser that does not read the page for it."""
        return redirect(url_for("static", filename="icon.png"), 301)

    @bp.get("/robots.txt")
    def robots() -> ResponseReturnValue:
        """Tell crawlers what to leave alone."""
        return Response(ROBOTS, mimetype="text/plain")

    return bp


@cache
def _html(name: str) -> str:
    """Return one of our own documents as HTML; what lies outside the guides is no link."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse((shipped("docs") / f"{name}.md").read_text(encoding="utf-8"))
    for token in tokens:
        token.attrs.pop("style", None)  # our pages allow no inline style
        if token.type == "table_open":
            token.attrs["tabindex"] = "0"  # a wide one scrolls by keyboard too
        for inner in token.children or ():
            _adapt(inner)
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    return html


def _adapt(token: Token) -> None:
    """Let a link lead to the guide's page here, and a picture be its description."""
    if token.type == "image":
        token.type, token.tag, token.children = "text", "", []
    elif token.type == "link_open":
        target = str(token.attrs.get("href", ""))
        page, _, _anchor = target.partition("#")
        if page.removesuffix(".md") in GUIDES:
            token.attrs["href"] = f"/about/{page.removesuffix('.md')}"
        elif not target.startswith("https://"):
            token.attrs.pop("href", None)
