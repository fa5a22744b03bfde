"""The two doors: the login that a platform starts, and the launch that it answers with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.errors import ToolError
from lti_tool.launch.adapter import Login, ReadBinding, Verified, Verifier
from lti_tool.launch.browser import (
    NEW_WINDOW,
    Cookies,
    cookies_of,
    probe,
    storage_frame,
)
from lti_tool.launch.claims import under
from lti_tool.launch.session import address, enter, give_session, host_cookie, set_cookie
from lti_tool.launch.state import LIFETIME_SECONDS, LoginState, LoginStates
from lti_tool.launch.store import LaunchStore
from lti_tool.limits import Limits
from lti_tool.platforms.lti import origin_of
from lti_tool.platforms.registry import KnownPlatform, Registry
from lti_tool.web import ANY_FRAME, page, redirect_to

_LIMITS = {
    "iss": 255,
    "client_id": 255,
    "login_hint": 16_000,
    "target_link_uri": 2048,
    "lti_message_hint": 16_000,
    "lti_deployment_id": 255,
    "lti_storage_target": 255,
}
"""The login parameters that we know, and how long each may be; others are not forwarded."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The views of login and launch, and what they work with.

    Attributes:
        base_url: our own origin.
        launch_url: our one launch URL.
        landing: the page on which each kind of message lands: message type to endpoint.
    """

    base_url: str
    launch_url: str
    limits: Limits
    registry: Registry
    states: LoginStates
    verifier: Verifier
    launches: LaunchStore
    landing: Mapping[str, str]

    def login(self) -> ResponseReturnValue:
        """Send the browser to the platform's authentication endpoint.

        Security Framework 1.0 §5.1.1: GET and POST. The answer is a 302, because Moodle's
        SameSite=Lax cookies come along with a GET only.
        """
        self.limits.admit_address(request.remote_addr)
        params = _login_params(request.form if request.method == "POST" else request.args)
        if not under(self.base_url, params["target_link_uri"]):
            raise ToolError("login-target")
        platform = self.registry.for_login(params["iss"], params.get("client_id"))
        known = cookies_of(request)
        if known is Cookies.UNTRIED:
            return probe(request, params)
        target = params.get("lti_storage_target", "")
        refused = known is Cookies.REFUSED
        if refused and not target:
            return _ask_for_window(params)
        state = self.states.issue(
            now=g.now.timestamp(),
            platform_id=platform.id,
            target_link_uri=params["target_link_uri"],
            storage=storage_frame(target) if refused else "",
        )
        url = Login(params, platform, self.states, state).authentication_url(self.launch_url)
        if refused:
            return page(
                "launch/put.html",
                **_stored(state, platform),
                value=self.states.binding(state),
                onward=url,
                window=_window_url(params),
            )
        response = redirect_to(url, 302)
        set_cookie(response, host_cookie(state.name), self.states.binding(state), LIFETIME_SECONDS)
        return response

    def launch(self) -> ResponseReturnValue:
        """Verify the authentication response and open a session for it."""
        message = self._verified(lambda state: request.cookies.get(host_cookie(state.name)))
        verified = message.launch
        if not message.bound:
            return page(
                "launch/get.html",
                **_stored(message.state, message.platform),
                id_token=request.form["id_token"],
                state=message.state.token,
            )
        session_id = self.states.session_id(message.state)
        token = self.launches.open(
            verified, message.platform.id, session_id, g.now, cookieless=False
        )
        # The binding cookie stays until it expires, so that a refresh is told from a theft.
        response = redirect_to(address(session_id, self.landing[verified.message_type]), 303)
        give_session(response, session_id, token)
        return response

    def confirm(self) -> ResponseReturnValue:
        """Open a session for a launch whose binding our own page read from the platform's storage.

        Whoever starts a login knows its binding, so that this must come from our page: an Origin
        is required, other than for pages that a cookie guards.
        """
        if request.headers.get("Origin") != self.base_url:
            raise ToolError("form-foreign")
        message = self._verified(
            lambda state: request.form.get("value", "") if state.storage else None
        )
        session_id = self.states.session_id(message.state)
        token = self.launches.open(
            message.launch, message.platform.id, session_id, g.now, cookieless=True
        )
        return enter(session_id, token, self.landing[message.launch.message_type])

    def _verified(self, read_binding: ReadBinding) -> Verified:
        """Return the present request as a verified launch.

        Raises:
            ToolError: for anything else.
        """
        self.limits.admit_address(request.remote_addr)
        _one_each(request.form, ("id_token", "state", "value", "error"))
        if "error" in request.form and "id_token" not in request.form:
            raise ToolError("platform-refused")
        verified = self.verifier.verify(request.form, read_binding, g.now)
        # Only now: anybody can start a login in a platform's name, and would use up its budget.
        self.limits.admit_platform(verified.platform.id)
        if verified.launch.deep_linking and not verified.launch.rights.designer:
            raise ToolError("role-missing")
        return verified


def blueprint(doors: Doors) -> Blueprint:
    """Return the routes of login and launch."""
    bp = Blueprint("launch", __name__, url_prefix="/lti")
    bp.add_url_rule("/login", "login", doors.login, methods=["GET", "POST"])
    bp.add_url_rule("/launch", "launch", doors.launch, methods=["POST"])
    bp.add_url_rule("/confirm", "confirm", doors.confirm, methods=["POST"])
    return bp


def _ask_for_window(params: dict[str, str]) -> Response:
    """Offer the same login in a window of its own, where our cookies are first-party.

    Where they are refused there too, the browser refuses all cookies, and only its owner can
    change that.
    """
    g.frame = ANY_FRAME
    alone = NEW_WINDOW in request.args
    response = page("launch/window.html", window=None if alone else _window_url(params))
    response.headers["X-Proeftuin-Error"] = "browser-cookieless"
    return response


def _window_url(params: dict[str, str]) -> str:
    known: dict[str, Any] = params | {"lti_storage_target": None, NEW_WINDOW: "1"}
    return url_for("launch.login", **known)


def _stored(state: LoginState, platform: KnownPlatform) -> dict[str, Any]:
    """Return where the platform keeps the binding of a state, for our script."""
    g.frame = ANY_FRAME
    return {
        "frame": state.storage,
        "storage_origin": origin_of(platform.auth_login_url) or "",
        "key": state.name,
    }


def _login_params(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return the parameters that we know, each once and of a sensible length.

    Raises:
        ToolError: `login-malformed` or `login-incomplete`.
    """
    _one_each(sent, _LIMITS)
    params = {name: sent[name] for name in _LIMITS if sent.get(name)}
    for name, value in params.items():
        if len(value) > _LIMITS[name] or "\r" in value or "\n" in value:
            raise ToolError("login-malformed", name)
    if not {"iss", "login_hint", "target_link_uri"} <= params.keys():
        raise ToolError("login-incomplete")
    return params


def _one_each(sent: MultiDict[str, str], names: Iterable[str]) -> None:
    """Refuse a parameter that is given twice, or as an array."""
    for name in names:
        if len(sent.getlist(name)) > 1 or f"{name}[]" in sent:
            raise ToolError("login-malformed", name)
