"""Documents: one canonical form, immutable, and nothing in them that could hold a score."""

import hashlib
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from lti_tool.experience.document.model import (
    Choice,
    Experience,
    Model,
    When,
    from_canonical_json,
    json_schema,
    to_canonical_json,
)
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.document.validation import SCORE_WORDS

DATA = Path(__file__).parents[1] / "data"


def every_model() -> set[type[Model]]:
    found: set[type[Model]] = set()
    todo = [Model]
    while todo:
        below = todo.pop().__subclasses__()
        found.update(below)
        todo.extend(below)
    return found


def test_canonical_json_comes_back_as_the_same_item(example: Experience) -> None:
    text = to_canonical_json(example)
    assert from_canonical_json(text) == example
    assert to_canonical_json(from_canonical_json(text)) == text


def test_canonical_json_does_not_depend_on_how_the_item_was_written(example_text: str) -> None:
    head, _, nodes = example_text.partition("nodes:\n")
    first, _, others = nodes.partition("  opening:\n")
    turned = f"nodes:\n  opening:\n{others.rstrip()}\n{first}" + "\n".join(
        reversed(head.splitlines())
    )
    one, other = parse(example_text, file="a").item, parse(turned, file="b").item
    assert one is not None
    assert other is not None
    assert to_canonical_json(one) == to_canonical_json(other)


def test_saying_a_default_changes_nothing(example_text: str) -> None:
    without = example_text.replace("completion: {rule: ending}\n", "")
    assert without != example_text
    one, other = parse(example_text, file="a").item, parse(without, file="b").item
    assert one is not None
    assert other is not None
    assert to_canonical_json(one) == to_canonical_json(other)


def test_canonical_json_says_nothing_that_the_author_did_not_say(example: Experience) -> None:
    """So a field that a later version of the format adds leaves every stored hash as it is."""
    data = json.loads(to_canonical_json(example))
    assert set(data["nodes"]["zorg"]) == {"type", "title", "prompt", "compare", "next"}
    assert "completion" not in data


@pytest.mark.parametrize(
    ("name", "sha256"),
    [
        ("eerder", "07cccbf64c82482699272651b09c6c4f81f6e37707863fc9ffc18067bd9c82c5"),
        ("module", "6e9ffe74ea789290b1dce3cab24e082c796b7a6766321284be800e7622959b92"),
    ],
)
def test_what_was_published_before_the_format_grew_still_has_the_same_hash(
    name: str, sha256: str
) -> None:
    """Between them they use most of what the format knew at first."""
    text = (DATA / f"{name}.yaml").read_text("utf-8")
    item = parse(text, file=name).item
    assert item is not None
    assert hashlib.sha256(to_canonical_json(item).encode()).hexdigest() == sha256


def test_a_title_written_over_two_lines_is_one_line() -> None:
    text = "format: preparation/1\nid: a\nlang: nl\nitems: [a]\ntitle: |\n  Een\n    twee\n"
    item = parse(text, file="a").item
    assert item is not None
    assert item.title == "Een twee"


def test_canonical_json_changes_with_every_word(example_text: str) -> None:
    changed = example_text.replace("Je toon is warm.", "Je toon is koel.")
    one, other = parse(example_text, file="a").item, parse(changed, file="b").item
    assert one is not None
    assert other is not None
    assert to_canonical_json(one) != to_canonical_json(other)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format":"experience/2"}', "[" * 5000, "\ud800"]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_canonical_json(text)


def test_documents_cannot_be_changed(example: Experience) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        example.title = "Anders"


def test_only_these_numbers_exist_and_none_of_them_is_about_a_learner() -> None:
    def holds_number(annotation: Any) -> bool:
        return annotation in (int, float) or any(holds_number(arg) for arg in get_args(annotation))

    numbers = {
        name
        for model in every_model()
        for name, field in model.model_fields.items()
        if holds_number(field.annotation)
    }
    assert numbers == {"minutes", "after_days", "at", "fewest", "most"}


def test_no_field_is_named_like_a_score() -> None:
    names = {name for model in every_model() for name in model.model_fields}
    assert names & SCORE_WORDS == set()


def test_the_schema_describes_all_formats_and_refuses_unknown_fields() -> None:
    schema = json_schema()
    json.dumps(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    formats = {"Experience", "MicroModule", "Intervision", "Preparation"}
    assert {each["$ref"].rpartition("/")[2] for each in schema["oneOf"]} == formats
    objects = [each for each in schema["$defs"].values() if each["type"] == "object"]
    assert len(objects) == len(schema["$defs"])
    assert all(each["additionalProperties"] is False for each in objects)
    feedback = schema["$defs"]["Feedback"]
    assert feedback["required"] == ["effect", "happens", "works", "grow"]
    assert schema["$defs"]["ChoiceNode"]["properties"]["choices"]["minItems"] == 2


@pytest.mark.parametrize(
    ("when", "flags", "holds"),
    [
        ({"all": ["a", "b"]}, {"a", "b", "c"}, True),
        ({"all": ["a", "b"]}, {"a"}, False),
        ({"any": ["a", "b"]}, {"b"}, True),
        ({"any": ["a", "b"]}, {"c"}, False),
        ({"none": ["a"]}, set(), True),
        ({"none": ["a"]}, {"a"}, False),
        ({"all": ["a"], "any": ["b", "c"], "none": ["d"]}, {"a", "c"}, True),
        ({"all": ["a"], "any": ["b", "c"], "none": ["d"]}, {"a", "c", "d"}, False),
    ],
)
def test_a_condition_holds(when: dict[str, list[str]], flags: set[str], holds: bool) -> None:
    assert When.model_validate(when).holds(flags) is holds


def test_a_position_in_a_video_is_kept_in_seconds() -> None:
    text = """format: experience/1
id: a
lang: nl
title: A
start: k
nodes:
  k:
    type: choice
    title: K
    at: "1:05:30"
    prompt: En?
    choices:
      - {id: a, text: A, next: e, feedback: {effect: strong, happens: A, works: B, grow: C}}
      - {id: b, text: B, next: e, feedback: {effect: partly, happens: A, works: B, grow: C}}
  e: {type: ending, title: E}
"""
    item = parse(text, file="a").item
    assert isinstance(item, Experience)
    assert getattr(item.nodes["k"], "at", None) == 3930


def test_a_choice_says_which_flags_it_sets(example: Experience) -> None:
    setting = [
        choice.id
        for node in example.nodes.values()
        for choice in getattr(node, "choices", ())
        if isinstance(choice, Choice) and choice.set
    ]
    assert setting == ["vraag", "herstel"]
