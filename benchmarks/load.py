"""A study-day morning: learners launch and play over HTTP, against `serve` on PostgreSQL.

    .venv/bin/python benchmarks/load.py [--learners 300] [--seconds 300] [--workers 2]
        [--think 3] [--sqlite] [--faults restart,kill,hang,hostile]

Each learner launches, reads and reacts with a pause as people make, plays to an ending, and begins
with another activity. Printed at the end: answers, errors by kind, percentiles, and whether every
ending that was shown is a completion in the database. Faults happen in this order, spread over the
time, and are said as they happen:

    restart   PostgreSQL is restarted
    kill      one web process is killed
    hang      the LMS does not answer deliveries for a while
    hostile   logins come that no platform would send, as fast as one process here can

Asked of this machine only, and it stops by itself.
"""

import argparse
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from statistics import quantiles

import psycopg
from bench import ROOT, cpu
from bench.servers import Server, World, run, world
from bench.web import Browser, path_of
from browsing import Element
from reaction import Learner, launched

ITEMS = ("eerlijk-is-eerlijk", "hij-slaapt-niet", "wie-denkt-er-dan")
AFTER_TROUBLE_SECONDS = 1.0
"""How long a person waits before they try again."""


@dataclass
class Seen:
    """What all learners together saw.

    Attributes:
        seconds: of every answer.
        trouble: errors by what they said.
        endings: how many endings were reached.
    """

    seconds: list[float] = field(default_factory=list)
    trouble: Counter[str] = field(default_factory=Counter)
    endings: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        """Count an error."""
        with self.lock:
            self.trouble[what] += 1


def main() -> None:
    """Read what is wanted, and do it."""
    words = argparse.ArgumentParser()
    words.add_argument("--learners", type=int, default=300)
    words.add_argument("--seconds", type=float, default=300)
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--think", type=float, default=3, help="seconds between two answers")
    words.add_argument("--sqlite", action="store_true", help="instead of PostgreSQL")
    words.add_argument("--faults", default="", help="of restart,kill,hang,hostile")
    wanted = words.parse_args()
    with world() as made:
        url = (
            f"sqlite:///{made.home}/crowd.sqlite" if wanted.sqlite else made.postgres.new_database()
        )
        tool = made.tool("--workers", str(wanted.workers), database_url=url)
        run(tool.environment, "content", "publish", str(ROOT / "content"))
        seen = Seen()
        stop = threading.Event()
        crowd = [
            threading.Thread(
                target=_learn,
                args=(made, tool, number),
                kwargs={"think": wanted.think, "seen": seen, "stop": stop},
            )
            for number in range(wanted.learners)
        ]
        began = time.monotonic()
        before = tool.spent()
        for one in crowd:
            one.start()
        _faults(made, tool, [name for name in wanted.faults.split(",") if name], wanted.seconds)
        stop.wait(max(0.0, wanted.seconds - (time.monotonic() - began)))
        spent = [after - was for was, after in zip(before, tool.spent(), strict=True)]
        stop.set()
        for one in crowd:
            one.join()
        _show(seen, time.monotonic() - began, spent, _completed(url))


def _learn(
    made: World, tool: Server, number: int, *, think: float, seen: Seen, stop: threading.Event
) -> None:
    """Be one learner until told to stop."""
    dice = random.Random(number)
    stop.wait(dice.uniform(0, 2 * think))  # people do not come in the same second
    turn = 0
    while not stop.is_set():
        item = ITEMS[(number + turn) % len(ITEMS)]
        turn += 1
        browser = Browser(tool.url)
        try:
            browser, first = launched(made, tool, f"learner-{number}-{turn}", item)
            learner = Learner(browser, Element("nothing"))
            learner.show(first)
            while learner.kind != "ending" and not stop.is_set():
                stop.wait(dice.uniform(0.5, 1.5) * think)
                _go_on(learner, dice)
            if learner.kind == "ending":
                with seen.lock:
                    seen.endings += 1
        except (OSError, HTTPException) as trouble:
            seen.note(type(trouble).__name__)
            stop.wait(AFTER_TROUBLE_SECONDS)
        except SystemExit as trouble:
            seen.note(str(trouble)[:4] + _code(str(trouble)))
            stop.wait(AFTER_TROUBLE_SECONDS)
        finally:
            with seen.lock:
                seen.seconds += browser.times
            browser.close()


