"""Who may launch us: what can be registered, and how it is found."""

from typing import Any

import pytest
from flask import Flask

from lti_tool.db import db
from lti_tool.platforms.models import Deployment, Platform
from lti_tool.platforms.registry import CannotRegister, Registry

GOOD: dict[str, Any] = {
    "name": "School",
    "issuer": "https://lms.example",
    "client_id": "client-1",
    "auth_login_url": "https://lms.example/auth",
    "auth_token_url": "https://lms.example/token",
    "jwks_url": "https://lms.example/jwks",
}


@pytest.fixture
def registry(app: Flask, clock: Any) -> Registry:
    return Registry(db.session, clock, production=True)


def add(registry: Registry, **changes: Any) -> Platform:
    return registry.add(**(GOOD | changes))


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": " "}, "--name"),
    "a name with a line break": ({"name": "a\nb"}, "--name"),
    "a name of 121 characters": ({"name": "x" * 121}, "--name"),
    "no issuer": ({"issuer": ""}, "--issuer"),
    "an issuer of 256 characters": ({"issuer": "x" * 256}, "--issuer"),
    "a control character in the client id": ({"client_id": "a\0"}, "--client-id"),
    "a login address that is none": ({"auth_login_url": "lms.example"}, "--auth-login-url"),
    "a token address without host": ({"auth_token_url": "https:///token"}, "--auth-token-url"),
    "a JWKS address that is a file": ({"jwks_url": "file:///etc/passwd"}, "--jwks-url"),
    "a JWKS address over http": ({"jwks_url": "http://lms.example/"}, "https://"),
    "a broken IPv6 address": ({"jwks_url": "https://[::1"}, "--jwks-url"),
    "a family that is none": ({"family": "moddle"}, "moodle"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_registered_names_the_option(registry: Registry, case: str) -> None:
    changes, named = BAD[case]

    with pytest.raises(CannotRegister, match=named):
        add(registry, **changes)
    db.session.rollback()
    assert registry.all() == []


def test_plain_http_is_for_development(app: Flask, clock: Any) -> None:
    add(Registry(db.session, clock), jwks_url="http://localhost:8001/jwks")


def test_adding_the_same_name_changes_the_platform(registry: Registry) -> None:
    first = add(registry, deployment_ids=("1",))
    second = add(registry, jwks_url="https://lms.example/new", deployment_ids=("1", "2"))

    assert first is second
    assert [row.deployment_id for row in second.deployments] == ["1", "2"]


def test_one_issuer_and_client_cannot_be_registered_twice(registry: Registry) -> None:
    add(registry)

    with pytest.raises(CannotRegister, match="'School'"):
        add(registry, name="Other")


def test_one_issuer_may_have_many_clients(registry: Registry) -> None:
    add(registry)
    add(registry, name="Other", client_id="client-2")

    assert registry.for_login("https://lms.example", "client-2").name == "Other"


def test_approve_lets_in_what_waits(registry: Registry, clock: Any) -> None:
    platform = add(registry, status="pending")
    for number, status in enumerate(["pending", "pending", "blocked"]):
        db.session.add(
            Deployment(
                platform_id=platform.id,
                deployment_id=str(number),
                status=status,
                created_at=clock(),
            )
        )
    db.session.flush()

    assert registry.approve_all(platform) == 2
    assert platform.status == "active"
    assert [row.status for row in platform.deployments] == ["active", "active", "blocked"]


def test_a_change_in_this_process_is_seen_at_once(registry: Registry) -> None:
    platform = add(registry)
    known = registry.for_login("https://lms.example", "client-1")
    assert registry.by_id(known.id) == known

    registry.block(platform)
    db.session.flush()

    found = registry.by_id(known.id)
    assert found is not None
    assert found.status == "blocked"


def test_a_platform_that_is_not_there(registry: Registry) -> None:
    assert registry.by_id(7) is None
    assert registry.by_name("nobody") is None
