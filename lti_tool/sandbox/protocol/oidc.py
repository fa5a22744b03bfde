"""The platform's half of a launch: start the login, check the request, sign the message.

Security Framework 1.0 §5.1.1; Core 1.3 §4.1 for the message hint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from lti_tool.sandbox.protocol.deeplink import request_settings
from lti_tool.sandbox.protocol.forge import mint
from lti_tool.sandbox.services.inspector import record
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import Activity, Client, Intent, Person
from lti_tool.sandbox.world.store import Lms

INTENT_LIFETIME = 300


class LoginRequest(NamedTuple):
    """The login initiation: what the browser has to send to the tool, and how."""

    method: str
    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class FormPost:
    """A form that the browser has to post: an id_token, or an error (OAuth form_post)."""

    action: str
    fields: dict[str, str]


def new_intent(
    lms: Lms,
    person: Person,
    activity: Activity | None,
    *,
    client: Client | None = None,
    placement: str = "",
    lang: str = "nl",
    new_window: bool = False,
    recipe: dict[str, Any] | None = None,
) -> Intent:
    """A launch of `activity`, or a deep linking request when there is none.

    Args:
        recipe: a checked `forge` recipe for a message that is not honest.
    """
    client = client or (lms.clients[activity.client_id] if activity else lms.client)
    intent = Intent(
        kind="resource" if activity else "deep_link",
        person=person,
        client=client,
        hint="",
        login_hint=lms.habits.login_hint(person.sub),
        target_link_uri=(activity.url if activity else "") or client.launch_url,
        started=lms.now(),
        lang=lang,
        activity=activity,
        placement=placement or lms.habits.placements[0].name,
        new_window=new_window,
        forge=recipe or {},
    )
    intent.hint = lms.habits.message_hint(lms, intent)
    return intent


def start(lms: Lms, person: Person, activity: Activity | None, **choices: Any) -> LoginRequest:
    """Begin a launch (`choices` as for `new_intent`): the login initiation for the browser."""
    intent = new_intent(lms, person, activity, **choices)
    with lms.lock:
        _forget_old(lms)
        lms.memory.intents[intent.hint] = intent
    fields = lms.habits.login_fields(lms, intent)
    if lms.habits.storage_target:
        fields["lti_storage_target"] = lms.habits.storage_target
    _bend(fields, intent.forge.get("login", {}))
    login = LoginRequest(lms.habits.login_method, intent.client.login_url, fields)
    record(lms, "login", to="tool", method=login.method, url=login.url, sent=fields)
    return login


def _forget_old(lms: Lms) -> None:
    """Drop launches that nobody finished, so that a long-lived sandbox stays small."""
    limit = lms.now() - 2 * INTENT_LIFETIME
    for hint in [h for h, intent in lms.memory.intents.items() if intent.started < limit]:
        del lms.memory.intents[hint]


def _bend(fields: dict[str, str], changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = str(value)


def authorize(lms: Lms, params: Mapping[str, list[str]]) -> tuple[FormPost, dict[str, Any]]:
    """Answer an authentication request with a signed message.

    Args:
        lms: the platform that was asked.
        params: every parameter with all its values.

    Returns:
        The form to post, and the claims in it.

    Raises:
        Refusal: an `auth_…` code; `error_form` says how to answer.
    """
    request = first_values(params)
    for name, values in params.items():
        if len(values) > 1:
            raise Refusal("auth_repeated", name=name)
    client = _checked_client(lms, request)
    intent = _checked_intent(lms, client, request)
    _check_rest(lms, request)
    nonce = (client.client_id, request["nonce"])
    with lms.lock:
        if intent.used:
            raise Refusal("auth_launch_used")
        if nonce in lms.memory.nonces:
            raise Refusal("auth_nonce_reused")
        intent.used = True
        lms.memory.nonces.add(nonce)
    intent.nonce = request["nonce"]
    claims = message_claims(lms, intent)
    form = _form(lms, request, {"id_token": mint(lms.keys, claims, intent.forge)})
    _bend(form.fields, intent.forge.get("form", {}))
    return form, {**claims, **intent.forge.get("claims", {})}


def first_values(params: Mapping[str, list[str]]) -> dict[str, str]:
    """Each parameter with its first value."""
    return {name: values[0] for name, values in params.items()}


def error_form(lms: Lms, request: Mapping[str, str], refusal: Refusal) -> FormPost | None:
    """The error to post to the redirect URI, or None when this platform shows its own page."""
    answer = lms.habits.auth_answers.get(refusal.code)
    if answer is None or not answer.error:
        return None
    error = {"error": answer.error, "error_description": refusal.text("en")}
    return _form(lms, request, error)


def message_claims(lms: Lms, intent: Intent) -> dict[str, Any]:
    """The honest claims of the message that `intent` started."""
    claims = lms.habits.launch_claims(lms, intent)
    if intent.kind == "deep_link":
        claims |= request_settings(lms, intent)
    return claims


def _form(lms: Lms, request: Mapping[str, str], fields: dict[str, str]) -> FormPost:
    if "state" in request:
        fields["state"] = request["state"]
    if lms.habits.storage_target:
        fields["lti_storage_target"] = lms.habits.storage_target
    return FormPost(request["redirect_uri"], fields)


def _checked_client(lms: Lms, request: Mapping[str, str]) -> Client:
    client = lms.clients.get(request.get("client_id", ""))
    if client is None or not client.active:
        raise Refusal("auth_client", got=request.get("client_id"))
    if request.get("redirect_uri") not in client.redirect_uris:
        raise Refusal("auth_redirect_uri", got=request.get("redirect_uri"))
    return client


def _checked_intent(lms: Lms, client: Client, request: Mapping[str, str]) -> Intent:
    intent = lms.memory.intents.get(request.get("lti_message_hint", ""))
    if intent is None:
        raise Refusal("auth_message_hint", got=request.get("lti_message_hint"))
    if intent.client.client_id != client.client_id:
        raise Refusal("auth_wrong_client", got=client.client_id)
    if request.get("login_hint") != intent.login_hint:
        raise Refusal("auth_login_hint", got=request.get("login_hint"))
    if intent.used or intent.started < lms.now() - INTENT_LIFETIME:
        raise Refusal("auth_launch_used")
    return intent


def _check_rest(lms: Lms, request: Mapping[str, str]) -> None:
    for name, wanted in (
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
    ):
        if request.get(name) != wanted:
            raise Refusal(f"auth_{name}", got=request.get(name))
    if not request.get("nonce"):
        raise Refusal("auth_nonce_missing")
    if lms.habits.state_required and not request.get("state"):
        raise Refusal("auth_state_missing")
    if lms.memory.login_required:
        raise Refusal("auth_login_required")


def with_query(url: str, fields: Mapping[str, str]) -> str:
    """`url` with `fields` added to its query, which may already hold something."""
    return url + ("&" if "?" in url else "?") + urlencode(fields)


def query_of(login: LoginRequest) -> str:
    """The address of a login initiation by GET."""
    return with_query(login.url, login.fields)
