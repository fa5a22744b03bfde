"""Words as a search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.experience.library.words import LONG, Sought, sought, stems, words


def finds(search: str, text: str, lang: str = "nl") -> bool:
    """Whether every word of a search is found in a text, as the database decides it."""
    held = stems(text, lang)
    return all(any(_near(word, stem) for stem in held) for word in sought(search))


def _near(word: Sought, stem: str) -> bool:
    return (
        stem in word.forms | word.parts
        or stem.startswith(tuple(word.beginnings))
        or stem.endswith(tuple(word.endings))
    )


@pytest.mark.parametrize(
    ("search", "text", "lang"),
    [
        ("ouders", "Een oudergesprek", "nl"),
        ("oudergesprek", "Praten met ouders", "nl"),
        ("oudergesprekken", "Een oudergesprek", "nl"),
        ("gesprekken", "Het gesprek", "nl"),
        ("gesprek", "Gesprekstechniek", "nl"),
        ("Zorgcoordinator", "voor zorgcoördinatoren", "nl"),
        ("collega's", "met een collega", "nl"),
        ("pesten", "Er wordt gepest met pesterijen", "nl"),
        ("AI", "Naam, foto, AI", "nl"),
        ("vo", "Voor het vo", "nl"),
        ("meetings", "A team meeting", "en"),
        ("parents", "Talking to a parent", "en"),
        ("een gesprek met ouders", "Oudergesprek", "nl"),
        ("groep 8", "In groep 8", "nl"),
        ("micro-module", "micromodule en een micro module", "nl"),
    ],
)
def test_what_is_found(search: str, text: str, lang: str) -> None:
    assert finds(search, text, lang)


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("vo", "Voor het voorstel"),
        ("AI", "primair onderwijs, mail"),
        ("ouders rapport", "Een oudergesprek"),
        ("pesten", "Feedback geven"),
        ("so", "sociale veiligheid"),
        ("oud", "oudergesprek"),
    ],
)
def test_what_is_not_found(search: str, text: str) -> None:
    assert not finds(search, text)


def test_words_that_say_nothing_ask_for_nothing() -> None:
    assert sought("de het een the") == ()


@given(st.text(max_size=60))
def test_every_text_finds_itself(text: str) -> None:
    assert finds(text, text)


@given(st.text(alphabet="abcdefghij ", max_size=40))
def test_parts_and_beginnings_are_long_enough_to_mean_something(text: str) -> None:
    for word in sought(text):
        assert all(len(part) >= LONG for part in word.parts | word.beginnings)


@given(st.text(max_size=60))
def test_folding_is_done_once(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
