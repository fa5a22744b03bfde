"""The player's pages on the way, as a browser without JavaScript meets them."""

from urllib.parse import urlsplit

import pytest
from browsing import form_fields
from visits import GARDEN, MODULE, School

from lti_tool.db import db
from lti_tool.experience.library import publishing
from lti_tool.services import services

pytestmark = pytest.mark.usefixtures("no_name_is_misspelt")


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


class TestTheWay:
    def test_the_first_page_says_what_to_expect_in_one_line(self, garden: School) -> None:
        tab = garden.open("tuin")
        assert (tab.page, tab.completion, tab.title) == ("scene", "none", "Bij het hek")
        assert "Ongeveer 5 minuten." in tab.text
        assert "Geen collega, trainer of leidinggevende kan je keuzes zien." in tab.text
        assert "Je leeromgeving hoort alleen dat je klaar bent." in tab.text
        assert "De tuin" in tab.text
        tab.onward()
        assert "kan je keuzes zien" not in tab.text

    def test_every_page_of_a_way_says_what_it_is(self, garden: School) -> None:
        tab = garden.open("tuin")
        seen = [tab.page]
        for step in (
            tab.onward,
            lambda: tab.choose("vraag"),
            tab.onward,
            tab.onward,
            lambda: tab.choose("samen"),
            tab.onward,
            tab.onward,
        ):
            step()
            seen.append(tab.page)
        assert seen == [
            "scene",
            "choice",
            "feedback",
            "open",
            "choice",
            "feedback",
            "reflect",
            "ending",
        ]
        assert tab.completion == "recorded"

    def test_a_choice_is_one_form_with_radio_buttons_and_one_submit_button(
        self, garden: School
    ) -> None:
        tab = garden.open("tuin").onward()
        [form] = tab.html.all("form")
        assert [radio.attrs["value"] for radio in form.all("input[type=radio]")] == [
            "vraag",
            "stil",
        ]
        assert len(form.all("button")) == 1
        assert form.one("legend").text == "Wat zeg je?"

    @pytest.mark.parametrize("page", ["scene", "feedback", "open", "reflect"])
    def test_every_other_page_has_one_step_forward(self, garden: School, page: str) -> None:
        tab = garden.open("tuin")
        while tab.page != page:
            if tab.page == "choice":
                tab.choose(tab.html.one("input[type=radio]").attrs["value"])
            else:
                tab.onward()
        assert len(tab.html.all("[data-next]")) == 1

    def test_feedback_comes_in_its_fixed_order(
        self, garden: School, effects: dict[str, str]
    ) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        words = ["Hoe gaat het?", "Wat er gebeurt", "Een glimlach.", effects["strong"]]
        words += ["Je vraagt.", "Wacht langer.", "Rust helpt.", "Ga verder"]
        words += ["Probeer een andere reactie"]
        places = [tab.text.index(word) for word in words]
        assert places == sorted(places)

    @pytest.mark.parametrize(
        ("way", "effect"),
        [
            (["vraag"], "strong"),
            (["stil"], "depends"),
            (["vraag", "los"], "partly"),
            (["vraag", "weg"], "counter"),
        ],
    )
    def test_an_effect_is_words_with_a_picture_that_says_nothing_aloud(
        self, garden: School, way: list[str], effect: str, effects: dict[str, str]
    ) -> None:
        tab = garden.open("tuin").onward()
        for number, choice in enumerate(way):
            if number:
                tab.onward().onward()
            tab.choose(choice)
        [shown] = tab.html.all("p.effect")
        assert shown.text == effects[effect]
        assert shown.one("svg").attrs["aria-hidden"] == "true"

    def test_another_reaction_can_be_tried(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        tab.send(tab.button("Probeer een andere reactie"))
        assert tab.page == "choice"
        tab.choose("stil")
        assert "Een knik." in tab.text

    def test_a_reaction_under_a_condition_is_offered_only_then(self, garden: School) -> None:
        for first, offered in (("vraag", ["samen", "los", "weg"]), ("stil", ["los", "weg"])):
            tab = garden.open("tuin", first).onward().choose(first).onward().onward()
            radios = tab.html.all("input[type=radio]")
            assert [radio.attrs["value"] for radio in radios] == offered

    def test_choosing_nothing_says_so_and_changes_nothing(self, garden: School) -> None:
        tab = garden.open("tuin").onward()
        before = garden.run.state
        tab.send(tab.html.one("form").one("button"))
        assert (tab.response.status_code, tab.page) == (422, "choice")
        assert "Kies eerst een reactie" in tab.html.one("[role=alert]").text
        assert garden.run.state == before

    def test_after_a_step_a_refresh_repeats_nothing(self, garden: School) -> None:
        tab = garden.open("tuin").onward()
        assert tab.response.request.method == "GET"
        assert [answer.status_code for answer in tab.response.history] == [303]

    def test_an_old_page_shows_where_the_learner_is_now(self, garden: School) -> None:
        tab = garden.open("tuin").onward()
        old = tab.html.one("form").one("button")
        tab.choose("vraag").onward()
        assert tab.page == "open"
        tab.send(old, choice="stil")
        assert (tab.page, tab.response.status_code) == ("open", 200)

    def test_reactions_in_any_order_keep_that_order(self, school: School) -> None:
        school.publish(GARDEN.replace("    shuffle: false\n", ""))
        orders = []
        for sub in "abcdefgh":
            tab = school.open("tuin", sub).onward()
            order = [radio.attrs["value"] for radio in tab.html.all("input[type=radio]")]
            again = school.open("tuin", sub)
            assert order == [radio.attrs["value"] for radio in again.html.all("input[type=radio]")]
            orders.append(order)
        assert ["vraag", "stil"] in orders
        assert ["stil", "vraag"] in orders


class TestWhatStaysOnThePage:
    def test_how_sure_one_is_comes_back_beside_the_feedback_and_is_gone_after_it(
        self, garden: School
    ) -> None:
        tab = garden.open("tuin").onward()
        assert "Hoe zeker ben je" in tab.text
        form = tab.html.one("input[type=radio]").closest("form")
        assert {name for name, _ in form_fields(form)} == {"s", "at", "sure"}
        tab.send(form.one("button"), choice="vraag", sure="doubting")
        assert "Ik twijfel" in tab.html.one(".sure-then").text
        assert "Ik twijfel" in tab.open().text
        tab.send(tab.button("Probeer een andere reactie"))
        tab.send(tab.html.one("input[type=radio]").closest("form").one("button"), choice="stil")
        assert tab.html.all(".sure-then") == []
        tab.onward()
        assert "doubting" not in services().vault.unseal(garden.run.state)

    def test_ones_own_words_have_no_name_and_stand_in_no_form(
        self, garden: School, effects: dict[str, str]
    ) -> None:
        tab = garden.open("tuin").onward().choose("vraag").onward()
        written = tab.html.one("textarea")
        assert "name" not in written.attrs
        assert written.closest("form") is None
        compare = tab.html.one("details.compare")
        assert [example.one("h2").text for example in compare.all("article")] == [
            "Fijn dat u er bent.",
            "Ik leg het uit.",
        ]
        assert effects["limited"] in compare.text

    def test_a_check_is_answered_without_any_field(self, school: School) -> None:
        school.publish(MODULE)
        tab = school.open("wachten")
        options = tab.html.all("details.option")
        assert [option.one("summary").text for option in options] == [
            "Ze geeft ruimte.",
            "Ze schuurt.",
        ]
        assert all(option.closest("form") is None for option in options)
        assert tab.html.all("input[type=radio]") == []

    @pytest.mark.parametrize("item", ["tuin", "wachten"])
    def test_no_control_outside_forms_and_no_surprise_inside(
        self, garden: School, item: str
    ) -> None:
        """What is sent: the proof, the position, a reaction, a place, a text to be saved; for the
        logbook a hint with the way back to it, and at the end a sentence with its day, and what
        one says to the makers."""
        garden.publish(MODULE)
        tab = garden.open(item)
        sent: set[str] = set()
        for _ in range(20):
            for form in tab.html.all("form"):
                names = {one.attrs["name"] for one in form.walk() if "name" in one.attrs}
                sent |= names
            if tab.page == "ending":
                break
            if tab.page == "choice":
                tab.choose(tab.html.one("input[type=radio]").attrs["value"])
            else:
                tab.onward()
        moves = {"s", "at", "choice", "sure", "place", "text", "keep", "node"}
        later = {"item", "part", "step", "reaction", "sentence", "day", "recognised", "missed"}
        assert sent <= moves | later


class TestReflecting:
    def reflecting(self, garden: School):
        tab = garden.open("tuin").onward().choose("vraag").onward().onward()
        return tab.choose("los").onward()

    def test_the_main_button_saves_what_stands_there_and_goes_on(self, garden: School) -> None:
        tab = self.reflecting(garden)
        assert tab.html.one("[data-next]").text == "Bewaar en ga verder"
        tab.press("[data-next]", text="Vraag <eerst>.\r\nLuister dan.")
        assert tab.page == "ending"
        assert len(garden.reflections) == 1
        assert "Vraag <eerst>.\nLuister dan." in "".join(tab.html.one("blockquote").words)

    def test_without_saving_nothing_is_saved(self, garden: School) -> None:
        tab = self.reflecting(garden)
        tab.press("[data-skip]", text="Toch maar niet.")
        assert tab.page == "ending"
        assert garden.reflections == []

    def test_an_empty_text_is_not_saved(self, garden: School) -> None:
        tab = self.reflecting(garden).onward()
        assert tab.page == "ending"
        assert garden.reflections == []

    def test_what_was_not_written_on_the_way_can_be_kept_at_the_end(self, garden: School) -> None:
        tab = self.reflecting(garden).onward()
        tab.send(tab.html.one(".own").one("textarea"), text="Eerst groeten.")
        [answer] = tab.response.history
        assert urlsplit(answer.headers["Location"]).fragment == "terugblik"
        assert (tab.page, tab.title) == ("ending", "Het loopt door")
        assert "Eerst groeten." in tab.html.one(".own").text

    def test_a_saved_text_comes_back_and_can_be_erased(self, garden: School) -> None:
        tab = self.reflecting(garden)
        tab.press("[data-next]", text="Vraag eerst.")
        tab.send(tab.button("Opnieuw vanaf: Het afscheid")).choose("los").onward()
        assert "".join(tab.html.one("textarea").words) == "Vraag eerst."
        assert "Bewaard." in tab.text
        tab.send(tab.button("Wis deze tekst"))
        assert tab.page == "reflect"
        assert "".join(tab.html.one("textarea").words) == ""
        assert garden.reflections == []


class TestMicroModules:
    def test_one_page_and_then_the_end(self, garden: School) -> None:
        garden.publish(MODULE)
        tab = garden.open("wachten")
        assert (tab.page, tab.title) == ("scene", "Wachten")
        tab.onward()
        assert (tab.page, tab.completion) == ("ending", "recorded")
        assert "Eerder afgerond" not in tab.text
        assert "Eerder afgerond" in garden.open("wachten").text
        tab.press("[data-replay]")
        assert tab.page == "scene"

    def test_a_text_saved_in_it_comes_back(self, school: School) -> None:
        school.publish(MODULE)
        tab = school.open("wachten")
        tab.send(tab.button("Bewaar"), text="Gisteren.")
        assert "".join(tab.html.one("textarea").words) == "Gisteren."

    def test_feedback_leads_on_to_one_that_can_be_read(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        assert "Micromodule" not in tab.text  # not in the library yet
        garden.publish(MODULE)
        garden.clock.turn(minutes=2)
        tab.open()
        tab.press(f"[href={tab.url('/play/tuin/read/wachten')}]")
        assert (tab.page, tab.title) == ("reading", "Wachten")
        assert tab.html.all("textarea") == []
        tab.press(f"[href={tab.url('/play/tuin/')}]")
        assert tab.page == "feedback"

    @pytest.mark.parametrize("slug", ["tuin", "niets"])
    def test_nothing_else_can_be_read_that_way(self, garden: School, slug: str) -> None:
        assert garden.open("tuin").open(f"/play/tuin/read/{slug}").response.status_code == 404


class TestDesigners:
    def test_they_land_on_what_this_activity_is(self, garden: School) -> None:
        tab = garden.open("tuin", designer=True)
        assert (tab.page, tab.title) == ("teacher", "De tuin")
        assert "Wie klaar is, en wanneer." in tab.text
        assert "Geen score, geen keuzes" in tab.text
        assert "Wie groet bij jullie?" in tab.text
        assert garden.run is None

    def test_they_play_for_real_and_are_told_that_nothing_is_reported(self, garden: School) -> None:
        tab = garden.open("tuin", designer=True).onward()
        assert tab.page == "scene"
        assert "Er wordt niets gemeld." in tab.text
        tab.finish("vraag", "los")
        assert (tab.page, tab.completion) == ("ending", "none")
        assert "Er wordt niets gemeld." in tab.html.one("#completion").text
        assert garden.completions == []
        assert garden.open("tuin", designer=True).page == "teacher"

    def test_a_link_that_cannot_report_says_why_and_what_to_do(self, garden: School) -> None:
        tab = garden.open("tuin", designer=True, line_item=None)
        assert tab.completion == "unreportable"
        assert "op een plek die niet kan melden" in tab.text
        assert "voegt haar opnieuw toe als eigen activiteit" in tab.text

    def test_a_withdrawn_item_that_nobody_can_start_is_an_error(self, garden: School) -> None:
        publishing.withdraw(db.session(), "tuin", garden.clock())
        db.session.commit()
        assert garden.open("tuin", designer=True).error == "item-withdrawn"
