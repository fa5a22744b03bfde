"""Insights: one thing that somebody learnt, published to the people of a course by its writer.

The one place where others read what a person wrote. Nothing gets here but by the writer's own act,
nobody but the people of the same course sees it, and it is gone for all at once when it is
withdrawn. No moment is kept finer than a month, and nothing is counted.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool.clock import local_day
from lti_tool.db import Base, changed
from lti_tool.errors import ToolError
from lti_tool.experience.library import catalogue
from lti_tool.experience.library.models import Item, Version
from lti_tool.keeping import unsealed
from lti_tool.vault import Vault

LONGEST = {"text": 400, "name": 60, "title": 150, "url": 500, "why": 200}
"""Characters of each part of an insight."""

ON_A_PAGE = 30
"""Insights shown at once."""

Course = tuple[int, str]
"""Our id of the deployment, and the platform's id of the course (LTI Core 1.3 §5.4.1: unique
within a deployment)."""

_JOINING = "\u200c\u200d"
"""Characters that are not seen, and that letters and pictures are joined or kept apart with."""


class Insight(Base):
    """What a learner published; one for each item in a course.

    What stands in it is sealed together. A row that a teacher took down is shown to its writer
    only, until the writer erases it.
    """

    __tablename__ = "insight"
    __table_args__ = (
        UniqueConstraint("learner_id", "deployment_id", "context_id", "item_id"),
        Index("ix_insight_course", "deployment_id", "context_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    context_id: Mapped[str] = mapped_column(String(255))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    sealed_text: Mapped[str] = mapped_column(Text)
    """The parts of a `Said` as JSON, sealed by the vault."""
    month: Mapped[date] = mapped_column(Date)
    """The first day of the month in which it was published."""
    taken_down: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class Said:
    """An insight in its parts, as plain text; all but `text` may be empty.

    Attributes:
        text: the insight.
        name: as its writer wants to be called; never taken from the launch.
        title: of a source.
        url: of it, `https` only.
        why: it is worth reading.
    """

    text: str
    name: str = ""
    title: str = ""
    url: str = ""
    why: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Said":
        """Return what a form holds: trimmed, and without what could disguise other text."""
        return cls(**{part: _plain(fields.get(part, ""), part == "text") for part in LONGEST})

    @property
    def host(self) -> str:
        """The host of the source as it stands in addresses, in ASCII; "" without one."""
        return host_of(self.url) or ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An insight as somebody sees it.

    Attributes:
        number: names it in forms.
        said: what it says.
        mine: whether the reader wrote it.
        taken_down: whether a teacher took it down; only its writer sees it then.
        item: the title of the activity.
        lang: of that title.
    """

    number: int
    said: Said
    mine: bool
    taken_down: bool
    item: str
    lang: str


def troubles(said: Said) -> list[str]:
    """Return what keeps an insight from being published: names of parts, `empty` for no text."""
    found = [part for part, most in LONGEST.items() if len(getattr(said, part)) > most]
    if not said.text:
        found.insert(0, "empty")
    if said.url and "url" not in found and host_of(said.url) is None:
        found.append("url")
    return found


