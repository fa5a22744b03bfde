"""The JSON interface for tests: look at everything, change anything, and make hostile messages.

Bodies are JSON objects. What is not understood is answered with 400 and one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request

from lti_tool.sandbox.protocol import oidc, registration
from lti_tool.sandbox.protocol.forge import check_recipe, mint
from lti_tool.sandbox.world.faults import Fault, Throttle
from lti_tool.sandbox.world.records import Activity, Client, GradeRow, LineItem, Person
from lti_tool.sandbox.world.store import Lms

Body = Mapping[str, Any]
# What a test may change in a platform's row of habits while it runs.
CHANGEABLE_HABITS = (
    "login_method",
    "storage_target",
    "storage_answers",
    "privacy",
    "state_required",
)
# And of an activity, with the type that each value must have.
CHANGEABLE_ACTIVITY: Mapping[str, Any] = {
    "completion": str,
    "hidden": bool,
    "allowed_attempts": int | None,
    "title": str,
    "url": str,
    "custom": dict,
}


def register(app: Flask, platforms: dict[str, Lms]) -> None:
    """Add `/api/…` to `app`."""

    @app.get("/api/state")
    def whole_state() -> Response:
        return jsonify({name: state(lms) for name, lms in platforms.items()})

    @app.post("/api/reset")
    def reset_all() -> Response:
        for lms in platforms.values():
            lms.reset()
        return jsonify({"reset": list(platforms)})

    @app.post("/api/tool")
    def point_at_tool() -> Response:
        for lms in platforms.values():
            lms.settings = replace(lms.settings, tool_url=str(_body()["url"]))
            lms.reset()
        return jsonify({"tool_url": lms.settings.tool_url})

    names = ",".join(platforms)
    for method, path, action in ACTIONS:
        app.add_url_rule(
            f"/api/<any({names}):profile>/{path}",
            f"api.{action.__name__}",
            _endpoint(platforms, action),
            methods=[method],
        )


def _endpoint(
    platforms: dict[str, Lms], action: Callable[..., Any]
) -> Callable[..., tuple[Response, int]]:
    def view(profile: str, **values: Any) -> tuple[Response, int]:
        lms = platforms[profile]
        try:
            body = _body() if request.method in ("POST", "PATCH") else {}
            return jsonify(action(lms, body, **values)), 200
        except KeyError as wrong:
            return jsonify({"error": f"missing or unknown: {wrong}"}), 400
        except (ValueError, TypeError) as wrong:
            return jsonify({"error": str(wrong)}), 400

    return view


def _body() -> Body:
    body = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict):
        raise ValueError("send a JSON object with Content-Type application/json")
    return body


def _activity(lms: Lms, activity_id: Any) -> Activity:
    return lms.memory.activities[int(activity_id)]


def _client(lms: Lms, body: Body) -> Client:
    return lms.clients[body["client_id"]] if body.get("client_id") else lms.client


def _shown(lms: Lms, activity: Activity) -> dict[str, Any]:
    shown = asdict(activity)
    item = activity.line_item
    if item:
        shown["line_item"]["url"] = lms.line_item_url(item, lms.clients[activity.client_id])
    return shown


def state(lms: Lms, _body: Body | None = None) -> dict[str, Any]:
    """Everything about one platform, but for the messages."""
    memory = lms.memory
    with lms.lock:
        return {
            "issuer": lms.issuer,
            "people": {key: asdict(person) for key, person in lms.people.items()},
            "clients": [asdict(client) for client in lms.clients.values()],
            "activities": [_shown(lms, activity) for activity in memory.activities.values()],
            "completions": [
                {"activity_id": key[0], "sub": key[1], "user": _key(lms, key[1]), **asdict(tick)}
                for key, tick in memory.completions.items()
            ],
            "gradebook": [
                {"activity_id": key[0], "sub": key[1], "user": _key(lms, key[1])}
                | {"grade": row.grade, "wiped": row.wiped}
                for key, row in memory.grades.items()
            ],
            "submissions": [
                {"activity_id": key[0], "sub": key[1], "user": _key(lms, key[1])}
                | asdict(found)
                | {"submitted_at": found.submitted_at.isoformat()}
                | {"needs_grading": found.needs_grading(memory.grades.get(key))}
                for key, found in memory.submissions.items()
            ],
            "violations": list(memory.violations),
            "counts": dict(memory.counts),
            "faults": lms.faults.listed(),
            "keys": [key["kid"] for key in lms.keys.jwks()["keys"]],
        }


def _key(lms: Lms, sub: str) -> str | None:
    person = lms.person_by_sub(sub)
    return person.key if person else None


def messages(lms: Lms, _body: Body) -> list[dict[str, Any]]:
    """Every message kept, newest first; `?kind=score` keeps one kind."""
    kind = request.args.get("kind")
    with lms.lock:
        found = list(lms.memory.messages)
    return [message.as_dict() for message in found if kind in (None, message.kind)]


def reset(lms: Lms, body: Body) -> dict[str, Any]:
    """Forget `what`: "all" (default), "completions" (of one `activity_id`, or all), "messages"."""
    what = body.get("what", "all")
    if what == "all":
        lms.reset()
        return {"reset": "all"}
    if what == "completions":
        one = _activity(lms, body["activity_id"]) if "activity_id" in body else None
        return {"reset": lms.reset_completions(one)}
    if what == "messages":
        with lms.lock:
            lms.memory.messages.clear()
            lms.memory.counts.clear()
        return {"reset": "messages"}
    raise ValueError("what must be all, completions or messages")


def add_fault(lms: Lms, body: Body) -> dict[str, Any]:
    """Let the next calls go wrong: `target`, `kind`, `count`, `seconds` (see `faults.Fault`)."""
    lms.faults.add(Fault(**body))
    return lms.faults.listed()


def clear_faults(lms: Lms, _body: Body) -> dict[str, Any]:
    """Nothing goes wrong any more."""
    lms.faults.clear()
    return lms.faults.listed()


def throttle(lms: Lms, body: Body) -> dict[str, Any]:
    """Allow at most `limit` service calls per `seconds`; an empty body lifts the limit."""
    lms.faults.set_throttle(Throttle(**body) if body else None)
    return lms.faults.listed()


def rotate(lms: Lms, body: Body) -> dict[str, Any]:
    """A new signing key; `withdraw`: true stops publishing the older ones."""
    return {"kid": lms.keys.rotate(withdraw=bool(body.get("withdraw", False)))}


def add_activity(lms: Lms, body: Body) -> dict[str, Any]:
    """Put an activity in the course without deep linking.

    `title`, `item` (shorthand for custom.item), `custom`, `url`, `text`, `completion`,
    `line_item` (true, or an object), `client_id`.
    """
    wanted = body.get("line_item")
    item = LineItem(**wanted) if isinstance(wanted, dict) else LineItem() if wanted else None
    custom = dict(body.get("custom", {}))
    if "item" in body:
        custom["item"] = str(body["item"])
    activity = lms.add_activity(
        _client(lms, body),
        str(body["title"]),
        text=str(body.get("text", "")),
        url=str(body.get("url", "")),
        custom=custom,
        line_item=item,
        completion=body.get("completion"),
    )
    return _shown(lms, activity)


def change_activity(lms: Lms, body: Body, activity_id: int) -> dict[str, Any]:
    """Change `completion`, `hidden`, `allowed_attempts`, `title`, `url` or `custom`."""
    activity = _activity(lms, activity_id)
    for name, value in body.items():
        if name not in CHANGEABLE_ACTIVITY:
            raise ValueError(f"an activity's {name} cannot be changed")
        if not isinstance(value, CHANGEABLE_ACTIVITY[name]):
            raise ValueError(f"{value!r} is no {name}")
        if name == "completion":
            lms.habits.completion_setting(value)
        setattr(activity, name, value)
    return _shown(lms, activity)


def copy_activity(lms: Lms, body: Body, activity_id: int) -> dict[str, Any]:
    """Duplicate an activity, as a course copy does; `course`: id of the new course."""
    course = str(body.get("course", ""))
    return _shown(lms, lms.copy_activity(_activity(lms, activity_id), course))


def remove_activity(lms: Lms, _body: Body, activity_id: int) -> dict[str, Any]:
    """Take an activity out of the course; its line item is gone too."""
    with lms.lock:
        del lms.memory.activities[activity_id]
    return {"removed": activity_id}


def complete(lms: Lms, body: Body) -> dict[str, Any]:
    """Tick an activity by hand: `activity_id`, `user`."""
    activity = _activity(lms, body["activity_id"])
    return asdict(lms.complete(activity, lms.people[body["user"]].sub, "manual"))


def grade(lms: Lms, body: Body) -> dict[str, Any]:
    """A teacher types a grade: `activity_id`, `user`, `grade`. Grade completion follows it."""
    activity, sub = _activity(lms, body["activity_id"]), lms.people[body["user"]].sub
    with lms.lock:
        row = lms.memory.grades.setdefault((activity.id, sub), GradeRow())
        row.grade = float(body["grade"])
        row.at = datetime.fromtimestamp(lms.now(), UTC)
        lms.settle(activity, sub)
        return {"grade": row.grade}


def course(lms: Lms, body: Body) -> dict[str, Any]:
    """Switch `concluded` (the course has ended) or `login_required` (the browser is logged out)."""
    for name, value in body.items():
        if name not in ("concluded", "login_required"):
            raise ValueError(f"the course has no switch {name}")
        setattr(lms.memory, name, bool(value))
    return {"concluded": lms.memory.concluded, "login_required": lms.memory.login_required}


def web_service(lms: Lms, body: Body) -> dict[str, Any]:
    """Set up Moodle's web service.

    `enabled`, `completion_site`, `completion_course` (booleans), `capabilities` and `functions`
    (lists of names that replace the present ones).
    """
    service = lms.memory.web_service
    for name, value in body.items():
        if name in ("enabled", "completion_site", "completion_course"):
            setattr(service, name, bool(value))
        elif name in ("capabilities", "functions"):
            setattr(service, name, set(value))
        else:
            raise ValueError(f"the web service has no setting {name}")
    return {
        "enabled": service.enabled,
        "token": lms.ws_token,
        "completion_site": service.completion_site,
        "completion_course": service.completion_course,
        "capabilities": sorted(service.capabilities),
        "functions": sorted(service.functions),
    }


def completion_service(lms: Lms, body: Body) -> dict[str, Any]:
    """Switch the completion service: `enabled` true (as after the upload of a plugin) or false."""
    if not lms.habits.paths.completion:
        raise ValueError("this platform has no completion service")
    if set(body) - {"enabled"}:
        raise ValueError("the completion service has one setting: enabled")
    lms.memory.completion_service = bool(body.get("enabled", lms.memory.completion_service))
    return {"enabled": lms.memory.completion_service}


def habits(lms: Lms, body: Body) -> dict[str, Any]:
    """Change some of the platform's habits (`CHANGEABLE_HABITS`) while it runs."""
    for name in body:
        if name not in CHANGEABLE_HABITS:
            raise ValueError(f"{name} is not one of {', '.join(CHANGEABLE_HABITS)}")
    lms.habits = replace(lms.habits, **body)
    return {name: getattr(lms.habits, name) for name in CHANGEABLE_HABITS}


