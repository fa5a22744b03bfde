"""What the doctor says: one line per part that was tried. Pure."""

from dataclasses import dataclass

FINE, NOTE, FAILS = "ok", "note", "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for an administrator.

    Attributes:
        verdict: `FINE`, `NOTE` or `FAILS`.
        what: which part was tried.
        text: what was found and, unless it is fine, what to do.
    """

    verdict: str
    what: str
    text: str

    def line(self) -> str:
        """Return the finding as it is printed."""
        return f"{self.verdict:4}  {self.what}: {self.text}"


def refused_address(what: str, url: str, reason: Exception) -> Finding:
    """Return the finding for an address that we never ask."""
    return Finding(
        FAILS,
        what,
        f"{url} is refused ({reason}); use HTTPS or, for an LMS on your own network, set "
        "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS=1",
    )
