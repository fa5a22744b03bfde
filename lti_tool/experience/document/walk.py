"""Going through a document: all its parts, the texts readers see, and the files it uses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from lti_tool.experience.document.fields import Shown, TextKind
from lti_tool.experience.document.findings import Place
from lti_tool.experience.document.model import (
    Audio,
    Document,
    Image,
    Inside,
    Model,
    Paragraph,
    Video,
)

FileKind = Literal["image", "video", "audio", "captions", "transcript"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that readers see: where it stands, how it is rendered, and the words.

    `spoken` says that somebody in the story says them, so that they are not the author's own.
    """

    path: Place
    kind: TextKind
    value: str
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class UsedFile:
    """A file that a document names: where, its name beside the document, and what it must be."""

    path: Place
    name: str
    kind: FileKind


def parts(model: Model, path: Place = ()) -> Iterator[tuple[Place, Model]]:
    """Yield a model and all models inside it with their paths, in document order."""
    yield path, model
    yield from _inside(model, path)


def _inside(named: Iterable[tuple[Any, Any]], path: Place) -> Iterator[tuple[Place, Model]]:
    for name, value in named:
        if isinstance(value, Model):
            yield from parts(value, (*path, name))
        elif isinstance(value, tuple):
            yield from _inside(enumerate(value), (*path, name))
        elif isinstance(value, dict):
            yield from _inside(value.items(), (*path, name))


@cache
def _shown_fields(model: type[Model]) -> tuple[tuple[str, TextKind], ...]:
    """Give the fields of a model that carry the `Shown` marker, themselves or in what they hold."""

    def marker(annotation: Any) -> Shown | None:
        found = [m for m in getattr(annotation, "__metadata__", ()) if isinstance(m, Shown)]
        return next(
            (m for m in (*found, *map(marker, get_args(annotation))) if isinstance(m, Shown)), None
        )

    fields = []
    for name, field in model.model_fields.items():
        own = next((m for m in field.metadata if isinstance(m, Shown)), None)
        shown = own or marker(field.annotation)
        if shown is not None:
            fields.append((name, shown.kind))
    return tuple(fields)


def texts(item: Document) -> Iterator[Text]:
    """Yield every text that readers see; empty ones are left out."""
    for path, model in parts(item):
        spoken = isinstance(model, Inside) or (isinstance(model, Paragraph) and bool(model.who))
        for name, kind in _shown_fields(type(model)):
            value = getattr(model, name)
            if isinstance(value, dict):
                for key, element in value.items():
                    yield Text((*path, name, key), kind, element, spoken)
            elif isinstance(value, tuple):  # paragraphs are parts with a text of their own
                for index, element in enumerate(value):
                    if isinstance(element, str):
                        yield Text((*path, name, index), kind, element, spoken)
            elif isinstance(value, str) and value:
                yield Text((*path, name), kind, value, spoken)


def used_files(item: Model) -> Iterator[UsedFile]:
    """Yield every media file, caption file and transcript that a document or a part of it names."""
    for path, model in parts(item):
        if isinstance(model, Image):
            yield UsedFile((*path, "image"), model.image, "image")
        if isinstance(model, Video):
            yield UsedFile((*path, "video"), model.video, "video")
            if model.also:
                yield UsedFile((*path, "also"), model.also, "video")
            for lang, name in model.captions.items():
                yield UsedFile((*path, "captions", lang), name, "captions")
            for lang, name in model.chapters.items():
                yield UsedFile((*path, "chapters", lang), name, "captions")
            if model.poster:
                yield UsedFile((*path, "poster"), model.poster, "image")
        if isinstance(model, Audio):
            yield UsedFile((*path, "audio"), model.audio, "audio")
        if isinstance(model, Video | Audio) and model.transcript:
            yield UsedFile((*path, "transcript"), model.transcript, "transcript")
