"""Telling an LMS by the completion service (docs/completion-service.md): done, and no score."""

import json
from collections.abc import Sequence
from typing import ClassVar

from lti_tool.clock import iso_millis
from lti_tool.completion.channels import bearer
from lti_tool.completion.channels.base import (
    AUTOMATIC,
    MANUAL,
    UNANSWERED,
    UNTRACKED,
    AnyPlatform,
    Delivery,
    Equipped,
    Examination,
    Link,
    Outcome,
)
from lti_tool.completion.findings import FAILS, FINE, NOTE, Finding
from lti_tool.completion.obstacles import NO_SERVICE, OBSTACLES, SERVICE_REFUSED
from lti_tool.completion.obstacles import UNTRACKED as ACTIVITY_UNTRACKED
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.http import Answer, Unreachable
from lti_tool.platforms.lti import COMPLETION_SCOPE
from lti_tool.platforms.models import Platform
from lti_tool.platforms.signing import KeyFileUnsafe
from lti_tool.platforms.tokens import TokenRefused

_GONE = {404, 410}
_TRACKINGS = (AUTOMATIC, MANUAL, UNTRACKED)


class LtiCompletion(Equipped):
    """Posts "done" to the completion service of the launch."""

    label: ClassVar[str] = "completion service"
    remedy: ClassVar[str] = (
        "upload the completion plugin, which this tool serves as /moodle/completion.zip, under "
        "Site administration > Plugins > Install plugins"
    )

    @staticmethod
    def obstacle(platform: AnyPlatform, link: Link) -> str | None:  # noqa: ARG004 - see the interface
        """Without the address that a launch brings along, the LMS does not offer the service."""
        return None if link.completion_url else NO_SERVICE

    def granted(self, platform: AnyPlatform) -> bool:
        """Tell whether the LMS lets us use the service, before any link says where it is."""
        try:
            return bool(self._tokens.get(platform, (COMPLETION_SCOPE,)))
        except (TokenRefused, Unreachable, KeyFileUnsafe):
            return False

    def deliver(self, delivery: Delivery) -> Outcome:
        """Post that one person is done; the platform repeats it without harm."""
        message = {
            "userId": delivery.sub,
            "activityProgress": "Completed",
            "timestamp": iso_millis(delivery.completed_at),
        }
        answer = self._ask("POST", delivery.platform, delivery.link, message)
        return answer if isinstance(answer, Outcome) else _read(answer)

    def tracking(self, platform: AnyPlatform, link: Link) -> str | None:
        """Ask the service; it names no person."""
        answer = self._ask("GET", platform, link)
        if isinstance(answer, Outcome):
            return UNANSWERED if answer.obstacle == "unreachable" else None
        if not answer.ok:
            return None
        told = (bearer.said(answer) or {}).get("tracking")
        return told if told in _TRACKINGS else None

    def examine(self, platform: Platform, links: Sequence[Link]) -> Examination:
        """Ask for a token, and ask the service about the newest activity that still exists."""
        served = [link for link in links if link.completion_url]
        if not served and not FAMILIES[platform.family].completion_service:
            return Examination(False)
        token = bearer.examine_token(self._tokens, platform, COMPLETION_SCOPE)
        if token is None:
            if served:
                return Examination(True, (Finding(FAILS, self.label, _told(SERVICE_REFUSED)),))
            known = "the LMS knows us, and does not offer the completion service"
            return Examination(False, (Finding(FINE, bearer.TOKEN, known),))
        if token.verdict == FAILS:
            return Examination(True, (token,))
        return Examination(True, (token, self._try(platform, served)))

    def _try(self, platform: Platform, links: Sequence[Link]) -> Finding:
        for link in links:
            answer = self._ask("GET", platform, link)
            if isinstance(answer, Answer) and answer.status in _GONE:
                continue
            outcome = answer if isinstance(answer, Outcome) else _refusal(answer)
            if outcome is not None:
                return Finding(FAILS, self.label, _told(outcome.obstacle or ""))
            told = (bearer.said(answer) or {}).get("tracking") if isinstance(answer, Answer) else ""
            if told == UNTRACKED:
                return Finding(
                    NOTE, self.label, f"of the activity opened last: {_told(ACTIVITY_UNTRACKED)}"
                )
            if told in _TRACKINGS:
                return Finding(FINE, self.label, f"answers; completions will show ({told})")
            return Finding(FAILS, self.label, _told("error-in-answer"))
        return Finding(
            NOTE,
            self.label,
            "granted; it can be tried after an activity was opened once: open one in the course, "
            "then run this again",
        )

    def _ask(
        self,
        method: str,
        platform: AnyPlatform,
        link: Link,
        message: dict[str, str] | None = None,
    ) -> Answer | Outcome:
        def send(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
            if message is None:
                return self._http.send(method, link.completion_url or "", headers=headers)
            return self._http.send(
                method,
                link.completion_url or "",
                data=json.dumps(message).encode(),
                headers=headers | {"Content-Type": "application/json"},
            )

        answer = bearer.ask(self._tokens, platform, COMPLETION_SCOPE, send)
        if isinstance(answer, Outcome) and answer.obstacle == "scope-refused":
            return Outcome(SERVICE_REFUSED, elsewhere=True)
        return answer


def _read(answer: Answer) -> Outcome:
    """Say what the answer to a report means."""
    if outcome := _refusal(answer):
        return outcome
    body = bearer.said(answer) or {}
    if bearer.is_error(body) or body.get("tracking") not in _TRACKINGS:
        return Outcome("error-in-answer")
    if body["tracking"] == UNTRACKED:
        return Outcome(ACTIVITY_UNTRACKED)
    return Outcome(None if body.get("completed") is True else "not-shown")


def _refusal(answer: Answer) -> Outcome | None:
    """Say what is wrong with an answer; None for one that says yes."""
    if failed := bearer.failure(answer):
        return failed
    if answer.ok:
        return None
    if answer.status == 401:
        return Outcome("not-authorised", elsewhere=True)  # refused to this tool
    if answer.status in _GONE:
        # A Moodle without the plugin says so too, and its web service may know better.
        return Outcome("activity-gone", elsewhere=True)
    if answer.status == 403:
        # A refusal of the service has a reason; that of a proxy before it does not.
        return Outcome("not-possible-here" if bearer.said(answer) else "forbidden")
    # Our message is right: what cannot read it is not the service.
    return Outcome(SERVICE_REFUSED, elsewhere=True)


def _told(code: str) -> str:
    row = OBSTACLES[code]
    return f"{row.sentence} {row.remedy}"
