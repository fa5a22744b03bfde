"""Who is kept out of a registration: an invitation is good once, for a week."""

import threading
from typing import Any

import pytest
from flask import Flask
from registering import platforms, publish, register
from sqlalchemy import select

from lti_tool.db import db
from lti_tool.platforms.models import Invitation
from lti_tool.platforms.registration import VALID
from lti_tool.platforms.registry import CannotRegister


def test_an_invitation_is_good_once(tool: Flask, local_server: Any, invite: Any) -> None:
    publish(local_server)
    code = invite()
    register(tool, code, f"{local_server.url}/config")

    response = register(tool, code, f"{local_server.url}/config")

    assert response.headers["X-Proeftuin-Error"] == "invitation-invalid"
    assert len(platforms(tool)) == 1


def test_an_invitation_used_ten_times_at_once_registers_once(
    tool: Flask, local_server: Any, invite: Any
) -> None:
    publish(local_server)
    code = invite()
    statuses: list[int] = []
    start = threading.Barrier(10)

    def use() -> None:
        start.wait()
        statuses.append(register(tool, code, f"{local_server.url}/config").status_code)

    threads = [threading.Thread(target=use) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] + [403] * 9
    assert local_server.count("/registrations") == 1


def test_an_invitation_ends_after_a_week(
    tool: Flask, local_server: Any, invite: Any, clock: Any
) -> None:
    publish(local_server)
    code = invite()
    clock.turn(seconds=VALID.total_seconds())

    response = register(tool, code, f"{local_server.url}/config")

    assert response.headers["X-Proeftuin-Error"] == "invitation-invalid"
    assert local_server.asked == []


@pytest.mark.parametrize("code", ["x", "ä", "x" * 300, "'; drop table invitation; --"])
def test_without_an_invitation_nobody_is_asked_anything(
    tool: Flask, local_server: Any, code: str
) -> None:
    publish(local_server)

    response = register(tool, code, f"{local_server.url}/config")

    assert response.headers["X-Proeftuin-Error"] == "invitation-invalid"
    assert local_server.asked == []


def test_the_code_is_kept_nowhere(tool: Flask, invite: Any) -> None:
    code = invite()

    with tool.app_context():
        (held,) = db.session.scalars(select(Invitation))
        assert code not in (held.code_hash, held.name)


def test_an_invitation_cannot_take_a_name_that_is_taken(
    tool: Flask, local_server: Any, invite: Any
) -> None:
    publish(local_server)
    register(tool, invite("Moodle"), f"{local_server.url}/config")

    for name in ("Moodle", " ", "a\nb", "x" * 121):
        with pytest.raises(CannotRegister, match="name"):
            invite(name)
