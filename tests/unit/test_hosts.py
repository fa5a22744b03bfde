"""A foreign Host is answered before the application sees it."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.hosts import own_host_only


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("tool.example", "/", 200),
        ("TOOL.example", "/", 200),
        ("tool.example:8000", "/", 400),
        ("evil.example", "/", 400),
        ("tool.example.evil.example", "/", 400),
        ("", "/", 400),
        ("192.0.2.1", "/lti/login", 400),
        ("192.0.2.1:8000", "/healthz", 200),
    ],
)
def test_only_our_own_host_gets_through(host: str, path: str, status: int) -> None:
    reached: list[dict[str, Any]] = []
    said: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        reached.append(environ)
        start_response("200 OK", [])
        return [b""]

    guarded = own_host_only(app, "tool.example")
    body = b"".join(
        guarded({"HTTP_HOST": host, "PATH_INFO": path}, lambda line, _headers: said.append(line))
    )

    assert said[0].startswith(str(status))
    assert bool(reached) is (status == 200)
    assert b"evil" not in body


def test_behind_a_proxy_the_forwarded_host_counts(settings: Settings, clock: Any) -> None:
    app: Flask = create_app(replace(settings, trusted_proxies=1), clock=clock)
    client = app.test_client()

    def ask(host: str, forwarded: str) -> int:
        headers = {"Host": host, "X-Forwarded-Host": forwarded}
        return client.get("/robots.txt", headers=headers).status_code

    assert ask("127.0.0.1:8000", "tool.example") == 200
    assert ask("tool.example", "evil.example") == 400
    assert ask("tool.example", "tool.example, evil.example") == 400


def test_a_foreign_host_reaches_no_page(app: Flask) -> None:
    answer = app.test_client().get("/", base_url="https://evil.example")

    assert answer.status_code == 400
    assert answer.text == "This is not the address of Proeftuin.\n"


def test_what_browsers_and_crawlers_ask_of_any_site_is_there(app: Flask) -> None:
    client = app.test_client()

    icon = client.get("/favicon.ico", base_url="https://tool.example")
    robots = client.get("/robots.txt", base_url="https://tool.example")

    assert (icon.status_code, icon.headers["Location"]) == (301, "/static/icon.png")
    assert "Disallow: /" in robots.text
