"""What a designer looks for and has chosen, as forms and addresses carry it."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lti_tool.deeplink.selection import MOST, MOST_CHOSEN, Selection
from lti_tool.experience.library.search import Wanted

slugs = st.lists(st.from_regex(r"[a-d]{1,2}", fullmatch=True), max_size=6)


def read(*fields: tuple[str, str], multiple: bool = True) -> Selection:
    return Selection.read(MultiDict(fields), multiple=multiple)


def ticked(*slugs: str) -> list[tuple[str, str]]:
    return [("item", slug) for slug in slugs]


def ordered(*slugs: str) -> list[tuple[str, str]]:
    return [("order", slug) for slug in slugs]


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        ([], ()),
        (ticked("b", "a"), ("b", "a")),
        (ticked("b", "a", "b"), ("b", "a")),
        ([*ordered("a", "b"), *ticked("b", "a", "c")], ("a", "b", "c")),  # c is new
        ([*ordered("a", "b"), *ticked("b")], ("b",)),  # a was unticked
        ([*ordered("a", "b"), *ticked("a", "b"), ("move", "up:b")], ("b", "a")),
        ([*ordered("a", "b"), *ticked("a", "b"), ("move", "down:a")], ("b", "a")),
        ([*ordered("a", "b"), *ticked("a", "b"), ("move", "up:a")], ("a", "b")),
        ([*ordered("a", "b"), *ticked("a", "b"), ("move", "down:b")], ("a", "b")),
        ([*ticked("a", "b"), ("move", "up:c")], ("a", "b")),
        ([*ticked("a", "b"), ("move", "sideways:b")], ("a", "b")),
        ([*ticked("a", "b"), ("drop", "a")], ("b",)),
        ([*ticked("a", "b"), ("add", "c")], ("a", "b", "c")),
        ([*ticked("a", "b"), ("add", "a")], ("a", "b")),
        (ticked(""), ()),
    ],
)
def test_what_is_chosen_and_in_which_order(
    fields: list[tuple[str, str]], chosen: tuple[str, ...]
) -> None:
    assert read(*fields).chosen == chosen


@given(slugs, slugs)
def test_what_is_chosen_is_what_is_ticked_whatever_the_order_says(
    order: list[str], items: list[str]
) -> None:
    assert set(read(*ordered(*order), *ticked(*items)).chosen) == set(items)


def test_where_one_is_taken_the_last_one_ticked_counts() -> None:
    assert read(*ordered("a"), *ticked("b", "a"), multiple=False).chosen == ("b",)


def test_no_more_than_an_answer_can_carry() -> None:
    assert len(read(*ticked(*map(str, range(80)))).chosen) == MOST_CHOSEN


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ([("q", "  boze   ouders ")], Wanted("boze ouders")),
        ([("q", "x" * 300)], Wanted("x" * 100)),
        (
            [("sector", "po"), ("language", "nl"), ("minutes", "10")],
            Wanted(sector="po", lang="nl", minutes=10),
        ),
        ([("minutes", "7")], Wanted()),
        ([("minutes", "many")], Wanted()),
        ([("theme", "x" * 300)], Wanted()),
        ([("q", "ouders"), ("theme", "pesten"), ("act", "clear")], Wanted()),
    ],
)
def test_what_is_looked_for(fields: list[tuple[str, str]], wanted: Wanted) -> None:
    assert read(*fields).wanted == wanted


@pytest.mark.parametrize(
    ("more", "most"), [("24", 24), ("-1", 12), ("x", 12), ("٣", 12), ("99999", MOST)]
)
def test_how_many_are_shown(more: str, most: int) -> None:
    assert read(("more", more)).most == most


@given(st.text(max_size=40), slugs, st.sampled_from(["", "po"]), st.sampled_from([12, 24]))
def test_the_fields_say_it_all_again(text: str, items: list[str], sector: str, most: int) -> None:
    said = read(("q", text), ("sector", sector), ("most", str(most)), *ticked(*items))
    carried = parse_qsl(urlencode(said.fields()))
    assert read(*carried) == said
