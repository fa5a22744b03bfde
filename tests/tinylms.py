"""A tiny LMS that signs launches with its own key, and a browser that carries them to the tool.

Signing is done by PyJWT; the tool verifies with its own code. The LMS's JWKS is served by a real
HTTP server.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from connecting import connect
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db

TOOL = "https://tool.example"
ISSUER = "https://lms.example"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"

GONE = object()
"""As a claim's value: leave the claim out."""


def changed(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return claims with some replaced, and those set to GONE left out."""
    return {name: value for name, value in (claims | changes).items() if value is not GONE}


@dataclass
class Lms:
    """A platform registered at the tool."""

    key: rsa.RSAPrivateKey
    jwks_url: str
    issuer: str = ISSUER
    client_id: str = "client-1"
    deployment_id: str = "deployment-1"
    kid: str = "key-1"

    def jwks(self) -> bytes:
        jwk = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return json.dumps(
            {"keys": [jwk | {"kid": self.kid, "alg": "RS256", "use": "sig"}]}
        ).encode()

    def login_params(self, **changes: Any) -> dict[str, Any]:
        params = {
            "iss": self.issuer,
            "client_id": self.client_id,
            "login_hint": "4",
            "target_link_uri": f"{TOOL}/lti/launch",
            "lti_message_hint": "hint",
        }
        return changed(params, changes)

    def claims(self, nonce: str, now: float, /, **changes: Any) -> dict[str, Any]:
        """Claims of a learner's resource link launch."""
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "learner-4",
            "iat": int(now),
            "exp": int(now) + 60,
            "nonce": nonce,
            LTI + "version": "1.3.0",
            LTI + "message_type": "LtiResourceLinkRequest",
            LTI + "deployment_id": self.deployment_id,
            LTI + "target_link_uri": f"{TOOL}/lti/launch",
            LTI + "roles": [MEMBERSHIP + "Learner"],
            LTI + "resource_link": {"id": "link-1", "title": "Een activiteit"},
            LTI + "context": {"id": "course-2", "label": "studiedag", "title": "Studiedag"},
            LTI + "custom": {"item": "some-item"},
            LTI + "launch_presentation": {
                "locale": "nl",
                "return_url": f"{self.issuer}/course/2",
            },
            AGS: {
                "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
                "lineitem": f"{self.issuer}/items/7",
            },
        }
        return changed(claims, changes)

    def deep_linking_claims(self, nonce: str, now: float, /, **changes: Any) -> dict[str, Any]:
        """Claims of a course designer who adds an activity."""
        settings = {
            "deep_link_return_url": f"{self.issuer}/deep-link-return",
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "data": "opaque",
        }
        deep = {
            LTI + "message_type": "LtiDeepLinkingRequest",
            LTI + "roles": [MEMBERSHIP + "Instructor"],
            LTI + "resource_link": GONE,
            AGS: GONE,
            DL: settings,
        }
        return self.claims(nonce, now, **(deep | changes))

    def sign(
        self,
        claims: dict[str, Any],
        *,
        headers: dict[str, Any] | None = None,
        key: Any = None,
        algorithm: str = "RS256",
    ) -> str:
        return jwt.encode(
            claims,
            self.key if key is None else key,
            algorithm=algorithm,
            headers={"kid": self.kid} if headers is None else headers,
        )

    def sign_raw(self, header: dict[str, Any], payload: bytes) -> str:
        """Sign whatever header and payload, also what no library would."""

        def segment(raw: bytes) -> str:
            return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

        signed = f"{segment(json.dumps(header).encode())}.{segment(payload)}"
        signature = RSAAlgorithm(RSAAlgorithm.SHA256).sign(signed.encode(), self.key)
        return f"{signed}.{segment(signature)}"


@dataclass
class Opening:
    """A login under way: what the tool asked the platform for."""

    response: TestResponse
    state: str
    nonce: str


@dataclass
class Browser:
    """A browser with the tool's cookies, and the LMS that it has open."""

    client: FlaskClient
    lms: Lms
    now: Any

    def login(self, *, method: str = "POST", **changes: Any) -> Opening:
        params = self.lms.login_params(**changes)
        where = {"data": params} if method == "POST" else {"query_string": params}
        response = self.client.open("/lti/login", method=method, base_url=TOOL, **where)
        query = parse_qs(urlsplit(response.headers.get("Location", "")).query)
        return Opening(response, query.get("state", [""])[0], query.get("nonce", [""])[0])

    def post(self, **form: Any) -> TestResponse:
        """Post a form to the launch URL as it is."""
        return self.client.post("/lti/launch", data=changed({}, form), base_url=TOOL)

    def launch(
        self, claims: dict[str, Any] | None = None, *, deep: bool = False, **sign: Any
    ) -> TestResponse:
        """Log in and launch with the usual claims, some of them changed."""
        opening = self.login()
        make = self.lms.deep_linking_claims if deep else self.lms.claims
        body = make(opening.nonce, self.now(), **(claims or {}))
        return self.post(id_token=self.lms.sign(body, **sign), state=opening.state)


def stored(app: Flask) -> dict[str, int]:
    """Return how many rows each table has that a launch may write."""
    names = ("learner", "resource_link", "launch_session", "used_state", "run", "completion")
    with app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in db.metadata.tables.items()
            if name in names
        }


def code_of(response: TestResponse) -> str | None:
    """Return the error code of a page, which must stand in the header and on the page alike."""
    code = response.headers.get("X-Proeftuin-Error")
    if code is not None:
        assert f'data-error="{code}"' in response.text
        assert 'data-page="error"' in response.text
    return code


def register(app: Flask, lms: Lms, name: str = "School", **changes: Any) -> None:
    """Register an LMS at the tool; call inside an app context."""
    values = {
        "client_id": lms.client_id,
        "jwks_url": lms.jwks_url,
        "deployment_ids": (lms.deployment_id,),
    }
    connect(name, lms.issuer, **(values | changes))


# --- fixtures -------------------------------------------------------------------------------------


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
        register(app, lms)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(tool: Flask, lms: Lms, clock: Any) -> Browser:
    return Browser(tool.test_client(), lms, lambda: clock().timestamp())
