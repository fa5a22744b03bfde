"""What happened, counted at the moment it happens, for `/metrics`: how often, never who or where.

The processes of one `serve` count into files of one folder, which prometheus_client adds up. That
folder must be named before the library is loaded, and by every process itself: one that is started
by another must not count into its files. Forked processes share it. It is made with the first
count, so that a command that counts nothing leaves nothing behind.
"""

import atexit
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

_FOLDER = Path(tempfile.gettempdir()) / f"proeftuin-counters-{secrets.token_hex(8)}"
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_FOLDER)
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

from flask import Flask, Response, g, request  # noqa: E402 - the folder is named first
from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: E402 - as above
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402 - as above

REFUSED = "X-Proeftuin-Error"
"""The header that names why a request was refused."""

_KINDS = {
    "launch.login": "login",
    "launch.launch": "launch",
    "launch.confirm": "launch",
    "player.react": "reaction",
    "deeplink.picker": "picker",
    "media.file": "media",
    "static": "static",
}
"""Endpoints that are timed by themselves; the others of the player are `player`, and so on."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_AGES = (1.0, 5.0, 30.0, 120.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)


@dataclass(frozen=True, slots=True)
class _Counts:
    """What is counted."""

    launches: Counter
    reactions: Counter
    deliveries: Counter
    ages: Histogram
    latencies: Histogram


@cache
def _counts() -> _Counts:
    _FOLDER.mkdir(mode=0o700, exist_ok=True)  # by whichever of the forked processes is first
    return _Counts(
        launches=Counter(
            "proeftuin_launches",
            "Logins and launches: `ok`, or `refused` with the code on the page.",
            ["step", "outcome", "code"],
            registry=None,
        ),
        reactions=Counter("proeftuin_reactions", "Reactions that were taken.", registry=None),
        deliveries=Counter(
            "proeftuin_deliveries",
            "Tries to tell an LMS: the state they led to, and what was the matter.",
            ["outcome", "obstacle"],
            registry=None,
        ),
        ages=Histogram(
            "proeftuin_delivery_age_seconds",
            "From the completion to its delivery, in seconds; one that is sent again counts again.",
            buckets=_AGES,
            registry=None,
        ),
        latencies=Histogram(
            "proeftuin_request_seconds",
            "How long requests took in this process, in seconds.",
            ["kind"],
            buckets=_SECONDS,
            registry=None,
        ),
    )


def add_to(registry: CollectorRegistry) -> None:
    """Let a registry show what the processes of this `serve` counted so far."""
    _counts()
    MultiProcessCollector(registry, path=str(_FOLDER))  # type: ignore[no-untyped-call]  # theirs


def count_requests(app: Flask) -> None:
    """Count what an app answers."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        kind = _kind(request.endpoint)
        began = g.get("began")
        if began is not None:
            _latencies(kind).observe(time.perf_counter() - began)
        code = response.headers.get(REFUSED, "")
        if kind in {"login", "launch"}:
            _launches(kind, code).inc()
        elif kind == "reaction" and response.status_code < 400:
            _counts().reactions.inc()
        return response


@cache
def _latencies(kind: str) -> Histogram:
    """Return the histogram of one kind of request; looking it up takes as long as counting."""
    return _counts().latencies.labels(kind)


@cache
def _launches(step: str, code: str) -> Counter:
    """Return the counter of one outcome; there are as many as steps and codes."""
    return _counts().launches.labels(step, "refused" if code else "ok", code)


def count_refusal(step: str) -> None:
    """Count a login or launch that was refused again without asking the app; see `floods`."""
    _launches(step, "too-many").inc()


def count_delivery(state: str, obstacle: str, age: timedelta) -> None:
    """Count one try to tell an LMS.

    Args:
        state: the completion's new state.
        obstacle: what was the matter; "" for nothing.
        age: since the completion.
    """
    _counts().deliveries.labels(state, obstacle).inc()
    if not obstacle:
        _counts().ages.observe(age.total_seconds())


def _kind(endpoint: str | None) -> str:
    """Return under which name a request is timed: few names, whatever is asked."""
    if endpoint is None:
        return "none"
    return _KINDS.get(endpoint) or endpoint.partition(".")[0]
