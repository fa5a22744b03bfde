"""PyLTI1p3 with its weak points replaced: the only module of `launch` that knows the library.

Kept: the parameters of the authentication request, and the message validators, which have the
last word on a launch. Ours: the order of the checks, state, nonce, keys, signature, claims.
docs/adr/0002-pylti1p3.md says why.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from pylti1p3.contrib.flask import FlaskOIDCLogin, FlaskRequest
from pylti1p3.exception import LtiException
from pylti1p3.message_validators import get_validators
from pylti1p3.registration import Registration
from pylti1p3.tool_config import ToolConfAbstract

from lti_tool.errors import ToolError
from lti_tool.launch import claims
from lti_tool.launch.state import BadState, LoginState, LoginStates
from lti_tool.platforms import lti
from lti_tool.platforms.registry import KnownPlatform, Registry

LEEWAY_SECONDS = 60
MAX_TOKEN = 64 * 1024

ALGORITHM = "RS256"
_RS256 = RSAAlgorithm(RSAAlgorithm.SHA256)
_COMPACT = re.compile(r"([\w-]+)\.([\w-]+)\.([\w-]+)", re.ASCII)

FindKey = Callable[[str, str], RSAPublicKey]
"""(JWKS address, kid) to a verification key; raises `ToolError`."""

ReadBinding = Callable[[LoginState], str | None]
"""Returns what the browser brought back for a state: a value, or None for nothing."""


class _StoresNothing:
    """In place of the library's session and cookie services.

    State and nonce are signed values of ours, and our cookies are bound to one login each.
    """

    def save_nonce(self, nonce: str) -> None:
        """Keep nothing: the nonce follows from the state."""

    def set_cookie(self, _name: str, _value: object, exp: object = None) -> None:
        """Set none: the view sets ours."""


class _ToolConfig(ToolConfAbstract):  # type: ignore[misc]  # the library is untyped here
    """Hands the library the platform that our registry found; an issuer may have many clients.

    Args:
        platform: the platform that the login determined.
    """

    def __init__(self, platform: KnownPlatform) -> None:
        self._platform = platform

    def check_iss_has_one_client(self, _iss: str) -> bool:
        """Never: the library's table of relations is shared by all of its instances."""
        return False

    def find_registration_by_params(
        self, _iss: str, _client_id: str | None, *_args: object, **_options: object
    ) -> Registration:
        """Return the platform as the library's registration."""
        return (
            Registration()
            .set_issuer(self._platform.issuer)
            .set_client_id(self._platform.client_id)
            .set_auth_login_url(self._platform.auth_login_url)
        )


class Login(FlaskOIDCLogin):  # type: ignore[misc]  # the library is untyped here
    """A third-party initiated login: where to send the browser.

    Args:
        params: the login's parameters, already checked for shape.
        platform: who starts it.
        states: gives out the state.
        state: the state of this login.
    """

    def __init__(
        self,
        params: Mapping[str, str],
        platform: KnownPlatform,
        states: LoginStates,
        state: LoginState,
    ) -> None:
        request = FlaskRequest(
            cookies={}, session={}, request_data=dict(params), request_is_secure=True
        )
        super().__init__(
            request,
            _ToolConfig(platform),
            session_service=_StoresNothing(),
            cookie_service=_StoresNothing(),
        )
        self._states = states
        self._state = state

    def authentication_url(self, launch_url: str) -> str:
        """Return the address of the authentication request.

        Args:
            launch_url: our constant launch URL, never the request's `target_link_uri`.
        """
        url: str = self._prepare_redirect_url(launch_url)
        base = self._registration.get_auth_login_url()
        if "?" in base:  # the library always adds a "?"
            url = base + "&" + url[len(base) + 1 :]
        return url.replace("state=state-", "state=", 1)

    def _get_uuid(self) -> str:
        return self._state.token

    def _generate_nonce(self) -> str:
        return self._states.nonce(self._state)


