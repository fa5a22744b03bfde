"""A socket that systemd keeps: whoever asks while the tool starts again waits, and is answered."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from served import Served


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as kept:
        yield kept


@pytest.fixture
def served(tmp_path: Path, listening: socket.socket) -> Iterator[Served]:
    made = Served(tmp_path, "--port", "8000", listening=listening)
    yield made
    made.stop()


def healthy(served: Served) -> int:
    return requests.get(f"{served.url}/healthz", timeout=40).status_code


def test_the_address_is_that_of_the_socket_whatever_the_words_say(served: Served) -> None:
    assert served.ready() == 200
    served.stop()
    assert served.process.returncode == 0


def test_who_asks_while_it_is_away_is_answered_when_it_is_back(served: Served) -> None:
    served.stop()
    with ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(healthy, served) for _ in range(12)]
        served.start()
        assert [one.result() for one in asked] == [200] * 12


def test_nobody_is_turned_away_while_it_starts_again_and_again(served: Served) -> None:
    done = threading.Event()

    def ask() -> list[int]:
        seen = []
        while not done.is_set():
            seen.append(healthy(served))
        return seen

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            for _ in range(3):
                served.stop()
                served.start()
        finally:
            done.set()
        seen = [code for one in asking for code in one.result()]
    assert set(seen) == {200}
    assert len(seen) >= 4 * 3
