"""The web server: how an answer leaves, and that no pace of writing or reading harms others."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from lti_tool.ops import http_server

ASK = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
BIG = 3 * http_server.IN_ONE_PIECE


class Watched(http_server._Channel):
    """A connection that counts.

    Attributes:
        sent: bytes of each piece that was given to the system, and by which thread.
        looks: how often the loop found it ready to be sent from.
    """

    sent: list[tuple[int, str]]
    looks: int

    def send(self, data: bytes, **more: Any) -> int:
        count = super().send(data, **more)
        type(self).sent.append((count, threading.current_thread().name))
        return count

    def handle_write(self) -> None:
        type(self).looks += 1
        super().handle_write()


@contextmanager
def serving(app: Any) -> Iterator[int]:
    """Serve an application from a thread, on a port."""
    listening, stop = http_server.listen("127.0.0.1", 0), threading.Event()
    thread = threading.Thread(
        target=http_server.serve, args=(app, listening, stop), kwargs={"threads": 2}, name="loop"
    )
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listening.close()


@pytest.fixture(autouse=True)
def watched(monkeypatch) -> type[Watched]:
    monkeypatch.setattr(http_server._Server, "channel_class", Watched)
    Watched.sent, Watched.looks = [], 0
    return Watched


def answering(*parts: bytes, between: Callable[[], object] = lambda: None) -> Any:
    """An application that answers in parts."""

    def app(_environ: Any, start: Any) -> Iterator[bytes]:
        start("200 OK", [("Content-Length", str(sum(map(len, parts))))])
        for part in parts:
            yield part
            between()

    return app


def ask(port: int, times: int = 1, *, pause: float = 0.0) -> list[bytes]:
    """Ask on one connection, and read the whole of each answer."""
    found = []
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for _ in range(times):
            connection.sendall(ASK)
            time.sleep(pause)
            read = b""
            while b"\r\n\r\n" not in read:
                read += connection.recv(1000)
            head, _, body = read.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split()[0])
            while len(body) < length:
                body += connection.recv(100_000)
            found.append(body)
    return found


def test_a_page_leaves_in_one_piece_and_the_loop_sends_it(watched):
    with serving(answering(b"head", b"body")) as port:
        assert ask(port, 2) == [b"headbody", b"headbody"]
    assert [name for _, name in watched.sent] == ["loop", "loop"]


def test_what_is_still_being_made_does_not_keep_the_loop_busy(watched):
    with serving(answering(b"one", b"two", between=lambda: time.sleep(0.3))) as port:
        idle = threading.Thread(target=ask, args=(port,))
        idle.start()
        assert ask(port) == [b"onetwo"]  # while the loop is woken for another
        idle.join()
    assert watched.looks <= 4


def test_more_than_that_is_sent_while_it_is_made_and_arrives_whole(watched):
    part = b"x" * (BIG // 3)
    with serving(answering(part, part, part)) as port:
        (body,) = ask(port)
    assert len(body) == BIG
    assert any(name != "loop" for _, name in watched.sent)


def test_a_reader_who_takes_their_time_holds_no_thread(watched):
    made = threading.Event()
    with serving(answering(b"x" * BIG, b"y", between=made.set)) as port:
        reader = threading.Thread(target=ask, args=(port,), kwargs={"pause": 1.0})
        reader.start()
        assert made.wait(0.5)
        reader.join()
    assert sum(count for count, _ in watched.sent) > BIG


def test_a_connection_that_is_closed_by_its_reader_ends_quietly(watched):
    with serving(answering(b"x" * BIG)) as port:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(ASK)
        assert len(ask(port)[0]) == BIG


@pytest.mark.parametrize("sent", [0, 10], ids=["nothing", "a part"])
def test_who_was_let_in_just_before_a_stop_is_answered(sent: int) -> None:
    with ExitStack() as serving_it:
        port = serving_it.enter_context(serving(answering(b"ja")))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(ASK[:sent])
            time.sleep(0.2)
            stopping = threading.Thread(target=serving_it.close)
            stopping.start()
            time.sleep(http_server._LOOK_SECONDS + 0.3)
            connection.sendall(ASK[sent:])
            assert connection.recv(12) == b"HTTP/1.1 200"
        stopping.join()


def test_who_keeps_a_connection_without_asking_does_not_hold_up_a_stop() -> None:
    with ExitStack() as serving_it:
        port = serving_it.enter_context(serving(answering(b"ja")))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(ASK)
            assert connection.recv(12) == b"HTTP/1.1 200"
            began = time.monotonic()
            serving_it.close()
            assert time.monotonic() - began < http_server.LAST_SECONDS


def test_no_socket_is_taken_that_was_handed_to_another_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LISTEN_FDS", "1")
    assert http_server.handed_over() is None
    monkeypatch.setenv("LISTEN_PID", str(os.getppid()))
    assert http_server.handed_over() is None


def test_several_sockets_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "2")
    with pytest.raises(OSError, match="one address"):
        http_server.handed_over()


def test_a_socket_without_a_port_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    local = socket.socket(socket.AF_UNIX)
    monkeypatch.setattr(http_server, "_HANDED_OVER", local.detach())
    with pytest.raises(OSError, match="an address and a port"):
        http_server.handed_over()
