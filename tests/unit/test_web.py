"""What holds for every page: headers, language, errors, proxies and log lines."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, g, request
from tinylms import LTI, TOOL, Browser, Lms, code_of, register

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.web import JsonLines


@pytest.fixture
def lms(rsa_keys: list[rsa.RSAPrivateKey], local_server: Any) -> Lms:
    lms = Lms(rsa_keys[0], f"{local_server.url}/jwks")
    local_server.replies["/jwks"] = (200, {}, lms.jwks())
    return lms


@pytest.fixture
def make(settings: Settings, clock: Any, lms: Lms) -> Iterator[Any]:
    """Make apps with changed settings and two routes that go wrong."""
    apps = []

    def make(**changes: Any) -> Flask:
        app = create_app(replace(settings, **changes), clock=clock)

        @app.get("/breaks")
        def breaks() -> str:
            raise RuntimeError(f"a person's text\n{request.args['text']}\nin an exception")

        @app.get("/refuses")
        def refuses() -> str:
            raise ToolError("item-unknown", "why")

        @app.get("/seen")
        def seen() -> dict[str, str | None]:
            return {"address": request.remote_addr, "url": request.url}

        with app.app_context():
            register(app, lms)
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def browser(make: Any, lms: Lms, clock: Any) -> Browser:
    return Browser(make().test_client(), lms, lambda: clock().timestamp())


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What our logger writes, as it is written in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("proeftuin")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def directives(response: Any) -> dict[str, str]:
    policy = response.headers["Content-Security-Policy"]
    return {part.split()[0]: part.partition(" ")[2] for part in policy.split("; ")}


def test_the_headers_of_every_page(browser: Browser) -> None:
    for path in ("/healthz", "/lti/jwks.json", "/nowhere", "/static/icon.svg"):
        response = browser.client.get(path, base_url=TOOL, buffered=True)
        policy = directives(response)

        assert policy["default-src"] == "'none'"
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        for name in ("base-uri", "object-src"):
            assert policy[name] == "'none'"
        for name in ("script-src", "style-src", "font-src", "media-src", "connect-src"):
            assert policy[name] == "'self'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
        assert "X-Frame-Options" not in response.headers
        assert "Cross-Origin-Opener-Policy" not in response.headers


def test_only_the_lms_of_a_session_may_frame_its_pages(browser: Browser) -> None:
    claims = {
        LTI + "launch_presentation": {"return_url": "https://school.lms.example/course/2"},
    }
    where = browser.launch(claims, deep=True).headers["Location"]

    policy = directives(browser.client.get(where, base_url=TOOL))

    assert policy["frame-ancestors"] == "https://lms.example https://school.lms.example"
    assert policy["form-action"] == "'self' https://lms.example"


def test_a_page_outside_a_session_cannot_be_framed(browser: Browser) -> None:
    response = browser.client.get("/healthz", base_url=TOOL)

    assert directives(response)["frame-ancestors"] == "'none'"


def test_an_error_page_shows_in_any_frame(browser: Browser) -> None:
    """A blank frame helps nobody, and there is nothing to click."""
    response = browser.post(id_token="x", state="x")

    assert directives(response)["frame-ancestors"] == "*"
    assert "<form" not in response.text


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/tool.sqlite", "postgresql+psycopg://nobody@/tool?host=/nowhere"]
)
def test_a_database_that_is_away_is_said_in_a_sentence(
    settings: Settings, lms: Lms, url: str
) -> None:
    app = create_app(replace(settings, database_url=url))
    query = {"iss": lms.issuer, "login_hint": "1", "target_link_uri": f"{TOOL}/lti/launch"}

    response = app.test_client().get("/lti/login", query_string=query, base_url=TOOL)

    assert (response.status_code, code_of(response)) == (503, "database-away")
    assert response.headers["Retry-After"] == "10"


def test_an_unexpected_error_is_a_page_with_a_reference_and_no_detail(
    browser: Browser, log_lines: io.StringIO
) -> None:
    response = browser.client.get("/breaks?text=sub-4711", base_url=TOOL)

    assert (response.status_code, code_of(response)) == (500, "internal")
    assert "sub-4711" not in response.text
    lines = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    (refused,) = [line for line in lines if line["event"] == "refused"]
    assert refused["reference"] in response.text
    assert {"RuntimeError"} == {line["error"] for line in lines if "error" in line}
    assert "sub-4711" not in log_lines.getvalue()


def test_each_refusal_has_its_own_reference_in_the_language_of_who_reads_it(
    browser: Browser, log_lines: io.StringIO
) -> None:
    """Although the page itself is held, for who comes without a visit."""
    pages = [
        browser.client.get("/refuses", base_url=TOOL, headers={"Accept-Language": language})
        for language in ("nl", "en", "nl", "en")
    ]
    lines = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    references = [line["reference"] for line in lines if line["event"] == "refused"]
    assert len(set(references)) == 4
    for answer, reference, lang in zip(pages, references, ("nl", "en", "nl", "en"), strict=True):
        assert f"item-unknown · {reference}" in answer.text
        assert f'<html lang="{lang}">' in answer.text
        assert ("Dat lukte niet" in answer.text) is (lang == "nl")
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/nowhere", 404, "not-found"), ("/refuses", 404, "item-unknown")],
)
def test_error_pages_name_their_code(browser: Browser, path: str, status: int, code: str) -> None:
    response = browser.client.get(path, base_url=TOOL)

    assert (response.status_code, code_of(response)) == (status, code)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("header", "query", "language"),
    [
        ("nl", "", "nl"),
        ("en-GB,en;q=0.9", "", "en"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "", "nl"),
        ("de,fr;q=0.8", "", "en"),
        ("", "", "nl"),
        ("nl", "?lang=en", "en"),
        ("en", "?lang=tlh", "en"),
    ],
)
def test_the_language_of_a_page(browser: Browser, header: str, query: str, language: str) -> None:
    headers = {"Accept-Language": header} if header else {}

    response = browser.client.get(f"/nowhere{query}", headers=headers, base_url=TOOL)

    assert f'<html lang="{language}"' in response.text


def test_a_session_speaks_the_language_of_the_lms(browser: Browser) -> None:
    for locale, language in (("en_us", "en"), ("nl-BE", "nl"), ("pt_br", "en")):
        claims = {LTI + "launch_presentation": {"locale": locale}}
        where = browser.launch(claims, deep=True).headers["Location"]
        page = browser.client.get(where, headers={"Accept-Language": "fr"}, base_url=TOOL)

        assert f'<html lang="{language}"' in page.text


@pytest.mark.parametrize("hops", [0, 1])
def test_what_a_proxy_says_counts_only_when_it_is_trusted(make: Any, hops: int) -> None:
    client = make(trusted_proxies=hops).test_client()

    seen = client.get(
        "/seen",
        headers={"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"},
        base_url="http://tool.example",
        environ_overrides={"REMOTE_ADDR": "10.0.0.1"},
    ).json

    assert seen["address"] == ("192.0.2.7" if hops else "10.0.0.1")
    assert seen["url"].startswith("https://" if hops else "http://")


def test_a_session_page_needs_the_forms_own_proof_and_origin(browser: Browser) -> None:
    where = browser.launch(deep=True).headers["Location"]
    page = browser.client.get(where, base_url=TOOL)
    proof = page.text.partition('name="s" value="')[2].partition('"')[0]
    assert proof

    def post(origin: str | None = TOOL, **form: str) -> Any:
        headers = {"Origin": origin} if origin else {}
        return browser.client.post(where, data=form, headers=headers, base_url=TOOL)

    for response in (
        post(),
        post(s=""),
        post(s="x" * 32),
        post(s=proof[:-1] + ("0" if proof[-1] != "0" else "1")),
        post("https://evil.example", s=proof),
        post("null", s=proof),
        post("https://tool.example.evil.example", s=proof),
    ):
        assert (response.status_code, code_of(response)) == (403, "form-foreign")
    # The picker answers a search with its own address.
    assert post(s=proof).status_code == 303
    assert post(None, s=proof).status_code == 303


def test_the_proof_of_one_session_is_worth_nothing_in_another(browser: Browser) -> None:
    places = [browser.launch(deep=True).headers["Location"] for _ in range(2)]
    page = browser.client.get(places[0], base_url=TOOL)
    proof = page.text.partition('name="s" value="')[2].partition('"')[0]

    response = browser.client.post(places[1], data={"s": proof}, base_url=TOOL)

    assert code_of(response) == "form-foreign"


@pytest.mark.parametrize(
    ("hours", "steps", "code"),
    [(1.9, 1, None), (3.1, 1, "session-expired"), (1.5, 4, None), (1.5, 6, "session-expired")],
)
def test_a_session_ends_after_two_to_three_idle_hours_and_eight_in_all(
    browser: Browser, clock: Any, hours: float, steps: int, code: str | None
) -> None:
    where = browser.launch(deep=True).headers["Location"]
    for _ in range(steps):
        clock.turn(hours=hours)
        response = browser.client.get(where, base_url=TOOL)

    assert code_of(response) == code


def test_no_log_line_holds_a_token_a_person_or_what_was_sent(
    browser: Browser, log_lines: io.StringIO
) -> None:
    opening = browser.login()
    claims = browser.lms.claims(
        opening.nonce, browser.now(), sub="sub-4711", name="Lena Een", email="lena@lms.example"
    )
    token = browser.lms.sign(claims | {LTI + "roles": "Learner"})
    browser.post(id_token=token, state=opening.state)
    browser.launch({"sub": "sub-4711", "aud": "someone-else"})
    browser.client.get("/l/someone-elses-session-id/", base_url=TOOL)

    written = log_lines.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]

    assert len(lines) == 3
    for line in lines:
        assert set(line) <= {"time", "level", "event", "code", "reference", "detail", "route"}
    for private in ("sub-4711", "Lena", "lena@", token, opening.state, "someone"):
        assert private not in written


def test_a_log_line_cannot_be_forged() -> None:
    record = logging.LogRecord("proeftuin", logging.INFO, "", 1, 'a\n{"event": "b"}', (), None)

    assert len(JsonLines().format(record).splitlines()) == 1


def test_requests_do_not_share_what_they_know(make: Any) -> None:
    app = make()
    with app.test_request_context(base_url=TOOL):
        app.preprocess_request()
        g.visit = "someone's"
    with app.test_request_context(base_url=TOOL):
        assert "visit" not in g
