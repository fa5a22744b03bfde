"""Moodle's web service, as far as a tool needs it to tick an activity (measured on Moodle 4.5).

Errors are HTTP 200 with `{exception, errorcode, message}`; with the service off, a bare 403.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from flask import request

from lti_tool.sandbox.services.exchange import Exchange
from lti_tool.sandbox.services.inspector import violation
from lti_tool.sandbox.world.habits import Reply
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import Activity, Completion
from lti_tool.sandbox.world.store import Lms

PATH = "/webservice/rest/server.php"
OVERRIDE = "core_completion_override_activity_completion_status"
BY_INSTANCE = "core_course_get_course_module_by_instance"
SERVICE_USER = 7
CAPABILITIES = (
    "webservice/rest:use",
    "moodle/course:view",
    "mod/lti:view",
    "moodle/course:overridecompletion",
    "moodle/course:viewhiddenactivities",
)


class WsError(Exception):
    """An error in Moodle's shape."""

    def __init__(self, errorcode: str, message: str, exception: str = "moodle_exception") -> None:
        self.errorcode = errorcode
        self.message = message
        self.exception = exception
        super().__init__(message)


def serve(lms: Lms, exchange: Exchange) -> Reply:
    """Answer one call. Raises `Refusal` when Moodle would answer with an error."""
    if not lms.memory.web_service.enabled:
        raise Refusal("web_service_off")
    fields = {**request.args.to_dict(), **request.form.to_dict()}
    as_json = fields.get("moodlewsrestformat") == "json"
    try:
        with lms.lock:
            result = _call(lms, exchange, fields)
    except WsError as wrong:
        exchange.answer = _error(wrong)
        raise Refusal("web_service", errorcode=wrong.errorcode, message=wrong.message) from wrong
    if not as_json:
        return Reply(200, '<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE/>', "application/xml")
    return Reply(200, json.dumps(result), "application/json; charset=utf-8")


def refused(refusal: Refusal) -> Reply:
    """Moodle's answer: the error as JSON or, unless JSON was asked for, as XML."""
    if refusal.code == "web_service_off":
        return Reply(403, "", "text/html; charset=utf-8")
    cause = refusal.__cause__
    if not isinstance(cause, WsError):
        cause = WsError("invalidparameter", refusal.text("en"), "invalid_parameter_exception")
    fields = {**request.args.to_dict(), **request.form.to_dict()}
    if fields.get("moodlewsrestformat") == "json":
        return Reply(200, json.dumps(_error(cause)), "application/json; charset=utf-8")
    body = (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n<EXCEPTION class="{escape(cause.exception)}">\n'
        f"<ERRORCODE>{escape(cause.errorcode)}</ERRORCODE>\n"
        f"<MESSAGE>{escape(cause.message)}</MESSAGE>\n</EXCEPTION>\n"
    )
    return Reply(200, body, "application/xml; charset=utf-8")


def _error(wrong: WsError) -> dict[str, str]:
    return {
        "exception": wrong.exception,
        "errorcode": wrong.errorcode,
        "message": wrong.message,
    }


def _call(lms: Lms, exchange: Exchange, fields: Mapping[str, str]) -> dict[str, Any]:
    service = lms.memory.web_service
    if fields.get("wstoken") != lms.ws_token:
        raise WsError("invalidtoken", "Invalid token - token not found")
    name = fields.get("wsfunction", "")
    if "grade" in name:
        violation(lms, exchange.kind, request.path, name)
    denied = WsError("accessexception", "Access control exception", "webservice_access_exception")
    if "webservice/rest:use" not in service.capabilities or name not in service.functions:
        raise denied
    return FUNCTIONS[name](lms, fields)


def _require_login(lms: Lms, activity: Activity) -> None:
    """Moodle's `require_login` for the service user, with the reasons that were measured."""
    capabilities = lms.memory.web_service.capabilities
    for capability, why in (
        ("moodle/course:view", "Not enrolled"),
        ("mod/lti:view", "Activity is hidden"),
    ):
        if capability not in capabilities:
            raise WsError(
                "requireloginerror",
                f"Course or activity not accessible. ({why})",
                "require_login_exception",
            )
    if activity.hidden and "moodle/course:viewhiddenactivities" not in capabilities:
        raise WsError(
            "requireloginerror",
            "Course or activity not accessible. (Activity is hidden)",
            "require_login_exception",
        )


def _integer(fields: Mapping[str, str], name: str) -> int:
    value = fields.get(name, "")
    if not value.lstrip("-").isdecimal():
        raise WsError(
            "invalidparameter", "Invalid parameter value detected", "invalid_parameter_exception"
        )
    return int(value)


def by_instance(lms: Lms, fields: Mapping[str, str]) -> dict[str, Any]:
    """`core_course_get_course_module_by_instance`: from resource link id to course module."""
    if fields.get("module") != "lti":
        raise WsError("invalidmodulename", f"Invalid module name: {fields.get('module')}")
    instance = _integer(fields, "instance")
    activity = lms.memory.activities.get(instance)
    if activity is None:
        raise WsError(
            "invalidrecordunknown",
            "Can't find data record in database.",
            "dml_missing_record_exception",
        )
    _require_login(lms, activity)
    module = {
        "id": activity.cmid,
        "course": int(lms.habits.context_id),
        "module": 16,
        "name": activity.title,
        "modname": "lti",
        "instance": activity.id,
        "section": 1,
        "sectionnum": 0,
        "groupmode": 0,
        "groupingid": 0,
        "completion": lms.setting(activity).tracking,
    }
    return {"cm": module, "warnings": []}


def override(lms: Lms, fields: Mapping[str, str]) -> dict[str, Any]:
    """`core_completion_override_activity_completion_status`: set one person's tick.

    No check that the person exists or is enrolled (measured); an activity that tracks nothing
    answers 200 with `state` 0 and `tracking` 0; a repeated call changes nothing.
    """
    userid, cmid = _integer(fields, "userid"), _integer(fields, "cmid")
    state = _integer(fields, "newstate")
    service = lms.memory.web_service
    activity = next((a for a in lms.memory.activities.values() if a.cmid == cmid), None)
    if activity is None:
        raise WsError("invalidcoursemodule", "Invalid course module ID")
    _require_login(lms, activity)
    if "moodle/course:overridecompletion" not in service.capabilities:
        raise WsError(
            "nopermission",
            "Sorry, but you do not currently have permissions to do that "
            "(Override activity completion status).",
        )
    if not (service.completion_site and service.completion_course):
        raise WsError("completionnotenabled", "Completion is not enabled")
    if state not in (0, 1):
        raise WsError("err_system", "An internal error occurred in the completion system.")
    tick = _write(lms, activity, str(userid), state)
    return {
        "cmid": cmid,
        "userid": userid,
        "state": tick.state,
        "timecompleted": tick.at,
        "overrideby": SERVICE_USER if tick.by == "override" else None,
        "tracking": lms.setting(activity).tracking,
        "valueused": False,
    }


def _write(lms: Lms, activity: Activity, sub: str, state: int) -> Completion:
    key = (activity.id, sub)
    known = lms.memory.completions.get(key)
    if lms.setting(activity).tracking == 0:
        return Completion(0, 0, "")
    if state == 1:
        return lms.complete(activity, sub, "override")
    if known:
        lms.memory.completions[key] = Completion(0, int(lms.now()), "override")
    return lms.memory.completions.get(key, Completion(0, 0, ""))


FUNCTIONS: dict[str, Callable[[Lms, Mapping[str, str]], dict[str, Any]]] = {
    OVERRIDE: override,
    BY_INSTANCE: by_instance,
}
