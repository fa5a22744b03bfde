"""What fits: by an item's own words and themes, whatever anybody did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.learner.fitting import Shown, all_themes, fitting


def shown(slug: str, words: str = "", *themes: str, here: bool = False) -> Shown:
    return Shown(slug, "experience", "nl", slug, "", None, themes, words, here)


SHELF = [
    shown("oudergesprek", "Een moeilijk gesprek met een ouder aan het hek", "ouders"),
    shown("stilte", "Wachten na een vraag", "klassengesprek", "vragen stellen"),
    shown("ai", "Een leerling gebruikt AI bij een werkstuk", "digitale geletterdheid"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gesprekken voeren", ["oudergesprek"]),  # gesprek, gesprekken
        ("ouders", ["oudergesprek"]),
        ("ik wil beter vragen stellen", ["stilte"]),
        ("AI", []),  # two letters say too little
        ("hoe kan ik dat leren", []),  # words that say nothing
        ("", []),
        ("kwantumveld", []),
    ],
)
def test_own_words(text: str, found: list[str]) -> None:
    assert [item.slug for item in fitting(SHELF, text, ())] == found


def test_a_theme_that_was_picked_comes_before_a_word() -> None:
    assert [item.slug for item in fitting(SHELF, "hek", ["vragen stellen"])] == [
        "stilte",
        "oudergesprek",
    ]


def test_what_fits_equally_well_stands_by_title() -> None:
    pair = [shown("b", "wachten"), shown("a", "wachten")]
    assert [item.slug for item in fitting(pair, "wachten", ())] == ["a", "b"]


def test_every_theme_once() -> None:
    assert all_themes([*SHELF, *SHELF]) == [
        "digitale geletterdheid",
        "klassengesprek",
        "ouders",
        "vragen stellen",
    ]


@given(
    st.text(max_size=80),
    st.lists(st.sampled_from(all_themes(SHELF))),
    st.permutations(SHELF),
)
def test_the_order_of_the_shelf_changes_nothing(
    text: str, themes: list[str], turned: list[Shown]
) -> None:
    assert fitting(turned, text, themes) == fitting(SHELF, text, themes)
