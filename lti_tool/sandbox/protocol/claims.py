"""What each kind of platform puts in its messages.

Pure but for `joserfc` in Canvas's message hint. The Moodle shapes were measured on Moodle 4.5, the
Canvas shapes were read in its source, `strict` says what Core 1.3 requires and little else.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from joserfc import jwt
from joserfc.jwk import OctKey

from lti_tool.sandbox.world.records import Activity, Intent
from lti_tool.sandbox.world.store import Lms

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
COURSE_TITLE = "Studiedag"
LABEL = "studiedag"
OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
STORAGE_FRAME = "post_message_forwarding"


def _ids(ids: tuple[str, ...]) -> str:
    """A history: URL-encoded ids, the latest first (LTI Core 1.3 appendix B)."""
    return ",".join(quote(one, safe="") for one in ids)


VARIABLES: Mapping[str, Callable[[Activity], str]] = {
    "Context.id.history": lambda activity: _ids(activity.course_history),
    "ResourceLink.id.history": lambda activity: _ids(activity.history),
}
"""What may stand in a custom parameter, as `$` and the name; `Habits.variables` says which do."""


def hex40(text: str) -> str:
    """A fixed 40 character hex id, the shape of Canvas's opaque identifiers."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def fixed_uuid(text: str) -> str:
    """A fixed UUID, the shape of Canvas's user ids."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "https://sandbox.invalid/" + text))


# --- login initiation -----------------------------------------------------------------------------


def _login(lms: Lms, intent: Intent) -> dict[str, str]:
    return {
        "iss": lms.issuer,
        "target_link_uri": intent.target_link_uri,
        "login_hint": intent.login_hint,
        "lti_message_hint": intent.hint,
        "client_id": intent.client.client_id,
    }


def strict_login(lms: Lms, intent: Intent) -> dict[str, str]:
    """Core 1.3 §4.1: the parameters and `lti_deployment_id`."""
    return _login(lms, intent) | {"lti_deployment_id": intent.client.deployment_id}


def moodle_login(lms: Lms, intent: Intent) -> dict[str, str]:
    """As posted by Moodle 4.5: `lti_deployment_id`, no storage target."""
    return strict_login(lms, intent)


def canvas_login(lms: Lms, intent: Intent) -> dict[str, str]:
    """As Canvas does: `deployment_id`, region, environment."""
    return _login(lms, intent) | {
        "deployment_id": intent.client.deployment_id,
        "canvas_region": "eu-central-1",
        "canvas_environment": "prod",
    }


def strict_hint(lms: Lms, _intent: Intent) -> str:
    """Opaque, with every character that careless code alters."""
    return f"zand/&%+ü='{lms.ticket()}'"


def moodle_hint(lms: Lms, intent: Intent) -> str:
    """Moodle's JSON, without spaces: the course module (if any) and a one-time launch id."""
    kind = "" if intent.activity else "_ContentItemSelectionRequest"
    number = int(lms.settings.derived(lms.ticket())[:8], 16)
    hint: dict[str, object] = {}
    if intent.activity:
        hint["cmid"] = intent.activity.cmid
        kind = str(intent.activity.id)
    return json.dumps(hint | {"launchid": f"ltilaunch{kind}_{number}"}, separators=(",", ":"))


def canvas_hint(lms: Lms, intent: Intent) -> str:
    """A JWT that only the platform can read."""
    claims = {
        "verifier": lms.ticket(),
        "canvas_domain": "zandbak.invalid",
        "context_id": 1,
        "exp": int(intent.started) + 300,
    }
    key = OctKey.import_key(lms.settings.derived("canvas message hint"))
    return jwt.encode({"alg": "HS256"}, claims, key)


# --- id_token -------------------------------------------------------------------------------------


def _core(lms: Lms, intent: Intent) -> dict[str, Any]:
    """The claims that every platform sends for every message."""
    now = int(lms.now())
    client, activity = intent.client, intent.activity
    endpoint: dict[str, Any] = {
        "scope": list(client.scopes),
        "lineitems": lms.line_items_url(client),
    }
    claims: dict[str, Any] = {
        "iss": lms.issuer,
        "aud": client.client_id,
        "iat": now,
        "exp": now + lms.habits.id_token_seconds,
        "nonce": intent.nonce,
        "sub": intent.person.sub,
        LTI + "version": "1.3.0",
        LTI + "deployment_id": client.deployment_id,
        LTI + "target_link_uri": intent.target_link_uri,
        LTI + "roles": list(lms.habits.roles[intent.person.role]),
        ENDPOINT: endpoint,
    }
    custom = dict(client.custom)
    if activity is None:
        claims[LTI + "message_type"] = "LtiDeepLinkingRequest"
    else:
        claims[LTI + "message_type"] = "LtiResourceLinkRequest"
        claims[LTI + "resource_link"] = {
            "id": activity.resource_link_id,
            "title": activity.title,
        }
        custom |= activity.custom
        for name in lms.habits.variables:
            found = VARIABLES[name](activity)
            custom = {key: found if value == f"${name}" else value for key, value in custom.items()}
        if lms.offers_completion:
            custom["completion_url"] = lms.completion_url(activity)
        if activity.line_item:
            endpoint["lineitem"] = lms.line_item_url(activity.line_item, client)
    if custom:
        claims[LTI + "custom"] = custom
    if lms.habits.privacy == "public":
        person = intent.person
        claims |= {
            "given_name": person.given,
            "family_name": person.family,
            "name": person.name,
            "email": f"{person.key}@zandbak.invalid",
        }
    return claims