def _go_on(learner: Learner, dice: random.Random) -> None:
    """Take a reaction, or the first step onward that the page offers."""
    radios = learner.page.all("input[type=radio]")
    if learner.kind == "choice" and radios:
        form = radios[0].closest("form")
        assert form is not None
        learner.send(form, choice=dice.choice(radios).attrs["value"])
        return
    button = learner.page.one("[data-next]")
    form = button.closest("form")
    if form is None:
        learner.show(path_of(button.attrs["href"]))
    else:
        learner.send(form)


def _code(page: str) -> str:
    """Return the code of an error page, if it has one."""
    return page.partition('data-error="')[2].partition('"')[0]


def _faults(made: World, tool: Server, names: list[str], seconds: float) -> None:
    for name in names:
        time.sleep(seconds / (len(names) + 1))
        print(f"{name} …", flush=True)
        {"restart": _restart, "kill": _kill, "hang": _hang, "hostile": _hostile}[name](made, tool)


def _restart(made: World, _tool: Server) -> None:
    """Restart PostgreSQL as an operator's upgrade does."""
    made.postgres._run("pg_ctl", "-D", "data", "-m", "fast", "-w", "stop")
    made.postgres._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", _options(made), "start")


def _options(made: World) -> str:
    """Return what the cluster was started with, from the file that it keeps."""
    opened = (made.postgres._home / "data" / "postmaster.opts").read_text()
    return opened.partition(" ")[2].replace('"', "'").strip()


def _kill(_made: World, tool: Server) -> None:
    """Kill one web process; its parent starts another."""
    child = cpu.family(tool.pid)[1]
    os.kill(child, signal.SIGKILL)


def _hang(made: World, _tool: Server) -> None:
    """Let the LMS hang over deliveries for a while."""
    made.lms_server.slow = 30.0
    threading.Timer(20, lambda: setattr(made.lms_server, "slow", 0.0)).start()


def _hostile(_made: World, tool: Server, seconds: float = 10) -> None:
    """Send logins of no platform."""

    def send() -> None:
        browser = Browser(tool.url)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                browser.post(tool.login, iss="https://nobody.example", login_hint="x" * 200)
            except (OSError, HTTPException):
                continue
        browser.close()

    for _ in range(8):
        threading.Thread(target=send).start()


def _completed(url: str) -> int:
    counting = "SELECT count(*) FROM completion"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            return int(file.execute(counting).fetchone()[0])
    database = url.split("@/")[1].partition("?")[0]
    where = f"host={url.partition('host=')[2]} user=proeftuin dbname={database}"
    with psycopg.connect(where) as connection:
        return int(connection.execute(counting).fetchone()[0])


def _show(seen: Seen, took: float, spent: list[float], completed: int) -> None:
    cut = quantiles(seen.seconds, n=100)
    answers = len(seen.seconds)
    print(f"{answers} answers in {took:.0f} s ({answers / took:.0f} a second)")
    print(f"p50 {1000 * cut[49]:.0f} ms, p95 {1000 * cut[94]:.0f} ms, p99 {1000 * cut[98]:.0f} ms")
    print(f"CPU: tool {spent[0]:.1f} s, PostgreSQL {spent[1]:.1f} s")
    print(f"endings shown {seen.endings}, completions stored {completed}")
    print(f"errors: {dict(seen.trouble) or 'none'}")
    if completed < seen.endings:
        raise SystemExit("A completion was lost.")


if __name__ == "__main__":
    main()
