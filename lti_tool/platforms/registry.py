"""Finding and changing platforms and deployments. Callers commit."""

from collections.abc import Callable
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.clock import Clock
from lti_tool.errors import ToolError
from lti_tool.platforms.families import FAMILIES
from lti_tool.platforms.models import ACTIVE, BLOCKED, PENDING, Deployment, Platform


class CannotRegister(Exception):
    """A platform that cannot be stored as given; the message names the remedy."""


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

    def for_login(self, issuer: str, client_id: str | None) -> Platform:
        """Return the platform that starts a login.

        Args:
            issuer: `iss` as sent.
            client_id: as sent; platforms may leave it out.

        Raises:
            ToolError: `platform-unknown`, `platform-blocked`, or `client-ambiguous` when the
                issuer has several registrations and no client id was sent.
        """
        statement = select(Platform).where(Platform.issuer == issuer)
        if client_id:
            statement = statement.where(Platform.client_id == client_id)
        found = list(self._session().scalars(statement.limit(2)))
        if not found:
            raise ToolError("platform-unknown")
        if len(found) > 1:
            raise ToolError("client-ambiguous")
        if found[0].status != ACTIVE:
            raise ToolError("platform-blocked")
        return found[0]

    def by_id(self, platform_id: int) -> Platform | None:
        """Return a platform by our own id, whatever its status."""
        return self._session().get(Platform, platform_id)

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

    def note_unknown_deployment(self, platform: Platform, deployment_id: str) -> None:
        """Remember a deployment that launched us and waits for approval."""
        self._session().add(
            Deployment(
                platform_id=platform.id,
                deployment_id=deployment_id,
                status=PENDING,
                created_at=self._clock(),
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
        waiting = [row for row in platform.deployments if row.status == PENDING]
        for row in waiting:
            row.status = ACTIVE
        return len(waiting)

    def block(self, platform: Platform) -> None:
        """Refuse every launch of this platform from now on."""
        platform.status = BLOCKED

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
