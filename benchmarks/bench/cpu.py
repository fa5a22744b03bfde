"""Processor time of other processes, as the operating system accounts it."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_SECONDS = 0.25


def spent(pids: Iterable[int]) -> float:
    """Return the seconds of processor time that processes took so far, all their threads.

    Linux gives every process a clock of its own (`clock_getcpuclockid(3)`), in nanoseconds, where
    /proc counts in hundredths of a second. One that has ended counts nothing.
    """
    total = 0.0
    for pid in pids:
        try:
            total += time.clock_gettime((~pid << 3) | 2)
        except OSError:
            continue
    return total


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        except OSError:
            continue
        found += [int(child) for child in children.split()]
    return found


def backends(postmaster: int, database: str) -> list[int]:
    """Return PostgreSQL's processes that serve connections to one database.

    Not those that tidy it up (autovacuum), which after a bulk load work for minutes.
    """
    found = []
    for pid in family(postmaster)[1:]:
        try:
            title = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"postgres: proeftuin {database} " in title:
            found.append(pid)
    return found


class Meter:
    """Adds up the processor time of processes that come and go.

    Args:
        who: returns them as they are now.

    Attributes:
        total: seconds since the first look.
    """

    def __init__(self, who: Callable[[], list[int]]) -> None:
        self._who = who
        self._last: dict[int, float] | None = None
        self.total = 0.0

    def look(self) -> None:
        """Add what was spent since the last look; a new process counts from its start."""
        now = {pid: spent((pid,)) for pid in self._who()}
        if self._last is not None:
            self.total += sum(
                max(0.0, seconds - self._last.get(pid, 0.0)) for pid, seconds in now.items()
            )
        self._last = (self._last or {}) | now


@contextmanager
def metering(meters: Iterable[Meter]) -> Iterator[None]:
    """Look at meters while something goes on."""
    meters = list(meters)
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(LOOK_SECONDS):
            for meter in meters:
                meter.look()

    for meter in meters:
        meter.look()
    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        stop.set()
        looking.join()
        for meter in meters:
            meter.look()
