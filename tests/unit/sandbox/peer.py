"""A minimal tool with real keys over real HTTP, and its side of every conversation."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask, Response, jsonify, make_response, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler

from lti_tool.sandbox import SandboxServer
from lti_tool.sandbox.world.store import Lms

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE = AGS + "score"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
PROFILES = ("strict", "moodle", "canvas")


class QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass
class HandClock:
    """Real time, plus what a test adds."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class FakeTool:
    """A minimal LTI tool: logs in honestly, keeps the id_token, signs what it is told to sign."""

    url: str = ""
    keys: list[RSAKey] = field(default_factory=list)
    auth_urls: dict[str, str] = field(default_factory=dict)
    launches: list[dict[str, str]] = field(default_factory=list)
    jwks_fetches: int = 0

    def fresh(self) -> None:
        if not self.keys:
            self.keys = [RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)]
        self.launches.clear()
        self.jwks_fetches = 0

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        key = self.keys[-1]
        head = {"alg": "RS256", "kid": key.kid} | header
        return jwt.encode(
            {name: value for name, value in head.items() if value is not None},
            claims,
            key,
            algorithms=["RS256", "RS512", "PS256"],
        )

    def app(self) -> Flask:
        app = Flask("fake tool")

        @app.get("/lti/jwks.json")
        def jwks() -> Response:
            self.jwks_fetches += 1
            return jsonify({"keys": [key.as_dict(private=False) for key in self.keys]})

        @app.route("/lti/login", methods=["GET", "POST"])
        def login() -> Response:
            asked = request.values
            query = {
                "scope": "openid",
                "response_type": "id_token",
                "response_mode": "form_post",
                "prompt": "none",
                "client_id": asked["client_id"],
                "redirect_uri": f"{self.url}/lti/launch",
                "login_hint": asked["login_hint"],
                "lti_message_hint": asked["lti_message_hint"],
                "nonce": secrets.token_hex(8),
                "state": secrets.token_hex(8),
            }
            answer = make_response(redirect(self.auth_urls[asked["iss"]] + "?" + urlencode(query)))
            answer.set_cookie("state", query["state"], secure=True, samesite="None")
            return answer

        @app.post("/lti/launch")
        def launch() -> Response:
            self.launches.append(request.form.to_dict())
            same = request.cookies.get("state") == request.form.get("state")
            return Response(f"<main data-page='open'>state {'kept' if same else 'lost'}</main>")

        @app.get("/lti/picker")
        def picker() -> Response:
            """Hands the JWT in the query to the platform, as a tool's last form does."""
            return Response(
                f"<form method=post action='{request.args['to']}'>"
                f"<input type=hidden name=JWT value='{request.args['jwt']}'></form>"
            )

        return app


@dataclass
class Platform:
    """One platform of the sandbox, with the tool's side of every conversation at hand."""

    server: SandboxServer
    lms: Lms
    tool: FakeTool
    hands: HandClock

    def api(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        url = f"{self.server.base_url}/api/{self.lms.name}/{path}"
        answer = requests.request(method, url, json=body, timeout=10)
        assert answer.status_code == status, answer.text
        return answer.json()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api("GET", "state")
        return found

    def last(self, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api("GET", f"messages?kind={kind}")[0]
        return found

    def refused(self, kind: str) -> str | None:
        """The code with which the newest message of this kind was refused."""
        reason = self.last(kind)["reason"]
        return reason and str(reason["code"])

    def add(self, title: str = "Een lastig gesprek", **fields: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.api("POST", "activities", {"title": title, **fields})
        return found

    def assertion(self, **changes: Any) -> dict[str, Any]:
        now = int(self.hands())
        client = self.lms.client.client_id
        claims = {
            "iss": client,
            "sub": client,
            "aud": self.lms.url("token"),
            "iat": now,
            "exp": now + 300,
            "jti": secrets.token_hex(8),
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def ask_token(
        self, assertion: str | None = None, scope: str = SCORE, **fields: Any
    ) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.tool.sign(self.assertion()),
            "scope": scope,
        } | fields
        return requests.post(self.lms.url("token"), data=form, timeout=10)

    def token(self, scope: str = SCORE) -> str:
        return str(self.ask_token(scope=scope).json()["access_token"])

    def score_url(self, activity: dict[str, Any]) -> str:
        path, mark, query = activity["line_item"]["url"].partition("?")
        return f"{path}/scores{mark}{query}"

    def score(
        self,
        activity: dict[str, Any],
        user: str = "sam",
        *,
        at: float | None = None,
        url: str = "",
        token: str | None = None,
        media_type: str = SCORE_TYPE,
        **changes: Any,
    ) -> requests.Response:
        body = {
            "userId": self.lms.people[user].sub if user in self.lms.people else user,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": iso(self.hands() if at is None else at),
        } | changes
        return requests.post(
            url or self.score_url(activity),
            json={name: value for name, value in body.items() if value is not None},
            headers={
                "Authorization": f"Bearer {self.token() if token is None else token}",
                "Content-Type": media_type,
            },
            timeout=10,
        )


def iso(seconds: float) -> str:
    """ISO 8601 in UTC with milliseconds."""
    whole, part = divmod(seconds, 1)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{int(part * 1000):03d}Z"
