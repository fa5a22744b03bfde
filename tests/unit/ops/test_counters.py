"""What happened is counted as it happens, by all processes of one `serve` together."""

import os
from datetime import timedelta
from typing import Any

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from tinylms import Browser, Lms, register
from visits import GARDEN, School

from lti_tool.completion.models import DELIVERED, WAITING
from lti_tool.ops import counters


def counted(app: Flask) -> dict[tuple[str, ...], float]:
    """Every number by the name and the sorted labels of its sample."""
    text = app.test_client().get("/metrics").text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Change:
    """What a number is more than it was."""

    def __init__(self, app: Flask) -> None:
        self._app, self._before = app, counted(app)

    def __call__(self, name: str, *labels: str) -> float:
        key = (name, *sorted(labels))
        return counted(self._app).get(key, 0) - self._before.get(key, 0)


def test_logins_and_launches_are_counted_by_outcome_and_code(app, clock, rsa_keys, local_server):
    lms = Lms(rsa_keys[0], f"{local_server.url}/jwks")
    local_server.replies["/jwks"] = (200, {}, lms.jwks())
    register(app, lms)
    browser = Browser(app.test_client(), lms, lambda: clock().timestamp())
    more = Change(app)
    assert browser.launch().status_code == 303
    assert browser.launch({"nonce": "another"}).status_code >= 400
    browser.login(iss="https://nobody.example")
    assert more("proeftuin_launches_total", "launch", "refused", "token-nonce") == 1
    assert more("proeftuin_launches_total", "launch", "ok", "") == 1
    assert more("proeftuin_launches_total", "login", "ok", "") == 2
    assert more("proeftuin_launches_total", "login", "refused", "platform-unknown") == 1


def test_reactions_and_how_long_requests_take_are_counted(app, school: School):
    school.publish(GARDEN)
    browser = school.open("tuin").onward()
    more = Change(app)
    browser.choose("vraag")
    assert more("proeftuin_reactions_total") == 1
    assert more("proeftuin_request_seconds_count", "reaction") == 1
    assert more("proeftuin_request_seconds_count", "player") == 1


def test_nothing_chosen_is_no_reaction(app, school: School):
    school.publish(GARDEN)
    browser = school.open("tuin").onward()
    more = Change(app)
    browser.send(browser.html.one("input[type=radio]").closest("form").one("button"))
    assert browser.response.status_code == 422
    assert more("proeftuin_reactions_total") == 0


def test_deliveries_are_counted_by_outcome_and_age(app):
    more = Change(app)
    counters.count_delivery(DELIVERED, "", timedelta(seconds=3))
    counters.count_delivery(WAITING, "unreachable", timedelta(hours=3))
    assert more("proeftuin_deliveries_total", DELIVERED, "") == 1
    assert more("proeftuin_deliveries_total", "unreachable", WAITING) == 1
    assert more("proeftuin_delivery_age_seconds_count") == 1
    assert more("proeftuin_delivery_age_seconds_bucket", "5.0") == 1


def test_what_another_process_counted_is_there_too(app: Any):
    more = Change(app)
    child = os.fork()
    if not child:
        counters.count_delivery(DELIVERED, "", timedelta(seconds=1))
        os._exit(0)
    os.waitpid(child, 0)
    assert more("proeftuin_deliveries_total", DELIVERED, "") == 1


def test_what_is_counted_says_how_often_never_who_or_where(app, school: School):
    school.publish(GARDEN)
    school.open("tuin", "anna").onward().choose("vraag")
    counters.count_delivery(DELIVERED, "", timedelta(seconds=3))
    text = app.test_client().get("/metrics").text
    names = {
        name
        for family in text_string_to_metric_families(text)
        if not family.name.startswith("proeftuin_outbox_")
        for sample in family.samples
        for name in sample.labels
    }
    assert names <= {"step", "outcome", "code", "obstacle", "kind", "le"}
    assert "anna" not in text
    assert "tuin" not in text.replace("proeftuin", "")
