"""A local HTTP server that answers as a test tells it to, and RSA keys to sign with."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class LocalServer:
    """Answers each path with what `replies` holds for it; remembers what it was asked.

    A reply is (status, headers, body), or a function that gets the raw handler.
    """

    port: int
    replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        return sum(asked[1] == path for asked in self.asked)


@pytest.fixture
def local_server() -> Iterator[LocalServer]:
    """A server on a free port of this machine."""
    server: LocalServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append((self.command, self.path, headers, body))
            reply = server.replies.get(self.path.partition("?")[0], (404, {}, b""))
            if callable(reply):
                self.close_connection = True
                reply(self)
                return
            status, extra, content = reply
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the base class looks for these names

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # The usual 5 turn away a crowd of callers; each would come back after a whole second.
        request_queue_size = 64

    httpd = Server(("127.0.0.1", 0), Handler)
    server = LocalServer(httpd.server_address[1])
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.fixture(scope="session")
def rsa_keys() -> list[rsa.RSAPrivateKey]:
    """Two RSA keys; making one takes long, so all tests share them."""
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
