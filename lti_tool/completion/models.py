"""Table: the fact of a completion, and its way to the LMS."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, UtcDateTime

WAITING, DELIVERED, PARKED = "waiting", "delivered", "parked"
"""Where a completion is on its way: still going, shown by the LMS, or until someone helps."""


class Completion(Base):
    """The fact that a learner completed the item of a link; kept, so it can be sent again.

    The row is its own outbox entry: to store the fact is to store that it must be told, in
    one statement, so that neither can exist without the other.
    """

    __tablename__ = "completion"
    __table_args__ = (
        UniqueConstraint("learner_id", "link_id"),
        Index("ix_completion_link_id", "link_id"),
        Index("ix_completion_platform_id_state", "platform_id", "state"),
        Index(
            "ix_completion_under_way",
            "platform_id",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    link_id: Mapped[int] = mapped_column(ForeignKey("resource_link.id", ondelete="CASCADE"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id", ondelete="CASCADE"))
    """The learner's platform, repeated here so that claiming and counting need no joins."""
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """One moment for all deliveries: Canvas counts a changed one as a new submission."""
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When to try (again); while claimed, when the claim ends; None when nothing is to be done."""
    claim: Mapped[str | None] = mapped_column(String(22))
    """Token of the worker that is sending it; whoever lost the claim settles nothing."""
    tries: Mapped[int] = mapped_column(default=0)
    obstacle: Mapped[str | None] = mapped_column("problem", String(40))
    """Code of the last failure; its sentence and remedy stand in `completion.obstacles`."""
    stamped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last timestamp sent; the next must be a whole second later (Moodle: else 409)."""
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a person last asked to send it; asking again at once counts as the same."""
