"""The ways in which an LMS can be told; which one is the family's business, not the flow's."""

from lti_tool.completion.channels.ags import Ags, AgsCanvas
from lti_tool.completion.channels.base import Channel, Delivery, Outcome
from lti_tool.completion.channels.moodle_ws import MoodleWs
from lti_tool.completion.problems import PROBLEMS, Problem
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import KnownPlatform
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.vault import Vault

KINDS: dict[str, type[Channel]] = {
    "ags": Ags,
    "ags_canvas": AgsCanvas,
    "moodle_ws": MoodleWs,
}
"""Channels by the name that `platforms.families` uses."""


class Channels:
    """One channel of each kind, ready to use.

    Args:
        http: the outbound client.
        tokens: access tokens for AGS.
        vault: unseals the token of a Moodle's web service.
    """

    def __init__(self, http: HttpClient, tokens: ServiceTokens, vault: Vault) -> None:
        self._channels = {name: kind(http, tokens, vault) for name, kind in KINDS.items()}

    def deliver(self, delivery: Delivery) -> Outcome:
        """Tell the LMS, or say why that did not work; see `Channel.deliver`."""
        obstacle_found = obstacle(delivery.platform, delivery.line_item)
        if obstacle_found:
            return Outcome(obstacle_found)
        return self._channels[FAMILIES[delivery.platform.family].channel].deliver(delivery)


def obstacle(platform: Platform | KnownPlatform, line_item: str | None) -> str | None:
    """Return why a link can never report, as a key of `problems.PROBLEMS`; None when it can."""
    return KINDS[FAMILIES[platform.family].channel].obstacle(platform, line_item)


def can_report(platform: Platform | KnownPlatform, line_item: str | None) -> bool:
    """Tell whether a completion of a link with this line item (if any) can reach the LMS."""
    return obstacle(platform, line_item) is None


def why_not(platform: Platform | KnownPlatform, line_item: str | None) -> Problem | None:
    """Return sentence and remedy for designers and learners, before starting; None when fine."""
    code = obstacle(platform, line_item)
    return PROBLEMS[code] if code else None
