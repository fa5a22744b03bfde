"""What cannot be in the player is refused in words; and a way without cookies."""

import pytest
from visits import COURSE, GARDEN, School

pytestmark = pytest.mark.usefixtures("no_name_is_misspelt")


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


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
