"""Tables: who may launch us, through which deployments, and the keys that we sign with."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, UtcDateTime

ACTIVE, PENDING, BLOCKED = "active", "pending", "blocked"
"""States of a platform and of a deployment."""


class Platform(Base):
    """One registration of the tool with an LMS: an issuer and the client id it gave us.

    An issuer may have many client ids (Canvas and Blackboard use one issuer for all their
    customers), and each client id many deployments.
    """

    __tablename__ = "platform"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    auth_login_url: Mapped[str] = mapped_column(Text)
    auth_token_url: Mapped[str] = mapped_column(Text)
    auth_audience: Mapped[str | None] = mapped_column(Text)
    """What the token endpoint wants as `aud` where it is not its own URL (Brightspace)."""
    jwks_url: Mapped[str] = mapped_column(Text)
    family: Mapped[str] = mapped_column(String(20), default="generic")
    """A key of `families.FAMILIES`: which habits this LMS has."""
    status: Mapped[str] = mapped_column(String(10), default=ACTIVE)
    ws_url: Mapped[str | None] = mapped_column(Text)
    """Moodle's web service, when completions go there."""
    ws_token: Mapped[str | None] = mapped_column(Text)
    """Its token, sealed by the vault."""
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when nothing is delivered, because the platform fails as a whole."""
    served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a completion was last taken up for it; the one served least recently goes first."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    deployments: Mapped[list["Deployment"]] = relationship(
        back_populates="platform", cascade="all, delete-orphan", order_by="Deployment.id"
    )


class Deployment(Base):
    """A place in a platform where the tool was made available."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("platform_id", "deployment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id", ondelete="CASCADE"))
    deployment_id: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(10), default=ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    platform: Mapped[Platform] = relationship(back_populates="deployments")


class ToolKey(Base):
    """The public half and the state of one of our RSA keys; the private half is a file.

    A key is published while pending, signs while active, and stays published while
    retired, until nothing that it signed can still be checked.
    """

    __tablename__ = "tool_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_jwk: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invitation(Base):
    """Leave for one LMS to register itself (LTI Dynamic Registration); good once."""

    __tablename__ = "invitation"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The code itself stands in the address that the operator hands out, and nowhere here."""
    name: Mapped[str | None] = mapped_column(String(120))
    """What the platform will be called; its host name when the operator did not say."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
