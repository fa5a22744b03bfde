"""`GET /metrics`: how the outbox stands, per platform, for Prometheus.

The numbers are counted in the database at each visit, so that they are the same whichever of
several processes answers. They say how many, never who.
"""

from collections.abc import Iterator

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from lti_tool.clock import Clock
from lti_tool.completion import report
from lti_tool.completion.models import DELIVERED, PARKED, WAITING
from lti_tool.db import db


def blueprint(clock: Clock) -> Blueprint:
    """Return the route.

    Args:
        clock: the time, from which ages are counted.
    """
    bp = Blueprint("metrics", __name__)

    @bp.get("/metrics")
    def metrics() -> Response:
        """Answer in Prometheus's text format."""
        registry = CollectorRegistry()
        registry.register(_Outbox(clock))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return bp


class _Outbox(Collector):
    """Counts completions per platform; a platform without any counts 0."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Spare the registry a count when the collector is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the four numbers of every platform."""
        families = {
            state: GaugeMetricFamily(f"proeftuin_outbox_{state}", text, labels=["platform"])
            for state, text in (
                (WAITING, "Completions that are on their way to the LMS."),
                (PARKED, "Completions that need help; see: proeftuin outbox list."),
                (DELIVERED, "Completions that the LMS took."),
            )
        }
        oldest = GaugeMetricFamily(
            "proeftuin_outbox_oldest_seconds",
            "Age of the oldest completion that is on its way, in seconds.",
            labels=["platform"],
        )
        now = self._clock()
        counts: dict[str, dict[str, int]] = {}
        ages: dict[str, float] = {}
        for tally in report.tallies(db.session()):
            of_platform = counts.setdefault(tally.platform, dict.fromkeys(families, 0))
            if tally.state:
                of_platform[tally.state] = tally.count
            if tally.oldest:
                ages[tally.platform] = max(0.0, (now - tally.oldest).total_seconds())
        for platform, of_platform in counts.items():
            for state, count in of_platform.items():
                families[state].add_metric([platform], count)
            oldest.add_metric([platform], ages.get(platform, 0.0))
        yield from (*families.values(), oldest)
