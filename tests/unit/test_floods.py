"""An address that is refused again costs next to nothing, and nobody else is refused with it."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client

from lti_tool import floods
from lti_tool.floods import MOST, RefuseAgain


class App:
    """Refuses whom it is told to refuse.

    Attributes:
        asked: how often it was.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.refuses = {"/lti/login", "/lti/launch", "/elsewhere"}
        self.wait = "30"

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.asked += 1
        if environ["PATH_INFO"] not in self.refuses:
            start_response("302 Found", [("Location", "/")])
            return [b""]
        headers = [("Retry-After", self.wait), ("X-Proeftuin-Error", "too-many")]
        start_response("429 Too Many Requests", headers)
        return [b"refused ", str(self.asked).encode()]


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [1000.0]
    monkeypatch.setattr(floods.time, "monotonic", lambda: time[0])
    return time


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def counted() -> list[str]:
    return []


@pytest.fixture
def client(app: App, counted: list[str], now: list[float]) -> Client:
    return Client(RefuseAgain(app, counted.append))


def from_address(address: str, **more: str) -> dict[str, Any]:
    return {"environ_overrides": {"REMOTE_ADDR": address} | more}


def test_who_was_refused_gets_the_same_page_again_until_the_time_is_over(
    client: Client, app: App, counted: list[str], now: list[float]
) -> None:
    first = client.post("/lti/login", **from_address("192.0.2.7"))
    now[0] += 12.5
    second = client.post("/lti/login", **from_address("192.0.2.7"))
    launch = client.post("/lti/launch", **from_address("192.0.2.7"))
    assert first.data == second.data == launch.data == b"refused 1"
    assert second.status_code == 429
    assert second.headers["X-Proeftuin-Error"] == "too-many"
    assert [one.headers["Retry-After"] for one in (first, second)] == ["30", "18"]
    assert (app.asked, counted) == (1, ["login", "launch"])

    now[0] += 18
    app.refuses.clear()
    assert client.post("/lti/login", **from_address("192.0.2.7")).status_code == 302
    assert client.post("/lti/login", **from_address("192.0.2.7")).status_code == 302


def test_others_are_asked_for_by_themselves(client: Client, app: App) -> None:
    client.post("/lti/login", **from_address("192.0.2.7"))
    app.refuses.clear()
    assert client.post("/lti/login", **from_address("192.0.2.8")).status_code == 302
    other_language = from_address("192.0.2.7", HTTP_ACCEPT_LANGUAGE="en")
    assert client.post("/lti/login", **other_language).status_code == 302
    assert client.get("/l/session/", **from_address("192.0.2.7")).status_code == 302


def test_the_neighbours_of_one_connection_are_one(client: Client, app: App) -> None:
    client.post("/lti/login", **from_address("2001:db8:1:2::1"))
    client.post("/lti/login", **from_address("2001:db8:1:2::2"))
    assert app.asked == 1


@pytest.mark.parametrize("path", ["/lti/launch", "/elsewhere"])
def test_what_a_launch_or_another_page_is_refused_for_is_not_held(
    client: Client, app: App, path: str
) -> None:
    client.post(path, **from_address("192.0.2.7"))
    client.post(path, **from_address("192.0.2.7"))
    assert app.asked == 2


def test_a_refusal_without_an_end_is_not_held(client: Client, app: App) -> None:
    app.wait = ""
    client.post("/lti/login", **from_address("192.0.2.7"))
    client.post("/lti/login", **from_address("192.0.2.7"))
    assert app.asked == 2


def test_no_more_than_so_many_are_held(app: App, now: list[float]) -> None:
    guard = RefuseAgain(app, lambda _step: None)
    client = Client(guard)
    for number in range(MOST + 5):
        client.post("/lti/login", **from_address(f"10.0.{number // 250}.{number % 250}"))
    assert 0 < len(guard._held) <= MOST
