"""The process beside the web server: it delivers completions and lets data lapse."""

import logging
import threading
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.completion import worker
from lti_tool.db import db, truncate_log
from lti_tool.experience.play import runs
from lti_tool.group.starter import counting
from lti_tool.launch.store import ABSOLUTE
from lti_tool.ops.counters import count_delivery
from lti_tool.services import services

TIDY_EVERY = timedelta(hours=1)
_LOOK_SECONDS = 60.0

log = logging.getLogger("proeftuin")


def run(app: Flask, stop: threading.Event) -> None:
    """Deliver until told to stop; tidy up at once and then every hour, on a thread beside it."""
    ended = threading.Event()
    tidying = threading.Thread(target=_keep_tidy, args=(app, ended), name="tidy", daemon=True)
    tidying.start()
    try:
        worker.run_forever(app, stop, count_delivery)
    finally:
        ended.set()
        tidying.join(timeout=5)
        with app.app_context():
            leave()


def tidy() -> None:
    """Delete what has been kept long enough, also from the log of an SQLite database. Commits."""
    tool = services()
    try:
        now = tool.clock()
        removed = tool.privacy.retain(db.session(), now)
        runs.forget_ways(db.session(), now - ABSOLUTE)
        counting.let_lapse(db.session(), now)
        db.session.commit()
    finally:
        db.session.remove()
    if not truncate_log(db.engine):
        log.info("log in use; it is emptied the next time")
    log.info("let lapse what was kept long enough", extra={"count": sum(removed.values())})


def leave() -> None:
    """Close the database for good, with nothing left in the log."""
    try:
        truncate_log(db.engine)
    except SQLAlchemyError:
        log.warning("database trouble", extra={"detail": "while leaving"})
    db.engine.dispose()


def _keep_tidy(app: Flask, ended: threading.Event) -> None:
    with app.app_context():
        clock = services().clock
        due = clock()
        while not ended.is_set():
            if clock() >= due:
                try:
                    tidy()
                    due = clock() + TIDY_EVERY
                except SQLAlchemyError as trouble:  # tried again at the next look
                    log.error("database trouble", extra={"detail": type(trouble).__name__})
            ended.wait(_LOOK_SECONDS)
