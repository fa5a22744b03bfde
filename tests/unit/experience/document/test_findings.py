"""Findings: stable codes, two languages, and nothing of an author's text that steers a terminal."""

import re
from string import Formatter

import pytest

from lti_tool.experience.document.findings import Finding, as_text, closest, message
from lti_tool.experience.document.texts import SUGGESTION, TEXTS
from lti_tool.sentences import spoken


def test_every_code_of_the_format_exists() -> None:
    codes = {kind.partition(".")[0] for kind in TEXTS}
    assert codes == {f"E{n}" for n in range(1, 32)} | {f"W{n}" for n in range(1, 17)}


@pytest.mark.parametrize("kind", TEXTS)
def test_both_languages_say_the_same_with_the_same_values(kind: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    english, dutch = TEXTS[kind], spoken("nl").gettext(TEXTS[kind])
    assert fields(dutch) == fields(english)
    assert dutch != english
    for text in (dutch, english):
        assert re.search(r"[.?]$", text)


def test_no_sentence_speaks_of_tests() -> None:
    english = [text for kind, text in TEXTS.items() if kind != "W3"]
    for sentence in english + [spoken("nl").gettext(text) for text in english]:
        assert not re.search(r"(?i)\b(fout|helaas|wrong|attempt|grade|question)\b", sentence)


def test_a_suggestion_is_added_when_there_is_one() -> None:
    with_one = Finding.of("E5", ("start",), name="begim", suggestion="begin")
    without = Finding.of("E5", ("start",), name="xyz", suggestion=None)
    assert message(with_one, "nl").endswith("Bedoelde je `begin`?")
    assert message(with_one, "en").endswith(SUGGESTION.format(suggestion="begin"))
    assert "Did you mean" not in message(without, "en")


@pytest.mark.parametrize(
    ("lang", "starts"), [("nl", "Er is"), ("nl-BE", "Er is"), ("en", "There"), ("fr", "There")]
)
def test_another_language_is_answered_in_english(lang: str, starts: str) -> None:
    assert message(Finding.of("E10"), lang).startswith(starts)


@pytest.mark.parametrize(
    ("path", "node"),
    [((), None), (("start",), None), (("nodes", "zorg", "next"), "zorg"), (("nodes",), None),
     (("blocks", 2, "text"), "#3")],
)  # fmt: skip
def test_a_finding_knows_its_node(path: tuple[str | int, ...], node: str | None) -> None:
    assert Finding.of("E7", path).node == node


def test_severity_follows_the_code() -> None:
    assert Finding.of("E23.link").severity == "error"
    assert Finding.of("W4.longest").severity == "warning"
    assert Finding.of("W4.longest").code == "W4"


def test_values_cannot_steer_a_terminal_or_fill_it() -> None:
    hostile = Finding.of("E2", name="", field="\x1b[2J\n" + "x" * 9999, allowed="a")
    text = as_text(hostile.at("a\x1b.yaml", 3), "en")
    assert text.isprintable()
    assert len(text) < 400


def test_values_are_never_read_as_a_template() -> None:
    assert "{field.__class__}" in message(Finding.of("E3", field="{field.__class__}"), "en")


def test_a_line_begins_with_file_line_and_node() -> None:
    found = Finding.of("E9", ("nodes", "rondje"), name="rondje").at("item.yaml", 12)
    assert as_text(found, "en").startswith("item.yaml:12: rondje: E9 No ending can be reached")
    assert as_text(Finding("E10", file="item.yaml"), "en").startswith("item.yaml:1: E10 ")


@pytest.mark.parametrize(
    ("word", "meant"), [("terugblikk", "terugblik"), ("Terugblik", "terugblik"), ("xyz", None)]
)
def test_the_closest_word(word: str, meant: str | None) -> None:
    assert closest(word, {"terugblik": 1, "einde": 2}) == meant
