"""Finding and changing platforms and deployments. Callers commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from lti_tool.clock import Clock
from lti_tool.errors import ToolError
from lti_tool.hot import Hot
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.models import ACTIVE, BLOCKED, PENDING, Deployment, Platform

SNAPSHOT_SECONDS = 10
"""How long a process works with what it last read of a platform. What must work at once, such
as a block, is checked again by the statement that opens a session."""


class CannotRegister(Exception):
    """A platform that cannot be stored as given; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class KnownPlatform:
    """A platform as it was read a moment ago: what a request needs, detached from the database.

    The attributes are the columns of `Platform`.
    """

    id: int
    name: str
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    auth_audience: str | None
    jwks_url: str
    family: str
    status: str
    ws_url: str | None
    ws_token: str | None


_COLUMNS = select(*(getattr(Platform, field.name) for field in fields(KnownPlatform)))
_BY_ID = _COLUMNS.where(Platform.id == bindparam("id"))
_OF_ISSUER = _COLUMNS.where(Platform.issuer == bindparam("issuer"))
_BY_ISSUER = Hot(_OF_ISSUER)
_BY_CLIENT = Hot(_OF_ISSUER.where(Platform.client_id == bindparam("client_id")))
"""Each login of a platform that nobody knows makes one of these."""


