"""The tool as its operator runs it, beside the sandbox LMS: real processes, real HTTP.

Used by the functional and the browser tests. Nothing here knows the tool's inside.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from lti_tool.sandbox.server import SandboxServer

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
DATABASE = "tool.sqlite"


@dataclass
class Stack:
    """A running tool and a running sandbox.

    Attributes:
        tool_url: where the tool answers.
        sandbox: the sandbox, on a thread of this process.
        home: folder with the tool's database, keys and log.
        environment: what the tool's commands run with.
    """

    tool_url: str
    sandbox: SandboxServer
    home: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def log(self) -> str:
        """All that the tool logged so far."""
        return (self.home / "serve.log").read_text()

    def run(self, *words: str | Path, exit_code: int = 0) -> str:
        """Run a `proeftuin` command; returns what it printed."""
        return _run(self.home, self.environment, *words, exit_code=exit_code)


def _run(home: Path, environment: dict[str, str], *words: str | Path, exit_code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "lti_tool", *map(str, words)],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    shown = f"proeftuin {' '.join(map(str, words))}\n{done.stdout}{done.stderr}"
    assert done.returncode == exit_code, f"exit code {done.returncode}: {shown}"
    return done.stdout


def _environment(home: Path, tool_url: str, database_url: str | None = None) -> dict[str, str]:
    return {
        **os.environ,
        "PROEFTUIN_ENV": "development",
        "PROEFTUIN_BASE_URL": tool_url,
        "PROEFTUIN_DATABASE_URL": database_url or f"sqlite:///{home / DATABASE}",
        "PROEFTUIN_SECRET_KEY": "for one run of the tests only, thrown away after",
        "PROEFTUIN_KEYS_DIR": str(home / "keys"),
        "PROEFTUIN_MEDIA_DIR": str(home / "media"),
        "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS": "1",
    }


def _publish(home: Path, environment: dict[str, str]) -> None:
    _run(home, environment, "db", "upgrade")
    _run(home, environment, "content", "publish", ROOT / "content")


def library(folder: Path) -> Path:
    """Return a folder with a database and media in which all shipped items are published.

    It is made once for all worker processes of a run, because looking at every picture and film
    takes 18 seconds of a core; copy it before use.

    Args:
        folder: any temporary folder of this worker process; the workers' lie side by side.
    """
    root = next(at for at in (folder, *folder.parents) if at.name.startswith("pytest-"))
    made = root / "library"
    with (root / "library.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "ready").exists():
            made.mkdir(exist_ok=True)
            _publish(made, _environment(made, "http://127.0.0.1"))
            (made / "ready").touch()
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    home: Path, *, host: str = "127.0.0.1", workers: int = 1, database_url: str | None = None
) -> Iterator[Stack]:
    """Run tool and sandbox with all shipped items published and all three LMSs connected."""
    port = free_port()
    tool_url = f"http://{host}:{port}"
    environment = _environment(home, tool_url, database_url)
    with SandboxServer(tool_url, host=host) as sandbox:
        stack = Stack(tool_url, sandbox, home, environment)
        if database_url is None:
            shutil.copytree(library(home), home, dirs_exist_ok=True)
        else:
            _publish(home, environment)
        connect(stack)
        with (home / "serve.log").open("w") as log:
            where = ("--host", host, "--port", str(port), "--workers", str(workers))
            server = subprocess.Popen(
                [sys.executable, "-m", "lti_tool", "serve", *where],
                cwd=home,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait_until_ready(stack, server)
                yield stack
            finally:
                server.terminate()
                server.wait(timeout=20)


def connect(stack: Stack) -> None:
    """Register the sandbox's LMSs with the commands that an operator uses."""
    for row in stack.sandbox.registrations:
        words = {
            "--name": row.name,
            "--issuer": row.issuer,
            "--client-id": row.client_id,
            "--auth-login-url": row.auth_login_url,
            "--auth-token-url": row.auth_token_url,
            "--jwks-url": row.jwks_url,
            "--deployment-id": row.deployment_id,
            "--family": row.family,
        }
        stack.run("platforms", "add", *[word for pair in words.items() for word in pair])
        if row.ws_token:
            token = stack.home / "token"
            token.write_text(row.ws_token)
            stack.run("platforms", "moodle-completion", row.name, "--token-file", token)


def _wait_until_ready(stack: Stack, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the tool stopped:\n{stack.log}"
        try:
            if requests.get(f"{stack.tool_url}/readyz", timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"the tool is not ready after {READY_SECONDS} s:\n{stack.log}")
