"""From plain data to a document, or to findings that say what an author has to do.

Validation is pydantic's; this module turns each of its errors into the sentence an author needs.
A JSON Schema validator cannot do that: for one stray field it reports the whole node.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lti_tool.experience.document import model as d
from lti_tool.experience.document.fields import (
    FILE_PATTERN,
    LANG_PATTERN,
    SLUG_PATTERN,
    URL_PATTERN,
)
from lti_tool.experience.document.findings import Finding, Place, closest

# Field names that would make a test of an item, in the languages that authors write.
_SCORE_WORDS = """
    score scores scoring points point punten punt mark marks grade grades cijfer rating rank weight
    correct incorrect right wrong goed fout juist percentage max_score maxscore min_score minscore
    passing pass_mark attempts tries time_limit timelimit
"""
SCORE_WORDS = frozenset(_SCORE_WORDS.split())

_Kinds = dict[str, type[d.Model]]

_NODES: _Kinds = {"scene": d.Scene, "choice": d.ChoiceNode, "open": d.Open, "reflect": d.Reflect}
_NODES |= {"route": d.Route, "ending": d.Ending}
_BLOCKS: _Kinds = {"text": d.TextBlock, "video": d.VideoBlock, "image": d.ImageBlock}
_BLOCKS |= {"audio": d.AudioBlock, "check": d.CheckBlock, "reflect": d.ReflectBlock}
_BLOCKS |= {"practice": d.PracticeBlock, "sources": d.SourcesBlock, "link": d.LinkBlock}
_MEDIA: _Kinds = {"image": d.Image, "video": d.Video, "audio": d.Audio}
_MORE: _Kinds = {"module": d.ModuleRef, "link": d.Link}
# Collections whose elements are told apart by a tag, which pydantic adds to the error's place.
_TAGGED: dict[str, _Kinds] = {
    "nodes": _NODES,
    "blocks": _BLOCKS,
    "media": _MEDIA,
    "more": _MORE,
}


def validate(
    model: type[d.Document], data: dict[str, Any]
) -> tuple[d.Document | None, tuple[Finding, ...]]:
    """Make a document of what a file holds, or say what keeps it from being one.

    Never raises for what the data holds. The findings have a place but no line yet.
    """
    try:
        return model.model_validate(data), ()
    except ValidationError as errors:
        spots = [(e, _spot(e, model, data)) for e in errors.errors(include_url=False)]
    return None, tuple(_describe(e, spot) for e, spot in spots if not _follows_from_others(e, spot))


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an error is: its place in the file, the field, the model around it, and the value."""

    path: Place
    field: str
    model: type[d.Model]
    value: Any
    reaction: str


def _spot(error: ErrorDetails, root: type[d.Model], data: Any) -> _Spot:
    """Translate pydantic's location, dropping union tags, and find the model that was meant."""
    path: list[str | int] = []
    model = root
    reaction = ""
    parts = iter([part for part in error["loc"] if part != "[key]"])
    for part in parts:
        if part in _PASSAGE_KINDS:
            model = d.Paragraph if part == "<paragraphs>" else model
            continue
        path.append(part)
        key = path[-2] if len(path) > 1 else None
        if isinstance(key, str) and key in _TAGGED and _is_element(path):
            tag = next(parts, None)
            model = _TAGGED[key].get(str(tag), model)
        else:
            parts_of = _PARTS_OF.get(root, _PARTS)
            model = parts_of.get(part if isinstance(part, str) else str(key), model)
        if key in {"choices", "compare"} and isinstance(part, int):
            given = _value(data, (*path, "id"))
            reaction = given if isinstance(given, str) else str(part + 1)
    words = [part for part in path if isinstance(part, str)]
    return _Spot(tuple(path), words[-1] if words else "", model, error["input"], reaction)


