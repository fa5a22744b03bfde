"""The documents authors write: `experience/1`, `micromodule/1`, `intervision/1`, `preparation/1`.

Frozen pydantic models, strict about unknown fields, with unions told apart by `type` so that an
error names the exact place. State is booleans only (at most twelve flags): without numbers nobody
can build a hidden score, and no field here holds one.

Whether a graph hangs together is not decided here but in `checks`: a model answers "is this
shaped like an item", the checks answer "can a learner play it".
"""

import datetime as dt
import json
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from lti_tool.experience.document.blocks import (
    AnyBlock,
    AudioBlock,
    Block,
    CheckBlock,
    ImageBlock,
    LinkBlock,
    Option,
    PracticeBlock,
    ReflectBlock,
    SourcesBlock,
    TextBlock,
    VideoBlock,
)
from lti_tool.experience.document.fields import (
    Inline,
    Lang,
    MaybePlain,
    Name,
    Plain,
    Seconds,
    Slug,
)
from lti_tool.experience.document.parts import (
    MAX_FLAGS,
    Audio,
    Case,
    Choice,
    Effect,
    Example,
    Feedback,
    FollowUp,
    Image,
    Inside,
    Link,
    Look,
    MaybePassage,
    MediaList,
    Model,
    ModuleRef,
    Paragraph,
    Passage,
    Person,
    Source,
    Video,
    When,
)
from lti_tool.experience.document.rounds import Round, Seat

__all__ = [
    "FORMATS",
    "MAX_FLAGS",
    "MAX_NODES",
    "AnyBlock",
    "Audio",
    "AudioBlock",
    "Block",
    "Case",
    "CheckBlock",
    "Choice",
    "ChoiceNode",
    "CompletionRule",
    "Document",
    "Effect",
    "Ending",
    "Example",
    "Experience",
    "Feedback",
    "FollowUp",
    "Header",
    "Image",
    "ImageBlock",
    "Inside",
    "Intervision",
    "IntervisionCompletionRule",
    "Item",
    "Link",
    "LinkBlock",
    "Look",
    "MaybePassage",
    "MicroModule",
    "Model",
    "ModuleCompletionRule",
    "ModuleRef",
    "Node",
    "Open",
    "Option",
    "Paragraph",
    "Passage",
    "Person",
    "PracticeBlock",
    "Preparation",
    "Reflect",
    "ReflectBlock",
    "Round",
    "Route",
    "Scene",
    "Seat",
    "Source",
    "SourcesBlock",
    "TextBlock",
    "Video",
    "VideoBlock",
    "VisibleNode",
    "When",
    "from_canonical_json",
    "json_schema",
    "to_canonical_json",
]

# The walk over (node, flag set) stays small up to here; a longer item is unplayable anyway.
MAX_NODES = 1000

# --- Nodes ---------------------------------------------------------------------------------------


class VisibleNode(Model):
    """What all nodes have that a learner sees."""

    title: Plain
    moment: MaybePlain = ""
    """When it is in the story, such as "woensdag, 12.15": a quiet thread of time."""
    text: MaybePassage = ""
    media: MediaList = ()
    inside: tuple[Inside, ...] = Field(default=(), max_length=6)
    """What people think as this begins; shown when the item is replayed from their chair."""
    facilitator: MaybePassage = ""
    """For whoever plays this together with a group; a learner never sees it."""
    required: bool = False
    """Counts for the completion rule `required_nodes`."""


class Scene(VisibleNode):
    """Something happens; there is one way on."""

    type: Literal["scene"]
    next: Slug


class ChoiceNode(VisibleNode):
    """The learner chooses a reaction, reads the feedback, and may try another."""

    type: Literal["choice"]
    prompt: Inline
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=5)
    at: Seconds | None = None
    """Position at which the node's video pauses for this choice."""
    ask_confidence: bool = False
    """Ask the learner how sure they are; the answer stays on the page."""
    shuffle: bool = True
    """Reactions stand in another order in every run, which stays the same on reload."""


class Open(VisibleNode):
    """The learner writes a reaction and compares it with examples; the text is never sent on."""

    type: Literal["open"]
    prompt: Inline
    compare: tuple[Example, ...] = Field(min_length=2, max_length=4)
    next: Slug


class Reflect(VisibleNode):
    """The learner looks back; saved only if the learner asks for it."""

    type: Literal["reflect"]
    prompt: Inline
    next: Slug


class Route(Model):
    """An invisible fork on flags."""

    type: Literal["route"]
    title: MaybePlain = ""
    cases: tuple[Case, ...] = Field(min_length=1, max_length=12)
    next: Slug


class Ending(VisibleNode):
    """Where a way through ends."""

    type: Literal["ending"]
    studyday: MaybePassage = ""
    """What to talk about together on the study day."""
    followup: FollowUp | None = None
    offer_retry: tuple[Slug, ...] = Field(default=(), max_length=12)
    """Choices to which the learner may go back from here."""
    links: tuple[Link, ...] = Field(default=(), max_length=12)


Node = Annotated[Scene | ChoiceNode | Open | Reflect | Route | Ending, Field(discriminator="type")]


# --- Documents -----------------------------------------------------------------------------------


