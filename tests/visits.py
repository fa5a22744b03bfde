"""People in the player without an LMS: sessions as a launch leaves them, and a browser on them.

Fixtures: `school`, inside the application context of `app`; `garden`, on either database.
The browser runs no JavaScript.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from browsing import Element, parse, sending
from connecting import connect
from flask import Flask
from sqlalchemy import inspect, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lti_tool import create_app
from lti_tool.completion.models import Completion
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.experience.document.model import Document
from lti_tool.experience.document.parsing import parse as parse_yaml
from lti_tool.experience.library import publishing
from lti_tool.experience.play.models import Reflection, Run
from lti_tool.launch.models import LaunchSession, Learner, ResourceLink
from lti_tool.launch.store import ABSOLUTE
from lti_tool.platforms.models import Deployment, Platform
from lti_tool.services import services
from lti_tool.vault import fingerprint

TOOL = "https://tool.example"
LINE_ITEM = "https://lms.example/lineitems/1"
COURSE = "https://lms.example/course/7"


class Browser:
    """One tab: what it shows, and what can be done there.

    Attributes:
        response: the last answer, after redirects.
        html: its elements.
        scripted: whether forms are sent by `static/steps.js`.
    """

    def __init__(self, app: Flask, session_id: str, token: str, *, cookieless: bool) -> None:
        self.session_id = session_id
        self.token = token
        self.cookieless = cookieless
        self.scripted = False
        self._client = app.test_client()
        if not cookieless:
            name = f"__Host-pt-{session_id}"
            self._client.set_cookie(name, token, domain="tool.example", secure=True)
        self.response: TestResponse
        self.html: Element

    @property
    def main(self) -> Element:
        return self.html.one("main")

    @property
    def page(self) -> str:
        return self.main.attrs["data-page"]

    @property
    def completion(self) -> str:
        return self.main.attrs["data-completion"]

    @property
    def error(self) -> str | None:
        return self.response.headers.get("X-Proeftuin-Error")

    @property
    def title(self) -> str:
        return self.html.one("h1").text

    @property
    def text(self) -> str:
        return self.main.text

    def url(self, path: str) -> str:
        return f"/l/{self.session_id}{path}"

    def open(self, path: str = "/") -> "Browser":
        """Open a page of this session, by POST where the browser keeps no cookies."""
        if self.cookieless:
            return self._show(self._client.post(self.url(path), data={"s": self.token}, **_OVER))
        return self._show(self._client.get(self.url(path), **_OVER))

    def post(self, path: str, **fields: str) -> "Browser":
        """Post to an address of this session with exactly these fields."""
        return self._show(self._send(self.url(path), fields))

    def press(self, selector: str, **fields: str) -> "Browser":
        """Press the first button or link that fits, with some fields filled in."""
        return self.send(self.html.one(selector), **fields)

    def send(self, pressed: Element, **fields: str) -> "Browser":
        """Follow a link, or send the form around a button, also with fields that it has not."""
        sent = sending(self.html, pressed)
        if sent.method == "get":
            return self._show(
                self._client.get(sent.action, query_string=sent.fields or None, **_OVER)
            )
        said = [pair for pair in sent.fields if pair[0] not in fields]
        return self._show(self._send(sent.action, MultiDict([*said, *fields.items()])))

    def save(self, slug: str, place: str, text: str) -> "Browser":
        """Save a text at a place of an item, and stay."""
        proof = self.html.one("[name=s]").attrs["value"]
        return self.post(f"/play/{slug}/keep", s=proof, place=place, text=text)

    def button(self, words: str) -> Element:
        """The button or link with these words."""
        for element in self.html.all("button") + self.html.all("a"):
            if words in element.text:
                return element
        raise AssertionError(f"no button {words!r} in: {self.text}")

    def choose(self, choice: str) -> "Browser":
        """Take a reaction."""
        assert choice in [radio.attrs["value"] for radio in self.html.all("input[type=radio]")]
        form = self.html.one("input[type=radio]").closest("form")
        assert form is not None
        return self.send(form.one("button"), choice=choice)

    def onward(self) -> "Browser":
        """Go on."""
        return self.press("[data-next]")

    def onward_or_choose(self, wanted: Iterator[str] | None = None) -> "Browser":
        """Go on, at a choice with the next of these reactions, or the first that is offered."""
        if self.page != "choice":
            return self.onward()
        first = self.html.one("input[type=radio]").attrs["value"]
        return self.choose(next(wanted, first) if wanted else first)

    def finish(self, *choices: str) -> "Browser":
        """Play to the ending with these reactions in order, and the first one offered after."""
        wanted = iter(choices)
        for _ in range(60):
            if self.page in {"ending", "error"}:
                return self
            self.onward_or_choose(wanted)
        raise AssertionError("this way does not end")

    def _send(self, url: str, fields: Any) -> TestResponse:
        asks = {"Prefer": "return=representation"} if self.scripted else {}
        return self._client.post(url, data=fields, headers=asks, **_OVER)

    def _show(self, response: TestResponse) -> "Browser":
        self.response = response
        if response.mimetype == "text/html":
            self.html = parse(response)
        return self


_OVER: dict[str, Any] = {"base_url": TOOL, "follow_redirects": True}


class School:
    """One platform with a course, its people, and the library."""

    def __init__(self, app: Flask, clock: Any) -> None:
        self.app = app
        self.clock = clock
        self.platform = connect(client_id="client-1")

    def publish(self, document: Document | str, *platform_ids: int) -> Document:
        """Publish a document, or the text of one; for some platforms, or for all."""
        if isinstance(document, str):
            document = document_of(document)
        publishing.publish(db.session(), document, self.clock(), platform_ids=platform_ids)
        db.session.commit()
        return document

    def learner(self, sub: str, platform: Platform | None = None) -> int:
        """Our id of a person, as their first launch makes it."""
        platform = platform or self.platform
        vault = services().vault
        pseudonym = vault.pseudonym(platform.issuer, sub)
        found = db.session.scalar(select(Learner.id).filter_by(pseudonym=pseudonym))
        if found is None:
            row = Learner(platform_id=platform.id, pseudonym=pseudonym, sealed_sub=vault.seal(sub))
            db.session.add(row)
            db.session.commit()
            found = row.id
        return found

    def link(self, item: str | None, link: str = "1", line_item: str | None = LINE_ITEM) -> int:
        """Our id of a resource link that opens an item, as its last launch leaves it."""
        row = db.session.scalar(select(ResourceLink).filter_by(link_id=link))
        if row is None:
            deployment = db.session.scalars(select(Deployment)).first()
            assert deployment is not None
            row = ResourceLink(deployment_id=deployment.id, link_id=link, context_id="7")
            db.session.add(row)
        row.item, row.line_item = item, line_item
        db.session.commit()
        return row.id

    def launch(
        self,
        item: str | None,
        sub: str = "anna",
        *,
        link: str = "1",
        line_item: str | None = LINE_ITEM,
        designer: bool = False,
        cookieless: bool = False,
        locale: str = "nl",
        return_url: str | None = COURSE,
        deep_linking: dict[str, Any] | None = None,
    ) -> Browser:
        """Open a session as a launch does, in a tab of its own."""
        session_id, token = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        deployment = db.session.scalars(select(Deployment)).first()
        assert deployment is not None
        now = self.clock()
        db.session.add(
            LaunchSession(
                id=session_id,
                token_hash=fingerprint(token),
                cookieless=cookieless,
                platform_id=self.platform.id,
                deployment_id=deployment.id,
                learner_id=self.learner(sub),
                link_id=None if deep_linking else self.link(item, link, line_item),
                designer=designer,
                locale=locale,
                return_url=return_url,
                deep_linking=json.dumps(deep_linking) if deep_linking else None,
                seen_at=now,
                expires_at=now + ABSOLUTE,
            )
        )
        db.session.commit()
        return Browser(self.app, session_id, token, cookieless=cookieless)

    def open(self, item: str | None, sub: str = "anna", **how: Any) -> Browser:
        """Launch, and look at the first page."""
        return self.launch(item, sub, **how).open()

    def rows(self, table: Any) -> list[Any]:
        """What is stored, read anew; in the order of its key, since PostgreSQL promises none."""
        db.session.expire_all()
        return list(db.session.scalars(select(table).order_by(*inspect(table).primary_key)))

    @property
    def run(self) -> Run | None:
        """The only run there is, or none."""
        runs = self.rows(Run)
        assert len(runs) <= 1
        return runs[0] if runs else None

    @property
    def completions(self) -> list[Completion]:
        return self.rows(Completion)

    @property
    def reflections(self) -> list[Reflection]:
        return self.rows(Reflection)


@cache
def document_of(text: str) -> Document:
    """The document of a text without faults; it never changes, so that tests share it."""
    parsed = parse_yaml(text, file="test.yaml")
    assert parsed.item is not None, parsed.findings
    return parsed.item


@pytest.fixture
def school(app: Flask, clock: Any) -> School:
    return School(app, clock)


GARDEN = """
format: experience/1
id: tuin
lang: nl
title: De tuin
summary: Een klein gesprek bij het hek.
minutes: 5
tags: [klein, gesprek]
makers: [De makers]
license: CC-BY-SA-4.0
start: hek
flags: {rust: Er is rust.}
completion: {rule: ending}
nodes:
  hek:
    type: scene
    title: Bij het hek
    text: Een ouder wacht.
    required: true
    next: groet
  groet:
    type: choice
    shuffle: false
    title: De groet
    prompt: Wat zeg je?
    ask_confidence: true
    choices:
      - id: vraag
        text: Hoe gaat het?
        set: [rust]
        next: woorden
        feedback: {effect: strong, happens: Een glimlach., works: Je vraagt., grow: Wacht langer.,
          why: Rust helpt., more: [{module: wachten}, {text: Meer, url: "https://example.org/"}]}
      - id: stil
        text: Je zegt niets.
        next: woorden
        feedback: {effect: depends, happens: Een knik., works: Je bent er., grow: Zeg hallo.}
  woorden:
    type: open
    title: Eigen woorden
    prompt: Schrijf je zin.
    compare:
      - id: kort
        text: Fijn dat u er bent.
        feedback: {effect: partly, happens: Hij knikt., works: Warm., grow: Vraag door.}
      - id: lang
        text: Ik leg het uit.
        feedback: {effect: limited, happens: Hij kijkt weg., works: Helder., grow: Luister eerst.}
    next: afscheid
  afscheid:
    type: choice
    shuffle: false
    title: Het afscheid
    prompt: En dan?
    choices:
      - id: samen
        text: Tot vrijdag.
        when: {all: [rust]}
        next: terugblik
        feedback: {effect: strong, happens: Graag., works: Een afspraak., grow: Schrijf het op.}
      - id: los
        text: Dag.
        next: terugblik
        feedback: {effect: partly, happens: Dag., works: Vriendelijk., grow: Spreek iets af.}
      - id: weg
        text: Je loopt weg.
        next: einde-kort
        feedback: {effect: counter, happens: Stilte., works: Je bewaakt je tijd., grow: Zeg dag.}
  terugblik:
    type: reflect
    title: Terugblik
    prompt: Wat neem je mee?
    next: einde-lang
  einde-lang:
    type: ending
    title: Het loopt door
    text: Vrijdag is er weer een dag.
    studyday: Wie groet bij jullie?
    followup: {after_days: 14, prompt: "Groette je; en hoe?"}
    offer_retry: [groet, afscheid]
    links: [{text: Lees dit, url: "https://example.org/lees"}]
  einde-kort:
    type: ending
    title: Kort
    text: Het hek valt dicht.
