"""Checking what the tool signed, with the tool's own key set fetched over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from typing import Any

import requests
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import RSAKey

from lti_tool.sandbox.world.reasons import Refusal
from lti_tool.sandbox.world.records import Client
from lti_tool.sandbox.world.store import Lms

MAX_KEY_SET = 256_000
FORBIDDEN_HEADERS = ("jku", "jwk", "x5u", "x5c")  # Security Framework 1.0 §6.3


class ToolKeys:
    """The key sets of the tools that one platform knows.

    With `jwks_cached`, a set is kept until something does not verify (measured on Moodle 4.5);
    without, it is fetched for every check (Canvas, on token requests).
    """

    def __init__(self, lms: Lms) -> None:
        self._lms = lms
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, RSAKey]] = {}

    def verify(self, client: Client, token: str) -> dict[str, Any]:
        """The claims of `token` when `client` signed it with RS256 and a published key.

        Raises:
            Refusal: one of the `jwt_…` codes.
        """
        header = read_header(token)
        if header.get("alg") != "RS256":
            raise Refusal("jwt_alg", got=header.get("alg"))
        for name in FORBIDDEN_HEADERS:
            if name in header:
                raise Refusal("jwt_header", name=name)
        kid = header.get("kid")
        if not isinstance(kid, str) or not kid:
            raise Refusal("jwt_kid_missing")
        kept = self._kept.get(client.client_id) if self._lms.habits.jwks_cached else None
        if kept:
            try:
                return self._check(token, kid, kept)
            except Refusal:
                pass  # the tool may have new keys: fetch once and look again
        return self._check(token, kid, self._fetch(client))

    @staticmethod
    def _check(token: str, kid: str, keys: dict[str, RSAKey]) -> dict[str, Any]:
        if kid not in keys:
            raise Refusal("jwt_kid_unknown", got=kid)
        try:
            return jwt.decode(token, keys[kid], algorithms=["RS256"]).claims
        except BadSignatureError as wrong:
            raise Refusal("jwt_signature") from wrong
        except (JoseError, ValueError) as wrong:
            raise Refusal("jwt_shape") from wrong

    def _fetch(self, client: Client) -> dict[str, RSAKey]:
        settings = self._lms.settings
        try:
            answer = requests.get(
                client.jwks_url,
                timeout=settings.fetch_timeout,
                verify=settings.verify_tls,
                allow_redirects=False,
            )
            if answer.status_code != 200:
                raise Refusal("jwt_keys_unreachable", why=f"HTTP {answer.status_code}")
            if len(answer.content) > MAX_KEY_SET:
                raise Refusal("jwt_keys_unreachable", why=f"{len(answer.content)} bytes")
            listed = answer.json()["keys"]
            keys = {entry["kid"]: RSAKey.import_key(entry) for entry in listed}
        except requests.RequestException as wrong:
            raise Refusal("jwt_keys_unreachable", why=type(wrong).__name__) from wrong
        except (ValueError, KeyError, TypeError, JoseError) as wrong:
            raise Refusal("jwt_keys_unreachable", why="no key set (RFC 7517 §5)") from wrong
        if any(key.is_private for key in keys.values()):
            raise Refusal("jwt_keys_unreachable", why="a private key is published")
        with self._lock:
            self._kept[client.client_id] = keys
        return keys


def read_header(token: str) -> dict[str, Any]:
    """The protected header of a compact JWS, unverified. Raises `Refusal` (`jwt_shape`)."""
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, TypeError, RecursionError) as wrong:
        raise Refusal("jwt_shape") from wrong


def read_claims(token: str) -> dict[str, Any]:
    """The claims of a compact JWS, unverified: only to find out whom to ask for a key.

    Raises:
        Refusal: `jwt_shape`.
    """
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
    except (JoseError, ValueError, RecursionError) as wrong:
        raise Refusal("jwt_shape") from wrong
    if not isinstance(claims, dict):
        raise Refusal("jwt_shape")
    return claims


def check_times(claims: dict[str, Any], now: float, *, ahead: int, age: int | None) -> None:
    """Refuse a token that has expired or is not of now.

    Args:
        claims: the claims of a verified token.
        now: seconds since 1970.
        ahead: how many seconds `iat` may lie in the future.
        age: how many seconds `iat` may lie in the past; None: no limit.
    """
    if not _number(claims.get("exp")):
        raise Refusal("jwt_exp_missing")
    if claims["exp"] <= now:
        raise Refusal("jwt_expired")
    if not _number(claims.get("iat")):
        raise Refusal("jwt_iat_missing")
    if claims["iat"] > now + ahead:
        raise Refusal("jwt_iat_future")
    if age is not None and claims["iat"] < now - age:
        raise Refusal("jwt_iat_old", limit=age)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def audience(claims: dict[str, Any]) -> list[object]:
    """The `aud` claim as a list, whatever shape it came in."""
    aud = claims.get("aud")
    return list(aud) if isinstance(aud, list) else [aud]


def check_audience(claims: dict[str, Any], wanted: Iterable[str]) -> None:
    """Refuse a token that is not for one of `wanted`. Raises `Refusal` (`jwt_aud`)."""
    wanted = list(wanted)
    if not set(wanted) & {aud for aud in audience(claims) if isinstance(aud, str)}:
        raise Refusal("jwt_aud", got=claims.get("aud"), want=" / ".join(wanted))
