"""The doctor says in one line what is wrong and who does what, whatever the LMS answers."""

import json
from email.utils import format_datetime

import pytest
from jwt.algorithms import RSAAlgorithm

from lti_tool.completion import doctor
from lti_tool.completion.doctor import FAILS, FINE, NOTE, Finding, Surroundings
from lti_tool.db import db
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.models import BLOCKED, PENDING
from lti_tool.services import services

NO_LINKS = Surroundings(newest_links=(), links=0, reporting_links=0)
TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}


@pytest.fixture
def lms(app, clock, local_server, rsa_keys):
    """A platform whose every address is on a local server that answers as it should."""
    jwk = RSAAlgorithm.to_jwk(rsa_keys[0].public_key(), as_dict=True) | {"kid": "1"}
    keys = json.dumps({"keys": [jwk]})
    head = f"HTTP/1.1 200 OK\r\nDate: {format_datetime(clock(), usegmt=True)}\r\n"
    local_server.replies |= {
        "/jwks": lambda raw: raw.wfile.write(
            f"{head}Content-Length: {len(keys)}\r\nConnection: close\r\n\r\n{keys}".encode()
        ),
        "/token": (200, {}, json.dumps(TOKEN).encode()),
    }
    made = services().registry.add(
        name="school",
        issuer=local_server.url,
        client_id="tool",
        auth_login_url=f"{local_server.url}/auth",
        auth_token_url=f"{local_server.url}/token",
        jwks_url=f"{local_server.url}/jwks",
        deployment_ids=("1",),
    )
    db.session.commit()
    return made


def examine(platform, surroundings: Surroundings = NO_LINKS, **other: object) -> list[Finding]:
    tool = services()
    parts = {
        "http": tool.http,
        "jwks": tool.jwks,
        "tokens": tool.tokens,
        "vault": tool.vault,
        "clock": tool.clock,
    }
    return doctor.examine(platform, surroundings, **parts | other)


def lines(findings: list[Finding], verdict: str) -> list[str]:
    return [found.line() for found in findings if found.verdict == verdict]


def test_a_finding_is_one_line():
    assert Finding(FINE, "keyset", "usable keys: 2").line() == "ok    keyset: usable keys: 2"
    assert Finding(FAILS, "keyset", "none").line() == "FAIL  keyset: none"


def test_all_is_well(lms):
    assert lines(examine(lms), FAILS) == []


def test_a_platform_that_may_not_launch_is_named(lms):
    lms.status = BLOCKED
    (line,) = lines(examine(lms), FAILS)
    assert "proeftuin platforms approve" in line


def test_deployments_that_wait_are_named(lms):
    lms.deployments[0].status = PENDING
    (line,) = lines(examine(lms), FAILS)
    assert "1 wait for approval" in line


def test_a_platform_that_was_never_opened_is_told_what_comes_next(lms):
    lms.deployments.clear()
    assert "open an activity" in lines(examine(lms), NOTE)[0]


@pytest.mark.parametrize(
    "reply",
    [
        (404, {}, b""),
        (500, {}, b"<h1>oops</h1>"),
        (200, {}, b"<html>"),
        (200, {}, b'{"keys": []}'),
        (302, {"Location": "/elsewhere"}, b""),
    ],
)
def test_a_keyset_that_cannot_be_used_is_named(lms, local_server, reply):
    local_server.replies["/jwks"] = reply
    (line,) = lines(examine(lms), FAILS)
    assert lms.jwks_url in line
    assert "--jwks-url" in line


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((400, {}, b'{"error": "invalid_client"}'), "client id is right"),
        ((400, {}, b'{"error": ""kid" invalid"}'), "client id is right"),
        ((401, {}, b"<h1>401</h1>"), "client id is right"),
        ((400, {}, b'{"error": "invalid_scope"}'), "lti-ags/scope/score"),
        ((404, {}, b"<h1>TypeError</h1>"), "client id is right"),
        ((429, {}, b""), "slow down"),
        ((403, {}, b"403 Forbidden (Rate Limit Exceeded)"), "slow down"),
        ((503, {}, b"<h1>maintenance</h1>"), "--auth-token-url"),
        ((200, {}, b"<h1>Welcome</h1>"), "--auth-token-url"),
        ((200, {}, b'{"access_token": 5}'), "--auth-token-url"),
    ],
)
def test_a_token_that_is_not_given_is_explained(lms, local_server, reply, says):
    local_server.replies["/token"] = reply
    (line,) = lines(examine(lms), FAILS)
    assert says in line