class Registry:
    """The platforms that may launch us.

    Args:
        session: gives the database session to use.
        clock: the time.
        production: True refuses addresses without HTTPS.
    """

    def __init__(
        self, session: Callable[[], Session], clock: Clock, *, production: bool = False
    ) -> None:
        self._session = session
        self._clock = clock
        self._production = production
        self._logins: dict[tuple[str, str | None], tuple[float, KnownPlatform]] = {}
        self._ids: dict[int, tuple[float, KnownPlatform]] = {}

    def for_login(self, issuer: str, client_id: str | None) -> KnownPlatform:
        """Return the platform that starts a login.

        Args:
            issuer: `iss` as sent.
            client_id: as sent; platforms may leave it out.

        Raises:
            ToolError: `platform-unknown`, `platform-blocked`, or `client-ambiguous` when the
                issuer has several registrations and no client id was sent.
        """
        now = self._clock().timestamp()
        held = self._logins.get((issuer, client_id))
        if held and 0 <= now - held[0] < SNAPSHOT_SECONDS:
            return held[1]
        statement = _BY_CLIENT if client_id else _BY_ISSUER
        given = {"issuer": issuer, "client_id": client_id}
        rows = statement.rows(self._session().connection(), given)
        found = [_known(row) for row in rows]
        active = [platform for platform in found if platform.status == ACTIVE]
        if not found:
            raise ToolError("platform-unknown")
        if not active:
            raise ToolError("platform-blocked")
        if len(active) > 1:
            raise ToolError("client-ambiguous")
        self._logins[(issuer, client_id)] = now, active[0]
        return active[0]

    def by_id(self, platform_id: int) -> KnownPlatform | None:
        """Return a platform by our own id, whatever its status."""
        now = self._clock().timestamp()
        held = self._ids.get(platform_id)
        if held and 0 <= now - held[0] < SNAPSHOT_SECONDS:
            return held[1]
        row = self._session().execute(_BY_ID, {"id": platform_id}).one_or_none()
        if row is None:
            return None
        platform = _known(row)
        self._ids[platform_id] = now, platform
        return platform

    def forget(self) -> None:
        """Read every platform anew; called by whatever changes one in this process."""
        self._logins.clear()
        self._ids.clear()

    def by_name(self, name: str) -> Platform | None:
        """Return a platform by the name that the operator gave it."""
        return self._session().scalar(select(Platform).where(Platform.name == name))

    def all(self) -> list[Platform]:
        """Return all platforms by name."""
        return list(self._session().scalars(select(Platform).order_by(Platform.name)))

    def deployment(self, platform: Platform, deployment_id: str) -> Deployment | None:
        """Return a deployment of this platform, whatever its status."""
        return self._session().scalar(
            select(Deployment).where(
                Deployment.platform_id == platform.id, Deployment.deployment_id == deployment_id
            )
        )

    def add(
        self,
        *,
        name: str,
        issuer: str,
        client_id: str,
        auth_login_url: str,
        auth_token_url: str,
        jwks_url: str,
        deployment_ids: tuple[str, ...] = (),
        family: str = "generic",
        auth_audience: str | None = None,
        status: str = ACTIVE,
    ) -> Platform:
        """Store a platform, or update the one of this name.

        Raises:
            CannotRegister: names the value that cannot be and the remedy.
        """
        if family not in FAMILIES:
            raise CannotRegister(f"unknown family; choose one of: {', '.join(sorted(FAMILIES))}")
        if not name.strip() or len(name) > 120 or not name.isprintable():
            raise CannotRegister("--name must be 1 to 120 printable characters")
        for option, value in (("--issuer", issuer), ("--client-id", client_id)):
            if not value or len(value) > 255 or not value.isprintable():
                raise CannotRegister(f"{option} must be 1 to 255 printable characters")
        for option, url in (
            ("--auth-login-url", auth_login_url),
            ("--auth-token-url", auth_token_url),
            ("--jwks-url", jwks_url),
        ):
            self._check_url(option, url)
        session = self._session()
        twin = session.scalar(
            select(Platform).where(
                Platform.issuer == issuer, Platform.client_id == client_id, Platform.name != name
            )
        )
        if twin is not None:
            raise CannotRegister(
                f"this issuer and client id are registered already, as {twin.name!r}"
            )
        platform = self.by_name(name)
        if platform is None:
            platform = Platform(name=name, status=status, created_at=self._clock())
            session.add(platform)
        platform.issuer = issuer
        platform.client_id = client_id
        platform.auth_login_url = auth_login_url
        platform.auth_token_url = auth_token_url
        platform.auth_audience = auth_audience
        platform.jwks_url = jwks_url
        platform.family = family
        session.flush()
        for deployment_id in deployment_ids:
            self.approve(platform, deployment_id)
        self.forget()
        return platform

    def approve(self, platform: Platform, deployment_id: str) -> None:
        """Let a deployment launch us, known or not yet known."""
        known = self.deployment(platform, deployment_id)
        if known is not None:
            known.status = ACTIVE
            return
        self._session().add(
            Deployment(
                platform_id=platform.id,
                deployment_id=deployment_id,
                status=ACTIVE,
                created_at=self._clock(),
            )
        )
        self._session().flush()

    def approve_all(self, platform: Platform) -> int:
        """Make a platform and all that waits under it active; return how many deployments."""
        platform.status = ACTIVE
        self.forget()
        waiting = [row for row in platform.deployments if row.status == PENDING]
        for row in waiting:
            row.status = ACTIVE
        return len(waiting)

    def block(self, platform: Platform) -> None:
        """Refuse every launch of this platform from now on."""
        platform.status = BLOCKED
        self.forget()

    def remove(self, platform: Platform) -> None:
        """Remove a platform and, by the database's own rules, all that belongs to it."""
        session = self._session()
        session.execute(delete(Platform).where(Platform.id == platform.id))
        session.expunge(platform)
        self.forget()

    def _check_url(self, option: str, url: str) -> None:
        try:
            parts = urlsplit(url)
            good = bool(parts.hostname) and url.isascii() and url.isprintable()
        except ValueError:
            good = False
        if not good or parts.scheme not in {"http", "https"}:
            raise CannotRegister(f"{option} must be an address such as https://lms.example.org/…")
        if self._production and parts.scheme != "https":
            raise CannotRegister(f"{option} must start with https://")


def _known(row: Sequence[Any]) -> KnownPlatform:
    return KnownPlatform(*row)  # the columns are read in the order of its attributes
