"""Logins that no platform would send, at a rate that is asked for, in a process of their own.

    python -m bench.strangers HOST PORT FROM RATE SECONDS

They come from the address FROM, which on Linux may be any of 127.0.0.0/8, over connections that are
kept. What cannot be sent because all of them wait for an answer is left out, and counted. Prints
one line of JSON: `asked` and `sent` a second, and how many answers there were by status.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter, deque
from contextlib import suppress
from urllib.parse import urlencode

CONNECTIONS = 200
"""As many as the example for nginx allows an address."""

TICK_SECONDS = 0.01


class Line:
    """One connection, on which one login at a time is under way."""

    def __init__(self, where: tuple[str, int], source: str) -> None:
        self._where, self._source = where, source
        self.link: socket.socket | None = None
        self._read = b""

    def send(self, message: bytes) -> socket.socket:
        """Send a login, on a new connection where the last one was closed.

        Raises:
            OSError: it cannot be sent.
        """
        if self.link is None:
            self.link = socket.create_connection(self._where, 1, source_address=(self._source, 0))
            self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.link.settimeout(0.5)
            self._read = b""
        self.link.sendall(message)
        return self.link

    def answer(self) -> str | None:
        """Take in what came; the status when the answer is whole.

        Raises:
            OSError: the connection was closed.
        """
        assert self.link is not None
        got = self.link.recv(65536)
        if not got:
            raise ConnectionResetError
        self._read += got
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end:
            return None
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) < int(length or 0):
            return None
        self._read = b""
        if b"connection: close" in head.lower():
            self.close()
        return head[9:12].decode()

    def close(self) -> None:
        """Hang up."""
        if self.link is not None:
            self.link.close()
        self.link = None


def come(where: tuple[str, int], source: str, rate: float, seconds: float) -> dict[str, object]:
    """Send, and say what came of it."""
    target = f"http://{where[0]}:{where[1]}/lti/launch"
    sent_by = {"iss": "https://nobody.example", "client_id": "nobody", "login_hint": "x" * 200}
    form = urlencode(sent_by | {"target_link_uri": target}).encode()
    message = (
        f"POST /lti/login HTTP/1.1\r\nHost: {where[0]}:{where[1]}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
    ).encode() + form
    free = deque(Line(where, source) for _ in range(CONNECTIONS))
    waiting = selectors.DefaultSelector()
    answers: Counter[str] = Counter()
    sent = 0
    began = time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        due = int((now - began) * rate) - sent - answers["not sent"]
        for _ in range(due):
            if not free:
                answers["not sent"] += 1
                continue
            line = free.popleft()
            try:
                waiting.register(line.send(message), selectors.EVENT_READ, line)
                sent += 1
            except OSError:
                answers["no connection"] += 1
                sent += 1
                line.close()
                free.append(line)
        for key, _ in waiting.select(TICK_SECONDS):
            line = key.data
            status: str | None = "hung up"
            with suppress(OSError):
                status = line.answer()
            if status is None:
                continue
            waiting.unregister(key.fileobj)
            if status == "hung up":
                line.close()
            answers[status] += 1
            free.append(line)
    took = time.monotonic() - began
    return {"asked": rate, "sent": round(sent / took), "answers": dict(answers)}


if __name__ == "__main__":
    host, port, source, rate, seconds = sys.argv[1:]
    print(json.dumps(come((host, int(port)), source, float(rate), float(seconds))))
