"""What choices change: two learners who differ in one reaction, and whether they can ever tell."""

from copy import deepcopy
from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest
from effort import effort
from graphs import FLAGS, all_from, graphs, on_from
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.experience.checks.all import check
from lti_tool.experience.checks.consequence import consequence
from lti_tool.experience.checks.drama import check_drama
from lti_tool.experience.checks.flow import Flow
from lti_tool.experience.checks.readings import check_readings, readings
from lti_tool.experience.document.model import (
    ChoiceNode,
    Ending,
    Experience,
    Node,
    Route,
    VisibleNode,
)
from lti_tool.experience.document.passages import shown

SAID = {"happens": "Hij knikt.", "works": "Je luistert.", "grow": "Vraag door."}


def reaction(name: str, to: str, *flags: str, effect: str = "partly", **more: Any) -> Any:
    feedback = {"effect": effect, **SAID}
    more.setdefault("feedback", feedback)
    return {"id": name, "text": f"Zin {name}", "next": to, "set": flags, **more}


def choice(*reactions: Any, **more: Any) -> Any:
    return {"type": "choice", "title": "Keuze", "prompt": "En?", "choices": reactions, **more}


def scene(to: str, text: Any = "De bel.", **more: Any) -> Any:
    return {"type": "scene", "title": "Gang", "next": to, "text": text, **more}


def ending(text: Any = "Het is stil.", **more: Any) -> Any:
    return {"type": "ending", "title": "Einde", "text": text, **more}


def when(text: str, *flags: str) -> Any:
    return {"text": text, "when": {"all": flags}}


def item(**nodes: Any) -> Experience:
    head = {"format": "experience/1", "id": "a", "lang": "nl", "title": "A"}
    flags = dict.fromkeys(("a", "b", "c"), "Iets")
    named = {name.replace("_", "-"): node for name, node in nodes.items()}
    return Experience.model_validate(
        {**head, "flags": flags, "start": next(iter(named)), "nodes": named}
    )


def two(to: str = "eind", other: str = "eind", set_one: str = "", set_other: str = "") -> Any:
    return choice(
        reaction("een", to, *set_one.split()), reaction("twee", other, *set_other.split())
    )


ROUTE = {"type": "route", "cases": [{"when": {"all": ["a"]}, "next": "gang"}], "next": "eind"}
SAME_ROUTE = {"type": "route", "cases": [{"when": {"all": ["a"]}, "next": "eind"}], "next": "eind"}
ASKED = reaction("drie", "eind", when={"all": ["a"]})
SEES_A = ["Het is stil.", when("Er staat thee.", "a")]

MATTERS = {
    "another scene": item(k=two("gang"), gang=scene("eind"), eind=ending()),
    "another ending": item(k=two("eind", "slot"), eind=ending(), slot=ending("Dag.")),
    "a paragraph of the next page": item(k=two(set_one="a"), eind=ending(SEES_A)),
    "a paragraph much later": item(
        k=two("gang", "gang", "a"), gang=scene("hal"), hal=scene("eind"), eind=ending(SEES_A)
    ),
    "what to talk about": item(k=two(set_one="a"), eind=ending(studyday=SEES_A)),
    "a reaction that is offered": item(
        k=two("l", "l", "a"), l=choice(reaction("x", "eind"), ASKED), eind=ending()
    ),
    "an invisible fork": item(
        k=two("weg", "weg", "a"), weg=ROUTE, gang=scene("eind"), eind=ending()
    ),
    "later feedback": item(
        k=two("l", "l", "a"),
        l=choice(
            reaction("x", "eind", feedback={"effect": "partly", **SAID, "happens": SEES_A}),
            reaction("y", "eind"),
        ),
        eind=ending(),
    ),
    "what somebody thinks in later feedback": item(
        k=two("l", "l", "a"),
        l=choice(
            reaction(
                "x",
                "eind",
                feedback={"effect": "partly", **SAID, "inside": [{"who": "n", "text": SEES_A}]},
            ),
            reaction("y", "eind"),
        ),
        eind=ending(),
    ),
    "two flags that are told apart": item(
        k=two(set_one="a", set_other="b"), eind=ending([when("A.", "a"), when("B.", "b")])
    ),
    "a scene after a loop": item(
        k=choice(reaction("x", "k"), reaction("y", "eind")), eind=ending()
    ),
}
IDLE = {
    "the same place": item(k=two(), eind=ending()),
    "a flag that nothing asks for": item(k=two(set_one="a"), eind=ending()),
    "the same flag": item(k=two(set_one="a", set_other="a"), eind=ending(SEES_A)),
    "a fork of which both ways lead on alike": item(
        k=two("weg", "weg", "a"), weg=SAME_ROUTE, eind=ending()
    ),
    "a detour past the same words": item(
        k=two("gang", "hal"), gang=scene("eind"), hal=scene("eind"), eind=ending()
    ),
    "flags that are not told apart": item(
        k=two(set_one="a", set_other="b"),
        eind=ending(["Stil.", {"text": "Iets.", "when": {"any": ["a", "b"]}}]),
    ),
    "a flag that everybody gets on the way": item(
        k=two("l", "l", "a"),
        l=choice(reaction("x", "eind", "a"), reaction("y", "eind", "a")),
        eind=ending(SEES_A),
    ),
    "its own feedback": item(
        k=choice(
            reaction("x", "eind", "a", feedback={"effect": "strong", **SAID, "happens": "Ja."}),
            reaction("y", "eind"),
        ),
        eind=ending(),
    ),
    "notes for whoever leads the group": item(k=two(set_one="a"), eind=ending(facilitator=SEES_A)),
    "thoughts as a scene opens, without a chair": item(
        k=two(set_one="a"), eind=ending(inside=[{"who": "n", "text": SEES_A}])
    ),
}