def host_of(url: str) -> str | None:
    """Return the host of an address that may be linked to; None for any other.

    It must be `https`, name a host with a dot, and hold neither a user's name, which could pass
    for a host, nor white space. A host in other letters is given as it is looked up.
    """
    if re.search(r"[\s\"'<>\\`]", url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        parts.port  # noqa: B018 - raises for a port that is none
    except (ValueError, UnicodeError):
        return None
    if parts.scheme != "https" or "@" in parts.netloc or "." not in host.strip("."):
        return None
    return host


def publish(
    session: Session,
    vault: Vault,
    learner_id: int,
    course: Course,
    *,
    slug: str,
    said: Said,
    now: datetime,
) -> None:
    """Publish an insight to the people of a course. The caller commits.

    One that a teacher took down makes way for it.

    Raises:
        ToolError: `insight-there` when there is one of this learner about this item already;
            `selection-malformed` for what `troubles` finds fault with.
    """
    if troubles(said):
        raise ToolError("selection-malformed", "an insight that does not fit")
    item_id = session.scalar(select(Item.id).where(Item.slug == slug))
    mine = (*_of(learner_id, course), Insight.item_id == item_id)
    _delete(session, *mine, Insight.taken_down)
    try:
        session.execute(
            insert(Insight).values(
                learner_id=learner_id,
                deployment_id=course[0],
                context_id=course[1],
                item_id=item_id,
                sealed_text=vault.seal(json.dumps(asdict(said), ensure_ascii=False)),
                month=local_day(now).replace(day=1),
                taken_down=False,
            )
        )
    except IntegrityError:
        session.rollback()
        raise ToolError("insight-there") from None


def is_there(session: Session, learner_id: int, course: Course, slug: str) -> bool:
    """Return whether a learner has an insight about an item on the wall of a course."""
    found = session.scalar(
        select(Insight.id)
        .join(Item, Item.id == Insight.item_id)
        .where(*_of(learner_id, course), Item.slug == slug, ~Insight.taken_down)
    )
    return found is not None


def withdraw(session: Session, learner_id: int, number: int) -> None:
    """Erase an insight of this learner, if there is such a one. The caller commits."""
    _delete(session, Insight.learner_id == learner_id, Insight.id == number)


def take_down(session: Session, course: Course, number: int) -> bool:
    """Hide an insight on the wall of this course from all but its writer. The caller commits.

    Returns:
        Whether there was such a one.
    """
    done = session.execute(
        update(Insight)
        .where(Insight.id == number, *_in(course), ~Insight.taken_down)
        .values(taken_down=True)
        .execution_options(synchronize_session=False)
    )
    return changed(done) == 1


def wall(
    session: Session, vault: Vault, learner_id: int, course: Course, page: int
) -> tuple[list[Shown], bool]:
    """Return one page of what the reader sees on the wall of a course, newest first.

    Args:
        session: to read with.
        vault: unseals what was published.
        learner_id: who reads; what was taken down from this one comes along.
        course: whose wall.
        page: its number, from 0.

    Returns:
        The insights, and whether there are older ones.
    """
    rows = session.execute(
        select(
            Insight.id,
            Insight.learner_id,
            Insight.taken_down,
            Insight.sealed_text,
            Version.title,
            Version.lang,
        )
        .join(Item, Item.id == Insight.item_id)
        .join(Version, Version.item_id == Item.id)
        .where(
            *_in(course),
            or_(~Insight.taken_down, Insight.learner_id == learner_id),
            Version.number == catalogue.newest_number(),
        )
        .order_by(Insight.id.desc())
        .offset(page * ON_A_PAGE)
        .limit(ON_A_PAGE + 1)
    ).all()
    found = [
        Shown(
            number=row.id,
            said=said,
            mine=row.learner_id == learner_id,
            taken_down=row.taken_down,
            item=row.title,
            lang=row.lang,
        )
        for row in rows[:ON_A_PAGE]
        if (said := read(vault, row.sealed_text)) is not None
    ]
    return found, len(rows) > ON_A_PAGE


def was_taken_down(session: Session, learner_id: int, course: Course) -> bool:
    """Return whether something of this learner was taken down in a course, and still lies here."""
    found = session.scalar(
        select(Insight.id).where(*_of(learner_id, course), Insight.taken_down).limit(1)
    )
    return found is not None


def read(vault: Vault, sealed: str) -> Said | None:
    """Return what was sealed; None when it was sealed under a key that is gone."""
    text = unsealed(vault, sealed)
    return None if text is None else Said(**json.loads(text))


def _in(course: Course) -> Iterator[Any]:
    yield Insight.deployment_id == course[0]
    yield Insight.context_id == course[1]


def _of(learner_id: int, course: Course) -> tuple[Any, ...]:
    return (Insight.learner_id == learner_id, *_in(course))


def _delete(session: Session, *where: Any) -> None:
    session.execute(delete(Insight).where(*where).execution_options(synchronize_session=False))


def _plain(text: str, long: bool) -> str:
    """Return a text as it can be read: trimmed, in composed letters, without what steers.

    What is not printed could turn the direction of what stands after it, and so disguise it. A
    text that is not `long` stands on one line.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    seen = (
        char if char in f"\n{_JOINING}" or char.isprintable() else " " if char.isspace() else ""
        for char in text
    )
    lines = [" ".join(line.split()) for line in "".join(seen).split("\n")]
    if not long:
        return " ".join(line for line in lines if line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
