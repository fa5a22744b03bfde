"""What an operation costs when much is stored, against an empty database, on PostgreSQL.

    .venv/bin/python benchmarks/growth.py [RUNS] [ROUNDS]

Fills 1,000,000 runs of 250,000 people at 1,000 platforms, with sessions, completions, texts and
notes in proportion, 2,000 items in the library and twenty preparations at each platform; then
lets two processes of the tool, one on each database, do the same things in turns. The items
that are played are in both; so is a library that fills a page of the picker, since a page with
more cards costs more whatever lies behind it.
"""

import sys
import time
from collections.abc import Callable, Sequence

import psycopg
from bench.servers import Server, World, world
from bench.table import Row, show
from bench.web import Browser, path_of
from launch import round_of
from picker import library
from reaction import Learner, enter, prepare, timed
from tinylms import LTI

PLATFORMS, ITEMS, DAYS, PER_PERSON = 1000, 2000, 20, 4
ONE_PAGE = 60
"""So many that a search in them shows as many cards as one in all."""

EMPTY, FULL = "empty", "full"

FILL = """
INSERT INTO platform (name, issuer, client_id, auth_login_url, auth_token_url, jwks_url, family,
  status, created_at)
SELECT 'p' || n, 'https://p' || n || '.example', 'c', 'https://x.example/a', 'https://x.example/t',
  'https://x.example/k', 'generic', 'active', now() FROM generate_series(1, %(platforms)s) n;

INSERT INTO deployment (platform_id, deployment_id, status, created_at)
SELECT id, '1', 'active', now() FROM platform WHERE name LIKE 'p%%';

INSERT INTO learner (platform_id, pseudonym, sealed_sub)
SELECT platform.id, md5(n || 'person'), repeat('s', 140)
FROM generate_series(1, %(people)s) n
JOIN platform ON platform.name = 'p' || (1 + n %% %(platforms)s);

INSERT INTO resource_link (deployment_id, link_id, context_id, item, completion_url)
SELECT deployment.id, 'l' || n, 'course' || n, item.slug, 'https://x.example/done'
FROM deployment
JOIN platform ON platform.id = deployment.platform_id AND platform.name LIKE 'p%%'
CROSS JOIN generate_series(1, %(links)s) n
JOIN item ON item.id = (SELECT min(id) FROM item) + (deployment.id * 7 + n) %% 1500;

CREATE TEMPORARY TABLE placed AS
SELECT resource_link.id AS link, item.id AS item, version.id AS version,
  deployment.platform_id AS at,
  row_number() OVER (PARTITION BY deployment.platform_id) AS number
FROM resource_link JOIN deployment ON deployment.id = resource_link.deployment_id
JOIN item ON item.slug = resource_link.item
JOIN version ON version.item_id = item.id AND version.number = 1;
CREATE INDEX ON placed (at, number);
ANALYZE placed;

INSERT INTO run (learner_id, link_id, item_id, version_id, state, touched_at, ended_at)
SELECT learner.id, placed.link, placed.item, placed.version,
  CASE WHEN learner.id %% 5 = 0 THEN repeat('x', 300) END,
  now() - learner.id %% 300 * interval '1 day',
  CASE WHEN learner.id %% 5 > 0 THEN now() - learner.id %% 300 * interval '1 day' END
FROM learner CROSS JOIN generate_series(1, %(each)s) n
JOIN placed ON placed.at = learner.platform_id
  AND placed.number = 1 + (learner.id / 1000 + n) %% %(links)s;

INSERT INTO completion (learner_id, link_id, platform_id, completed_at, state, due_at, tries,
  delivered_at)
SELECT run.learner_id, run.link_id, learner.platform_id, run.ended_at, 'delivered', NULL, 1,
  run.ended_at FROM run JOIN learner ON learner.id = run.learner_id WHERE run.ended_at IS NOT NULL;

INSERT INTO reflection (learner_id, item_id, node, sealed_text, saved_at)
SELECT DISTINCT ON (learner_id, item_id) learner_id, item_id, 'r', repeat('t', 400), now()
FROM run WHERE learner_id %% 4 = 0;

INSERT INTO note (learner_id, item_id, kind, sealed_text, day, saved_at)
SELECT learner_id, item_id, 'hint', repeat('t', 300), NULL, now()
FROM run WHERE learner_id %% 8 = 0;

INSERT INTO launch_session (id, token_hash, cookieless, platform_id, deployment_id, learner_id,
  link_id, designer, locale, answered, seen_at, expires_at)
SELECT substr(md5(run.id::text), 1, 22), md5(run.id::text) || md5(run.id::text), false,
  deployment.platform_id, deployment.id, run.learner_id, run.link_id, false, 'nl', false, now(),
  now() + interval '8 hours'
FROM run JOIN resource_link ON resource_link.id = run.link_id
JOIN deployment ON deployment.id = resource_link.deployment_id WHERE run.id %% 10 = 0;

CREATE TEMPORARY TABLE day AS
SELECT deployment.id AS made_at, deployment.platform_id, 'dag-' || deployment.id || '-' || n AS slug
FROM deployment CROSS JOIN generate_series(1, %(days)s) n;

INSERT INTO item (slug) SELECT slug FROM day;

INSERT INTO item_platform (item_id, platform_id)
SELECT item.id, day.platform_id FROM day JOIN item USING (slug);

INSERT INTO course_item (item_id, deployment_id, context_id)
SELECT item.id, day.made_at, 'course' FROM day JOIN item USING (slug);

INSERT INTO version (item_id, number, sha256, document, kind, lang, title, summary, minutes, tags,
  practise, cover_alt, public, published_at)
SELECT item.id, 1, md5(slug), repeat('d', 900), 'preparation', 'nl', 'Studiedag', '', 30, '', '',
  '', false, now() FROM day JOIN item USING (slug);

INSERT INTO search_term (field, term, item_id, weight)
SELECT 'word', term, item.id, 4 FROM day JOIN item USING (slug)
CROSS JOIN unnest(ARRAY['studiedag', 'welkom',
  (ARRAY['ouders', 'gesprek', 'leerling', 'samen', 'team', 'toets'])[1 + item.id %% 6]]) term;
"""


