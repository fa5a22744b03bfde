"""Nothing that anybody else gets depends on what a person chose or wrote.

Anna plays twice, in two worlds that differ in nothing but her choices and her words. Whatever
everybody else then gets, from every route, every command and every log line that the program
itself names, must be the same in both worlds, byte for byte. A route or command to come is tried
along, or fails the test until somebody says here how to call it.

There is one exception, and she makes it herself: an insight that she publishes to her course. The
people of that course read it on its wall, and there only; what she typed and did not publish, and
what she withdrew, nobody reads.
"""

import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update
from visits import GARDEN, MODULE, Browser, School

from lti_tool import create_app
from lti_tool.cli import main
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.launch.models import ResourceLink
from lti_tool.web import JsonLines

ONE_WAY = ("vraag", "los", "Ik wachtte en telde tot vijf.")
ANOTHER = ("stil", "los", "Morgen bel ik zelf als eerste.")
"""Two reactions and a text: both ways end at the same ending. They are counted for a conversation
starter, and the text goes to the makers too."""

SHARED, UNSHARED, TAKEN_BACK = "Gedeeld: ", "Bekeken: ", "Ingetrokken: "
"""What stands before her text in an insight that she published, only looked at, or withdrew."""

MEMBERS = ("classmate", "finished classmate", "teacher", "teacher playing")
"""Who is in her course."""

OTHER_COURSE = "3"
"""The link of another course that opens the same item."""

VALUES: dict[str, list[Any]] = {
    "slug": ["tuin", "wachten"],
    "module": ["wachten", "tuin"],
    "step": [0, 1, 2, 3, 4],
    "reaction": [1, 2],
    "version_id": [1, 2],
    "proof": ["x" * 43],
    "name": ["kaart.png"],
    "filename": ["base.css"],
}
"""What stands in addresses; everybody tries everything."""

FIELDS = {"item": "tuin", "place": "terugblik", "choice": "vraag", "text": "", "at": "x"}

READING = {
    "platforms list": ["--json"],
    "platforms show": ["school", "--json"],
    "keys list": ["--json"],
    "content list": ["--json"],
    "content heard": ["tuin", "--json"],
    "outbox list": ["--json"],
    "privacy export": ["--platform", "school", "--sub", "anna"],
    "privacy retain": ["--json"],
    "outbox retry": ["--platform", "school"],
    "secret reseal": [],
    "privacy erase": ["--platform", "school", "--sub", "anna", "--yes"],
}
"""Commands that read what is stored, with how they are called; the last erases her."""

OTHER = {
    "platforms add",
    "platforms invite",
    "platforms block",
    "platforms remove",
    "platforms approve",
    "platforms check",  # asks the LMS
    "platforms moodle-completion",
    "keys rotate",
    "content preview",  # an author's own files
    "content schema",
    "content check",
    "content publish",
    "content withdraw",
    "outbox send",  # to the LMS; what is sent is watched in tests/functional/test_no_score.py
    "serve",
    "demo",
    "db upgrade",
}
"""Commands that read nothing about people."""

PLACE = re.compile(r"(.+?) (?:GET|POST) ([\w.]+) ")
"""Who tried which endpoint, as everything that somebody gets begins."""

_RANDOM = (
    (re.compile(r"\b[BCDFGHJKMNPRSTVWXZ](?:(?:, )?[BCDFGHJKMNPRSTVWXZ]){5}\b"), "<code>"),
    (re.compile(r"(?<![\w-])[\w-]{22,}(?![\w-])"), "<random>"),
    (re.compile(r"\b[0-9a-f]{8}\b"), "<reference>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]?\d*"), "<now>"),
)


_COUNTED = re.compile(
    r"^.*proeftuin_(?:launches|reactions|deliveries|delivery|request_seconds).*\n", re.MULTILINE
)
"""Lines of `/metrics` that count what this process did, in the one world and then in the other.
What they may say is in tests/unit/ops/test_counters.py."""


def same_for_all(text: str) -> str:
    """Take out what is random: names of sessions, tokens, references; and the real time."""
    text = _COUNTED.sub("", text)
    for pattern, word in _RANDOM:
        text = pattern.sub(word, text)
    return text


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Catch every line that the program logs, in the form in which it is written."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("proeftuin")
    log.addHandler(handler)
    try:
        yield heard
    finally:
        log.removeHandler(handler)


def addresses(app: Flask, session_id: str) -> Iterator[tuple[str, str, str]]:
    """Every method, endpoint and address of the app; whatever ends a session comes last."""
    adapter = app.url_map.bind("tool.example", url_scheme="https")
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint == "learner.erase")
    for method in ("GET", "POST"):
        for rule in rules:
            if method not in (rule.methods or ()):
                continue
            given = {"session_id"} | set(rule.defaults or ())
            unknown = rule.arguments - VALUES.keys() - given
            assert not unknown, f"say what a {unknown} can be: {rule.rule}"
            names = sorted(rule.arguments - given)
            for turn in range(max((len(VALUES[name]) for name in names), default=1)):
                values = {name: VALUES[name][turn % len(VALUES[name])] for name in names}
                values |= rule.defaults or {}
                if "session_id" in rule.arguments:
                    values["session_id"] = session_id
                yield method, rule.endpoint, adapter.build(rule.endpoint, values)


