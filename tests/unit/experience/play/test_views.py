"""The player's pages, as a browser without JavaScript meets them."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import form_fields
from flask import Flask
from jinja2 import StrictUndefined
from visits import COURSE, GARDEN, MODULE, TOOL, School, statements, with_rule

from lti_tool.completion.models import DELIVERED
from lti_tool.db import db
from lti_tool.experience.library import catalogue
from lti_tool.experience.play.models import Note
from lti_tool.services import services

EFFECTS = {
    "strong": "Werkt hier goed",
    "partly": "Werkt hier gedeeltelijk",
    "limited": "Werkt hier beperkt",
    "counter": "Werkt hier averechts",
    "depends": "Hangt van de context af",
}


@pytest.fixture(autouse=True)
def no_name_is_misspelt(app: Flask) -> None:
    """What a template asks for and a view does not give is an error here, not an empty place."""
    app.jinja_env.undefined = StrictUndefined


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

    def test_feedback_comes_in_its_fixed_order(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        words = ["Hoe gaat het?", "Wat er gebeurt", "Een glimlach.", EFFECTS["strong"]]
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
        self, garden: School, way: list[str], effect: str
    ) -> None:
        tab = garden.open("tuin").onward()
        for number, choice in enumerate(way):
            if number:
                tab.onward().onward()
            tab.choose(choice)
        [shown] = tab.html.all("p.effect")
        assert shown.text == EFFECTS[effect]
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

    def test_ones_own_words_have_no_name_and_stand_in_no_form(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag").onward()
        written = tab.html.one("textarea")
        assert "name" not in written.attrs
        assert written.closest("form") is None
        compare = tab.html.one("details.compare")
        assert [example.one("h2").text for example in compare.all("article")] == [
            "Fijn dat u er bent.",
            "Ik leg het uit.",
        ]
        assert EFFECTS["limited"] in compare.text

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


class TestTheEnd:
    def test_it_shows_the_own_way_and_what_can_grow_without_labels(self, garden: School) -> None:
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
        assert not any(effect in tab.text for effect in EFFECTS.values())
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
        catalogue.withdraw(db.session(), "tuin", garden.clock())
        db.session.commit()
        assert garden.open("tuin", designer=True).error == "item-withdrawn"


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("item", "code", "status"),
        [
            (None, "item-missing", 400),
            ("", "item-missing", 400),
            ("niets", "item-unknown", 404),
            ("x" * 200, "item-unknown", 404),
        ],
    )
    def test_a_link_without_a_good_item(
        self, garden: School, item: str | None, code: str, status: int
    ) -> None:
        tab = garden.open(item)
        assert (tab.error, tab.response.status_code, tab.page) == (code, status, "error")
        assert tab.main.attrs["data-error"] == code

    def test_a_foreign_reaction_is_refused_and_nothing_is_echoed(self, garden: School) -> None:
        tab = garden.open("tuin").onward()
        tab.send(tab.html.one("form").one("button"), choice="<script>alert(1)</script>")
        assert tab.error == "step-impossible"
        assert "alert" not in tab.response.text

    def test_the_player_has_nothing_to_show_while_deep_linking(self, garden: School) -> None:
        settings = {"return_url": COURSE, "accepts_links": True, "multiple": False}
        settings |= {"line_item": None, "data": None}
        tab = garden.launch(None, designer=True, deep_linking=settings)
        assert tab.open("/play/tuin/").error == "not-found"

    @pytest.mark.parametrize(
        "path",
        [
            "/react",
            "/next",
            "/another",
            "/finish",
            "/declare",
            "/replay",
            "/keep",
            "/forget",
            "/resend-mine",
        ],
    )
    def test_no_step_is_taken_without_proof_that_the_form_is_ours(
        self, garden: School, path: str
    ) -> None:
        tab = garden.open("tuin").onward()
        before = garden.run.state
        tab.post(f"/play/tuin{path}", choice="vraag", at=tab.html.one("[name=at]").attrs["value"])
        assert tab.error == "form-foreign"
        assert garden.run.state == before


class TestWithoutCookies:
    def test_the_whole_way_works_and_no_address_carries_the_token(self, garden: School) -> None:
        tab = garden.open("tuin", cookieless=True)
        assert tab.page == "scene"
        tab.onward()
        assert tab.response.history == ()  # answered at once: a redirect would lose the token
        tab.finish("vraag", "samen")
        assert (tab.page, tab.completion) == ("ending", "recorded")
        addresses = [
            element.attrs[name]
            for element in tab.html.walk()
            for name in ("href", "action", "src")
            if name in element.attrs
        ]
        assert not any(tab.token in address for address in addresses)
        inside = [element for element in tab.html.all("a") if "/l/" in element.attrs["href"]]
        assert inside == []  # every way on is a form
        tab.press("[data-replay]")
        assert tab.page == "scene"


class TestEveryPage:
    def pages(self, garden: School, locale: str = "nl"):
        garden.publish(MODULE)
        yield garden.open("tuin", "d", designer=True, locale=locale)
        tab = garden.open("tuin", locale, locale=locale)
        yield tab
        for step in ("next", "vraag", "next", "next", "los", "next", "next"):
            yield tab.onward() if step == "next" else tab.choose(step)
        yield garden.open("wachten", "e", locale=locale)
        yield garden.open("tuin", "e", locale=locale).open("/play/tuin/read/wachten")
        yield tab.open("/mine/")
        yield tab.open("/mine/confirm")
        yield garden.open("niets", locale=locale)

    def test_has_one_heading_of_the_first_rank_that_can_take_the_focus(
        self, garden: School
    ) -> None:
        for tab in self.pages(garden):
            [heading] = tab.html.all("h1")
            assert heading.attrs["tabindex"] == "-1", tab.page

    def test_is_light_and_asks_nobody_else(self, garden: School) -> None:
        static: dict[str, int] = {}
        for tab in self.pages(garden):
            size = len(tab.response.data)
            for element in tab.html.walk():
                if element.tag in {"link", "script", "img"}:
                    address = element.attrs.get("href") or element.attrs.get("src", "")
                    assert address.startswith("/static/"), address
                    if element.attrs.get("as") == "font":
                        continue  # has a limit of its own, below
                    if address not in static:
                        answer = garden.app.test_client().get(address, base_url=TOOL)
                        static[address] = len(answer.data)
                        answer.close()
                    size += static[address]
            assert size < 60_000, (tab.page, size)

    def test_the_typeface_is_light_and_comes_with_its_licence(self, garden: School) -> None:
        folder = Path(garden.app.static_folder or "") / "fonts"
        cuts = sorted(folder.glob("*.woff2"))
        assert [cut.name for cut in cuts] == ["literata-400.woff2", "literata-600.woff2"]
        assert sum(cut.stat().st_size for cut in cuts) <= 60_000
        assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text("utf-8").upper()
        answer = garden.app.test_client().get("/static/fonts/literata-400.woff2", base_url=TOOL)
        assert "max-age" in answer.headers["Cache-Control"]
        answer.close()

    def test_has_no_inline_script_or_style(self, garden: School) -> None:
        for tab in self.pages(garden):
            for element in tab.html.walk():
                assert "style" not in element.attrs
                assert not any(name.startswith("on") for name in element.attrs)
                assert element.tag != "style"
                assert element.tag != "script" or "src" in element.attrs

    @pytest.mark.parametrize("locale", ["nl", "en"])
    def test_speaks_one_language_and_marks_the_content_with_its_own(
        self, garden: School, locale: str
    ) -> None:
        for tab in self.pages(garden, locale):
            if tab.error:
                continue
            assert tab.html.one("html").attrs["lang"] == locale
            if tab.page in {"scene", "choice", "open", "reflect"}:
                assert tab.html.one("h1").attrs["lang"] == "nl"

    def test_never_speaks_the_language_of_tests(self, garden: School) -> None:
        forbidden = re.compile(
            r"\b(fout|goed antwoord|juist antwoord|vraag \d|punten|cijfer|poging|wrong|correct|"
            r"points|grade|attempts?|questions?|answers?)\b",
            re.IGNORECASE,
        )
        for locale in ("nl", "en"):
            for tab in self.pages(garden, locale):
                assert not forbidden.search(tab.text), (tab.page, forbidden.search(tab.text))

    def test_leads_to_what_is_kept(self, garden: School) -> None:
        for tab in self.pages(garden):
            if tab.page in {"error", "kept"}:
                continue
            assert tab.html.one("footer").one("[data-kept]").text == "Wat wordt er bewaard?"


def test_a_page_or_a_step_takes_at_most_three_statements(garden: School) -> None:
    tab = garden.open("tuin")
    tab.onward().choose("vraag")  # what is the same for everybody is in memory now
    counts = {}
    for name, step in (
        ("page", tab.open),
        ("proceed", lambda: tab.press("[data-next]")),
        ("open", lambda: tab.press("[data-next]")),
        ("react", lambda: tab.choose("samen")),
    ):
        tab._client.get("/healthz")
        with statements() as seen:
            step()
        counts[name] = seen
    # a step and the page after it are two requests
    assert len(counts["page"]) <= 3, counts["page"]
    for name in ("proceed", "open", "react"):
        assert len(counts[name]) <= 6, (name, counts[name])
