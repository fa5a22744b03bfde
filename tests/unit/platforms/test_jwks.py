"""A platform's keys: fetched when needed, never more, and kept through its bad moments."""

import json
import threading
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from lti_tool.clock import system_clock
from lti_tool.errors import ToolError
from lti_tool.platforms import jwks
from lti_tool.platforms.http import HttpClient, Unreachable
from lti_tool.platforms.jwks import (
    COOL_DOWN_SECONDS,
    FRESH_SECONDS,
    MAX_WAITING,
    QUICK_SECONDS,
    RETRY_SECONDS,
    JwksCache,
)


def row(key: rsa.RSAPrivateKey, kid: str, /, **changes: Any) -> dict[str, Any]:
    jwk: dict[str, Any] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return jwk | {"kid": kid, "alg": "RS256", "use": "sig"} | changes


@pytest.fixture
def publish(local_server: Any) -> Any:
    """Publish key set rows at the platform's address."""

    def publish(*rows: Any, headers: dict[str, str] | None = None) -> None:
        local_server.replies["/jwks"] = (200, headers or {}, json.dumps({"keys": rows}).encode())

    return publish


@pytest.fixture
def url(local_server: Any) -> str:
    return f"{local_server.url}/jwks"


@pytest.fixture
def cache(clock: Any) -> JwksCache:
    return JwksCache(HttpClient(allow_private=True), clock)


def code(cache: JwksCache, url: str, kid: str) -> str | None:
    """Return None when the key is found, else the error's code."""
    try:
        cache.key(url, kid)
    except ToolError as error:
        return error.code
    return None


def test_a_key_is_fetched_once(
    cache: JwksCache, url: str, publish: Any, local_server: Any, rsa_keys: list[Any]
) -> None:
    publish(row(rsa_keys[0], "a"))

    for _ in range(5):
        assert cache.key(url, "a").public_numbers() == rsa_keys[0].public_key().public_numbers()

    assert local_server.count("/jwks") == 1


def test_a_new_key_is_found_at_once(
    cache: JwksCache, url: str, publish: Any, local_server: Any, rsa_keys: list[Any], clock: Any
) -> None:
    publish(row(rsa_keys[0], "a"))
    cache.key(url, "a")
    clock.turn(seconds=COOL_DOWN_SECONDS)
    publish(row(rsa_keys[0], "a"), row(rsa_keys[1], "b"))

    assert code(cache, url, "b") is None
    assert local_server.count("/jwks") == 2


def test_junk_cannot_make_us_hammer(
    cache: JwksCache, url: str, publish: Any, local_server: Any, rsa_keys: list[Any], clock: Any
) -> None:
    publish(row(rsa_keys[0], "a"))
    cache.key(url, "a")
    clock.turn(seconds=COOL_DOWN_SECONDS)

    for number in range(50):
        assert code(cache, url, f"junk-{number}") == "token-key"
    assert local_server.count("/jwks") == 2
    clock.turn(seconds=COOL_DOWN_SECONDS)
    assert code(cache, url, "junk") == "token-key"
    assert local_server.count("/jwks") == 3


def test_a_withdrawn_key_is_forgotten_when_its_time_is_over(
    cache: JwksCache, url: str, publish: Any, rsa_keys: list[Any], clock: Any
) -> None:
    publish(row(rsa_keys[0], "a"))
    cache.key(url, "a")
    publish(row(rsa_keys[1], "b"))
    clock.turn(seconds=FRESH_SECONDS - 1)
    assert code(cache, url, "a") is None

    clock.turn(seconds=1)

    assert code(cache, url, "a") == "token-key"
    assert code(cache, url, "b") is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("max-age=600", 600),
        ("public, max-age=7200, must-revalidate", 7200),
        ("max-age=1", jwks.FRESH_AT_LEAST),
        ("no-store", FRESH_SECONDS),
        ("max-age=999999999", jwks.FRESH_AT_MOST),
        ("max-age=-5", FRESH_SECONDS),
        ("max-age=99999999999999999999999", FRESH_SECONDS),
    ],
)
def test_cache_control_is_honoured_within_limits(
    cache: JwksCache,
    url: str,
    publish: Any,
    local_server: Any,
    rsa_keys: list[Any],
    clock: Any,
    said: str,
    seconds: int,
) -> None:
    publish(row(rsa_keys[0], "a"), headers={"Cache-Control": said})
    cache.key(url, "a")

    clock.turn(seconds=seconds - 1)
    cache.key(url, "a")
    assert local_server.count("/jwks") == 1
    clock.turn(seconds=1)
    cache.key(url, "a")
    assert local_server.count("/jwks") == 2


