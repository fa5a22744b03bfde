"""Access tokens: asked once, used until they end, and never another platform's."""

import json
from urllib.parse import parse_qs

import jwt
import pytest

from lti_tool.platforms.http import Unreachable
from lti_tool.platforms.models import Platform
from lti_tool.platforms.tokens import TokenRefused
from lti_tool.services import services

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
GOOD = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}


def said(**more: object) -> tuple[int, dict[str, str], bytes]:
    return (200, {}, json.dumps(GOOD | more).encode())


@pytest.fixture
def lms(app, local_server) -> Platform:
    services().keys.ensure()
    local_server.replies["/token"] = said()
    return Platform(
        issuer="https://lms.example", client_id="tool", auth_token_url=f"{local_server.url}/token"
    )


def get(lms: Platform, scope: str = SCOPE, **how: bool) -> str:
    return services().tokens.get(lms, (scope,), **how)


def test_what_is_asked_is_what_the_security_framework_says(lms, local_server, clock):
    get(lms)
    ((method, path, headers, body),) = local_server.asked
    assert (method, path) == ("POST", "/token")
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    form = {name: value for name, (value,) in parse_qs(body.decode()).items()}
    assertion = form.pop("client_assertion")
    assert form == {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "scope": SCOPE,
    }
    claims = jwt.decode(assertion, options={"verify_signature": False})
    now = int(clock().timestamp())
    assert claims.pop("jti")
    assert claims == {
        "iss": "tool",
        "sub": "tool",
        "aud": lms.auth_token_url,
        "iat": now,
        "exp": now + 300,
    }
    assert jwt.get_unverified_header(assertion)["kid"]


def test_the_audience_can_be_another_than_the_address(lms, local_server):
    lms.auth_audience = "https://audience.example"
    get(lms)
    form = parse_qs(local_server.asked[0][3].decode())
    claims = jwt.decode(form["client_assertion"][0], options={"verify_signature": False})
    assert claims["aud"] == "https://audience.example"


@pytest.mark.parametrize(
    ("expires_in", "after", "asked"),
    [
        (3600, 3539, 1),
        (3600, 3541, 2),  # not in its last minute
        (60, 0, 2),
        (None, 0, 2),  # a lifetime that is not said is used once
        ("3600", 0, 2),
        (True, 0, 2),
        (-5, 0, 2),
    ],
)
def test_a_token_is_used_as_long_as_it_is_good(lms, local_server, clock, expires_in, after, asked):
    local_server.replies["/token"] = said(expires_in=expires_in)
    get(lms)
    clock.turn(seconds=after)
    get(lms)
    assert len(local_server.asked) == asked


def test_a_fresh_one_can_be_asked_for(lms, local_server):
    assert get(lms) == "t"
    local_server.replies["/token"] = said(access_token="u")
    assert get(lms) == "t"
    assert get(lms, fresh=True) == "u"
    assert get(lms) == "u"


@pytest.mark.parametrize("differs", ["issuer", "client_id", "auth_token_url", "scope"])
def test_no_token_is_handed_to_another(lms, local_server, differs):
    get(lms)
    other = {name: getattr(lms, name) for name in ("issuer", "client_id", "auth_token_url")}
    local_server.replies["/other"] = said()
    other |= {"auth_token_url": f"{local_server.url}/other"} if differs == "auth_token_url" else {}
    if differs in ("issuer", "client_id"):
        other[differs] += "-2"
    get(Platform(**other), "urn:other" if differs == "scope" else SCOPE)
    assert len(local_server.asked) == 2


@pytest.mark.parametrize(
    ("scope", "good"),
    [
        (SCOPE, True),
        (f"{SCOPE} openid", True),
        ("", True),  # not said: as asked (RFC 6749 §5.1)
        (None, True),
        ([SCOPE], True),
        ("openid", False),
        (SCOPE + "s", False),
    ],
)
def test_a_token_for_less_than_was_asked_is_none(lms, local_server, scope, good):
    local_server.replies["/token"] = said(scope=scope)
    if good:
        assert get(lms) == "t"
    else:
        with pytest.raises(TokenRefused) as refusal:
            get(lms)
        assert refusal.value.error == "invalid_scope"


@pytest.mark.parametrize(
    ("reply", "status", "error", "throttled"),
    [
        ((400, {}, b'{"error": "invalid_client"}'), 400, "invalid_client", False),
        ((400, {}, b'{"error": "invalid_scope"}'), 400, "invalid_scope", False),
        ((401, {}, b'{"error": "unheard_of"}'), 401, "", False),
        ((400, {}, b'{"error": ["invalid_scope"]}'), 400, "", False),
        ((400, {}, b'{ "error" : ""kid" invalid" }'), 400, "", False),  # measured on Moodle
        ((404, {}, b"<h1>TypeError</h1>"), 404, "", False),
        ((500, {}, b""), 500, "", False),
        ((302, {"Location": "/login"}, b""), 302, "", False),
        ((200, {}, b"<h1>Welcome</h1>"), 200, "", False),
        ((200, {}, b"[]"), 200, "", False),
        ((200, {}, b"{}"), 200, "", False),
        ((200, {}, b'{"access_token": 5}'), 200, "", False),
        ((200, {}, b'{"access_token": "a\\nb"}'), 200, "", False),
        ((200, {}, b"[" * 100_000), 200, "", False),
        ((429, {}, b""), 429, "", True),
        ((403, {}, b"403 Forbidden (Rate Limit Exceeded)"), 403, "", True),
    ],
)
def test_anything_else_is_a_refusal(lms, local_server, reply, status, error, throttled):
    local_server.replies["/token"] = reply
    with pytest.raises(TokenRefused) as refusal:
        get(lms)
    seen = refusal.value
    assert (seen.status, seen.error, seen.throttled) == (status, error, throttled)
    local_server.replies["/token"] = said()
    assert get(lms) == "t", "a refusal is not kept"


def test_how_long_to_wait_is_told_on(lms, local_server):
    local_server.replies["/token"] = (503, {"Retry-After": "120"}, b"")
    with pytest.raises(TokenRefused) as refusal:
        get(lms)
    assert refusal.value.retry_after == "120"


def test_nobody_there(lms):
    lms.auth_token_url = "http://127.0.0.1:1/"
    with pytest.raises(Unreachable):
        get(lms)
