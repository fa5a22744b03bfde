"""Putting the sandbox together: one Flask application, up to three platforms."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from lti_tool.sandbox import api, routes, views
from lti_tool.sandbox.profiles import PROFILES
from lti_tool.sandbox.world.settings import SandboxSettings
from lti_tool.sandbox.world.store import Lms

MAX_BODY = 2_000_000


def create_sandbox(settings: SandboxSettings) -> Flask:
    """The sandbox LMS as a WSGI application.

    State lives in memory: run it in one process. `app.extensions["sandbox"]` holds the platforms
    by name.
    """
    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    platforms = {name: Lms(settings, PROFILES[name]) for name in settings.profiles}
    app.extensions["sandbox"] = platforms
    routes.register(app, list(platforms.values()))
    views.register(app, platforms)
    api.register(app, platforms)

    @app.before_request
    def _same_site() -> Response | None:
        """Another site's page must not press our buttons; the tool's own addresses are exempt."""
        changes = request.method not in ("GET", "HEAD")
        page = request.path.startswith("/api/") or not _is_protocol()
        if changes and page and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return Response("cross-site", 403)
        return None

    @app.after_request
    def _headers(response: Response) -> Response:
        tools = {
            _origin(url)
            for lms in platforms.values()
            for client in lms.clients.values()
            for url in (client.login_url, client.launch_url)
        }
        if frame := g.get("frame_origin"):
            tools.add(_origin(frame))
        sources = " ".join(sorted(tools - {""}))
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
            f"frame-src 'self' {sources}; form-action 'self' {sources}"
        )
        return response

    @app.errorhandler(HTTPException)
    def _error(error: HTTPException) -> tuple[str, int]:
        return render_template("error.html", lms=None, status=error.code), error.code or 500

    return app


def _is_protocol() -> bool:
    """Whether this address is one that the tool calls (their endpoints are `<profile>.<name>`)."""
    return "." in (request.endpoint or "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
