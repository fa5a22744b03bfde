"""Access tokens for a platform's services: asked once, used until they end.

Kept per issuer, client id, token address and scopes: platforms that share an issuer
(Canvas, Blackboard) must never be handed each other's token.
"""

import secrets
import threading
from dataclasses import dataclass
from typing import Any

from lti_tool.clock import Clock
from lti_tool.platforms.http import Answer, HttpClient
from lti_tool.platforms.models import Platform
from lti_tool.platforms.registry import KnownPlatform
from lti_tool.platforms.signing import SigningKeys

ASSERTION_SECONDS = 300
LEEWAY_SECONDS = 60
"""A token is not used in its last minute."""


class TokenRefused(Exception):
    """The token endpoint answered, but not with a token.

    Attributes:
        status: its HTTP status.
        error: its OAuth error code where it sent one of the known ones, else "".
        retry_after: its Retry-After header, unparsed, else "".
        throttled: whether it only asked us to slow down.
    """

    def __init__(
        self, status: int, error: str, retry_after: str = "", *, throttled: bool = False
    ) -> None:
        super().__init__(f"token endpoint answered {status} {error}".strip())
        self.status = status
        self.error = error
        self.retry_after = retry_after
        self.throttled = throttled


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    good_until: float


_ERRORS = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
)


def _grants(body: dict[str, Any], wanted: str) -> bool:
    """Tell whether a token is good for what we asked; one for less must say so (RFC 6749 §5.1)."""
    granted = body.get("scope")
    return (
        not isinstance(granted, str) or not granted or set(wanted.split()) <= set(granted.split())
    )


class ServiceTokens:
    """Gets service tokens by client credentials with a signed assertion.

    Security Framework 1.0 §4.1; RFC 7523.

    Args:
        http: the outbound client.
        keys: signs the assertion.
        clock: the time.
    """

    def __init__(self, http: HttpClient, keys: SigningKeys, clock: Clock) -> None:
        self._http = http
        self._keys = keys
        self._clock = clock
        self._tokens: dict[tuple[str, str, str, str], _Token] = {}
        self._lock = threading.Lock()

    def get(
        self, platform: Platform | KnownPlatform, scopes: tuple[str, ...], *, fresh: bool = False
    ) -> str:
        """Return a bearer token for these scopes.

        Args:
            platform: whose service it is for.
            scopes: what is asked for, in a fixed order.
            fresh: ask for a new one, after the service refused the last.

        Raises:
            TokenRefused: the endpoint said no, or said something else.
            Unreachable: no answer.
        """
        scope = " ".join(scopes)
        key = (platform.issuer, platform.client_id, platform.auth_token_url, scope)
        now = self._clock().timestamp()
        with self._lock:
            held = self._tokens.get(key)
        if held and not fresh and now < held.good_until:
            return held.value
        token = self._ask(platform, scope, now)
        with self._lock:
            self._tokens[key] = token
        return token.value

    def _ask(self, platform: Platform | KnownPlatform, scope: str, now: float) -> _Token:
        assertion = self._keys.sign(
            {
                "iss": platform.client_id,
                "sub": platform.client_id,
                "aud": platform.auth_audience or platform.auth_token_url,
                "iat": int(now),
                "exp": int(now) + ASSERTION_SECONDS,
                "jti": secrets.token_urlsafe(16),
            }
        )
        answer = self._http.post(
            platform.auth_token_url,
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": assertion,
                "scope": scope,
            },
            headers={"Accept": "application/json"},
        )
        try:
            body = answer.json()
        except (ValueError, RecursionError):
            body = None  # Moodle writes unescaped quotes into its error texts
        if not isinstance(body, dict):
            body = {}
        value = body.get("access_token")
        if answer.ok and not _grants(body, scope):
            raise TokenRefused(answer.status, "invalid_scope")
        if not answer.ok or not isinstance(value, str) or not value.isprintable():
            error = body.get("error")
            raise TokenRefused(
                answer.status,
                error if error in _ERRORS else "",
                answer.headers.get("retry-after", ""),
                throttled=is_throttled(answer),
            )
        lifetime = body.get("expires_in")
        if not isinstance(lifetime, int | float) or isinstance(lifetime, bool):
            lifetime = 0  # an unknown lifetime is used once
        return _Token(value, now + lifetime - LEEWAY_SECONDS)


def is_throttled(answer: Answer) -> bool:
    """Tell whether an answer asks us to slow down.

    RFC 6585 §4 says 429; Canvas's source answers 403 "Forbidden (Rate Limit Exceeded)".
    """
    return answer.status == 429 or (answer.status == 403 and b"Rate Limit" in answer.body)
