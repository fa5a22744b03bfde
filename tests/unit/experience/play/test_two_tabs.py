"""Clicks at the same moment, on both databases: one wins, the others change nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from visits import Browser, School

from lti_tool.experience.play import engine
from lti_tool.experience.play.engine import State
from lti_tool.services import services

TABS = 6


def at_once(tabs: list[Browser], act: Callable[[Browser, int], object]) -> None:
    """Do the same in all tabs at the same moment."""
    start = Barrier(len(tabs))

    def one(number: int) -> None:
        start.wait()
        act(tabs[number], number)

    with ThreadPoolExecutor(len(tabs)) as pool:
        for done in [pool.submit(one, number) for number in range(len(tabs))]:
            done.result()


def good(tabs: list[Browser]) -> bool:
    return all(tab.response.status_code == 200 and tab.error is None for tab in tabs)


def state_of(garden: School) -> State:
    return engine.load(services().vault.unseal(garden.run.state))


def test_the_first_step_in_many_tabs_makes_one_run(garden: School) -> None:
    tabs = [garden.open("tuin") for _ in range(TABS)]
    at_once(tabs, lambda tab, _: tab.onward())
    assert good(tabs)
    assert state_of(garden).node == "groet"
    assert {tab.page for tab in tabs} == {"choice"}


def test_of_different_reactions_one_is_taken_and_every_tab_shows_it(garden: School) -> None:
    tabs = [garden.open("tuin").onward() if not n else garden.open("tuin") for n in range(TABS)]
    at_once(tabs, lambda tab, number: tab.choose(["vraag", "stil"][number % 2]))
    assert good(tabs)
    taken = state_of(garden).reaction
    words = {"vraag": "Een glimlach.", "stil": "Een knik."}[taken]
    assert all(words in tab.text for tab in tabs)


def test_the_end_in_many_tabs_is_one_completion(garden: School) -> None:
    garden.open("tuin").onward().choose("vraag").onward().onward().choose("weg")
    tabs = [garden.open("tuin") for _ in range(TABS)]
    at_once(tabs, lambda tab, _: tab.onward())
    assert good(tabs)
    assert {(tab.page, tab.completion) for tab in tabs} == {("ending", "recorded")}
    assert len(garden.completions) == 1
    assert garden.run.state is None


def test_a_text_saved_in_many_tabs_is_one_text(garden: School) -> None:
    garden.open("tuin").onward().choose("vraag").onward().onward().choose("los").onward()
    tabs = [garden.open("tuin") for _ in range(TABS)]
    at_once(tabs, lambda tab, number: tab.press("[data-next]", text=f"Tekst {number}"))
    assert good(tabs)
    assert len(garden.reflections) == 1


def test_a_whole_life_on_this_database(garden: School) -> None:
    tab = garden.open("tuin").finish("vraag", "los")
    assert (tab.page, tab.completion) == ("ending", "recorded")
    tab.press("[data-replay]").finish("stil", "weg")
    later = garden.open("tuin")
    assert later.page == "ending"
    later.open("/mine/")
    assert "De tuin" in later.text
    later.open("/mine/confirm")
    later.send(later.button("Wis alles"))
    assert garden.run is None
    assert garden.completions == []
