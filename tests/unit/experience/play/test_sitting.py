"""A guided intervision: one round per page, from one screen or each on their own device."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from visits import Browser, School, with_rule

from lti_tool.experience.document.model import Intervision
from lti_tool.experience.document.parsing import parse
from lti_tool.experience.play.engine import NotPossible
from lti_tool.experience.play.kinds import INTERVISION, kind_of, move, sitting
from lti_tool.experience.play.kinds.sitting import Sitting

TEXT = (Path(__file__).parents[1] / "data" / "intervisie.yaml").read_text("utf-8")


def item() -> Intervision:
    found = parse(TEXT, file="test.yaml").item
    assert isinstance(found, Intervision)
    return found


@pytest.fixture
def group(app: Flask, school: School) -> School:
    app.jinja_env.undefined = StrictUndefined  # no name in a template is misspelt
    school.publish(TEXT)
    return school


def begun(school: School, screen: str = "own", **how: Any) -> Browser:
    tab = school.open("meedenken", **how)
    return tab.press("[data-next]", choice=screen)


class TestMoves:
    def test_a_way_goes_round_by_round_to_the_end(self) -> None:
        at = INTERVISION.start(item())
        at = move(item(), at, "react", "shared", "")
        seen = [at]
        while not INTERVISION.ended(item(), at):
            at = move(item(), at, "proceed")
            seen.append(at)
        assert seen == [Sitting(number, shared=True) for number in (1, 2, 3, 4)]
        assert INTERVISION.completion_met(item(), at)
        assert not any(INTERVISION.completion_met(item(), one) for one in seen[:-1])

    @pytest.mark.parametrize(
        ("at", "name", "chosen"),
        [
            (Sitting(0), "proceed", ()),
            (Sitting(0), "retry", ()),
            (Sitting(0), "react", ("elsewhere", "")),
            (Sitting(1), "react", ("own", "")),
            (Sitting(4), "proceed", ()),
            (Sitting(4), "retry", ()),
            (Sitting(1), "finish", ()),
        ],
    )
    def test_what_a_page_does_not_offer_is_not_possible(
        self, at: Sitting, name: str, chosen: tuple[str, ...]
    ) -> None:
        with pytest.raises(NotPossible):
            move(item(), at, name, *chosen)

    @given(st.integers(0, 4), st.booleans())
    def test_a_place_comes_back_as_it_was_stored(self, number: int, shared: bool) -> None:
        at = Sitting(number, shared)
        assert sitting.load(item(), sitting.dump(at)) == at

    @given(st.text(max_size=12) | st.sampled_from(["own 5", "own -1", "own 1\n", "OWN 1", "own ١"]))
    def test_nothing_else_is_a_place(self, text: str) -> None:
        with pytest.raises(NotPossible):
            sitting.load(item(), text)

    def test_notes_have_a_place_at_the_rounds_in_which_people_write(self) -> None:
        assert kind_of(item()).places(item()) == {"round-2", "oogst"}


class TestPages:
    def test_it_begins_with_what_is_agreed_and_who_does_what(self, group: School) -> None:
        tab = group.open("meedenken")
        assert (tab.page, tab.title) == ("intervision", "Meedenken")
        for words in (
            "4 tot 6 mensen",
            "Wat hier gezegd wordt blijft hier.",
            "Let op de tijd.",
            "Het wordt een rondje tips.",
            "Eigen ervaring",
        ):
            assert words in tab.text

    @pytest.mark.parametrize("cookieless", [False, True])
    def test_each_round_has_a_page_and_an_address(self, group: School, cookieless: bool) -> None:
        tab = begun(group, cookieless=cookieless)
        assert (tab.page, tab.title) == ("intervision", "Eén moment")
        assert tab.main.attrs["data-address"].endswith("/play/meedenken/1")
        assert "Ronde 1 van 3" in tab.text
        assert tab.html.one("blockquote").text == "Eén moment, en dan één vraag."
        assert "Ongeveer 4 minuten" in tab.text  # also where no script counts
        assert "Luistert nu alleen: De collega’s." in tab.text
        tab.onward()
        assert tab.main.attrs["data-address"].endswith("/play/meedenken/2")
        assert "Is dit een vraag?" in tab.text
        tab.onward().onward()
        assert (tab.page, tab.title) == ("ending", "De laatste ronde zit erop")
        assert "Wat lukte?" in tab.text
        assert "Eigen ervaring" in tab.text

    def test_one_round_back_is_always_possible_and_rereading_changes_nothing(
        self, group: School
    ) -> None:
        tab = begun(group).onward()
        tab.open("/play/meedenken/1")
        assert (tab.title, tab.html.all("[data-pace]")) == ("Eén moment", [])
        assert "Terugkijken" in tab.text or "Ronde 1 van 3" in tab.text
        assert tab.onward().title == "Vragen"
        assert tab.open("/play/meedenken/9").title == "Vragen"
        assert tab.press("[data-before]").title == "Eén moment"
        assert tab.press("[data-before]").title == "Meedenken"
        assert tab.press("[data-next]", choice="shared").title == "Eén moment"

    def test_on_one_screen_for_all_nobody_types(self, group: School) -> None:
        tab = begun(group, "shared").onward()
        assert "plenary" in tab.main.attrs["class"].split()
        assert not tab.html.all("textarea")
        assert "Op papier: Welke vraag zette mij aan het denken?" in tab.text

    def test_a_note_is_not_sent_unless_it_is_saved(self, group: School) -> None:
        tab = begun(group).onward()
        note = tab.html.one("textarea")
        onward, saving = tab.html.one("[data-next]").closest("form"), note.closest("form")
        assert onward is not None and onward is not saving
        assert "wordt niet verstuurd" in tab.text
        tab.send(saving.one("button"), text="Wat zag ik zelf?")
        assert tab.html.one("textarea").text == "Wat zag ik zelf?"
        assert "Wat zag ik zelf?" in tab.open("/mine/logbook").text
        tab.open("/play/meedenken/").onward().onward()
        assert "Wat zag ik zelf?" in tab.text  # at the end, what was saved

    def test_whose_screen_it_is_has_to_be_said(self, group: School) -> None:
        tab = group.open("meedenken")
        form = tab.html.one("[data-next]").closest("form")
        assert form is not None
        token, at = (form.one(f"[name={name}]").attrs["value"] for name in ("s", "at"))
        tab.post("/play/meedenken/react", s=token, at=at)
        assert tab.response.status_code == 422
        assert "Kies eerst wie er naar dit scherm kijkt." in tab.text
        assert tab.post("/play/meedenken/react", s=token, at=at, choice="x").error == (
            "step-impossible"
        )

    def test_the_pages_are_light(self, group: School) -> None:
        tab = group.open("meedenken")
        assert len(tab.response.data) < 20_000
        assert len(begun(group).response.data) < 20_000


class TestCompletion:
    def test_the_last_round_completes_it_once(self, group: School) -> None:
        tab = begun(group).onward().onward()
        assert group.completions == []
        assert tab.onward().completion == "recorded"
        assert len(group.completions) == 1
        assert group.run is not None and group.run.state is None

    def test_it_may_report_nothing(self, group: School) -> None:
        group.publish(with_rule(TEXT, rule="none"))
        tab = begun(group).onward().onward().onward()
        assert (tab.page, tab.completion, group.completions) == ("ending", "none", [])

    def test_it_can_be_a_part_of_a_preparation(self, group: School) -> None:
        group.publish("format: preparation/1\nid: dag\nlang: nl\ntitle: Dag\nitems: [meedenken]\n")
        tab = group.open("dag").press("[data-next]").press("[data-next]", choice="own")
        tab.onward().onward().onward()
        assert tab.page == "ending"
        assert len(group.completions) == 1


class TestForThoseWhoTeach:
    def test_the_teacher_reads_the_rounds_and_tries_them(self, group: School) -> None:
        tab = group.open("meedenken", "juf", designer=True)
        assert tab.page == "teacher"
        assert "Begeleide intervisie" in tab.text
        assert "Klaar is wie voorbij de laatste ronde is." in tab.text
        assert [one.text for one in tab.html.one(".outline").all("li")] == [
            "Eén moment 4 minuten",
            "Vragen 6 minuten",
            "Oogst 5 minuten",
        ]
        assert "Eén moment, en dan één vraag." in tab.text  # to prepare
        tab.press("[data-play]").press("[data-next]", choice="own").onward().onward().onward()
        assert tab.page == "ending"
        assert group.run is None

    def test_designers_find_it_as_a_kind_of_its_own(self, group: School) -> None:
        picking = {"return_url": "https://lms.example/chosen", "multiple": True}
        picking |= {"accepts_links": True, "line_item": None, "data": None}
        tab = group.launch(None, "maker", designer=True, deep_linking=picking).open("/items/")
        assert "Begeleide intervisies" in tab.text
        tab.open("/items/?kind=intervision&q=oogst")
        assert [one.attrs["data-slug"] for one in tab.html.all(".item")] == ["meedenken"]
        tab.press("[data-look]")
        assert tab.page == "preview"
        assert "Oogst 5 minuten" in tab.text
