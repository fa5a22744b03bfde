"""Tables: items, their published versions, and the files that these show."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, UtcDateTime


class Item(Base):
    """An experience, micro-module or preparation in the library."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    """The `id` in its document; deep links carry it in the custom parameter `item`."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when no new run starts; runs under way go on."""
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when runs under way end too, because consent for its media was revoked."""

    versions: Mapped[list["Version"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="Version.number"
    )


class ItemPlatform(Base):
    """A platform that an item is limited to; an item without rows is for every platform."""

    __tablename__ = "item_platform"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    platform_id: Mapped[int] = mapped_column(
        ForeignKey("platform.id", ondelete="CASCADE"), primary_key=True
    )


class Version(Base):
    """A published state of an item; never changed. A run stays on its version."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the document and its media."""
    document: Mapped[str] = mapped_column(Text)
    """Canonical JSON."""
    kind: Mapped[str] = mapped_column(String(12))
    """experience, micromodule or preparation"""
    lang: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int | None]
    tags: Mapped[str] = mapped_column(Text)
    """Space-separated."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[Item] = relationship(back_populates="versions")


class VersionMedia(Base):
    """A file that a version shows; its content stands in the media folder under its hash."""

    __tablename__ = "version_media"
    __table_args__ = (Index("ix_version_media_sha256", "sha256"),)

    version_id: Mapped[int] = mapped_column(
        ForeignKey("version.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    """As the document names it."""
    sha256: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    """Bytes."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    """Pixels of a picture, so that a page keeps its place free."""
    consent_until: Mapped[date | None]
    """The last day on which the people portrayed allow its use; not shown after it."""
