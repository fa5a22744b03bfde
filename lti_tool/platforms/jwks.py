"""A platform's public keys: fetched once, kept, and refetched when a new key appears.

Measured on the library that we replace here: one fetch per launch, no time-out, and an
error page kept as if it were keys.
"""

import re
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from lti_tool.clock import Clock
from lti_tool.errors import ToolError
from lti_tool.platforms.http import Answer, HttpClient, Unreachable

FRESH_SECONDS = 3600
"""How long a key set is used without asking again, unless its Cache-Control says otherwise."""

FRESH_AT_LEAST, FRESH_AT_MOST = 300, 86_400

COOL_DOWN_SECONDS = 60
"""At most one refetch for unknown kids in this time, so that junk cannot make us hammer."""

RETRY_SECONDS = 5
"""How long after a failure the keys of a platform of which we have none are asked again."""

WAIT_SECONDS = 3
"""How long a launch waits for a fetch that another launch began."""

QUICK_SECONDS = 1.5
"""How long everybody may wait for a fetch: a class that opens an activity comes at once, and most
platforms have answered by then."""

MAX_WAITING, MAX_WAITING_IN_ALL = 2, 4
"""How many launches of one platform, and of all together, may wait longer than that.

Each holds a thread of `serve` (see `serving.THREADS`); the rest must be left to the others when
a platform answers slowly. Who comes after them is told to try again.
"""

MAX_KEYS = 50
MIN_BITS, MAX_BITS = 2048, 8192


@dataclass(slots=True)
class _KeySet:
    keys: dict[str, Any] = field(default_factory=dict)
    fresh_until: float = float("-inf")
    tried_at: float = float("-inf")
    failed: bool = False
    asked_at: float | None = None
    """Since when a fetch is under way."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MAX_WAITING))


class JwksCache:
    """Public keys by JWKS address and kid, in this process.

    Args:
        http: the outbound client.
        clock: tells how old a set is.
    """

    def __init__(self, http: HttpClient, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._sets: dict[str, _KeySet] = {}
        self._places = threading.Semaphore(MAX_WAITING_IN_ALL)

    def key(self, url: str, kid: str) -> RSAPublicKey:
        """Return the RS256 verification key for a kid.

        A warm cache answers without the network. An unknown kid causes one refetch, at most
        once a minute; while the platform fails, the keys that we have stay good.

        Raises:
            ToolError: `token-key` when the platform has no such key, `keys-unreachable` when
                it could not be asked.
        """
        held = self._sets.get(url)
        if held is None:
            held = self._sets.setdefault(url, _KeySet())
        found: RSAPublicKey | None = held.keys.get(kid)
        if found is not None and self._now() < held.fresh_until:
            return found
        if found is not None:  # one thread asks; the others go on with what we have
            self._renew(url, held, kid, wait=0)
        else:
            self._wait_for(url, held, kid)
        renewed: RSAPublicKey | None = held.keys.get(kid)
        if renewed is None:
            raise ToolError("keys-unreachable" if held.failed else "token-key")
        return renewed

    def refresh(self, url: str) -> int:
        """Fetch now, whatever is kept, and return how many usable keys came.

        For `platforms check`.

        Raises:
            Unreachable: why there were none.
        """
        return len(_keys_in(self._download(url)))

    def _wait_for(self, url: str, held: _KeySet, kid: str) -> None:
        """Fetch, or wait until another thread has.

        Raises:
            ToolError: `keys-unreachable` when that takes too long.
        """
        with ExitStack() as taken:
            asked_at = held.asked_at
            wait: float = WAIT_SECONDS
            if not (_takes(held.places, taken) and _takes(self._places, taken)):
                passed = 0 if asked_at is None else self._now() - asked_at
                wait = max(0, QUICK_SECONDS - passed)
            if not self._renew(url, held, kid, wait=wait):
                raise ToolError(
                    "keys-unreachable", "another launch is still asking", retry_after=RETRY_SECONDS
                )

    def _renew(self, url: str, held: _KeySet, kid: str, *, wait: float) -> bool:
        """Fetch if it is time to; False when another thread was at it for longer than `wait`."""
        if not held.lock.acquire(timeout=wait):
            return False
        try:
            if self._may_fetch(held, kid):
                held.asked_at = self._now()
                self._fetch(url, held)
        finally:
            held.asked_at = None
            held.lock.release()
        return True

    def _may_fetch(self, held: _KeySet, kid: str) -> bool:
        now = self._now()  # not when we began to wait: a fetch may have ended since
        if kid in held.keys and now < held.fresh_until:
            return False  # the thread before us fetched it
        pause = COOL_DOWN_SECONDS if held.keys else RETRY_SECONDS
        return not 0 <= now - held.tried_at < pause

    def _now(self) -> float:
        return self._clock().timestamp()

    def _fetch(self, url: str, held: _KeySet) -> None:
        try:
            answer = self._download(url)
            held.keys = _keys_in(answer)
            held.failed = False
        except Unreachable:
            held.failed = True  # the keys that we have stay good
        held.tried_at = self._now()
        if not held.failed:
            held.fresh_until = held.tried_at + _lifetime(answer)

    def _download(self, url: str) -> Answer:
        return self._http.get(url, headers={"Accept": "application/json"})


def _takes(places: threading.Semaphore, taken: ExitStack) -> bool:
    """Take a place, if there is one, until the stack is left."""
    if not places.acquire(blocking=False):
        return False
    taken.callback(places.release)
    return True


def _keys_in(answer: Answer) -> dict[str, Any]:
    """Return the usable keys by kid.

    Raises:
        Unreachable: the answer is no JSON Web Key Set, or has no key for us.
    """
    if answer.status != 200:
        raise Unreachable(f"HTTP status {answer.status}")
    try:
        rows = answer.json()["keys"]
    except (ValueError, KeyError, TypeError):
        rows = None
    if not isinstance(rows, list):
        raise Unreachable("no JSON Web Key Set")
    keys = dict(filter(None, map(_usable, rows[:MAX_KEYS])))
    if not keys:
        raise Unreachable("no RSA key for RS256 with a kid")
    return keys


def _usable(row: Any) -> tuple[str, Any] | None:
    """Return (kid, key object) for an RSA signing key of a sensible size, else None."""
    if not isinstance(row, dict) or row.get("kty") != "RSA":
        return None
    kid = row.get("kid")
    if not isinstance(kid, str) or row.get("alg", "RS256") != "RS256":
        return None
    if row.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK.from_dict({"kty": "RSA", "n": row["n"], "e": row["e"]}, "RS256").key
    except (PyJWTError, KeyError, TypeError, ValueError, AttributeError):
        return None
    return (kid, key) if MIN_BITS <= key.key_size <= MAX_BITS else None


def _lifetime(answer: Answer) -> int:
    """Return for how many seconds a key set is fresh: its max-age within our own limits."""
    said = re.search(r"\bmax-age=(\d{1,9})\b", answer.headers.get("cache-control", ""))
    return min(max(int(said[1]), FRESH_AT_LEAST), FRESH_AT_MOST) if said else FRESH_SECONDS
