"""Every address that the tool calls goes through here.

In this order: look for score fields, disturb when asked to, do the work, refuse in the platform's
own way, and keep what happened for the inspector.
"""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from flask import Response, request

from lti_tool.sandbox.services.inspector import record, violation
from lti_tool.sandbox.services.score import score_fields, score_keys
from lti_tool.sandbox.world.faults import Fault
from lti_tool.sandbox.world.habits import Reply
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.store import Lms

JWT = re.compile(r"eyJ[\w-]*\.([\w-]+)\.[\w-]*")
DL_ITEMS = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"
SECRET_FIELDS = ("wstoken", "client_assertion", "JWT")
HUGE = 5_000_000
PROSE = ("deep_link", "registration")  # their texts are written for people


class Exchange:
    """One message while it is handled.

    Handlers set `shown` and `answer` to what the inspector shows of them, and `afterwards` to what
    has to be recorded after this message.
    """

    def __init__(self, lms: Lms, kind: str) -> None:
        self.lms = lms
        self.kind = kind
        self.shown: Any = None
        self.answer: Any = None
        self.afterwards: Callable[[], object] | None = None

    def sent(self) -> Any:
        """What was sent, readable and without secrets."""
        if self.shown is not None:
            return self.shown
        if request.form or request.args:
            fields = {**request.args.to_dict(), **request.form.to_dict()}
            return {
                name: "…" + value[-6:] if name in SECRET_FIELDS else value
                for name, value in fields.items()
            }
        return request.get_data(as_text=True)


Handler = Callable[..., Reply | Response]


def tool_facing(
    lms: Lms,
    kind: str,
    handler: Handler,
    refused: Callable[[Refusal], Reply | Response],
    *,
    target: str = "",
) -> Callable[..., Response]:
    """The Flask view for `handler`.

    Args:
        lms: the platform that is called.
        kind: the message's kind, a key of `inspector.KINDS`.
        handler: called with the `Exchange` and the route's values; may raise `Refusal`.
        refused: how this platform says no here.
        target: which faults can hit this address (see `faults.TARGETS`).
    """

    def view(**values: Any) -> Response:
        request.get_data(cache=True)  # before anything parses the form, or the raw body is gone
        exchange = Exchange(lms, kind)
        scores = _find_scores(exchange)
        fault = _disturbance(lms, target)
        reason: Refusal | None = None
        verdict = "accepted"
        if fault is not None and fault.kind != "lost_reply":
            reason, verdict = Refusal("fault", got=fault.kind), "disturbed"
            answer: Reply | Response = _disturbed(lms, fault)
        else:
            try:
                if scores:
                    raise Refusal("score_field", got=", ".join(scores))
                answer = handler(exchange, **values)
            except Refusal as refusal:
                reason, verdict = refusal, "refused"
                answer = refused(refusal)
        if fault is not None and fault.kind == "lost_reply":
            reason, verdict = reason or Refusal("fault", got="lost_reply"), "disturbed"
            lms.stopping.wait(fault.seconds)
        response = _response(answer)
        record(
            lms,
            kind,
            to="lms",
            method=request.method,
            url=_shown_url(),
            sent=exchange.sent(),
            status=response.status_code,
            answer=_shown_answer(exchange, response),
            verdict=verdict,
            reason=reason,
        )
        if exchange.afterwards is not None:
            exchange.afterwards()
        if fault is not None and fault.kind in ("timeout", "lost_reply"):
            return _hang_up()
        return response

    return view


def _response(answer: Reply | Response) -> Response:
    if isinstance(answer, Response):
        return answer
    response = Response(answer.body, answer.status, content_type=answer.content_type)
    for name, value in answer.headers:
        response.headers[name] = value
    return response


def _shown_url() -> str:
    return re.sub(r"(wstoken=)[^&]*", r"\1…", request.url)


def _shown_answer(exchange: Exchange, response: Response) -> Any:
    if exchange.answer is not None:
        return exchange.answer
    body = response.get_data(as_text=True)
    return body if len(body) < 4000 else f"({len(body)} tekens / characters)"


def _find_scores(exchange: Exchange) -> list[str]:
    """Score fields in the URL, the headers, the body or a JWT in it; each find is a violation."""
    body = request.get_data(as_text=True)
    headers = (f"{name}: {value}" for name, value in request.headers.items())
    payloads = list(_payloads(body))
    found = set(score_fields([request.url, *headers]))
    found.update(*map(score_keys, payloads))
    if exchange.kind not in PROSE:
        found.update(score_fields([body]))
    for name in sorted(found):
        violation(exchange.lms, exchange.kind, _shown_url(), name)
    return sorted(found)


def _payloads(body: str) -> Iterator[Any]:
    """The body as JSON, and the payload of every JWT in it.

    A line item's maximum is no score and is left out: Deep Linking 2.0 §3.2 requires
    `lineItem.scoreMaximum`, which describes a column, not a person.
    """
    raw = [body.encode()]
    for segment in JWT.findall(body):
        with suppress(ValueError):
            raw.append(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    for text in raw:
        try:
            payload = json.loads(text)
        except (ValueError, RecursionError):
            continue  # not JSON after all
        with suppress(AttributeError, TypeError):  # odd shapes are for the handler to refuse
            for item in payload.get(DL_ITEMS, []):
                item.get("lineItem", {}).pop("scoreMaximum", None)
        yield payload


def _disturbance(lms: Lms, target: str) -> Fault | None:
    if target == "services" and (throttle := lms.faults.throttled(lms.now)):
        lms.count("throttled")
        return Fault(target, str(lms.habits.throttle_status), 1, throttle.seconds)
    return lms.faults.take(target) if target else None


def _disturbed(lms: Lms, fault: Fault) -> Reply:
    if fault.kind == "timeout":
        lms.stopping.wait(fault.seconds)
    # Canvas sends these two with a throttled answer, and no Retry-After.
    limits = (("X-Request-Cost", "1.0"), ("X-Rate-Limit-Remaining", "0.0"))
    return {
        "500": Reply(500, "<h1>Internal Server Error</h1>", "text/html"),
        "429": Reply(
            429,
            "429 Too Many Requests",
            "text/plain",
            (("Retry-After", str(max(1, round(fault.seconds)))), *limits),
        ),
        "403": Reply(403, "403 Forbidden (Rate Limit Exceeded)", "text/plain", limits),
        "timeout": Reply(504, "", "text/plain"),
        "garbage": Reply(200, "<!doctype html><title>Welkom</title><p>{keys", "text/html"),
        "huge": Reply(200, '{"keys":[' + " " * HUGE + "]}"),
        "redirect": Reply(302, "", "text/plain", (("Location", lms.issuer + "/elsewhere"),)),
    }[fault.kind]


def _hang_up() -> Response:
    """Close the connection without an answer."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response("", 504)