@dataclass(frozen=True, slots=True)
class Verified:
    """An authentication response that holds.

    Attributes:
        state: the login's state.
        platform: who sent it.
        launch: what it says.
        bound: False when the browser brought nothing yet and keeps the binding in platform
            storage; such a launch must open no session.
    """

    state: LoginState
    platform: KnownPlatform
    launch: claims.Launch
    bound: bool


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies authentication responses.

    Attributes:
        registry: finds the platform.
        states: reads the state.
        find_key: finds the platform's key.
        origin: our own origin.
    """

    registry: Registry
    states: LoginStates
    find_key: FindKey
    origin: str

    def verify(self, form: Mapping[str, str], read_binding: ReadBinding, now: datetime) -> Verified:
        """Return what an authentication response says, or refuse it.

        The order matters: nothing of the token is believed before its signature holds, no key is
        fetched for a state that is not ours, and the platform is the one that the login was sent
        to, whatever the token claims.

        Args:
            form: `state` and `id_token` of the POST to the launch URL.
            read_binding: what the browser brought back for the state.
            now: the time of this request.

        Raises:
            ToolError: for anything that is not a good launch, whatever its shape.
        """
        seconds = now.timestamp()
        state = self._state(form.get("state"), seconds)
        bound = self._is_bound(state, read_binding(state))
        kid, token = _read_header(form.get("id_token"))
        platform = self._platform(state)
        body = _check_signature(token, self.find_key(platform.jwks_url, kid))
        _check_parties(body, platform)
        _check_times(body, seconds)
        self._check_nonce(body, state)
        launch = self._claims(body, platform)
        if not state.targets(body[lti.CLAIM + "target_link_uri"]):
            raise ToolError("claims-target", "differs from the login's")
        _have_the_last_word(launch, body)
        return Verified(state, platform, launch, bound)

    def _state(self, token: str | None, now: float) -> LoginState:
        """Check that we gave the state, at most ten minutes ago."""
        if not token:
            raise ToolError("state-missing")
        try:
            state = self.states.read(token)
        except BadState:
            raise ToolError("state-unknown") from None
        if now > state.expires:
            raise ToolError("state-expired")
        return state

    def _is_bound(self, state: LoginState, brought: str | None) -> bool:
        """Check that we gave the state to this browser; False when its storage must be asked."""
        if brought is None:
            if not state.storage:
                raise ToolError("browser-other")
            return False
        if not compare_digest(brought.encode(), self.states.binding(state).encode()):
            raise ToolError("browser-other")
        return True

    def _platform(self, state: LoginState) -> KnownPlatform:
        platform = self.registry.by_id(state.platform_id)
        if platform is None:
            raise ToolError("platform-unknown")
        return platform

    def _check_nonce(self, body: Mapping[str, Any], state: LoginState) -> None:
        nonce: Any = body.get("nonce")
        if not lti.is_id(nonce) or not compare_digest(nonce, self.states.nonce(state)):
            raise ToolError("token-nonce")

    def _claims(self, body: Mapping[str, Any], platform: KnownPlatform) -> claims.Launch:
        """Read the LTI claims with our table. The deployment is checked by `store`, in the
        launch's own transaction."""
        try:
            return claims.read(
                body,
                client_id=platform.client_id,
                origin=self.origin,
                platform_urls=(
                    platform.issuer,
                    platform.auth_login_url,
                    platform.auth_token_url,
                ),
                plain_http=platform.auth_login_url.startswith("http://"),
            )
        except claims.Refusal as refusal:
            raise ToolError(refusal.code, refusal.claim) from None


def _read_header(token: str | None) -> tuple[str, re.Match[str]]:
    """Return the key's id and the three parts; the payload waits for its signature."""
    if not token:
        raise ToolError("token-missing")
    if len(token) > MAX_TOKEN:
        raise ToolError("token-too-large")
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise ToolError("token-malformed")
    header = _json_object(parts[1])
    if header.get("alg") != ALGORITHM:
        raise ToolError("token-algorithm")
    kid = header.get("kid")
    if not lti.is_id(kid) or not header.keys().isdisjoint(_FOREIGN_KEYS):
        raise ToolError("token-key")
    return kid, parts


def _check_signature(token: re.Match[str], key: RSAPublicKey) -> dict[str, Any]:
    """Return the payload of a token that this key signed (Security Framework 1.0 §5.1.3).

    PyJWT's RS256 is called directly: the algorithm is ours and the header is read already,
    and its general `decode` took a fifth of all the time of a launch.
    """
    header, payload, signature = token.groups()
    if not _RS256.verify(f"{header}.{payload}".encode(), key, _decoded(signature)):
        raise ToolError("token-signature")
    body = _json_object(payload)
    if not claims.is_lti(body):
        raise ToolError("claims-not-lti")
    return body


def _check_parties(body: Mapping[str, Any], platform: KnownPlatform) -> None:
    """Check issuer, audience and authorised party (Security Framework 1.0 §5.1.3, 2 to 4)."""
    client_id = platform.client_id
    if body.get("iss") != platform.issuer:
        raise ToolError("token-issuer")
    audience = body.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if not audiences or any(one != client_id for one in audiences):
        raise ToolError("token-audience")  # an audience that is not us is not trusted
    if "azp" in body and body["azp"] != client_id:
        raise ToolError("token-audience")
    if len(audiences) > 1 and "azp" not in body:
        raise ToolError("token-audience")


def _check_times(body: Mapping[str, Any], now: float) -> None:
    issued: Any = body.get("iat")
    expires: Any = body.get("exp")
    if not (_is_time(issued) and _is_time(expires)):
        raise ToolError("token-time")
    if issued > now + LEEWAY_SECONDS or expires < issued:
        raise ToolError("token-time")
    if expires <= now - LEEWAY_SECONDS:
        raise ToolError("token-time")


def _have_the_last_word(launch: claims.Launch, body: Mapping[str, Any]) -> None:
    """Let PyLTI1p3's message validators refuse what our table let through.

    They would refuse a deep linking request that takes no links, too, where the picker explains.
    """
    if launch.deep_linking and not launch.deep_linking.accepts_links:
        return
    try:
        for validator in get_validators():
            if validator.can_validate(body):
                validator.validate(body)
    except LtiException:
        raise ToolError("claims-incomplete", "refused by a message validator") from None


_FOREIGN_KEYS = frozenset({"jku", "jwk", "x5u", "x5c", "crit"})
"""Header fields that would let the sender choose the key or the rules: keys come from the JWKS
(Security Framework 1.0 §6.2)."""


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53


def _decoded(segment: str) -> bytes:
    """Return the bytes of a segment of base64url characters.

    Raises:
        ToolError: `token-malformed`.
    """
    try:
        return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raise ToolError("token-malformed") from None


def _json_object(segment: str) -> dict[str, Any]:
    """Return a JWT segment as an object.

    Raises:
        ToolError: `token-malformed`.
    """
    try:
        value = json.loads(_decoded(segment))
    except (ValueError, RecursionError):
        raise ToolError("token-malformed") from None
    if not isinstance(value, dict):
        raise ToolError("token-malformed")
    return value
