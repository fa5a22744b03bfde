"""The interface of a channel: it delivers, is examined, and explains its remedy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from lti_tool.completion.findings import Finding
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import KnownPlatform
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.vault import Vault

AUTOMATIC, MANUAL, UNTRACKED = "automatic", "manual", "none"
"""How an LMS decides that an activity is done: by conditions, by hand, or not at all."""

UNANSWERED = "unanswered"
"""In place of those: the LMS did not answer, or not in time."""

AnyPlatform = Platform | KnownPlatform


@dataclass(frozen=True, slots=True)
class Link:
    """A link as its last launch described it.

    Attributes:
        id: the LMS's id of the resource link.
        line_item: address of its line item, if it has one.
        completion_url: address of its completion service, if there is one.
    """

    id: str
    line_item: str | None = None
    completion_url: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One completion, as an LMS is to be told of it.

    Attributes:
        platform: whom to tell.
        link: the link that was completed.
        sub: the LMS's id of the person.
        completed_at: when the person was done; the same on every try.
        stamped_at: the timestamp of this try; newer than that of every earlier try.
    """

    platform: Platform
    link: Link
    sub: str
    completed_at: datetime
    stamped_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery.

    Attributes:
        obstacle: key of `obstacles.OBSTACLES`; None when the LMS took it and shows it.
        retry_after: the LMS's Retry-After header, unparsed, else "".
        elsewhere: whether another channel may know better, because this one is not there.
    """

    obstacle: str | None = None
    retry_after: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Examination:
    """What the doctor found out about one channel.

    Attributes:
        open: whether the LMS lets us use the channel, or should and does not.
        findings: in the order in which a reader should repair things.
    """

    open: bool
    findings: tuple[Finding, ...] = ()


class Equipped:
    """What channels work with; none needs all of it."""

    def __init__(self, http: HttpClient, tokens: ServiceTokens, vault: Vault) -> None:
        self._http = http
        self._tokens = tokens
        self._vault = vault


class Channel(Protocol):
    """A way to tell an LMS that someone is done, without a score."""

    label: ClassVar[str]
    """Its name for administrators."""

    remedy: ClassVar[str]
    """How an administrator opens it; "" where nothing can be done for a whole platform."""

    def __init__(self, http: HttpClient, tokens: ServiceTokens, vault: Vault) -> None:
        """Take what channels need; none needs all of it."""

    @staticmethod
    def obstacle(platform: AnyPlatform, link: Link) -> str | None:
        """Return why links like this can never report, as an obstacle's code, else None."""

    def deliver(self, delivery: Delivery) -> Outcome:
        """Tell the LMS once.

        Repeating a delivery must change nothing that the LMS shows, because its reply, or we
        ourselves, may be lost after it was carried out.
        """

    def tracking(self, platform: AnyPlatform, link: Link) -> str | None:
        """Ask how the LMS tracks a link's activity, without naming any person.

        Returns:
            `AUTOMATIC`, `MANUAL` or `UNTRACKED`; `UNANSWERED`; None when the LMS does not tell.
        """

    def examine(self, platform: Platform, links: Sequence[Link]) -> Examination:
        """Try all that a delivery needs, and change nothing.

        Args:
            platform: the platform.
            links: those that were opened last, newest first; some may be gone in the LMS.
        """