def everything(app: Flask, tab: Browser, as_whom: str) -> Iterator[str]:
    """All that somebody gets, by trying every address."""
    proof = tab.html.all("[name=s]")
    fields = FIELDS | ({"s": proof[0].attrs["value"]} if proof else {})
    for method, endpoint, where in addresses(app, tab.session_id):
        if method == "GET":
            answer = tab._client.get(where, base_url="https://tool.example")
        else:
            answer = tab._client.post(where, data=fields, base_url="https://tool.example")
        body = answer.get_data().decode(errors="replace")
        answer.close()
        yield same_for_all(f"{as_whom} {method} {endpoint} {where}: {answer.status}\n{body}")


def lay_beside(one: Browser, other: Browser) -> None:
    """Let two people agree to see where they differ; it stays in place while others look."""
    one.open("/pair/tuin/").press("[data-begin]")
    code = one.html.one("[data-code]").attrs["data-code"]
    other.press("[data-pair]").press("[data-join]", code=code).press("[data-agree]")
    one.press("[data-look]").press("[data-agree]")
    other.press("[data-look]")
    assert one.press("[data-look]").main.attrs["data-stage"] == "laid"


def commands(group: click.Group, *above: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield " ".join((*above, name))


PICKING = {"return_url": "https://lms.example/chosen", "multiple": True, "accepts_links": True}
PICKING |= {"line_item": None, "data": None}


def world(settings: Settings, clock: Any, way: tuple[str, str, str]) -> tuple[list[str], list[str]]:
    """Let Anna go her way in a world of its own.

    Returns:
        All that others then get, and all that she gets herself.
    """
    seen, hers = [], []
    app = create_app(settings, clock=clock)
    with app.app_context(), listening() as heard:
        db.create_all()
        school = School(app, clock)
        school.publish(GARDEN)
        school.publish(MODULE)
        first, second, words = way
        trainer = school.open("tuin", "juf", designer=True)
        trainer.press("[data-starter]").press("[data-starter=on]")
        anna = school.open("tuin").finish(first, second)
        anna.save("tuin", "terugblik", words)
        anna.open().press("[data-tell]", recognised="yes", missed=words + " Ook.")
        anna.open().press("[data-keep=hint]").open()
        anna.press("[data-keep=sentence]", sentence=words + " Ja.")
        lay_beside(anna, school.open("tuin", "dirk", link="3").finish("vraag", "los"))
        under_way = school.open("tuin", "anna", link="2").onward().choose(first)
        assert under_way.page == "feedback"
        assert words + " Ja." in anna.open("/mine/download").response.text
        look_and_share(anna, words)
        hers += everything(app, school.open("tuin", "eva").finish(first, second), "herself")
        school.link("tuin", OTHER_COURSE)
        db.session.execute(
            update(ResourceLink).filter_by(link_id=OTHER_COURSE).values(context_id="8")
        )
        db.session.commit()
        for as_whom, tab in (
            ("stranger", school.open("tuin", "dirk", link=OTHER_COURSE).finish("vraag", "los")),
            ("classmate", school.open("tuin", "ben")),
            ("finished classmate", school.open("tuin", "cas").finish("vraag", "los")),
            ("teacher", school.open("tuin", "juf", designer=True)),
            ("teacher playing", school.open("tuin", "mees", designer=True).onward()),
            (
                "designer",
                school.launch(None, "maker", designer=True, deep_linking=PICKING).open("/items/"),
            ),
            ("nobody", Browser(app, "x" * 22, "no token", cookieless=False).open()),
        ):
            seen += everything(app, tab, as_whom)
        db.session.remove()
        for name, words_of in READING.items():
            ran = CliRunner().invoke(main, [*name.split(), *words_of])
            assert ran.exit_code == 0, f"{name}: {ran.output}"
            seen.append(same_for_all(f"proeftuin {name}\n{ran.output}"))
        seen += same_for_all(heard.getvalue()).splitlines()
        db.session.remove()
        db.engine.dispose()
    return seen, hers


def look_and_share(anna: Browser, words: str) -> None:
    """Let her look at one insight, withdraw another, and publish a third."""
    for before in (UNSHARED, TAKEN_BACK, SHARED):
        anna.open().press("[data-share]").press("[data-share]", text=before + words)
        assert before + words in anna.text
        if before != UNSHARED:
            anna.press("[data-share]")
            assert before + words in anna.text
        if before == TAKEN_BACK:
            anna.press("[data-withdraw]")


def test_every_command_is_known() -> None:
    assert sorted(commands(main)) == sorted({*READING, *OTHER})


def test_what_others_get_is_the_same_whatever_she_chose_and_wrote(
    settings: Settings, clock: Any, new_database: Callable[[], str]
) -> None:
    worlds = []
    for way in (ONE_WAY, ANOTHER):
        old = "an-older-secret-for-tests-only-012"
        there = replace(settings, database_url=new_database(), old_secret_key=old)
        worlds.append(world(there, clock, way))

    (one, hers), (another, hers_then) = worlds
    assert hers != hers_then  # who looks closely sees a difference, where there is one
    assert len(one) > 400
    differ = [pair for pair in zip(one, another, strict=True) if pair[0] != pair[1]]
    where = {PLACE.match(text).group(1, 2) for text, _ in differ}
    assert where == {(person, "insights.wall") for person in MEMBERS}
    # What she published is the whole difference.
    without = [
        [text.replace(SHARED + way[2], "") for text in texts]
        for texts, way in ((one, ONE_WAY), (another, ANOTHER))
    ]
    assert without[0] == without[1]
    assert not any(way[2] in text for text in without[0] for way in (ONE_WAY, ANOTHER))
