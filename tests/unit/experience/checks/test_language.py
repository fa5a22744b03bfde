"""Checks on words: what is flagged as test language, as a tell, and what is left in peace."""

from datetime import date

import pytest

from lti_tool.experience.checks.all import check
from lti_tool.experience.document.findings import Finding
from lti_tool.experience.document.model import Experience


def item(lang: str = "nl", text: str = "", **more: object) -> Experience:
    """An item with one text, and whatever else is said."""
    head = {"format": "experience/1", "id": "a", "lang": lang, "title": "A", "start": "e"}
    nodes = {"e": {"type": "ending", "title": "E", "text": text}}
    return Experience.model_validate(head | {"nodes": nodes} | more)


def found(document: Experience) -> list[Finding]:
    return list(check(document, today=date(2026, 11, 21), exists=None))


@pytest.mark.parametrize(
    ("lang", "text", "word"),
    [
        ("nl", "Dat is fout.", "fout"),
        ("nl", "HELAAS, nee.", "HELAAS"),
        ("nl", "Je krijgt drie punten.", "punten"),
        ("nl", "Je score", "score"),
        ("nl", "Het juiste antwoord", "juiste antwoord"),
        ("nl", "Een 8/10 dus", "8/10"),
        ("nl", "7 / 10", "7 / 10"),
        ("nl-BE", "Helaas.", "Helaas"),
        ("en", "That is wrong.", "wrong"),
        ("en", "Unfortunately not.", "Unfortunately"),
        ("en", "You get 3 points.", "points"),
        ("en", "The right answer", "right answer"),
        ("en", "You failed.", "You failed"),
        ("fr", "Un 8/10.", "8/10"),
    ],
)
def test_words_of_tests_are_flagged(lang: str, text: str, word: str) -> None:
    (warning,) = found(item(lang, text))
    assert warning.kind == "W3"
    assert dict(warning.values)["value"] == word


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "Noem twee verbeterpunten, op dat punt."),
        ("nl", 'Hij zegt: "Dat was mijn fout, helaas."'),
        ("nl", "Zij zucht: “Een 8/10 had ik gehoopt.”"),
        ("nl", "Vandaag is het 12/10/2026, de winkel is 24/7 open."),
        ("nl", "Een foutloze voorbereiding bestaat niet."),
        ("en", "He points at the clock."),
        ("en", "A rewarding talk; the train passed."),
        ("en", "Dit is fout, maar dat is hier geen Engels."),
        ("fr", "Helaas, wrong."),
    ],
)
def test_other_words_are_left_in_peace(lang: str, text: str) -> None:
    assert found(item(lang, text)) == []


def choice(*reactions: tuple[str, str]) -> dict[str, object]:
    """A choice node with reactions of these effects and texts."""
    feedback = {"happens": "A", "works": "B", "grow": "C"}
    choices = [
        {"id": f"c{n}", "text": text, "next": "e", "feedback": feedback | {"effect": effect}}
        for n, (effect, text) in enumerate(reactions)
    ]
    return {"type": "choice", "title": "K", "prompt": "En?", "choices": choices}


def tells(*nodes: dict[str, object]) -> list[str]:
    ending = {"type": "ending", "title": "E"}
    named = {f"k{n}": node for n, node in enumerate(nodes)}
    document = item(start="k0", nodes={**named, "e": ending})
    return [each.kind for each in found(document) if each.code == "W4"]


LONG, SHORT = "x" * 60, "x" * 50
TELLING = choice(("strong", LONG), ("partly", SHORT))
QUIET = choice(("strong", SHORT), ("partly", LONG))


@pytest.mark.parametrize(
    ("nodes", "kinds"),
    [
        ([TELLING, TELLING], ["W4.longest"]),
        ([TELLING], []),  # once is chance
        ([TELLING, QUIET], []),
        ([TELLING, choice(("strong", SHORT + "x"), ("partly", SHORT))], []),  # hardly longer
        ([TELLING, TELLING, choice(("partly", LONG), ("limited", SHORT))], ["W4.longest"]),
        ([choice(("partly", LONG), ("partly", SHORT))], ["W4"]),
        ([choice(("strong", LONG), ("strong", SHORT)), QUIET], ["W4"]),
    ],
)
def test_a_choice_that_gives_itself_away_or_makes_no_difference(
    nodes: list[dict[str, object]], kinds: list[str]
) -> None:
    assert tells(*nodes) == kinds


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[Lees](https://a.nl) [lees](https://a.nl)", []),
        ("[Lees](https://a.nl) [Kijk](https://b.nl)", []),
        ("[Lees](https://a.nl) [LEES](https://b.nl)", ["W5"]),
        ("[V](https://www.youtube-nocookie.com/embed/x)", ["W6"]),
        ("[V](https://m.youtube.com/x)", ["W6"]),
        ("[V](https://notyoutube.com/x)", []),
        ("[V](https://[bad/x)", []),
    ],
)
def test_links_are_compared_over_the_whole_item(text: str, codes: list[str]) -> None:
    assert [each.code for each in found(item(text=text))] == codes


def test_a_link_of_an_ending_and_one_in_a_text_are_compared_too() -> None:
    links = [{"text": "Lees", "url": "https://b.nl"}]
    ending = {"type": "ending", "title": "E", "text": "[Lees](https://a.nl)", "links": links}
    (warning,) = found(item(nodes={"e": ending}))
    assert (warning.code, warning.path) == ("W5", ("nodes", "e", "links", 0, "url"))
