"""The completion service (docs/completion-service.md): done, without a score.

Answers as Moodle's plugin of that name does. It can be switched off, for a bare Moodle.
"""

from __future__ import annotations

import json
from typing import Any

from flask import request

from lti_tool.sandbox.protocol.tokens import require_token
from lti_tool.sandbox.services.exchange import Exchange
from lti_tool.sandbox.services.score import ANY_ISO_TIME, parse_time
from lti_tool.sandbox.world.habits import Reply
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import COMPLETION_SCOPE, Activity
from lti_tool.sandbox.world.store import Lms

FIELDS = {"userId", "activityProgress", "timestamp"}
TRACKING = {0: "none", 1: "manual", 2: "automatic"}

STATUSES = {
    "bearer_missing": 401,
    "bearer_unknown": 401,
    "bearer_expired": 401,
    "bearer_scope": 401,
    "method": 405,
    "link_unknown": 404,
    "link_foreign": 403,
    "user_unknown": 403,
    "activity_hidden": 403,
}


def serve(lms: Lms, exchange: Exchange, activity_id: int) -> Reply:
    """Tell how an activity completes (GET), or complete it for one person (POST).

    Raises:
        Refusal: naming the first thing that is wrong.
    """
    if not lms.offers_completion:
        raise Refusal("service_missing")
    if request.method not in ("GET", "POST"):
        raise Refusal("method", got=request.method)
    client = require_token(lms, COMPLETION_SCOPE)
    with lms.lock:
        activity = lms.memory.activities.get(activity_id)
        if activity is None:
            raise Refusal("link_unknown")
        if activity.client_id != client.client_id:
            raise Refusal("link_foreign")
        if request.method == "GET":
            return Reply(200, json.dumps({"tracking": tracking(lms, activity)}))
        body = _body()
        exchange.shown = body
        person = lms.person_by_sub(body["userId"])
        if person is None:
            raise Refusal("user_unknown", got=body["userId"])
        if activity.hidden:
            raise Refusal("activity_hidden")
        tracked = tracking(lms, activity)
        completed = tracked != "none" and lms.complete(activity, person.sub, "tool").state == 1
        return Reply(200, json.dumps({"tracking": tracked, "completed": completed}))


def tracking(lms: Lms, activity: Activity) -> str:
    """How the activity completes, with the switches of the site and the course counted in."""
    switches = lms.memory.web_service
    on = switches.completion_site and switches.completion_course
    return TRACKING[lms.setting(activity).tracking if on else 0]


def refused(refusal: Refusal) -> Reply:
    """Moodle's answer: the status, and the reason as JSON."""
    status = STATUSES.get(refusal.code, 400)
    return Reply(status, json.dumps({"status": status, "reason": refusal.text("en")}))


def _body() -> dict[str, Any]:
    """What was posted. Raises `Refusal` unless it is exactly what the specification says."""
    if request.mimetype != "application/json":
        raise Refusal("media_type", want="application/json", got=request.mimetype or "-")
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as wrong:
        raise Refusal("body_json") from wrong
    if not isinstance(body, dict):
        raise Refusal("body_json")
    for name in sorted(FIELDS ^ set(body)):
        raise Refusal("completion_fields", name=name)
    if not isinstance(body["userId"], str) or not body["userId"]:
        raise Refusal("field_missing", name="userId")
    if body["activityProgress"] != "Completed":
        raise Refusal("progress_value", name="activityProgress", got=body["activityProgress"])
    parse_time(body["timestamp"], ANY_ISO_TIME)
    return body
