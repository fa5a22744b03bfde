"""`proeftuin serve` as its own processes, with a database of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests
from stack import free_port


class Served:
    """A running `proeftuin serve` and the processes under it."""

    def __init__(self, home: Path, *words: str, **environment: str) -> None:
        self.port = free_port()
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
        self.run("db", "upgrade")
        with self._log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lti_tool", "serve", "--port", str(self.port), *words],
                cwd=home,
                env=self.environment,
                stdout=output,
                stderr=output,
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
