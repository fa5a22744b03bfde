"""Tables: what learners said about content, without saying who they are."""

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base


class Heard(Base):
    """One answer to the two questions about the content of a version.

    No learner, link, course, platform or time. Its number is drawn at random, so that not even the
    order in which answers came can be seen.
    """

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_version", "version_id", "told"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"))
    sealed: Mapped[str] = mapped_column(Text)
    """What was answered, as JSON, sealed and filled up to one length."""
    told: Mapped[bool] = mapped_column(default=False)
    """Whether its batch is complete, so that the makers may see it."""
