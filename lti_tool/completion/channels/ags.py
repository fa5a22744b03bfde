"""Telling an LMS by Assignment and Grade Services 2.0."""

import json
from collections.abc import Sequence
from typing import ClassVar

from lti_tool.completion.channels import ags_body, bearer
from lti_tool.completion.channels.base import (
    AnyPlatform,
    Delivery,
    Equipped,
    Examination,
    Link,
    Outcome,
)
from lti_tool.completion.findings import FAILS, Finding
from lti_tool.completion.obstacles import NO_LINE_ITEM
from lti_tool.platforms.http import Answer
from lti_tool.platforms.lti import SCORE_SCOPE
from lti_tool.platforms.models import Platform

_CODES = {
    401: "not-authorised",  # also with a new token: the tool left the course (Canvas)
    403: "forbidden",
    404: "line-item-gone",
    409: "not-newer",  # AGS 2.0 §3.4.5; Moodle compares whole seconds
    410: "line-item-gone",
    412: "line-item-foreign",  # Canvas: the line item is another client's
    422: "not-possible-here",  # Canvas: concluded course, no student
}
_TOKEN_REFUSED = frozenset({401, 403})
"""RFC 6750 says 401 for a token that is no good; Open edX says 403 (measured)."""


class Ags(Equipped):
    """Posts "done" to the line item of the launch."""

    label: ClassVar[str] = "score service without a score (AGS)"
    remedy: ClassVar[str] = ""

    @staticmethod
    def obstacle(platform: AnyPlatform, link: Link) -> str | None:  # noqa: ARG004 - see the interface
        """Without a line item there is no address to report to."""
        return None if link.line_item else NO_LINE_ITEM

    def body(self, delivery: Delivery) -> dict[str, object]:
        """Return the message for this LMS."""
        return ags_body.completed(delivery.sub, delivery.stamped_at)

    def deliver(self, delivery: Delivery) -> Outcome:
        """Post the message."""

        def post(token: str) -> Answer:
            return self._http.post(
                ags_body.scores_url(delivery.link.line_item or ""),
                data=json.dumps(self.body(delivery)).encode(),
                headers={
                    "Authorization": f"Bearer {token}",
                    "Content-Type": ags_body.MEDIA_TYPE,
                    "Accept": "application/json",
                },
            )

        answer = bearer.ask(
            self._tokens, delivery.platform, SCORE_SCOPE, post, renew_on=_TOKEN_REFUSED
        )
        return answer if isinstance(answer, Outcome) else _read(answer)

    def tracking(self, platform: AnyPlatform, link: Link) -> str | None:  # noqa: ARG002 - see the interface
        """The standard has no question for it."""
        return None

    def examine(self, platform: Platform, links: Sequence[Link]) -> Examination:  # noqa: ARG002 - see the interface
        """Ask for a token; a line item cannot be tried without writing to it."""
        token = bearer.examine_token(self._tokens, platform, SCORE_SCOPE)
        refused = Finding(
            FAILS,
            bearer.TOKEN,
            f"the LMS does not grant the scope {SCORE_SCOPE}; switch it on for this tool there",
        )
        return Examination(True, (token or refused,))


class AgsCanvas(Ags):
    """The same, as a Canvas submission without a grade."""

    def body(self, delivery: Delivery) -> dict[str, object]:
        """Return the message with Canvas's submission extension."""
        return ags_body.completed_in_canvas(
            delivery.sub, delivery.stamped_at, delivery.completed_at
        )


def _read(answer: Answer) -> Outcome:
    """Say what an answer means: Moodle says 200 and nothing, Canvas 200 and a result address."""
    if failed := bearer.failure(answer):
        return failed
    if answer.ok:
        return Outcome("error-in-answer" if bearer.is_error(bearer.said(answer) or {}) else None)
    if answer.status == 422 and b"maximum number of allowed" in answer.body:
        return Outcome("attempts-exhausted")
    return Outcome(_CODES.get(answer.status, "not-accepted"))
