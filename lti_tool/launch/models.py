"""Tables: who came, from which link, and the sessions that launches opened."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, UtcDateTime


class Learner(Base):
    """A person at a platform, known by a pseudonym only.

    The platform's own id of the person is kept sealed, because the LMS must be told whose
    activity is complete. There is no name, no e-mail address, no picture.
    """

    __tablename__ = "learner"
    __table_args__ = (UniqueConstraint("platform_id", "pseudonym"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id", ondelete="CASCADE"))
    pseudonym: Mapped[str] = mapped_column(String(43))
    """HMAC of issuer and `sub`."""
    sealed_sub: Mapped[str] = mapped_column(Text)


class ResourceLink(Base):
    """One placement of an item in a course, and where its completions go.

    The item is part of the key: Open edX gives all items that were deep-linked into one of
    its components the same resource link id.
    """

    __tablename__ = "resource_link"
    __table_args__ = (
        UniqueConstraint("deployment_id", "link_id", "item"),
        Index("ix_resource_link_context", "deployment_id", "context_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    link_id: Mapped[str] = mapped_column(String(255))
    context_id: Mapped[str | None] = mapped_column(String(255))
    item: Mapped[str] = mapped_column(String(255), default="")
    """Slug of the item, which every launch brings along, also in a copied course; "" for none."""
    line_item: Mapped[str | None] = mapped_column(Text)
    """Address of its line item, with the score scope granted; None when there is none."""
    completion_url: Mapped[str | None] = mapped_column(Text)
    """Address of the LMS's completion service for it; None when the LMS offers none."""
    copied_from: Mapped[str | None] = mapped_column(String(255))
    """The platform's id of the link that this one is a copy of, if it says so."""
    opens: Mapped[str | None] = mapped_column(String(80))
    """Slug of the item that course designers chose instead of `item`; None for `item` itself."""
    opens_version: Mapped[int | None]
    """Number of the version that they chose; None for the newest. New runs get it."""


class LaunchSession(Base):
    """What one launch opened: good for one tab; ends when idle, and within eight hours."""

    __tablename__ = "launch_session"
    __table_args__ = (
        Index("ix_launch_session_expires_at", "expires_at"),
        Index("ix_launch_session_learner_id", "learner_id"),
    )

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    """Stands in addresses; worth nothing without the token. Follows from the login state, so
    that the primary key lets each state open one session."""
    token_hash: Mapped[str] = mapped_column(String(64))
    cookieless: Mapped[bool]
    """True when the browser keeps no cookies, so that pages carry the token themselves."""
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id", ondelete="CASCADE"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("resource_link.id", ondelete="CASCADE"))
    designer: Mapped[bool]
    locale: Mapped[str] = mapped_column(String(2))
    return_url: Mapped[str | None] = mapped_column(Text)
    deep_linking: Mapped[str | None] = mapped_column(Text)
    """The deep linking settings as JSON; None for a resource link launch."""
    answered: Mapped[bool] = mapped_column(default=False)
    """Whether the deep linking request was answered, which can be done once."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """A full hour, so that nothing says how long somebody stayed."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