@pytest.mark.parametrize("name", MATTERS)
def test_a_choice_is_consequential_by(name: str) -> None:
    first = consequence(MATTERS[name]).choices[0]
    assert first.matters
    assert first.places


@pytest.mark.parametrize("name", IDLE)
def test_a_choice_is_not_consequential_by(name: str) -> None:
    assert not consequence(IDLE[name]).choices[0].matters


def test_the_report_says_between_which_reactions_and_where_it_is_first_read() -> None:
    [first] = consequence(MATTERS["a paragraph much later"]).choices
    assert first.between == ("een", "twee")
    assert first.places == (("nodes", "eind", "text", 1, "when"),)
    [other] = consequence(MATTERS["another ending"]).choices
    assert other.places == (("nodes", "eind"), ("nodes", "slot"))


def test_the_share_counts_choices_that_can_be_reached() -> None:
    nodes = {"k": two("l", "l", "a"), "l": two(), "los": two(), "eind": ending(SEES_A)}
    report = consequence(item(**nodes))
    assert [(one.node, one.matters) for one in report.choices] == [("k", True), ("l", False)]
    assert report.share == 0.5
    assert consequence(item(eind=ending())).share == 1.0


def test_an_ending_tells_its_pages_apart() -> None:
    nodes = {
        "k": two("l", "l", "a"),
        "l": two("m", "m", "b"),
        "m": scene("eind", ["Stil.", when("Je belde.", "b")]),
        "eind": ending(SEES_A),
    }
    [held] = consequence(item(**nodes)).endings
    assert (held.node, held.pages, held.deaf) == ("eind", 2, False)
    assert held.alike == (("a",), ("a", "b"))


def test_an_ending_that_only_one_reaction_leads_to_may_always_say_the_same() -> None:
    nodes = {"k": two("eind", "slot"), "eind": ending(), "slot": ending("Dag.")}
    assert [one.deaf for one in consequence(item(**nodes)).endings] == [False, False]
    [deaf] = consequence(item(k=two(), eind=ending())).endings
    assert deaf.deaf


def codes(document: Experience) -> list[str]:
    return [found.kind for found in check_drama(Flow(document))]


def test_an_experience_with_few_consequential_choices_is_told_so() -> None:
    def made(last: Any) -> Experience:
        return item(k=two("l", "l", "a"), l=two("m", "m"), m=last, eind=ending(SEES_A))

    assert codes(made(two())) == ["W7", "W7", "W10"]
    by_b = item(
        k=two("l", "l", "a"), l=two("m", "m", "b"), m=two(), eind=ending([*SEES_A, when("B.", "b")])
    )
    assert codes(by_b) == ["W7"]


