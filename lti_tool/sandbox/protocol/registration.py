"""Dynamic registration (LTI Dynamic Registration 1.0), in the ways of Moodle and of Canvas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import request

from lti_tool.sandbox.services.exchange import Exchange
from lti_tool.sandbox.world.habits import Reply
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import SCOPES, Client
from lti_tool.sandbox.world.store import Lms

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CANVAS = "https://canvas.instructure.com/lti/"
TOKEN_LIFETIME = 3600


@dataclass(frozen=True)
class Ways:
    """What differs in registering: one row per family."""

    unknown_scopes_dropped: bool
    field_status: int
    domain_with_port: bool
    tells_deployment: bool
    messages: tuple[dict[str, Any], ...]


_LAUNCH = {"type": "LtiResourceLinkRequest"}
WAYS: Mapping[str, Ways] = {
    # measured on Moodle 4.5
    "moodle": Ways(
        unknown_scopes_dropped=True,
        field_status=400,
        domain_with_port=True,
        tells_deployment=True,
        messages=(_LAUNCH, {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]}),
    ),
    # read in Canvas's source
    "canvas": Ways(
        unknown_scopes_dropped=False,
        field_status=422,
        domain_with_port=False,
        tells_deployment=False,
        messages=(
            _LAUNCH | {"placements": [CANVAS + "course_navigation"]},
            {
                "type": "LtiDeepLinkingRequest",
                "placements": [
                    CANVAS + name
                    for name in ("assignment_selection", "module_menu_modal", "editor_button")
                ],
            },
        ),
    ),
    "generic": Ways(
        unknown_scopes_dropped=False,
        field_status=400,
        domain_with_port=False,
        tells_deployment=True,
        messages=(_LAUNCH, {"type": "LtiDeepLinkingRequest"}),
    ),
}


def new_token(lms: Lms) -> str:
    """A registration token that works once, within the hour."""
    token = lms.ticket()
    with lms.lock:
        lms.memory.registration_tokens[token] = lms.now() + TOKEN_LIFETIME
    return token


def configuration(lms: Lms, _exchange: Exchange) -> Reply:
    """The platform's OpenID configuration, with its LTI part."""
    ways = WAYS[lms.habits.family]
    platform: dict[str, Any] = {
        "product_family_code": lms.habits.product,
        "version": "sandbox",
        "messages_supported": list(ways.messages),
        "variables": list(lms.habits.variables),
    }
    if lms.habits.family == "canvas":
        platform |= {CANVAS + "account_name": "Zandbak", CANVAS + "account_lti_guid": "zandbak"}
    return Reply(
        200,
        json.dumps(
            {
                "issuer": lms.issuer,
                "authorization_endpoint": lms.url("auth"),
                "token_endpoint": lms.url("token"),
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
                "jwks_uri": lms.url("jwks"),
                "registration_endpoint": lms.url("registration"),
                "scopes_supported": [*lms.scopes_of(lms.client), "openid"],
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public", "pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
                PLATFORM: platform,
            }
        ),
    )


def register(lms: Lms, exchange: Exchange) -> Reply:
    """Take a registration; the tool stays pending until an administrator activates it.

    Raises:
        Refusal: `registration_token`, `registration_field`, `token_scope_unknown`.
    """
    _spend_token(lms)
    try:
        wanted = json.loads(request.get_data())
    except (ValueError, RecursionError) as wrong:
        raise Refusal("body_json") from wrong
    if not isinstance(wanted, dict):
        raise Refusal("body_json")
    exchange.shown = wanted
    client = _client(lms, wanted)
    with lms.lock:
        number = len(lms.clients) + 1
        client.client_id = lms.settings.derived(f"{lms.name} tool {lms.ticket()}")[:15]
        client.deployment_id = lms.habits.deployment_id if number == 1 else str(number)
        lms.clients[client.client_id] = client
    tool = dict(wanted[TOOL])
    if WAYS[lms.habits.family].tells_deployment:
        tool["deployment_id"] = client.deployment_id
    answer = wanted | {
        "client_id": client.client_id,
        "scope": " ".join(client.scopes),
        TOOL: tool,
    }
    return Reply(201 if lms.habits.family == "generic" else 200, json.dumps(answer))


def refused(lms: Lms, refusal: Refusal) -> Reply:
    """401 for the token, the family's status for anything else."""
    ways = WAYS[lms.habits.family]
    status = 401 if refusal.code == "registration_token" else ways.field_status
    return Reply(
        status, json.dumps({"error": refusal.code, "error_description": refusal.text("en")})
    )


def _spend_token(lms: Lms) -> None:
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    with lms.lock:
        expires = lms.memory.registration_tokens.pop(token, 0)
    if expires <= lms.now():
        raise Refusal("registration_token")


def _text(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal("registration_field", name=name)
    return value


def _client(lms: Lms, wanted: Mapping[str, Any]) -> Client:
    """A client for a well-formed registration; its ids are filled in by the caller."""
    tool = wanted.get(TOOL)
    if not isinstance(tool, dict):
        raise Refusal("registration_field", name=TOOL)
    redirects = wanted.get("redirect_uris")
    if not isinstance(redirects, list) or not redirects:
        raise Refusal("registration_field", name="redirect_uris")
    if "id_token" not in (wanted.get("response_types") or []):
        raise Refusal("registration_field", name="response_types")
    if wanted.get("token_endpoint_auth_method") != "private_key_jwt":
        raise Refusal("registration_field", name="token_endpoint_auth_method")
    custom = tool.get("custom_parameters", {})
    if not isinstance(custom, dict) or not all(isinstance(v, str) for v in custom.values()):
        raise Refusal("registration_field", name="custom_parameters")
    target = _text(tool, "target_link_uri")
    _check_domain(lms, _text(tool, "domain"), target)
    return Client(
        client_id="",
        deployment_id="",
        name=_text(wanted, "client_name"),
        login_url=_text(wanted, "initiate_login_uri"),
        launch_url=target,
        redirect_uris=[str(uri) for uri in redirects],
        jwks_url=_text(wanted, "jwks_uri"),
        scopes=_scopes(lms, _text(wanted, "scope")),
        custom=custom,
        active=False,
    )


def _check_domain(lms: Lms, domain: str, target: str) -> None:
    """The tool's domain has no scheme and fits its address; Moodle wants the port in it too."""
    address = urlsplit(target)
    fitting = {address.netloc}
    if not WAYS[lms.habits.family].domain_with_port:
        fitting.add(address.hostname or "")
    if domain not in fitting:
        raise Refusal("registration_field", name="domain")


def _scopes(lms: Lms, asked: str) -> tuple[str, ...]:
    known = {*SCOPES, *lms.scopes_of(lms.client)}
    unknown = set(asked.split()) - known
    if unknown and not WAYS[lms.habits.family].unknown_scopes_dropped:
        raise Refusal("token_scope_unknown", got=" ".join(sorted(unknown)))
    return tuple(scope for scope in asked.split() if scope in known)
