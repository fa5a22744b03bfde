"""The parts of a guided intervision: who sits there, and what happens round by round."""

from pydantic import Field

from lti_tool.experience.document.fields import Inline, MaybePlain, Plain, Slug
from lti_tool.experience.document.parts import Model, Passage


class Seat(Model):
    """One of the roles around the table, such as the one who brings the case."""

    name: Plain
    does: Inline
    """What whoever sits here does, and does not."""


class Round(Model):
    """One round: one page, with what happens and the sentence that opens it."""

    id: Slug | None = None
    """Keeps a saved note at its round when rounds are added before it."""
    title: Plain
    minutes: int = Field(ge=1, le=240)
    """How long it takes, as a proposal; a clock that nobody has to follow."""
    happens: Passage
    """What the group does."""
    say: Inline
    """What the facilitator says to open it, written without quotation marks."""
    later: MaybePlain = ""
    """What the facilitator may say further on."""
    listens: MaybePlain = ""
    """Who only listens now."""
    write: MaybePlain = ""
    """What each may write for themselves; empty where nobody writes."""