class Header(Model):
    """What every document says about itself."""

    id: Slug
    lang: Lang
    title: Plain
    summary: MaybePlain = ""
    minutes: int | None = Field(default=None, ge=1, le=240)
    """How long it takes, for planning; never measured."""
    tags: tuple[Name, ...] = Field(default=(), max_length=20)
    makers: tuple[Name, ...] = Field(default=(), max_length=20)
    license: Name | None = None
    derived_from: Name | None = None
    cover: Image | None = None
    """A picture for the cards that lead here."""
    practise: MaybePlain = ""
    """In one plain sentence what one practises here."""
    sectors: tuple[Literal["po", "vo", "so", "mbo"], ...] = Field(default=(), max_length=4)
    """Primary, secondary, special and vocational education; any of these, or all if empty."""
    regions: tuple[Literal["nl", "vl"], ...] = Field(default=(), max_length=2)
    """The Netherlands, Flanders; both if empty."""
    themes: tuple[Name, ...] = Field(default=(), max_length=20)
    roles: tuple[Name, ...] = Field(default=(), max_length=20)
    """For whom it is, such as a teacher or a mentor."""
    keywords: tuple[Name, ...] = Field(default=(), max_length=40)
    """Other words that people search with; never shown."""
    public: bool = False
    """May be shown to people without a course."""


class CompletionRule(Model):
    """When an experience counts as completed. A strong ending is never a condition."""

    rule: Literal["ending", "named_endings", "required_nodes", "reflection", "self", "none"]
    endings: tuple[Slug, ...] = Field(default=(), max_length=20)
    """The endings that count, for the rule `named_endings`."""


class ModuleCompletionRule(Model):
    """When a micro-module counts as completed."""

    rule: Literal["required_nodes", "reflection", "self", "none"]


class IntervisionCompletionRule(Model):
    """When a guided intervision counts as completed, for whoever opened it."""

    rule: Literal["last_round", "none"]


class Experience(Header):
    """A branching practice situation."""

    format: Literal["experience/1"]
    start: Slug
    flags: dict[Slug, Plain] = Field(default_factory=dict, max_length=MAX_FLAGS)
    """What can become true on the way, each with what it means."""
    completion: CompletionRule = CompletionRule(rule="ending")
    cast: dict[Slug, Person] = Field(default_factory=dict, max_length=12)
    """The people in the story."""
    chair: Slug | None = None
    """Somebody of the cast from whose chair the scene can be replayed: then everything on the way
    says in `inside` what this person thinks."""
    sources: tuple[Source, ...] = Field(default=(), max_length=40)
    """Where each factual claim comes from; shown at the ending."""
    nodes: dict[Slug, Node] = Field(min_length=1, max_length=MAX_NODES)


class MicroModule(Header):
    """A short sequence of blocks, for a refresher."""

    format: Literal["micromodule/1"]
    completion: ModuleCompletionRule = ModuleCompletionRule(rule="required_nodes")
    blocks: tuple[AnyBlock, ...] = Field(min_length=1, max_length=60)


class Intervision(Header):
    """A conversation in rounds, in which a group helps one of them think about their own work."""

    format: Literal["intervision/1"]
    completion: IntervisionCompletionRule = IntervisionCompletionRule(rule="last_round")
    suits: MaybePassage = ""
    """For what, and for which groups, and for what not."""
    fewest: int = Field(default=4, ge=4, le=8)
    """People in the group, the facilitator included."""
    most: int = Field(default=8, ge=4, le=8)
    seats: tuple[Seat, ...] = Field(min_length=2, max_length=6)
    """Who does what."""
    agreements: tuple[Inline, ...] = Field(min_length=1, max_length=8)
    """What is agreed on aloud before it begins."""
    rounds: tuple[Round, ...] = Field(min_length=2, max_length=15)
    pitfalls: tuple[Inline, ...] = Field(default=(), max_length=8)
    """What happens easily, and what then helps."""
    followup: FollowUp | None = None
    sources: tuple[Source, ...] = Field(min_length=1, max_length=40)
    """Where the form comes from."""


class Preparation(Header):
    """An ordered set of items for one study day, each named by its id."""

    format: Literal["preparation/1"]
    text: MaybePassage = ""
    date: dt.date | None = None
    """The study day."""
    items: tuple[Slug, ...] = Field(min_length=1, max_length=20)
    optional: tuple[Slug, ...] = Field(default=(), max_length=20)
    """Those of the items that need not be done."""

    @property
    def required(self) -> tuple[str, ...]:
        """The items that must be done; all of them when none would be left."""
        needed = tuple(item for item in self.items if item not in self.optional)
        return needed or self.items


Item = Experience | MicroModule | Intervision
Document = Item | Preparation

FORMATS: dict[str, type[Document]] = {
    "experience/1": Experience,
    "micromodule/1": MicroModule,
    "intervision/1": Intervision,
    "preparation/1": Preparation,
}

_any_document: TypeAdapter[Document] = TypeAdapter(
    Annotated[Document, Field(discriminator="format")]
)


def to_canonical_json(item: Document) -> str:
    """Write a document in the one form that is stored and hashed.

    Keys are sorted and fields that hold their default are left out, so the text depends only on
    what the document says: not on the order or style in which it was written, nor on optional
    fields that a later version of the format adds.
    """
    data = item.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_canonical_json(text: str) -> Document:
    """Read what `to_canonical_json` wrote. The nodes come back in the order of their ids.

    Raises `ValueError` when the text is not a document.
    """
    return _any_document.validate_json(text)


def json_schema(given: str | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one format, or of all, for editors that hint.

    Never used to report errors to authors: `parsing` names the exact place in words.
    """
    schema = FORMATS[given].model_json_schema() if given else _any_document.json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
