"""An LMS registers itself: LTI Dynamic Registration 1.0, and Canvas's paste-in configuration.

The address is public, so that an invitation guards it: a code that the operator hands out, good
once and for a week. What the tool asks for is the least that works: who the person is by `sub`,
and leave to report a completion.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.clock import Clock
from lti_tool.errors import ToolError
from lti_tool.platforms import lti
from lti_tool.platforms.families import CANVAS_PLACEMENTS, Family, family_of
from lti_tool.platforms.http import Answer, HttpClient, Unreachable
from lti_tool.platforms.lti import (
    COMPLETION_SCOPE,
    COMPLETION_URL,
    COMPLETION_VARIABLE,
    PLATFORM_CONFIGURATION,
    SCORE_SCOPE,
    TOOL_CONFIGURATION,
    is_id,
)
from lti_tool.platforms.models import Invitation, Platform
from lti_tool.platforms.registry import CannotRegister, Registry
from lti_tool.vault import fingerprint

VALID = timedelta(days=7)

NAME = "Proeftuin"
DESCRIPTION = "Practice situations from school life. Reports completion, never a score."

_ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "registration_endpoint",
)


class Registrations:
    """Lets an invited LMS register itself.

    Args:
        session: gives the database session to use.
        clock: the time.
        http: the outbound client.
        registry: keeps the platforms.
        base_url: our own origin.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        clock: Clock,
        http: HttpClient,
        registry: Registry,
        base_url: str,
    ) -> None:
        self._session = session
        self._clock = clock
        self._http = http
        self._registry = registry
        self._base_url = base_url

    def invite(self, name: str | None = None) -> str:
        """Return a new registration address, good once. Commits.

        Args:
            name: what the platform will be called; its host name when left out.

        Raises:
            CannotRegister: the name is taken, or is no name.
        """
        if name is not None:
            if not name.strip() or len(name) > 120 or not name.isprintable():
                raise CannotRegister("--name must be 1 to 120 printable characters")
            if self._registry.by_name(name) is not None:
                raise CannotRegister(f"there is a platform {name!r} already; choose another name")
        code = secrets.token_urlsafe(24)
        session = self._session()
        session.add(
            Invitation(code_hash=fingerprint(code), name=name, expires_at=self._clock() + VALID)
        )
        session.commit()
        return f"{self._base_url}/lti/register?invitation={code}"

    def register(self, code: str, configuration_url: str, token: str) -> Platform:
        """Register the tool with an LMS and the LMS with us. Commits.

        Args:
            code: of the invitation, spent here when all goes well.
            configuration_url: where the LMS publishes its OpenID configuration.
            token: the LMS's registration token; "" when it gave none.

        Raises:
            ToolError: `invitation-invalid`, a `configuration-…` code, or
                `registration-declined`. Nothing is kept then, and the invitation stays good.
        """
        name = self._claim(code)
        done = False
        try:
            platform = self._register(name, configuration_url, token)
            self._session().commit()
            done = True
        finally:
            if not done:
                self._release(code)
        return platform

    def _register(self, name: str | None, configuration_url: str, token: str) -> Platform:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        configuration = _object(
            self._ask("GET", configuration_url, bearer), "configuration-unusable"
        )
        about = configuration.get(PLATFORM_CONFIGURATION)
        about = about if isinstance(about, dict) else {}
        family = family_of(about.get("product_family_code"))
        issuer = configuration.get("issuer")
        if not isinstance(issuer, str) or not _same_platform(issuer, configuration_url, family):
            raise ToolError("configuration-issuer")
        for endpoint in _ENDPOINTS:
            if not isinstance(configuration.get(endpoint), str):
                raise ToolError("configuration-unusable", endpoint)
        offered = configuration.get("scopes_supported")
        wanted = registration_request(
            self._base_url, family, about, offered if isinstance(offered, list) else ()
        )
        answer = _object(
            self._ask(
                "POST",
                configuration["registration_endpoint"],
                bearer | {"Content-Type": "application/json"},
                json.dumps(wanted).encode(),
            ),
            "registration-declined",
        )
        tool = answer.get(TOOL_CONFIGURATION)
        deployment = tool.get("deployment_id") if isinstance(tool, dict) else None
        client_id = answer.get("client_id")
        if not isinstance(client_id, str):
            raise ToolError("registration-declined", "no client_id")
        try:
            return self._registry.add(
                name=self._free_name(name or urlsplit(issuer).hostname or "LMS"),
                issuer=issuer,
                client_id=client_id,
                auth_login_url=configuration["authorization_endpoint"],
                auth_token_url=configuration["token_endpoint"],
                jwks_url=configuration["jwks_uri"],
                deployment_ids=(deployment,) if is_id(deployment) else (),
                family=family.key,
            )
        except CannotRegister:
            self._session().rollback()
            raise ToolError("configuration-unusable", "cannot be stored") from None

    def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        try:
            return self._http.send(
                method, url, data=body or None, headers={"Accept": "application/json"} | headers
            )
        except Unreachable:
            raise ToolError("configuration-unreachable", method) from None

    def _claim(self, code: str) -> str | None:
        """Spend an invitation by one atomic statement and return its name. Commits."""
        now = self._clock()
        session = self._session()
        claimed = session.execute(
            update(Invitation)
            .where(
                Invitation.code_hash == fingerprint(code),
                Invitation.used_at.is_(None),
                Invitation.expires_at > now,
            )
            .values(used_at=now)
            .returning(Invitation.code_hash, Invitation.name)
        ).one_or_none()
        session.commit()
        if claimed is None:
            raise ToolError("invitation-invalid")
        name: str | None = claimed.name
        return name

    def _release(self, code: str) -> None:
        """Let an invitation be used again, after a registration that failed. Commits."""
        session = self._session()
        session.rollback()
        session.execute(
            update(Invitation).where(Invitation.code_hash == fingerprint(code)).values(used_at=None)
        )
        session.commit()

    def _free_name(self, name: str) -> str:
        """Return a name that no platform has: an invitation must not change another platform."""
        candidate, number = name[:110], 1
        while self._registry.by_name(candidate) is not None:
            number += 1
            candidate = f"{name[:110]} {number}"
        return candidate


