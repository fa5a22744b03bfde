"""Nobody reaches what is not theirs: every route with every foreign object in its address.

The routes are read from the app itself. A route with a kind of object that this test does not know
fails it, so that whoever adds one says here what a foreign one is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tinylms import LTI, TOOL, Browser, Lms, code_of, register
from visits import GARDEN, document_of
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.experience.library import publishing
from lti_tool.experience.library.models import Version
from lti_tool.platforms.models import Platform

OWN = {"Origin": TOOL}
SECRET = "Alleen voor de buren"

WITHOUT_SESSION = {
    "/",
    "/about/<name>",
    "/moodle/completion.zip",
    "/share/<slug>",
    "/share/<slug>/<path:name>",
    "/favicon.ico",
    "/robots.txt",
    "/healthz",
    "/readyz",
    "/metrics",
    "/lti/canvas.json",
    "/lti/confirm",
    "/lti/jwks.json",
    "/lti/launch",
    "/lti/login",
    "/lti/register",
    "/static/<path:filename>",
}
"""Routes that no session guards: public, or guarded in a way of their own."""


@dataclass
class Person:
    """Somebody with a session, and the browser that holds it."""

    browser: Browser
    session_id: str
    proof: str

    @property
    def cookie(self) -> str:
        cookie = self.browser.client.get_cookie(f"__Host-pt-{self.session_id}", "tool.example")
        assert cookie is not None
        return str(cookie.value)


@dataclass
class World:
    """Two schools with an LMS each, their people, and an item that only the neighbours may see."""

    app: Flask
    learner: Person
    classmate: Person
    designer: Person
    neighbour: Person
    version_ids: dict[str, int]


def enter(app: Flask, lms: Lms, clock: Any, sub: str, item: str, *, deep: bool = False) -> Person:
    browser = Browser(app.test_client(), lms, lambda: clock().timestamp())
    response = browser.launch({"sub": sub, LTI + "custom": {"item": item}}, deep=deep)
    assert response.status_code == 303, response.text
    where = response.headers["Location"]
    page = browser.client.get(where, base_url=TOOL)
    assert page.status_code == 200, page.text
    proof = page.text.partition('name="s" value="')[2].partition('"')[0]
    assert proof
    return Person(browser, where.split("/")[2], proof)


@pytest.fixture
def world(
    settings: Settings, clock: Any, rsa_keys: list[Any], local_server: Any
) -> Iterator[World]:
    ours = Lms(rsa_keys[0], f"{local_server.url}/jwks")
    theirs = Lms(
        rsa_keys[1],
        f"{local_server.url}/their-jwks",
        issuer="https://neighbours.example",
        client_id="client-2",
        deployment_id="d-2",
    )
    local_server.replies["/jwks"] = (200, {}, ours.jwks())
    local_server.replies["/their-jwks"] = (200, {}, theirs.jwks())
    app = create_app(settings, clock=clock)
    with app.app_context():
        register(app, ours)
        register(app, theirs, "Neighbours")
        neighbours = db.session.scalars(select(Platform).filter_by(name="Neighbours")).one()
        limited = GARDEN.replace("id: tuin", "id: buren", 1).replace("De tuin", SECRET, 1)
        for text, platform_ids in ((GARDEN, ()), (limited, (neighbours.id,))):
            document = document_of(text)
            publishing.publish(db.session(), document, clock(), platform_ids=platform_ids)
        db.session.commit()
        version_ids = {version.title: version.id for version in db.session.scalars(select(Version))}
    yield World(
        app,
        learner=enter(app, ours, clock, "learner-1", "tuin"),
        classmate=enter(app, ours, clock, "learner-2", "tuin"),
        designer=enter(app, ours, clock, "designer", "tuin", deep=True),
        neighbour=enter(app, theirs, clock, "learner-1", "buren"),
        version_ids=version_ids,
    )
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def session_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "session_id" in rule.arguments]


def foreign_values(world: World) -> dict[str, list[Any]]:
    """For each kind of object in an address: values that are not the learner's own."""
    return {
        "slug": ["buren", "nowhere", "..", "a' or '1'='1", "x" * 300],
        "module": ["buren", "nowhere", "..", "a' or '1'='1", "x" * 300],
        "step": [0, 1, 7, 2**70],
        "reaction": [1, 2, 2**70],
        "version_id": [*world.version_ids.values(), 0, 999_999, 2**70],
        "proof": ["x", "0" * 43, world.neighbour.proof],
        "name": ["kaart.png", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd"],
    }


def addresses(world: World, rule: Rule, session_id: str) -> list[str]:
    """Return the rule's addresses under a session, one for each foreign object."""
    values = foreign_values(world)
    names = sorted(rule.arguments - {"session_id"} - (rule.defaults or {}).keys())
    unknown = set(names) - values.keys()
    assert not unknown, f"say what a foreign {unknown} is: {rule.rule}"
    adapter = world.app.url_map.bind("tool.example", url_scheme="https")
    found = []
    rows = max((len(values[name]) for name in names), default=1)
    for number in range(rows):
        chosen = {name: values[name][number % len(values[name])] for name in names}
        found.append(adapter.build(rule.endpoint, {"session_id": session_id} | chosen))
    return found


def tables(app: Flask) -> dict[str, list[Any]]:
    """All that is stored, without the moment at which a session was last seen."""
    with app.app_context():
        return {
            name: sorted(
                str({k: v for k, v in row._mapping.items() if k != "seen_at"})
                for row in db.session.execute(select(table))
            )
            for name, table in db.metadata.tables.items()
        }


def kept_out(response: TestResponse, where: str) -> None:
    assert response.status_code in {400, 401, 403, 404, 405}, f"{where}: {response.status_code}"
    assert code_of(response) is not None
    assert SECRET not in response.text


def test_every_route_has_a_session_or_is_known_to_have_none(world: World) -> None:
    rules = list(world.app.url_map.iter_rules())

    assert {rule.rule for rule in rules if "session_id" not in rule.arguments} == WITHOUT_SESSION
    assert len(session_rules(world.app)) > 10
    assert all(rule.rule.startswith("/l/<session_id>/") for rule in session_rules(world.app))


@pytest.mark.parametrize("victim", ["classmate", "designer", "neighbour"])
def test_another_persons_session(world: World, victim: str) -> None:
    """Not with one's own cookie, not with one's own cookie under the other's name, not with the
    other's form proof alone."""
    other: Person = getattr(world, victim)
    client = world.learner.browser.client
    client.set_cookie(
        f"__Host-pt-{other.session_id}", world.learner.cookie, domain="tool.example", secure=True
    )
    before = tables(world.app)

    for rule in session_rules(world.app):
        for where in addresses(world, rule, other.session_id):
            for method in sorted(rule.methods or ()):
                for proof in (world.learner.proof, other.proof, other.session_id, ""):
                    response = client.open(
                        where, method=method, data={"s": proof}, headers=OWN, base_url=TOOL
                    )
                    if method == "OPTIONS":
                        assert not response.data
                    elif method == "HEAD":
                        assert response.status_code >= 400
                    else:
                        kept_out(response, f"{method} {where}")

    assert tables(world.app) == before


def test_foreign_objects_in_ones_own_session(world: World) -> None:
    """An item of another platform, a version or a file that is not in one's own activity."""
    before = tables(world.app)
    for person in (world.learner, world.designer):
        for rule in session_rules(world.app):
            if rule.arguments == {"session_id"}:
                continue
            for where in addresses(world, rule, person.session_id):
                for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                    response = person.browser.client.open(
                        where,
                        method=method,
                        data={"s": person.proof, "item": "buren"},
                        headers=OWN,
                        base_url=TOOL,
                    )
                    kept_out(response, f"{method} {where}")

    assert tables(world.app) == before


DESIGNING = (
    "deeplink.",
    "completion.",
    "starter.",
    "look.",
    "plenary.",
    "insights.take_down",
)


def test_a_learner_on_the_pages_of_designers(world: World) -> None:
    """Teacher rights come from the role in this course, and from nothing that is sent."""
    refused = 0
    for rule in session_rules(world.app):
        if not rule.endpoint.startswith(DESIGNING):
            continue
        for where in addresses(world, rule, world.learner.session_id):
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                response = world.learner.browser.client.open(
                    where,
                    method=method,
                    data={"s": world.learner.proof, "designer": "1", "role": "Instructor"},
                    headers=OWN,
                    base_url=TOOL,
                )
                assert (response.status_code, code_of(response)) == (403, "role-missing"), where
                refused += 1

    assert refused > 3


def test_an_item_of_another_platform_cannot_be_opened_or_chosen(world: World, clock: Any) -> None:
    browser = world.learner.browser
    response = browser.launch({LTI + "custom": {"item": "buren"}})
    page = browser.client.get(response.headers["Location"], base_url=TOOL)
    kept_out(page, "launch")

    chosen = world.designer.browser.client.post(
        f"/l/{world.designer.session_id}/items/chosen",
        data={"s": world.designer.proof, "item": "buren"},
        headers=OWN,
        base_url=TOOL,
    )
    kept_out(chosen, "chosen")
    picker = world.designer.browser.client.get(
        f"/l/{world.designer.session_id}/items/", base_url=TOOL
    )
    assert SECRET not in picker.text
    assert "De tuin" in picker.text


def test_no_post_goes_without_the_proof_of_its_own_session(world: World) -> None:
    before = tables(world.app)
    for person in (world.learner, world.designer):
        for rule in session_rules(world.app):
            if "POST" not in (rule.methods or ()):
                continue
            for where in addresses(world, rule, person.session_id):
                for data, headers in (
                    ({}, OWN),
                    ({"s": world.classmate.proof}, OWN),
                    ({"s": person.session_id}, OWN),
                    ({"s": person.proof}, {"Origin": "https://evil.example"}),
                    ({"s": person.proof}, {"Origin": "https://lms.example"}),
                ):
                    response = person.browser.client.post(
                        where, data=data, headers=headers, base_url=TOOL
                    )
                    assert (response.status_code, code_of(response)) == (403, "form-foreign"), where

    assert tables(world.app) == before


def test_two_people_with_the_same_id_at_two_lmss_are_two_people(world: World) -> None:
    with world.app.app_context():
        learners = db.session.execute(select(db.metadata.tables["learner"])).all()

    assert len({row.pseudonym for row in learners}) == len(learners) == 4


def test_no_page_tells_one_person_about_another(world: World) -> None:
    """Ids in addresses say nothing: they are random, and worth nothing without the cookie."""
    ids = [
        person.session_id
        for person in (world.learner, world.classmate, world.designer, world.neighbour)
    ]
    page = world.learner.browser.client.get(f"/l/{ids[0]}/", base_url=TOOL)

    found = set(re.findall(r"/l/([\w-]{22})/", page.text))
    assert found == {ids[0]}
