"""What all tests share: settings, a turnable clock, and an app on a database of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db

pytest_plugins = ["postgres", "visits"]


class TurnableClock:
    """A clock that stands still until a test turns it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock(datetime(2026, 11, 21, 20, 30, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        base_url="https://tool.example",
        database_url=f"sqlite:///{tmp_path / 'tool.sqlite'}",
        secret_key="a-secret-for-tests-only-0123456789",
        keys_dir=tmp_path / "keys",
        allow_private_platforms=True,
    )


@pytest.fixture
def app(settings: Settings, clock: TurnableClock) -> Iterator[Flask]:
    """An app over HTTPS-style settings; its tables are made straight from the models."""
    app = create_app(replace(settings), clock=clock)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.drop_all()
        db.engine.dispose()
