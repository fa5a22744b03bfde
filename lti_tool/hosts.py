"""Refusing a foreign Host before the application sees it."""

from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PROBED = frozenset({"/healthz", "/readyz", "/metrics"})
"""Paths that a watchman may ask for by IP address; they write no address into their answer."""

_ANSWER = b"This is not the address of Proeftuin.\n"


def own_host_only(app: Wsgi, host: str) -> Wsgi:
    """Return the application behind a check of the Host, which must stand inside `ProxyFix`.

    Args:
        app: the application.
        host: host, and port where it is not the scheme's own, in lower case.
    """

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ.get("HTTP_HOST", "").lower()
        if sent == host or environ.get("PATH_INFO") in PROBED:
            return app(environ, start_response)
        start_response(
            "400 Bad Request",
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(_ANSWER))),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [_ANSWER]

    return guarded
