"""From the text of a file to a document, or to problems that name the line and what to do.

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
from lti_tool.experience.document.problems import Place, Problem, closest, problem
from lti_tool.experience.document.yaml_tree import MAX_BYTES, read

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


@dataclass(frozen=True, slots=True)
class Parsed:
    """The result of parsing: the document unless an error prevents it, and all problems."""

    item: d.Document | None
    problems: tuple[Problem, ...]
    file: str
    lines: dict[Place, int]

    def locate(self, found: Problem) -> Problem:
        """Add file and line to a problem that a check found in this document."""
        return _located(found, self.file, self.lines)


def parse_bytes(data: bytes, *, file: str) -> Parsed:
    """Parse the content of a file; see `parse`."""
    if len(data) > MAX_BYTES:
        return Parsed(None, (problem("E1.size").at(file, 1),), file, {})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Parsed(None, (problem("E1.encoding").at(file, line),), file, {})
    return parse(text, file=file)


def parse(text: str, *, file: str) -> Parsed:
    """Parse the text of one document.

    `file` is only named in problems. Never raises: whatever stands in the text becomes a problem,
    ordered by line. The item is None if one of the problems is an error.
    """
    tree = read(text, file=file)
    problems = list(tree.problems)
    item: d.Document | None = None
    model = None
    if isinstance(tree.data, dict):
        given = str(tree.data.get("format") or "")
        model = d.FORMATS.get(given)
        if model is None:
            allowed = ", ".join(d.FORMATS)
            wrong = problem(
                "E26.format", ("format",), allowed=allowed, suggestion=closest(given, d.FORMATS)
            )
            problems.append(_located(wrong, file, tree.lines))
    elif tree.data is not None:
        problems.append(problem("E1.root").at(file, 1))
    if model is not None:
        try:
            item = model.model_validate(tree.data)
        except ValidationError as errors:
            for error in errors.errors(include_url=False):
                spot = _spot(error, model, tree.data)
                if not _follows_from_others(error, spot):
                    problems.append(_located(_describe(error, spot), file, tree.lines))
    ordered = sorted(dict.fromkeys(problems), key=lambda each: (each.line or 1, each.code))
    return Parsed(None if problems else item, tuple(ordered), file, tree.lines)


def _located(found: Problem, file: str, lines: dict[Place, int]) -> Problem:
    """Find the line of a problem: its own place, or the nearest place around it."""
    path = found.path
    while path and path not in lines:
        path = path[:-1]
    return found.at(file, lines.get(path, 1))


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
            parts_of = _MODULE_PARTS if root is d.MicroModule else _PARTS
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
}
_MODULE_PARTS = _PARTS | {"completion": d.ModuleCompletionRule}
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


def _describe(error: ErrorDetails, spot: _Spot) -> Problem:
    """Turn one pydantic error into a problem."""
    kind = error["type"]
    limits = error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_field(spot)
    if kind in {"missing", "string_too_short"} or spot.value is None:
        return _missing(spot)
    return _BY_TYPE.get(kind, _simple("E26"))(spot, limits)


def _unknown_field(spot: _Spot) -> Problem:
    word = spot.field.lower()
    if word in SCORE_WORDS:
        return problem("E3", spot.path, field=spot.field)
    allowed = list(spot.model.model_fields)
    suggestion = closest(word, allowed)
    if spot.value is None and suggestion is None:
        # `{works: Ja, natuurlijk, grow: …}` reads as a field named "natuurlijk" without a value.
        return problem("E2.comma", spot.path, field=spot.field)
    if spot.model is d.Paragraph and suggestion is None:
        # `- Let op: morgen` reads as a field named "Let op".
        return problem("E2.colon", spot.path, field=spot.field)
    return problem(
        "E2", spot.path, field=spot.field, allowed=", ".join(allowed), suggestion=suggestion
    )


def _missing(spot: _Spot) -> Problem:
    """Say what is lost without this field, for the fields that carry the pedagogy."""
    if spot.field == "next" and not spot.reaction:
        return problem("E7", spot.path, name=spot.path[1])
    if spot.field == "alt" and issubclass(spot.model, d.Image):
        return problem("E17", spot.path)
    kind = _MISSING.get(spot.field, "E25")
    return problem(kind, spot.path, field=spot.field, name=spot.reaction)


_MISSING = {"grow": "E14", "works": "E15", "effect": "E16.missing", "next": "E7.reaction"}


def _pattern(spot: _Spot, limits: dict[str, Any]) -> Problem:
    kinds = {
        SLUG_PATTERN: "E26.slug",
        LANG_PATTERN: "E26.lang",
        FILE_PATTERN: "E21.name",
        URL_PATTERN: "E23.link",
    }
    return problem(kinds[limits["pattern"]], spot.path, value=spot.value)


def _literal(spot: _Spot, _limits: dict[str, Any]) -> Problem:
    value = spot.value if isinstance(spot.value, str) else "…"
    if spot.field == "effect":
        allowed: tuple[str, ...] = get_args(d.Effect)
        return problem("E16", spot.path, value=value, suggestion=closest(value, allowed))
    annotation = spot.model.model_fields[spot.field].annotation
    if getattr(annotation, "__origin__", None) is tuple:
        annotation = get_args(annotation)[0]
    allowed = get_args(annotation) if getattr(annotation, "__origin__", None) is Literal else ()
    return problem(
        "E26.oneof",
        spot.path,
        field=spot.field,
        value=value,
        allowed=", ".join(allowed),
        suggestion=closest(value, allowed),
    )


def _tag(spot: _Spot, _limits: dict[str, Any]) -> Problem:
    """Handle an element whose `type` is missing or unknown."""
    collection = next(part for part in reversed(spot.path[:-1]) if isinstance(part, str))
    if collection not in {"nodes", "blocks"}:
        return problem("E26.media", spot.path)
    given = spot.value.get("type") if isinstance(spot.value, dict) else None
    kinds = _TAGGED[collection]
    place = (*spot.path, "type") if given is not None else spot.path
    return problem(
        "E26.type",
        place,
        allowed=", ".join(kinds),
        suggestion=closest(given, kinds) if isinstance(given, str) else None,
    )


def _fields(spot: _Spot, _limits: dict[str, Any]) -> Problem:
    """Handle a value where a part with fields of its own belongs."""
    if spot.model is d.Paragraph:
        return problem("E26.paragraph", spot.path)
    return problem("E26.fields", spot.path, field=spot.field)


def _count(spot: _Spot, limits: dict[str, Any]) -> Problem:
    """Handle a list or mapping with too few or too many elements."""
    count = len(spot.value)
    if spot.field == "choices":
        return problem("E11", spot.path, count=count)
    if spot.field == "compare":
        return problem("E24", spot.path, count=count)
    at_least = limits.get("min_length")
    bound = f"≥ {at_least}" if at_least is not None else f"≤ {limits['max_length']}"
    return problem("E26.count", spot.path, field=spot.field, limits=bound, count=count)


def _number(spot: _Spot, _limits: dict[str, Any]) -> Problem:
    bounds = {"minutes": (1, 240), "after_days": (1, 365)}
    least, most = bounds[spot.field]
    return problem("E26.number", spot.path, field=spot.field, least=least, most=most)


def _simple(kind: str) -> Callable[[_Spot, dict[str, Any]], Problem]:
    return lambda spot, _limits: problem(kind, spot.path, field=spot.field)


_BY_TYPE: dict[str, Callable[[_Spot, dict[str, Any]], Problem]] = {
    "string_pattern_mismatch": _pattern,
    "string_too_long": lambda spot, limits: problem(
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
