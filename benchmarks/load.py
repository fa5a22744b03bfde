"""A study-day morning: learners launch and play over HTTP against `serve`, and things go wrong.

    .venv/bin/python benchmarks/load.py [--learners 300] [--seconds 300] [--workers 2]
        [--threads 8] [--think 3] [--sqlite] [--rate 1000] [--faults restart,kill,hang+kill,...]

Printed at the end: how many answers, how fast, what they cost, and a line for each fault: what
learners saw and for how long, and whether something that was completed got lost. An ending that was
shown must be a completion, and the LMS must have been told in the end. Faults happen one after
another, spread over the time; those joined by `+` happen at once:

    restart   PostgreSQL is restarted
    kill      one web process is killed
    disk      the disk under the database is full for a while; needs leave to mount one in memory
    hang      the LMS does not answer deliveries for a while
    hostile   logins come that no platform would send, RATE a second, from another address
    upgrade   what runs is EARLIER, a clone of an earlier version, behind nginx, and this version is
              put in its place

The first part of the time nothing happens. Learners and strangers have processes of their own
(`bench.crowd`, `bench.strangers`), whose processor time is told beside the tool's. Asked of this
machine only, and it stops by itself.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench import ROOT, cpu, faults
from bench.crowd import ITEMS, Seen
from bench.faults import FAULTS, Stage
from bench.gate import Gate
from bench.servers import World, run, world
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from stack import free_port

LONGEST_FAULT = 20.0
"""Seconds that a fault lasts at most."""

SLOW_SECONDS = 10.0
"""An answer that takes longer is told as if it were an error."""

DELIVERED_SECONDS = 90.0
"""How long after the end the LMS may be told of the last completion."""

COLUMNS = (
    "fault", "s", "answers", "p95 before", "during", "after", "longest for one learner", "lost",
    "errors seen",
)  # fmt: skip
"""Of the table: `answers` until the next fault, p95 during the seconds that are named."""

LIMIT = "1200/minute"
"""Logins and launches per address, as in production."""


@dataclass
class Happened:
    """A stretch of time in which something was wrong with the world, or nothing."""

    name: str
    began: float
    ended: float = 0.0
    said: str = ""


def main() -> None:
    """Read what is wanted, and do it."""
    words = argparse.ArgumentParser()
    words.add_argument("--learners", type=int, default=300)
    words.add_argument("--seconds", type=float, default=300)
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--threads", type=int, default=0, help="of each; 0: as it ships")
    words.add_argument("--think", type=float, default=3, help="seconds between two answers")
    words.add_argument("--sqlite", action="store_true", help="instead of PostgreSQL")
    words.add_argument("--rate", type=float, default=1000, help="hostile logins a second")
    words.add_argument("--faults", default="", help=f"of {', '.join(FAULTS)}")
    words.add_argument("--earlier", type=Path, help="clone of the version to upgrade from")
    wanted = words.parse_args()
    names = [name for name in wanted.faults.split(",") if name]
    if unknown := {one for name in names for one in name.split("+")} - FAULTS.keys():
        raise SystemExit(f"no such fault: {', '.join(sorted(unknown))}")
    if wanted.sqlite and "restart" in wanted.faults:
        raise SystemExit("SQLite is no server that could be restarted")
    if "upgrade" in wanted.faults and not wanted.earlier:
        raise SystemExit("--earlier FOLDER says from which version to upgrade")
    with ExitStack() as stack:
        made = stack.enter_context(world())
        disk = None
        if any("disk" in name for name in names):
            try:
                disk = stack.enter_context(_disk(made, sqlite=wanted.sqlite))
            except faults.CannotFill as reason:
                print(f"No disk can be filled here, so that it is left out: {reason}")
                names = [name for name in names if "disk" not in name]
        if not wanted.sqlite:
            _keep_for_certain(made)
        where = disk or made.home
        url = f"sqlite:///{where}/crowd.sqlite" if wanted.sqlite else made.postgres.new_database()
        more = {"PROEFTUIN_LAUNCH_LIMIT": LIMIT}
        options = ["--workers", str(wanted.workers)]
        made.threads = wanted.threads
        port, gate = free_port(), None
        if "upgrade" in wanted.faults:
            more["PYTHONPATH"] = str(wanted.earlier.resolve())
            gate = Gate(Path(tempfile.mkdtemp(dir=made.home)), port)
            stack.callback(gate.stop)
            more |= {"PROEFTUIN_BASE_URL": gate.url, "PROEFTUIN_TRUSTED_PROXIES": "1"}
        tool = made.tool(*options, database_url=url, port=port, **more)
        run(tool.environment, "content", "publish", *_items())
        stage = Stage(made, tool, wanted.rate, disk, [os.getpid()], gate, options)
        _hold(stage, wanted, names)


def _hold(stage: Stage, wanted: argparse.Namespace, names: list[str]) -> None:
    """Let learners come, and faults happen; print what came of it."""
    crowd, answers = _crowd(stage, wanted)
    meters = {
        "tool": cpu.Meter(lambda: cpu.family(stage.tool.pid)),
        "database": cpu.Meter(lambda: [] if wanted.sqlite else cpu.family(stage.made.postmaster)),
        "driver": cpu.Meter(lambda: stage.driver),
    }
    with cpu.metering(meters.values()):
        crowd.stdin.write("begin\n")
        crowd.stdin.flush()
        happened = _happen(stage, names, wanted.seconds)
        took = time.monotonic() - happened[0].began
        crowd.stdin.close()
        crowd.wait(timeout=120)
    seen = Seen(**json.loads(answers.read_text()))
    told = _told_in_the_end(stage, len(seen.endings))
    lost = {sub for _, sub in seen.endings} - told.keys()
    print(f"\n{wanted.learners} learners, {took:.0f} s, {wanted.workers} web processes: ", end="")
    print(f"{len(seen.answers)} answers, {len(seen.answers) / took:.0f} a second")
    cpu_ms = 1000 * meters["tool"].total / len(seen.answers)
    cut = [1000 * one for one in quantiles([seconds for _, seconds, _ in seen.answers], n=100)]
    print(f"p50 {cut[49]:.0f} ms, p95 {cut[94]:.0f} ms, p99 {cut[98]:.0f} ms")
    print("processors in use: ", end="")
    print(", ".join(f"{name} {meter.total / took:.2f}" for name, meter in meters.items()), end="")
    print(f"; {cpu_ms:.1f} ms of the tool per answer")
    again = sum(told.values()) - len(told)
    print(
        f"endings shown {len(seen.endings)}, told to the LMS {len(told)} (again {again}), "
        f"lost {len(lost)}; steps lost {len(seen.back)}; connections opened anew {seen.resent}\n"
    )
    _table(seen, happened, lost)
    for one in happened:
        if one.said:
            print(f"{one.name}: {one.said}")
    for trouble, count in _unexpected(stage.made).most_common(10):
        print(f"unexpected: {count} {trouble}")
    if lost or seen.back:
        raise SystemExit("Something that was shown as done was lost.")


def _crowd(stage: Stage, wanted: argparse.Namespace) -> tuple[Any, Path]:
    """Start the learners' process; returns when it is ready to begin."""
    made, tool = stage.made, stage.tool
    key = made.lms.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    config = {
        "url": tool.url,
        "login": tool.login,
        "launch": tool.launch,
        "learners": wanted.learners,
        "think": wanted.think,
        "completion": f"{made.lms_server.url}/service",
        "lms": vars(made.lms) | {"key": key},
    }
    told, answers = made.home / "crowd.json", made.home / "answers.json"
    told.write_text(json.dumps(config))
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.crowd", str(told), str(answers)],
        cwd=ROOT / "benchmarks",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise SystemExit("the crowd did not come")
    stage.driver.append(process.pid)
    return process, answers


