"""The outbound client, against real servers on this machine."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from certificates import make_certificate

from lti_tool.platforms import http
from lti_tool.platforms.http import HttpClient, RefusedAddress, Unreachable


@pytest.fixture
def client() -> HttpClient:
    return HttpClient(allow_private=True)


def test_an_answer_comes_back_as_it_was(client: HttpClient, local_server: Any) -> None:
    local_server.replies["/scores"] = (201, {"X-Some": "Header"}, b'{"a": 1}')

    answer = client.post(f"{local_server.url}/scores?type_id=1", data=b"{}", headers={"A": "b"})

    assert (answer.status, answer.ok, answer.json()) == (201, True, {"a": 1})
    assert answer.headers["x-some"] == "Header"
    ((method, path, headers, body),) = local_server.asked
    assert (method, path, body) == ("POST", "/scores?type_id=1", b"{}")
    assert headers["user-agent"].startswith("Proeftuin")
    assert headers["a"] == "b"


def test_a_redirect_is_an_answer_and_is_not_followed(client: HttpClient, local_server: Any) -> None:
    local_server.replies["/a"] = (302, {"Location": f"{local_server.url}/b"}, b"")

    assert client.get(f"{local_server.url}/a").status == 302
    assert local_server.count("/b") == 0


def test_no_cookie_is_kept(client: HttpClient, local_server: Any) -> None:
    local_server.replies["/a"] = (200, {"Set-Cookie": "a=b; Path=/"}, b"")

    client.get(f"{local_server.url}/a")
    client.get(f"{local_server.url}/a")

    assert "cookie" not in local_server.asked[1][2]


def test_too_much_is_refused(client: HttpClient, local_server: Any) -> None:
    local_server.replies["/a"] = (200, {}, b" " * (http.MAX_BYTES + 1))

    with pytest.raises(Unreachable, match="too large"):
        client.get(f"{local_server.url}/a")


def test_a_small_answer_that_unpacks_to_too_much_is_refused(
    client: HttpClient, local_server: Any
) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < http.MAX_BYTES
    local_server.replies["/a"] = (200, {"Content-Encoding": "gzip"}, bomb)

    with pytest.raises(Unreachable, match="too large"):
        client.get(f"{local_server.url}/a")


def silent(handler: Any) -> None:
    handler.rfile.read(1)


def drip(before: bytes, again: bytes = b"x") -> Any:
    """A server that sends `before`, and then `again` now and then, for longer than allowed."""

    def habit(handler: Any) -> None:
        handler.wfile.write(before)
        for _ in range(60):
            time.sleep(0.05)
            handler.wfile.write(again)

    return habit


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "status line": drip(b"HTTP/1.1 200 "),
    "interim answers": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "header name": drip(b"HTTP/1.1 200 OK\r\nX-"),
    "header value": drip(b"HTTP/1.1 200 OK\r\nX-A: "),
    "headers": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: y\r\n"),
    "body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
    "body without an end": drip(b"HTTP/1.1 200 OK\r\n\r\n"),
    "chunk size": drip(CHUNKED + b"2\r\nok\r\n", b"0"),
    "chunk extension": drip(CHUNKED + b"2;a="),
    "chunk": drip(CHUNKED + b"fff\r\n"),
    "chunks": drip(CHUNKED, b"1\r\nx\r\n"),
    "trailer": drip(CHUNKED + b"2\r\nok\r\n0\r\nX-A: "),
    "trailers": drip(CHUNKED + b"2\r\nok\r\n0\r\n", b"X-A: y\r\n"),
    "packed body": drip(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n",
        gzip.compress(b"")[:1],
    ),
}
"""Each part of an answer, sent a byte at a time."""


def cut_off(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def nonsense(handler: Any) -> None:
    handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")


@pytest.mark.parametrize("habit", [silent, cut_off, nonsense, *DRIPS.values()])
def test_a_server_with_bad_habits_is_left_in_time(
    client: HttpClient, local_server: Any, monkeypatch: pytest.MonkeyPatch, habit: Any
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.6)
    local_server.replies["/a"] = habit
    started = time.monotonic()

    with pytest.raises(Unreachable):
        client.get(f"{local_server.url}/a")

    assert time.monotonic() - started < 2


def test_servers_that_drip_hold_up_nobody_else(
    client: HttpClient, local_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them at once, while another server is asked over and over."""
    monkeypatch.setattr(http, "TOTAL_SECONDS", 1.0)
    local_server.replies |= {f"/{number}": habit for number, habit in enumerate(DRIPS.values())}
    local_server.replies["/good"] = (200, {}, b"{}")
    started = time.monotonic()

    def ask(number: int) -> float:
        with pytest.raises(Unreachable, match=r"too long|Error|Exception|Incomplete"):
            client.get(f"{local_server.url}/{number}")
        return time.monotonic() - started

    with ThreadPoolExecutor(len(DRIPS)) as pool:
        held = [pool.submit(ask, number) for number in range(len(DRIPS))]
        served = []
        while not all(one.done() for one in held):
            asked = time.monotonic()
            assert client.get(f"{local_server.url}/good").ok
            served.append(time.monotonic() - asked)
            time.sleep(0.01)

    assert max(one.result() for one in held) < 2.5
    assert max(served) < 0.8


