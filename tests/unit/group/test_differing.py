"""Where two ways differ: only where both came by, and no number of anything."""

from hypothesis import given
from hypothesis import strategies as st
from visits import GARDEN

from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.play.engine import State, Step
from lti_tool.group.pairs.differing import differing, shown, turned, way

ways = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"))


@given(ways, ways)
def test_what_differs_is_what_both_came_by_and_chose_otherwise(
    one: dict[str, str], other: dict[str, str]
) -> None:
    found = differing(one, other)
    assert {place for place, _, _ in found} == {
        place for place in one.keys() & other.keys() if one[place] != other[place]
    }
    assert [(one[place], other[place]) for place, _, _ in found] == [row[1:] for row in found]
    assert sorted(turned(found)) == sorted(differing(other, one))


def test_a_way_is_what_was_chosen_and_nothing_of_what_was_tried() -> None:
    steps = (Step("hek"), Step("groet", "stil"), Step("groet", "vraag"), Step("afscheid", "los"))
    state = State("terugblik", frozenset(), steps, tried=("weg",))
    assert way(state) == {"groet": "vraag", "afscheid": "los"}


def test_each_difference_is_shown_with_the_reactions_of_both() -> None:
    item = parse(GARDEN, file="test.yaml").item
    assert isinstance(item, Experience)
    [one] = shown(item, [("groet", "vraag", "stil"), ("hek", "x", "y"), ("afscheid", "los", "?")])
    assert (one.title, one.prompt) == ("De groet", "Wat zeg je?")
    assert (one.mine.text, one.theirs.text) == ("Hoe gaat het?", "Je zegt niets.")
    assert (one.mine.feedback.effect, one.theirs.feedback.effect) == ("strong", "depends")
