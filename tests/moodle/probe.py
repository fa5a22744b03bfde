"""A second tool, with a key of its own: it tries what it should not be able to do."""

import json
import time
import uuid
from urllib.parse import parse_qs, urlencode

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import BrowserContext, Route

HOME = "https://probe.invalid"
SCOPE = "urn:uuid:0b6a3c52-8f5e-4f0b-9d7e-5c1f2a7d4e90"


def claims_in(id_token: str) -> dict:
    """What a launch says. Nothing is verified: this is a look, not a login."""
    return jwt.decode(id_token, options={"verify_signature": False})


class Probe:
    """The tool. Its pages exist in the test's browsers only.

    Attributes:
        client_id: as Moodle gave it.
        launches: what each launch said, the newest last.
    """

    def __init__(self, site: str) -> None:
        self.site = site
        self.client_id = ""
        self.launches: list[dict] = []
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public_key(self) -> str:
        return (
            self._key.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )

    def live_in(self, context: BrowserContext) -> None:
        """Answer the browser in the tool's place."""
        context.route(f"{HOME}/**", self._answer)

    def token(self, scope: str = SCOPE) -> requests.Response:
        now = int(time.time())
        assertion = jwt.encode(
            {
                "iss": self.client_id,
                "sub": self.client_id,
                "aud": f"{self.site}/mod/lti/token.php",
                "iat": now - 10,
                "exp": now + 60,
                "jti": str(uuid.uuid4()),
            },
            self._key,
            "RS256",
            {"kid": "probe"},
        )
        return requests.post(
            f"{self.site}/mod/lti/token.php",
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": assertion,
                "scope": scope,
            },
            timeout=60,
        )

    def report(self, completion_url: str, sub: str, **change: object) -> requests.Response:
        """Report a completion with this tool's own token."""
        body = {
            "userId": sub,
            "activityProgress": "Completed",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        return requests.post(
            completion_url,
            json=body | change,
            headers={"Authorization": f"Bearer {self.token().json()['access_token']}"},
            timeout=60,
        )

    def ask(self, completion_url: str) -> requests.Response:
        return requests.get(
            completion_url,
            headers={
                "Authorization": f"Bearer {self.token().json()['access_token']}",
                "Accept": "application/json",
            },
            timeout=60,
        )

    def _answer(self, route: Route) -> None:
        sent = {k: v[0] for k, v in parse_qs(route.request.post_data or "").items()}
        if route.request.url.startswith(f"{HOME}/login"):
            query = urlencode(
                {
                    "scope": "openid",
                    "response_type": "id_token",
                    "response_mode": "form_post",
                    "prompt": "none",
                    "client_id": self.client_id,
                    "redirect_uri": f"{HOME}/launch",
                    "state": "state",
                    "nonce": str(uuid.uuid4()),
                    "login_hint": sent["login_hint"],
                    "lti_message_hint": sent["lti_message_hint"],
                }
            )
            there = json.dumps(f"{self.site}/mod/lti/auth.php?{query}")
            route.fulfill(content_type="text/html", body=f"<script>location = {there}</script>")
            return
        if "id_token" in sent:
            self.launches.append(claims_in(sent["id_token"]))
        route.fulfill(content_type="text/html", body="<p>Probe</p>")
