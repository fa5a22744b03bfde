"""Assignment and Grade Services 2.0, as far as a tool without scores may use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request

from lti_tool.sandbox.protocol.tokens import require_token
from lti_tool.sandbox.services.exchange import Exchange
from lti_tool.sandbox.services.inspector import violation
from lti_tool.sandbox.services.score import (
    ANY_ISO_TIME,
    SCORE_MEDIA_TYPE,
    Score,
    parse_score,
    parse_time,
)
from lti_tool.sandbox.world.habits import Reply
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import AGS, Activity, Client, GradeRow, LineItem, Submission
from lti_tool.sandbox.world.store import Lms

CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"


def post_score(lms: Lms, exchange: Exchange, line_item_id: int) -> Reply:
    """Take a score message (AGS 2.0 §3.4) and do with it what this platform does.

    Raises:
        Refusal: naming the first thing that is wrong.
    """
    habits = lms.habits
    if request.method != "POST":
        raise Refusal("method", got=request.method)
    client = require_token(lms, AGS + "score")
    if request.mimetype != SCORE_MEDIA_TYPE:
        raise Refusal("media_type", want=SCORE_MEDIA_TYPE, got=request.mimetype or "(geen / none)")
    with lms.lock:
        activity = _activity(lms, client, line_item_id)
        score = parse_score(
            request.get_data(),
            timestamp_pattern=habits.timestamp_pattern,
            progress_checked=habits.progress_checked,
        )
        exchange.shown = dict(score.body)
        person = lms.person_by_sub(score.user_id)
        if person is None:
            raise Refusal("user_unknown", got=score.user_id)
        if person.role != "learner":
            raise Refusal("user_not_a_learner", got=score.user_id)
        _check_timestamp(lms, activity, score)
        answer = habits.on_score(lms, activity, person.sub, score)
        lms.memory.score_times[activity.id, person.sub] = score.timestamp
        return answer


def _activity(lms: Lms, client: Client, line_item_id: int) -> Activity:
    activity = lms.activity_of(line_item_id)
    if activity is None:
        raise Refusal("line_item_unknown")
    if activity.client_id != client.client_id:
        raise Refusal("line_item_foreign")
    _check_query(lms, client)
    return activity


def _check_query(lms: Lms, client: Client) -> None:
    query = lms.habits.paths.service_query.replace("{deployment}", client.deployment_id)
    if query and query[1:] not in request.query_string.decode().split("&"):
        raise Refusal("line_item_query")


def _check_timestamp(lms: Lms, activity: Activity, score: Score) -> None:
    """Refuse a message that is not newer than the last one for this learner and line item.

    Stricter than Moodle 4.5, where an empty grade row blocks nothing (measured): a tool should
    never need that leniency.
    """
    habits = lms.habits
    if habits.timestamp_ahead is not None:
        limit = datetime.fromtimestamp(lms.now(), UTC) + timedelta(seconds=habits.timestamp_ahead)
        if score.timestamp > limit:
            raise Refusal("timestamp_future", got=score.body["timestamp"])
    key = (activity.id, score.user_id)
    row = lms.memory.grades.get(key)
    for earlier in (lms.memory.score_times.get(key), row.at if row else None):
        if earlier is not None and not habits.timestamp_passes(earlier, score.timestamp):
            raise Refusal("timestamp_old", got=score.body["timestamp"])


def newer(earlier: datetime, later: datetime) -> bool:
    """AGS 2.0 §3.4.5: strictly newer, sub-seconds counted."""
    return later > earlier


def newer_by_whole_seconds(earlier: datetime, later: datetime) -> bool:
    """Moodle 4.5 (measured): milliseconds are ignored, the same second is refused."""
    return int(later.timestamp()) > int(earlier.timestamp())


def not_older(earlier: datetime, later: datetime) -> bool:
    """Canvas (source): an equal timestamp passes."""
    return later >= earlier


# --- what a platform does with a score that holds no score ----------------------------------------


def tick_when_done(lms: Lms, activity: Activity, sub: str, score: Score) -> Reply:
    """A generic platform: Completed and FullyGraded without a score means done."""
    if score.says_done:
        lms.complete(activity, sub, "tool")
    return Reply(200, "")


def empty_grade_row(lms: Lms, activity: Activity, sub: str, _score: Score) -> Reply:
    """Moodle 4.5 (measured): 200, an empty row, no tick, and an earlier grade is erased.

    Erasing the grade also undoes a completion that the grade had brought.
    """
    row = lms.memory.grades.setdefault((activity.id, sub), GradeRow())
    if row.grade is not None:
        row.grade, row.at, row.wiped = None, None, row.wiped + 1
        tick = lms.memory.completions.get((activity.id, sub))
        if tick and tick.by == "grade":
            del lms.memory.completions[activity.id, sub]
    return Reply(200, "", "text/html; charset=utf-8")


def canvas_submission(lms: Lms, activity: Activity, sub: str, score: Score) -> Reply:
    """Canvas (source): a submission, perhaps a new attempt, and perhaps a wiped grade.

    Raises:
        Refusal: a malformed extension, a time in the future, or no attempts left.
    """
    if lms.memory.concluded:
        raise Refusal("course_concluded")
    extension = _object(score.body, CANVAS_SUBMISSION)
    for name in ("new_submission", "preserve_score", "prioritize_non_tool_grade"):
        if not isinstance(extension.get(name, True), bool):
            raise Refusal("submission_shape", name=name)
    kind = extension.get("submission_type", "external_tool")
    if kind not in ("none", "external_tool", "basic_lti_launch", "online_url", "online_text_entry"):
        raise Refusal("submission_shape", name="submission_type")
    submitted_at = _submitted_at(lms, _object(score.body, "submission"))
    key = (activity.id, sub)
    if extension.get("new_submission", True) and kind != "none":
        attempt = _next_attempt(lms, activity, key, submitted_at)
        state = "pending_review" if score.grading_progress == "PendingManual" else "submitted"
        url = str(extension.get("submission_data", ""))
        lms.memory.submissions[key] = Submission(attempt, submitted_at, state, str(kind), url)
        if lms.setting(activity).key == "must_submit":
            lms.complete(activity, sub, "submission")
    row = lms.memory.grades.get(key)
    if row and row.grade is not None and not extension.get("preserve_score", False):
        row.grade, row.wiped = None, row.wiped + 1
    result = lms.url("line_items") + f"/{activity.line_item and activity.line_item.id}/results/1"
    return Reply(200, json.dumps({"resultUrl": result}))


def _next_attempt(
    lms: Lms, activity: Activity, key: tuple[int, str], submitted_at: datetime
) -> int:
    """The attempt's number: one more, unless the same submission time came before."""
    earlier = lms.memory.submissions.get(key)
    attempt = earlier.attempt if earlier else 0
    if earlier is None or earlier.submitted_at != submitted_at:
        if activity.allowed_attempts is not None and attempt >= activity.allowed_attempts:
            raise Refusal("attempts_exhausted")
        attempt += 1
    return attempt