def test_a_connection_that_is_used_again_has_its_own_time(
    client: HttpClient, local_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.4)
    local_server.replies["/good"] = (200, {}, b"{}")
    local_server.replies["/drip"] = DRIPS["trailer"]
    for _ in range(3):
        assert client.get(f"{local_server.url}/good").ok
        time.sleep(0.2)
    with pytest.raises(Unreachable, match="too long"):
        client.get(f"{local_server.url}/drip")
    assert client.get(f"{local_server.url}/good").ok


def test_a_tls_handshake_that_drips_is_left_in_time(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            sock, _ = listener.accept()
            with sock, suppress(OSError):
                sock.sendall(b"\x16\x03\x03\x3f\xff")  # a handshake record of 16 kB
                for _ in range(60):
                    time.sleep(0.05)
                    sock.sendall(b"x")

        thread = threading.Thread(target=serve)
        thread.start()
        started = time.monotonic()
        with pytest.raises(Unreachable, match="too long"):
            client.get(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        assert time.monotonic() - started < 2
        thread.join()


def test_nothing_is_left_open(client: HttpClient, local_server: Any) -> None:
    local_server.replies["/good"] = (200, {}, b"{}")
    client.get(f"{local_server.url}/good")
    handles = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        client.get(f"{local_server.url}/good")
    assert len(list(Path("/proc/self/fd").iterdir())) <= handles + 1


def test_nobody_listens(client: HttpClient) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refuses
        with pytest.raises(Unreachable):
            client.get(f"http://127.0.0.1:{taken.getsockname()[1]}/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example",
        "ftp://lms.example/",
        "file:///etc/passwd",
        "https:///path",
        "https://user:secret@lms.example/",
        "https://lms.example:port/",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(client: HttpClient, url: str) -> None:
    with pytest.raises(RefusedAddress):
        client.get(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::1",
        "2001:0:7f00:1:0:0:80ff:fffe",
    ],
)
def test_a_name_that_leads_to_a_private_address_is_refused(address: str) -> None:
    client = HttpClient(allow_private=False, resolve=lambda *_: ["93.184.215.14", address])

    with pytest.raises(RefusedAddress, match="private"):
        client.get("https://lms.example/")


def test_plain_http_is_refused_unless_private_platforms_are_allowed() -> None:
    with pytest.raises(RefusedAddress, match="HTTPS"):
        HttpClient(allow_private=False).get("http://lms.example/")


@pytest.mark.parametrize("literal", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost"])
def test_this_machine_by_any_of_its_names_is_refused(literal: str) -> None:
    with pytest.raises(Unreachable):
        HttpClient(allow_private=False).get(f"https://{literal}:1/")


# DNS rebinding and certificates: a TLS server under a name of its own.


@pytest.fixture
def tls_server(tmp_path: Path, rsa_keys: list[Any]) -> Iterator[tuple[int, Path, list[str | None]]]:
    """An HTTPS server for `lms.test` on a free port, its CA file, and the names it was asked by."""
    certificate = make_certificate(tmp_path, "lms.test", key=rsa_keys[0])
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    context.sni_callback = lambda _sock, asked, _context: names.append(asked)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(raw, server_side=True) as sock:
                    sock.recv(65_536)
                    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                raw.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1], certificate.chain, names
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_the_vetted_address_is_the_one_connected_to(
    tls_server: tuple[int, Path, list[str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked up once; the certificate is still checked against the name."""
    port, authority, names = tls_server
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    looked_up: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    answer = HttpClient(allow_private=True, resolve=resolve).get(f"https://lms.test:{port}/")

    assert answer.body == b"ok"
    assert looked_up == ["lms.test"]
    assert names == ["lms.test"]


def test_a_name_that_changes_its_mind_is_refused(
    tls_server: tuple[int, Path, list[str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vetted as one address, it must not be reached as another."""
    port, authority, names = tls_server
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    answers = iter([["127.0.0.1"], ["192.168.1.1"]])
    client = HttpClient(allow_private=False, resolve=lambda *_: next(answers))

    for _ in range(2):
        with pytest.raises(RefusedAddress):
            client.get(f"https://lms.test:{port}/")
    assert names == []


def test_a_certificate_for_another_name_is_refused(
    tls_server: tuple[int, Path, list[str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, authority, _ = tls_server
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    client = HttpClient(allow_private=True, resolve=lambda *_: ["127.0.0.1"])

    with pytest.raises(Unreachable, match="SSL"):
        client.get(f"https://other.test:{port}/")


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tls_server: tuple[int, Path, list[str | None]],
) -> None:
    port, _, _ = tls_server
    client = HttpClient(allow_private=True, resolve=lambda *_: ["127.0.0.1"])

    with pytest.raises(Unreachable, match="SSL"):
        client.get(f"https://lms.test:{port}/")


def test_an_lms_with_certificates_of_its_own_is_trusted_besides_the_usual(
    tls_server: tuple[int, Path, list[str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, authority, _ = tls_server
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    client = HttpClient(allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    assert client.get(f"https://lms.test:{port}/").ok

    adapter = client._session().get_adapter("https://")
    trusted = adapter.poolmanager.connection_pool_kw["ssl_context"].cert_store_stats()["x509_ca"]

    assert trusted > 50  # what the internet trusts, and one more
