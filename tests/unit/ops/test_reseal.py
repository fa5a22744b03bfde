"""Replacing the secret key: afterwards the new one alone reads everything and finds everybody."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lti_tool.db import Base, db
from lti_tool.experience.library.models import Item
from lti_tool.experience.play.models import Reflection
from lti_tool.launch.models import Learner
from lti_tool.ops import reseal as resealing
from lti_tool.ops.reseal import SEALED, Resealed, reseal
from lti_tool.platforms.models import Platform
from lti_tool.vault import Vault

OLD_KEY, NEW_KEY = "the-old-secret-for-tests-0123456789", "the-new-secret-for-tests-0123456789"
OLD, NEW, BOTH = Vault(OLD_KEY), Vault(NEW_KEY), Vault(NEW_KEY, OLD_KEY)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def platform(app):
    made = Platform(
        name="School",
        issuer="https://lms.example",
        client_id="a",
        auth_login_url="https://lms.example/auth",
        auth_token_url="https://lms.example/token",
        jwks_url="https://lms.example/jwks",
        ws_token=OLD.seal("token"),
        created_at=NOW,
    )
    db.session.add(made)
    db.session.commit()
    return made


def person(platform, sub: str, vault: Vault = OLD) -> Learner:
    learner = Learner(
        platform_id=platform.id,
        pseudonym=vault.pseudonym(platform.issuer, sub),
        sealed_sub=vault.seal(sub),
    )
    db.session.add(learner)
    db.session.flush()
    return learner


def test_everything_is_read_and_everybody_found_with_the_new_key_alone(platform, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    item = Item(slug="an-item")
    db.session.add(item)
    db.session.flush()
    for number in range(5):
        learner = person(platform, f"sub-{number}")
        db.session.add(
            Reflection(
                learner_id=learner.id,
                item_id=item.id,
                node="a",
                sealed_text=OLD.seal(f"text {number}"),
                saved_at=NOW,
            )
        )
    person(platform, "came after", NEW)
    db.session.commit()

    done = reseal(db.session(), BOTH)

    assert done == Resealed(people=5, values=11)
    assert reseal(db.session(), BOTH) == Resealed()
    db.session.expire_all()
    assert NEW.unseal(platform.ws_token) == "token"
    for learner in db.session.scalars(select(Learner)):
        sub = NEW.unseal(learner.sealed_sub)
        assert learner.pseudonym == NEW.pseudonym(platform.issuer, sub)
    texts = {NEW.unseal(row.sealed_text) for row in db.session.scalars(select(Reflection))}
    assert texts == {f"text {number}" for number in range(5)}


def test_what_neither_key_opens_is_counted_and_stays(platform):
    platform.ws_token = "gAAAA"
    db.session.commit()

    assert reseal(db.session(), BOTH) == Resealed(unreadable=1)
    db.session.expire_all()
    assert platform.ws_token == "gAAAA"


def test_a_person_with_a_second_record_is_counted(platform):
    first = person(platform, "sub")
    person(platform, "sub", NEW)
    db.session.commit()

    done = reseal(db.session(), BOTH)

    assert (done.people, done.twins) == (0, 1)
    db.session.expire_all()
    assert first.pseudonym == OLD.pseudonym(platform.issuer, "sub")


def test_no_sealed_column_is_forgotten():
    listed = {(table.__tablename__, column.key) for table, column in SEALED}
    assert {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "sealed" in column.name
    } <= listed
