"""What may go wrong on a study day, done on purpose: each says what it did, and ends by itself."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from stack import free_port

from bench import ROOT, cpu
from bench.gate import Gate
from bench.servers import Server, World, run

ELSEWHERE = "127.0.0.2"
"""Where strangers come from; learners come from 127.0.0.1."""

DISK_MEGABYTES = 768
"""Of the disk that is to fill: PostgreSQL, some of its log of changes, and room for a crowd."""

LEFT_BYTES = 64 * 1024
"""What is left of a full disk."""


class CannotFill(Exception):
    """There is no disk that may be filled; the message says why."""


@dataclass
class Stage:
    """What faults happen to.

    Attributes:
        rate: logins a second that strangers send.
        disk: a disk of its own under the database; None where there is none.
        driver: processes of the driver, added to as they start.
        gate: nginx before the tool; None where there is none.
        words: of `serve`.
    """

    made: World
    tool: Server
    rate: float
    disk: Path | None
    driver: list[int]
    gate: Gate | None
    words: list[str]


def restart(stage: Stage, _seconds: float) -> str:
    """Restart PostgreSQL as an operator's upgrade does."""
    stop(stage.made)
    start(stage.made)
    return ""


def kill(stage: Stage, _seconds: float) -> str:
    """Kill one web process; its parent starts another."""
    first = next(pid for pid in cpu.family(stage.tool.pid)[1:] if _name(pid).startswith("web-"))
    os.kill(first, signal.SIGKILL)
    return ""


def disk(stage: Stage, seconds: float) -> str:
    """Fill the disk under the database, and make room again as an operator would.

    PostgreSQL stops when it cannot write its log of changes; it is started again once it can.
    """
    assert stage.disk is not None
    filler = stage.disk / "filler"
    began = time.monotonic()
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while time.monotonic() < began + seconds:  # what is deleted meanwhile is taken as well
            free = os.statvfs(stage.disk).f_bavail * os.statvfs(stage.disk).f_bsize
            if free > LEFT_BYTES:
                file.write(bytes(free - LEFT_BYTES))
            time.sleep(0.05)
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    filler.unlink()
    if stage.tool.stores() and not _answers(stage.made):
        with suppress(RuntimeError):  # what is left of it
            stop(stage.made, "immediate")
        start(stage.made)
        return "PostgreSQL had stopped, and was started again"
    return ""


def hang(stage: Stage, seconds: float) -> str:
    """Let the LMS hang over what it is told."""
    stage.made.lms_server.slow = 30.0
    time.sleep(seconds)
    stage.made.lms_server.slow = 0.0
    return ""


def hostile(stage: Stage, seconds: float) -> str:
    """Let strangers log in from elsewhere."""
    host, _, port = stage.tool.url.rpartition("/")[2].partition(":")
    words = [sys.executable, "-m", "bench.strangers", host, port, ELSEWHERE]
    process = subprocess.Popen(
        [*words, str(stage.rate), str(seconds)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    stage.driver.append(process.pid)
    said = json.loads(process.communicate()[0])
    answers = ", ".join(f"{count} {what}" for what, count in sorted(said["answers"].items()))
    return f"logins a second: {said['asked']:.0f} asked, {said['sent']} sent; {answers}"


def upgrade(stage: Stage, _seconds: float) -> str:
    """Put the present version in the place of an earlier one, as docs/operators.md says it."""
    assert stage.gate is not None
    old, port = stage.tool, free_port()
    environment = old.environment | {"PYTHONPATH": str(ROOT)}
    began, was = time.monotonic(), _revision(environment)
    run(environment, "db", "upgrade")
    tables = f"tables from {was} to {_revision(environment)} after {time.monotonic() - began:.1f} s"
    stage.tool = stage.made.serve(environment, port, *stage.words)
    stage.gate.turn(port)
    os.kill(old.pid, signal.SIGTERM)
    while cpu.family(old.pid)[1:]:
        time.sleep(0.1)
    return f"{tables}, the old one gone after {time.monotonic() - began:.1f} s"


FAULTS: dict[str, Callable[[Stage, float], str]] = {
    "restart": restart,
    "kill": kill,
    "disk": disk,
    "hang": hang,
    "hostile": hostile,
    "upgrade": upgrade,
}
"""By name; each takes about so many seconds, and returns what there is to say of it."""


def stop(made: World, mode: str = "fast") -> None:
    """Stop PostgreSQL."""
    made.postgres._run("pg_ctl", "-D", "data", "-m", mode, "-w", "stop")


def start(made: World) -> None:
    """Start PostgreSQL, so that it keeps what it says it kept, which tests have no need of."""
    home = made.postgres._home
    settings = {"listen_addresses": "''", "max_connections": 60, "shared_buffers": "64MB"}
    words = [f"-c {name}={value}" for name, value in settings.items()]
    words.append(f"-c unix_socket_directories={home}")
    made.postgres._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", " ".join(words), "start")
    made.postmaster = int((home / "data" / "postmaster.pid").read_text().split()[0])


def own_disk(folder: Path) -> None:
    """Put what is in a folder on a disk of its own, in memory. Take it away with `umount`.

    Raises:
        CannotFill: this machine lets nobody mount one.
    """
    was = folder.with_name(folder.name + ".was")
    folder.rename(was)
    folder.mkdir()
    size = f"size={DISK_MEGABYTES}m,mode=700"
    words = ["mount", "-t", "tmpfs", "-o", size, "proeftuin-load", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        said = done.stderr.strip() if done.returncode else ""
    except OSError as problem:
        said = str(problem)
    if said:
        folder.rmdir()
        was.rename(folder)
        raise CannotFill(said)
    shutil.copystat(was, folder)
    os.chown(folder, was.stat().st_uid, was.stat().st_gid)
    subprocess.run(["cp", "-a", f"{was}/.", str(folder)], check=True)
    shutil.rmtree(was)


def _answers(made: World) -> bool:
    where = f"host={made.postgres._home} user=proeftuin dbname=postgres connect_timeout=2"
    try:
        psycopg.connect(where).close()
    except psycopg.Error:
        return False
    return True


def _revision(environment: dict[str, str]) -> str:
    url = environment["PROEFTUIN_DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row and row[0])


def _name(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text()
    return ""
