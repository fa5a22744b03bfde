"""Checks on the words: unsafe markup (E23), test language, tells and links (W3 to W6)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lti_tool.experience.document.findings import Finding, Place
from lti_tool.experience.document.markdown import links, removed
from lti_tool.experience.document.model import (
    Choice,
    ChoiceNode,
    Document,
    Experience,
    Link,
    Source,
)
from lti_tool.experience.document.walk import Text, parts, texts

# A strong reaction gives itself away from about a fifth longer than the next one.
_TELLING_LENGTH = 1.2

_QUOTED = re.compile('"[^"]*"|“[^”]*”|„[^”“]*[”“]|«[^»]*»')
_MARKS = r"\b\d{1,3}\s?/\s?(?:5|10|20|100)\b(?!\s?/)"
_TEST_LANGUAGE = {
    "nl": re.compile(
        rf"{_MARKS}|\b(?:fout(?:e|en|ief|ieve)?|helaas|punten|scores?|scoort|scoren|correcte?|"
        r"incorrecte?|(?:goede|juiste|beste) (?:antwoord|keuze)|goed antwoord|geslaagd|gezakt)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"{_MARKS}|\b(?:wrong|incorrect(?:ly)?|correct|unfortunately|"
        r"points(?! (?:at|to|out|towards|up|down)\b)|scores?|scored|"
        r"(?:right|best) (?:answer|choice)|you (?:passed|failed))\b",
        re.IGNORECASE,
    ),
}
_MARKS_ONLY = re.compile(_MARKS)
_YOUTUBE = frozenset({"youtube.com", "youtube-nocookie.com", "youtu.be"})


def check_language(item: Document) -> Iterator[Finding]:
    """Yield what is unsafe in the texts, and what a reader would take for a test."""
    shown = list(texts(item))
    for text in shown:
        yield from _unsafe(text)
        if not text.spoken:
            yield from _test_language(text, item.lang)
    yield from _links(item, shown)
    if isinstance(item, Experience):
        yield from _tells(item)


def _unsafe(text: Text) -> Iterator[Finding]:
    """Yield the first of each sort of markup that is removed; plain text only knows HTML."""
    kinds = {"html": "E23", "link": "E23.link", "image": "E23.image"}
    firsts: dict[str, str] = {}
    for one in removed(text.value):
        if text.kind != "plain" or one.kind == "html":
            firsts.setdefault(kinds[one.kind], one.value)
    for kind, value in firsts.items():
        yield Finding.of(kind, text.path, value=value)


def _test_language(text: Text, lang: str) -> Iterator[Finding]:
    """Yield the first word of tests in a text; what people in the story say may stand."""
    spoken = _TEST_LANGUAGE.get(lang.partition("-")[0], _MARKS_ONLY)
    if spoken.search(text.value) is None:
        return
    found = spoken.search(_QUOTED.sub(" ", text.value))
    if found is not None:
        yield Finding.of("W3", text.path, value=found.group())


def _links(item: Document, shown: list[Text]) -> Iterator[Finding]:
    """Yield link texts with two destinations, and links to YouTube."""
    every = [
        (text.path, anchor.text, anchor.url)
        for text in shown
        if text.kind == "prose"
        for anchor in links(text.value)
    ]
    for path, part in parts(item):
        if isinstance(part, Link | Source) and part.url is not None:
            every.append(((*path, "url"), part.text, part.url))
    destinations: dict[str, str] = {}
    for path, words, url in every:
        first = destinations.setdefault(words.casefold(), url)
        if words and first != url:
            yield Finding.of("W5", path, value=words)
        if _is_youtube(url):
            yield Finding.of("W6", path, value=url)


def _is_youtube(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return ".".join(host.split(".")[-2:]) in _YOUTUBE


def _tells(item: Experience) -> Iterator[Finding]:
    """Yield choices that give the strong reaction away, or that make no difference."""
    longest: list[Place] = []
    strong_nodes = 0
    for name, node in item.nodes.items():
        if not isinstance(node, ChoiceNode):
            continue
        place: Place = ("nodes", name, "choices")
        effects = {choice.feedback.effect for choice in node.choices}
        if len(effects) == 1:
            yield Finding.of("W4", place, effect=effects.pop())
        elif "strong" in effects:
            strong_nodes += 1
            if _strong_stands_out(node.choices):
                longest.append(place)
    if len(longest) == strong_nodes >= 2:
        yield Finding.of("W4.longest", longest[0])


def _strong_stands_out(choices: tuple[Choice, ...]) -> bool:
    """Whether the longest strong reaction is clearly longer than all that are not strong."""
    strong = max(len(c.text) for c in choices if c.feedback.effect == "strong")
    others = max(len(c.text) for c in choices if c.feedback.effect != "strong")
    return strong >= _TELLING_LENGTH * others