def _happen(stage: Stage, names: list[str], seconds: float) -> list[Happened]:
    """Let faults happen in turns; the first part of the time is free of them."""
    part = seconds / (len(names) + 1)
    lasts = min(LONGEST_FAULT, part / 2)
    happened = [Happened("nothing", time.monotonic())]
    time.sleep(part)
    for name in names:
        happened[-1].ended = happened[-1].ended or time.monotonic()
        one = Happened(name, time.monotonic())
        print(f"{name} …", flush=True)
        happened.append(one)
        said: dict[str, str] = {}

        def do(fault: str, said: dict[str, str] = said) -> None:
            said[fault] = FAULTS[fault](stage, lasts)

        together = [threading.Thread(target=do, args=(fault,)) for fault in name.split("+")]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
        one.ended = max(time.monotonic(), one.began + lasts)  # what it leaves behind counts too
        one.said = "; ".join(filter(None, said.values()))
        if failed := set(name.split("+")) - said.keys():
            raise SystemExit(f"could not be done: {', '.join(failed)}")
        time.sleep(max(0.0, one.began + part - time.monotonic()))
    happened[-1].ended = happened[-1].ended or time.monotonic()
    return happened


def _table(seen: Seen, happened: list[Happened], lost: set[str]) -> None:
    """Print a line for each fault."""
    print("| " + " | ".join(COLUMNS) + " |\n" + "| --- " * len(COLUMNS) + "|")
    ends = [one.began for one in happened[1:]] + [time.monotonic()]
    for one, until in zip(happened, ends, strict=True):
        here = [answer for answer in seen.answers if one.began <= answer[0] < until]
        errors = Counter(wrong for _, _, wrong in here if wrong)
        slow = sum(seconds > SLOW_SECONDS for _, seconds, wrong in here if not wrong)
        if slow:
            errors[f"over {SLOW_SECONDS:.0f} s"] = slow
        worst = max((s for at, s in seen.troubles if one.began <= at < until), default=0.0)
        gone = sum(one.began <= at < until and sub in lost for at, sub in seen.endings)
        spans = ((2 * one.began - one.ended, one.began), (one.began, one.ended), (one.ended, until))
        before, during, after = (_p95(seen, *span) for span in spans)
        if one.name == "nothing":
            before = after = ""
        cells = [one.name, f"{one.ended - one.began:.0f}", str(len(here)), before, during, after]
        cells += [f"{worst:.1f} s" if worst else "", str(gone)]
        cells.append(", ".join(f"{n} {what}" for what, n in errors.most_common()) or "none")
        print("| " + " | ".join(cells) + " |")
    print()


