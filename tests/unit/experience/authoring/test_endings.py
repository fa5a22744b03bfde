"""Read every ending: each page that somebody can end on, once, with the shortest way there."""

from graphs import all_from, graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.experience.authoring.endings import covering, endings
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


def test_a_few_pages_show_every_two_paragraphs_together_and_apart(example: Experience) -> None:
    flags = {f"f{n}": "Iets" for n in range(6)}
    data = example.model_dump(mode="json", exclude_defaults=True)
    said = {"effect": "partly", "happens": "A", "works": "B", "grow": "C"}
    data |= {"flags": flags, "start": "k0", "nodes": {}}
    for n in range(6):
        to = f"k{n + 1}" if n < 5 else "eind"
        data["nodes"][f"k{n}"] = {
            "type": "choice",
            "title": "K",
            "prompt": "En?",
            "choices": [
                {"id": "ja", "text": "Ja", "next": to, "set": [f"f{n}"], "feedback": said},
                {"id": "nee", "text": "Nee", "next": to, "feedback": said},
            ],
        }
    text = ["Stil."] + [{"text": flag, "when": {"all": [flag]}} for flag in flags]
    data["nodes"]["eind"] = {"type": "ending", "title": "Einde", "text": text}
    item = Experience.model_validate(data)
    pages = endings(item, ways(item))
    few = covering(pages)
    assert len(pages) == 64
    assert len(few) <= 12
    assert set(few) <= set(pages)
    for one in flags:
        for other in flags:
            stand = {(one in page.flags, other in page.flags) for page in few}
            assert len(stand) == (2 if one == other else 4)


def test_an_ending_that_asks_for_nothing_has_its_one_page(example: Experience) -> None:
    plain = Ending(type="ending", title="Einde", text="Klaar.")
    item = example.model_copy(update={"start": "einde", "nodes": {"einde": plain}})
    pages = endings(item, ways(item))
    assert covering(pages) == pages
    assert len(pages) == 1
    assert covering(()) == ()


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
