"""What holds for every page of the player."""

import re
from pathlib import Path

import pytest
from statements import statements
from visits import GARDEN, MODULE, TOOL, School

pytestmark = pytest.mark.usefixtures("no_name_is_misspelt")


@pytest.fixture
def garden(school: School) -> School:
    school.publish(GARDEN)
    return school


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
