"""A replaced secret key: who comes back is the same person, and is known by the new key then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tinylms import ISSUER, Browser, Lms, stored

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.launch.models import Learner
from lti_tool.vault import Vault

NEW = "a-new-secret-for-tests-only-9876543210"


@contextmanager
def restarted(settings: Settings, clock: Any, lms: Lms, **changes: Any) -> Iterator[Browser]:
    app = create_app(replace(settings, **changes), clock=clock)
    yield Browser(app.test_client(), lms, lambda: clock().timestamp())
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def people(tool: Flask) -> list[Learner]:
    with tool.app_context():
        return list(db.session.scalars(select(Learner)))


@pytest.fixture
def known(browser: Browser, tool: Flask) -> Learner:
    """A person who came under the old key."""
    assert browser.launch().status_code == 303
    (learner,) = people(tool)
    return learner


def test_who_returns_is_the_same_person_and_known_by_the_new_key(
    settings: Settings, clock: Any, lms: Lms, tool: Flask, known: Learner
) -> None:
    with restarted(
        settings, clock, lms, secret_key=NEW, old_secret_key=settings.secret_key
    ) as browser:
        assert browser.launch().status_code == 303
    with restarted(settings, clock, lms, secret_key=NEW) as browser:
        assert browser.launch().status_code == 303

    (learner,) = people(tool)
    assert learner.id == known.id
    assert learner.pseudonym == Vault(NEW).pseudonym(ISSUER, "learner-4") != known.pseudonym
    assert Vault(NEW).unseal(learner.sealed_sub) == "learner-4"


def test_without_the_old_key_the_person_would_be_a_stranger(
    settings: Settings, clock: Any, lms: Lms, tool: Flask, known: Learner
) -> None:
    with restarted(settings, clock, lms, secret_key=NEW) as browser:
        assert browser.launch().status_code == 303

    assert stored(tool)["learner"] == 2


def test_a_stranger_stays_one_while_a_key_is_replaced(
    settings: Settings, clock: Any, lms: Lms, tool: Flask, known: Learner
) -> None:
    with restarted(
        settings, clock, lms, secret_key=NEW, old_secret_key=settings.secret_key
    ) as browser:
        assert browser.launch({"sub": "learner-5"}).status_code == 303

    assert {learner.id for learner in people(tool)} > {known.id}
    assert stored(tool)["learner"] == 2
