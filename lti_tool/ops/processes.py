"""Keeping processes alive: one that dies is started again, and all end with the first."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

GRACE_SECONDS = 30.0
"""How long a process may take to end."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a process that died is started again; doubled while it keeps dying."""

STEADY_SECONDS = 60.0
"""After how long alive an earlier death is forgotten."""

_LOOK_SECONDS = 0.1

log = logging.getLogger("proeftuin")


@dataclass
class Role:
    """Something that one process does until it is told to stop.

    Attributes:
        name: at most 15 characters; the process is listed under it (`ps -o comm`).
        work: called in the process, with an event that says when to stop.
        died: told, in the first process, that the one of this role is gone.
    """

    name: str
    work: Callable[[threading.Event], None]
    died: Callable[[], None] = lambda: None
    pid: int = field(default=0, init=False)
    since: float = field(default=0.0, init=False)
    start_at: float = field(default=0.0, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)


def keep(roles: list[Role], *, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
    """Run a process for each role until this one is told to stop, then stop them all.

    Call it from a process without threads and without open database connections: it forks.

    Args:
        roles: what to run.
        ready: tells whether all of them can be used.
        announce: called once, when they can.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    announced = False
    try:
        while not stop.wait(_LOOK_SECONDS):
            for role in roles:
                _look_after(role)
            if not announced and ready():
                announced = True
                announce()
    finally:
        _stop(roles)


def _look_after(role: Role) -> None:
    """Start a role's process if there is none and its pause is over."""
    now = time.monotonic()
    if role.pid and _is_gone(role.pid):
        if now - role.since > STEADY_SECONDS:
            role.pause = FIRST_PAUSE
        log.warning("process ended", extra={"code": role.name})
        role.pid, role.start_at = 0, now + role.pause
        role.pause = min(2 * role.pause, LONGEST_PAUSE)
        role.died()
    if not role.pid and now >= role.start_at:
        role.since = now
        role.pid = _fork(role)


def _is_gone(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] != 0


def _fork(role: Role) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with suppress(OSError):  # where there is no /proc, the name stays that of the command
            Path("/proc/self/comm").write_text(role.name)
        end_with(parent, stop)
        role.work(stop)
        code = 0
    except Exception:
        log.exception("process failed", extra={"code": role.name})
    finally:
        os._exit(code)  # the first process's clean-up is not ours


def end_with(parent: int, stop: threading.Event) -> None:
    """Stop this process when its parent is gone: gently first, then for certain."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        stop.set()
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="orphan", daemon=True).start()


def _stop(roles: list[Role]) -> None:
    """End all processes; who does not listen is killed."""
    deadline = time.monotonic() + GRACE_SECONDS
    living = [role.pid for role in roles if role.pid]
    for pid in living:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    while living := [pid for pid in living if not _is_gone(pid)]:
        if time.monotonic() > deadline:
            for pid in living:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            return
        time.sleep(_LOOK_SECONDS)
