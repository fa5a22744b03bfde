"""The ways in which an LMS can be told; which one is the link's and family's business."""

from collections.abc import Iterator, Sequence

from lti_tool.completion.channels.ags import Ags, AgsCanvas
from lti_tool.completion.channels.base import (
    AnyPlatform,
    Channel,
    Delivery,
    Examination,
    Link,
    Outcome,
)
from lti_tool.completion.channels.lti_completion import LtiCompletion
from lti_tool.completion.channels.moodle_ws import MoodleWs
from lti_tool.completion.obstacles import OBSTACLES, Obstacle
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.models import Platform
from lti_tool.platforms.tokens import ServiceTokens
from lti_tool.vault import Vault

KINDS: dict[str, type[Channel]] = {
    "lti_completion": LtiCompletion,
    "ags": Ags,
    "ags_canvas": AgsCanvas,
    "moodle_ws": MoodleWs,
}
"""Channels by the name that `platforms.families` uses."""


PATIENCE_SECONDS = 2.0
"""How long a page waits for what the LMS has to say; deliveries have more time."""


def ways(platform: AnyPlatform) -> tuple[str, str]:
    """Return the channels of a platform: the completion service, then what its family has."""
    return ("lti_completion", FAMILIES[platform.family].channel)


def usable(platform: AnyPlatform, link: Link) -> list[str]:
    """Return the channels by which a link can report, best first."""
    return [name for name in ways(platform) if KINDS[name].obstacle(platform, link) is None]


def obstacle(platform: AnyPlatform, link: Link) -> str | None:
    """Return why a link can never report, as a key of `OBSTACLES`; None when it can."""
    if usable(platform, link):
        return None
    return KINDS[FAMILIES[platform.family].channel].obstacle(platform, link)


def why_not(platform: AnyPlatform, link: Link) -> Obstacle | None:
    """Return sentence and remedy for designers and learners, before starting; None when fine."""
    code = obstacle(platform, link)
    return OBSTACLES[code] if code else None


class Channels:
    """One channel of each kind, ready to use.

    Args:
        http: the outbound client.
        tokens: access tokens.
        vault: unseals the token of a Moodle's web service.
    """

    def __init__(self, http: HttpClient, tokens: ServiceTokens, vault: Vault) -> None:
        self._http = http
        self._channels = {name: kind(http, tokens, vault) for name, kind in KINDS.items()}
        self._service = LtiCompletion(http, tokens, vault)

    def deliver(self, delivery: Delivery) -> Outcome:
        """Tell the LMS, or say why that did not work; see `Channel.deliver`."""
        outcome = Outcome(obstacle(delivery.platform, delivery.link))
        for name in usable(delivery.platform, delivery.link):
            outcome = self._channels[name].deliver(delivery)
            if not outcome.elsewhere:
                break
        return outcome

    def outlook(self, platform: AnyPlatform) -> Obstacle | None:
        """Return why an activity that is about to be placed could not report; None when fine.

        Most LMSs give a line item with the deep link. Whether one that takes a plugin has it,
        only its token endpoint knows before the first launch.
        """
        code = obstacle(platform, Link("", line_item="will come"))
        if code is None:
            return None
        return None if self.serves(platform) else OBSTACLES[code]

    def serves(self, platform: AnyPlatform) -> bool:
        """Whether the LMS has the completion service; then nobody needs to set anything there."""
        if not FAMILIES[platform.family].completion_service:
            return False
        with self._http.within(PATIENCE_SECONDS):
            return self._service.granted(platform)

    def tracking(self, platform: AnyPlatform, link: Link) -> str | None:
        """Ask how the LMS tracks an activity; see `Channel.tracking`."""
        with self._http.within(PATIENCE_SECONDS):
            told = (self._channels[way].tracking(platform, link) for way in usable(platform, link))
            return next(filter(None, told), None)

    def examine(
        self, platform: Platform, links: Sequence[Link]
    ) -> Iterator[tuple[type[Channel], Examination]]:
        """Try every channel that a platform may have; see `Channel.examine`."""
        for name in ways(platform):
            yield KINDS[name], self._channels[name].examine(platform, links)
