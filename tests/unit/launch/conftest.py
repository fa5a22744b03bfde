"""The tiny LMS, the tool that knows it, and a browser between them."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from tinylms import Browser, Lms, register

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db


@pytest.fixture
def lms(rsa_keys: list[rsa.RSAPrivateKey], local_server: Any) -> Lms:
    lms = Lms(rsa_keys[0], f"{local_server.url}/jwks")
    local_server.replies["/jwks"] = (200, {"Content-Type": "application/json"}, lms.jwks())
    return lms


@pytest.fixture
def tool(settings: Settings, clock: Any, lms: Lms) -> Iterator[Flask]:
    """The tool with one platform; no context is pushed, so that each request has its own."""
    app = create_app(settings, clock=clock)
    with app.app_context():
        db.create_all()
        register(app, lms)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(tool: Flask, lms: Lms, clock: Any) -> Browser:
    return Browser(tool.test_client(), lms, lambda: clock().timestamp())
