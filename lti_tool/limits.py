"""How many logins, launches, guesses and insights are taken, per address, platform or person.

Counted by `limits`, the engine of Flask-Limiter, and asked where it matters: Flask-Limiter's
own check before and after every request took a twentieth of a launch.
"""

from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from lti_tool.config import Settings
from lti_tool.errors import ToolError

GUESSES = parse("8 per 10 minutes")
"""Of a code of six letters, of which there are 34 million, by one person."""

_INSIGHTS = parse("20 per hour")
"""What one person may publish: far more than anybody has to say, and too little to flood a wall."""


class Limits:
    """Counts in memory, per process, or in Redis for all processes together.

    Args:
        settings: `launch_limit` per address, `platform_limit` per platform; None for no limit.
    """

    def __init__(self, settings: Settings) -> None:
        self._address = _parsed(settings.launch_limit)
        self._platform = _parsed(settings.platform_limit)
        self._counts = FixedWindowRateLimiter(storage_from_string(settings.limits_storage))

    def admit_address(self, address: str | None) -> None:
        """Count one login or launch from an address; a school's people share one.

        An IPv6 address counts with its neighbours in the same /64, which is what one
        connection gets (RFC 6177): it would have 2^64 budgets otherwise.

        Raises:
            ToolError: `too-many`.
        """
        self._count(self._address, "address", household(address or ""))

    def admit_platform(self, platform_id: int) -> None:
        """Count one verified launch of a platform, so that none can take all our time.

        Not a login: anybody can start one in a platform's name, and would use up its budget.

        Raises:
            ToolError: `too-many`.
        """
        self._count(self._platform, "platform", str(platform_id))

    def admit_guess(self, learner_id: int) -> None:
        """Count one try of a person at a code that another person was given.

        Raises:
            ToolError: `too-many`.
        """
        self._count(GUESSES, "guess", str(learner_id))

    def admit_insight(self, learner_id: int) -> None:
        """Count one insight that a person publishes.

        Raises:
            ToolError: `insight-often`.
        """
        self._count(_INSIGHTS, "insight", str(learner_id), "insight-often")

    def _count(
        self, limit: RateLimitItem | None, kind: str, who: str, code: str = "too-many"
    ) -> None:
        if limit is None:
            return
        if self._counts.hit(limit, kind, who):
            return
        ends = self._counts.get_window_stats(limit, kind, who).reset_time
        wait = max(1, ceil(ends - datetime.now(UTC).timestamp()))
        raise ToolError(code, retry_after=wait)


def _parsed(limit: str | None) -> RateLimitItem | None:
    return parse(limit) if limit else None


def household(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
