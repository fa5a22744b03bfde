"""The tool as it runs in production, several server processes on one database, and a tiny LMS."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from flask_migrate import upgrade
from localserver import local_server, rsa_keys
from tinylms import Lms, browser, lms, register, tool

from lti_tool import create_app
from lti_tool.config import settings_from_env
from lti_tool.db import db

__all__ = ["browser", "lms", "local_server", "rsa_keys", "tool"]

WORKERS = 3


class Server:
    """`proeftuin serve` with several processes."""

    def __init__(self, url: str, environment: dict[str, str], log: Path) -> None:
        self.url = url
        self._log = log
        command = [sys.executable, "-m", "lti_tool", "serve", "--workers", str(WORKERS)]
        command += ["--no-worker", "--port", url.rpartition(":")[2]]
        with log.open("w") as output:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdout=output,
                stderr=output,
                cwd=Path(__file__).parents[3],
            )

    def wait(self) -> None:
        for _ in range(200):
            assert self._process.poll() is None, self._log.read_text()
            try:
                if requests.get(f"{self.url}/healthz", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise AssertionError(self._log.read_text())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def new_database_url(new_database: Callable[[], str]) -> str:
    """A database without a single table."""
    return new_database()


@pytest.fixture
def server(new_database_url: str, tmp_path: Path, lms: Lms) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    ours = {
        "PROEFTUIN_ENV": "development",
        "PROEFTUIN_BASE_URL": url,
        "PROEFTUIN_DATABASE_URL": new_database_url,
        "PROEFTUIN_SECRET_KEY": "a-secret-for-tests-only-0123456789",
        "PROEFTUIN_KEYS_DIR": str(tmp_path / "keys"),
        "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS": "1",
    }
    app = create_app(settings_from_env(ours))
    with app.app_context():
        upgrade()
        register(app, lms)
        db.session.remove()
        db.engine.dispose()
    server = Server(url, os.environ | ours, tmp_path / "server.log")
    try:
        server.wait()
        yield server
    finally:
        server.stop()