def _submitted_at(lms: Lms, submission: Mapping[str, Any]) -> datetime:
    now = datetime.fromtimestamp(lms.now(), UTC)
    if "submittedAt" not in submission:
        return now
    try:
        submitted_at = parse_time(submission["submittedAt"], ANY_ISO_TIME)
    except Refusal as wrong:
        raise Refusal("submission_shape", name="submittedAt") from wrong
    if submitted_at > now + timedelta(minutes=1):
        raise Refusal("submitted_future")
    return submitted_at


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise Refusal("submission_shape", name=name)
    return value


# --- line items -----------------------------------------------------------------------------------


def list_line_items(lms: Lms, _exchange: Exchange) -> Reply:
    """The tool's own line items (AGS 2.0 §3.2), filtered as asked; only to be read."""
    client = require_token(lms, AGS + "lineitem.readonly", AGS + "lineitem")
    if request.method != "GET":
        raise Refusal("line_item_read_only")
    _check_query(lms, client)
    if CONTAINER not in request.headers.get("Accept", ""):
        raise Refusal("accept_type", want=CONTAINER, got=request.headers.get("Accept", ""))
    found = []
    for activity in lms.memory.activities.values():
        if activity.line_item is None or activity.client_id != client.client_id:
            continue
        shown = _as_line_item(lms, client, activity, activity.line_item)
        wanted = {
            "resourceLinkId": request.args.get("resource_link_id"),
            "resourceId": request.args.get("resource_id"),
            "tag": request.args.get("tag"),
        }
        if all(value is None or shown.get(name) == value for name, value in wanted.items()):
            found.append(shown)
    return Reply(200, json.dumps(found), CONTAINER)


def show_line_item(lms: Lms, _exchange: Exchange, line_item_id: int) -> Reply:
    """One line item (AGS 2.0 §3.2); PUT and DELETE are refused."""
    client = require_token(lms, AGS + "lineitem.readonly", AGS + "lineitem")
    if request.method != "GET":
        raise Refusal("line_item_read_only")
    activity = _activity(lms, client, line_item_id)
    if activity.line_item is None:
        raise Refusal("line_item_unknown")
    return Reply(
        200, json.dumps(_as_line_item(lms, client, activity, activity.line_item)), LINE_ITEM
    )


def refuse_results(lms: Lms, exchange: Exchange, **_route: object) -> Reply:
    """Reading results breaks the tool's promise: always refused, always noted."""
    violation(lms, exchange.kind, request.url, "results")
    raise Refusal("gradebook_read")


def _as_line_item(
    lms: Lms, client: Client, activity: Activity, item: LineItem
) -> dict[str, str | float]:
    shown: dict[str, str | float] = {
        "id": lms.line_item_url(item, client),
        "label": item.label,
        "scoreMaximum": item.maximum,
        "resourceLinkId": activity.resource_link_id,
    }
    if item.resource_id:
        shown["resourceId"] = item.resource_id
    if item.tag:
        shown["tag"] = item.tag
    return shown
