"""What a launch costs: login and launch, first and returning, beside its peers in the same run.

    .venv/bin/python benchmarks/launch.py [ROUNDS] [LAUNCHES]

One process of each server with eight threads; PostgreSQL for the tool and the floor. Logins and
launches are asked over HTTP on connections that stay open. The LMS signs here, in the driver,
between two requests, and that is in no figure.
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from bench.servers import Server, World, world
from bench.table import Row, show
from bench.web import AT_ONCE, Browser, all_of, path_of
from tinylms import LTI

FLOOR, PYLTI = "Flask floor, one commit", "PyLTI1p3, Redis"


@dataclass
class Visitor:
    """Somebody who launches."""

    sub: str
    browser: Browser
    state: str = ""
    nonce: str = ""
    took: list[float] = field(default_factory=list)


def main(rounds: int, launches: int) -> None:
    """Measure and print."""
    with world() as made:
        rows, _ = measured(made, rounds, launches)
    show("Login and launch, per launch", rows, (FLOOR, PYLTI))


def measured(
    made: World, rounds: int, launches: int, *, all_peers: bool = True
) -> tuple[Mapping[str, Row], Server]:
    """Return the rows of the table, and the tool's server."""
    tool = made.tool()
    servers: dict[str, tuple[Server, Callable[[int, int], str]]] = {
        "Proeftuin, returning": (tool, lambda _round, number: f"known-{number}"),
        "Proeftuin, first": (tool, lambda round, number: f"new-{round}-{number}"),
        FLOOR: (made.floor(), lambda _round, number: f"known-{number}"),
    }
    if all_peers:
        known = servers[FLOOR][1]
        servers[PYLTI] = made.pylti("redis"), known
        servers["PyLTI1p3, file cache"] = made.pylti("file"), known
        ltijs = made.ltijs()
        if ltijs is not None:
            servers["ltijs, with its redirect"] = ltijs, known
        else:
            print("ltijs could not be installed here")
    rows = {name: Row() for name in servers}
    for server, who in servers.values():  # warm, also the learners that return
        round_of(made, server, who, -1, launches)
    for number in range(rounds):
        for name, (server, who) in servers.items():
            spent, seconds = round_of(made, server, who, number, launches)
            rows[name].server.append(spent[0] * 1000 / launches)
            rows[name].database.append(spent[1] * 1000 / launches)
            rows[name].seconds += seconds
    return rows, tool


def round_of(
    made: World, server: Server, who: Callable[[int, int], str], number: int, launches: int
) -> tuple[tuple[float, float], list[float]]:
    """Launch many times; processor time of server and database, and seconds of each launch."""
    desks = [Browser(server.url) for _ in range(AT_ONCE)]
    visitors = [Visitor(who(number, one), Browser(server.url)) for one in range(launches)]
    by_desk = [visitors[at::AT_ONCE] for at in range(AT_ONCE)]
    spent = [0.0, 0.0]

    def timed(step: Callable[[Visitor, Browser], None]) -> None:
        def queue(at: int) -> None:
            for visitor in by_desk[at]:
                desk = desks[at]
                desk.cookies, before = visitor.browser.cookies, len(desk.times)
                step(visitor, desk)
                visitor.took.append(sum(desk.times[before:]))

        began = server.spent()
        all_of(queue, range(AT_ONCE))
        time.sleep(0.02)  # what is done after the answer counts too
        ended = server.spent()
        for at in (0, 1):
            spent[at] += ended[at] - began[at]

    def login(visitor: Visitor, desk: Browser) -> None:
        target = server.url + server.launch
        answer = desk.post(server.login, **made.lms.login_params(target_link_uri=target))
        query = parse_qs(urlsplit(answer.location).query)
        visitor.state, visitor.nonce = query["state"][0], query["nonce"][0]

    def launch(visitor: Visitor, desk: Browser) -> None:
        own = {LTI + "target_link_uri": server.url + server.launch, "sub": visitor.sub}
        token = made.lms.sign(made.lms.claims(visitor.nonce, time.time(), **own))
        answer = desk.post(server.launch, id_token=token, state=visitor.state)
        if "ltik" in answer.location:  # ltijs sends the browser to itself
            answer = desk.get(path_of(answer.location))
        if answer.status not in {200, 302, 303}:
            raise SystemExit(f"{server.launch}: {answer.status} {answer.text[:600]}")

    timed(login)
    timed(launch)
    for desk in desks:
        desk.close()
    return (spent[0], spent[1]), [sum(visitor.took) for visitor in visitors]


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [8, 80][len(given) :]))
