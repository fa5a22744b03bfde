"""Row 14: a flood of logins is answered with 429 and a time to wait, per address and platform."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from tinylms import TOOL, Browser, Lms, code_of, register, stored

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.errors import ToolError
from lti_tool.limits import Limits


def limited(settings: Settings, clock: Any, lms: Lms, **limits: str) -> tuple[Flask, Browser]:
    app = create_app(replace(settings, **limits), clock=clock)
    with app.app_context():
        register(app, lms)
        register(app, lms, "Other", client_id="client-2", deployment_ids=("d-2",))
    return app, Browser(app.test_client(), lms, lambda: clock().timestamp())


@pytest.fixture
def closing() -> Any:
    apps: list[Flask] = []
    yield apps
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_14_a_flood_from_one_address(
    settings: Settings, clock: Any, lms: Lms, closing: list[Flask]
) -> None:
    app, browser = limited(settings, clock, lms, launch_limit="3/minute")
    closing.append(app)
    for _ in range(3):
        assert browser.login().response.status_code == 302

    response = browser.login().response

    assert (response.status_code, code_of(response)) == (429, "too-many")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert code_of(browser.post(id_token="x", state="y")) == "too-many"
    assert not any(stored(app).values())
    elsewhere = browser.client.post(
        "/lti/login",
        data=lms.login_params(),
        base_url=TOOL,
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert elsewhere.status_code == 302


def test_14_a_flood_from_one_platform_leaves_the_others_alone(
    settings: Settings, clock: Any, lms: Lms, closing: list[Flask]
) -> None:
    app, browser = limited(settings, clock, lms, platform_limit="3/minute")
    closing.append(app)
    for _ in range(3):
        assert browser.launch().status_code == 303

    response = browser.launch()

    assert (response.status_code, code_of(response)) == (429, "too-many")
    other = Browser(
        app.test_client(),
        replace(lms, client_id="client-2", deployment_id="d-2"),
        lambda: clock().timestamp(),
    )
    assert other.launch().status_code == 303


def test_logins_of_anybody_take_nothing_of_a_platform(
    settings: Settings, clock: Any, lms: Lms, closing: list[Flask]
) -> None:
    app, browser = limited(settings, clock, lms, platform_limit="3/minute")
    closing.append(app)
    for _ in range(20):
        assert browser.login().response.status_code == 302
    forged = browser.launch({"iss": "https://other.example"})
    assert code_of(forged) == "token-issuer"

    assert browser.launch().status_code == 303


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("unix", "unix", True),
    ],
)
def test_a_connection_counts_once_however_many_addresses_it_has(
    settings: Settings, first: str, second: str, one: bool
) -> None:
    limits = Limits(replace(settings, launch_limit="1/minute"))
    limits.admit_address(first)
    if not one:
        limits.admit_address(second)
        return

    with pytest.raises(ToolError) as refused:
        limits.admit_address(second)

    assert refused.value.code == "too-many"


def test_development_counts_nothing(browser: Browser) -> None:
    for _ in range(50):
        assert browser.login().response.status_code == 302
