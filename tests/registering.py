"""An LMS that registers itself: what it publishes, and how it comes."""

import json
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.db import db
from lti_tool.platforms.models import Invitation, Platform

TOOL_URL = "https://tool.example:8443"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
COMPLETION = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


def configuration(base: str, **changes: Any) -> dict[str, Any]:
    found = {
        "issuer": base,
        "authorization_endpoint": f"{base}/auth",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks",
        "registration_endpoint": f"{base}/registrations",
        PLATFORM: {"product_family_code": "moodle", "version": "4.5"},
    } | changes
    return {name: value for name, value in found.items() if value is not ...}


def publish(local_server: Any, answer: Any = None, **changes: Any) -> None:
    """Let the LMS publish its configuration and answer registrations."""
    body = json.dumps(configuration(local_server.url, **changes)).encode()
    local_server.replies["/config"] = (200, {}, body)
    answer = {"client_id": "given-1", TOOL: {"deployment_id": "7"}} if answer is None else answer
    local_server.replies["/registrations"] = (200, {}, json.dumps(answer).encode())


def register(tool: Flask, code: str, url: str, token: str = "reg-token") -> TestResponse:
    return tool.test_client().get(
        "/lti/register",
        query_string={
            "invitation": code,
            "openid_configuration": url,
            "registration_token": token,
        },
        base_url=TOOL_URL,
    )


def platforms(tool: Flask) -> list[Platform]:
    with tool.app_context():
        found = list(db.session.scalars(select(Platform).order_by(Platform.id)))
        for platform in found:
            _ = platform.deployments
        db.session.expunge_all()
    return found


def unused(tool: Flask) -> int:
    with tool.app_context():
        return len(db.session.scalars(select(Invitation).where(Invitation.used_at.is_(None))).all())
