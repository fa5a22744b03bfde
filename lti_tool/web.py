"""What holds for every page: headers, language, error pages, request limits, log lines."""

import json
import logging
import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    g,
    has_request_context,
    render_template,
    request,
)
from flask.sessions import NullSession, SessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool import templating
from lti_tool.clock import Clock
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.errors import PROBLEMS, ToolError
from lti_tool.hosts import own_host_only

LANGUAGES = ("nl", "en")

MAX_BODY = 256 * 1024
"""Bytes of a request; an id_token with its form is far smaller."""

log = logging.getLogger("proeftuin")

"""A host as it may stand in a Content-Security-Policy, where a `;` would start a directive."""

_HTTP_CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 429: "too-many"}


@dataclass(frozen=True, slots=True)
class Frame:
    """Which pages may show the present one in a frame, and where its forms may lead.

    Views set it as `g.frame`; a page without one is shown in no frame.

    Attributes:
        ancestors: origins, or `*` for any.
        targets: origins that forms may be sent to, besides ours.
    """

    ancestors: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()


NO_FRAME = Frame()
ANY_FRAME = Frame(ancestors=frozenset("*"))
"""For pages on which nothing can be abused, where a blank frame would help nobody."""


class _NoSession(SessionInterface):
    """In place of Flask's cookie session, which we do not use: ours are `launch.session`.

    Making one ready took a twentieth of a login.
    """

    def open_session(self, _app: Flask, _request: Request) -> NullSession:
        """Give what complains when something is put into it."""
        return NullSession()

    def is_null_session(self, _session: object) -> bool:
        """Always: nothing of it is sent."""
        return True


class App(Flask):
    """The tool, without what Flask does for each request and we do not need."""

    jinja_environment = templating.Environment
    session_interface = _NoSession()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function as it is: none of ours is a coroutine, so none has to be looked at."""
        return func


def init_app(app: Flask, settings: Settings, clock: Clock) -> None:
    """Give an app the common behaviour of all pages."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.wsgi_app = own_host_only(  # type: ignore[assignment,method-assign]  # Flask's documented way
        app.wsgi_app, urlsplit(settings.base_url).netloc
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    Babel(app, default_locale="nl", default_timezone="Europe/Amsterdam", locale_selector=locale)

    @app.before_request
    def begin() -> None:
        g.now = clock()
        g.settings = settings
        _refuse_nul()

    app.after_request(_secure)
    app.register_error_handler(ToolError, _tool_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _unexpected)
    _version_static_files(app)
    templating.equip(app, locale)


def _version_static_files(app: Flask) -> None:
    """Give styles and scripts an address that changes with their content, for caches to keep.

    What others link to (the icon, Moodle's role preset) keeps its plain address.
    """
    folder = Path(app.static_folder or "")
    versions = {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*")
        if path.suffix in {".css", ".js"}
    }

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in versions:
            values["v"] = versions[values["filename"]]

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code < 400:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif request.endpoint == "static" and request.path.endswith(".woff2"):
            # Styles name the typeface without a version; asking for it anew would make text jump.
            response.headers["Cache-Control"] = "public, max-age=2592000"
        return response


def locale() -> str:
    """Return the language of the present page: the session's, else the browser's, else Dutch."""
    if not has_request_context():
        return "nl"
    known: str | None = g.get("locale")
    if known is not None:
        return known
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        return str(wanted)
    if not request.accept_languages:
        return "nl"
    return request.accept_languages.best_match(LANGUAGES) or "en"


def page(template: str, status: int = 200, /, **context: Any) -> Response:
    """Render a page that belongs to a person: never stored by caches."""
    return _unstored(render_template(template, **context), status)


def _unstored(text: str, status: int) -> Response:
    response = Response(text, status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def redirect_to(url: str, status: int) -> Response:
    """Return a redirect: 302 to another site, 303 after a POST, 307 to repeat a POST."""
    return Response(status=status, headers={"Location": url, "Cache-Control": "no-store"})


def _refuse_nul() -> None:
    """Refuse a NUL character wherever it stands: PostgreSQL stores none, and no person types one.

    Raises:
        ToolError: `bad-request`.
    """
    sent = request.form.listvalues() if request.method == "POST" else ()
    if (
        "\0" in request.path
        or b"%00" in request.query_string
        or any("\0" in value for values in sent for value in values)
    ):
        raise ToolError("bad-request")


def _secure(response: Response) -> Response:
    """Add the security headers.

    COOP stays off, because a new window opened by the LMS may need its opener.
    """
    headers = response.headers
    if not 300 <= response.status_code < 400:  # a redirect shows nothing
        headers.setdefault("Content-Security-Policy", _content_policy())
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if g.settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _content_policy() -> str:
    """Return the Content-Security-Policy: ours only, and framed by none but the page's `Frame`."""
    frame: Frame = g.get("frame", NO_FRAME)
    ancestors = " ".join(sorted(frame.ancestors)) or "'none'"
    targets = " ".join(["'self'", *sorted(frame.targets)])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; "
        f"object-src 'none'; form-action {targets}; frame-ancestors {ancestors}"
    )


def _tool_error(error: ToolError) -> ResponseReturnValue:
    response = _error_page(error.code, error.problem.status, error.detail)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    status = error.code or 500
    code = _HTTP_CODES.get(status, "bad-request" if status < 500 else "internal")
    if isinstance(error, RequestEntityTooLarge):
        code = "too-large"
    response = _error_page(code, status, "")
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _database_away(error: OperationalError) -> ResponseReturnValue:
    """Say that the database is restarting, gone, locked or full: nothing was committed."""
    response = _error_page("database-away", 503, type(error.orig).__name__)
    response.headers["Retry-After"] = "10"
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected error")
    return _error_page("internal", 500, type(error).__name__)


def _error_page(code: str, status: int, detail: str) -> Response:
    """Render the page for a code; the reference leads from a person's phone call to the log."""
    db.session.rollback()
    reference = secrets.token_hex(4)
    if g.get("visit") is None:  # nothing on it can be abused, and a blank frame helps nobody
        g.frame = ANY_FRAME
    log.warning("refused", extra={"code": code, "reference": reference, "detail": detail})
    text = _refused_at_the_door(code, locale()) if g.get("visit") is None else _refused(code)
    response = _unstored(text.replace(_REFERENCE, reference), status)
    response.headers["X-Proeftuin-Error"] = code
    return response


_REFERENCE = "reference-goes-here"


def _refused(code: str) -> str:
    advice = PROBLEMS[code].advice.value
    return render_template("error.html", code=code, reference=_REFERENCE, advice=advice)


@lru_cache(maxsize=256)
def _refused_at_the_door(code: str, _locale: str) -> str:
    """Return the page for a code without a visit: the same for everybody but for the reference.

    Held, so that whoever sends over and over what is refused takes little time of those who learn.
    """
    return _refused(code)


class JsonLines(logging.Formatter):
    """Log lines as JSON: codes and references, no people, no tokens, no addresses."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        for name in ("code", "reference", "detail", "platform", "count"):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if has_request_context() and request.url_rule is not None:
            line["route"] = request.url_rule.rule
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            # Where, not what: an exception's text may hold what a person wrote.
            frames = traceback.extract_tb(record.exc_info[2])[-3:]
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=True)
