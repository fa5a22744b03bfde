"""Tables: runs, and what a learner chose to keep."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, UtcDateTime


class Run(Base):
    """One learner's way through a version of an item, for one resource link.

    `state` is where the learner is, sealed, so that the activity resumes; it is wiped in the
    transaction that ends the run. After that only the tab in which it ended can read the way
    that led there, for as long as its session lasts. A learner who plays again uses the same
    row, so that nothing says how often somebody played. Moments are full hours, so that nothing
    says how long somebody took.
    """

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("learner_id", "link_id", "item_id"),
        Index("ix_run_version", "version_id"),
        Index("ix_run_touched_at", "touched_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    link_id: Mapped[int] = mapped_column(ForeignKey("resource_link.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"))
    state: Mapped[str | None] = mapped_column(Text)
    """Where the learner is, sealed by the vault; None after the end."""
    farewell: Mapped[str | None] = mapped_column(Text)
    """The way to the ending, sealed under the token of the tab in which the run ended, of which
    we keep a hash only; dropped when no session can be left that reads it."""
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked: Mapped[bool] = mapped_column(default=False)
    """Whether the two questions about the content have been put. It becomes true when they are
    answered, when one plays again, and for everybody when the way is dropped, so that it soon
    says nothing about who answered."""


class PartDone(Base):
    """The fact that a learner met the completion rule of one item of a preparation.

    It outlasts a run that is begun anew, and an item that is taken out and put back.
    """

    __tablename__ = "part_done"
    __table_args__ = (Index("ix_part_done_done_at", "done_at"),)

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True
    )
    link_id: Mapped[int] = mapped_column(
        ForeignKey("resource_link.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """A full hour."""


class Reflection(Base):
    """A text that a learner pressed *Bewaar* for; sealed, shown to its writer only."""

    __tablename__ = "reflection"
    __table_args__ = (UniqueConstraint("learner_id", "item_id", "node"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    node: Mapped[str] = mapped_column(String(80))
    sealed_text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """A full hour."""


HINT, SENTENCE, OWN = "hint", "sentence", "own"
"""Kinds of notes: a growth hint that was kept, a sentence that comes back, and own words."""


class Note(Base):
    """What a learner pressed *Bewaar* for beside reflections; sealed, shown to its keeper only.

    No place stands with a hint: it would say in the clear which reaction was tried.
    """

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_learner_day", "learner_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    """None for what is about no item."""
    kind: Mapped[str] = mapped_column(String(10))
    sealed_text: Mapped[str] = mapped_column(Text)
    day: Mapped[date | None] = mapped_column(Date)
    """From when a sentence is asked about; None when it is not, or no more."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """A full hour."""


OUT, PASSED, COUNTED = "out", "passed", "counted"
"""Where a learner stands: does not want to be counted; ended a run so; was counted."""


class Starter(Base):
    """A conversation starter: how often each reaction is taken first by those who play a link.

    What is counted stays sealed, in one value of a fixed length, so that nothing in the database
    or in two of its backups says what somebody chose. Asked for once, it becomes words, and the
    counts are gone.
    """

    __tablename__ = "starter"
    __table_args__ = (UniqueConstraint("link_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("resource_link.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """The hour in which it was switched on."""
    sealed_counts: Mapped[str | None] = mapped_column(Text)
    """By version; None before the first and after the snapshot."""
    asked_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which its snapshot was asked for; an answer stands for a day."""
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"))
    """The version that the snapshot is about."""
    words: Mapped[str | None] = mapped_column(Text)
    """The snapshot as JSON: for each choice and reaction one of a few words, no number. None while
    it counts."""


class StarterMark(Base):
    """That a learner is counted for an item, or does not want to be; never what was chosen.

    One for an item on the whole platform, so that no two groups that are counted have a member
    in common.
    """

    __tablename__ = "starter_mark"
    __table_args__ = (
        Index("ix_starter_mark_link_item", "link_id", "item_id"),
        Index("ix_starter_mark_marked_at", "marked_at"),
    )

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    link_id: Mapped[int] = mapped_column(ForeignKey("resource_link.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"))
    standing: Mapped[str] = mapped_column(String(8))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """A full hour."""
