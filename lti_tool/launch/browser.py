"""Whether this browser keeps our cookies, found out before the platform is contacted.

A platform's login hints are good once (Canvas, Moodle), so that it is too late to find out at
the launch. A browser that has never shown our cookie is sent around once: it gets a cookie and
comes back to the same address. A client that does not say what it is (no Sec-Fetch headers) is
not sent around; what it lacks shows at the launch.
"""

import re
from enum import Enum, auto
from typing import Any

from flask import Request, Response, url_for

from lti_tool.launch.session import host_cookie, set_cookie
from lti_tool.web import redirect_to

PROBED = "c"
"""Parameter that says that the browser comes back with, or without, the cookie."""

NEW_WINDOW = "w"
"""Parameter that says that the person opened the login in a window of its own."""

_COOKIE = "lti-probe"
_KEPT_SECONDS = 30 * 86_400

_FRAME = re.compile(r"[\w.-]{1,64}", re.ASCII)
_NO_FRAMES = frozenset({"top", "opener", "self", "parent", "window", "__proto__", "constructor"})
PARENT = "_parent"


class Cookies(Enum):
    """What we know about a browser's cookies."""

    KEPT = auto()
    REFUSED = auto()
    UNKNOWN = auto()
    UNTRIED = auto()


def cookies_of(request: Request) -> Cookies:
    """Tell what is known of the browser that makes this request."""
    if host_cookie(_COOKIE) in request.cookies:
        return Cookies.KEPT
    if PROBED in request.args:
        return Cookies.REFUSED
    return Cookies.UNTRIED if "Sec-Fetch-Dest" in request.headers else Cookies.UNKNOWN


def probe(request: Request, params: dict[str, str]) -> Response:
    """Send the browser back to the login with a cookie.

    A POST is repeated as it was (307), so that a long hint need not fit in an address.

    Args:
        request: the login.
        params: its parameters that we know; others are not passed on.
    """
    marks: dict[str, Any] = {PROBED: "1", NEW_WINDOW: request.args.get(NEW_WINDOW) and "1"}
    if request.method == "POST":
        url, status = url_for("launch.login", **marks), 307
    else:
        url, status = url_for("launch.login", **params | marks), 302
    response = redirect_to(url, status)
    set_cookie(response, host_cookie(_COOKIE), "1", _KEPT_SECONDS)
    return response


def storage_frame(target: str) -> str:
    """Return the frame that keeps data for us: `target`, or `_parent` for a name that is none."""
    return target if _FRAME.fullmatch(target) and target not in _NO_FRAMES else PARENT