@pytest.mark.parametrize(
    ("positions", "shuffle", "expected"),
    [
        ((2, 2, 2), False, "W11"),
        ((2, 2, 2), True, ""),
        ((2, 2), False, ""),
        ((1, 2, 2), False, ""),
        ((2, 2, 2, 1), True, "W11.spread"),
        ((2, 2, 1, 1), True, ""),
        ((3, 3, 3, 3, 1), False, "W11.spread"),
    ],
)
def test_strong_reactions_at_one_place(
    positions: tuple[int, ...], shuffle: bool, expected: str
) -> None:
    nodes: dict[str, Any] = {}
    for number, strong in enumerate(positions):
        to = f"k{number + 1}" if number + 1 < len(positions) else "eind"
        reactions = [
            reaction(f"r{n}", to, effect="strong" if n == strong else "partly") for n in (1, 2, 3)
        ]
        nodes[f"k{number}"] = choice(*reactions, shuffle=shuffle)
    document = item(**nodes, eind=ending())
    assert consequence(document).positions.total() == len(positions)
    assert [code for code in codes(document) if code.startswith("W11")] == [expected] * bool(
        expected
    )


# --- Rules that hold for any graph ---------------------------------------------------------------


def with_paragraphs(document: Experience, choose: Random) -> Experience:
    """Add paragraphs with conditions to the texts of a random graph."""

    def passage(sure: bool) -> Any:
        some = [
            {
                "text": f"Alinea {n}",
                "when": {choose.choice(("all", "any", "none")): choose.sample(FLAGS, 1)},
            }
            for n in range(choose.randint(1, 2))
        ]
        return ["Altijd.", *some] if sure else some

    data = document.model_dump(mode="json", exclude_defaults=True)
    for node in data["nodes"].values():
        if node["type"] != "route" and choose.random() < 0.5:
            node["text"] = passage(choose.random() < 0.5)
        for one in node.get("choices", ()):
            if choose.random() < 0.3:
                one["feedback"]["happens"] = passage(choose.random() < 0.5)
    return Experience.model_validate(data)


def page(node: Node, flags: frozenset[str]) -> object:
    """What is read at a node, without what only follows it."""
    assert isinstance(node, VisibleNode)
    words = [node.title, shown(node.text, flags)]
    if isinstance(node, ChoiceNode):
        words += [(c.text, shown(c.feedback.happens, flags | set(c.set)))
                  for c in node.choices if c.when is None or c.when.holds(flags)]  # fmt: skip
    return (node.type, *words)


def visible(document: Experience, pair: tuple[str, frozenset[str]]) -> Any:
    seen = set()
    while isinstance(document.nodes[pair[0]], Route):
        if pair in seen:
            return None
        seen.add(pair)
        [pair] = on_from(document, pair)
    return pair


def plainly_consequential(document: Experience, name: str) -> bool:
    """Follow single pairs of learners, flag set by flag set."""
    node = document.nodes[name]
    assert isinstance(node, ChoiceNode)
    reached = all_from(document, (document.start, frozenset()))
    for flags in [flags for at, flags in reached if at == name]:
        offered = [c for c in node.choices if c.when is None or c.when.holds(flags)]
        for one, other in combinations(offered, 2):
            todo = [((one.next, flags | set(one.set)), (other.next, flags | set(other.set)))]
            met = set(todo)
            while todo:
                first, second = (visible(document, each) for each in todo.pop())
                if first is None or second is None:
                    continue
                there = [document.nodes[each[0]] for each in (first, second)]
                if first[0] != second[0]:
                    return True  # titles differ in these graphs
                if page(there[0], first[1]) != page(there[1], second[1]):
                    return True
                for pair in zip(on_from(document, first), on_from(document, second), strict=True):
                    if pair not in met:
                        met.add(pair)
                        todo.append(pair)
    return False


@settings(max_examples=150, deadline=None)
@given(graphs(playable=True), st.randoms(use_true_random=False))
def test_it_agrees_with_following_every_pair_of_learners(
    document: Experience, choose: Random
) -> None:
    document = with_paragraphs(document, choose)
    for one in consequence(document).choices:
        assert one.matters == plainly_consequential(document, one.node), one


