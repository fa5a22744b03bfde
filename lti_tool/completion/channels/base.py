"""The interface of a channel: one delivery in, one outcome out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import KnownPlatform
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.vault import Vault


@dataclass(frozen=True, slots=True)
class Delivery:
    """One completion, as an LMS is to be told of it.

    Attributes:
        platform: whom to tell.
        link_id: the LMS's id of the resource link.
        line_item: address of its line item, if it has one.
        sub: the LMS's id of the person.
        completed_at: when the person was done; the same on every try.
        stamped_at: the timestamp of this try; newer than that of every earlier try.
    """

    platform: Platform
    link_id: str
    line_item: str | None
    sub: str
    completed_at: datetime
    stamped_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery.

    Attributes:
        problem: key of `problems.PROBLEMS`; None when the LMS took it and shows it.
        retry_after: the LMS's Retry-After header, unparsed, else "".
    """

    problem: str | None = None
    retry_after: str = ""


class Channel(Protocol):
    """A way to tell an LMS that someone is done, without a score."""

    def __init__(self, http: HttpClient, tokens: ServiceTokens, vault: Vault) -> None:
        """Take what channels need; none needs all of it."""

    @staticmethod
    def obstacle(platform: Platform | KnownPlatform, line_item: str | None) -> str | None:
        """Return why links like this can never report, as a problem's code, else None."""

    def deliver(self, delivery: Delivery) -> Outcome:
        """Tell the LMS once.

        Repeating a delivery must change nothing that the LMS shows, because its reply, or we
        ourselves, may be lost after it was carried out.
        """