def _subject(lms: Lms, body: Body) -> tuple[Person, Activity | None]:
    person = lms.people[body.get("user", "sam")]
    if body.get("deep_link"):
        return person, None
    return person, _activity(lms, body["activity_id"])


def start_launch(lms: Lms, body: Body) -> dict[str, Any]:
    """Start a launch and say what the browser has to send to the tool.

    `user`, `activity_id` or `deep_link` (true), `placement`, `lang`, `new_window`, `client_id`,
    `recipe` (see `forge.check_recipe`).
    """
    person, activity = _subject(lms, body)
    login = oidc.start(
        lms,
        person,
        activity,
        client=lms.clients[body["client_id"]] if body.get("client_id") else None,
        placement=_placement(lms, body),
        lang=str(body.get("lang", "nl")),
        new_window=bool(body.get("new_window")),
        recipe=check_recipe(body.get("recipe", {})),
    )
    return login._asdict()


def _placement(lms: Lms, body: Body) -> str:
    name = str(body.get("placement", ""))
    if name and name not in [known.name for known in lms.habits.placements]:
        raise ValueError(f"this platform has no placement {name}")
    return name


def id_token(lms: Lms, body: Body) -> dict[str, Any]:
    """Sign a message without a login: `user`, `activity_id` or `deep_link`, `nonce`, `recipe`."""
    person, activity = _subject(lms, body)
    recipe = check_recipe(body.get("recipe", {}))
    intent = oidc.new_intent(
        lms, person, activity, placement=_placement(lms, body), lang=str(body.get("lang", "nl"))
    )
    intent.nonce = str(body["nonce"])
    claims = oidc.message_claims(lms, intent)
    return {"id_token": mint(lms.keys, claims, recipe), "claims": claims}


