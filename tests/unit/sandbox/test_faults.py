"""Faults: each happens as often as asked, over real HTTP, and shows in the inspector."""

import threading
import time
from typing import Any

import pytest
import requests
from unit.sandbox.peer import Platform

from lti_tool.sandbox.world.faults import Fault, Faults, Throttle


def jwks(peer: Platform, **options: Any) -> requests.Response:
    return requests.get(peer.lms.url("jwks"), timeout=10, allow_redirects=False, **options)


def fault(peer: Platform, target: str, kind: str, count: int = 1, seconds: float = 0.1) -> None:
    body = {"target": target, "kind": kind, "count": count, "seconds": seconds}
    peer.api("POST", "faults", body)


@pytest.mark.parametrize("count", [1, 3])
def test_the_next_calls_fail_and_then_all_is_well(platform: Platform, count: int) -> None:
    fault(platform, "jwks", "500", count)

    answers = [jwks(platform).status_code for _ in range(count + 1)]

    assert answers == [500] * count + [200]
    assert platform.state()["faults"]["waiting"] == []


def test_a_429_says_when_to_come_back(platform: Platform) -> None:
    activity = platform.add(line_item=True)
    token = platform.token()
    fault(platform, "services", "429", seconds=7)

    answer = platform.score(activity, token=token)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert platform.last("score")["verdict"] == "disturbed"
    assert platform.score(activity, token=token).status_code == 200


def test_canvas_throttles_with_a_403_and_without_retry_after(canvas: Platform) -> None:
    activity = canvas.add(line_item=True)
    fault(canvas, "services", "403")

    answer = canvas.score(activity)

    assert answer.status_code == 403
    assert answer.text == "403 Forbidden (Rate Limit Exceeded)"
    assert answer.headers["X-Rate-Limit-Remaining"] == "0.0"
    assert "Retry-After" not in answer.headers


def test_a_time_out_does_nothing_and_answers_nothing(strict: Platform) -> None:
    activity = strict.add()
    token = strict.token()
    fault(strict, "services", "timeout", seconds=0.3)
    began = time.monotonic()

    with pytest.raises(requests.ConnectionError):
        strict.score(activity, token=token)

    assert time.monotonic() - began >= 0.3
    assert strict.state()["completions"] == []


def test_a_lost_reply_is_carried_out_all_the_same(strict: Platform) -> None:
    activity = strict.add()
    token = strict.token()
    fault(strict, "services", "lost_reply", seconds=0)

    with pytest.raises(requests.ConnectionError):
        strict.score(activity, token=token)

    assert [tick["user"] for tick in strict.state()["completions"]] == ["sam"]
    assert strict.last("score")["reason"]["code"] == "fault"


def test_a_slow_answer_is_seen_by_a_caller_with_a_time_limit(strict: Platform) -> None:
    fault(strict, "jwks", "timeout", seconds=5)

    with pytest.raises((requests.Timeout, requests.ConnectionError)):
        requests.get(strict.lms.url("jwks"), timeout=0.3)


@pytest.mark.parametrize("kind", ["garbage", "huge", "redirect"])
def test_answers_that_are_no_key_set(platform: Platform, kind: str) -> None:
    fault(platform, "jwks", kind)

    answer = jwks(platform)

    if kind == "garbage":
        assert answer.status_code == 200
        assert "json" not in answer.headers["Content-Type"]
    elif kind == "huge":
        assert len(answer.content) > 5_000_000
    else:
        assert answer.status_code == 302


def test_the_token_endpoint_can_be_down(platform: Platform) -> None:
    fault(platform, "token", "500")

    assert platform.ask_token().status_code == 500
    assert platform.ask_token().status_code == 200


def test_moodles_web_service_is_a_service_too(moodle: Platform) -> None:
    fault(moodle, "services", "500")
    url = moodle.lms.issuer + "/webservice/rest/server.php"

    assert requests.post(url, timeout=10).status_code == 500


def test_a_score_field_is_seen_even_in_a_call_that_fails(strict: Platform) -> None:
    activity = strict.add()
    fault(strict, "services", "500")

    strict.score(activity, scoreGiven=1)

    assert [found["what"] for found in strict.state()["violations"]] == ["scoreGiven"]


def test_faults_can_be_cleared(platform: Platform) -> None:
    fault(platform, "jwks", "500", 50)

    platform.api("DELETE", "faults")

    assert jwks(platform).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"target": "moon", "kind": "500"},
        {"target": "jwks", "kind": "sleepy"},
        {"target": "jwks", "kind": "500", "count": 0},
        {"target": "jwks", "kind": "500", "seconds": 9999},
        {"target": "jwks", "kind": "500", "colour": "red"},
        {"kind": "500"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(platform: Platform, body: dict[str, Any]) -> None:
    assert platform.api("POST", "faults", body, status=400)["error"]


@pytest.mark.parametrize(("profile", "status"), [("strict", 429), ("canvas", 403)])
def test_a_throttle_lets_through_what_it_allows(
    platform_of: Any, profile: str, status: int
) -> None:
    peer = platform_of(profile)
    activity = peer.add(line_item=True)
    token = peer.token()
    peer.api("POST", "throttle", {"limit": 2, "seconds": 60})
    now = peer.hands()

    answers = [peer.score(activity, token=token, at=now + n).status_code for n in range(3)]
    peer.hands.ahead += 61

    assert answers == [200, 200, status]
    assert peer.score(activity, token=token, at=peer.hands()).status_code == 200
    assert peer.state()["counts"]["throttled"] == 1


def test_a_throttle_counts_rightly_from_many_threads() -> None:
    faults = Faults()
    faults.set_throttle(Throttle(limit=50, seconds=60))
    through: list[bool] = []

    def hammer() -> None:
        for _ in range(40):
            through.append(faults.throttled(lambda: 1000.0) is None)

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert through.count(True) == 50


def test_every_waiting_fault_is_taken_exactly_once_from_many_threads() -> None:
    faults = Faults()
    faults.add(Fault("services", "500", count=100))
    taken: list[bool] = []

    def take() -> None:
        for _ in range(50):
            taken.append(faults.take("services") is not None)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert taken.count(True) == 100
