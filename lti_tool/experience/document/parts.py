"""The parts that documents are built from: passages, media, feedback, reactions, conditions."""

import re
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from lti_tool.experience.document.fields import (
    SLUG_PATTERN,
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

MAX_FLAGS = 12

Effect = Literal["strong", "partly", "limited", "counter", "depends"]


class Model(BaseModel):
    """Base of every part of a document: immutable, and refusing fields it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
    )


# --- Passages ------------------------------------------------------------------------------------


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


class Paragraph(Model):
    """One paragraph of a passage, which may depend on what happened and may be spoken by somebody.

    A paragraph whose `when` does not hold is not there.
    """

    text: Prose
    when: When | None = None
    """Shown only while this holds."""
    who: Slug | None = None
    """Who in the cast says this: then it is dialogue, written without quotation marks."""
    mood: Slug | None = None
    """How that person looks while saying it: one of their portraits."""


def _passage_kind(value: Any) -> str:
    """Tell a list of paragraphs from a single text."""
    return "<paragraphs>" if isinstance(value, list | tuple) else "<text>"


def _paragraph(value: Any) -> Any:
    """Read a bare text in a list as a paragraph that only has this text."""
    return {"text": value} if isinstance(value, str) else value


_Paragraphs = Annotated[
    tuple[
        Annotated[Paragraph, BeforeValidator(_paragraph, json_schema_input_type=Prose | Paragraph)],
        ...,
    ],
    Field(min_length=1, max_length=40),
    Tag("<paragraphs>"),
]
Passage = Annotated[
    Annotated[Prose, Tag("<text>")] | _Paragraphs,
    Discriminator(_passage_kind),
]
"""A text in paragraphs of Markdown: one string, or a list of paragraphs. See `passages.shown`."""

MaybePassage = Annotated[
    Annotated[MaybeProse, Tag("<text>")] | _Paragraphs,
    Discriminator(_passage_kind),
]
"""A passage that may be left out."""


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


class Source(Model):
    """A source, with its address if it has one."""

    text: Plain
    url: Url | None = None


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


class Look(Model):
    """How somebody of the cast looks now: one of their portraits."""

    who: Slug
    mood: Slug


class Inside(Model):
    """What somebody of the cast thinks."""

    who: Slug
    text: Passage


class Feedback(Model):
    """What a reaction does, in words. All four parts are mandatory, for the strongest one too.

    Conditions in it are read with the flags as they are after the reaction.
    """

    effect: Effect
    """How far this works here: strong, partly, limited, counter, depends."""
    happens: Passage
    """What the other person does or says: the consequence."""
    works: Passage
    """What there is in this reaction that works."""
    grow: Passage
    """Where it can still grow."""
    why: MaybePassage = ""
    more: Annotated[tuple[More, ...], Field(max_length=6)] = ()
    media: MediaList = ()
    look: Look | None = None
    """How the other person looks now."""
    inside: Annotated[tuple[Inside, ...], Field(max_length=6)] = ()
    """What the others think now; unfolded by the learner after the feedback."""


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


# --- People --------------------------------------------------------------------------------------


def _usual_first(value: Any) -> Any:
    """Write down which portrait comes first, because stored documents do not keep their order."""
    if isinstance(value, dict) and "usual" not in value:
        portraits = value.get("portraits")
        first = next(iter(portraits), None) if isinstance(portraits, dict) else None
        if isinstance(first, str) and re.fullmatch(SLUG_PATTERN, first):
            return {**value, "usual": first}
    return value


class Person(Model):
    """Somebody in the story, with portraits in two or three moods."""

    name: Plain
    role: MaybePlain = ""
    """Who this is to the learner, such as "leerling, groep 7"."""
    portraits: dict[Slug, Image] = Field(default_factory=dict, max_length=4)
    """Portraits by mood."""
    usual: Slug | None = None
    """The mood in which the person usually looks: the first portrait, unless named here."""

    @model_validator(mode="before")
    @classmethod
    def _names_the_usual_mood(cls, value: Any) -> Any:
        return _usual_first(value)