BAD: dict[str, Any] = {
    "an error with a key set": (500, {}, b'{"keys": []}'),
    "unavailable": (503, {}, b""),
    "no JSON": (200, {}, b"<h1>"),
    "a list": (200, {}, b"[]"),
    "no keys": (200, {}, b'{"keys": []}'),
    "keys null": (200, {}, b'{"keys": null}'),
    "deeply nested": (200, {}, b'{"keys":' + b"[" * 100_000),
    "numbers": (200, {}, b'{"keys": [1, null, "x", []]}'),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_key_set_is_never_kept(
    cache: JwksCache,
    url: str,
    publish: Any,
    local_server: Any,
    rsa_keys: list[Any],
    clock: Any,
    case: str,
) -> None:
    local_server.replies["/jwks"] = BAD[case]
    assert code(cache, url, "a") == "keys-unreachable"
    assert code(cache, url, "a") == "keys-unreachable"
    assert local_server.count("/jwks") == 1  # a failing platform is not asked by every launch

    publish(row(rsa_keys[0], "a"))
    clock.turn(seconds=RETRY_SECONDS)
    assert code(cache, url, "a") is None

    local_server.replies["/jwks"] = BAD[case]
    clock.turn(days=3)
    assert code(cache, url, "a") is None  # stale keys are served while it fails
    assert code(cache, url, "b") == "keys-unreachable"  # perhaps new, perhaps junk: say "later"


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "EC"},
        {"kid": None},
        {"kid": 7},
        {"alg": "RS512"},
        {"use": "enc"},
        {"n": None},
        {"n": "AQAB"},
        {"n": "!"},
        {"e": {}},
    ],
    ids=str,
)
def test_a_key_that_is_not_for_us_is_left_out(
    cache: JwksCache, url: str, publish: Any, rsa_keys: list[Any], changes: dict[str, Any]
) -> None:
    publish(row(rsa_keys[0], "a", **changes), row(rsa_keys[1], "b"))

    assert code(cache, url, "a") == "token-key"
    assert code(cache, url, "b") is None


def test_a_key_without_algorithm_is_taken_for_rs256(
    cache: JwksCache, url: str, publish: Any, rsa_keys: list[Any]
) -> None:
    publish({k: v for k, v in row(rsa_keys[0], "a").items() if k not in {"alg", "use"}})

    assert code(cache, url, "a") is None


@pytest.mark.parametrize("bits", [1024, 8200])
def test_a_key_too_weak_or_absurdly_large_is_left_out(
    cache: JwksCache, url: str, publish: Any, rsa_keys: list[Any], bits: int
) -> None:
    import base64

    modulus = ((1 << bits) - 1).to_bytes(bits // 8 + 1, "big").lstrip(b"\0")
    n = base64.urlsafe_b64encode(modulus).rstrip(b"=").decode()
    publish(row(rsa_keys[0], "a", n=n), row(rsa_keys[1], "b"))

    assert code(cache, url, "a") == "token-key"


def test_twenty_launches_at_once_ask_once(
    cache: JwksCache, url: str, publish: Any, local_server: Any, rsa_keys: list[Any]
) -> None:
    publish(row(rsa_keys[0], "a"))

    found = together(20, lambda _number: code(cache, url, "a"))

    assert found == [None] * 20
    assert local_server.count("/jwks") == 1


def together(count: int, work: Any) -> list[Any]:
    """Call `work(number)` on threads that start at the same moment; return what came back."""
    start, found = threading.Barrier(count), []

    def one(number: int) -> None:
        start.wait()
        found.append(work(number))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def slowly(content: bytes, seconds: float) -> Any:
    """Return a reply that takes its time."""

    def reply(handler: Any) -> None:
        time.sleep(seconds)
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content)
        handler.wfile.write(head + content)

    return reply


