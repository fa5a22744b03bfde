"""The only way out: one HTTP client with time-outs, size caps and no surprises."""

import ipaddress
import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection
from urllib3.util.ssl_ import create_urllib3_context

USER_AGENT = "Proeftuin (LTI 1.3 tool)"
"""Some Moodle sites answer 403 to a request without one."""

CONNECT_SECONDS, READ_SECONDS = 3.05, 5.0
TOTAL_SECONDS = 10.0
"""For a whole exchange, from the first byte out to the last byte in. The time-outs above start
anew at every byte, so that a server which sends one now and then could hold a thread for ever."""

MOST_ADDRESSES = 2
"""Of one host, that are tried in turn."""

MAX_BYTES = 512 * 1024
CHUNK = 64 * 1024

Resolve = Callable[[str, int], list[str]]
"""Host and port to IP addresses; raises `OSError` for a name that does not resolve."""


class Unreachable(Exception):
    """No usable answer: no connection, a time-out, too large, or an address that we refuse."""


class RefusedAddress(Unreachable):
    """The address is not one that we will ever ask: not HTTPS, or on a private network."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP status.
        headers: names in lower case.
        body: at most `MAX_BYTES` bytes.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """True for any 2xx (Moodle answers 200 where the specification says 204)."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body as JSON whatever its content type says.

        Moodle's token endpoint sends JSON as text/html.

        Raises:
            ValueError: when it is no JSON.
        """
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


class HttpClient:
    """Sends a request and returns an `Answer`; follows no redirect, keeps no cookie.

    Args:
        allow_private: allow plain HTTP and private addresses, for a practice LMS or one on
            the school's own network.
        resolve: turns a name into addresses.
    """

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._local = threading.local()
        self._pools = _pool_classes(self._addresses, self._watch)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let what this thread sends inside the block be over after so many seconds in all.

        For somebody who waits for a page; what is not answered by then is `Unreachable`.
        """
        self._local.ends = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._local.ends

    def _left(self) -> float:
        """Return the seconds that the next exchange may take."""
        ends = getattr(self._local, "ends", None)
        return TOTAL_SECONDS if ends is None else min(ends - time.monotonic(), TOTAL_SECONDS)

    def get(self, url: str, *, headers: dict[str, str] | None = None) -> Answer:
        """Send a GET.

        Raises:
            Unreachable: see the class.
        """
        return self.send("GET", url, headers=headers)

    def post(
        self,
        url: str,
        *,
        data: bytes | dict[str, str],
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a POST; a dict becomes a form, bytes go as they are.

        Raises:
            Unreachable: see the class.
        """
        return self.send("POST", url, data=data, headers=headers)

    def send(
        self,
        method: str,
        url: str,
        *,
        data: bytes | dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request and read at most `MAX_BYTES` of the answer.

        Raises:
            Unreachable: no connection, time-out, or an answer over the limit.
            RefusedAddress: not HTTPS, or a private address, where that is not allowed.
        """
        self._admit(url)
        left = self._left()
        if left <= 0:
            raise Unreachable("no time is left")
        # The watchdog has nothing to cut before there is a connection.
        hurried = left < TOTAL_SECONDS
        connect = min(CONNECT_SECONDS, left / MOST_ADDRESSES) if hurried else CONNECT_SECONDS
        with _Watchdog(left) as self._local.watchdog:
            try:
                with self._session().request(
                    method,
                    url,
                    data=data,
                    headers=headers,
                    timeout=(connect, READ_SECONDS),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    body = _read(response)
                    self._local.watchdog.check()
                    names = {name.lower(): value for name, value in response.headers.items()}
                    return Answer(response.status_code, names, body)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                self._local.watchdog.check()
                raise Unreachable(type(error).__name__) from error

    def _watch(self, sock: socket.socket) -> None:
        """Put the connection that this thread uses under its watchdog."""
        self._local.watchdog.watch(sock)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False  # no proxy from the environment
            session.headers["User-Agent"] = USER_AGENT
            for scheme in self._pools:
                adapter = HTTPAdapter(max_retries=0)
                adapter.poolmanager.pool_classes_by_scheme = self._pools
                adapter.poolmanager.connection_pool_kw["ssl_context"] = self._trust
                session.mount(f"{scheme}://", adapter)
            self._local.session = session
        session.cookies.clear()
        return session

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """What TLS connections trust besides the usual: the certificates of an LMS's own."""
        context = create_urllib3_context()
        own = os.environ.get("REQUESTS_CA_BUNDLE")
        if own:
            context.load_verify_locations(own)
        return context

    def _admit(self, url: str) -> None:
        """Refuse an address that no LMS has.

        Raises:
            RefusedAddress: names the rule that was broken.
        """
        try:
            parts = urlsplit(url)
            _ = parts.port  # raises for a port that is none
        except ValueError:
            raise RefusedAddress("not an address") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise RefusedAddress("not an address")
        if parts.username or parts.password:
            raise RefusedAddress("credentials in the address")
        if parts.scheme != "https" and not self._allow_private:
            raise RefusedAddress("not HTTPS")

    def _addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to.

        Looked up once, at the moment of connecting, so that a name that changes its mind
        (DNS rebinding) cannot be vetted as one address and reached as another.

        Raises:
            RefusedAddress: one of them is private, where that is not allowed.
        """
        found = self._resolve(host, port)
        if not self._allow_private and not all(map(_is_public, found)):
            raise RefusedAddress("a private address")
        return found[:MOST_ADDRESSES]


class _Watchdog:
    """The time that one exchange may take; shuts its connection down when that is over.

    Headers, chunk sizes, extensions, trailers, interim answers and TLS handshakes are read by
    code that is not ours, and in loops: only the connection's end stops all of them.
    """

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._over = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._let_go()

    def watch(self, sock: socket.socket) -> None:
        """Watch a connection; a handle of our own, because TLS takes the socket's away."""
        with self._lock:
            self._let_go()
            self._sock = socket.fromfd(sock.fileno(), sock.family, sock.type)
            if self._over:
                self._shut_down()

    def check(self) -> None:
        """Refuse what was read when time was over: an answer cut short can look complete.

        Raises:
            Unreachable: time is over.
        """
        if self._over:
            raise Unreachable("the answer takes too long")

    def _cut(self) -> None:
        with self._lock:
            self._over = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._sock is not None:
            with suppress(OSError):  # it ended by itself
                self._sock.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None


class _Bounded(HTTPConnection):
    """A connection to vetted addresses only, under the watchdog of the exchange that uses it."""

    addresses: Resolve
    watch: Callable[[socket.socket], None]

    def _new_conn(self) -> socket.socket:
        problem: OSError = OSError("the name does not resolve")
        for address in type(self).addresses(self._dns_host, self.port):
            try:
                sock = create_connection(
                    (address, self.port), self.timeout, socket_options=self.socket_options
                )
            except OSError as error:
                problem = error
            else:
                type(self).watch(sock)
                return sock
        raise NewConnectionError(self, "no connection") from problem

    def putrequest(self, *args: Any, **options: Any) -> None:
        """Begin a request; on a connection that was kept open, it is a new exchange."""
        if self.sock is not None:
            type(self).watch(self.sock)
        super().putrequest(*args, **options)


def _pool_classes(addresses: Resolve, watch: Callable[[socket.socket], None]) -> dict[str, Any]:
    """Return urllib3's pool classes by scheme, over connections that ask `addresses`."""
    given = {"addresses": staticmethod(addresses), "watch": staticmethod(watch)}
    plain = type("Plain", (_Bounded, HTTPConnection), given)
    # `HTTPSConnection` still checks the certificate against the name, not the address.
    tls = type("Tls", (_Bounded, HTTPSConnection), given)
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }


def _read(response: requests.Response) -> bytes:
    """Return the body.

    Raises:
        Unreachable: too large.
    """
    body = bytearray()
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        body += chunk
        if len(body) > MAX_BYTES:
            raise Unreachable("the answer is too large")
    return bytes(body)


def _is_public(text: str) -> bool:
    """Tell whether an address is one of the open internet, also when it wraps another one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return _is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
