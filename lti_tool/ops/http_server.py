"""The web server: waitress, which reads a whole request before it costs a thread.

ADR 7 says why. On top of waitress: a request must be in within a time whatever its pace, and
stopping loses nothing that was received.
"""

import errno
import logging
import os
import socket
import threading
import time
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

IDLE_SECONDS = 30
"""How long a connection without a request is kept."""

RECEIVE_SECONDS = 30
"""In how long a request must be in, counted from its first byte: pace does not help."""

STOP_SECONDS = 20
"""How long what was received may take when the server is told to stop."""

LAST_SECONDS = 2
"""How long, when the server is told to stop, who was let in just before may take to ask."""

MAX_CONNECTIONS = 800
"""Per process: below the 1,024 open files that systems allow by default."""

MAX_HEADERS = 64 * 1024
"""Bytes: a login of 16,000 characters, each written as `%xx`, fits."""

MAX_BODY = 512 * 1024
"""Bytes; the tool refuses less than this with a page of its own."""

UNSENT = 64 * 1024 * 1024
"""Bytes of an answer that wait on disk for a slow reader before they cost a thread."""

IN_ONE_PIECE = 1024 * 1024
"""Bytes of an answer up to which the loop sends it, when it is whole. More is sent by its thread,
while it is made."""

_HANDED_OVER = 3
_LOOK_SECONDS = 0.5
_SETTINGS = {
    "connection_limit": MAX_CONNECTIONS,
    "channel_timeout": IDLE_SECONDS,
    "cleanup_interval": 5,
    "max_request_header_size": MAX_HEADERS,
    "max_request_body_size": MAX_BODY,
    "outbuf_high_watermark": UNSENT,
    "asyncore_use_poll": True,
    "log_socket_errors": False,
    "ident": "",
    # The tool itself decides whom to believe, by PROEFTUIN_TRUSTED_PROXIES.
    "clear_untrusted_proxy_headers": False,
}


def listen(host: str, port: int) -> socket.socket:
    """Take a port, for `serve` in this process and in those that it forks.

    Raises:
        OSError: it is taken, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.create_server((host, port), family=family, backlog=1024)
    taken.setblocking(False)
    return taken


def handed_over() -> socket.socket | None:
    """Return the socket on which systemd listens for us; None where it does not.

    Who asks while the tool starts again then waits for it, since the socket stays. See
    sd_listen_fds(3): it is meant for the process that `LISTEN_PID` names, and is number 3 there.

    Raises:
        OSError: there are several, or it is not one of TCP.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    if os.environ.get("LISTEN_FDS") != "1":
        raise OSError(errno.EINVAL, "the socket unit must name one address")
    taken = socket.socket(fileno=_HANDED_OVER)
    if taken.family not in (socket.AF_INET, socket.AF_INET6):
        taken.close()
        raise OSError(errno.EAFNOSUPPORT, "the socket unit must name an address and a port")
    taken.setblocking(False)
    return taken


def serve(app: Any, listening: socket.socket, stop: threading.Event, *, threads: int) -> None:
    """Answer requests until told to stop, and then all that were received.

    Args:
        app: the WSGI application.
        listening: the socket, which other processes may share.
        stop: set it to stop.
        threads: how many requests are worked on at once.
    """
    log = logging.getLogger("waitress")
    log.addFilter(_without_visitors)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    work = ThreadedTaskDispatcher()
    work.set_thread_count(threads)
    settings = Adjustments(threads=threads, **_SETTINGS)
    settings.send_bytes = IN_ONE_PIECE  # as an argument it is to go; the channel goes by it
    server = _Server(
        app,
        map={},
        _sock=listening,
        dispatcher=work,
        adj=settings,
        sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
        bind_socket=False,
    )
    while not stop.is_set():
        wasyncore.loop(timeout=_LOOK_SECONDS, map=server._map, use_poll=True, count=1)
    server.accepting = False
    deadline = time.monotonic() + STOP_SECONDS
    while server.is_busy() and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.05, map=server._map, use_poll=True, count=1)
    work.shutdown(timeout=1)
    for channel in list(server.active_channels.values()):
        channel.handle_close()  # with the files that its answers waited in
    wasyncore.close_all(server._map)


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress is untyped
    """One connection, which knows since when it has been sending its present request."""

    began = 0.0
    silent = True

    def is_asking(self, now: float) -> bool:
        """Tell whether a first request, or the rest of one, may be about to come in."""
        if self.silent:
            return bool(self.creation_time > now - LAST_SECONDS)
        return self.request is not None and self.began > now - LAST_SECONDS

    def writable(self) -> Any:
        """Tell the loop whether to send: what a thread still works on is not whole yet."""
        unsent = self.total_outbufs_len and not self.requests
        return unsent or self.will_close or self.close_when_flushed

    def received(self, data: bytes) -> Any:
        """Take in bytes of a request."""
        self.silent = False
        was = self.request
        taken = super().received(data)
        if self.request is not was:
            self.began = time.time()
        return taken


class _Server(TcpWSGIServer):  # type: ignore[misc]  # waitress is untyped
    """Waitress's server, which lets nobody take forever to ask."""

    channel_class = _Channel

    def maintenance(self, now: float) -> None:
        """Close connections that have nothing to say, or say it too slowly."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.request is not None and channel.began < now - RECEIVE_SECONDS:
                channel.will_close = True

    def is_busy(self) -> bool:
        """Tell whether somebody is still to be answered: who has asked, or was let in to ask."""
        now = time.time()
        return any(
            channel.requests or channel.total_outbufs_len or channel.is_asking(now)
            for channel in self.active_channels.values()
        )


def _without_visitors(record: logging.LogRecord) -> bool:
    """Let a log line of the server say that something broke, not for whom or at which address."""
    record.msg, record.args = "web server trouble", ()
    return True