def main(runs: int, rounds: int) -> None:
    """Measure and print."""
    with world() as made:
        urls = {name: made.postgres.new_database() for name in (EMPTY, FULL)}
        servers = {name: made.tool(database_url=url) for name, url in urls.items()}
        for name, items in ((EMPTY, ONE_PAGE), (FULL, ITEMS)):
            with library(urls[name], items, fresh=False):
                pass
        filled = fill(urls[FULL], runs)
        print(f"{FULL}: " + ", ".join(f"{number:,} {table}" for table, number in filled.items()))
        for what, act in ACTS.items():
            rows = compared(made, servers, act, rounds)
            show(what, rows, (EMPTY,))


def fill(url: str, runs: int) -> dict[str, int]:
    """Fill a database; return how many rows the large tables have."""
    database = url.split("@/")[1].partition("?")[0]
    where = f"host={url.partition('host=')[2]} user=proeftuin dbname={database}"
    people = runs // PER_PERSON
    given = {
        "platforms": PLATFORMS,
        "people": people,
        "links": 20,
        "days": DAYS,
        "each": PER_PERSON,
    }
    with psycopg.connect(where, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        for statement in FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement, given)
        connection.execute("VACUUM ANALYZE")
        tables = (
            "run",
            "learner",
            "completion",
            "launch_session",
            "reflection",
            "platform",
            "item",
        )
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in tables
        }


Done = tuple[int, Sequence[float], list[float]]
"""How often something was done, the processor time of server and database, seconds of each."""

Act = Callable[[World, Server, int], Done]
"""Does something often on a server."""


def compared(made: World, servers: dict[str, Server], act: Act, rounds: int) -> dict[str, Row]:
    """Let both servers do something in turns."""
    rows = {name: Row() for name in servers}
    for number in range(-2, rounds):
        for name, server in servers.items():
            times, spent, seconds = act(made, server, number)
            if number >= 0:  # those before warm up
                rows[name].server.append(spent[0] * 1000 / times)
                rows[name].database.append(spent[1] * 1000 / times)
                rows[name].seconds += seconds
    return rows


def launching(made: World, server: Server, number: int, who: str = "known") -> Done:
    """Launch as somebody who did before, or for the first time."""
    sub = f"{who}-{number if who == 'new' else ''}"
    spent, seconds = round_of(made, server, lambda _round, one: f"{sub}-{one}", number, 60)
    return 60, spent, seconds


def launching_first(made: World, server: Server, number: int) -> Done:
    """Launch for the first time."""
    return launching(made, server, number, "new")


_playing: dict[str, list[Learner]] = {}


def reacting(made: World, server: Server, _number: int) -> Done:
    """React, and read the feedback."""
    if server.url not in _playing:
        _playing[server.url] = prepare(made, server, 30)
    learners = _playing[server.url]
    spent, seconds = timed(server, learners, Learner.react, lambda one: one.browser)
    for learner in learners:
        learner.back()
    return len(learners), spent, seconds


_logbooks: dict[str, list[Learner]] = {}


def looking_back(made: World, server: Server, _number: int) -> Done:
    """Look at what is kept."""
    if server.url not in _logbooks:
        _logbooks[server.url] = [enter(made, server, f"keeper-{one}") for one in range(20)]
    learners = _logbooks[server.url]

    def look(learner: Learner) -> None:
        learner.show(learner.page.one("[data-kept]").attrs["href"])

    spent, seconds = timed(server, learners, look, lambda one: one.browser)
    return len(learners), spent, seconds


_picking: dict[str, tuple[Browser, str]] = {}


def picking(made: World, server: Server, _number: int) -> Done:
    """Search in the picker."""
    if server.url not in _picking:
        browser = Browser(server.url)
        target = server.url + server.launch
        answer = browser.post(server.login, **made.lms.login_params(target_link_uri=target))
        asked = dict(pair.split("=", 1) for pair in answer.location.partition("?")[2].split("&"))
        claims = made.lms.deep_linking_claims(
            asked["nonce"], time.time(), **{LTI + "target_link_uri": target, "sub": "designer"}
        )
        token = made.lms.sign(claims)
        answer = browser.post(server.launch, id_token=token, state=asked["state"])
        _picking[server.url] = browser, path_of(answer.location)
    browser, path = _picking[server.url]

    def look(words: str) -> None:
        answer = browser.get(f"{path}?q={words}")
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")

    looks = ["ouders", "gesprek", "leerling", ""] * 5
    began, before = server.spent(), len(browser.times)
    for words in looks:
        look(words)
    ended = server.spent()
    spent = tuple(after - was for was, after in zip(began, ended, strict=True))
    return len(looks), spent, browser.times[before:]


ACTS: dict[str, Act] = {
    "Login and launch, returning": launching,
    "Login and launch, first": launching_first,
    "A reaction and its feedback": reacting,
    "What is kept": looking_back,
    "A search in the picker (2,000 items, 20,000 of others; against 60)": picking,
}


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [1_000_000, 5][len(given) :]))
