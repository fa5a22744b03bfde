"""The documents authors write: `experience/1`, `micromodule/1` and `preparation/1`.

Frozen pydantic models, strict about unknown fields, with unions told apart by `type` so that an
error names the exact place. State is booleans only (at most eight flags): without numbers nobody
can build a hidden score, and no field here holds one.

Whether a graph hangs together is not decided here but in `checks`: a model answers "is this
shaped like an item", the checks answer "can a learner play it".
"""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from lti_tool.experience.document.fields import (
    Inline,
    Lang,
    MaybePlain,
    MaybeProse,
    Name,
    Plain,
    Prose,
    Seconds,
    Slug,
    Url,
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
    Link,
    MediaList,
    Model,
    ModuleRef,
    Video,
    When,
)

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
    "Completion",
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
    "Item",
    "Link",
    "LinkBlock",
    "MicroModule",
    "Model",
    "ModuleCompletion",
    "ModuleRef",
    "Node",
    "Open",
    "Option",
    "PracticeBlock",
    "Preparation",
    "Reflect",
    "ReflectBlock",
    "Route",
    "Scene",
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
    text: MaybeProse = ""
    media: MediaList = ()
    facilitator: MaybeProse = ""
    """Shown only when played together with a group."""
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
    shuffle: bool = False


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
    studyday: MaybeProse = ""
    """What to talk about together on the study day."""
    followup: FollowUp | None = None
    offer_retry: tuple[Slug, ...] = Field(default=(), max_length=12)
    """Choices to which the learner may go back from here."""
    links: tuple[Link, ...] = Field(default=(), max_length=12)


Node = Annotated[Scene | ChoiceNode | Open | Reflect | Route | Ending, Field(discriminator="type")]


# --- Blocks of a micro-module --------------------------------------------------------------------


class Block(Model):
    """What all blocks of a micro-module have."""

    id: Slug | None = None
    title: MaybePlain = ""
    required: bool = False
    """Counts for the completion rule `required_nodes`; if no block does, the whole counts."""


class TextBlock(Block):
    """Text to read."""

    type: Literal["text"]
    text: Prose


class VideoBlock(Block, Video):
    """A video to watch."""

    type: Literal["video"]


class ImageBlock(Block, Image):
    """A picture to look at."""

    type: Literal["image"]


class AudioBlock(Block, Audio):
    """A recording to listen to."""

    type: Literal["audio"]


class Option(Model):
    """One option of a check; each explains itself and none is marked as the one to pick."""

    text: Inline
    explain: Prose


class CheckBlock(Block):
    """A moment to think: every option explains itself, in the browser only, nothing is sent."""

    type: Literal["check"]
    prompt: Inline
    options: tuple[Option, ...] = Field(min_length=2, max_length=6)


class ReflectBlock(Block):
    """A look back; saved only if the learner asks for it."""

    type: Literal["reflect"]
    prompt: Inline


class PracticeBlock(Block):
    """Something to do in one's own classroom or team."""

    type: Literal["practice"]
    text: Prose
    followup: FollowUp | None = None


class Source(Model):
    """A source, with its address if it has one."""

    text: Plain
    url: Url | None = None


class SourcesBlock(Block):
    """Where it comes from."""

    type: Literal["sources"]
    sources: tuple[Source, ...] = Field(min_length=1, max_length=40)


class LinkBlock(Block, Link):
    """One place to go on to."""

    type: Literal["link"]
    note: MaybeProse = ""


AnyBlock = Annotated[
    TextBlock
    | VideoBlock
    | ImageBlock
    | AudioBlock
    | CheckBlock
    | ReflectBlock
    | PracticeBlock
    | SourcesBlock
    | LinkBlock,
    Field(discriminator="type"),
]


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


class Completion(Model):
    """When an experience counts as completed. A strong ending is never a condition."""

    rule: Literal["ending", "named_endings", "required_nodes", "reflection", "self", "none"]
    endings: tuple[Slug, ...] = Field(default=(), max_length=20)
    """The endings that count, for the rule `named_endings`."""


class ModuleCompletion(Model):
    """When a micro-module counts as completed."""

    rule: Literal["required_nodes", "reflection", "self", "none"]


class Experience(Header):
    """A branching practice situation."""

    format: Literal["experience/1"]
    start: Slug
    flags: dict[Slug, Plain] = Field(default_factory=dict, max_length=MAX_FLAGS)
    """What can become true on the way, each with what it means."""
    completion: Completion = Completion(rule="ending")
    nodes: dict[Slug, Node] = Field(min_length=1, max_length=MAX_NODES)


class MicroModule(Header):
    """A short sequence of blocks, for a refresher."""

    format: Literal["micromodule/1"]
    completion: ModuleCompletion = ModuleCompletion(rule="required_nodes")
    blocks: tuple[AnyBlock, ...] = Field(min_length=1, max_length=60)


class Preparation(Header):
    """An ordered set of items for one study day, each named by its id."""

    format: Literal["preparation/1"]
    text: MaybeProse = ""
    items: tuple[Slug, ...] = Field(min_length=1, max_length=20)


Item = Experience | MicroModule
Document = Experience | MicroModule | Preparation

FORMATS: dict[str, type[Experience] | type[MicroModule] | type[Preparation]] = {
    "experience/1": Experience,
    "micromodule/1": MicroModule,
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
