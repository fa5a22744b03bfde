"""Whether the process lives, and whether the whole can serve."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.completion.models import Completion
from lti_tool.db import db
from lti_tool.ops.heartbeat import Heartbeat
from lti_tool.platforms.models import Platform
from lti_tool.platforms.signing import KeyFileUnsafe
from lti_tool.services import services

LATE = timedelta(minutes=10)
"""How long after its time a completion may wait before nobody seems to deliver."""


def blueprint() -> Blueprint:
    """Return the routes."""
    bp = Blueprint("health", __name__)
    bp.add_url_rule("/healthz", "healthz", healthz)
    bp.add_url_rule("/readyz", "readyz", readyz)
    return bp


def healthz() -> ResponseReturnValue:
    """Answer as soon as the process runs."""
    return jsonify(status="ok")


def readyz() -> ResponseReturnValue:
    """Answer 200 when all that the tool needs is there, else 503 with a sentence per problem."""
    problems = list(_problems())
    if not problems:
        return jsonify(status="ok")
    return jsonify(status="not ready", problems=problems), 503


def _problems() -> Iterator[str]:
    heartbeat: Heartbeat | None = current_app.extensions.get("heartbeat")
    if heartbeat is not None and not heartbeat.lives():
        yield "no delivery worker lives; serve starts another"
    try:
        yield from _problems_of_data()
    except SQLAlchemyError:
        db.session.rollback()
        yield "the database is not ready; run: proeftuin db upgrade"


def _problems_of_data() -> Iterator[str]:
    """Tell what is wrong with tables, keys and deliveries.

    Raises:
        SQLAlchemyError: the database does not answer, or has no tables.
    """
    if db.session.scalar(text("select version_num from alembic_version")) != _newest_revision():
        yield "the tables are of another version; run: proeftuin db upgrade"
        return  # nothing else can be asked
    try:
        services().keys.check()
    except KeyFileUnsafe:
        yield "a signing key is lost or readable by others; see: proeftuin keys list"
    now = services().clock()
    late = exists().where(
        Completion.due_at < now - LATE,
        Platform.id == Completion.platform_id,
        or_(Platform.paused_until.is_(None), Platform.paused_until < now),
    )
    if db.session.scalar(select(late)):
        yield f"completions wait longer than {LATE.seconds // 60} minutes; is a worker running?"


@cache
def _newest_revision() -> str | None:
    """Return the revision that the tables of this version of the tool have."""
    return ScriptDirectory(str(Path(__file__).parent.parent / "migrations")).get_current_head()