def renamed(document: Experience) -> Experience:
    """The same experience with other names for its nodes, flags and reactions, in another order."""
    data = deepcopy(document.model_dump(mode="json", exclude_defaults=True))
    nodes = {name: f"z{len(name)}-{name[::-1]}" for name in data["nodes"]}

    def change(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: change(each, name) for name, each in value.items()}
        if isinstance(value, list):
            if key in {"set", "all", "any", "none"}:
                return [f"y-{each}" for each in value]
            return [nodes[each] if key == "offer_retry" else change(each) for each in value]
        if key == "next":
            return nodes[value]
        return f"w-{value}" if key == "id" else value

    data = change(data)
    data["start"] = nodes[data["start"]]
    data["nodes"] = {nodes[name]: node for name, node in reversed(data["nodes"].items())}
    data["flags"] = {f"y-{flag}": what for flag, what in reversed(data["flags"].items())}
    return Experience.model_validate(data)


@settings(max_examples=150, deadline=None)
@given(graphs(playable=True), st.randoms(use_true_random=False))
def test_names_and_order_make_no_difference(document: Experience, choose: Random) -> None:
    document = with_paragraphs(document, choose)
    one, other = consequence(document), consequence(renamed(document))
    assert one.share == other.share
    assert one.positions == other.positions
    assert sorted((e.pages, e.deaf, e.alike is None) for e in one.endings) == sorted(
        (e.pages, e.deaf, e.alike is None) for e in other.endings
    )


@settings(max_examples=150, deadline=None)
@given(graphs(playable=True), st.randoms(use_true_random=False))
def test_what_must_be_said_is_said_to_everybody_when_the_check_accepts(
    document: Experience, choose: Random
) -> None:
    document = with_paragraphs(document, choose)
    flow = Flow(document)
    refused = {found.path for found in check_readings(flow) if found.kind == "E30"}
    silent = set()
    for name, flags in all_from(document, (document.start, frozenset())):
        node = document.nodes[name]
        for reading in readings(flow, name):
            after = flags
            if reading.reaction is not None:
                assert isinstance(node, ChoiceNode)
                taken = node.choices[reading.reaction]
                if taken.when is not None and not taken.when.holds(flags):
                    continue
                after = flags | set(taken.set)
            if reading.required and not shown(reading.passage, after):
                silent.add(reading.place)
    assert silent == refused


@settings(max_examples=150, deadline=None)
@given(graphs(playable=True), st.randoms(use_true_random=False))
def test_endings_are_the_pages_that_learners_read(document: Experience, choose: Random) -> None:
    document = with_paragraphs(document, choose)
    reached = all_from(document, (document.start, frozenset()))
    for held in consequence(document).endings:
        node = document.nodes[held.node]
        assert isinstance(node, Ending)
        pages = {page(node, flags) for at, flags in reached if at == held.node}
        assert held.pages == len(pages)
        if held.alike is not None:
            one, other = (page(node, frozenset(flags)) for flags in held.alike)
            assert one == other


# --- Time ----------------------------------------------------------------------------------------


def tangled(reactions: int, set_by: Any, text: Any, last: Any) -> Experience:
    """500 nodes in a row over twelve flags."""
    flags = [f"f{n}" for n in range(12)]
    nodes: dict[str, Any] = {}
    for number in range(499):
        to = f"k{number + 1}"
        made = [reaction(f"r{n}", to, *set_by(number, n)) for n in range(reactions)]
        nodes[f"k{number}"] = choice(*made, text=text)
    nodes["k499"] = ending(last)
    head = {"format": "experience/1", "id": "a", "lang": "nl", "title": "A", "start": "k0"}
    return Experience.model_validate(head | {"flags": dict.fromkeys(flags, "F"), "nodes": nodes})


EVERY = [f"f{n}" for n in range(12)]
SLOW = {
    "all differences at the end": (
        3, lambda _, n: [EVERY[n]], "Stil.", ["Stil.", *(when("Ja.", flag) for flag in EVERY)]
    ),
    "flags that are never told apart": (
        5,
        lambda number, n: [EVERY[(number + n) % 12], EVERY[(number * 7 + n) % 12]],
        ["Stil.", {"text": "Iets.", "when": {"any": EVERY}}],
        ["Stil.", {"text": "Niets.", "when": {"none": EVERY}}],
    ),
    "many pages at the end": (
        3,
        lambda number, n: [EVERY[(number + n) % 12]] if n else [],
        "Stil.",
        ["Stil.", *(when(f"{one}{other}", one, other) for one, other in
                    list(combinations(EVERY, 2))[:39])],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_500_nodes_and_12_flags_are_checked_in_3_seconds(name: str) -> None:
    document = tangled(*SLOW[name])
    assert effort(lambda: check(document, today=date(2026, 11, 21), exists=None)) < 3