def _course(lms: Lms, intent: Intent) -> str:
    """Id of the course from which this launch comes."""
    return (intent.activity and intent.activity.course) or lms.habits.context_id


def _return_url(lms: Lms, intent: Intent) -> str:
    return f"{lms.issuer}/return?user={intent.person.key}&lang={intent.lang}"


def strict_claims(lms: Lms, intent: Intent) -> dict[str, Any]:
    """Core 1.3: what it requires, and a context."""
    return _core(lms, intent) | {
        LTI + "context": {
            "id": _course(lms, intent),
            "label": LABEL,
            "title": COURSE_TITLE,
            "type": [OFFERING],
        },
        LTI + "launch_presentation": {
            "document_target": "window" if intent.new_window else "iframe",
            "locale": "en-GB" if intent.lang == "en" else "nl-NL",
            "return_url": _return_url(lms, intent),
        },
        LTI + "tool_platform": {"guid": hex40(lms.issuer), "name": "Zandbak"},
    }


def moodle_claims(lms: Lms, intent: Intent) -> dict[str, Any]:
    """Moodle 4.5: bare database ids, `ext.lms`, no document target in a deep linking request."""
    claims = _core(lms, intent)
    presentation = {"locale": intent.lang}
    if intent.activity:
        claims[LTI + "resource_link"] = {
            "title": intent.activity.title,
            "description": intent.activity.text,
            "id": intent.activity.resource_link_id,
        }
        presentation |= {
            "document_target": "window" if intent.new_window else "iframe",
            "return_url": _return_url(lms, intent),
        }
    ext = {"lms": "moodle-2"}
    if lms.habits.privacy == "public":
        ext = {"user_username": intent.person.key} | ext
    return claims | {
        LTI + "lis": {"person_sourcedid": "", "course_section_sourcedid": ""},
        LTI + "context": {
            "id": _course(lms, intent),
            "label": LABEL,
            "title": COURSE_TITLE,
            "type": ["CourseSection"],
        },
        LTI + "ext": ext,
        LTI + "launch_presentation": presentation,
        LTI + "tool_platform": {
            "product_family_code": "moodle",
            "version": "2024100706",
            "guid": hashlib.md5(lms.issuer.encode(), usedforsecurity=False).hexdigest(),
            "name": "zandbak",
            "description": "Zandbak",
        },
    }


# Canvas adds these to several claims; they mean nothing and a tool must bear them.
_NOISE: dict[str, Any] = {"validation_context": None, "errors": {"errors": {}}}


def canvas_claims(lms: Lms, intent: Intent) -> dict[str, Any]:
    """Canvas: `azp`, `locale`, a placement claim, LTI 1.1 ids, and noise in many claims."""
    claims = _core(lms, intent)
    activity = intent.activity
    placement: str | None = intent.placement or None
    if activity:
        claims[LTI + "resource_link"] = {
            "id": activity.resource_link_id,
            "title": activity.title,
            "description": activity.text or None,
            **_NOISE,
        }
        placement = "assignment_selection" if activity.line_item else None
    return claims | {
        "azp": intent.client.client_id,
        "locale": intent.lang,
        LTI + "context": {
            "id": _course(lms, intent),
            "label": LABEL,
            "title": COURSE_TITLE,
            "type": [OFFERING],
            **_NOISE,
        },
        LTI + "launch_presentation": {
            "document_target": "window" if intent.new_window else "iframe",
            "return_url": _return_url(lms, intent),
            "locale": intent.lang,
            "height": None,
            "width": None,
            **_NOISE,
        },
        LTI + "tool_platform": {
            "guid": hex40(lms.issuer) + ":canvas-lms",
            "name": "Zandbak",
            "version": "cloud",
            "product_family_code": "canvas",
            **_NOISE,
        },
        LTI + "lis": {"person_sourcedid": None, "course_offering_sourcedid": None, **_NOISE},
        LTI + "lti11_legacy_user_id": hex40("user " + intent.person.key),
        LTI + "lti1p1": {"user_id": hex40("user " + intent.person.key), **_NOISE},
        "https://www.instructure.com/placement": placement,
    }
