"""What an operation may cost, whatever the machine: statements, plans, and a ratio to a floor.

The benchmarks measure the same with real processes; see docs/performance.md.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any

import jwt
import psycopg
import pytest
from flask import Flask, redirect, request, request_finished
from sqlalchemy import text
from statements import Statement, statements
from tinylms import Browser, Lms, register
from visits import GARDEN, School

from lti_tool import create_app
from lti_tool.completion import worker
from lti_tool.db import db
from lti_tool.ops.metrics import standing

PERSON = {"https://purl.imsglobal.org/spec/lti/claim/custom": {"item": "tuin"}}


class Watched:
    """The tool on PostgreSQL, with what it asks the database.

    Attributes:
        asked: statements with their parameters, in order.
    """

    def __init__(self, app: Flask, clock: Any, lms: Lms) -> None:
        self.app, self.clock, self.lms = app, clock, lms
        self.school = School(app, clock)
        self.school.publish(GARDEN)
        register(app, lms, name="other")
        self.asked: list[Statement] = []

    @contextmanager
    def asking(self) -> Iterator[list[Statement]]:
        with statements() as seen:
            yield seen
        self.asked += seen

    def launch(self, sub: str = "anna") -> Any:
        browser = Browser(self.app.test_client(), self.lms, lambda: self.clock().timestamp())
        answer = browser.launch(PERSON | {"sub": sub})
        assert answer.status_code == 303, answer.text
        return answer


@pytest.fixture
def watched(settings, postgres_url, clock, rsa_keys, local_server) -> Iterator[Watched]:
    lms = Lms(rsa_keys[0], f"{local_server.url}/jwks", issuer="https://other.example")
    local_server.replies["/jwks"] = (200, {}, lms.jwks())
    app = create_app(replace(settings, database_url=postgres_url), clock=clock)
    with app.app_context():
        db.create_all()
        yield Watched(app, clock, lms)
        db.session.remove()
        db.engine.dispose()


def test_a_launch_of_which_all_is_known_is_one_statement(watched: Watched):
    watched.launch()
    with watched.asking() as seen:
        watched.launch()
    assert [statement.split()[0] for statement, _ in seen] == ["INSERT"]


def test_a_first_launch_is_three_statements(watched: Watched):
    watched.launch()
    with watched.asking() as seen:
        watched.launch("bea")
    assert [statement.split()[0] for statement, _ in seen] == ["INSERT"] * 3


def test_a_request_of_the_player_is_at_most_three_statements(watched: Watched):
    browser = watched.school.open("tuin").onward()
    browser.choose("vraag").press("[data-another]")  # titles of modules are held for a minute
    in_all = [0]
    with watched.asking() as seen:

        def ended(_sender: Any, **_: Any) -> None:
            in_all.append(len(seen))

        with request_finished.connected_to(ended, watched.app):
            browser.choose("stil")
            browser.onward()
            browser.open()
    assert len(in_all) > 5
    assert max(after - before for before, after in pairwise(in_all)) <= 3, seen


def test_a_reaction_and_its_page_are_three_statements_where_our_script_sends_it(watched: Watched):
    browser = watched.school.open("tuin").onward()
    browser.choose("vraag").press("[data-another]")
    browser.scripted = True
    with watched.asking() as seen:
        browser.choose("stil")
    assert browser.page == "feedback"
    assert [statement.split()[0] for statement, _ in seen] == ["SELECT", "SELECT", "UPDATE"]


def _all_that_is_hot(watched: Watched) -> None:
    """Do everything that is done all day: launch, play, complete, deliver, look at the numbers."""
    browser = watched.school.open("tuin")
    with watched.asking():
        watched.launch()
        watched.launch()
        browser.onward()
        browser.choose("vraag")
        browser.finish()
        assert browser.page == "ending"
        browser.press("[data-kept]")
        assert browser.page == "kept"
        assert worker.make_courier().claim() is not None
        db.session.execute(standing())
        db.session.rollback()


def test_no_hot_statement_reads_a_table_from_end_to_end(watched: Watched):
    _all_that_is_hot(watched)
    watched.asked = [one for one in watched.asked if one[0].split()[0] in READ_OR_WRITTEN]
    assert len({statement for statement, _ in watched.asked}) > 12
    found: dict[str, set[str]] = {}
    with db.engine.connect() as connection:
        # Where an index can serve, PostgreSQL then uses it, however small the table is now; and
        # the plan is the one that a prepared statement keeps.
        connection.execute(text("SET enable_seqscan = off"))
        cursor = connection.connection.cursor()
        for statement, given in watched.asked:
            if any(words in statement for words in ABOUT_ALL):
                continue
            plan = cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", given).fetchone()[0]
            for table in _read_whole(plan[0]["Plan"]):
                found.setdefault(table, set()).add(statement)
        connection.rollback()
    assert found == {}


def _read_whole(node: dict[str, Any]) -> Iterator[str]:
    """Yield the tables that a plan reads from end to end, by themselves or along an index."""
    if node["Node Type"] == "Limit":
        return  # the first along an index, as min() and max() are found
    scans = "Scan" in node["Node Type"] and "Relation Name" in node
    if scans and node["Node Type"] != "Bitmap Heap Scan" and "Index Cond" not in node:
        yield node["Relation Name"]
    for inner in node.get("Plans", ()):
        yield from _read_whole(inner)


READ_OR_WRITTEN = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}


ABOUT_ALL = ("count(*)",)
"""The numbers are about every platform."""


def test_a_launch_costs_no_more_than_three_plain_flask_launches(watched: Watched, postgres_url):
    ours = Browser(watched.app.test_client(), watched.lms, lambda: watched.clock().timestamp())
    database = psycopg.connect(postgres_url.replace("+psycopg", ""))
    client = _floor(watched.lms, database).test_client()

    def theirs() -> None:
        client.post("/login", data=watched.lms.login_params())
        claims = watched.lms.claims("n", watched.clock().timestamp(), **PERSON)
        client.post("/launch", data={"id_token": watched.lms.sign(claims), "state": "s"})

    signing = _spent(lambda: watched.lms.sign(watched.lms.claims("n", 0.0)))
    ratios = []
    for _ in range(5):
        spent = _spent(lambda: ours.launch(PERSON)) - signing
        ratios.append(spent / (_spent(theirs) - signing))
    database.close()
    assert median(ratios) < 3, ratios


def _floor(lms: Lms, database: Any) -> Flask:
    """What a plain Flask tool must do at least: see benchmarks/peers/floor.py."""
    app = Flask("floor")
    key = lms.key.public_key()
    database.execute("CREATE TABLE floor (id serial, sub text)")
    database.commit()

    @app.post("/login")
    def login() -> Any:
        return redirect(f"https://lms.example/auth?nonce=n&hint={request.form['login_hint']}")

    @app.post("/launch")
    def launch() -> Any:
        options = {"verify_exp": False, "verify_iat": False}
        token = request.form["id_token"]
        claims = jwt.decode(token, key, ["RS256"], audience=lms.client_id, options=options)
        database.execute("INSERT INTO floor (sub) VALUES (%s)", (claims["sub"],))
        database.commit()
        return redirect("/page", 303)

    return app


def _spent(act: Callable[[], object], times: int = 25) -> float:
    """Processor time of this thread, for each time."""
    act()
    gc.disable()
    try:
        began = time.thread_time()
        for _ in range(times):
            act()
        return (time.thread_time() - began) / times
    finally:
        gc.enable()
