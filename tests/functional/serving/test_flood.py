"""Connections that say nothing, or say it slowly, do not keep others from their page."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import requests
from served import Served, kill, until

HEAD = b"POST /lti/login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"


@contextmanager
def idle(port: int, count: int) -> Iterator[None]:
    """Hold connections open without a word."""
    with ExitStack() as open_ones:
        for _ in range(count):
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
        yield


@contextmanager
def dripping(port: int, count: int, begin: bytes, drop: bytes) -> Iterator[None]:
    """Send a request a few bytes at a time, several at once."""
    stop = threading.Event()

    def drip() -> None:
        with (
            suppress(ConnectionError),  # its process was killed
            socket.create_connection(("127.0.0.1", port)) as connection,
        ):
            connection.sendall(begin)
            while not stop.wait(0.2):
                connection.sendall(drop)

    threads = [threading.Thread(target=drip) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def latencies(url: str, *, people: int, seconds: float) -> list[float]:
    """Ask for a page again and again, several people at once; return how long each took."""
    found: list[float] = []
    end = time.monotonic() + seconds

    def ask() -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            assert requests.get(url, timeout=5).status_code == 200
            found.append(time.monotonic() - began)
            time.sleep(0.05)

    threads = [threading.Thread(target=ask) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_idle_and_dripping_connections_hold_nobody_up(served: Served) -> None:
    with (
        idle(served.port, 40),
        dripping(served.port, 12, HEAD, b"X-A: b\r\n"),
        dripping(served.port, 12, HEAD + FORM, b"a"),
    ):
        time.sleep(0.5)
        found = latencies(f"{served.url}/", people=4, seconds=3)

    assert len(found) > 40
    assert found[int(0.95 * len(found))] < 1, found


def test_with_one_process_killed_in_the_midst_the_other_goes_on(served: Served) -> None:
    first, second = served.pids("web-")
    with idle(served.port, 40), dripping(served.port, 12, HEAD, b"X-A: b\r\n"):
        kill(first)
        answered = 0
        for _ in range(20):
            try:
                answered += requests.get(f"{served.url}/healthz", timeout=5).ok
            except requests.ConnectionError:
                continue  # this one was with the process that was killed
    assert answered >= 18
    until(lambda: len(set(served.pids("web-")) - {first}) == 2)
    assert second in served.pids("web-")
