"""A launch works in every browser, whatever it does with cookies in a frame.

Real Chromium, HTTPS, an LMS and the tool on two sites: `lms.test` and `tool.test`, both this
machine. What a person allows is set where Chromium keeps it, in the profile's preferences.
"""

import json
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from certificates import make_certificate
from flask import Flask
from onscreen import in_frame, kind, onward, own_address, press
from playwright.sync_api import BrowserContext, Frame, Page, Playwright
from stack import library
from werkzeug.serving import WSGIRequestHandler, make_server

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.sandbox.server import SandboxServer

ITEM = "bij-elkaar-kijken"

SET_COOKIE = "cookie => { document.cookie = cookie; return document.cookie; }"

BLOCK = 2
"""Chromium's number for a site setting that blocks."""

PREFERENCES: dict[str, Callable[[int], dict[str, Any]]] = {
    "cookies allowed": lambda _port: {},
    "third-party cookies blocked": lambda _port: {
        "profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}
    },
    # All cookies of the tool in the LMS's pages, partitioned ones too, as Safari does it.
    "refused in a frame": lambda port: _blocked(f"https://tool.test:{port},https://[*.]lms.test"),
    "refused everywhere": lambda port: _blocked(f"https://tool.test:{port},*"),
}


def _blocked(pattern: str) -> dict[str, Any]:
    exception = {pattern: {"setting": BLOCK}}
    return {"profile": {"content_settings": {"exceptions": {"cookies": exception}}}}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Sites:
    """The tool at https://tool.test and the sandbox at https://lms.test."""

    tool: Flask
    tool_port: int
    sandbox: SandboxServer

    def activity(self, profile: str) -> str:
        """Put an item in a course; return the address of its page there."""
        return f"{self.sandbox.base_url}/{profile}/activity/{self._add(profile)}?user=sam"

    def _add(self, profile: str) -> int:
        client = self.sandbox.app.test_client()
        answer = client.post(
            f"/api/{profile}/activities", json={"title": "Kijken", "item": ITEM, "line_item": True}
        )
        assert answer.json is not None
        number: int = answer.json["id"]
        return number

    def change(self, profile: str, **habits: str) -> None:
        """Give a platform another habit."""
        answer = self.sandbox.app.test_client().patch(f"/api/{profile}/habits", json=habits)
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("sites")
    shutil.copytree(library(folder), folder, dirs_exist_ok=True)
    certificate = make_certificate(folder, "tool.test", "lms.test", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    server = make_server(
        "127.0.0.1",
        0,
        Flask(__name__),
        threaded=True,
        request_handler=_Quiet,
        ssl_context=context,
    )
    tool_url = f"https://tool.test:{server.server_port}"
    sandbox = SandboxServer(
        tool_url,
        base_url="https://lms.test:{port}",
        verify_tls=str(certificate.chain),
        ssl_context=context,
    )
    settings = Settings(
        base_url=tool_url,
        database_url=f"sqlite:///{folder / 'tool.sqlite'}",
        secret_key="a-secret-for-tests-only-0123456789",
        keys_dir=folder / "keys",
        media_dir=folder / "media",
        allow_private_platforms=True,
    )
    with pytest.MonkeyPatch.context() as patch, sandbox:
        patch.setenv("REQUESTS_CA_BUNDLE", str(certificate.chain))
        app = server.app = create_app(settings)
        with app.app_context():
            for row in sandbox.registrations:
                app.extensions["proeftuin"].registry.add(
                    name=row.name,
                    issuer=row.issuer,
                    client_id=row.client_id,
                    auth_login_url=row.auth_login_url,
                    auth_token_url=_on_this_machine(row.auth_token_url),
                    jwks_url=_on_this_machine(row.jwks_url),
                    deployment_ids=(row.deployment_id,),
                    family=row.family,
                )
            db.session.commit()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Sites(app, server.server_port, sandbox)
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _on_this_machine(url: str) -> str:
    """Return an address that the tool itself can resolve; browsers are told where `.test` is."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"127.0.0.1:{parts.port}"))


@pytest.fixture
def person(
    playwright: Playwright, chromium_options: dict[str, Any], sites: Sites, tmp_path: Path
) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser with preferences of its own: `person("third-party cookies blocked")`."""
    opened = []

    def person(allows: str) -> BrowserContext:
        home = tmp_path / f"profile-{len(opened)}"
        (home / "Default").mkdir(parents=True)
        preferences = PREFERENCES[allows](sites.tool_port)
        (home / "Default" / "Preferences").write_text(json.dumps(preferences))
        rules = "--host-resolver-rules=MAP *.test 127.0.0.1"
        context = playwright.chromium.launch_persistent_context(
            home,
            executable_path=chromium_options["executable_path"],
            args=[*chromium_options["args"], rules],
            ignore_https_errors=True,
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield person
    for context in opened:
        context.close()


def open_in_frame(context: BrowserContext, sites: Sites, profile: str) -> tuple[Page, Frame]:
    page = context.new_page()
    page.goto(sites.activity(profile))
    return page, in_frame(page)


def play_on(frame: Frame | Page) -> None:
    """Take a step in the activity: the session holds from one page to the next."""
    assert kind(frame) not in {"error", "opening"}, frame.content()
    if frame.locator("input[name=choice]").count():
        frame.locator("label:has(input[name=choice])").first.click()
        press(frame, "form:has(input[name=choice]) button")
    else:
        onward(frame)
    assert kind(frame) not in {"error", "opening"}, frame.content()


@pytest.mark.parametrize("profile", ["moodle", "canvas"])
@pytest.mark.parametrize("allows", ["cookies allowed", "third-party cookies blocked"])
def test_with_cookies_that_work_in_a_frame(
    person: Any, sites: Sites, allows: str, profile: str
) -> None:
    """Partitioned cookies work where third-party ones are blocked; no storage is asked."""
    context = person(allows)

    _, frame = open_in_frame(context, sites, profile)

    play_on(frame)
    assert "/l/" in urlsplit(frame.url).path
    assert any(c["name"].startswith("__Host-pt-") for c in context.cookies())
    assert "s=" not in urlsplit(frame.url).query


def test_third_party_cookies_are_really_blocked(person: Any, sites: Sites) -> None:
    """What the test above rests on: a cookie that is not partitioned does not come back."""
    context = person("third-party cookies blocked")
    page, frame = open_in_frame(context, sites, "moodle")

    stored = frame.evaluate(SET_COOKIE, "plain=1; Secure; SameSite=None; Path=/")
    kept = frame.evaluate(SET_COOKIE, "own=1; Secure; SameSite=None; Path=/; Partitioned")

    assert "plain" not in stored
    assert "own=1" in kept
    page.close()


def test_without_cookies_the_lms_keeps_the_binding(person: Any, sites: Sites) -> None:
    """Canvas offers platform storage; the session then lives in the pages' own forms."""
    context = person("refused in a frame")

    _, frame = open_in_frame(context, sites, "canvas")

    play_on(frame)
    play_on(frame)
    assert not any(c["name"].startswith("__Host-") for c in context.cookies())
    assert frame.locator("input[name=s]").count() > 0


@pytest.mark.parametrize("answers", ["silent", "wrong"])
def test_storage_that_does_not_work_leads_to_a_new_window(
    person: Any, sites: Sites, answers: str
) -> None:
    context = person("refused in a frame")
    sites.change("canvas", storage_answers=answers)
    try:
        _, frame = open_in_frame(context, sites, "canvas")
        if answers == "silent":
            assert frame.locator("main").get_attribute("data-error") == "browser-cookieless"
            with context.expect_page() as opened:
                frame.locator("[data-next]:visible").click()
            play_on(arrived(opened.value))
        else:
            assert frame.locator("main").get_attribute("data-error") == "browser-other"
    finally:
        sites.change("canvas", storage_answers="right")


def arrived(page: Page) -> Page:
    page.wait_for_selector("main[data-page]:not([data-page=opening])")
    return page


def test_without_cookies_and_storage_one_button_opens_a_window(person: Any, sites: Sites) -> None:
    context = person("refused in a frame")

    page, frame = open_in_frame(context, sites, "moodle")

    assert frame.locator("main").get_attribute("data-error") == "browser-cookieless"
    assert frame.locator("main a, main button").count() == 1
    with context.expect_page() as opened:
        frame.locator("[data-next]").click()
    play_on(arrived(opened.value))
    assert page.locator("iframe[data-tool]").count() == 1


def test_who_refuses_all_cookies_is_told_so(person: Any, sites: Sites) -> None:
    context = person("refused everywhere")
    _, frame = open_in_frame(context, sites, "moodle")
    with context.expect_page() as opened:
        frame.locator("[data-next]").click()

    window = arrived(opened.value)

    assert window.locator("main").get_attribute("data-error") == "browser-cookieless"
    assert window.locator("main a, main button").count() == 0


@pytest.mark.parametrize(
    ("allows", "profile"), [("cookies allowed", "moodle"), ("refused in a frame", "canvas")]
)
def test_two_tabs_do_not_mix(person: Any, sites: Sites, allows: str, profile: str) -> None:
    context = person(allows)
    _, first = open_in_frame(context, sites, profile)
    _, second = open_in_frame(context, sites, profile)

    play_on(first)
    play_on(second)
    play_on(first)

    assert session_of(first) != session_of(second)


def session_of(frame: Frame) -> str:
    """The id of the session that a page's forms and links belong to."""
    found: str = frame.evaluate(
        """() => document.documentElement.innerHTML.match(/\\/l\\/([\\w-]{22})\\//)[1]"""
    )
    return found


@pytest.mark.parametrize(
    ("allows", "profile"),
    [("third-party cookies blocked", "moodle"), ("refused in a frame", "canvas")],
)
def test_back_goes_through_the_whole_way_and_repeats_nothing(
    person: Any, sites: Sites, allows: str, profile: str
) -> None:
    _, frame = open_in_frame(person(allows), sites, profile)
    steps = []
    while kind(frame) != "ending":
        steps.append(own_address(frame))
        play_on(frame)
    ending = frame.locator("h1").inner_text()
    assert len(set(steps)) == len(steps) > 8

    for address in reversed(steps):
        frame.evaluate("history.back()")
        frame.wait_for_selector(f"main[data-address='{address}'], main[data-page=error]")
        assert kind(frame) != "error", frame.content()
        assert frame.locator("input[name=choice]").count() == 0
        assert urlsplit(frame.url).path == address
    onward(frame)

    assert (kind(frame), frame.locator("h1").inner_text()) == ("ending", ending)


def test_a_refresh_keeps_the_place(person: Any, sites: Sites) -> None:
    context = person("third-party cookies blocked")
    _, frame = open_in_frame(context, sites, "moodle")
    play_on(frame)
    title = frame.locator("h1").inner_text()

    frame.goto(frame.url)

    assert frame.locator("h1").inner_text() == title
