"""Bad launches, row by row of the project's list of bad inputs.

Each has its status and its stable code, in the header and on the page; nothing is stored, nothing
of what was sent is shown.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask
from sqlalchemy import select
from tinylms import (
    DL,
    GONE,
    LTI,
    MEMBERSHIP,
    TOOL,
    Browser,
    Lms,
    code_of,
    register,
    stored,
)
from werkzeug.test import TestResponse

from lti_tool.db import db
from lti_tool.platforms.models import Deployment

SECRET = "MARKED-BY-THE-SENDER"


def check(response: TestResponse, app: Flask, status: int, code: str) -> None:
    assert (response.status_code, code_of(response)) == (status, code)
    assert SECRET not in response.text
    assert "Location" not in response.headers
    assert not any(stored(app).values())
    assert response.headers["Cache-Control"] == "no-store"


NOW = "now"


def at(offset: int) -> tuple[str, int]:
    return NOW, offset


CLAIMS: dict[str, tuple[dict[str, Any], int, str]] = {
    "27 ★ version 1.2.0": ({LTI + "version": "1.2.0"}, 400, "claims-incomplete"),
    "28 ★ version missing": ({LTI + "version": GONE}, 400, "claims-incomplete"),
    "29 ★ message_type missing": ({LTI + "message_type": GONE}, 400, "claims-incomplete"),
    "30 unknown message_type": ({LTI + "message_type": SECRET}, 400, "message-unknown"),
    "30 submission review": (
        {LTI + "message_type": "LtiSubmissionReviewRequest"},
        400,
        "message-unknown",
    ),
    "31 ★ roles missing": ({LTI + "roles": GONE}, 400, "claims-incomplete"),
    "31 roles as text": ({LTI + "roles": MEMBERSHIP + "Learner"}, 400, "claims-malformed"),
    "31 a role that is no text": ({LTI + "roles": [7]}, 400, "claims-malformed"),
    "32 ★ deployment_id missing": ({LTI + "deployment_id": GONE}, 400, "claims-incomplete"),
    "34 ★ resource_link missing": ({LTI + "resource_link": GONE}, 400, "claims-incomplete"),
    "34 ★ resource_link.id missing": (
        {LTI + "resource_link": {"title": SECRET}},
        400,
        "claims-incomplete",
    ),
    "34 resource_link is text": ({LTI + "resource_link": "1"}, 400, "claims-incomplete"),
    "35 ★ sub missing": ({"sub": GONE}, 400, "claims-incomplete"),
    "35 sub is a number": ({"sub": 4}, 400, "claims-malformed"),
    "35 sub is empty": ({"sub": ""}, 400, "claims-malformed"),
    "36 ★ several claims missing": (
        {LTI + "roles": GONE, "sub": GONE, LTI + "version": GONE},
        400,
        "claims-incomplete",
    ),
    "37 ★ exp past": ({"iat": at(-200), "exp": at(-61)}, 401, "token-time"),
    "37 iat future": ({"iat": at(90), "exp": at(150)}, 401, "token-time"),
    "37 exp before iat": ({"iat": at(30), "exp": at(20)}, 401, "token-time"),
    "37 exp missing": ({"exp": GONE}, 401, "token-time"),
    "37 iat missing": ({"iat": GONE}, 401, "token-time"),
    "38 exp as text": ({"exp": "9999999999"}, 401, "token-time"),
    "38 iat as text": ({"iat": "0"}, 401, "token-time"),
    "38 exp as bool": ({"exp": True}, 401, "token-time"),
    "38 iat as bool": ({"iat": True}, 401, "token-time"),
    "38 exp infinite": ({"exp": float("inf")}, 401, "token-time"),
    "38 exp no number": ({"exp": float("nan")}, 401, "token-time"),
    "39 aud other": ({"aud": SECRET}, 401, "token-audience"),
    "39 aud missing": ({"aud": GONE}, 401, "token-audience"),
    "39 aud an empty list": ({"aud": []}, 401, "token-audience"),
    "39 aud with a stranger": (
        {"aud": ["client-1", SECRET], "azp": "client-1"},
        401,
        "token-audience",
    ),
    "40 aud twice, azp absent": ({"aud": ["client-1", "client-1"]}, 401, "token-audience"),
    "40 azp wrong": ({"azp": SECRET}, 401, "token-audience"),
    "40 azp null": ({"azp": None}, 401, "token-audience"),
    "41 iss of another": ({"iss": "https://other.example"}, 401, "token-issuer"),
    "41 iss missing": ({"iss": GONE}, 401, "token-issuer"),
    "42 target differs from the login's": (
        {LTI + "target_link_uri": f"{TOOL}/other"},
        400,
        "claims-target",
    ),
    "42 target elsewhere": (
        {LTI + "target_link_uri": "https://evil.example/"},
        400,
        "claims-target",
    ),
    "42 target missing": ({LTI + "target_link_uri": GONE}, 400, "claims-incomplete"),
    "43 sub of 256 characters": ({"sub": "x" * 256}, 400, "claims-malformed"),
    "43 a control character in sub": ({"sub": "4\0"}, 400, "claims-malformed"),
    "43 a deployment of 256 characters": (
        {LTI + "deployment_id": "x" * 256},
        400,
        "claims-malformed",
    ),
    "43 a link id of 256 characters": (
        {LTI + "resource_link": {"id": "x" * 256}},
        400,
        "claims-malformed",
    ),
    "43 a control character in a context id": (
        {LTI + "context": {"id": "2\n"}},
        400,
        "claims-malformed",
    ),
    "54 nonce missing": ({"nonce": GONE}, 401, "token-nonce"),
    "54 nonce of another login": ({"nonce": SECRET}, 401, "token-nonce"),
    "54 nonce with a lone surrogate": ({"nonce": "\ud800"}, 401, "token-nonce"),
}


@pytest.mark.parametrize("row", CLAIMS)
def test_claims(browser: Browser, tool: Flask, row: str) -> None:
    changes, status, code = CLAIMS[row]
    now = int(browser.now())
    changes = {
        name: now + value[1] if isinstance(value, tuple) else value
        for name, value in changes.items()
    }

    check(browser.launch(changes), tool, status, code)


DEEP: dict[str, tuple[dict[str, Any], int, str]] = {
    "58 without settings": ({DL: GONE}, 400, "claims-incomplete"),
    "58 settings are text": ({DL: "x"}, 400, "claims-incomplete"),
    "61 by a learner": ({LTI + "roles": [MEMBERSHIP + "Learner"]}, 403, "role-missing"),
}

SETTINGS: dict[str, tuple[dict[str, Any], int, str]] = {
    "59 return_url missing": ({"deep_link_return_url": GONE}, 400, "claims-incomplete"),
    "59 return_url over http": (
        {"deep_link_return_url": "http://lms.example/back"},
        400,
        "claims-incomplete",
    ),
    "59 return_url is a script": (
        {"deep_link_return_url": "javascript:alert(1)"},
        400,
        "claims-incomplete",
    ),
    "59 return_url hides credentials": (
        {"deep_link_return_url": "https://a@evil.example/"},
        400,
        "claims-incomplete",
    ),
    "58 accept_types missing": ({"accept_types": GONE}, 400, "claims-incomplete"),
    "58 data is no text": ({"data": {"a": 1}}, 400, "claims-malformed"),
}


@pytest.mark.parametrize("row", DEEP | SETTINGS)
def test_deep_linking(browser: Browser, tool: Flask, row: str) -> None:
    if row in DEEP:
        changes, status, code = DEEP[row]
    else:
        settings, status, code = SETTINGS[row]
        usual = browser.lms.deep_linking_claims("", 0)[DL] | settings
        changes = {DL: {name: value for name, value in usual.items() if value is not GONE}}

    check(browser.launch(changes, deep=True), tool, status, code)


def test_60_a_picker_explains_when_links_are_not_accepted(browser: Browser) -> None:
    settings = browser.lms.deep_linking_claims("", 0)[DL] | {"accept_types": ["html"]}

    assert browser.launch({DL: settings}, deep=True).status_code == 303


# The token's envelope.


def b64(value: bytes | dict[str, Any]) -> str:
    raw = json.dumps(value).encode() if isinstance(value, dict) else value
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hs256(lms: Lms, claims: dict[str, Any]) -> str:
    """Sign as HS256 with the public key as the secret: the classic confusion."""
    public = lms.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = f"{b64({'alg': 'HS256', 'kid': lms.kid})}.{b64(claims)}"
    return f"{signed}.{b64(hmac.digest(public, signed.encode(), hashlib.sha256))}"


def altered(lms: Lms, claims: dict[str, Any]) -> str:
    header, _, signature = lms.sign(claims).split(".")
    return f"{header}.{b64(claims | {'sub': 'someone-else'})}.{signature}"


TOKENS: dict[str, tuple[Callable[[Lms, dict[str, Any]], str | object], int, str]] = {
    "15 ★ no kid": (lambda lms, c: lms.sign(c, headers={}), 401, "token-key"),
    "15 kid is a number": (
        lambda lms, c: f"{b64({'alg': 'RS256', 'kid': 7})}.{b64(c)}.{b64(b'x')}",
        401,
        "token-key",
    ),
    "16 ★ wrong kid": (lambda lms, c: lms.sign(c, headers={"kid": SECRET}), 401, "token-key"),
    "17 alg none": (
        lambda lms, c: f"{b64({'alg': 'none', 'kid': lms.kid})}.{b64(c)}.",
        400,
        "token-malformed",
    ),
    "17 alg none with some signature": (
        lambda lms, c: f"{b64({'alg': 'none', 'kid': lms.kid})}.{b64(c)}.{b64(b'x')}",
        401,
        "token-algorithm",
    ),
    "17 alg RS512": (lambda lms, c: lms.sign(c, algorithm="RS512"), 401, "token-algorithm"),
    "18 HS256 with the public key": (hs256, 401, "token-algorithm"),
    "18 HS256 said to be RS256": (
        lambda lms, c: hs256(lms, c).replace(
            b64({"alg": "HS256", "kid": lms.kid}), b64({"alg": "RS256", "kid": lms.kid})
        ),
        401,
        "token-signature",
    ),
    "19 altered payload": (altered, 401, "token-signature"),
    "19 signature cut off": (lambda lms, c: lms.sign(c)[:-20], 401, "token-signature"),
    "20 jku": (
        lambda lms, c: lms.sign(c, headers={"kid": lms.kid, "jku": lms.jwks_url}),
        401,
        "token-key",
    ),
    "20 jwk": (
        lambda lms, c: lms.sign(c, headers={"kid": lms.kid, "jwk": {"kty": "RSA"}}),
        401,
        "token-key",
    ),
    "20 x5u": (
        lambda lms, c: lms.sign(c, headers={"kid": lms.kid, "x5u": lms.jwks_url}),
        401,
        "token-key",
    ),
    "20 crit": (
        lambda lms, c: lms.sign(c, headers={"kid": lms.kid, "crit": ["x"], "x": 1}),
        401,
        "token-key",
    ),
    "23 ★ no LTI message": (
        lambda lms, _: lms.sign({"name": "badltilaunch"}),
        400,
        "claims-not-lti",
    ),
    "23 payload is a list": (
        lambda lms, _: signed_payload(lms, b"[]"),
        400,
        "token-malformed",
    ),
    "23 payload is no JSON": (
        lambda lms, _: signed_payload(lms, b"{"),
        400,
        "token-malformed",
    ),
    "23 payload nested too deeply": (
        lambda lms, _: signed_payload(lms, b'{"a":' * 4000 + b"1" + b"}" * 4000),
        400,
        "token-malformed",
    ),
    "24 no id_token": (lambda *_: GONE, 400, "token-missing"),
    "24 id_token empty": (lambda *_: "", 400, "token-missing"),
    "24 id_token of two parts": (lambda *_: "a.b", 400, "token-malformed"),
    "24 id_token with a space": (lambda lms, c: lms.sign(c) + " ", 400, "token-malformed"),
    "24 id_token in another script": (lambda *_: "ä.ö.ü", 400, "token-malformed"),
    "26 id_token over 64 kB": (
        lambda lms, c: lms.sign(c | {"padding": "x" * 65_536}),
        413,
        "token-too-large",
    ),
}


def signed_payload(lms: Lms, payload: bytes) -> str:
    import jwt

    return jwt.PyJWS().encode(payload, lms.key, algorithm="RS256", headers={"kid": lms.kid})


@pytest.mark.parametrize("row", TOKENS)
def test_token(browser: Browser, tool: Flask, row: str, local_server: Any) -> None:
    make, status, code = TOKENS[row]
    opening = browser.login()
    token = make(browser.lms, browser.lms.claims(opening.nonce, browser.now()))

    check(browser.post(id_token=token, state=opening.state), tool, status, code)
    if row.startswith("20"):
        assert local_server.asked == []


def test_16_a_wrong_kid_causes_one_refetch(browser: Browser, local_server: Any, clock: Any) -> None:
    browser.launch()
    clock.turn(minutes=2)

    for _ in range(3):
        assert code_of(browser.launch(headers={"kid": "other"})) == "token-key"

    assert local_server.count("/jwks") == 2


def test_21_the_key_of_another_registration(
    browser: Browser, tool: Flask, rsa_keys: list[Any], local_server: Any
) -> None:
    other = Lms(rsa_keys[1], f"{local_server.url}/other-jwks", client_id="client-2")
    local_server.replies["/other-jwks"] = (200, {}, other.jwks())
    with tool.app_context():
        register(tool, other, "Other")

    check(browser.launch(key=other.key), tool, 401, "token-signature")


def hang(handler: Any) -> None:
    handler.rfile.read(1)  # until the tool hangs up


UNREACHABLE: dict[str, Any] = {
    "down": (503, {}, b'{"keys": []}'),
    "an error page kept by others as keys": (503, {}, b'{"error": "busy"}'),
    "a redirect": (302, {"Location": "/elsewhere"}, b""),
    "HTML": (200, {"Content-Type": "text/html"}, b"<h1>Log in</h1>"),
    "5 MB": (200, {}, b'{"keys": [' + b" " * 5_000_000 + b"]}"),
    "no key that we can use": (200, {}, b'{"keys": [{"kty": "EC", "kid": "key-1"}]}'),
    "keys of the wrong shape": (200, {}, b'{"keys": {"key-1": 7}}'),
}


@pytest.mark.parametrize("case", UNREACHABLE)
def test_22_keys_that_cannot_be_fetched(
    browser: Browser, tool: Flask, local_server: Any, case: str, clock: Any
) -> None:
    good = local_server.replies["/jwks"]
    local_server.replies["/jwks"] = UNREACHABLE[case]

    check(browser.launch(), tool, 503, "keys-unreachable")
    assert local_server.count("/elsewhere") == 0

    local_server.replies["/jwks"] = good  # what was no key set was not kept as one
    clock.turn(seconds=10)
    assert browser.launch().status_code == 303

    local_server.replies["/jwks"] = UNREACHABLE[case]  # and what was fetched stays good
    clock.turn(hours=2)
    assert browser.launch().status_code == 303


def test_25_the_platform_refused(browser: Browser, tool: Flask) -> None:
    opening = browser.login()

    response = browser.post(error="login_required", error_description=SECRET, state=opening.state)

    check(response, tool, 401, "platform-refused")


def test_26_a_request_that_is_far_too_large(browser: Browser, tool: Flask) -> None:
    response = browser.client.post("/lti/launch", data={"id_token": "x" * 300_000}, base_url=TOOL)

    check(response, tool, 413, "too-large")


def test_33_an_unknown_deployment_waits_for_approval(browser: Browser, tool: Flask) -> None:
    response = browser.launch({LTI + "deployment_id": "new-one"})

    check(response, tool, 403, "deployment-unknown")
    with tool.app_context():
        waiting = db.session.scalars(
            select(Deployment).where(Deployment.deployment_id == "new-one")
        ).one()
        assert waiting.status == "pending"
        registry = tool.extensions["proeftuin"].registry
        registry.approve(registry.by_name("School"), "new-one")
        db.session.commit()
    assert browser.launch({LTI + "deployment_id": "new-one"}).status_code == 303


def test_33_a_disabled_deployment(browser: Browser, tool: Flask) -> None:
    with tool.app_context():
        db.session.scalars(select(Deployment)).one().status = "blocked"
        db.session.commit()

    check(browser.launch(), tool, 403, "deployment-blocked")


def test_33_a_platform_cannot_fill_our_storage_with_deployments(
    browser: Browser, tool: Flask
) -> None:
    for number in range(60):
        browser.launch({LTI + "deployment_id": f"new-{number}"})

    with tool.app_context():
        assert len(db.session.scalars(select(Deployment)).all()) == 51


ACCEPTED: dict[str, dict[str, Any]] = {
    "44 custom null": {LTI + "custom": None},
    "44 custom a number": {LTI + "custom": 7},
    "44 item null": {LTI + "custom": {"item": None}},
    "44 item a number": {LTI + "custom": {"item": 7}},
    "44 item with a NUL": {LTI + "custom": {"item": "a\0b"}},
    "44 item with a lone surrogate": {LTI + "custom": {"item": "\udcff"}},
    "44 item a variable that the platform did not fill in": {LTI + "custom": {"item": "$X.y"}},
    "45 unknown claims": {"https://other.example/claim": {"a": [1, {"b": None}]}},
    "46 markup in names and titles": {
        "name": "<script>alert(1)</script>",
        LTI + "resource_link": {"id": "link-1", "title": "<script>alert(1)</script>"},
        LTI + "context": {"id": "2", "title": "<script>alert(1)</script>"},
    },
    "49 role_scope_mentor without Mentor": {LTI + "role_scope_mentor": ["learner-9"]},
    "presentation of the wrong shape": {LTI + "launch_presentation": [1]},
    "services of the wrong shape": {
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": "x",
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": 7,
    },
}


@pytest.mark.parametrize("row", ACCEPTED)
def test_what_does_not_matter_is_ignored(browser: Browser, row: str) -> None:
    response = browser.launch(ACCEPTED[row])

    assert response.status_code == 303
    page = browser.client.get(response.headers["Location"], base_url=TOOL)
    assert "<script>alert" not in page.text
    assert page.status_code < 500


@pytest.mark.parametrize(
    "role",
    [
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty",
    ],
)
def test_47_roles_elsewhere_give_no_rights_in_this_course(browser: Browser, role: str) -> None:
    response = browser.launch({LTI + "roles": [role, MEMBERSHIP + "Learner"]}, deep=True)

    assert (response.status_code, code_of(response)) == (403, "role-missing")


def test_48_a_learner_on_a_designers_page(browser: Browser) -> None:
    where = browser.launch().headers["Location"]

    response = browser.client.get(f"{where}items/", base_url=TOOL)

    assert (response.status_code, code_of(response)) == (403, "role-missing")
