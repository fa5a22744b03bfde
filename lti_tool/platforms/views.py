"""What platforms and their administrators read: our keys, and what to paste where."""

from dataclasses import dataclass

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.config import Settings
from lti_tool.errors import ToolError
from lti_tool.limits import Limits
from lti_tool.platforms.registration import Registrations, canvas_configuration
from lti_tool.platforms.signing import SigningKeys
from lti_tool.web import ANY_FRAME, page

_MAX_PARAMETER = 8000


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, and what they work with."""

    settings: Settings
    limits: Limits
    keys: SigningKeys
    registrations: Registrations

    def jwks(self) -> ResponseReturnValue:
        """Serve our public keys; cached for five minutes, as Canvas asks on every token request."""
        response = jsonify(self.keys.jwks())
        response.headers["Cache-Control"] = "public, max-age=300"
        return response

    def canvas(self) -> ResponseReturnValue:
        """Serve the configuration that a Canvas developer key can be made from."""
        return jsonify(canvas_configuration(self.settings.base_url))

    def register(self) -> ResponseReturnValue:
        """Register with the LMS that opened this address, and say what comes next there.

        LTI Dynamic Registration 1.0 §3.4: a GET by the administrator's browser, in a frame or a
        window of the LMS.
        """
        self.limits.admit_address(request.remote_addr)
        values = {}
        for name in ("invitation", "openid_configuration", "registration_token"):
            given = request.args.getlist(name)
            values[name] = given[0] if given else ""
            if (
                len(given) > 1
                or len(values[name]) > _MAX_PARAMETER
                or not values[name].isprintable()
            ):
                raise ToolError("registration-incomplete", name)
        if not values["invitation"] or not values["openid_configuration"]:
            raise ToolError("registration-incomplete")
        platform = self.registrations.register(
            values["invitation"], values["openid_configuration"], values["registration_token"]
        )
        g.frame = ANY_FRAME  # the LMS's own admin page, on whatever host its administrator uses
        return page(
            "platforms/registered.html",
            family=platform.family,
            name=platform.name,
            waiting=not platform.deployments,
        )

    def home(self) -> ResponseReturnValue:
        """Show what this is and what an administrator pastes where."""
        return render_template("home.html", settings=self.settings)


def blueprint(pages: Pages) -> Blueprint:
    """Return the routes."""
    bp = Blueprint("platforms", __name__)
    bp.add_url_rule("/", "home", pages.home)
    bp.add_url_rule("/lti/jwks.json", "jwks", pages.jwks)
    bp.add_url_rule("/lti/canvas.json", "canvas", pages.canvas)
    bp.add_url_rule("/lti/register", "register", pages.register)
    return bp
