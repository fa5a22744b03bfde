"""Whether the process lives, and whether it can serve."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.db import db


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
    """Answer 200 when the database answers and has our tables, else 503."""
    try:
        db.session.execute(text("select count(*) from alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="database not ready; run: proeftuin db upgrade"), 503
    return jsonify(status="ok")
