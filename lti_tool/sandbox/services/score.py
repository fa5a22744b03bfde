"""A score message, read strictly (Assignment and Grade Services 2.0 §3.4), and the hunt for scores.

Pure: no Flask, no clock, no state.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from lti_tool.sandbox.world.reasons import Refusal

SCORE_MEDIA_TYPE = "application/vnd.ims.lis.v1.score+json"
ACTIVITY_PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING_PROGRESS = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")

# ISO 8601 with a time zone; AGS 2.0 §3.4.5 also wants sub-seconds, which `strict` insists on.
ANY_ISO_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
SUB_SECOND_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)"

_SCORE_FIELD = re.compile(r"(?<![a-z0-9])(scoreGiven|scoreMaximum|comment)(?![a-z0-9])", re.I)


@dataclass(frozen=True)
class Score:
    """A score message as AGS 2.0 §3.4 defines it, minus every field that carries a score."""

    user_id: str
    activity_progress: str
    grading_progress: str
    timestamp: datetime
    body: Mapping[str, Any]

    @property
    def says_done(self) -> bool:
        """True when the message means: finished, and nothing is left to grade."""
        return self.activity_progress == "Completed" and self.grading_progress == "FullyGraded"


def score_fields(parts: Iterable[str]) -> list[str]:
    """Every score field named anywhere in `parts` (URLs, headers, bodies), sorted, each once.

    Names are found in any capitals, percent-encoded or not.
    """
    found: set[str] = set()
    for part in parts:
        for text in (part, unquote_plus(part)):
            found.update(match.group(1) for match in _SCORE_FIELD.finditer(text))
    return sorted(found)


def score_keys(value: Any) -> list[str]:
    """Every score field among the names in a JSON value, however deep; texts are not looked at.

    For messages that carry people's own words, in which "comment" is just a word.
    """
    found: set[str] = set()
    waiting = [value]
    while waiting:
        inside = waiting.pop()
        if isinstance(inside, dict):
            found.update(score_fields(str(name) for name in inside))
            waiting += inside.values()
        elif isinstance(inside, list):
            waiting += inside
    return sorted(found)


def parse_time(text: object, pattern: str) -> datetime:
    """`text` as an aware time when it matches `pattern` wholly.

    Raises:
        Refusal: `timestamp_format`.
    """
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        raise Refusal("timestamp_format", got=text)
    try:
        return datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Refusal("timestamp_format", got=text) from wrong


def parse_score(raw: bytes, *, timestamp_pattern: str, progress_checked: bool) -> Score:
    """The score message in `raw`.

    Args:
        raw: the request body.
        timestamp_pattern: a regular expression that the timestamp must match.
        progress_checked: whether values outside the vocabulary are refused (Moodle 4.5 stores
            any text, measured with "Bogus").

    Raises:
        Refusal: naming the first thing that is wrong.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise Refusal("body_json") from wrong
    if not isinstance(body, dict):
        raise Refusal("body_json")
    for name in ("userId", "activityProgress", "gradingProgress", "timestamp"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise Refusal("field_missing", name=name)
    if progress_checked:
        for name, known in (
            ("activityProgress", ACTIVITY_PROGRESS),
            ("gradingProgress", GRADING_PROGRESS),
        ):
            if body[name] not in known:
                raise Refusal("progress_value", name=name, got=body[name])
    return Score(
        user_id=body["userId"],
        activity_progress=body["activityProgress"],
        grading_progress=body["gradingProgress"],
        timestamp=parse_time(body["timestamp"], timestamp_pattern),
        body=body,
    )
