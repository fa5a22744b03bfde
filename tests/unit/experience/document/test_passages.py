"""Passages: what is there depends on what happened, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lti_tool.experience.document.model import (
    Ending,
    MicroModule,
    Person,
    Preparation,
    TextBlock,
    from_canonical_json,
    to_canonical_json,
)
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.document.passages import NOTHING, paragraphs, shown, written
from lti_tool.experience.document.walk import texts, used_files

FLAGS = ("gebeld", "boos", "thee")
ENDING = Ending.model_validate(
    {
        "type": "ending",
        "title": "Einde",
        "text": [
            "Het is stil.",
            {"text": "Je belde.", "when": {"all": ["gebeld"]}},
            {"text": "Tot morgen dan.", "when": {"none": ["boos"]}, "who": "noor", "mood": "blij"},
            {"text": "Er staat thee of een koude kop.", "when": {"any": ["thee", "boos"]}},
        ],
    }
)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (set(), ["Het is stil.", "Tot morgen dan."]),
        ({"gebeld"}, ["Het is stil.", "Je belde.", "Tot morgen dan."]),
        ({"boos"}, ["Het is stil.", "Er staat thee of een koude kop."]),
        (
            {"gebeld", "thee"},
            ["Het is stil.", "Je belde.", "Tot morgen dan.", "Er staat thee of een koude kop."],
        ),
    ],
)
def test_a_paragraph_is_there_while_its_condition_holds(flags: set[str], words: list[str]) -> None:
    assert [one.text for one in shown(ENDING.text, flags)] == words
    assert written(ENDING.text, flags) == "\n\n".join(words)


def test_a_paragraph_says_who_speaks_and_how_they_look() -> None:
    said = shown(ENDING.text, NOTHING)[1]
    assert (said.who, said.mood) == ("noor", "blij")


@given(st.sets(st.sampled_from(FLAGS)))
def test_what_is_shown_is_part_of_what_was_written_in_that_order(flags: set[str]) -> None:
    every = paragraphs(ENDING.text)
    places = [every.index(one) for one in shown(ENDING.text, flags)]
    assert places == sorted(places)
    assert 0 in places


def test_a_single_text_is_one_paragraph_and_an_empty_one_is_none() -> None:
    assert [one.text for one in shown("Een.\n\nTwee.", {"boos"})] == ["Een.\n\nTwee."]
    assert shown("", NOTHING) == paragraphs("") == ()


def test_a_bare_text_in_a_list_is_a_paragraph() -> None:
    one = TextBlock.model_validate({"type": "text", "text": ["Een.", "Twee."]})
    other = TextBlock.model_validate({"type": "text", "text": [{"text": "Een."}, "Twee."]})
    assert one == other
    assert [each.text for each in paragraphs(one.text)] == ["Een.", "Twee."]


@pytest.mark.parametrize("text", [[], [""], ["  "], [{"when": {"all": ["a"]}}], {}, 3])
def test_what_says_nothing_is_no_passage(text: object) -> None:
    with pytest.raises(ValidationError):
        TextBlock.model_validate({"type": "text", "text": text})


def test_every_paragraph_and_every_portrait_is_found() -> None:
    item = parse(PEOPLE, file="a").item
    assert item is not None
    words = {text.value: text.path for text in texts(item)}
    assert words["Hoi."] == ("nodes", "einde", "text", 1, "text")
    assert {"Noor", "leerling", "Noor kijkt op.", "Ik luister.", "Boek"} <= set(words)
    assert "vader" not in words
    names = [(used.name, used.kind) for used in used_files(item)]
    assert names == [("kaft.webp", "image"), ("rustig.webp", "image"), ("boos.webp", "image")]


def test_stored_people_still_know_how_they_usually_look() -> None:
    item = parse(PEOPLE, file="a").item
    assert item is not None
    stored = from_canonical_json(to_canonical_json(item))
    assert stored == item
    assert stored.cast["noor"].usual == "rustig"
    assert list(stored.cast["noor"].portraits) == ["boos", "rustig"]


@pytest.mark.parametrize(
    ("given", "usual"),
    [({}, None), ({"portraits": {}}, None), ({"usual": "boos"}, "boos")],
)
def test_how_somebody_usually_looks_can_be_named(given: dict[str, object], usual: str) -> None:
    assert Person.model_validate({"name": "Noor"} | given).usual == usual


@pytest.mark.parametrize(
    "item",
    [
        MicroModule.model_validate(
            {"format": "micromodule/1", "id": "a", "lang": "nl", "title": "A",
             "blocks": [{"type": "text", "text": ["A", "B"]}]}
        ),
        Preparation.model_validate(
            {"format": "preparation/1", "id": "a", "lang": "nl", "title": "A", "text": ["A"],
             "items": ["b"]}
        ),
    ],
)  # fmt: skip
def test_passages_come_back_as_they_were_stored(item: MicroModule | Preparation) -> None:
    assert from_canonical_json(to_canonical_json(item)) == item


PEOPLE = """
format: experience/1
id: a
lang: nl
title: A
cover: {image: kaft.webp, alt: Een deur}
practise: Doorvragen.
sectors: [po, so]
regions: [vl]
themes: [oudergesprek]
roles: [zorgcoördinator]
keywords: [vader]
public: true
cast:
  noor:
    name: Noor
    role: leerling
    portraits:
      rustig: {image: rustig.webp, alt: Noor kijkt op.}
      boos: {image: boos.webp, alt: Noor kijkt weg.}
sources: [{text: Boek, url: "https://example.org/"}]
start: einde
nodes:
  einde:
    type: ending
    title: Einde
    moment: woensdag, 12.15
    inside: [{who: noor, text: [Ik luister.]}]
    text:
      - De bel gaat.
      - {text: Hoi., who: noor}
"""
