"""`proeftuin serve` as its own processes, with a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests
from stack import free_port

AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""A program that hands a listening socket over, as systemd does."""


class Served:
    """A running `proeftuin serve` and the processes under it.

    Args:
        home: a folder of its own.
        words: further words of the command.
        listening: a socket to hand over to it.
        environment: further settings.
    """

    def __init__(
        self,
        home: Path,
        *words: str,
        listening: socket.socket | None = None,
        **environment: str,
    ) -> None:
        self.port = listening.getsockname()[1] if listening else free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        self.environment = {
            **os.environ,
            "PROEFTUIN_ENV": "development",
            "PROEFTUIN_BASE_URL": self.url,
            "PROEFTUIN_DATABASE_URL": f"sqlite:///{home / 'tool.sqlite'}",
            "PROEFTUIN_SECRET_KEY": "a-secret-for-tests-only-0123456789",
            "PROEFTUIN_KEYS_DIR": str(home / "keys"),
            "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS": "1",
            **environment,
        }
        self._log = home / "serve.log"
        self._listening = listening
        self._words = ["-m", "lti_tool", "serve", *words]
        if listening is None:
            self._words += ["--port", str(self.port)]
        self.run("db", "upgrade")
        self.start()

    def start(self) -> None:
        """Start it, again after a stop; it is ready then."""
        first, handed = [sys.executable], ()
        if self._listening is not None:
            handed = (self._listening.fileno(),)
            first += ["-c", AS_SYSTEMD, str(handed[0])]
        with self._log.open("w") as output:
            self.process = subprocess.Popen(
                [*first, *self._words],
                cwd=self.home,
                env=self.environment,
                stdout=output,
                stderr=output,
                pass_fds=handed,
            )
        until(lambda: "Proeftuin runs at" in self.log)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def run(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "lti_tool", *words],
            cwd=self.home,
            env=self.environment,
            check=True,
            capture_output=True,
            timeout=60,
        )

    def pids(self, name: str) -> list[int]:
        """Return the processes of a role that live, going by what the system lists."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, _, rest = status.read_text().partition(" (")
            except (FileNotFoundError, ProcessLookupError):
                continue
            command, _, rest = rest.rpartition(") ")
            state, parent = rest.split()[:2]
            if command.startswith(name) and int(parent) == self.process.pid and state != "Z":
                found.append(int(pid))
        return found

    def ready(self) -> int:
        return requests.get(f"{self.url}/readyz", timeout=5).status_code

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=40)


def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not true after {seconds} s"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, waited for or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
