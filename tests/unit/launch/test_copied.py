"""Copied courses: a copy is a link of its own, knows where it comes from, and opens the same."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from tinylms import Lms, register

from lti_tool.db import db
from lti_tool.launch.claims import read
from lti_tool.launch.models import ResourceLink
from lti_tool.platforms.models import Platform
from lti_tool.services import services

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
LINK = "https://purl.imsglobal.org/spec/lti/claim/resource_link"


@pytest.fixture
def lms(app: Flask, rsa_keys: list[Any]) -> Lms:
    made = Lms(rsa_keys[0], "https://lms.example/jwks")
    register(app, made)
    return made


def launch(lms: Lms, clock: Any, link: str, history: object = None) -> ResourceLink:
    claims = lms.claims("nonce", clock().timestamp())
    claims[LINK] = {"id": link}
    claims[CUSTOM] = {"item": "tuin"} | ({} if history is None else {"link_history": history})
    seen = read(json.loads(json.dumps(claims)), client_id="client-1", origin="https://tool.example")
    platform = db.session.scalars(select(Platform)).one()
    services().launches.open(
        seen, platform.id, f"{link}-{clock():%H%M}-{len(str(history))}", clock(), cookieless=False
    )
    return db.session.scalars(select(ResourceLink).filter_by(link_id=link)).one()


@pytest.mark.parametrize(
    ("history", "before"),
    [
        ("1", "1"),
        ("2,1", "2"),
        (" 2 , 1", "2"),
        ("a%2Cb,1", "a,b"),
        ("", None),
        (None, None),
        ("$ResourceLink.id.history", None),
        (7, None),
        ("x" * 300, None),
        ("é", None),
    ],
)
def test_where_a_link_comes_from(lms: Lms, clock: Any, history: object, before: str | None) -> None:
    assert launch(lms, clock, "9", history).copied_from == before


def test_a_copy_opens_what_its_original_opens_and_goes_its_own_way(lms: Lms, clock: Any) -> None:
    first = launch(lms, clock, "1")
    db.session.execute(update(ResourceLink).where(ResourceLink.id == first.id).values(opens="park"))
    db.session.commit()
    copy = launch(lms, clock, "2", "1")
    assert (copy.id != first.id, copy.item, copy.opens) == (True, "tuin", "park")
    db.session.execute(update(ResourceLink).where(ResourceLink.id == copy.id).values(opens="plein"))
    db.session.commit()
    clock.turn(hours=1)
    again = launch(lms, clock, "2", "1")
    db.session.refresh(again)
    db.session.refresh(first)
    assert (again.opens, first.opens) == ("plein", "park")
