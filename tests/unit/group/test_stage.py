"""What a group sees of a place: letters that stay, one or two reactions open, the way behind it."""

import pytest
from graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st
from visits import GARDEN

from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import NotPossible, State
from lti_tool.group.plenary.stage import lettered, react, revisit, stage


def garden() -> Experience:
    item = parse(GARDEN, file="test.yaml").item
    assert isinstance(item, Experience)
    return item


ITEM = garden()


def at(*choices: str) -> State:
    """The place after these reactions; the last one stays open."""
    state, wanted = engine.start(ITEM), list(choices)
    while wanted:
        if not engine.options(ITEM, state):
            state = engine.proceed(ITEM, state)
            continue
        state = engine.react(ITEM, state, wanted.pop(0))
        if wanted:
            state = engine.proceed(ITEM, state)
    return state


def letters(state: State) -> list[tuple[str, str]]:
    return [(one.letter, one.choice.id) for one in lettered(ITEM, state)]


def test_reactions_stand_under_letters_and_keep_them_when_one_is_open() -> None:
    choosing = engine.proceed(ITEM, engine.start(ITEM))
    assert letters(choosing) == [("A", "vraag"), ("B", "stil")]
    assert letters(react(ITEM, choosing, "stil")) == letters(choosing)
    assert stage(ITEM, choosing).kind == "choice"


def test_only_what_is_offered_has_a_letter() -> None:
    assert letters(at("vraag", "los")) == [("A", "samen"), ("B", "los"), ("C", "weg")]
    assert letters(at("stil", "los")) == [("A", "los"), ("B", "weg")]


def test_another_reaction_opens_without_taking_the_first_one_back_by_hand() -> None:
    there = react(ITEM, react(ITEM, engine.proceed(ITEM, engine.start(ITEM)), "vraag"), "stil")
    assert (there.reaction, there.flags, there.tried) == ("stil", frozenset(), ("vraag", "stil"))
    assert [one.seen for one in lettered(ITEM, there)] == [True, True]


@pytest.mark.parametrize(
    ("beside", "kind", "opened"),
    [
        ("", "feedback", ["samen"]),
        ("los", "beside", ["samen", "los"]),
        ("samen", "feedback", ["samen"]),
        ("nergens", "feedback", ["samen"]),
    ],
)
def test_a_second_reaction_lies_beside_the_open_one(
    beside: str, kind: str, opened: list[str]
) -> None:
    shown = stage(ITEM, at("vraag", "samen"), beside)
    assert shown.kind == kind
    assert [one.choice.id for one in shown.open] == opened


def test_nothing_lies_beside_what_is_not_open() -> None:
    choosing = engine.proceed(ITEM, engine.start(ITEM))
    assert stage(ITEM, choosing, "stil").open == ()


def test_feedback_is_read_with_the_flags_of_its_own_reaction() -> None:
    shown = stage(ITEM, react(ITEM, engine.proceed(ITEM, engine.start(ITEM)), "vraag"), "stil")
    assert [one.flags for one in shown.open] == [frozenset({"rust"}), frozenset()]


def test_the_ending_asks_what_to_talk_about_and_names_the_way() -> None:
    state = at("vraag", "los")
    for _ in range(2):
        state = engine.proceed(ITEM, state)
    shown = stage(ITEM, state)
    assert (shown.kind, shown.talk) == ("ending", ("Wie groet bij jullie?",))
    assert [(one.title, one.letter) for one in shown.way] == [
        ("Bij het hek", ""),
        ("De groet", "A"),
        ("Eigen woorden", ""),
        ("Het afscheid", "B"),
        ("Terugblik", ""),
    ]


def test_any_choice_is_revisited_and_the_group_goes_on_from_there() -> None:
    state = revisit(ITEM, engine.proceed(ITEM, at("vraag", "los")), "1")
    assert (state.node, state.reaction) == ("groet", "vraag")
    other = engine.proceed(ITEM, react(ITEM, state, "stil"))
    assert (other.node, other.flags) == ("woorden", frozenset())


@pytest.mark.parametrize("step", ["9", "-1", "", "één", "1.0", "٣", "9" * 5000])
def test_a_step_that_is_not_on_the_way_is_refused(step: str) -> None:
    with pytest.raises(NotPossible):
        revisit(ITEM, at("vraag", "los"), step)


@settings(max_examples=40)
@given(graphs(playable=True), st.data())
def test_every_place_of_every_way_can_be_shown_and_returned_to(
    item: Experience, data: st.DataObject
) -> None:
    state = engine.start(item)
    for _ in range(12):
        offered = engine.options(item, state)
        if offered:
            state = react(item, state, data.draw(st.sampled_from(offered)).id)
            state = react(item, state, data.draw(st.sampled_from(offered)).id)
        shown = stage(item, state, data.draw(st.sampled_from(["", "c0", "c1"])))
        assert len({one.letter for one in shown.letters}) == len(shown.letters)
        for one in shown.way:
            assert engine.fits(item, revisit(item, state, str(one.step)))
        if engine.is_ending(item, state):
            break
        state = engine.proceed(item, state)
