"""The small constrained types that documents are built from: ids, texts, file names, addresses.

Three kinds of text are told apart, because they are shown in three ways: `Plain` (titles: no
markup), `Inline` (one line of Markdown: prompts, reactions) and `Prose` (paragraphs of Markdown).
Each carries a `Shown` marker, so that checks find every text a reader will see without a list of
field names that could fall behind.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LANG_PATTERN = r"^[a-z]{2,3}(-[A-Z]{2})?$"
# Every path segment starts with a letter, digit or underscore: `..`, absolute paths, drives,
# hidden files and remote addresses all fall outside it.
FILE_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$"
URL_PATTERN = r"^(https://[^\s/?#\"'<>\\]+[^\s\"'<>\\]*|mailto:[^\s\"'<>\\:]+@[^\s\"'<>\\:]+)$"

TextKind = Literal["plain", "inline", "prose"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Marks a text field that readers see, and how it is rendered."""

    kind: TextKind


def _one_line(value: Any) -> Any:
    """Fold all white space, so that a title written over two lines is still one line."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _iso_date(value: Any) -> Any:
    """Let only `YYYY-MM-DD` through: a bare number would be read as a Unix time stamp."""
    if isinstance(value, date) or (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    ):
        return value
    raise PydanticCustomError("iso_date", "a date as YYYY-MM-DD")


def _seconds(value: Any) -> Any:
    """Read a position in a video: whole seconds, or `m:ss`, or `h:mm:ss`."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 86_400:
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{1,5}|(\d{1,2}:)?\d{1,2}:[0-5]\d", value):
        total = 0
        for part in value.split(":"):
            total = total * 60 + int(part)
        return total
    raise PydanticCustomError("seconds", "a position in the video: seconds or m:ss")


Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=64)]
Lang = Annotated[str, StringConstraints(pattern=LANG_PATTERN)]
FileName = Annotated[str, StringConstraints(pattern=FILE_PATTERN, max_length=200)]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=2000)]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    BeforeValidator(_one_line, json_schema_input_type=str),
]

Plain = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300),
    BeforeValidator(_one_line, json_schema_input_type=str),
    Shown("plain"),
]
MaybePlain = Annotated[
    str,
    StringConstraints(max_length=600),
    BeforeValidator(_one_line, json_schema_input_type=str),
    Shown("plain"),
]
Inline = Annotated[str, StringConstraints(min_length=1, max_length=1000), Shown("inline")]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=10_000), Shown("prose")]
MaybeProse = Annotated[str, StringConstraints(max_length=10_000), Shown("prose")]

IsoDate = Annotated[date, BeforeValidator(_iso_date, json_schema_input_type=date)]
Seconds = Annotated[int, Field(ge=0), BeforeValidator(_seconds, json_schema_input_type=int | str)]
