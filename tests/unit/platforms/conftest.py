"""A tool at its own address, and invitations to it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from registering import TOOL_URL

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db


@pytest.fixture
def tool(settings: Settings, clock: Any) -> Iterator[Flask]:
    app = create_app(replace(settings, base_url=TOOL_URL), clock=clock)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def invite(tool: Flask) -> Any:
    """Make an invitation and return its code."""

    def invite(name: str | None = None) -> str:
        with tool.app_context():
            address: str = tool.extensions["proeftuin"].registrations.invite(name)
        assert address.startswith(f"{TOOL_URL}/lti/register?")
        return parse_qs(urlsplit(address).query)["invitation"][0]

    return invite
