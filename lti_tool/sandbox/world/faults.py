"""Things that go wrong on purpose: once, a few times, or whenever the tool asks too fast."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

# What can be disturbed, and with what. `lost_reply` is carried out and then never answered.
TARGETS = ("services", "token", "jwks")
KINDS = ("500", "429", "403", "timeout", "lost_reply", "garbage", "huge", "redirect")


@dataclass
class Fault:
    """The next `count` calls to `target` go wrong in one way.

    `seconds` is the Retry-After of a 429 and the waiting time of a time-out or a lost reply.
    """

    target: str
    kind: str
    count: int = 1
    seconds: float = 2.0

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            raise ValueError(f"target must be one of {', '.join(TARGETS)}, not {self.target!r}")
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if not 1 <= self.count <= 10_000:
            raise ValueError("count must lie between 1 and 10000")
        if not 0 <= self.seconds <= 600:
            raise ValueError("seconds must lie between 0 and 600")


@dataclass
class Throttle:
    """At most `limit` service calls in any `seconds` seconds."""

    limit: int
    seconds: float

    def __post_init__(self) -> None:
        if self.limit < 1 or self.seconds <= 0:
            raise ValueError("a throttle needs a limit of at least 1 and more than 0 seconds")


class Faults:
    """The faults that wait, per target, oldest first; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._throttle: Throttle | None = None
        self._calls: deque[float] = deque()

    def add(self, fault: Fault) -> None:
        """Let `fault` happen after those that already wait for the same target."""
        with self._lock:
            self._waiting.append(fault)

    def set_throttle(self, throttle: Throttle | None) -> None:
        """Refuse service calls beyond a rate from now on, or stop doing so."""
        with self._lock:
            self._throttle = throttle
            self._calls.clear()

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._waiting.clear()
            self._throttle = None
            self._calls.clear()

    def take(self, target: str) -> Fault | None:
        """The fault for this call, used up by asking; None when the call may go right."""
        with self._lock:
            for fault in self._waiting:
                if fault.target == target:
                    fault.count -= 1
                    if fault.count == 0:
                        self._waiting.remove(fault)
                    return Fault(fault.target, fault.kind, 1, fault.seconds)
            return None

    def throttled(self, clock: Callable[[], float]) -> Throttle | None:
        """The throttle when this call comes too soon; otherwise the call is counted.

        `clock` must be read under the lock, or two threads could count out of order.
        """
        with self._lock:
            if self._throttle is None:
                return None
            now = clock()
            while self._calls and self._calls[0] <= now - self._throttle.seconds:
                self._calls.popleft()
            if len(self._calls) >= self._throttle.limit:
                return self._throttle
            self._calls.append(now)
            return None

    def listed(self) -> dict[str, Any]:
        """What waits, as plain data."""
        with self._lock:
            return {
                "waiting": [asdict(fault) for fault in self._waiting],
                "throttle": asdict(self._throttle) if self._throttle else None,
            }
