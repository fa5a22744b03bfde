"""Telling Moodle by its own web service.

Measured on Moodle 4.5 (and read in the source of 5.1): a score without a number is answered
with 200, leaves an empty grade row and ticks nothing, in any completion setting. The web
service ticks the activity and writes nothing in the gradebook; so with this channel nothing is
ever posted there.
"""

from lti_tool.completion.channels.base import Delivery, Outcome
from lti_tool.completion.moodle import MoodleAnswered, MoodleService, NotMoodle, Tick
from lti_tool.completion.problems import NO_WEB_SERVICE
from lti_tool.platforms.http import HttpClient, RefusedAddress, Unreachable
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import KnownPlatform
from lti_tool.platforms.tokens import ServiceTokens, is_throttled
from lti_tool.vault import BrokenSeal, Vault

CODES = {
    "invalidtoken": "ws-token-invalid",
    "accessexception": "ws-not-allowed",
    "requireloginerror": "ws-cannot-open",
    "nopermission": "ws-cannot-complete",
    "nopermissions": "ws-cannot-complete",
    "completionnotenabled": "completion-off",
    "invalidcoursemodule": "activity-gone",
    "invalidcoursemoduleid": "activity-gone",
    "invalidrecord": "activity-gone",
    "invalidrecordunknown": "activity-gone",
}
"""Moodle's error codes, which come with HTTP status 200."""


class MoodleWs:
    """Looks up the course module of the link and overrides its completion for one person."""

    def __init__(self, http: HttpClient, tokens: ServiceTokens, vault: Vault) -> None:  # noqa: ARG002 - one signature for all channels
        self._http = http
        self._vault = vault

    @staticmethod
    def obstacle(platform: Platform | KnownPlatform, line_item: str | None) -> str | None:  # noqa: ARG004 - see the interface
        """Without web service there is no signal that Moodle would show."""
        return None if platform.ws_url and platform.ws_token else NO_WEB_SERVICE

    def deliver(self, delivery: Delivery) -> Outcome:
        """Tick the activity; ticking it again changes nothing, not even its time (measured).

        Moodle checks neither that the person exists nor that they are enrolled (measured), so
        that only the `sub` of a verified launch may come here.
        """
        if not _is_number(delivery.sub):
            return Outcome("person-unknown")
        if not _is_number(delivery.link_id):
            return Outcome("activity-gone")
        try:
            tick = self._tick(delivery)
            code = _missing(tick)
        except MoodleAnswered as answer:
            code = CODES.get(answer.errorcode, "ws-error")
        except NotMoodle as other:
            return _without_moodle(other)
        except BrokenSeal:
            code = "ws-token-unreadable"
        except RefusedAddress:
            code = "address-refused"
        except Unreachable:
            code = "unreachable"
        return Outcome(code)

    def _tick(self, delivery: Delivery) -> Tick:
        platform = delivery.platform
        token = self._vault.unseal(platform.ws_token or "")
        service = MoodleService(self._http, platform.ws_url or "", token)
        module = service.course_module(delivery.link_id)
        return service.override_completion(module.id, delivery.sub)


def _is_number(text: str) -> bool:
    """Moodle's ids are database ids (measured)."""
    return text.isascii() and text.isdigit()


def _missing(tick: Tick) -> str | None:
    """Say what lacks for a tick that shows: an override of nothing is answered with 200 too."""
    if not tick.tracking:
        return "activity-untracked"
    return None if tick.state >= 1 else "ws-error"


def _without_moodle(other: NotMoodle) -> Outcome:
    """Say what an answer means that Moodle's web service did not write."""
    later = other.answer.headers.get("retry-after", "")
    if is_throttled(other.answer):
        return Outcome("throttled", later)
    if other.answer.status == 403:
        return Outcome("ws-off")  # measured: a bare 403 when web services or REST are off
    return Outcome("server-error", later)
