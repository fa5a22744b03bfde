"""The doctor says in one line what is wrong and who does what, whatever the LMS answers."""

import json
from email.utils import format_datetime

import pytest
from connecting import connect
from jwt.algorithms import RSAAlgorithm

from lti_tool.completion import doctor
from lti_tool.completion.channels.base import Link
from lti_tool.completion.doctor import Surroundings
from lti_tool.completion.findings import FAILS, FINE, NOTE, Finding
from lti_tool.db import db
from lti_tool.platforms.http import HttpClient
from lti_tool.platforms.models import BLOCKED, PENDING
from lti_tool.services import services

NO_LINKS = Surroundings(newest_links=(), links={}, stuck={})
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
    return connect(at=local_server.url)


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


def test_it_tells_which_channel_each_part_uses(lms):
    some = Surroundings((), links={"ags": 2, "lti_completion": 1, None: 2}, stuck={})
    (line,) = lines(examine(lms, some), NOTE)
    assert "2 of the 5" in line
    assert "2 by score service without a score (AGS), 1 by completion service" in line
    fine = Surroundings((), links={"lti_completion": 5}, stuck={})
    (line,) = [one for one in lines(examine(lms, fine), FINE) if "activities" in one]
    assert "of the 5" in line
    assert "5 by completion service" in line


def test_it_does_not_say_that_all_is_well_while_some_are_parked(lms):
    parked = Surroundings((), links={"ags": 5}, stuck={"line-item-gone": 2, "unreachable": 1})
    first, second = lines(examine(lms, parked), NOTE)
    assert "not delivered: 2 (line-item-gone). The activity no longer has a place" in first
    assert "open it once from there" in first
    assert "not delivered: 1 (unreachable)" in second
    assert not any("all" in one.split() for one in lines(examine(lms, parked), FINE))


# --- Moodle's web service -------------------------------------------------------------------------


@pytest.fixture
def moodle(lms, local_server):
    lms.family = "moodle"
    lms.ws_url = f"{local_server.url}/ws"
    lms.ws_token = services().vault.seal("0123456789abcdef")
    db.session.commit()
    return lms


@pytest.fixture
def no_service(moodle, local_server):
    """A Moodle without the plugin: it grants no such scope."""
    local_server.replies["/token"] = (400, {}, b'{"error": "invalid_scope"}')
    return moodle


def test_a_moodle_with_nothing_is_offered_the_zip_first_and_the_web_service_second(no_service):
    no_service.ws_token = None
    (line,) = lines(examine(no_service), FAILS)
    assert "/moodle/completion.zip" in line
    assert "proeftuin platforms moodle-completion" in line
    assert line.index("completion.zip") < line.index("moodle-completion")


def test_a_moodle_with_the_plugin_needs_no_web_service(moodle, local_server):
    moodle.ws_token = None
    local_server.replies["/completion/7"] = (200, {}, b'{"tracking": "automatic"}')
    link = Link("7", None, f"{local_server.url}/completion/7")
    found = examine(moodle, Surroundings((link,), links={"lti_completion": 1}, stuck={}))
    assert {one.verdict for one in found} == {FINE}
    assert any("completions will show" in one.text for one in found)


def test_a_token_under_another_secret_key_is_named(no_service):
    no_service.ws_token = "not of this vault"
    (line,) = lines(examine(no_service), FAILS)
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
def test_a_web_service_that_does_not_work_is_explained(no_service, local_server, reply, says):
    local_server.replies["/ws"] = reply
    (line,) = lines(examine(no_service), FAILS)
    assert says in line


def test_the_token_is_never_shown(no_service, local_server):
    local_server.replies["/ws"] = (200, {}, b'{"exception": "x", "errorcode": "invalidtoken"}')
    assert not any("0123456789abcdef" in found.line() for found in examine(no_service))
    asked = [sent for sent in local_server.asked if sent[1].startswith("/ws")]
    assert asked
    assert all(method == "POST" and path == "/ws" for method, path, _, _ in asked)
