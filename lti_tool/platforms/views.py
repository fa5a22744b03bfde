"""What platforms and their administrators read: our keys, and what to paste where."""

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.errors import ToolError
from lti_tool.platforms.registration import canvas_configuration
from lti_tool.services import services
from lti_tool.web import page

bp = Blueprint("platforms", __name__)

_MAX_PARAMETER = 8000


@bp.get("/lti/jwks.json")
def jwks() -> ResponseReturnValue:
    """Serve our public keys; cached for five minutes, as Canvas asks on every token request."""
    response = jsonify(services().keys.jwks())
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/lti/canvas.json")
def canvas() -> ResponseReturnValue:
    """Serve the configuration that a Canvas developer key can be made from."""
    return jsonify(canvas_configuration(services().settings.base_url))


@bp.get("/lti/register")
def register() -> ResponseReturnValue:
    """Register with the LMS that opened this address, and say what comes next there.

    LTI Dynamic Registration 1.0 §3.4: a GET by the administrator's browser, in a frame or a
    window of the LMS.
    """
    tool = services()
    tool.limits.admit_address(request.remote_addr)
    values = {}
    for name in ("invitation", "openid_configuration", "registration_token"):
        given = request.args.getlist(name)
        values[name] = given[0] if given else ""
        if len(given) > 1 or len(values[name]) > _MAX_PARAMETER or not values[name].isprintable():
            raise ToolError("registration-incomplete", name)
    if not values["invitation"] or not values["openid_configuration"]:
        raise ToolError("registration-incomplete")
    platform = tool.registrations.register(
        values["invitation"], values["openid_configuration"], values["registration_token"]
    )
    g.any_frame = True  # the LMS's own admin page, on whatever host its administrator uses
    return page(
        "platforms/registered.html",
        family=platform.family,
        name=platform.name,
        waiting=not platform.deployments,
    )


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show what this is and what an administrator pastes where."""
    tool = services()
    return render_template("home.html", settings=tool.settings)
