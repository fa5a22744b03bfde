"""The last page of a way, and the truth about its completion."""

import pytest
from visits import COURSE, GARDEN, School, with_rule

from lti_tool.completion.models import DELIVERED
from lti_tool.db import db
from lti_tool.experience.play.models import Note

pytestmark = pytest.mark.usefixtures("no_name_is_misspelt")


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


class TestTheEnd:
    def test_it_shows_the_own_way_and_what_can_grow_without_labels(
        self, garden: School, effects: dict[str, str]
    ) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        assert tab.title == "Het loopt door"
        way = [
            (entry.one(".label").text, entry.one(".took").text, entry.one(".hint").one("p").text)
            for entry in tab.html.one(".path").all("li")
        ]
        assert way == [
            ("De groet", "Hoe gaat het?", "Wacht langer."),
            ("Het afscheid", "Dag.", "Spreek iets af."),
        ]
        assert not any(effect in tab.text for effect in effects.values())
        assert "Wie groet bij jullie?" in tab.text
        assert tab.button("Lees dit").attrs["href"] == "https://example.org/lees"
        assert tab.button("Terug naar de cursus").attrs["href"] == COURSE

    def test_a_later_launch_shows_that_it_was_done_and_not_how(self, garden: School) -> None:
        garden.open("tuin").finish("vraag", "los")
        garden.clock.turn(days=1)
        tab = garden.open("tuin")
        assert (tab.page, tab.completion, tab.title) == ("ending", "recorded", "De tuin")
        assert "Afgerond op 21 november 2026, 21:30." in tab.text
        for word in ("Hoe gaat het?", "Dag.", "Wacht langer.", "Het loopt door"):
            assert word not in tab.text
        tab.press("[data-replay]")
        assert (tab.page, tab.title) == ("scene", "Bij het hek")

    def test_one_can_go_back_to_a_choice_that_it_offers(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        assert [
            button.text for button in tab.html.all("button") if "Opnieuw vanaf" in button.text
        ] == ["Opnieuw vanaf: De groet", "Opnieuw vanaf: Het afscheid"]
        tab.send(tab.button("Opnieuw vanaf: Het afscheid"))
        assert (tab.page, tab.title) == ("choice", "Het afscheid")

    def test_the_print_button_waits_for_javascript(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        assert "hidden" in tab.html.one("[data-print]").attrs

    def test_without_a_way_back_no_link_is_made_up(self, garden: School) -> None:
        tab = garden.open("tuin", return_url=None).finish("vraag", "los")
        assert "Terug naar de cursus" not in tab.text
        assert "Je kunt deze pagina sluiten" in tab.text

    def test_the_look_back_is_a_calendar_file(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        assert "Groette je; en hoe?" in tab.text
        tab.press("[data-calendar]")
        assert tab.response.mimetype == "text/calendar"
        assert "attachment" in tab.response.headers["Content-Disposition"]
        lines = tab.response.text.split("\r\n")
        assert "DTSTART;VALUE=DATE:20261205" in lines
        assert "SUMMARY:De tuin" in lines
        assert "DESCRIPTION:Groette je\\; en hoe?" in lines

    def test_ones_own_sentence_comes_on_the_day_that_one_chose(self, garden: School) -> None:
        """At an ending that plans nothing too; and nothing is kept of it."""
        tab = garden.open("tuin").finish("vraag", "weg")
        tab.press("[data-calendar]", sentence="Ik zeg dag, en wacht.", day="2027-01-11")
        lines = tab.response.text.split("\r\n")
        assert "DTSTART;VALUE=DATE:20270111" in lines
        assert "DESCRIPTION:Ik zeg dag\\, en wacht." in lines
        assert garden.rows(Note) == []

    @pytest.mark.parametrize("day", ["2026-11-21", "2027-11-01", "vrijdag"])
    def test_a_day_that_cannot_be_is_refused(self, garden: School, day: str) -> None:
        tab = garden.open("tuin").finish("vraag", "weg")
        assert tab.press("[data-calendar]", day=day).error == "step-impossible"

    def test_before_the_end_there_is_no_calendar_file(self, garden: School) -> None:
        tab = garden.open("tuin").onward()
        assert tab.open("/play/tuin/followup.ics").error == "not-found"


class TestTheTruthAboutACompletion:
    def test_noted(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        assert tab.completion == "recorded"
        assert "Genoteerd: je bent klaar." in tab.html.one("#completion").text

    def test_delivered(self, garden: School) -> None:
        garden.open("tuin").finish("vraag", "los")
        [row] = garden.completions
        garden.clock.turn(minutes=1)
        row.state, row.delivered_at = DELIVERED, garden.clock()
        db.session.commit()
        tab = garden.open("tuin")
        assert tab.completion == "delivered"
        assert "sinds 21 november, 21:31" in tab.html.one("#completion").text

    def test_not_delivered_yet_with_a_button_to_try_again(self, garden: School) -> None:
        garden.open("tuin").finish("vraag", "los")
        [row] = garden.completions
        row.obstacle, row.due_at = "unreachable", garden.clock().replace(year=2027)
        db.session.commit()
        tab = garden.open("tuin")
        assert tab.completion == "waiting"
        assert "je afronding is veilig" in tab.html.one("#completion").text
        tab.send(tab.button("Probeer het nu opnieuw"))
        assert tab.page == "ending"
        assert garden.completions[0].due_at == garden.clock()

    def test_a_link_that_cannot_report_says_so_before_the_start(self, garden: School) -> None:
        tab = garden.open("tuin", line_item=None)
        assert (tab.page, tab.completion) == ("scene", "unreportable")
        assert "deze link kan je leeromgeving niet laten weten" in tab.text
        tab.finish("vraag", "los")
        assert tab.completion == "unreportable"
        assert "Hier staat je afronding wel" in tab.html.one("#completion").text

    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ({"rule": "none"}, "Deze activiteit meldt niets."),
            ({"rule": "reflection"}, "Bewaar onderweg een terugblik"),
            ({"rule": "named_endings", "endings": ["einde-kort"]}, "bij een ander einde"),
        ],
    )
    def test_not_complete_says_what_is_missing(
        self, school: School, rule: dict[str, object], words: str
    ) -> None:
        school.publish(with_rule(GARDEN, **rule))
        tab = school.open("tuin").finish("vraag", "los")
        assert tab.completion == "none"
        assert words in tab.html.one("#completion").text

    def test_where_the_learner_decides_there_is_a_button(self, school: School) -> None:
        school.publish(with_rule(GARDEN, rule="self"))
        tab = school.open("tuin").finish("vraag", "los")
        assert tab.completion == "none"
        tab.onward()
        assert (tab.page, tab.completion) == ("ending", "recorded")
        assert tab.html.all("[data-next]") == []