def _p95(seen: Seen, began: float, ended: float) -> str:
    seconds = [took for at, took, _ in seen.answers if began <= at < ended]
    return f"{1000 * quantiles(seconds, n=20)[18]:.0f} ms" if len(seconds) > 20 else ""


def _told_in_the_end(stage: Stage, endings: int) -> Counter[str]:
    """Resume deliveries as an operator does, and return what the LMS was told of whom."""
    told = stage.made.lms_server.told_of
    deadline = time.monotonic() + DELIVERED_SECONDS
    time.sleep(2)
    while len(set(told)) < endings and time.monotonic() < deadline:
        run(stage.tool.environment, "outbox", "retry", "--undelivered", "--platform", "school")
        time.sleep(5)
    return Counter(told)


def _unexpected(made: World) -> Counter[str]:
    """Return what the tool logged as errors, by what and where."""
    found: Counter[str] = Counter()
    for line in (made.home / "tool.log").read_text().splitlines():
        with suppress(ValueError):
            said = json.loads(line)
            if said.get("level") == "error":
                where = said.get("where", [""])[-1].rpartition("/")[2]
                found[f"{said['event']} {said.get('error') or said.get('detail')} {where}"] += 1
    return found


def _items() -> list[str]:
    """Return the files of what is played, and of what that leads on to."""
    return [
        str(path) for path in (ROOT / "content").glob("*.yaml") if path.name.split(".")[0] in ITEMS
    ]


def _keep_for_certain(made: World) -> None:
    """Run PostgreSQL as it runs in earnest: what it said it kept, it keeps."""
    if (made.postgres._home / "data" / "postmaster.pid").exists():
        faults.stop(made)
    faults.start(made)


@contextmanager
def _disk(made: World, *, sqlite: bool) -> Iterator[Path]:
    """Give a disk that may be filled, with the database on it.

    Raises:
        CannotFill: there can be none here.
    """
    if sqlite:
        folder = made.home / "disk"
        folder.mkdir()
    else:
        folder = made.postgres._home / "data"
        faults.stop(made)
    try:
        faults.own_disk(folder)
    except faults.CannotFill:
        if not sqlite:
            faults.start(made)
        raise
    print(f"a disk of {faults.DISK_MEGABYTES} MB in memory lies under the database")
    try:
        yield folder
    finally:
        made.close()
        subprocess.run(["umount", str(folder)], check=False)


if __name__ == "__main__":
    main()
