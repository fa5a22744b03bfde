"""The pages for people: course, activity, gradebook, messages, settings.

No page sets a cookie: who one plays and in which language travels in the address, so that two
tabs can be two people, and a browser that refuses all cookies can still be tried.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, abort, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import pass_context
from jinja2.runtime import Context

from lti_tool.sandbox.protocol import oidc, registration
from lti_tool.sandbox.routes import autopost
from lti_tool.sandbox.services.moodle_ws import CAPABILITIES
from lti_tool.sandbox.story import STEPS, current, next_step
from lti_tool.sandbox.world.faults import KINDS, TARGETS, Fault
from lti_tool.sandbox.world.habits import Text
from lti_tool.sandbox.world.records import Activity, Person
from lti_tool.sandbox.world.store import Lms

FAULT_LABELS = {
    "500": Text("antwoord 500 (storing)", "answer 500 (failure)"),
    "429": Text("antwoord 429 (te snel), met Retry-After", "answer 429 (too fast), Retry-After"),
    "403": Text("antwoord 403 zoals Canvas bij te snel", "answer 403 as Canvas when too fast"),
    "timeout": Text("geen antwoord, niets gedaan", "no answer, nothing done"),
    "lost_reply": Text("wel gedaan, antwoord kwijt", "done, but the reply is lost"),
    "garbage": Text("onzin als antwoord", "rubbish as an answer"),
    "huge": Text("een antwoord van 5 MB", "an answer of 5 MB"),
    "redirect": Text("een doorverwijzing", "a redirect"),
}
TARGET_LABELS = {
    "services": Text("meldingen en webservice", "messages and web service"),
    "token": Text("toegangstokens", "access tokens"),
    "jwks": Text("sleutels van de leeromgeving", "the LMS's keys"),
}
Page = Callable[..., ResponseReturnValue]


def register(app: Flask, platforms: dict[str, Lms]) -> None:
    """Add the pages to `app`."""
    names = ",".join(platforms)

    @app.before_request
    def _language() -> None:
        g.lang = "en" if request.args.get("lang") == "en" else "nl"

    @app.context_processor
    def _helpers() -> dict[str, Any]:
        lang: str = g.get("lang", "nl")
        return {
            "lang": lang,
            "t": lambda nl, en: en if lang == "en" else nl,
            "say": lambda text: text.in_(lang),
            "clock": _clock,
            "to": _address,
            "platforms": list(platforms.values()),
            "steps": STEPS,
            "current_step": current,
            "next_step": next_step,
        }

    @app.get("/")
    def home() -> str:
        return render_template("home.html", lms=None)

    def page(path: str, view: Page, methods: tuple[str, ...] = ("GET",)) -> None:
        """A page below `/<profile>`; `view` gets the platform and the person one plays."""

        def wrapped(profile: str, **values: Any) -> ResponseReturnValue:
            lms = platforms[profile]
            return view(lms, _person(lms), **values)

        app.add_url_rule(
            f"/<any({names}):profile>/{path}", view.__name__, wrapped, methods=list(methods)
        )

    page("course", course)
    page("activity/<int:activity_id>", activity)
    page("activity/<int:activity_id>/copy", copy, ("POST",))
    page("add", add)
    page("launch/<int:activity_id>", launch)
    page("deep-link", deep_link)
    page("gradebook", gradebook)
    page("messages", messages)
    page("return", returned)
    page("storage", storage)
    page("settings", settings)
    page("settings/completion", set_completion, ("POST",))
    page("settings/reset", reset, ("POST",))
    page("settings/faults", set_faults, ("POST",))
    page("settings/web-service", set_web_service, ("POST",))
    page("settings/completion-service", set_completion_service, ("POST",))
    page("settings/rotate", rotate, ("POST",))
    page("settings/register", register_tool, ("POST",))
    page("settings/activate", activate_tool, ("POST",))


@pass_context
def _address(context: Context, page: str, person: str = "") -> str:
    """The address of a page of the platform at hand, as somebody, in the present language."""
    lms: Lms | None = context.get("lms")
    lang = context["lang"]
    if lms is None or page == "home":
        return f"/?lang={lang}"
    return f"/{lms.name}/{page}?user={person}&lang={lang}"


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%H:%M:%S")


def _person(lms: Lms) -> Person:
    return lms.people.get(request.args.get("user", ""), lms.people["tess"])


def _activity(lms: Lms, activity_id: int) -> Activity:
    found = lms.memory.activities.get(activity_id)
    if found is None:
        abort(404)
    return found


def _show(template: str, lms: Lms, person: Person, page: str, **values: Any) -> str:
    return render_template(template, lms=lms, person=person, page=page, **values)


def _back(lms: Lms, person: Person, page: str, **query: object) -> Response:
    """Back to a page after a form was handled, as the same person in the same language."""
    lang = g.lang
    extra = "".join(f"&{name}={value}" for name, value in query.items())
    answer = redirect(f"/{lms.name}/{page}?user={person.key}&lang={lang}{extra}", 303)
    return make_response(answer)


def course(lms: Lms, person: Person) -> str:
    """The course: its activities, and what to do with them in this role."""
    added = request.args.get("added", type=int)
    return _show("course.html", lms, person, "course", added=added)


def activity(lms: Lms, person: Person, activity_id: int) -> str:
    """One activity, with the tool in a frame. Opening it is what "view" completion counts."""
    found = _activity(lms, activity_id)
    lms.viewed(found, person)
    return _show("activity.html", lms, person, "activity", activity=found)


def copy(lms: Lms, person: Person, activity_id: int) -> Response:
    """Duplicate an activity, as a course copy does."""
    lms.copy_activity(_activity(lms, activity_id))
    return _back(lms, person, "course")


def add(lms: Lms, person: Person) -> ResponseReturnValue:
    """The designer chooses in the tool, which is shown in a frame."""
    if person.role != "designer":
        return _back(lms, person, "course")
    return _show("add.html", lms, person, "add", placement=request.args.get("placement", ""))


def _send_login(login: oidc.LoginRequest) -> Response:
    if login.method == "GET":
        query = oidc.query_of(login)
        return make_response(redirect(query, 302))
    return autopost(login.url, login.fields)


def launch(lms: Lms, person: Person, activity_id: int) -> Response:
    """Start a launch: this is the page inside the frame, or the new window."""
    new_window = request.args.get("window") == "1"
    found = _activity(lms, activity_id)
    return _send_login(oidc.start(lms, person, found, lang=g.lang, new_window=new_window))


def deep_link(lms: Lms, person: Person) -> Response:
    """Start a deep linking request: this is the page inside the frame."""
    placement = request.args.get("placement", "")
    if placement and placement not in [known.name for known in lms.habits.placements]:
        abort(404)
    return _send_login(oidc.start(lms, person, None, lang=g.lang, placement=placement))


def gradebook(lms: Lms, person: Person) -> str:
    """The gradebook, which stays empty."""
    columns = [item for item in lms.memory.activities.values() if item.line_item]
    grades = {key: row for key, row in lms.memory.grades.items() if row.grade is not None}
    return _show("gradebook.html", lms, person, "gradebook", columns=columns, grades=grades)


def messages(lms: Lms, person: Person) -> str:
    """The inspector: every message, newest first."""
    shown = list(lms.memory.messages)[:200]
    return _show("messages.html", lms, person, "messages", shown=shown)


def returned(lms: Lms, person: Person) -> str:
    """Where a tool sends people back to (`launch_presentation.return_url`)."""
    said = {name: request.args.get(name, "")[:300] for name in ("lti_msg", "lti_errormsg")}
    return _show("returned.html", lms, person, "return", said=said)


def storage(lms: Lms, person: Person) -> ResponseReturnValue:
    """The frame in which a tool keeps what a blocked cookie cannot (LTI platform storage)."""
    if not lms.habits.storage_target:
        abort(404)
    return _show("storage.html", lms, person, "storage")


def settings(lms: Lms, person: Person) -> str:
    """What an administrator or a tester may change."""
    return _show(
        "settings.html",
        lms,
        person,
        "settings",
        fault_labels={kind: FAULT_LABELS[kind] for kind in KINDS},
        target_labels={target: TARGET_LABELS[target] for target in TARGETS},
        capabilities=CAPABILITIES,
        done=request.args.get("done", ""),
    )


def set_completion(lms: Lms, person: Person) -> Response:
    """Change how one activity is completed, as a teacher does in its settings."""
    found = _activity(lms, request.form.get("activity", 0, type=int))
    try:
        found.completion = lms.habits.completion_setting(request.form.get("completion", "")).key
    except KeyError:
        abort(400)
    return _back(lms, person, "settings", done="completion")


def reset(lms: Lms, person: Person) -> Response:
    """Forget the ticks, or everything."""
    if request.form.get("what") == "all":
        lms.reset()
    else:
        lms.reset_completions()
    return _back(lms, person, "settings", done="reset")


def set_faults(lms: Lms, person: Person) -> Response:
    """Let something go wrong, or nothing any more."""
    if request.form.get("clear"):
        lms.faults.clear()
        return _back(lms, person, "settings", done="faults")
    try:
        lms.faults.add(
            Fault(
                request.form.get("target", ""),
                request.form.get("kind", ""),
                request.form.get("count", 1, type=int),
                request.form.get("seconds", 2.0, type=float),
            )
        )
    except ValueError:
        abort(400)
    return _back(lms, person, "settings", done="faults")


def set_web_service(lms: Lms, person: Person) -> Response:
    """Switch Moodle's web service and its user's capabilities."""
    service = lms.memory.web_service
    with lms.lock:
        service.enabled = "enabled" in request.form
        service.completion_course = "completion" in request.form
        service.capabilities = {
            name for name in CAPABILITIES if name in request.form.getlist("capability")
        }
    return _back(lms, person, "settings", done="web_service")


def set_completion_service(lms: Lms, person: Person) -> Response:
    """Install or remove the plugin that brings the completion service."""
    lms.memory.completion_service = "completion_service" in request.form
    return _back(lms, person, "settings", done="completion_service")


def rotate(lms: Lms, person: Person) -> Response:
    """Sign with a new key from now on."""
    lms.keys.rotate(withdraw="withdraw" in request.form)
    return _back(lms, person, "settings", done="rotate")


def register_tool(lms: Lms, person: Person) -> ResponseReturnValue:
    """Open a tool's registration address in a frame, with a one-time token."""
    address = request.form.get("address", "").strip()
    if not address.startswith(("http://", "https://")):
        abort(400)
    g.frame_origin = address
    query = oidc.with_query(
        address,
        {
            "openid_configuration": lms.url("configuration"),
            "registration_token": registration.new_token(lms),
        },
    )
    return _show("register.html", lms, person, "settings", address=query)


def activate_tool(lms: Lms, person: Person) -> Response:
    """Let a registered tool take part; the course uses it from now on."""
    client = lms.clients.get(request.form.get("client_id", ""))
    if client is None:
        abort(404)
    client.active = True
    return _back(lms, person, "settings", done="activate")
