"""The parts that documents are built from: media, feedback, reactions, conditions."""

from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from lti_tool.experience.document.fields import (
    FileName,
    Inline,
    IsoDate,
    Lang,
    MaybePlain,
    MaybeProse,
    Plain,
    Prose,
    Slug,
    Url,
)

MAX_FLAGS = 8

Effect = Literal["strong", "partly", "limited", "counter", "depends"]


class Model(BaseModel):
    """Base of every part of a document: immutable, and refusing fields it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
    )


# --- Media ---------------------------------------------------------------------------------------


class Image(Model):
    """A picture. `alt` is mandatory; an empty `alt` says that the picture is decorative."""

    image: FileName
    alt: MaybePlain
    caption: MaybePlain = ""
    consent_until: IsoDate | None = None
    """The last day on which the people portrayed allow its use."""


class Video(Model):
    """A video file beside the document, with captions in the item's language and a transcript."""

    video: FileName
    also: FileName | None = None
    """The same video in another format, for browsers that do not play the first."""
    alt: MaybePlain = ""
    """What there is to see, for those who do not start it."""
    captions: dict[Lang, FileName] = Field(default_factory=dict, max_length=12)
    chapters: dict[Lang, FileName] = Field(default_factory=dict, max_length=12)
    transcript: FileName | None = None
    poster: FileName | None = None
    consent_until: IsoDate | None = None
    """The last day on which the people portrayed allow its use."""


class Audio(Model):
    """A sound file beside the document, with a transcript."""

    audio: FileName
    alt: MaybePlain = ""
    transcript: FileName | None = None
    consent_until: IsoDate | None = None
    """The last day on which the people heard allow its use."""


def _media_kind(value: Any) -> str | None:
    """Tell media apart by the field that names the file."""
    kinds = ("image", "video", "audio")
    if isinstance(value, dict):
        return next((kind for kind in kinds if kind in value), None)
    return next((kind for kind in kinds if hasattr(value, kind)), None)


Media = Annotated[
    Annotated[Image, Tag("image")]
    | Annotated[Video, Tag("video")]
    | Annotated[Audio, Tag("audio")],
    Discriminator(_media_kind),
]
MediaList = Annotated[tuple[Media, ...], Field(max_length=12)]


# --- Parts of nodes ------------------------------------------------------------------------------


class Link(Model):
    """A place to read on: `https` or `mailto` only."""

    text: Plain
    url: Url


class ModuleRef(Model):
    """A micro-module to read on in, named by its id."""

    module: Slug


def _more_kind(value: Any) -> str:
    """Tell a reference to a module from a link."""
    named = "module" in value if isinstance(value, dict) else hasattr(value, "module")
    return "module" if named else "link"


More = Annotated[
    Annotated[ModuleRef, Tag("module")] | Annotated[Link, Tag("link")], Discriminator(_more_kind)
]


class When(Model):
    """A condition on flags: every one of `all`, at least one of `any`, not one of `none`."""

    all: tuple[Slug, ...] = Field(default=(), max_length=MAX_FLAGS)
    any: tuple[Slug, ...] = Field(default=(), max_length=MAX_FLAGS)
    none: tuple[Slug, ...] = Field(default=(), max_length=MAX_FLAGS)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.all or self.any or self.none):
            raise PydanticCustomError("empty_when", "name at least one flag")
        return self

    def holds(self, flags: AbstractSet[str]) -> bool:
        """Whether the condition is true with exactly these flags set."""
        return (
            flags >= set(self.all)
            and (not self.any or not flags.isdisjoint(self.any))
            and flags.isdisjoint(self.none)
        )


class Feedback(Model):
    """What a reaction does, in words. All four parts are mandatory, for the strongest one too."""

    effect: Effect
    """How far this works here: strong, partly, limited, counter, depends."""
    happens: Prose
    """What the other person does or says: the consequence."""
    works: Prose
    """What there is in this reaction that works."""
    grow: Prose
    """Where it can still grow."""
    why: MaybeProse = ""
    more: Annotated[tuple[More, ...], Field(max_length=6)] = ()
    media: MediaList = ()


class Choice(Model):
    """One reaction a learner can choose, where it leads, and its feedback."""

    id: Slug
    text: Inline
    next: Slug
    set: tuple[Slug, ...] = Field(default=(), max_length=MAX_FLAGS)
    """Flags that become true by choosing this."""
    when: When | None = None
    """Offered only while this holds."""
    feedback: Feedback


class Example(Model):
    """An example reaction that learners compare their own words with."""

    id: Slug
    text: Inline
    feedback: Feedback


class Case(Model):
    """One branch of a route: the first case that holds is taken."""

    when: When
    next: Slug


class FollowUp(Model):
    """A look back some time later."""

    after_days: int = Field(ge=1, le=365)
    prompt: Inline