def test_a_clock_that_differs_is_named(lms, clock):
    assert lines(examine(lms), FAILS) == []
    clock.turn(minutes=3)
    (line,) = lines(examine(lms), FAILS)
    assert "180 seconds ahead of" in line
    assert "NTP" in line


def test_an_address_on_a_private_network_is_refused_with_the_setting_to_allow_it(lms):
    closed = HttpClient(allow_private=False)
    jwks = services().jwks.__class__(closed, services().clock)
    tokens = services().tokens.__class__(closed, services().keys, services().clock)
    found = lines(examine(lms, http=closed, jwks=jwks, tokens=tokens), FAILS)
    assert len(found) == 2
    assert all("PROEFTUIN_ALLOW_PRIVATE_PLATFORMS=1" in line for line in found)


def test_an_lms_that_does_not_answer_is_named(lms):
    lms.auth_token_url = lms.jwks_url = "http://127.0.0.1:1/"
    found = lines(examine(lms), FAILS)
    assert "--jwks-url" in found[0]
    assert "--auth-token-url" in found[1]


def test_a_key_of_ours_that_others_can_read_is_named(lms, settings):
    services().keys.ensure()
    for file in settings.keys_dir.glob("*.pem"):
        file.chmod(0o644)
    (line,) = lines(examine(lms), FAILS)
    assert "chmod 600" in line


def test_links_are_counted(lms):
    some = Surroundings(newest_links=("1",), links=5, reporting_links=3)
    assert "2 of the 5" in lines(examine(lms, some), NOTE)[0]
    fine = Surroundings(newest_links=("1",), links=5, reporting_links=5)
    assert any("all 5" in line for line in lines(examine(lms, fine), FINE))


# --- Moodle's web service -------------------------------------------------------------------------


@pytest.fixture
def moodle(lms, local_server):
    lms.family = "moodle"
    lms.ws_url = f"{local_server.url}/ws"
    lms.ws_token = services().vault.seal("0123456789abcdef")
    db.session.commit()
    return lms


def test_a_moodle_without_token_is_sent_to_the_manual(moodle):
    moodle.ws_token = None
    (line,) = lines(examine(moodle), FAILS)
    assert "docs/moodle.md" in line
    assert "proeftuin platforms moodle-completion" in line


def test_a_token_under_another_secret_key_is_named(moodle):
    moodle.ws_token = "not of this vault"
    (line,) = lines(examine(moodle), FAILS)
    assert "PROEFTUIN_SECRET_KEY" in line


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((403, {}, b""), "REST protocol"),
        ((404, {}, b"<h1>404</h1>"), "--url"),
        ((200, {}, b"<h1>maintenance</h1>"), "maintained"),
        ((200, {}, b"[]"), "--url"),
        ((200, {}, b'{"exception": "x", "errorcode": "invalidtoken"}'), "Manage tokens"),
        ((200, {}, b'{"exception": "x", "errorcode": "odd<b>"}'), "answers oddb"),
        ((200, {}, b'{"exception": "x"}'), "answers None"),
    ],
)
def test_a_web_service_that_does_not_work_is_explained(moodle, local_server, reply, says):
    local_server.replies["/ws"] = reply
    (line,) = lines(examine(moodle), FAILS)
    assert says in line


def test_the_token_is_never_shown(moodle, local_server):
    local_server.replies["/ws"] = (200, {}, b'{"exception": "x", "errorcode": "invalidtoken"}')
    assert not any("0123456789abcdef" in found.line() for found in examine(moodle))
    asked = [sent for sent in local_server.asked if sent[1].startswith("/ws")]
    assert asked
    assert all(method == "POST" and path == "/ws" for method, path, _, _ in asked)
