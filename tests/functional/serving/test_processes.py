"""What dies is started again, what is orphaned ends, and what was received is answered."""

import os
import signal
import socket
import sqlite3
import stat
import threading
import time
from pathlib import Path

import requests
from served import Served, is_gone, kill, until


def test_a_worker_that_dies_is_started_again_and_readyz_tells(served: Served) -> None:
    (first,) = served.pids("delivery")
    assert served.ready() == 200
    seen = set()

    def look() -> None:
        while 503 not in seen:
            seen.add(served.ready())

    looking = threading.Thread(target=look)
    looking.start()
    kill(first)
    looking.join(timeout=10)

    assert 503 in seen, "nobody was told that no worker lives"
    until(lambda: served.ready() == 200)
    (second,) = served.pids("delivery")
    assert second != first


def test_orphans_end_by_themselves(served: Served) -> None:
    children = served.pids("web-") + served.pids("delivery")
    assert len(children) == 3

    kill(served.process.pid)

    until(lambda: all(map(is_gone, children)), seconds=15)


def test_stopping_answers_what_was_received_and_leaves_nothing_in_the_log(served: Served) -> None:
    body = b"iss=https%3A%2F%2Flms.example&login_hint=" + b"x" * 6000
    head = b"POST /lti/login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n"
    head += b"Content-Length: %d\r\n\r\n" % len(body)
    connections = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(30)]
    for connection in connections:
        connection.sendall(head + body)

    time.sleep(0.05)
    served.process.send_signal(signal.SIGTERM)

    for connection in connections:
        with connection:
            assert connection.recv(12) == b"HTTP/1.1 400"
    assert served.process.wait(timeout=30) == 0
    path = served.home / "tool.sqlite"
    log = Path(f"{path}-wal")
    assert not log.exists() or log.stat().st_size == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_old_lapses_without_a_command(tmp_path: Path) -> None:
    made = Served(tmp_path)
    made.stop()
    with sqlite3.connect(tmp_path / "tool.sqlite") as database:
        database.execute(
            "insert into platform (id, name, issuer, client_id, auth_login_url, auth_token_url,"
            " jwks_url, family, status, created_at)"
            " values (1, 'a', 'i', 'c', 'u', 'u', 'u', 'generic', 'active', '2020-01-01')"
        )
        database.execute(
            "insert into learner (platform_id, pseudonym, sealed_sub) values (1, 'p', 's')"
        )
    database.close()

    made = Served(tmp_path)
    try:
        until(lambda: "lapse" in made.log)
    finally:
        made.stop()

    with sqlite3.connect(tmp_path / "tool.sqlite") as database:
        assert database.execute("select count(*) from learner").fetchone() == (0,)
    database.close()


def test_no_log_line_holds_an_address_a_token_or_a_person(served: Served) -> None:
    secret = "a-value-of-a-person"
    for path in (f"/lti/login?iss={secret}", f"/{secret}", f"/l/{secret}/?t={secret}"):
        requests.get(served.url + path, headers={"X-Forwarded-For": secret}, timeout=5)
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(f"GET /{secret} HTTP/9.9\r\n{secret}\r\n\r\n".encode())
        connection.recv(100)
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(f"POST /{secret} HTTP/1.1\r\nContent-Length: {secret}\r\n\r\n".encode())
        connection.recv(100)

    served.stop()

    assert secret not in served.log
    assert "127.0.0.1" not in served.log.replace(served.url, "")


def test_without_a_worker_of_its_own_it_is_ready_all_the_same(tmp_path: Path) -> None:
    made = Served(tmp_path, "--no-worker", "--workers", "1")
    try:
        assert made.pids("delivery") == []
        assert made.ready() == 200
        os.kill(made.pids("web-")[0], signal.SIGTERM)
        until(lambda: made.pids("web-"))
    finally:
        made.stop()
