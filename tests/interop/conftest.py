"""Two real processes: the platform that nobody here wrote, and the tool.

A set-up that fails is a failing test with the log of what failed, never a skip.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from stack import library

from .browser import Browser, Page, arrive

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "interop"
PROEFTUIN = Path(sys.executable).with_name("proeftuin")
SETUP_SECONDS = 600
START_SECONDS = 60
LOG_TAIL = 6000

_logs: list[Path] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show the end of every process's log under a failing test of this directory."""
    report = yield
    if report.failed:
        report.sections += [(str(log), _tail(log)) for log in _logs]
    return report


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-LOG_TAIL:] if log.exists() else "(no log)"


def _run(log: Path, *command: str | Path, seconds: int, **options: Any) -> None:
    """Run one command to its end; fail with its output when it does not succeed."""
    _logs.append(log)
    with log.open("ab") as output:
        done = subprocess.run(
            command, stdout=output, stderr=output, timeout=seconds, check=False, **options
        )
    if done.returncode:
        words = " ".join(str(word) for word in command)
        pytest.fail(f"{words} ended with {done.returncode}:\n{_tail(log)}", pytrace=False)


@dataclass
class Server:
    """A process that serves until it is stopped."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, log: Path, *command: str | Path, **options: Any) -> "Server":
        """Start a process of its own group, so that its workers end with it."""
        _logs.append(log)
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=output, start_new_session=True, **options
            )
        return cls(process, log)

    def wait(self, ready: Any) -> Any:
        """Return the first true answer of `ready()`; fail with the log when none comes."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            answer = ready()
            if answer:
                return answer
            time.sleep(0.1)
        self.stop()
        pytest.fail(f"{self.process.args} did not start:\n{_tail(self.log)}", pytrace=False)

    def stop(self) -> None:
        """End the process and everything it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@dataclass(frozen=True)
class Block:
    """One LTI component in the course: one resource link, one client id, one line item."""

    platform: "Platform"
    registration: dict[str, str]

    @property
    def _address(self) -> str:
        return f"{self.platform.address}/course/blocks/{self.registration['block']}"

    def launch(self, person: "Person") -> Page:
        """Open the component: the tool's page, or the platform's list of several items."""
        return arrive(person.browser, person.browser.open(f"{self._address}/launch"))

    def choose_content(self, person: "Person") -> Page:
        """Start deep linking, as Studio's link does."""
        return arrive(person.browser, person.browser.open(f"{self._address}/deep-link"))

    def records(self) -> dict[str, Any]:
        """Return what the platform holds: content_items, line_items, scores, grades."""
        return requests.get(f"{self._address}/records", timeout=20).json()


@dataclass(frozen=True)
class Person:
    """Somebody signed in to the platform; `id` is what tools know them by."""

    browser: Browser
    id: str


@dataclass(frozen=True)
class Platform:
    """The running platform."""

    address: str
    version: str

    def sign_in(self, user: str, role: str) -> Person:
        """Sign somebody in who has this role in the course (`student`, `staff`)."""
        browser = Browser()
        page = browser.open(f"{self.address}/course/login?user={user}&role={role}")
        assert page.status == requests.codes.ok, page
        return Person(browser, page.text)

    def add_block(self, **tool: Any) -> Block:
        """Place a component for a tool, see `course.add_block` in the platform's process."""
        answer = requests.post(f"{self.address}/course/blocks", json=tool, timeout=20)
        assert answer.ok, answer.text
        return Block(self, answer.json())

    def exchanges(self, path_end: str = "") -> list[dict[str, Any]]:
        """Return the requests that the LTI views received, those with this path end only."""
        recorded = requests.get(f"{self.address}/course/exchanges", timeout=20).json()
        return [entry for entry in recorded if entry["path"].endswith(path_end)]


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Open edX's LTI views in a virtual environment and a process of their own."""
    home = tmp_path_factory.mktemp("platform")
    environment = {**os.environ, "PYTHON": sys.executable}
    _run(home / "setup.log", HERE / "setup.sh", seconds=SETUP_SECONDS, env=environment)
    server = Server.start(
        home / "platform.log",
        ROOT / ".venv-interop" / "bin" / "python",
        HERE / "platform" / "serve.py",
        "--database",
        home / "platform.sqlite",
    )
    ready = server.wait(lambda: _ready_line(server.log))
    yield Platform(ready["address"], ready["lti_consumer"])
    server.stop()


def _ready_line(log: Path) -> dict[str, str] | None:
    lines = log.read_text(errors="replace").splitlines()
    found = [line for line in lines if line.startswith('{"address"') and line.endswith("}")]
    return json.loads(found[0]) if found else None


@dataclass(frozen=True)
class Tool:
    """The running tool; `add_to` connects it to a platform as an administrator would."""

    address: str
    environment: dict[str, str]
    home: Path

    def command(self, *words: str | Path) -> None:
        """Run `proeftuin` with these words."""
        _run(
            self.home / "commands.log",
            PROEFTUIN,
            *words,
            seconds=START_SECONDS,
            cwd=self.home,
            env=self.environment,
        )

    def add_to(self, platform: Platform, **block: Any) -> Block:
        """Place a component for the tool and register what the platform shows for it."""
        placed = platform.add_block(
            login_url=f"{self.address}/lti/login",
            launch_url=f"{self.address}/lti/launch",
            keyset_url=f"{self.address}/lti/jwks.json",
            **block,
        )
        shown = placed.registration
        words = {
            "--name": f"Open edX {shown['block'][:8]}",
            "--issuer": shown["issuer"],
            "--client-id": shown["client_id"],
            "--auth-login-url": shown["oidc_callback"],
            "--auth-token-url": shown["token_url"],
            "--jwks-url": shown["keyset_url"],
            "--deployment-id": shown["deployment_id"],
        }
        pairs = [word for pair in words.items() for word in pair]
        self.command("platforms", "add", *pairs)
        return placed


@pytest.fixture(scope="session")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """The tool as its operator runs it: installed command, own SQLite file, shipped content."""
    home = tmp_path_factory.mktemp("tool")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PROEFTUIN_BASE_URL": address,
        "PROEFTUIN_DATABASE_URL": f"sqlite:///{home / 'tool.sqlite'}",
        "PROEFTUIN_SECRET_KEY": "only for one run of the interop tests, thrown away after",
        "PROEFTUIN_KEYS_DIR": str(home / "keys"),
        "PROEFTUIN_ENV": "development",
        "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS": "1",
    }
    shutil.copytree(library(home), home, dirs_exist_ok=True)
    running = Tool(address, environment, home)
    server = Server.start(
        home / "serve.log",
        PROEFTUIN,
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        cwd=home,
        env=environment,
    )
    server.wait(lambda: _answers(f"{address}/readyz"))
    yield running
    server.stop()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
