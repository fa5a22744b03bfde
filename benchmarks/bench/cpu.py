"""Processor time of other processes, as the operating system accounts it."""

import time
from collections.abc import Iterable
from pathlib import Path


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
