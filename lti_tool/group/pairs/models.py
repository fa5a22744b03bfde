"""Table: two people who are about to lay their ways beside each other, or do so now."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, UtcDateTime


class Pair(Base):
    """A row for as long as two pages are open, ten minutes at most after its last step.

    Nothing that anybody chose is in it before both have agreed. It goes when either page is left.
    """

    __tablename__ = "pair"
    __table_args__ = (
        Index("ix_pair_learner_id", "learner_id", unique=True),
        Index("ix_pair_other_id", "other_id", unique=True),
        Index("ix_pair_code_hash", "code_hash", unique=True),
        Index("ix_pair_until", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    """Who asked for the code."""
    other_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    """Who typed it; None as long as nobody did."""
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"))
    """The version that both played."""
    code_hash: Mapped[str | None] = mapped_column(String(43))
    """HMAC of the code; None once it was used."""
    agreed: Mapped[bool] = mapped_column(default=False)
    other_agreed: Mapped[bool] = mapped_column(default=False)
    laid: Mapped[str | None] = mapped_column(Text)
    """Sealed by the vault, and only after both agreed: for a moment the reactions of whoever was
    first, and then no more than the places where the two differ."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
