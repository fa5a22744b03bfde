"""What a delivery costs: a completion taken from the outbox and told to an LMS, on PostgreSQL.

    .venv/bin/python benchmarks/delivery.py [ROUNDS] [COMPLETIONS]

One courier; the LMS is a small server here that says yes. The floor sends the same requests with
`requests`, on one connection, and stores each in one commit; no claim, no turns, no token.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import requests
from bench import cpu
from bench.lms import LmsServer
from bench.servers import World, world
from bench.table import Row, show
from sqlalchemy import insert, select

from lti_tool import create_app
from lti_tool.completion import outbox, worker
from lti_tool.completion.models import DELIVERED
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.launch.models import Learner, ResourceLink
from lti_tool.platforms.models import Deployment
from lti_tool.services import services

OURS, FLOOR = "Proeftuin, one courier", "a POST and a commit each"


def main(rounds: int, completions: int) -> None:
    """Measure and print."""
    with world() as made:
        rows = measured(made, rounds, completions)
    show("Delivering a completion", rows, (FLOOR,))


def measured(made: World, rounds: int, completions: int) -> Mapping[str, Row]:
    """Return the rows of the table."""
    rows = {OURS: Row(), FLOOR: Row()}
    url = made.postgres.new_database()
    database = url.split("@/")[1].partition("?")[0]
    lms = made.lms_server
    with tool(url, lms), requests.Session() as session:
        plain = psycopg.connect(
            f"host={url.partition('host=')[2]} user=proeftuin dbname={database}"
        )
        plain.execute("CREATE TABLE plain (id int PRIMARY KEY, done bool)")
        plain.commit()
        for number in range(-1, rounds):
            complete(lms, number + 1, completions)
            courier = worker.make_courier()

            def ours(_one: int, courier: Any = courier) -> None:
                if courier.deliver_next() != DELIVERED:
                    raise SystemExit("a completion was not delivered")

            def theirs(one: int, number: int = number) -> None:
                session.post(f"{lms.url}/service", json={"userId": "u"}, timeout=10)
                plain.execute("INSERT INTO plain VALUES (%s, true)", [completions * number + one])
                plain.commit()

            for name, act in ((OURS, ours), (FLOOR, theirs)):
                spent, seconds = timed(made, database, act, completions)
                if number >= 0:  # the first warms up
                    rows[name].server.append(spent[0] * 1000 / completions)
                    rows[name].database.append(spent[1] * 1000 / completions)
                    rows[name].seconds += seconds
        plain.close()
    return rows


@contextmanager
def tool(url: str, lms: LmsServer) -> Iterator[None]:
    """An app in this process with one LMS, its course, and people."""
    home = Path(tempfile.mkdtemp())
    app = create_app(
        Settings(
            base_url="https://tool.example",
            database_url=url,
            secret_key="for this measurement only, thrown away after",
            keys_dir=home / "keys",
            media_dir=home / "media",
            allow_private_platforms=True,
        )
    )
    with app.app_context():
        db.create_all()
        services().keys.ensure()
        services().registry.add(
            name="school",
            issuer="https://lms.example",
            client_id="client-1",
            auth_login_url=f"{lms.url}/auth",
            auth_token_url=f"{lms.url}/token",
            jwks_url=f"{lms.url}/jwks",
            deployment_ids=("1",),
        )
        db.session.commit()
        yield
        db.session.remove()
        db.engine.dispose()


def complete(lms: LmsServer, number: int, completions: int) -> None:
    """Let that many people complete an activity."""
    session, vault = db.session(), services().vault
    deployment = session.scalars(select(Deployment)).one()
    link = ResourceLink(
        deployment_id=deployment.id,
        link_id=f"link-{number}",
        completion_url=f"{lms.url}/service",
    )
    session.add(link)
    session.flush()
    session.execute(
        insert(Learner),
        [
            {
                "platform_id": deployment.platform_id,
                "pseudonym": f"{number} {one}",
                "sealed_sub": vault.seal(f"{number} {one}"),
            }
            for one in range(completions)
        ],
    )
    ids = session.scalars(select(Learner.id).order_by(Learner.id.desc()).limit(completions)).all()
    for one in ids:
        past = datetime.now(UTC) - timedelta(minutes=1)
        outbox.record(session, learner_id=one, link_id=link.id, now=past)
    session.commit()


def timed(made: World, database: str, act: Any, times: int) -> Any:
    """Do something many times in this process; its processor time and the database's."""
    seconds = []
    before = time.thread_time(), cpu.spent(cpu.backends(made.postmaster, database))
    for one in range(times):
        began = time.perf_counter()
        act(one)
        seconds.append(time.perf_counter() - began)
    after = time.thread_time(), cpu.spent(cpu.backends(made.postmaster, database))
    return (after[0] - before[0], after[1] - before[1]), seconds


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [5, 200][len(given) :]))