# The model of a part, by the name of the field that holds it.
_PARTS: _Kinds = {
    "choices": d.Choice,
    "compare": d.Example,
    "cases": d.Case,
    "when": d.When,
    "feedback": d.Feedback,
    "followup": d.FollowUp,
    "links": d.Link,
    "options": d.Option,
    "sources": d.Source,
    "completion": d.CompletionRule,
    "cover": d.Image,
    "cast": d.Person,
    "portraits": d.Image,
    "look": d.Look,
    "inside": d.Inside,
    "seats": d.Seat,
    "rounds": d.Round,
}
# Where a kind of document means another part by such a name.
_PARTS_OF: dict[type[d.Model], _Kinds] = {
    d.MicroModule: _PARTS | {"completion": d.ModuleCompletionRule},
    d.Intervision: _PARTS | {"completion": d.IntervisionCompletionRule},
}
# What pydantic adds to the place of an error in a passage.
_PASSAGE_KINDS = frozenset({"<text>", "<paragraphs>"})


def _is_element(path: list[str | int]) -> bool:
    """Whether the last part names an element of a tagged collection, not a field of that name."""
    collection = path[-2]
    if collection == "nodes":
        return len(path) == 2
    return isinstance(path[-1], int)


def _value(data: Any, path: Place) -> Any:
    """Give what stands at a place, or None."""
    for part in path:
        try:
            data = data[part]
        except (LookupError, TypeError):
            return None
    return data


def _follows_from_others(error: ErrorDetails, spot: _Spot) -> bool:
    """Whether this only says again what other errors say.

    A list is called too short when elements in it have errors of their own, and a paragraph lacks
    its text when a colon made a field of it.
    """
    if error["type"] == "missing" and spot.model is d.Paragraph:
        return bool(set(spot.value) - set(d.Paragraph.model_fields))
    return (
        error["type"] == "too_short"
        and isinstance(spot.value, list | dict)
        and len(spot.value) >= error["ctx"]["min_length"]
    )


def _describe(error: ErrorDetails, spot: _Spot) -> Finding:
    """Turn one pydantic error into a finding."""
    kind = error["type"]
    limits = error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_field(spot)
    if kind in {"missing", "string_too_short"} or spot.value is None:
        return _missing(spot)
    return _BY_TYPE.get(kind, _simple("E26"))(spot, limits)


def _unknown_field(spot: _Spot) -> Finding:
    word = spot.field.lower()
    if word in SCORE_WORDS:
        return Finding.of("E3", spot.path, field=spot.field)
    allowed = list(spot.model.model_fields)
    suggestion = closest(word, allowed)
    if spot.value is None and suggestion is None:
        # `{works: Ja, natuurlijk, grow: …}` reads as a field named "natuurlijk" without a value.
        return Finding.of("E2.comma", spot.path, field=spot.field)
    if spot.model is d.Paragraph and suggestion is None:
        # `- Let op: morgen` reads as a field named "Let op".
        return Finding.of("E2.colon", spot.path, field=spot.field)
    return Finding.of(
        "E2", spot.path, field=spot.field, allowed=", ".join(allowed), suggestion=suggestion
    )


def _missing(spot: _Spot) -> Finding:
    """Say what is lost without this field, for the fields that carry the pedagogy."""
    if spot.field == "next" and not spot.reaction:
        return Finding.of("E7", spot.path, name=spot.path[1])
    if spot.field == "alt" and issubclass(spot.model, d.Image):
        return Finding.of("E17", spot.path)
    kind = _MISSING.get(spot.field, "E25")
    return Finding.of(kind, spot.path, field=spot.field, name=spot.reaction)


_MISSING = {"grow": "E14", "works": "E15", "effect": "E16.missing", "next": "E7.reaction"}


def _pattern(spot: _Spot, limits: dict[str, Any]) -> Finding:
    kinds = {
        SLUG_PATTERN: "E26.slug",
        LANG_PATTERN: "E26.lang",
        FILE_PATTERN: "E21.name",
        URL_PATTERN: "E23.link",
    }
    return Finding.of(kinds[limits["pattern"]], spot.path, value=spot.value)


