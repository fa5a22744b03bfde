"""What a sandbox needs to know before it starts."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

ALL_PROFILES = ("strict", "moodle", "canvas")


@dataclass(frozen=True)
class SandboxSettings:
    """How one sandbox server is set up.

    Args:
        base_url: the address at which browsers and the tool reach the sandbox, no slash at the end.
        tool_url: the tool's base address, no slash at the end.
        profiles: which of the three platforms to serve, in the order shown to people.
        clock: gives the time in seconds since 1970; tests move it.
        secret: seeds the web service token and signs message hints. A sandbox guards nothing real.
        verify_tls: passed to `requests` when the tool's keys are fetched (a path, or False).
        fetch_timeout: seconds to wait for the tool's keys.
    """

    base_url: str
    tool_url: str
    profiles: tuple[str, ...] = ALL_PROFILES
    clock: Callable[[], float] = time.time
    secret: str = "zandbak"  # noqa: S105 - a practice platform with invented people, no secret
    verify_tls: bool | str = True
    fetch_timeout: float = 5.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        object.__setattr__(self, "tool_url", self.tool_url.rstrip("/"))
        unknown = set(self.profiles) - set(ALL_PROFILES)
        if unknown or not self.profiles:
            raise ValueError(
                f"profiles must be some of {', '.join(ALL_PROFILES)}; "
                f"not known: {', '.join(sorted(unknown)) or 'none given'}"
            )

    def derived(self, purpose: str) -> str:
        """A 64 character hex value that is always the same for this secret and purpose."""
        return hashlib.sha256(f"{self.secret}|{purpose}".encode()).hexdigest()