def registration_token(lms: Lms, _body: Body) -> dict[str, Any]:
    """What dynamic registration starts with: the configuration's address and a one-time token."""
    return {
        "openid_configuration": lms.url("configuration"),
        "registration_token": registration.new_token(lms),
    }


def activate_client(lms: Lms, body: Body) -> dict[str, Any]:
    """Activate (or, with `active` false, switch off) a registered tool: `client_id`."""
    client = lms.clients[body["client_id"]]
    client.active = bool(body.get("active", True))
    return asdict(client)


ACTIONS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "state", state),
    ("GET", "messages", messages),
    ("POST", "reset", reset),
    ("POST", "faults", add_fault),
    ("DELETE", "faults", clear_faults),
    ("POST", "throttle", throttle),
    ("POST", "keys/rotate", rotate),
    ("POST", "activities", add_activity),
    ("PATCH", "activities/<int:activity_id>", change_activity),
    ("POST", "activities/<int:activity_id>/copy", copy_activity),
    ("DELETE", "activities/<int:activity_id>", remove_activity),
    ("POST", "completions", complete),
    ("POST", "grades", grade),
    ("PATCH", "course", course),
    ("PATCH", "web-service", web_service),
    ("PATCH", "completion-service", completion_service),
    ("PATCH", "habits", habits),
    ("POST", "launches", start_launch),
    ("POST", "id-tokens", id_token),
    ("POST", "registration-tokens", registration_token),
    ("PATCH", "clients", activate_client),
)