def test_twelve_unknown_kids_at_once_ask_once(
    url: str, publish: Any, local_server: Any, rsa_keys: list[Any]
) -> None:
    """While the clock goes on: a fetch that ended during the wait counts for who waited."""
    cache = JwksCache(HttpClient(allow_private=True), system_clock)
    publish(row(rsa_keys[0], "a"))
    local_server.replies["/jwks"] = slowly(local_server.replies["/jwks"][2], 0.2)

    found = together(12, lambda number: code(cache, url, f"junk-{number}"))

    assert local_server.count("/jwks") == 1
    assert set(found) <= {"token-key", "keys-unreachable"}


def test_a_slow_platform_takes_a_few_threads_and_no_more(
    url: str, publish: Any, local_server: Any, rsa_keys: list[Any]
) -> None:
    cache = JwksCache(HttpClient(allow_private=True), system_clock)
    publish(row(rsa_keys[0], "a"))
    good = local_server.replies["/jwks"]
    local_server.replies |= {"/slow": slowly(good[2], 2.5), "/quick": good}
    began = time.monotonic()

    def launch(number: int) -> tuple[str | None, float]:
        return code(cache, f"{local_server.url}/slow", "a"), time.monotonic() - began

    flood = threading.Thread(target=lambda: answers.extend(together(16, launch)))
    answers: list[tuple[str | None, float]] = []
    flood.start()
    time.sleep(QUICK_SECONDS + 0.2)
    late = time.monotonic()
    assert code(cache, f"{local_server.url}/slow", "a") == "keys-unreachable"
    assert code(cache, f"{local_server.url}/quick", "a") is None
    assert time.monotonic() - late < 0.3, "another platform's launch had to wait"
    flood.join()

    soon = [answer for answer, seconds in answers if seconds < QUICK_SECONDS + 0.6]
    assert soon == ["keys-unreachable"] * (16 - MAX_WAITING)
    assert [answer for answer, seconds in answers if seconds > 2.4] == [None] * MAX_WAITING
    assert local_server.count("/slow") == 1


def test_a_class_that_comes_at_once_waits_for_a_quick_answer(
    url: str, publish: Any, local_server: Any, rsa_keys: list[Any]
) -> None:
    cache = JwksCache(HttpClient(allow_private=True), system_clock)
    publish(row(rsa_keys[0], "a"))
    local_server.replies["/jwks"] = slowly(local_server.replies["/jwks"][2], 0.2)

    assert together(30, lambda _number: code(cache, url, "a")) == [None] * 30
    assert local_server.count("/jwks") == 1


def test_a_slow_refresh_holds_up_one_launch_only(
    cache: JwksCache, url: str, publish: Any, local_server: Any, rsa_keys: list[Any], clock: Any
) -> None:
    publish(row(rsa_keys[0], "a"))
    cache.key(url, "a")
    good = local_server.replies["/jwks"][2]
    asked, go_on = threading.Event(), threading.Event()

    def slow(handler: Any) -> None:
        asked.set()
        go_on.wait(5)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(good) + good)

    local_server.replies["/jwks"] = slow
    clock.turn(hours=2)
    refreshing = threading.Thread(target=cache.key, args=(url, "a"))
    refreshing.start()
    asked.wait(5)

    assert code(cache, url, "a") is None  # answered while the other still waits
    assert refreshing.is_alive()
    go_on.set()
    refreshing.join()


def test_the_doctor_asks_anew_and_says_why_not(
    cache: JwksCache, url: str, publish: Any, local_server: Any, rsa_keys: list[Any]
) -> None:
    publish(row(rsa_keys[0], "a"), row(rsa_keys[1], "b"))
    assert cache.refresh(url) == 2

    local_server.replies["/jwks"] = (503, {}, b"")
    with pytest.raises(Unreachable, match="503"):
        cache.refresh(url)
