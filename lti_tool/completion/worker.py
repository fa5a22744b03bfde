"""The delivery worker: run as often beside the web server as there is to deliver.

One loop looks for what is due and hands it to couriers, which are threads; the loop itself never
waits for an LMS. No LMS has more than a few couriers at a time, so that a slow one leaves the
others theirs.

The loop looks at its stop event at least every `POLL_SECONDS`, also while all couriers are away:
that is its sign of life, which `ops.heartbeat` hears.
"""

import logging
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from lti_tool.completion import outbox
from lti_tool.completion.channels import Channels
from lti_tool.completion.delivery import Claimed, Courier, Step, Told
from lti_tool.completion.models import DELIVERED
from lti_tool.db import db
from lti_tool.services import services

COURIERS = 8
"""Deliveries at the same time in one process."""

PER_PLATFORM = 2
"""How many of them one LMS gets."""

POLL_SECONDS = 1.0
"""How often an idle worker looks: one read on an index."""

AFTER_TROUBLE_SECONDS = 5.0
"""How long to wait when the database itself fails."""

SWEEP_SECONDS = 3600.0

log = logging.getLogger("proeftuin")


def make_courier(step: Step = lambda _name: None, told: Told = lambda *_: None) -> Courier:
    """Return a courier of this process; call inside an application context.

    Args:
        step: told of every step; see `delivery`.
        told: told of every try; see `delivery`.
    """
    tool = services()
    return Courier(
        sessionmaker(db.engine, expire_on_commit=False),
        Channels(tool.http, tool.tokens, tool.vault),
        tool.vault,
        tool.clock,
        step=step,
        told=told,
    )


def run_once(app: Flask) -> int:
    """Deliver all that is due now; return how many the LMSs took."""
    return drain(app)[DELIVERED]


def drain(app: Flask) -> Counter[str]:
    """Deliver all that is due now, one by one; return how many came into which state."""
    done: Counter[str] = Counter()
    with app.app_context():
        courier = make_courier()
        while state := courier.deliver_next():
            done[state] += 1
    return done


def run_forever(app: Flask, stop_event: threading.Event, told: Told = lambda *_: None) -> None:
    """Deliver until told to stop, and sweep away what has ended, hourly.

    A database that is away for a while is waited for.

    Args:
        app: the application.
        stop_event: set it to stop after the deliveries under way.
        told: told of every try.
    """
    with app.app_context(), _Crew(app, make_courier(told=told)) as crew:
        next_sweep = time.monotonic()
        while not stop_event.is_set():
            try:
                if time.monotonic() >= next_sweep:
                    next_sweep = time.monotonic() + SWEEP_SECONDS
                    sweep()
                found = crew.send_one()
            except SQLAlchemyError as trouble:
                _tell(trouble)
                stop_event.wait(AFTER_TROUBLE_SECONDS)
                continue
            if not found:
                crew.wait(POLL_SECONDS)


class _Crew:
    """The couriers of one process at work.

    Args:
        app: gives each delivery its context.
        courier: claims and delivers; used by all threads.
    """

    def __init__(self, app: Flask, courier: Courier) -> None:
        self._app = app
        self._courier = courier
        self._pool = ThreadPoolExecutor(COURIERS, thread_name_prefix="courier")
        self._lock = threading.Lock()
        self._at: Counter[int] = Counter()
        self._freed = threading.Event()

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True)

    def send_one(self) -> bool:
        """Let a free courier deliver what is next; return False when there is none of either."""
        self._freed.clear()
        with self._lock:
            at = dict(self._at)
        if sum(at.values()) >= COURIERS:
            return False
        claimed = self._courier.claim([key for key, count in at.items() if count >= PER_PLATFORM])
        if claimed is None:
            return False
        with self._lock:
            self._at[claimed.platform.id] += 1
        self._pool.submit(self._carry, claimed)
        return True

    def wait(self, seconds: float) -> None:
        """Wait until a courier comes back, at most so long."""
        self._freed.wait(seconds)

    def _carry(self, claimed: Claimed) -> None:
        try:
            with self._app.app_context():
                self._courier.deliver(claimed)
        except SQLAlchemyError as trouble:
            _tell(trouble)  # the claim ends by itself
        except Exception:
            log.exception("courier stumbled", extra={"platform": claimed.platform.name})
        finally:
            with self._lock:
                self._at[claimed.platform.id] -= 1
            self._freed.set()


def _tell(trouble: SQLAlchemyError) -> None:
    log.error("database trouble", extra={"detail": type(trouble).__name__})


def sweep() -> None:
    """Remove ended sessions, and send what could not report before but now can. Commits."""
    tool = services()
    now = tool.clock()
    try:
        tool.launches.sweep(now)
        outbox.reopen(db.session(), now)
        outbox.heal(db.session(), now)
        db.session.commit()
    finally:
        db.session.remove()
