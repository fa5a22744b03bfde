"""The migrations make exactly the tables that the models describe."""

from dataclasses import replace
from pathlib import Path

from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db


def test_an_upgraded_sqlite_database_equals_the_models(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade()
        check()  # raises SystemExit when autogenerate would find a difference
        db.engine.dispose()


def test_every_migration_can_be_undone(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'undo.sqlite'}"))
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        db.engine.dispose()
