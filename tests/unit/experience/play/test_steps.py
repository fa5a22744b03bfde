"""Moving about: an address per step, what happened before, reactions tried, two items on a link."""

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from visits import GARDEN, Browser, School


@pytest.fixture
def garden(app: Flask, school: School) -> School:
    app.jinja_env.undefined = StrictUndefined
    school.publish(GARDEN)
    return school


def address(tab: Browser) -> str:
    """The page's own address, without the session's part."""
    return tab.main.attrs["data-address"].partition(f"/l/{tab.session_id}")[2]


class TestAddresses:
    def test_each_step_has_one_and_lands_there(self, garden: School) -> None:
        tab = garden.open("tuin")
        seen = [address(tab)]
        for act in (
            tab.onward,
            lambda: tab.choose("vraag"),
            lambda: tab.press("[data-another]"),
            lambda: tab.choose("stil"),
            tab.onward,
        ):
            act()
            seen.append(address(tab))
            assert tab.response.request.path.endswith(seen[-1])
        assert seen == [
            "/play/tuin/0",
            "/play/tuin/1",
            "/play/tuin/1/1",
            "/play/tuin/1",
            "/play/tuin/1/2",
            "/play/tuin/2",
        ]

    def test_no_address_says_what_was_chosen(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        assert "vraag" not in tab.response.request.path

    def test_back_shows_the_step_before_and_repeats_nothing(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag").onward()
        before = garden.run.state
        for path, page, words in (
            ("/play/tuin/1/1", "feedback", "Een glimlach."),
            ("/play/tuin/1", "choice", "Wat zeg je?"),
            ("/play/tuin/0", "scene", "Een ouder wacht."),
        ):
            tab.open(path)
            assert (tab.page, tab.response.status_code) == (page, 200)
            assert words in tab.text
            assert tab.html.all("input[type=radio]") == []
            assert tab.html.one(".eyebrow").text == "Even terug"
        assert garden.run.state == before
        assert tab.onward().page == "open"

    @pytest.mark.parametrize("path", ["9", "1/3", "1/0", "2/1", "0/1", "2", "1/1"])
    def test_an_address_that_leads_nowhere_shows_where_somebody_is(
        self, garden: School, path: str
    ) -> None:
        tab = garden.open("tuin").onward()
        tab.open(f"/play/tuin/{path}")
        assert (tab.page, tab.title) == ("choice", "De groet")

    def test_a_way_that_was_taken_back_is_gone(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        tab.send(tab.button("Opnieuw vanaf: De groet"))
        tab.open("/play/tuin/3/1")
        assert (tab.page, tab.title) == ("choice", "De groet")

    @pytest.mark.parametrize("cookieless", [False, True])
    def test_a_form_that_is_sent_twice_at_every_step_changes_nothing(
        self, garden: School, cookieless: bool
    ) -> None:
        tab = garden.open("tuin", cookieless=cookieless)
        for choice in (None, "vraag", None, None, "los", None, None):
            pressed = tab.html.one("[data-next]") if choice is None else None
            form = pressed or tab.html.one("input[type=radio]").closest("form").one("button")
            fields = {} if choice is None else {"choice": choice}
            tab.send(form, **fields)
            there, stored = (tab.page, tab.title), garden.run.state
            tab.send(form, **fields)
            assert (tab.page, tab.title) == there
            assert garden.run.state == stored
        assert tab.page == "ending"
        assert len(garden.completions) == 1


class TestWithOurScript:
    """A form that `steps.js` sends is answered by the page itself, not by a redirect to it."""

    @pytest.mark.parametrize("cookieless", [False, True])
    def test_each_step_answers_what_its_address_shows(
        self, garden: School, cookieless: bool
    ) -> None:
        tab = garden.open("tuin", cookieless=cookieless)
        tab.scripted = True
        moves = (
            tab.onward,
            lambda: tab.choose("vraag"),
            lambda: tab.press("[data-another]"),
            lambda: tab.choose("stil"),
            *5 * (tab.onward_or_choose,),
        )
        for move in moves:
            move()
            answer = tab.response
            assert (answer.status_code, answer.history) == (200, ())
            there = answer.headers["Content-Location"]
            assert there == tab.main.attrs["data-address"]
            tab.open(there.removeprefix(f"/l/{tab.session_id}"))
            assert tab.response.text == answer.text
        assert tab.page == "ending"
        assert len(garden.completions) == 1

    def test_a_step_from_a_stale_form_answers_where_somebody_is(self, garden: School) -> None:
        tab = garden.open("tuin")
        tab.scripted = True
        form = tab.html.one("[data-next]")
        tab.send(form).choose("vraag")
        stored = garden.run.state
        tab.send(form)
        assert (tab.page, tab.response.status_code) == ("feedback", 200)
        assert tab.response.headers["Content-Location"].endswith("/play/tuin/1/1")
        assert garden.run.state == stored

    def test_a_refusal_is_a_refusal(self, garden: School) -> None:
        tab = garden.open("tuin").onward()
        tab.scripted = True
        before = garden.run.state
        tab.send(tab.html.one("input[type=radio]").closest("form").one("button"), choice="niets")
        assert (tab.error, tab.response.status_code) == ("step-impossible", 409)
        assert "Content-Location" not in tab.response.headers
        assert garden.run.state == before

    def test_a_page_of_another_site_gets_nothing_by_asking_for_the_page(
        self, garden: School
    ) -> None:
        tab = garden.open("tuin")
        tab.scripted = True
        tab.send(tab.html.one("[data-next]"), s="forged")
        assert (tab.error, tab.response.status_code) == ("form-foreign", 403)
        assert garden.run is None

    def test_a_saved_text_is_where_reading_goes_on(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        tab.scripted = True
        form = next(one for one in tab.html.all("form") if one.attrs["action"].endswith("/keep"))
        tab.send(form.one("button"), text="Ik wacht tot zij kijkt.")
        assert tab.response.history == ()
        assert tab.response.headers["X-Proeftuin-Part"] == form.attrs["id"]
        assert "Ik wacht tot zij kijkt." in tab.text

    def test_a_part_from_a_form_cannot_break_the_answer(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        tab.scripted = True
        tab.press("[data-keep=hint]", part="x\r\nSet-Cookie: a=b é")
        assert (tab.page, tab.response.status_code) == ("feedback", 200)
        assert tab.response.headers["X-Proeftuin-Part"] == "x%0D%0ASet-Cookie%3A%20a%3Db%20%C3%A9"


class TestWhatHappenedBefore:
    def test_it_can_be_reread_from_a_choice(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag").onward().onward()
        thread = tab.html.one(".before-this")
        assert [one.text for one in thread.all("li")] == [
            "Bij het hek",
            "De groet",
            "Eigen woorden",
        ]
        tab.press(f"[href={thread.all('a')[1].attrs['href']}]")
        assert tab.page == "feedback"
        assert "Een glimlach." in tab.text
        tab.onward()
        assert (tab.page, tab.title) == ("choice", "Het afscheid")

    def test_the_first_page_has_nothing_before_it(self, garden: School) -> None:
        assert garden.open("tuin").html.all(".before-this") == []

    def test_from_the_ending_each_reaction_can_be_reread(self, garden: School) -> None:
        tab = garden.open("tuin").finish("vraag", "los")
        [first, _] = tab.html.one(".path").all("a")
        tab.press(f"[href={first.attrs['href']}]")
        assert (tab.page, tab.title) == ("feedback", "De groet")
        tab.onward()
        assert (tab.page, tab.title) == ("ending", "Het loopt door")


class TestAnotherReaction:
    def test_those_that_were_tried_are_marked(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag").press("[data-another]")
        marked = [card.text for card in tab.html.all("label.card") if card.all(".tried")]
        assert marked == ["Hoe gaat het? geprobeerd"]

    def test_their_feedback_lies_beside_the_new_one(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag").press("[data-another]").choose("stil")
        [beside] = tab.html.all("[data-beside]")
        assert "Een glimlach." in beside.text
        assert "Een knik." not in beside.text
        assert "Een knik." in tab.html.one(".this").text

    def test_when_all_were_tried_the_page_says_so(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag")
        assert "elke reactie geprobeerd" not in tab.text
        tab.press("[data-another]").choose("stil")
        assert "elke reactie geprobeerd" in tab.text

    def test_only_the_last_one_counts(self, garden: School) -> None:
        tab = garden.open("tuin").onward().choose("vraag").press("[data-another]").choose("stil")
        tab.onward().onward()
        offered = [radio.attrs["value"] for radio in tab.html.all("input[type=radio]")]
        assert offered == ["los", "weg"]


def test_two_items_on_one_link_are_two_runs(garden: School) -> None:
    other = GARDEN.replace("id: tuin", "id: plein").replace("title: De tuin", "title: Het plein")
    garden.publish(other)
    garden.open("tuin").onward()
    assert garden.open("plein").page == "scene"
    garden.open("plein").onward().choose("stil")
    assert garden.open("tuin").page == "choice"
    assert garden.open("plein").page == "feedback"


def test_what_is_compared_comes_before_going_on(garden: School) -> None:
    tab = garden.open("tuin").onward().choose("vraag").onward()
    compare = tab.html.one("details.compare")
    assert "open" not in compare.attrs
    assert tab.html.one("[data-next]") in compare.walk()
