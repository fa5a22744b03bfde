"""The driver: small browsers on connections that stay open, and how long each answer took."""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

AT_ONCE = 4
"""Browsers that ask at the same time: as many as keep two processors busy, and no queue."""

IDLE_SECONDS = 10.0
"""After how long without use a connection is opened anew: servers hang up at some time."""

T = TypeVar("T")


@dataclass
class Answer:
    """What a server answered.

    Attributes:
        seconds: from the first byte asked to the last byte answered.
    """

    status: int
    location: str
    text: str
    seconds: float


@dataclass
class Browser:
    """One person's browser: a connection and cookies, no more.

    Attributes:
        times: seconds of every answer, for whoever asks.
        scripted: whether forms are sent as `static/steps.js` does, which shows what they answer.
    """

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    timeout: float = 60.0
    scripted: bool = False
    _connection: HTTPConnection | None = None
    _used: float = 0.0

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            if self.scripted:
                headers["Prefer"] = "return=representation"
        connection = self._connected()
        began = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, HTTPException):
            self.close()
            raise
        took = time.perf_counter() - began
        self.times.append(took)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.will_close:
            self.close()
        return Answer(answer.status, answer.headers.get("Location", ""), text, took)

    def _connected(self) -> HTTPConnection:
        if time.monotonic() - self._used > IDLE_SECONDS:
            self.close()
        self._used = time.monotonic()
        if self._connection is None:
            host = urlsplit(self.url)
            self._connection = HTTPConnection(host.hostname or "", host.port, timeout=self.timeout)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection


def all_of(work: Callable[[T], object], jobs: Sequence[T], at_once: int = AT_ONCE) -> None:
    """Do work for each job, some at the same time; what goes wrong in one goes wrong here."""
    with ThreadPoolExecutor(at_once) as hands:
        for _ in hands.map(work, jobs):
            pass


def path_of(location: str) -> str:
    """Return an address without its host."""
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")
