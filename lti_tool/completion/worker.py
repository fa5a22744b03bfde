"""The delivery worker: run as often beside the web server as there is to deliver."""

import logging
import threading
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from lti_tool.completion import outbox
from lti_tool.completion.channels import Channels
from lti_tool.completion.delivery import Courier, Step
from lti_tool.completion.models import DELIVERED
from lti_tool.db import db
from lti_tool.services import services

POLL_SECONDS = 1.0
"""How often an idle worker looks: one read on an index."""

AFTER_TROUBLE_SECONDS = 5.0
"""How long to wait when the database itself fails."""

SWEEP_EVERY = timedelta(hours=1)

log = logging.getLogger("proeftuin")


def make_courier(step: Step = lambda _name: None) -> Courier:
    """Return a courier of this process; call inside an application context.

    Args:
        step: told of every step; see `delivery`.
    """
    tool = services()
    return Courier(
        sessionmaker(db.engine, expire_on_commit=False),
        Channels(tool.http, tool.tokens, tool.vault),
        tool.vault,
        tool.clock,
        step=step,
    )


def run_once(app: Flask) -> int:
    """Deliver all that is due now; return how many the LMSs took."""
    return drain(app)[DELIVERED]


def drain(app: Flask) -> Counter[str]:
    """Deliver all that is due now; return how many came into which state."""
    done: Counter[str] = Counter()
    with app.app_context():
        courier = make_courier()
        while state := courier.deliver_next():
            done[state] += 1
    return done


def run_forever(app: Flask, stop_event: threading.Event) -> None:
    """Deliver until told to stop, and sweep away what has ended, hourly.

    A database that is away for a while is waited for.

    Args:
        app: the application.
        stop_event: set it to stop after the delivery under way.
    """
    with app.app_context():
        courier = make_courier()
        clock = services().clock
        next_sweep = clock()
        while not stop_event.is_set():
            try:
                if clock() >= next_sweep:
                    next_sweep = clock() + SWEEP_EVERY
                    sweep()
                idle = courier.deliver_next() is None
            except SQLAlchemyError as trouble:
                log.error("database trouble", extra={"detail": type(trouble).__name__})
                stop_event.wait(AFTER_TROUBLE_SECONDS)
                continue
            if idle:
                stop_event.wait(POLL_SECONDS)


def sweep() -> None:
    """Remove ended sessions, and send what could not report before but now can. Commits."""
    tool = services()
    now = tool.clock()
    try:
        tool.launches.sweep(now)
        outbox.reopen(db.session(), now)
        db.session.commit()
    finally:
        db.session.remove()
