"""Telling an LMS by Assignment and Grade Services 2.0."""

import json

from lti_tool.completion.channels import ags_body
from lti_tool.completion.channels.base import Delivery, Outcome
from lti_tool.completion.problems import NO_LINE_ITEM
from lti_tool.platforms.http import Answer, HttpClient, RefusedAddress, Unreachable
from lti_tool.platforms.lti import SCORE_SCOPE
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import KnownPlatform
from lti_tool.platforms.signing import KeyFileUnsafe
from lti_tool.platforms.tokens import ServiceTokens, TokenRefused, is_throttled
from lti_tool.vault import Vault

_CODES = {
    401: "not-authorised",  # also with a new token: the tool left the course (Canvas)
    403: "forbidden",
    404: "line-item-gone",
    409: "not-newer",  # AGS 2.0 §3.4.5; Moodle compares whole seconds
    410: "line-item-gone",
    412: "line-item-foreign",  # Canvas: the line item is another client's
    422: "not-possible-here",  # Canvas: concluded course, no student
}
_TOKEN_REFUSED = {401, 403}
_PASSES = {408, 425}


class Ags:
    """Posts "done" to the line item of the launch."""

    def __init__(self, http: HttpClient, tokens: ServiceTokens, vault: Vault) -> None:  # noqa: ARG002 - one signature for all channels
        self._http = http
        self._tokens = tokens

    @staticmethod
    def obstacle(platform: Platform | KnownPlatform, line_item: str | None) -> str | None:  # noqa: ARG004 - see the interface
        """Without a line item there is no address to report to."""
        return None if line_item else NO_LINE_ITEM

    def body(self, delivery: Delivery) -> dict[str, object]:
        """Return the message for this LMS."""
        return ags_body.completed(delivery.sub, delivery.stamped_at)

    def deliver(self, delivery: Delivery) -> Outcome:
        """Post the message; a token that was refused is renewed once.

        RFC 6750 says 401 for that; Open edX says 403 (measured).
        """
        try:
            answer = self._post(delivery, fresh=False)
            if answer.status in _TOKEN_REFUSED and not is_throttled(answer):
                answer = self._post(delivery, fresh=True)
        except TokenRefused as refusal:
            return _token_problem(refusal)
        except RefusedAddress:
            return Outcome("address-refused")
        except Unreachable:
            return Outcome("unreachable")
        except KeyFileUnsafe:
            return Outcome("key-unusable")
        return _read(answer)

    def _post(self, delivery: Delivery, *, fresh: bool) -> Answer:
        token = self._tokens.get(delivery.platform, (SCORE_SCOPE,), fresh=fresh)
        return self._http.post(
            ags_body.scores_url(delivery.line_item or ""),
            data=json.dumps(self.body(delivery)).encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": ags_body.MEDIA_TYPE,
                "Accept": "application/json",
            },
        )


class AgsCanvas(Ags):
    """The same, as a Canvas submission without a grade."""

    def body(self, delivery: Delivery) -> dict[str, object]:
        """Return the message with Canvas's submission extension."""
        return ags_body.completed_in_canvas(
            delivery.sub, delivery.stamped_at, delivery.completed_at
        )


def _read(answer: Answer) -> Outcome:
    """Say what an answer means."""
    later = answer.headers.get("retry-after", "")
    if is_throttled(answer):
        return Outcome("throttled", later)
    if answer.ok and not answer.body.lstrip().startswith(b"<"):
        return Outcome()  # Moodle answers 200 with nothing, Canvas 200 with a result address
    if answer.status < 400 or answer.status >= 500 or answer.status in _PASSES:
        return Outcome("server-error", later)  # also a redirect or a page: maintenance, a proxy
    if answer.status == 422 and b"maximum number of allowed" in answer.body:
        return Outcome("attempts-exhausted")
    return Outcome(_CODES.get(answer.status, "not-accepted"))


def _token_problem(refusal: TokenRefused) -> Outcome:
    if refusal.throttled:
        return Outcome("throttled", refusal.retry_after)
    if not 400 <= refusal.status < 500:
        return Outcome("server-error", refusal.retry_after)
    return Outcome("scope-refused" if refusal.error == "invalid_scope" else "token-refused")
