"""`GET /metrics`, for Prometheus: what happened here, and how the outbox stands per platform.

What happened is counted as it happens, see `counters`. How the outbox stands is read from the
database at each visit, so that it is the same whichever machine answers; by index, so that a visit
costs as much as there is waiting, not as much as was ever completed. Both say how many, never who.
"""

from collections.abc import Iterator
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select

from lti_tool.clock import Clock
from lti_tool.completion.models import PARKED, WAITING, Completion
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.ops import counters
from lti_tool.platforms.models import Platform


def blueprint(settings: Settings, clock: Clock) -> Blueprint:
    """Return the route.

    Args:
        settings: the token that it asks for.
        clock: the time, from which ages are counted.
    """
    bp = Blueprint("metrics", __name__)

    @bp.get("/metrics")
    def metrics() -> Response:
        """Answer in Prometheus's text format to whoever brings the token.

        Without `PROEFTUIN_METRICS_TOKEN` there is no such page in production.
        """
        if settings.metrics_token is None and settings.production:
            abort(404)
        if settings.metrics_token is not None and not _brings(settings.metrics_token):
            return Response(
                "This page needs the token PROEFTUIN_METRICS_TOKEN, as Authorization: Bearer.\n",
                401,
                {"WWW-Authenticate": "Bearer"},
                mimetype="text/plain",
            )
        registry = CollectorRegistry()
        registry.register(_Outbox(clock))
        counters.add_to(registry)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return bp


def standing() -> Select[Any]:
    """Return the query: name, waiting, parked and the oldest that waits, of every platform."""

    def of_platform(what: Any, state: str) -> Any:
        return (
            select(what)
            .where(Completion.platform_id == Platform.id, Completion.state == state)
            .correlate(Platform)
            .scalar_subquery()
        )

    return select(
        Platform.name,
        of_platform(func.count(), WAITING),
        of_platform(func.count(), PARKED),
        of_platform(func.min(Completion.completed_at), WAITING),
    )


class _Outbox(Collector):
    """Counts completions per platform; a platform without any counts 0."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Spare the registry a count when the collector is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the three numbers of every platform."""
        waiting, parked, oldest = (
            GaugeMetricFamily(f"proeftuin_outbox_{name}", text, labels=["platform"])
            for name, text in (
                ("waiting", "Completions that are on their way to the LMS."),
                ("parked", "Completions that need help; see: proeftuin outbox list."),
                (
                    "oldest_seconds",
                    "Age of the oldest completion that is on its way, in seconds.",
                ),
            )
        )
        now = self._clock()
        for platform, waits, parks, since in db.session.execute(standing()):
            waiting.add_metric([platform], waits)
            parked.add_metric([platform], parks)
            age = max(0.0, (now - since).total_seconds()) if since else 0.0
            oldest.add_metric([platform], age)
        yield from (waiting, parked, oldest)


def _brings(token: str) -> bool:
    """Tell whether the request carries the token (RFC 6750 §2.1)."""
    sent = request.headers.get("Authorization", "")
    return compare_digest(sent.encode(), f"Bearer {token}".encode())
