"""How many logins and launches are taken, per address and per platform.

Counted by `limits`, the engine of Flask-Limiter, and asked where it matters: Flask-Limiter's
own check before and after every request took a twentieth of a launch.
"""

from datetime import UTC, datetime
from math import ceil

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from lti_tool.config import Settings
from lti_tool.errors import ToolError


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

        Raises:
            ToolError: `too-many`.
        """
        self._count(self._address, "address", address or "")

    def admit_platform(self, platform_id: int) -> None:
        """Count one login of a platform, so that none can take all our time.

        Raises:
            ToolError: `too-many`.
        """
        self._count(self._platform, "platform", str(platform_id))

    def _count(self, limit: RateLimitItem | None, kind: str, who: str) -> None:
        if limit is None:
            return
        if self._counts.hit(limit, kind, who):
            return
        ends = self._counts.get_window_stats(limit, kind, who).reset_time
        wait = max(1, ceil(ends - datetime.now(UTC).timestamp()))
        raise ToolError("too-many", retry_after=wait)


def _parsed(limit: str | None) -> RateLimitItem | None:
    return parse(limit) if limit else None
