"""Who may go on in a session: one table of what makes a visit, and of what ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from visits import GARDEN, Browser, School

from lti_tool.clock import full_hour
from lti_tool.db import db
from lti_tool.launch.models import LaunchSession
from lti_tool.platforms.models import BLOCKED, Platform
from lti_tool.vault import fingerprint


@pytest.fixture
def tab(school: School) -> Browser:
    school.publish(GARDEN)
    return school.launch("tuin")


def held(tab: Browser) -> LaunchSession:
    return db.session.get_one(LaunchSession, tab.session_id)


def other_token(tab: Browser, _school: School) -> None:
    held(tab).token_hash = fingerprint("another")


def gone(tab: Browser, _school: School) -> None:
    db.session.delete(held(tab))


def idle(tab: Browser, school: School) -> None:
    held(tab).seen_at = school.clock() - timedelta(hours=3, seconds=1)


def nearly_idle(tab: Browser, school: School) -> None:
    held(tab).seen_at = school.clock() - timedelta(hours=3)


def over(tab: Browser, school: School) -> None:
    held(tab).expires_at = school.clock()


def nearly_over(tab: Browser, school: School) -> None:
    held(tab).expires_at = school.clock() + timedelta(seconds=1)


def blocked(_tab: Browser, school: School) -> None:
    db.session.get_one(Platform, school.platform.id).status = BLOCKED


def nothing(_tab: Browser, _school: School) -> None:
    """Leave it as the launch left it."""


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (nothing, None),
        (nearly_idle, None),
        (nearly_over, None),
        (gone, "session-unknown"),
        (other_token, "session-unknown"),
        (idle, "session-expired"),
        (over, "session-expired"),
        (blocked, "platform-blocked"),
    ],
)
def test_a_visit_holds_or_is_refused(
    tab: Browser,
    school: School,
    change: Callable[[Browser, School], None],
    refusal: str | None,
) -> None:
    change(tab, school)
    db.session.commit()
    assert tab.open().error == refusal


@pytest.mark.parametrize("session_id", ["x", "x" * 23, "x" * 21 + "é", "../../../../../../x"])
def test_a_name_that_is_none_is_no_session(tab: Browser, session_id: str) -> None:
    tab.session_id = session_id
    assert tab.open().response.status_code in {401, 404}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://tool.example"])
def test_a_form_of_another_origin_is_refused_though_it_carries_proof(
    tab: Browser, school: School, origin: str
) -> None:
    """Only our own base URL counts, whatever host the request names."""
    tab.open()
    fields = {name: tab.html.one(f"[name={name}]").attrs["value"] for name in ("s", "at")}
    answer = tab._client.post(
        tab.url("/play/tuin/next"),
        data=fields,
        base_url="https://tool.example",
        headers={"Origin": origin},
    )
    assert answer.headers["X-Proeftuin-Error"] == "form-foreign"
    assert school.run is None


def test_a_session_remembers_the_hour_only(tab: Browser, school: School) -> None:
    school.clock.turn(minutes=75)
    tab.open()
    seen = held(tab).seen_at
    assert seen == full_hour(school.clock())