"""
"""An experience with every kind of node: `vraag`, `samen` lead to the long ending, `weg` to the
short one."""

MODULE = """
format: micromodule/1
id: wachten
lang: nl
title: Wachten
summary: Vijf tellen stilte.
minutes: 3
completion: {rule: required_nodes}
blocks:
  - {type: text, title: Waarom, text: Stilte geeft ruimte.}
  - type: check
    prompt: Wat doet een stilte?
    options:
      - {text: Ze geeft ruimte., explain: Vaak wel.}
      - {text: Ze schuurt., explain: Soms ook.}
  - {type: reflect, id: mijn-stilte, prompt: Wanneer was je stil?}
  - {type: practice, text: Wacht vijf tellen., followup: {after_days: 7, prompt: Hoe ging het?}}
  - {type: sources, sources: [{text: Een boek}]}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def garden(request: pytest.FixtureRequest, settings: Settings, clock: Any) -> Iterator[School]:
    """A school with one experience, on either database, for what happens at once."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_tables")
        settings = replace(settings, database_url=url)
    app = create_app(settings, clock=clock)
    with app.app_context():
        school = School(app, clock)
        school.publish(GARDEN)
        yield school
        db.session.remove()
        db.engine.dispose()


def with_rule(text: str, **completion: Any) -> Document:
    """The document of a text, with another completion rule."""
    item = document_of(text)
    data = item.model_dump(mode="json", exclude_defaults=True) | {"completion": completion}
    return type(item).model_validate(data)
