"""The token endpoint and the bearer tokens it issues (Security Framework 1.0 §4)."""

from __future__ import annotations

import json

from flask import request

from lti_tool.sandbox.protocol.toolkeys import ToolKeys, check_audience, check_times, read_claims
from lti_tool.sandbox.services.exchange import Exchange
from lti_tool.sandbox.services.inspector import violation
from lti_tool.sandbox.world.habits import Reply
from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import AGS, AccessToken, Client
from lti_tool.sandbox.world.store import Lms

FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = 3600


def issue(lms: Lms, keys: ToolKeys, exchange: Exchange) -> Reply:
    """Answer a token request: client credentials, proven by a signed assertion.

    Raises:
        Refusal: naming the first thing that is wrong.
    """
    if request.mimetype != FORM:
        raise Refusal("token_media_type", got=request.mimetype or "(geen / none)")
    form = request.form
    if form.get("grant_type") != "client_credentials":
        raise Refusal("token_grant_type", got=form.get("grant_type"))
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refusal("token_assertion_type", got=form.get("client_assertion_type"))
    assertion = form.get("client_assertion", "")
    if not assertion:
        raise Refusal("jwt_missing", name="client_assertion")
    claims = read_claims(assertion)
    exchange.shown = {"scope": form.get("scope"), "client_assertion": claims}
    client = _client(lms, claims.get("sub"))
    claims = keys.verify(client, assertion)
    _check_assertion(lms, client, claims)
    scopes = _scopes(lms, client, form.get("scope", ""))
    _note_reading_scopes(lms, form.get("scope", ""))
    token = AccessToken(client.client_id, scopes, lms.now() + LIFETIME)
    value = lms.ticket() + lms.ticket()
    with lms.lock:
        lms.memory.tokens[value] = token
    scope = " ".join(sorted(scopes))
    body = {"access_token": value, "token_type": "Bearer", "expires_in": LIFETIME, "scope": scope}
    exchange.answer = {**body, "access_token": "…" + value[-6:]}
    return Reply(200, json.dumps(body), lms.habits.token_content_type)


def _client(lms: Lms, client_id: object) -> Client:
    client = lms.clients.get(client_id) if isinstance(client_id, str) else None
    if client is None or not client.active:
        raise Refusal("token_client", got=client_id)
    return client


def _check_assertion(lms: Lms, client: Client, claims: dict[str, object]) -> None:
    """Issuer, audience, times and one-time use of a client assertion whose signature is right."""
    habits = lms.habits
    for name in ("iss", "sub"):
        if claims.get(name) != client.client_id:
            raise Refusal(f"jwt_{name}", got=claims.get(name), want=client.client_id)
    check_audience(claims, [lms.url("token")])
    check_times(claims, lms.now(), ahead=habits.issued_at_ahead, age=habits.issued_at_age)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise Refusal("jwt_jti_missing")
    with lms.lock:
        if habits.jti_once and (client.client_id, jti) in lms.memory.jtis:
            raise Refusal("jwt_jti_reused")
        lms.memory.jtis.add((client.client_id, jti))


def _scopes(lms: Lms, client: Client, asked: str) -> frozenset[str]:
    wanted = asked.split()
    if not wanted:
        raise Refusal("token_scope_missing")
    permitted = lms.scopes_of(client)
    unknown = [scope for scope in wanted if scope not in permitted]
    if unknown and not (lms.habits.unknown_scopes_dropped and len(unknown) < len(wanted)):
        raise Refusal("token_scope_unknown", got=" ".join(unknown))
    return frozenset(wanted) - frozenset(unknown)


def _note_reading_scopes(lms: Lms, asked: str) -> None:
    """Asking for the right to read a gradebook breaks the tool's promise; it is noted."""
    if AGS + "result.readonly" in asked.split():
        violation(lms, "token", request.url, "result.readonly")


def require_token(lms: Lms, *scopes: str) -> Client:
    """The client whose bearer token came with this request and grants one of `scopes`.

    Raises:
        Refusal: one of the `bearer_…` codes.
    """
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not value:
        raise Refusal("bearer_missing")
    token = lms.memory.tokens.get(value)
    if token is None:
        raise Refusal("bearer_unknown")
    if token.expires <= lms.now():
        raise Refusal("bearer_expired")
    if not token.scopes.intersection(scopes):
        raise Refusal("bearer_scope", want=" / ".join(scopes))
    return lms.clients[token.client_id]
