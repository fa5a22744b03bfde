"""The inspector: every message that went between this platform and the tool, and the verdict."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any

from lti_tool.sandbox.world.habits import Text
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.store import Lms

KINDS: dict[str, Text] = {
    "login": Text("Aanmelding begint", "Login starts"),
    "auth": Text("Tool vraagt wie er komt", "Tool asks who is coming"),
    "id_token": Text("Start: het ondertekende bericht", "Launch: the signed message"),
    "deep_link": Text("Gekozen activiteiten", "Chosen activities"),
    "jwks": Text("Tool haalt de sleutels op", "Tool fetches the keys"),
    "token": Text("Tool vraagt een toegangstoken", "Tool asks for an access token"),
    "score": Text("Melding van afronding (AGS)", "Completion message (AGS)"),
    "completion": Text(
        "Melding van afronding (afrondingsservice)", "Completion message (completion service)"
    ),
    "line_items": Text("Tool kijkt naar cijferitems", "Tool looks at line items"),
    "web_service": Text("Webservice van Moodle", "Moodle's web service"),
    "configuration": Text("Tool leest de instellingen", "Tool reads the configuration"),
    "registration": Text("Tool registreert zich", "Tool registers itself"),
}

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Message:
    """One message and what became of it.

    `to` is "lms" or "tool"; `verdict` is "accepted", "refused" or "disturbed".
    """

    id: int
    at: float
    kind: str
    to: str
    method: str
    url: str
    sent: Any
    status: int
    answer: Any
    verdict: str
    reason: Refusal | None

    @property
    def title(self) -> Text:
        """What kind of message this is, for people."""
        return KINDS[self.kind]

    def pretty(self, part: str) -> str:
        """`sent` or `answer` as text to read."""
        value = getattr(self, part)
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)

    def as_dict(self) -> dict[str, Any]:
        """The message as plain data, for the JSON API."""
        return {
            "id": self.id,
            "at": self.at,
            "kind": self.kind,
            "to": self.to,
            "method": self.method,
            "url": self.url,
            "sent": self.sent,
            "status": self.status,
            "answer": self.answer,
            "verdict": self.verdict,
            "reason": self.reason and {"code": self.reason.code, "text": self.reason.text("en")},
        }


def record(
    lms: Lms,
    kind: str,
    *,
    to: str,
    method: str,
    url: str,
    sent: Any,
    status: int = 0,
    answer: Any = "",
    verdict: str = "accepted",
    reason: Refusal | None = None,
) -> Message:
    """Keep one message, newest first; the oldest goes when too many are kept."""
    message = Message(
        next(_numbers), lms.now(), kind, to, method, url, sent, status, answer, verdict, reason
    )
    with lms.lock:
        lms.memory.messages.appendleft(message)
        lms.count(f"{kind}:{verdict}")
    return message


def violation(lms: Lms, kind: str, url: str, what: str) -> None:
    """Note that the tool did something that this product promises never to do."""
    with lms.lock:
        lms.memory.violations.append({"at": lms.now(), "kind": kind, "url": url, "what": what})
