"""Whether the process lives, and whether the whole can serve."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.clock import Clock
from lti_tool.completion.models import Completion
from lti_tool.db import db
from lti_tool.ops.heartbeat import Heartbeat
from lti_tool.platforms.models import Platform
from lti_tool.platforms.signing import KeyFileUnsafe, SigningKeys

LATE = timedelta(minutes=10)
"""How long after its time a completion may wait before nobody seems to deliver."""


def blueprint(keys: SigningKeys, clock: Clock) -> Blueprint:
    """Return the routes.

    Args:
        keys: whose files are looked at.
        clock: the time, from which lateness is counted.
    """
    bp = Blueprint("health", __name__)

    @bp.get("/healthz")
    def healthz() -> ResponseReturnValue:
        """Answer as soon as the process runs."""
        return jsonify(status="ok")

    @bp.get("/readyz")
    def readyz() -> ResponseReturnValue:
        """Answer 200 when all that the tool needs is there, else 503 with a sentence each."""
        problems = list(_problems(keys, clock()))
        if not problems:
            return jsonify(status="ok")
        return jsonify(status="not ready", problems=problems), 503

    return bp


def _problems(keys: SigningKeys, now: datetime) -> Iterator[str]:
    heartbeat: Heartbeat | None = current_app.extensions.get("heartbeat")
    if heartbeat is not None and not heartbeat.lives():
        yield "no delivery worker lives; serve starts another"
    try:
        yield from _problems_of_data(keys, now)
    except SQLAlchemyError:
        db.session.rollback()
        yield "the database is not ready; run: proeftuin db upgrade"


def _problems_of_data(keys: SigningKeys, now: datetime) -> Iterator[str]:
    """Tell what is wrong with tables, keys and deliveries.

    Raises:
        SQLAlchemyError: the database does not answer, or has no tables.
    """
    if db.session.scalar(text("select version_num from alembic_version")) in _earlier_revisions():
        yield "the tables are of an earlier version; run: proeftuin db upgrade"
        return  # nothing else can be asked
    try:
        keys.check()
    except KeyFileUnsafe:
        yield "a signing key is lost or readable by others; see: proeftuin keys list"
    late = exists().where(
        Completion.due_at < now - LATE,
        Platform.id == Completion.platform_id,
        or_(Platform.paused_until.is_(None), Platform.paused_until < now),
    )
    if db.session.scalar(select(late)):
        yield f"completions wait longer than {LATE.seconds // 60} minutes; is a worker running?"


@cache
def _earlier_revisions() -> frozenset[str | None]:
    """Return the revisions whose tables are too old for this version of the tool.

    One that it does not know is a later one: a migration leaves what the version before it works
    with, so that this one goes on while the next is put in its place.
    """
    scripts = ScriptDirectory(str(Path(__file__).parent.parent / "migrations"))
    known = {script.revision for script in scripts.walk_revisions()}
    return frozenset({None, *known} - {scripts.get_current_head()})
