"""The table: three platforms, what each does in its own way, and how to register them in a tool.

`moodle` was measured on Moodle 4.5.6; `canvas` was read in Canvas's source and documentation;
`strict` takes the specifications at their word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.sandbox.protocol import claims, refusals
from lti_tool.sandbox.services import ags
from lti_tool.sandbox.services.moodle_ws import PATH as WS_PATH
from lti_tool.sandbox.services.score import ANY_ISO_TIME, SUB_SECOND_TIME
from lti_tool.sandbox.world.habits import CompletionSetting, Habits, Paths, Placement, Text
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import Activity, LineItem
from lti_tool.sandbox.world.settings import SandboxSettings
from lti_tool.sandbox.world.store import Lms

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"


# --- line items that come with a chosen activity --------------------------------------------------


def _line_item(wanted: Mapping[str, Any], maximum: float) -> LineItem:
    return LineItem(
        label=wanted.get("label", ""),
        resource_id=wanted.get("resourceId", ""),
        tag=wanted.get("tag", ""),
        maximum=maximum,
    )


def _number(wanted: Mapping[str, Any]) -> float:
    maximum = wanted.get("scoreMaximum")
    if isinstance(maximum, bool) or not isinstance(maximum, int | float):
        raise Refusal("item_line_item", got=maximum)
    return maximum


def strict_line_item(wanted: Mapping[str, Any], _alone: bool) -> LineItem:
    """Deep Linking 2.0: `scoreMaximum` is required and greater than 0."""
    maximum = _number(wanted)
    if maximum <= 0:
        raise Refusal("item_line_item", got=maximum)
    return _line_item(wanted, maximum)


def moodle_line_item(wanted: Mapping[str, Any], alone: bool) -> LineItem:
    """Moodle 4.5 (measured): a whole number from 1 to 100; 0 among several items becomes 100.

    The label is dropped: a grade item is called as its activity.
    """
    maximum = _number(wanted)
    if maximum == 0 and not alone:
        maximum = 100
    if maximum != int(maximum) or not 1 <= maximum <= 100:
        raise Refusal("item_line_item", got=maximum)
    return _line_item({**wanted, "label": ""}, maximum)


def canvas_line_item(wanted: Mapping[str, Any], _alone: bool) -> LineItem:
    """Canvas (source): `scoreMaximum` is required; 0 makes an assignment without points."""
    maximum = _number(wanted)
    if maximum < 0:
        raise Refusal("item_line_item", got=maximum)
    return _line_item(wanted, maximum)


def _canvas_completion(activity: Activity) -> str:
    return "must_submit" if activity.line_item else "must_view"


def _always(key: str) -> Callable[[Activity], str]:
    return lambda _activity: key


_NO_COMPLETION = CompletionSetting("none", Text("Niet bijhouden", "Not tracked"), tracking=0)

STRICT = Habits(
    name="strict",
    family="generic",
    product="sandbox",
    title=Text("Strikt", "Strict"),
    blurb=Text(
        "Neemt de LTI-afspraken letterlijk. Wie hier slaagt, doet het netjes.",
        "Takes the LTI specifications at their word. Pass here and you do it properly.",
    ),
    paths=Paths(
        auth="/auth",
        token="/token",  # noqa: S106 - an address, no secret
        jwks="/jwks.json",
        line_items="/lineitems",
        line_item="/lineitems/{id}",
        deep_link_return="/deep-linking-return?ticket={ticket}",
        configuration="/openid-configuration",
        registration="/register-tool",
    ),
    client_id="proeftuin-strict",
    deployment_id="deployment-1",
    context_id="course-1",
    subs={"tess": "person-7f3a-tess", "sam": "person-21bc-sam", "noor": "person-9e04-noor"},
    roles={
        "designer": (MEMBERSHIP + "Instructor", INSTITUTION + "Faculty"),
        "learner": (MEMBERSHIP + "Learner",),
    },
    login_method="GET",
    login_fields=claims.strict_login,
    login_hint=lambda sub: f"hint of {sub}",
    message_hint=claims.strict_hint,
    launch_claims=claims.strict_claims,
    id_token_seconds=300,
    auth_answers=refusals.AUTH_STRICT,
    state_required=True,
    storage_target="",
    resource_link_id=lambda number: f"link-{number}",
    variables=("ResourceLink.id.history", "Context.id.history"),
    token_refusal=refusals.strict_token_refusal,
    token_content_type="application/json",  # noqa: S106 - a media type, no secret
    issued_at_ahead=0,
    issued_at_age=300,
    jti_once=True,
    jwks_cached=True,
    unknown_scopes_dropped=False,
    placements=(
        Placement(
            "course",
            Text("Activiteit toevoegen", "Add an activity"),
            accept_types=("ltiResourceLink", "link"),
        ),
    ),
    deep_linking_settings={
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_lineitem": True,
        "data": "",
    },
    deep_linking_status=400,
    bad_item_refuses_all=True,
    check_line_item=strict_line_item,
    always_line_item=True,
    completion_settings=(
        CompletionSetting("tool", Text("Als de tool het meldt", "When the tool says so")),
        _NO_COMPLETION,
    ),
    default_completion=_always("tool"),
    score_statuses=refusals.SCORES_STRICT,
    service_refusal=refusals.strict_service_refusal,
    timestamp_pattern=SUB_SECOND_TIME,
    timestamp_ahead=60,
    timestamp_passes=ags.newer,
    progress_checked=True,
    on_score=ags.tick_when_done,
    answers_messages=False,
)

MOODLE = Habits(
    name="moodle",
    family="moodle",
    product="moodle",
    title=Text("Gewoonten van Moodle", "Moodle's habits"),
    blurb=Text(
        "Doet als Moodle 4.5: een melding zonder cijfer geeft geen vinkje, de webservice wel.",
        "Acts like Moodle 4.5: a message without a grade brings no tick, its web service does.",
    ),
    paths=Paths(
        auth="/mod/lti/auth.php",
        token="/mod/lti/token.php",  # noqa: S106 - an address, no secret
        jwks="/mod/lti/certs.php",
        line_items="/mod/lti/services.php/2/lineitems",
        line_item="/mod/lti/services.php/2/lineitems/{id}/lineitem",
        deep_link_return="/mod/lti/contentitem_return.php?course=2&id={deployment}&sesskey={ticket}",
        configuration="/mod/lti/openid-configuration.php",
        registration="/mod/lti/openid-registration.php",
        service_query="?type_id={deployment}",
        completion="/mod/lti/services.php/completion/{activity}",
        ticket_field="sesskey",
    ),
    client_id="ZandbakMoodle45",
    deployment_id="1",
    context_id="2",
    subs={"tess": "3", "sam": "4", "noor": "5"},
    roles={"designer": (MEMBERSHIP + "Instructor",), "learner": (MEMBERSHIP + "Learner",)},
    login_method="POST",
    login_fields=claims.moodle_login,
    login_hint=lambda sub: sub,
    message_hint=claims.moodle_hint,
    launch_claims=claims.moodle_claims,
    id_token_seconds=60,
    auth_answers=refusals.AUTH_MOODLE,
    state_required=False,
    storage_target="",
    resource_link_id=str,
    variables=("Context.id.history",),
    token_refusal=refusals.moodle_token_refusal,
    token_content_type="text/html; charset=utf-8",  # noqa: S106 - a media type, no secret
    issued_at_ahead=0,
    issued_at_age=None,
    jti_once=False,
    jwks_cached=True,
    unknown_scopes_dropped=True,
    placements=(Placement("ContentArea", Text("Activiteit toevoegen", "Add an activity")),),
    deep_linking_settings={
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_unsigned": False,
        "can_confirm": False,
        "title": "Proeftuin",
        "text": "",
    },
    deep_linking_status=404,
    bad_item_refuses_all=False,
    check_line_item=moodle_line_item,
    always_line_item=False,
    completion_settings=(
        CompletionSetting("grade", Text("Een cijfer ontvangen", "Receive a grade"), on_grade=True),
        CompletionSetting(
            "grade_pass", Text("Een voldoende halen", "Receive a passing grade"), on_grade=True
        ),
        CompletionSetting("view", Text("De activiteit bekijken", "View"), on_view=True),
        CompletionSetting(
            "view_grade",
            Text("Bekijken en een cijfer ontvangen", "View and receive a grade"),
            on_view=True,
            on_grade=True,
        ),
        CompletionSetting("manual", Text("Handmatig afvinken", "Manual"), tracking=1),
        _NO_COMPLETION,
    ),
    default_completion=_always("grade"),
    score_statuses=refusals.SCORES_MOODLE,
    service_refusal=refusals.moodle_service_refusal,
    timestamp_pattern=ANY_ISO_TIME,
    timestamp_ahead=None,
    timestamp_passes=ags.newer_by_whole_seconds,
    progress_checked=False,
    on_score=ags.empty_grade_row,
    answers_messages=False,
)

CANVAS = Habits(
    name="canvas",
    family="canvas",
    product="canvas",
    title=Text("Gewoonten van Canvas", "Canvas's habits"),
    blurb=Text(
        "Doet als Canvas: een inlevering zonder cijfer telt, een slordige melding wist een cijfer.",
        "Acts like Canvas: a submission without a grade counts, a careless one wipes a grade.",
    ),
    paths=Paths(
        auth="/api/lti/authorize_redirect",
        token="/login/oauth2/token",  # noqa: S106 - an address, no secret
        jwks="/api/lti/security/jwks",
        line_items="/api/lti/courses/1/line_items",
        line_item="/api/lti/courses/1/line_items/{id}",
        deep_link_return="/courses/1/deep_linking_response?data={ticket}",
        configuration="/api/lti/security/openid-configuration",
        registration="/api/lti/registrations",
        ticket_field="data",
    ),
    client_id="10000000000042",
    deployment_id="7:" + claims.hex40("canvas deployment"),
    context_id=claims.hex40("canvas course"),
    subs={key: claims.fixed_uuid("canvas " + key) for key in ("tess", "sam", "noor")},
    roles={
        "designer": (
            INSTITUTION + "Instructor",
            MEMBERSHIP + "Instructor",
            SYSTEM + "User",
        ),
        "learner": (INSTITUTION + "Student", MEMBERSHIP + "Learner", SYSTEM + "User"),
    },
    login_method="POST",
    login_fields=claims.canvas_login,
    login_hint=lambda sub: claims.hex40("hint " + sub),
    message_hint=claims.canvas_hint,
    launch_claims=claims.canvas_claims,
    id_token_seconds=3600,
    auth_answers=refusals.AUTH_CANVAS,
    state_required=False,
    storage_target=claims.STORAGE_FRAME,
    resource_link_id=lambda number: claims.fixed_uuid(f"canvas link {number}"),
    variables=("Context.id.history",),
    token_refusal=refusals.canvas_token_refusal,
    token_content_type="application/json; charset=utf-8",  # noqa: S106 - a media type, no secret
    issued_at_ahead=30,
    issued_at_age=300,
    jti_once=True,
    jwks_cached=False,
    unknown_scopes_dropped=False,
    placements=(
        Placement(
            "module_menu_modal",
            Text("Activiteit toevoegen", "Add an activity"),
            auto_create=True,
        ),
        Placement(
            "assignment_selection",
            Text("of: één opdracht", "or: one assignment"),
            accept_multiple=False,
        ),
        Placement(
            "editor_button",
            Text("of: in een tekst", "or: inside a text"),
            accept_types=("link", "file", "html", "ltiResourceLink", "image"),
        ),
        Placement("link_selection"),
        Placement("module_index_menu_modal", auto_create=True),
        Placement("course_assignments_menu", auto_create=True),
        Placement(
            "homework_submission",
            accept_multiple=False,
            accept_types=("file", "ltiResourceLink"),
        ),
    ),
    deep_linking_settings={
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
    },
    deep_linking_status=400,
    bad_item_refuses_all=False,
    check_line_item=canvas_line_item,
    always_line_item=False,
    completion_settings=(
        CompletionSetting("must_submit", Text("Inleveren", "Submit the assignment")),
        CompletionSetting("must_view", Text("Bekijken", "View the item"), on_view=True),
        _NO_COMPLETION,
    ),
    default_completion=_canvas_completion,
    score_statuses=refusals.SCORES_CANVAS,
    service_refusal=refusals.canvas_service_refusal,
    timestamp_pattern=ANY_ISO_TIME,
    timestamp_ahead=None,
    timestamp_passes=ags.not_older,
    progress_checked=True,
    on_score=ags.canvas_submission,
    answers_messages=True,
    throttle_status=403,
)

PROFILES: Mapping[str, Habits] = {row.name: row for row in (STRICT, MOODLE, CANVAS)}


@dataclass(frozen=True)
class Registration:
    """What a tool has to know to trust one of the sandbox's platforms."""

    name: str
    family: str
    issuer: str
    client_id: str
    deployment_id: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    ws_url: str = ""
    ws_token: str = ""


def registrations(settings: SandboxSettings) -> list[Registration]:
    """What to register in the tool, one row per platform; the same at every start."""
    rows = []
    for name in settings.profiles:
        lms = Lms(settings, PROFILES[name])
        moodle = lms.habits.family == "moodle"
        rows.append(
            Registration(
                name=name,
                family=lms.habits.family,
                issuer=lms.issuer,
                client_id=lms.client.client_id,
                deployment_id=lms.client.deployment_id,
                auth_login_url=lms.url("auth"),
                auth_token_url=lms.url("token"),
                jwks_url=lms.url("jwks"),
                ws_url=lms.issuer + WS_PATH if moodle else "",
                ws_token=lms.ws_token if moodle else "",
            )
        )
    return rows
