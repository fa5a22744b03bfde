"""Parsing: any text becomes a document or findings, never an exception, and no YAML traps."""

import random
import time
from datetime import date

import pytest
import yaml
from effort import effort
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.experience.checks.all import check
from lti_tool.experience.document import validation
from lti_tool.experience.document.findings import as_text
from lti_tool.experience.document.model import (
    Experience,
    Intervision,
    MicroModule,
    Model,
    Paragraph,
    Preparation,
)
from lti_tool.experience.document.parsing import Parsed, parse, parse_bytes

TODAY = date(2026, 11, 21)


def settle(parsed: Parsed, size: int) -> None:
    """Hold a result to its promises: a document without errors, or errors on existing lines."""
    assert (parsed.item is None) == bool(parsed.findings)
    found = parsed.findings
    if parsed.item is not None:
        checked = check(parsed.item, today=TODAY, exists=None)
        found = tuple(parsed.locate(each) for each in checked)
    for each in found:
        assert each.line is not None
        assert 1 <= each.line <= size + 1
        for lang in ("nl", "en"):
            assert as_text(each, lang).isprintable()


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    settle(parse(text, file="x.yaml"), len(text.splitlines()))


@settings(max_examples=300, deadline=None)
@given(st.binary())
def test_any_bytes_are_answered(data: bytes) -> None:
    settle(parse_bytes(data, file="x.yaml"), len(data))


yaml_ish = st.text(alphabet="ab:-[]{}#&*!|>'\"%@`,?~ \n\t<\u00e9\x85", max_size=80)


@settings(max_examples=500, deadline=None)
@given(yaml_ish)
def test_any_text_that_looks_like_yaml_is_answered(text: str) -> None:
    settle(parse(text, file="x.yaml"), len(text.splitlines()))


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), yaml_ish)
def test_any_damaged_item_is_answered(
    example_text: str, choose: random.Random, rubbish: str
) -> None:
    lines = example_text.splitlines(keepends=True)
    for _ in range(choose.randint(1, 4)):
        at = choose.randrange(len(lines))
        match choose.randrange(5):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, choose.choice(lines))
            case 2:
                lines[at] = rubbish + "\n"
            case 3:
                cut = choose.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:cut] + rubbish + lines[at][cut:]
            case _:
                lines[at] = lines[at].replace("  ", "", 1)
    text = "".join(lines)
    settle(parse(text, file="x.yaml"), len(text.splitlines()))


json_values = st.recursive(
    st.none() | st.text("ab-:1", max_size=5) | st.integers(0, 9).map(str),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*Experience.model_fields, "type", "alt"]), inner)
    ),
    max_leaves=8,
)


def flow(value: object) -> str:
    """Write a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return "~" if value is None else f"'{value}'"


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), json_values)
def test_any_value_in_the_place_of_another_is_answered(
    example_text: str, choose: random.Random, value: object
) -> None:
    lines = example_text.splitlines()
    keyed = [n for n, line in enumerate(lines) if ": " in line and line.strip()[0].isalpha()]
    at = choose.choice(keyed)
    lines[at] = lines[at].partition(": ")[0] + ": " + flow(value)
    settle(parse("\n".join(lines), file="x.yaml"), len(lines))


def test_the_complete_example_is_an_item(example_text: str) -> None:
    parsed = parse(example_text, file="geen-cijfer.yaml")
    assert parsed.findings == ()
    assert isinstance(parsed.item, Experience)
    assert list(parsed.item.nodes) == [
        "aanloop", "opening", "spanning", "zorg", "afspraak", "terugblik", "einde-samen",
        "einde-open",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "title"),
    [("2024", "2024"), ("no", "no"), ("true", "true"), ("1e3", "1e3"), ("0x1F", "0x1F"),
     ("12:30", "12:30"), ("2026-08-01", "2026-08-01"), ("'null'", "null"), ("Ja!", "Ja!")],
)  # fmt: skip
def test_a_title_is_what_it_says_whatever_yaml_would_make_of_it(written: str, title: str) -> None:
    text = f"format: preparation/1\nid: a\nlang: nl\nitems: [a]\ntitle: {written}\n"
    item = parse(text, file="x.yaml").item
    assert isinstance(item, Preparation)
    assert item.title == title


def test_numbers_and_booleans_are_read_where_the_format_wants_them() -> None:
    text = """format: micromodule/1
