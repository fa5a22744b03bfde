"""A delivery worker that dies when it is told to; run as a program by the crash test.

Reads one JSON line per life: {"now": ISO time, "die_at": number of the step, 0 to live}. Each life
is a process of its own, which ends itself with SIGKILL: nothing is cleaned up. Answers one JSON
line per life: {"killed": whether, "at": name of the step}.
"""

import json
import os
import signal
import sys
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from flask import Flask

from lti_tool import create_app
from lti_tool.completion import worker
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.platforms.http import Answer, HttpClient

_send = HttpClient.send


class Fate:
    """Counts steps, and kills this process at the one that was told."""

    def __init__(self, die_at: int, tell: int) -> None:
        self._left = die_at
        self._tell = tell

    def step(self, name: str) -> None:
        self._left -= 1
        if self._left == 0:
            os.write(self._tell, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def send(self, client: HttpClient, *args: object, **kwargs: object) -> Answer:
        """Die before a request leaves, or after its answer came and before anybody knows."""
        self.step("before a request")
        answer = _send(client, *args, **kwargs)
        self.step("after its answer")
        return answer


class Now:
    """The moment that a life is told."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def __call__(self) -> datetime:
        assert self.moment is not None
        return self.moment


def live(app: Flask, fate: Fate) -> None:
    HttpClient.send = lambda client, *args, **kwargs: fate.send(client, *args, **kwargs)  # noqa: PLW0108 - binds the client
    with app.app_context():
        courier = worker.make_courier(fate.step)
        while courier.deliver_next():
            pass
        db.engine.dispose()


def main() -> None:
    given = json.loads(sys.argv[1])
    now = Now()
    # Made once, before any life: it opens no connection that a life could share.
    keys = Path(given["keys_dir"])
    app = create_app(Settings(**given | {"keys_dir": keys}), clock=now)
    # A third of a life went into reading the key, whose primes are tested again each time.
    serialization.load_pem_private_key = cache(serialization.load_pem_private_key)
    for line in sys.stdin:
        for key in keys.glob("*.pem"):
            serialization.load_pem_private_key(key.read_bytes(), password=None)
        order = json.loads(line)
        now.moment = datetime.fromisoformat(order["now"])
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - the process ends with it
            live(app, Fate(order["die_at"], write))
            os._exit(0)
        os.close(write)
        _, status = os.waitpid(child, 0)
        at = os.read(read, 100).decode()
        os.close(read)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            sys.exit(f"a life ended with {os.WEXITSTATUS(status)}")
        told = {"killed": os.WIFSIGNALED(status), "at": at}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
