"""Read every ending: each page that somebody can end on, once, with the shortest way there."""

from graphs import all_from, graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.experience.authoring.endings import endings
from lti_tool.experience.authoring.ways import ways
from lti_tool.experience.document.model import Ending, Experience
from lti_tool.experience.document.passages import shown
from lti_tool.experience.play import engine


def test_an_ending_stands_there_once_for_every_combination_that_it_asks_for(
    example: Experience,
) -> None:
    pages = endings(example, ways(example))
    assert [(page.node, sorted(page.flags)) for page in pages] == [
        ("einde-samen", []),
        ("einde-samen", ["gehoord"]),
        ("einde-open", []),
        ("einde-open", ["gehoord"]),
    ]
    assert {page.asked for page in pages} == {frozenset({"gehoord"})}
    without, heard = pages[:2]
    assert [one.text for one in without.text] == [
        "De map gaat mee naar huis, mét een vraag van Sem."
    ]
    assert heard.text[-1].text == "Wat hij vooral wilde weten staat op de voorkant."
    assert [one.text for one in heard.studyday] == ["Welke herstelzinnen gebruiken jullie?"]


def test_it_says_by_which_reactions_one_gets_there(example: Experience) -> None:
    pages = {(page.node, bool(page.flags)): page for page in endings(example, ways(example))}
    rough = pages["einde-open", False]
    assert [entry.choice for entry in rough.route] == ["omrekenen", "verwijs"]
    assert engine.fits(example, rough.way)


def test_an_ending_that_cannot_be_reached_has_no_page(example: Experience) -> None:
    lost = example.nodes | {"eiland": Ending(type="ending", title="Eiland")}
    pages = endings(example.model_copy(update={"nodes": lost}), ways(example))
    assert "eiland" not in {page.node for page in pages}


@settings(max_examples=150, deadline=None)
@given(graphs(playable=True), st.sampled_from(["all", "any", "none"]))
def test_they_are_what_learners_read_at_the_end(item: Experience, how: str) -> None:
    data = item.model_dump(mode="json", exclude_defaults=True)
    for number, node in enumerate(data["nodes"].values()):
        if node["type"] == "ending":
            flags = [f"f{number % 3}", f"f{(number + 1) % 3}"]
            node["text"] = [f"Einde {number}", {"text": "Ook dit.", "when": {how: flags}}]
    item = Experience.model_validate(data)
    reached = all_from(item, (item.start, frozenset()))
    read = {
        (name, shown(node.text, flags))
        for name, flags in reached
        if isinstance(node := item.nodes[name], Ending)
    }
    pages = endings(item, ways(item))
    assert {(page.node, page.text) for page in pages} == read
    for page in pages:
        lengths = [
            len(state.route)
            for state in ways(item)[page.node]
            if state.flags & page.asked == page.flags
        ]
        assert len(page.way.route) == min(lengths)
        assert page.way.flags & page.asked == page.flags