id: a
lang: nl
title: A
minutes: 12
blocks: [{type: text, text: Hoi, required: true}]
"""
    item = parse(text, file="x.yaml").item
    assert isinstance(item, MicroModule)
    assert item.minutes == 12
    assert item.blocks[0].required is True


def test_a_byte_order_mark_and_windows_line_ends_are_fine(example_text: str) -> None:
    data = b"\xef\xbb\xbf" + example_text.replace("\n", "\r\n").encode()
    assert parse_bytes(data, file="x.yaml").item == parse(example_text, file="x.yaml").item


BOMBS = {
    "billion laughs": "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n",
    "deep lists": "[" * 100_000,
    "deep blocks": "".join(f"{' ' * n}a:\n" for n in range(1200)),
    "many keys": "{" + "a: b, " * 150_000 + "}",
    "open quote": '"' + "x\n" * 500_000,
    "long key": "a" * 900_000 + ": b",
    "questions": "? " * 500_000,
    "dashes": "- " * 500_000,
    "colons": "a:" * 500_000,
    "comments": "#\n" * 500_000,
    "bars": "|\n" * 500_000,
    "percents": "%a\n" * 300_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_text_is_refused_soon(name: str) -> None:
    def read() -> None:
        parsed = parse(BOMBS[name], file="x.yaml")
        assert parsed.findings
        assert parsed.item is None

    assert effort(read) < 8


def test_every_part_of_the_format_can_be_named_in_an_error() -> None:
    """A new part of the format needs its place in the tables that errors are translated with."""

    def below(model: type[Model]) -> set[type[Model]]:
        return {model}.union(*(below(each) for each in model.__subclasses__()))

    abstract = {"Model", "VisibleNode", "Block", "Header"}
    known = {*validation._PARTS.values()}
    known |= {model for parts in validation._PARTS_OF.values() for model in parts.values()}
    known |= {model for kinds in validation._TAGGED.values() for model in kinds.values()}
    known |= {Experience, MicroModule, Intervision, Preparation, Paragraph}
    assert {m.__name__ for m in below(Model)} - {m.__name__ for m in known} == abstract


def test_500_full_nodes_are_read_and_checked_in_twice_the_time_of_plain_yaml() -> None:
    """A ratio, because machines differ: 1.0 to 1.3 of what PyYAML's loader takes."""
    node = """  k{0}:
    type: choice
    title: Je reactie
    text: |
      Meneer De Boer legt de map van Sem neer. *"Alleen tops en tips. Hoe weet ik of hij het
      goed doet?"* Hij kijkt je aan.
    prompt: Wat zeg je?
    choices:
{1}"""
    choice = """      - id: r{0}
        text: "\\"Ik hoor dat u zich zorgen maakt, vertel eens.\\""
        next: k{1}
        set: [f{2}]
        {3}
        feedback:
          effect: {4}
          happens: Hij leunt achterover. "Of hij de havo haalt."
          works: Je benoemt de zorg en nodigt uit.
          grow: Laat na je vraag een stilte vallen.
"""
    nodes = []
    for n in range(499):
        ways = [(n + 1, "partly", ""), (max(0, n - 7), "limited", f"when: {{none: [f{n % 12}]}}"),
                (n + 1, "depends", f"when: {{any: [f{n % 5}, f{n % 3}]}}")]  # fmt: skip
        written = [
            choice.format(r, to, (n + r) % 12, when, effect)
            for r, (to, effect, when) in enumerate(ways)
        ]
        nodes.append(node.format(n, "".join(written)))
    flags = ", ".join(f"f{n}: Iets" for n in range(12))
    text = f"format: experience/1\nid: groot\nlang: nl\ntitle: Groot\nstart: k0\nflags: {{{flags}}}"
    text += "\nnodes:\n" + "".join(nodes) + "  k499: {type: ending, title: Einde}\n"
    began = time.process_time()
    yaml.load(text, yaml.SafeLoader)
    plainly = time.process_time() - began
    began = time.process_time()
    parsed = parse(text, file="groot.yaml")
    assert isinstance(parsed.item, Experience), parsed.findings[:3]
    found = check(parsed.item, today=TODAY, exists=None)
    assert time.process_time() - began < 2 * plainly
    assert len(parsed.item.nodes) == 500
    assert {each.code for each in found} == {"W2", "W7", "W8"}
