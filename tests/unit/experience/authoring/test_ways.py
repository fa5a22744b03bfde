"""Ways: real ones, the shortest, one for every set of flags with which a node is reached."""

from graphs import all_from, graphs
from hypothesis import given, settings

from lti_tool.experience.authoring.ways import ways
from lti_tool.experience.document.model import Experience, Route
from lti_tool.experience.play import engine


@settings(max_examples=300, deadline=None)
@given(graphs(playable=True))
def test_they_are_exactly_what_a_learner_can_meet(item: Experience) -> None:
    found = ways(item)
    met = {
        (name, flags)
        for name, flags in all_from(item, ("n0", frozenset()))
        if not isinstance(item.nodes[name], Route)
    }
    assert {(state.node, state.flags) for states in found.values() for state in states} == met
    for name, states in found.items():
        lengths = [len(state.route) for state in states]
        assert lengths == sorted(lengths)
        assert all(state.node == name and engine.fits(item, state) for state in states)


@settings(max_examples=200, deadline=None)
@given(graphs(playable=False))
def test_a_document_with_findings_gives_what_there_is(item: Experience) -> None:
    for states in ways(item).values():
        assert all(engine.fits(item, state) for state in states)


def test_without_a_start_there_are_none(example: Experience) -> None:
    assert ways(example.model_copy(update={"start": "weg"})) == {}
