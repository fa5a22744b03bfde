"""Refusing an address again that asks too often, at next to no cost.

A refusal is a page like any other: written in the visitor's language, with a reference that stands
in the log. A thousand of them a second would take the time of those who learn, and fill the log. So
an address that was refused gets the same page again, reference included, until its time is over.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

from lti_tool.hosts import Wsgi
from lti_tool.limits import household

LOGIN, LAUNCH = "/lti/login", "/lti/launch"
STEPS = {LOGIN: "login", LAUNCH: "launch"}
"""The paths that count together per address, and under which name they are counted."""

MOST = 1000
"""Refusals that are held, of about 2 kB each."""

MOST_LANGUAGES = 100
"""Characters of a wish for a language that belong to it."""

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A page that is given again.

    Attributes:
        until: when its time is over, by the monotonic clock.
    """

    status: str
    headers: Headers
    body: bytes
    until: float


class RefuseAgain:
    """The application behind what it refused already; it must stand inside `ProxyFix`.

    Only what a login was answered is held: a launch is refused with the same code when its platform
    has launched too often, and the other people at that address come from others.

    Args:
        app: the application.
        count: told the step of each refusal that is given again.
    """

    def __init__(self, app: Wsgi, count: Callable[[str], None]) -> None:
        self._app = app
        self._count = count
        self._held: dict[tuple[str, str], _Refusal] = {}

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if path not in STEPS:
            return self._app(environ, start_response)
        language = environ.get("HTTP_ACCEPT_LANGUAGE", "")[:MOST_LANGUAGES]
        who = household(environ.get("REMOTE_ADDR", "")), language
        held, now = self._held.get(who), time.monotonic()
        if held is not None and now < held.until:
            self._count(STEPS[path])
            wait = str(ceil(held.until - now))
            start_response(held.status, [*held.headers, ("Retry-After", wait)])
            return [held.body]
        if held is not None:
            self._held.pop(who, None)
        if path != LOGIN:
            return self._app(environ, start_response)
        return self._watched(environ, start_response, who)

    def _watched(
        self, environ: dict[str, Any], start_response: Callable[..., Any], who: tuple[str, str]
    ) -> Iterable[bytes]:
        """Let the application answer, and hold what it says when that is a refusal."""
        said: list[tuple[str, Headers]] = []

        def listening(status: str, headers: Headers, *more: Any) -> Any:
            said.append((status, headers))
            return start_response(status, headers, *more)

        answer = self._app(environ, listening)
        status, headers = said[-1] if said else ("", [])
        wait = dict(headers).get("Retry-After", "")
        if not (status.startswith("429") and wait.isdigit()):
            return answer
        body = b"".join(answer)
        if len(self._held) >= MOST:
            self._held.clear()
        others = [(name, value) for name, value in headers if name != "Retry-After"]
        self._held[who] = _Refusal(status, others, body, time.monotonic() + int(wait))
        return [body]