def registration_request(
    base_url: str, family: Family, about: dict[str, Any], scopes: Sequence[object] = ()
) -> dict[str, Any]:
    """Return what we ask of an LMS (LTI Dynamic Registration 1.0 §3.5.2). Pure.

    Args:
        base_url: our own origin.
        family: whose habits to respect.
        about: the LMS's own part of its configuration; placements that it does not list are
            not asked for.
        scopes: what the LMS says that it can grant. One that it does not know may cost the
            registration (Canvas), so that the completion service is asked for only where it is
            listed, or where the family bears it.
    """
    launch_url = f"{base_url}/lti/launch"
    asked = list(_scopes(family, scopes))
    tool: dict[str, Any] = {
        "domain": urlsplit(base_url).netloc,  # with its port: Moodle insists
        "description": DESCRIPTION,
        "target_link_uri": launch_url,
        "claims": ["iss", "sub"],
        # What an LMS does not know it leaves out or sends as it is; then a copy is a new link.
        "custom_parameters": {lti.LINK_HISTORY: lti.LINK_HISTORY_VARIABLE},
        "messages": [
            {"type": "LtiResourceLinkRequest"},
            {
                "type": "LtiDeepLinkingRequest",
                "label": NAME,
                "target_link_uri": launch_url,
                "placements": _placements(family, about),
            },
        ],
    }
    if COMPLETION_SCOPE in asked:
        # An LMS keeps it also when the service comes later, and knows our activities by it.
        tool["custom_parameters"] |= {COMPLETION_URL: COMPLETION_VARIABLE}
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{base_url}/lti/login",
        "redirect_uris": [launch_url],
        "client_name": NAME,
        "jwks_uri": f"{base_url}/lti/jwks.json",
        "logo_uri": f"{base_url}/static/icon.png",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(asked),
        TOOL_CONFIGURATION: tool | dict(family.registration),
    }


def canvas_configuration(base_url: str) -> dict[str, Any]:
    """Return the configuration that an administrator pastes into a Canvas developer key. Pure."""
    launch_url = f"{base_url}/lti/launch"
    return {
        "title": NAME,
        "description": DESCRIPTION,
        "target_link_uri": launch_url,
        "oidc_initiation_url": f"{base_url}/lti/login",
        "public_jwk_url": f"{base_url}/lti/jwks.json",
        "scopes": [SCORE_SCOPE],
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": urlsplit(base_url).netloc,
                "tool_id": "proeftuin",
                "privacy_level": "anonymous",
                "settings": {
                    "text": NAME,
                    "icon_url": f"{base_url}/static/icon.png",
                    "selection_width": 900,
                    "selection_height": 700,
                    "placements": [
                        {
                            "placement": placement,
                            "message_type": "LtiDeepLinkingRequest",
                            "target_link_uri": launch_url,
                            "text": NAME,
                        }
                        for placement in CANVAS_PLACEMENTS
                    ],
                },
            }
        ],
    }


def _scopes(family: Family, offered: Sequence[object]) -> Iterator[str]:
    """Return the least that works: leave to report a completion. Nothing that reads."""
    yield SCORE_SCOPE
    if family.completion_service or COMPLETION_SCOPE in offered:
        yield COMPLETION_SCOPE


def _placements(family: Family, about: dict[str, Any]) -> list[str]:
    """Return our placements, without those that the LMS says it does not have."""
    messages = about.get("messages_supported")
    offered: list[object] = []
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict) and message.get("type") == "LtiDeepLinkingRequest":
            placements = message.get("placements")
            offered += placements if isinstance(placements, list) else []
    return [placement for placement in family.placements if not offered or placement in offered]


def _same_platform(issuer: str, configuration_url: str, family: Family) -> bool:
    """Tell whether an issuer may be configured from an address.

    Dynamic Registration 1.0 §3.5.1 asks for the same host; we ask for the same origin, so that
    neither another port nor an address without TLS speaks for it.
    """
    origins = [_origin(issuer), _origin(configuration_url)]
    if None in origins:
        return False
    return origins[0] == origins[1] or all(
        any(_lies_on(domain, *origin) for domain in family.configured_on)
        for origin in filter(None, origins)
    )


def _lies_on(domain: str, scheme: str, host: str, port: int) -> bool:
    """Tell whether an origin is an ordinary HTTPS site of a domain."""
    return (scheme, port) == ("https", 443) and f".{host}".endswith(f".{domain}")


def _origin(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of an address, or None where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None


def _object(answer: Answer, code: str) -> dict[str, Any]:
    """Return an answer's JSON object.

    Raises:
        ToolError: with `code` for anything else.
    """
    try:
        body = answer.json() if answer.ok else None
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ToolError(code, f"status {answer.status}")
    return body