def _literal(spot: _Spot, _limits: dict[str, Any]) -> Finding:
    value = spot.value if isinstance(spot.value, str) else "…"
    if spot.field == "effect":
        allowed: tuple[str, ...] = get_args(d.Effect)
        return Finding.of("E16", spot.path, value=value, suggestion=closest(value, allowed))
    annotation = spot.model.model_fields[spot.field].annotation
    if getattr(annotation, "__origin__", None) is tuple:
        annotation = get_args(annotation)[0]
    allowed = get_args(annotation) if getattr(annotation, "__origin__", None) is Literal else ()
    return Finding.of(
        "E26.oneof",
        spot.path,
        field=spot.field,
        value=value,
        allowed=", ".join(allowed),
        suggestion=closest(value, allowed),
    )


def _tag(spot: _Spot, _limits: dict[str, Any]) -> Finding:
    """Handle an element whose `type` is missing or unknown."""
    collection = next(part for part in reversed(spot.path[:-1]) if isinstance(part, str))
    if collection not in {"nodes", "blocks"}:
        return Finding.of("E26.media", spot.path)
    given = spot.value.get("type") if isinstance(spot.value, dict) else None
    kinds = _TAGGED[collection]
    place = (*spot.path, "type") if given is not None else spot.path
    return Finding.of(
        "E26.type",
        place,
        allowed=", ".join(kinds),
        suggestion=closest(given, kinds) if isinstance(given, str) else None,
    )


def _fields(spot: _Spot, _limits: dict[str, Any]) -> Finding:
    """Handle a value where a part with fields of its own belongs."""
    if spot.model is d.Paragraph:
        return Finding.of("E26.paragraph", spot.path)
    return Finding.of("E26.fields", spot.path, field=spot.field)


def _count(spot: _Spot, limits: dict[str, Any]) -> Finding:
    """Handle a list or mapping with too few or too many elements."""
    count = len(spot.value)
    if spot.field == "choices":
        return Finding.of("E11", spot.path, count=count)
    if spot.field == "compare":
        return Finding.of("E24", spot.path, count=count)
    at_least = limits.get("min_length")
    bound = f"≥ {at_least}" if at_least is not None else f"≤ {limits['max_length']}"
    return Finding.of("E26.count", spot.path, field=spot.field, limits=bound, count=count)


def _number(spot: _Spot, _limits: dict[str, Any]) -> Finding:
    bounds = {"minutes": (1, 240), "after_days": (1, 365), "fewest": (4, 8), "most": (4, 8)}
    least, most = bounds[spot.field]
    return Finding.of("E26.number", spot.path, field=spot.field, least=least, most=most)


def _simple(kind: str) -> Callable[[_Spot, dict[str, Any]], Finding]:
    return lambda spot, _limits: Finding.of(kind, spot.path, field=spot.field)


_BY_TYPE: dict[str, Callable[[_Spot, dict[str, Any]], Finding]] = {
    "string_pattern_mismatch": _pattern,
    "string_too_long": lambda spot, limits: Finding.of(
        "E26.long", spot.path, field=spot.field, limit=limits["max_length"]
    ),
    "string_type": _simple("E26.text"),
    "literal_error": _literal,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _tag,
    "too_short": _count,
    "too_long": _count,
    "tuple_type": _simple("E26.list"),
    "dict_type": _simple("E26.fields"),
    "model_type": _fields,
    "model_attributes_type": _fields,
    "bool_type": _simple("E26.yesno"),
    "bool_parsing": _simple("E26.yesno"),
    "int_type": _number,
    "int_parsing": _number,
    "int_parsing_size": _number,
    "int_from_float": _number,
    "greater_than_equal": _number,
    "less_than_equal": _number,
    "iso_date": _simple("E26.date"),
    "date_from_datetime_parsing": _simple("E26.date"),
    "date_parsing": _simple("E26.date"),
    "seconds": _simple("E26.seconds"),
    "empty_when": _simple("E26.when"),
}
