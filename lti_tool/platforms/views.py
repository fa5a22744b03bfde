"""What platforms and their administrators read: our keys, and what to paste where."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from lti_tool.services import services

bp = Blueprint("platforms", __name__)


@bp.get("/lti/jwks.json")
def jwks() -> ResponseReturnValue:
    """Serve our public keys; cached for five minutes, as Canvas asks on every token request."""
    response = jsonify(services().keys.jwks())
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show what this is and what an administrator pastes where."""
    tool = services()
    return render_template("home.html", settings=tool.settings)
