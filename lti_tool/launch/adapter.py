"""PyLTI1p3 with its weak points replaced: the only module of `launch` that knows the library.

Kept: the order of the login and of the launch, the parameters of the authentication request,
the message validators. Replaced: state, nonce, keys, signature and claim checks, storage.
docs/adr/0002-pylti1p3.md says why.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import Request
from jwt.algorithms import RSAAlgorithm
from pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.exception import LtiException
from pylti1p3.registration import Registration
from pylti1p3.tool_config import ToolConfAbstract

from lti_tool.errors import ToolError
from lti_tool.launch import claims
from lti_tool.launch.state import BadState, LoginState, LoginStates
from lti_tool.platforms.lti import is_id
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


class MessageLaunch(FlaskMessageLaunch):  # type: ignore[misc]  # the library is untyped here
    """An authentication response: verified, or refused with a `ToolError`.

    Args:
        request: the POST to the launch URL.
        registry: finds the platform.
        states: reads the state.
        find_key: finds the platform's key.
        read_binding: what the browser brought back for the state.
        now: the time of this request.
        origin: our own origin.

    Attributes:
        state: the login's state, once verified.
        platform: who sent it, once verified.
        launch: what it says, once verified.
        bound: False when the browser brought nothing yet and keeps the binding in platform
            storage; such a launch must open no session.
    """

    state: LoginState
    platform: KnownPlatform
    launch: claims.Launch
    bound: bool

    def __init__(
        self,
        request: Request,
        *,
        registry: Registry,
        states: LoginStates,
        find_key: FindKey,
        read_binding: ReadBinding,
        now: datetime,
        origin: str,
    ) -> None:
        library_request = FlaskRequest(
            cookies={}, session={}, request_data=request.form, request_is_secure=True
        )
        super().__init__(
            library_request,
            None,
            session_service=_StoresNothing(),
            cookie_service=_StoresNothing(),
            requests_session=_NO_REQUESTS,
        )
        self._registry = registry
        self._states = states
        self._find_key = find_key
        self._read_binding = read_binding
        self._now = now.timestamp()
        self._origin = origin

    def verify(self) -> claims.Launch:
        """Run the library's pipeline with our checks and return the launch.

        Raises:
            ToolError: for anything that is not a good launch, whatever its shape.
        """
        try:
            self.validate()
        except LtiException:
            raise ToolError("claims-incomplete", "refused by a message validator") from None
        return self.launch

    def validate_state(self) -> "MessageLaunch":
        """Check that we gave the state to this browser, at most ten minutes ago."""
        token = self._get_request_param("state")
        if not token:
            raise ToolError("state-missing")
        try:
            self.state = self._states.read(token)
        except BadState:
            raise ToolError("state-unknown") from None
        if self._now > self.state.expires:
            raise ToolError("state-expired")
        brought = self._read_binding(self.state)
        self.bound = brought is not None
        if brought is None:
            if not self.state.storage:
                raise ToolError("browser-other")
        elif not compare_digest(brought.encode(), self._states.binding(self.state).encode()):
            raise ToolError("browser-other")
        return self

    def validate_jwt_format(self) -> "MessageLaunch":
        """Read the header alone; the payload is read once, after its signature."""
        token = self._get_request_param("id_token")
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
        if not is_id(header.get("kid")):
            raise ToolError("token-key")
        if not header.keys().isdisjoint(_FOREIGN_KEYS):
            raise ToolError("token-key")
        self._jwt = {"header": header, "body": {}}
        self._parts = parts
        return self

    def validate_nonce(self) -> "MessageLaunch":
        """Wait: the nonce is checked after the signature, like every other claim."""
        return self

    def validate_registration(self) -> "MessageLaunch":
        """Take the platform from the state: it is the one that the login was sent to."""
        platform = self._registry.by_id(self.state.platform_id)
        if platform is None:
            raise ToolError("platform-unknown")
        self.platform = platform
        return self

    def get_public_key(self) -> tuple[RSAPublicKey, str]:
        """Return the platform's key for the header's kid, and our algorithm."""
        return self._find_key(self.platform.jwks_url, self._jwt["header"]["kid"]), ALGORITHM

    def validate_jwt_signature(self) -> "MessageLaunch":
        """Check signature, issuer, audience, times and nonce (Security Framework 1.0 §5.1.3).

        PyJWT's RS256 is called directly: the algorithm is ours and the header is read already,
        and its general `decode` took a fifth of all the time of a launch.
        """
        key, _ = self.get_public_key()
        header, payload, signature = self._parts.groups()
        if not _RS256.verify(f"{header}.{payload}".encode(), key, _decoded(signature)):
            raise ToolError("token-signature")
        body = _json_object(payload)
        if not claims.is_lti(body):
            raise ToolError("claims-not-lti")
        self._jwt["body"] = body
        self._check_envelope(body)
        return self

    def validate_deployment(self) -> "MessageLaunch":
        """Wait: `store` checks it in the launch's own transaction."""
        return self

    def validate_message(self) -> "MessageLaunch":
        """Check the LTI claims with our table, then with the library's own validators."""
        try:
            self.launch = claims.read(
                self._jwt["body"],
                client_id=self.platform.client_id,
                origin=self._origin,
                platform_urls=(
                    self.platform.issuer,
                    self.platform.auth_login_url,
                    self.platform.auth_token_url,
                ),
                plain_http=self.platform.auth_login_url.startswith("http://"),
            )
        except claims.Refused as refused:
            raise ToolError(refused.code, refused.claim) from None
        if not self.state.targets(self._jwt["body"][claims.LTI + "target_link_uri"]):
            raise ToolError("claims-target", "differs from the login's")
        if self.launch.deep_linking and not self.launch.deep_linking.accepts_links:
            return self  # the picker explains; the library would refuse
        super().validate_message()
        return self

    def save_launch_data(self) -> "MessageLaunch":
        """Keep nothing: the launch's own transaction stores what is needed."""
        return self

    def _check_envelope(self, body: Mapping[str, Any]) -> None:
        client_id = self.platform.client_id
        if body.get("iss") != self.platform.issuer:
            raise ToolError("token-issuer")
        audience = body.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not audiences or any(one != client_id for one in audiences):
            raise ToolError("token-audience")  # an audience that is not us is not trusted
        if "azp" in body and body["azp"] != client_id:
            raise ToolError("token-audience")
        if len(audiences) > 1 and "azp" not in body:
            raise ToolError("token-audience")
        issued: Any = body.get("iat")
        expires: Any = body.get("exp")
        if not (_is_time(issued) and _is_time(expires)):
            raise ToolError("token-time")
        if issued > self._now + LEEWAY_SECONDS or expires < issued:
            raise ToolError("token-time")
        if expires <= self._now - LEEWAY_SECONDS:
            raise ToolError("token-time")
        nonce: Any = body.get("nonce")
        if not is_id(nonce) or not compare_digest(nonce, self._states.nonce(self.state)):
            raise ToolError("token-nonce")


_FOREIGN_KEYS = frozenset({"jku", "jwk", "x5u", "x5c", "crit"})
"""Header fields that would let the sender choose the key or the rules: keys come from the JWKS
(Security Framework 1.0 §6.2)."""


class _NoRequests:
    """Stands where the library would keep a `requests` session of its own."""


_NO_REQUESTS = _NoRequests()


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
