"""How each platform says no: to a token request, at a service, to an authentication request.

`moodle` was measured on Moodle 4.5.6; `canvas` was read in Canvas's source and documentation;
`strict` follows RFC 6749, RFC 6750 and OpenID Connect.
"""

from __future__ import annotations

import json

from lti_tool.sandbox.world.habits import AuthAnswer, Reply
from lti_tool.sandbox.world.reasons import REASONS, Refusal

# --- saying no at the token endpoint --------------------------------------------------------------

_RFC6749 = {
    "token_media_type": (400, "invalid_request"),
    "token_grant_type": (400, "unsupported_grant_type"),
    "token_assertion_type": (400, "invalid_request"),
    "token_scope_missing": (400, "invalid_scope"),
    "token_scope_unknown": (400, "invalid_scope"),
    "jwt_missing": (400, "invalid_request"),
    "score_field": (400, "invalid_request"),
}


def strict_token_refusal(refusal: Refusal) -> Reply:
    """RFC 6749 §5.2: `invalid_client` with 401 for anything wrong with the assertion."""
    status, error = _RFC6749.get(refusal.code, (401, "invalid_client"))
    body = {"error": error, "error_description": refusal.text("en")}
    return Reply(status, json.dumps(body), headers=(("Cache-Control", "no-store"),))


_MOODLE_TOKEN = {
    "token_grant_type": "unsupported_grant_type",
    "token_assertion_type": "unsupported_grant_type",
    "token_client": "invalid_client",
    "token_scope_unknown": "invalid_scope",
    "jwt_kid_missing": '"kid" empty, unable to lookup correct key',
    "jwt_kid_unknown": '"kid" invalid, unable to lookup correct key',
    "jwt_signature": "Signature verification failed",
    "jwt_expired": "Expired token",
    "jwt_iat_future": "Cannot handle token with iat prior to now",
    "jwt_aud": "invalid_client",
    "jwt_iss": "invalid_client",
    "jwt_sub": "invalid_client",
}


def moodle_token_refusal(refusal: Refusal) -> Reply:
    """Moodle: always 400, `text/html`, raw text in the JSON (so a quote makes it invalid JSON)."""
    error = _MOODLE_TOKEN.get(refusal.code, "invalid_request")
    return Reply(400, '{\n  "error" : "' + error + '"\n}\n', "text/html; charset=utf-8")


_CANVAS_TOKEN = {
    "jwt_kid_missing": "JWK Error: kid is missing",
    "jwt_kid_unknown": "JWK Error: no key with that kid",
    "jwt_keys_unreachable": "JWK Error: public_jwk_url could not be fetched",
    "jwt_signature": "JWS signature invalid.",
    "jwt_aud": "the 'aud' is invalid",
    "jwt_expired": "the JWT has expired",
}


def canvas_token_refusal(refusal: Refusal) -> Reply:
    """Canvas: 400 `invalid_request` with a description; scopes and clients have their own."""
    error, status = "invalid_request", 400
    if refusal.code == "token_client":
        error, status = "invalid_client", 401
    if refusal.code in ("token_scope_missing", "token_scope_unknown"):
        error = "invalid_scope"
    if refusal.code == "token_grant_type":
        error = "unsupported_grant_type"
    description = _CANVAS_TOKEN.get(refusal.code, refusal.text("en"))
    return Reply(status, json.dumps({"error": error, "error_description": description}))


# --- saying no at a service -----------------------------------------------------------------------


def strict_service_refusal(status: int, refusal: Refusal) -> Reply:
    """A problem in words, and `WWW-Authenticate` where a token is at fault (RFC 6750 §3)."""
    headers: tuple[tuple[str, str], ...] = ()
    if status in (401, 403) and refusal.code.startswith("bearer"):
        error = "insufficient_scope" if refusal.code == "bearer_scope" else "invalid_token"
        headers = (("WWW-Authenticate", f'Bearer error="{error}"'),)
    body = {"error": refusal.code, "error_description": refusal.text("en")}
    return Reply(status, json.dumps(body), headers=headers)


def moodle_service_refusal(status: int, _refusal: Refusal) -> Reply:
    """Moodle: the status, and HTML."""
    return Reply(status, f"<h1>{status}</h1>", "text/html; charset=utf-8")


def canvas_service_refusal(status: int, refusal: Refusal) -> Reply:
    """Canvas: `{"errors": {"type", "message"}}`; a line item that is gone has no body."""
    if refusal.code == "line_item_unknown":
        return Reply(status, "")
    names = {400: "bad_request", 401: "unauthorized", 422: "unprocessable_entity"}
    errors = {"type": names.get(status, refusal.code), "message": refusal.text("en")}
    return Reply(status, json.dumps({"errors": errors}))


SCORES_STRICT = {
    "bearer_missing": 401,
    "bearer_unknown": 401,
    "bearer_expired": 401,
    "bearer_scope": 403,
    "media_type": 415,
    "accept_type": 406,
    "line_item_unknown": 404,
    "line_item_foreign": 404,
    "line_item_query": 404,
    "line_item_read_only": 405,
    "method": 405,
    "gradebook_read": 403,
    "timestamp_old": 409,
    "user_unknown": 404,
    "user_not_a_learner": 422,
}
SCORES_MOODLE = SCORES_STRICT | {
    "bearer_scope": 401,
    "media_type": 400,
    "accept_type": 400,
    "user_unknown": 400,
    "user_not_a_learner": 400,
}
SCORES_CANVAS = SCORES_STRICT | {
    "bearer_scope": 401,
    "line_item_foreign": 412,
    "timestamp_old": 400,
    "user_unknown": 422,
    "user_not_a_learner": 422,
    "attempts_exhausted": 422,
    "course_concluded": 422,
}


# --- saying no to an authentication request -------------------------------------------------------


def _posted(**errors: str) -> dict[str, AuthAnswer]:
    """Answers for every refusal of an authentication request; `other` is for those not named."""
    other = errors.pop("other")
    codes = [code for code in REASONS if code.startswith("auth_")]
    return {code: AuthAnswer(error=errors.get(code[5:], other)) for code in codes}


def _shown(status: int, *codes: str) -> dict[str, AuthAnswer]:
    return {f"auth_{code}": AuthAnswer(status=status) for code in codes}


AUTH_STRICT = _posted(
    other="invalid_request",
    scope="invalid_scope",
    response_type="unsupported_response_type",
    login_hint="access_denied",
    wrong_client="unauthorized_client",
    login_required="login_required",
) | _shown(400, "client", "redirect_uri", "repeated")
AUTH_MOODLE = AUTH_STRICT | _shown(
    404, "client", "redirect_uri", "message_hint", "launch_used", "repeated"
)
AUTH_CANVAS = (
    _posted(
        other="invalid_request_object",
        wrong_client="unauthorized_client",
        login_hint="login_required",
        login_required="login_required",
        launch_used="launch_no_longer_valid",
    )
    | _shown(404, "client")
    | _shown(400, "redirect_uri", "message_hint", "repeated")
)
