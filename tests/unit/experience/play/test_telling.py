"""How a story is told: by whom, to whom for the first time, and from another's chair."""

from typing import Any

import pytest
from visits import School

from lti_tool.experience.document.model import Experience
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.play import engine, telling
from lti_tool.experience.play.telling import Turn

TEXT = """
format: experience/1
id: bank
lang: nl
title: Op de bank
start: gang
flags: {open: Noor vertelt.}
completion: {rule: ending}
cast:
  noor: {name: Noor, role: "leerling, groep 7"}
  daan: {name: Daan}
chair: noor
sources: [{text: Een boek}, {text: Een artikel, url: "https://example.org/a"}]
nodes:
  gang:
    type: scene
    title: In de gang
    moment: woensdag, 12.15
    text:
      - Noor zit op de bank.
      - {who: noor, text: Laat maar.}
      - {who: noor, text: Het is niks.}
      - {who: daan, text: Zij begon!}
    inside: [{who: noor, text: Niet vragen.}]
    facilitator: Laat de groep even stil zijn.
    next: keus
  keus:
    type: choice
    title: De bank
    moment: woensdag, 12.20
    shuffle: false
    text: [{who: noor, text: Mag ik naar binnen?}]
    prompt: Wat doe je?
    inside: [{who: noor, text: Hij kijkt op zijn horloge.}]
    choices:
      - id: zit
        text: Je gaat zitten.
        set: [open]
        next: slot
        feedback:
          effect: strong
          happens: [{who: noor, text: Het was mijn schuld.}]
          works: Je blijft.
          grow: [{text: Vraag niets., when: {all: [open]}}, {text: Nooit., when: {none: [open]}}]
          look: {who: noor, mood: blij}
          inside: [{who: noor, text: Hij blijft.}]
      - id: loop
        text: Je loopt door.
        next: slot
        feedback: {effect: counter, happens: Stil., works: Rust., grow: Kijk om.,
          inside: [{who: noor, text: Zie je wel.}]}
  slot:
    type: ending
    title: De bel
    moment: woensdag, 12.30
    text:
      - {text: Noor komt naast je lopen., when: {all: [open]}}
      - {text: Noor loopt achteraan., when: {none: [open]}}
"""


@pytest.fixture(scope="module")
def bench() -> Experience:
    item = parse(TEXT.replace("          look: {who: noor, mood: blij}\n", ""), file="a").item
    assert isinstance(item, Experience)
    return item


def played(item: Experience, choice: str, *, to_the_end: bool = True) -> engine.State:
    state = engine.react(item, engine.proceed(item, engine.start(item)), choice)
    return engine.proceed(item, state) if to_the_end else state


def test_what_somebody_goes_on_saying_is_one_turn(bench: Experience) -> None:
    node: Any = bench.nodes["gang"]
    assert telling.turns(node.text, frozenset()) == (
        Turn(None, None, "Noor zit op de bank."),
        Turn("noor", None, "Laat maar.\n\nHet is niks."),
        Turn("daan", None, "Zij begon!"),
    )


@pytest.mark.parametrize(
    ("flags", "words"),
    [({"open"}, "Noor komt naast je lopen."), (set(), "Noor loopt achteraan.")],
)
def test_a_paragraph_is_there_only_while_its_condition_holds(
    bench: Experience, flags: set[str], words: str
) -> None:
    node: Any = bench.nodes["slot"]
    assert [turn.text for turn in telling.turns(node.text, flags)] == [words]


def test_nobody_is_introduced_twice(bench: Experience) -> None:
    assert telling.introduced(bench, engine.start(bench)) == frozenset()
    there = engine.proceed(bench, engine.start(bench))
    assert telling.introduced(bench, there) == {"noor", "daan"}


@pytest.mark.parametrize(("choice", "thought"), [("zit", "Hij blijft."), ("loop", "Zie je wel.")])
def test_the_chair_shows_the_own_way_with_the_thoughts_of_its_person(
    bench: Experience, choice: str, thought: str
) -> None:
    first, second = telling.from_chair(bench, played(bench, choice))
    assert (first.moment, [turn.text for turn in first.before], first.said, first.after) == (
        "woensdag, 12.15",
        ["Niet vragen."],
        "",
        (),
    )
    assert [turn.text for turn in second.before] == ["Hij kijkt op zijn horloge."]
    assert [turn.text for turn in second.after] == [thought]


class TestOnThePages:
    def test_dialogue_names_who_speaks_and_introduces_them_once(
        self, school: School, bench: Experience
    ) -> None:
        school.publish(bench)
        tab = school.open("bank")
        noor, daan = (line.one(".speaker") for line in tab.html.all(".line"))
        assert (noor.one("b").text, noor.one("span").text) == ("Noor", "leerling, groep 7")
        assert daan.text == "Daan"
        assert tab.html.one(".moment").text == "woensdag, 12.15"
        tab.onward()
        assert tab.html.one(".line").one(".speaker").text == "Noor"

    def test_thoughts_are_folded_under_the_name(self, school: School, bench: Experience) -> None:
        school.publish(bench)
        tab = school.open("bank").onward()
        assert "horloge" not in tab.text  # what is thought before is for the chair
        tab.choose("zit")
        folded = tab.html.one("details.inside")
        assert folded.one("summary").text == "Wat Noor denkt"
        assert "Hij blijft." in folded.text
        assert "Vraag niets." in tab.text
        assert "Nooit." not in tab.text

    def test_the_ending_tells_the_own_way_and_where_it_comes_from(
        self, school: School, bench: Experience
    ) -> None:
        school.publish(bench)
        tab = school.open("bank").finish("zit")
        assert "Noor komt naast je lopen." in tab.text
        assert "achteraan" not in tab.text
        assert [one.text for one in tab.html.one("[data-sources]").all("li")] == [
            "Een boek",
            "Een artikel",
        ]

    def test_the_chair_is_offered_only_in_the_tab_where_the_run_ended(
        self, school: School, bench: Experience
    ) -> None:
        school.publish(bench)
        tab = school.open("bank").finish("zit")
        tab.press("[data-chair]")
        assert (tab.page, tab.title) == ("scene", "Vanuit de stoel van Noor")
        assert "Hij kijkt op zijn horloge." in tab.text
        assert tab.onward().page == "ending"
        later = school.open("bank")
        assert later.html.all("[data-chair]") == []
        assert later.open("/play/bank/chair").page == "ending"

    def test_there_is_no_chair_before_the_end(self, school: School, bench: Experience) -> None:
        school.publish(bench)
        tab = school.open("bank").onward().choose("zit").open("/play/bank/chair")
        assert tab.page == "feedback"

    def test_who_leads_a_group_reads_how_and_a_learner_does_not(
        self, school: School, bench: Experience
    ) -> None:
        school.publish(bench)
        assert "Laat de groep even stil zijn." in school.open("bank", designer=True).text
        assert "Laat de groep" not in school.open("bank", "anna").text
