"""The servers that are compared, each as its makers would run it, on databases of their own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from postgres import Postgres
from stack import free_port
from tinylms import Lms

from bench import ROOT, cpu
from bench.lms import LmsServer

PEERS = ROOT / ".venv-peers"
THREADS = "8"
"""As many as a process of the tool has."""


WITH_THREADS = """
from lti_tool.commands import serving
serving.THREADS = {}
from lti_tool.cli import main
main()
"""


@dataclass
class Server:
    """A running server.

    Attributes:
        url: where it answers.
        login: path of its login.
        launch: path of its launch.
        pid: its first process.
        stores: processes that keep data for it, looked up anew as connections come.
        environment: what the tool's commands run with; for the tool only.
    """

    url: str
    login: str
    launch: str
    pid: int
    stores: Any
    environment: dict[str, str] = field(default_factory=dict)

    def spent(self) -> tuple[float, float]:
        """Return the seconds of processor time so far: its own, and its database's."""
        return cpu.spent(cpu.family(self.pid)), cpu.spent(self.stores())


class World:
    """PostgreSQL, Redis, an LMS's keys, and folders, thrown away at the end.

    Attributes:
        threads: of each process of the tool, to measure with others than ship; 0 for these.
    """

    def __init__(self) -> None:
        self.threads = 0
        self.postgres = Postgres()
        self.postmaster = int(
            (self.postgres._home / "data" / "postmaster.pid").read_text().split()[0]
        )
        self.home = Path(tempfile.mkdtemp(prefix="bench-"))
        self._started: list[subprocess.Popen[bytes]] = []
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.lms = Lms(key, "")
        self.lms_server = LmsServer(self.lms.jwks())
        self.lms.jwks_url = f"{self.lms_server.url}/jwks"

    def __enter__(self) -> "World":
        return self

    def close(self) -> None:
        """Stop all servers."""
        for process in reversed(self._started):
            process.terminate()
        for process in self._started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=40)
        self._started.clear()
        self.lms_server.stop()
        with suppress(RuntimeError):  # it was stopped by a fault
            self.postgres._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def __exit__(self, *_: object) -> None:
        self.close()
        self.postgres.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def tool(
        self, *words: str, database_url: str | None = None, port: int = 0, **more: str
    ) -> Server:
        """Start `proeftuin serve`: the tool as an operator runs it, without delivery.

        Args:
            words: of the command, in place of one web process and no delivery.
            database_url: a new database on PostgreSQL when left out.
            port: any that is free when left out.
            more: variables of its environment; `PYTHONPATH` names the code of another version.
        """
        port = port or free_port()
        url = f"http://127.0.0.1:{port}"
        database_url = database_url or self.postgres.new_database()
        home = Path(tempfile.mkdtemp(dir=self.home))
        environment = {
            **os.environ,
            "PROEFTUIN_ENV": "development",
            "PROEFTUIN_BASE_URL": url,
            "PROEFTUIN_DATABASE_URL": database_url,
            "PROEFTUIN_SECRET_KEY": "for this measurement only, thrown away after",
            "PROEFTUIN_KEYS_DIR": str(home / "keys"),
            "PROEFTUIN_MEDIA_DIR": str(home / "media"),
            "PROEFTUIN_ALLOW_PRIVATE_PLATFORMS": "1",
            **more,
        }
        run(environment, "db", "upgrade")
        run(
            environment, "platforms", "add", "--name", "school", "--issuer", self.lms.issuer,
            "--client-id", self.lms.client_id, "--auth-login-url", f"{self.lms_server.url}/auth",
            "--auth-token-url", f"{self.lms_server.url}/token", "--jwks-url", self.lms.jwks_url,
            "--deployment-id", self.lms.deployment_id,
        )  # fmt: skip
        return self.serve(environment, port, *(words or ("--workers", "1", "--no-worker")))

    def serve(self, environment: dict[str, str], port: int, *words: str) -> Server:
        """Start `proeftuin serve` on a port, with tables that are there."""
        started = [sys.executable, "-m", "lti_tool"]
        if self.threads:
            started = [sys.executable, "-c", WITH_THREADS.format(self.threads)]
        started += ["serve", "--port", str(port), *words]
        process = self._start(started, environment, "tool")
        _wait(f"http://127.0.0.1:{port}/healthz", process)
        stores = self._backends(environment["PROEFTUIN_DATABASE_URL"])
        url = environment["PROEFTUIN_BASE_URL"]
        return Server(url, "/lti/login", "/lti/launch", process.pid, stores, environment)

    def floor(self, paragraphs: list[dict[str, str]] | None = None) -> Server:
        """Start the plain Flask floor."""
        url = self.postgres.new_database()
        socket = url.partition("host=")[2]
        database = url.split("@/")[1].partition("?")[0]
        jwk = json.loads(self.lms.jwks())["keys"][0]
        return self._python(
            "floor",
            self._backends(url),
            database=f"host={socket} user=proeftuin dbname={database}",
            jwk=jwk,
            paragraphs=paragraphs or [],
        )

    def pylti(self, cache: str) -> Server:
        """Start PyLTI1p3's own set-up; `cache` is `file` or `redis`."""
        if cache == "file":
            folder = str(self.home / "pylti-cache")
            made = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": folder, "CACHE_THRESHOLD": 0}
            return self._python("pylti", list, cache=made)
        port = free_port()
        words = ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
        redis = self._start(words, dict(os.environ), "redis")
        time.sleep(0.5)
        made = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        return self._python("pylti", lambda: [redis.pid], cache=made)

    def ltijs(self) -> Server | None:
        """Start ltijs on PostgreSQL; None where it could not be installed."""
        if not (PEERS / "node_modules" / "ltijs").is_dir():
            return None
        database_url = self.postgres.new_database()
        port = free_port()
        config = self._config(
            port,
            socket=database_url.partition("host=")[2],
            dbname=database_url.split("@/")[1].partition("?")[0],
        )
        script = ROOT / "benchmarks" / "peers" / "ltijs.js"
        environment = {**os.environ, "PEER_CONFIG": config, "NODE_ENV": "production"}
        environment["NODE_PATH"] = str(PEERS / "node_modules")
        process = self._start(["node", str(script)], environment, "ltijs")
        url = f"http://127.0.0.1:{port}"
        while "ready" not in self.said("ltijs"):
            if process.poll() is not None:
                raise SystemExit(self.said("ltijs"))
            time.sleep(0.2)
        return Server(url, "/login", "/launch", process.pid, self._backends(database_url))

    def _python(self, name: str, stores: Any, **config: Any) -> Server:
        port = free_port()
        words = [str(PEERS / "bin" / "waitress-serve"), "--threads", THREADS]
        words += [
            "--connection-limit",
            "1000",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            f"{name}:app",
        ]
        environment = {**os.environ, "PEER_CONFIG": self._config(port, **config)}
        environment["PYTHONPATH"] = str(ROOT / "benchmarks" / "peers")
        process = self._start(words, environment, name)
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/none", process)
        return Server(url, "/login", "/launch", process.pid, stores)

    def _config(self, port: int, **more: Any) -> str:
        known = {
            "issuer": self.lms.issuer,
            "client_id": self.lms.client_id,
            "deployment_id": self.lms.deployment_id,
            "auth_url": f"{self.lms.issuer}/auth",
            "jwks_url": self.lms.jwks_url,
            "launch_url": f"http://127.0.0.1:{port}/launch",
            "port": port,
        }
        path = self.home / f"{port}.json"
        path.write_text(json.dumps(known | more))
        return str(path)

    def _backends(self, database_url: str) -> Any:
        name = database_url.split("@/")[1].partition("?")[0] if "@/" in database_url else ""
        return lambda: cpu.backends(self.postmaster, name) if name else []

    def _start(
        self, words: list[str], environment: dict[str, str], name: str
    ) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                words, env=environment, stdout=log, stderr=log, cwd=self.home
            )
        self._started.append(process)
        return process

    def said(self, name: str) -> str:
        """Return what a server logged, for when something goes wrong."""
        return (self.home / f"{name}.log").read_text()[-3000:]


def run(environment: dict[str, str], *words: str) -> str:
    """Run a command of the tool."""
    command = [sys.executable, "-m", "lti_tool", *words]
    done = subprocess.run(
        command,
        env=environment,
        cwd=environment.get("PYTHONPATH", ROOT),  # whose code is found first
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"proeftuin {' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def world() -> Iterator[World]:
    """Give what the servers need."""
    with World() as made:
        yield made


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(requests.ConnectionError):
            requests.get(url, timeout=5)
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing answers at {url}")
