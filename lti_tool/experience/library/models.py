"""Tables: items, their published versions, what finds them, and the files that these show."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, UtcDateTime


class Item(Base):
    """An experience, micro-module or preparation in the library."""

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_everywhere", "everywhere"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    """The `id` in its document; deep links carry it in the custom parameter `item`."""
    everywhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    """For every platform; otherwise for those in `item_platform` alone, be there any or not."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when no new run starts; runs under way go on."""
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when runs under way end too, because consent for its media was revoked."""

    versions: Mapped[list["Version"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="Version.number"
    )


class ItemPlatform(Base):
    """A platform that an item is for, when it is not for every platform."""

    __tablename__ = "item_platform"
    __table_args__ = (Index("ix_item_platform_platform_id", "platform_id"),)

    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    platform_id: Mapped[int] = mapped_column(
        ForeignKey("platform.id", ondelete="CASCADE"), primary_key=True
    )


class CourseItem(Base):
    """The course in which a preparation was made, where all who build the course find it again.

    Of a course and not of a person: nobody who made something is remembered. Elsewhere at the
    platform it is found by its id alone, which cannot be guessed.
    """

    __tablename__ = "course_item"
    __table_args__ = (Index("ix_course_item_context", "deployment_id", "context_id"),)

    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    context_id: Mapped[str] = mapped_column(String(255))


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
    """experience, micromodule, intervision or preparation"""
    lang: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int | None]
    tags: Mapped[str] = mapped_column(Text)
    """Space-separated."""
    practise: Mapped[str] = mapped_column(Text, default="")
    """What one practises, in one sentence."""
    cover: Mapped[str | None] = mapped_column(String(200))
    """The picture for its card, by its name in `version_media`."""
    cover_alt: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool] = mapped_column(default=False)
    """May be shown to people without a course."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[Item] = relationship(back_populates="versions")


class SearchTerm(Base):
    """What an item's newest version is found by; written with it, see `terms`."""

    __tablename__ = "search_term"
    __table_args__ = (Index("ix_search_term_item_id", "item_id"),)

    field: Mapped[str] = mapped_column(String(8), primary_key=True)
    """`word`, `tail` (a word from back to front), or the filter that the term belongs to."""
    term: Mapped[str] = mapped_column(
        String(200).with_variant(String(200, collation="C"), "postgresql"), primary_key=True
    )
    """Ordered by its bytes, so that the words with one beginning stand together."""
    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    weight: Mapped[int] = mapped_column(SmallInteger)
    """How much a word counts when items are put in order."""


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
