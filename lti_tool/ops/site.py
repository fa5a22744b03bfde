"""What browsers and crawlers ask of any site."""

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

ROBOTS = "User-agent: *\nAllow: /$\nAllow: /about/\nDisallow: /\n"
"""Only what is for everybody may be found: a person's pages mean nothing to others."""


def blueprint() -> Blueprint:
    """Return the routes."""
    bp = Blueprint("site", __name__)

    @bp.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        """Lead to our icon, for a browser that does not read the page for it."""
        return redirect(url_for("static", filename="icon.png"), 301)

    @bp.get("/robots.txt")
    def robots() -> ResponseReturnValue:
        """Tell crawlers what to leave alone."""
        return Response(ROBOTS, mimetype="text/plain")

    return bp
