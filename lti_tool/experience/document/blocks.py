"""The blocks that a micro-module consists of."""

from typing import Annotated, Literal

from pydantic import Field

from lti_tool.experience.document.fields import Inline, MaybePlain, Slug
from lti_tool.experience.document.parts import (
    Audio,
    FollowUp,
    Image,
    Link,
    MaybePassage,
    Model,
    Passage,
    Source,
    Video,
)


class Block(Model):
    """What all blocks of a micro-module have."""

    id: Slug | None = None
    title: MaybePlain = ""
    required: bool = False
    """Counts for the completion rule `required_nodes`; if no block does, the whole counts."""


class TextBlock(Block):
    """Text to read."""

    type: Literal["text"]
    text: Passage


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
    explain: Passage


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
    text: Passage
    followup: FollowUp | None = None


class SourcesBlock(Block):
    """Where it comes from."""

    type: Literal["sources"]
    sources: tuple[Source, ...] = Field(min_length=1, max_length=40)


class LinkBlock(Block, Link):
    """One place to go on to."""

    type: Literal["link"]
    note: MaybePassage = ""


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
