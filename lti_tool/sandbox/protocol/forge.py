"""Hostile and odd id_tokens, made on purpose, so that a tool can be shown to refuse them.

A recipe is a plain dictionary (it comes in as JSON). Nothing here is used by an honest launch.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.jwk import RSAKey

from lti_tool.sandbox.world.keys import SigningKeys

FIELDS = (
    "claims",
    "remove",
    "header",
    "remove_header",
    "alg",
    "key",
    "alter",
    "payload",
    "raw",
    "login",
    "form",
)
ALGORITHMS = ("RS256", "none", "HS256-public-key")
KEYS = ("active", "oldest", "foreign")


def check_recipe(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """`recipe` as a dictionary when all of it is understood.

    Fields, all optional:
        claims: set these claims.
        remove: leave out these claims.
        header: set these JOSE header fields.
        remove_header: leave out these header fields ("kid").
        alg: "RS256", "none", or "HS256-public-key" (HMAC keyed with the public key's PEM).
        key: "active", "oldest" (after a rotation), or "foreign" (never published).
        alter: claims changed after signing, so that the signature no longer fits.
        payload: a JSON value to sign instead of the claims.
        raw: this text instead of any token.
        login: parameters to set in the login initiation; null removes one.
        form: parameters to set in the form posted to the tool; null removes one.

    Raises:
        ValueError: for anything else.
    """
    unknown = set(recipe) - set(FIELDS)
    if unknown:
        raise ValueError(f"a recipe has no {', '.join(sorted(unknown))}; use {', '.join(FIELDS)}")
    if recipe.get("alg", "RS256") not in ALGORITHMS:
        raise ValueError(f"alg must be one of {', '.join(ALGORITHMS)}")
    if recipe.get("key", "active") not in KEYS:
        raise ValueError(f"key must be one of {', '.join(KEYS)}")
    for name in ("claims", "header", "alter", "login", "form"):
        if not isinstance(recipe.get(name, {}), dict):
            raise ValueError(f"{name} must be an object")
    for name in ("remove", "remove_header"):
        if not isinstance(recipe.get(name, []), list):
            raise ValueError(f"{name} must be a list of names")
    return dict(recipe)


def mint(keys: SigningKeys, claims: Mapping[str, Any], recipe: Mapping[str, Any]) -> str:
    """An id_token over `claims`, bent as `recipe` says; an empty recipe gives an honest one."""
    if "raw" in recipe:
        return str(recipe["raw"])
    body = {
        name: value
        for name, value in {**claims, **recipe.get("claims", {})}.items()
        if name not in recipe.get("remove", [])
    }
    signer: RSAKey = getattr(keys, recipe.get("key", "active"))
    header = {"alg": "RS256", "typ": "JWT", "kid": signer.kid}
    if recipe.get("alg", "RS256") != "RS256":
        header["alg"] = recipe["alg"].split("-")[0]
    header |= recipe.get("header", {})
    for name in recipe.get("remove_header", []):
        header.pop(name, None)
    payload = _json(recipe.get("payload", body))
    token = _signed(signer, header, payload, recipe.get("alg", "RS256"))
    if "alter" in recipe:
        head, _, signature = token.split(".")
        token = f"{head}.{_b64(_json({**body, **recipe['alter']}))}.{signature}"
    return token


def _signed(signer: RSAKey, header: dict[str, Any], payload: bytes, alg: str) -> str:
    """A compact JWS; the header is written as given, even where a library would object."""
    signing_input = f"{_b64(_json(header))}.{_b64(payload)}"
    if alg == "none":
        return signing_input + "."
    if alg == "HS256-public-key":
        pem = signer.as_pem(private=False)
        mac = hmac.new(pem, signing_input.encode(), hashlib.sha256).digest()
        return f"{signing_input}.{_b64(mac)}"
    algorithm = jws.JWSRegistry.algorithms["RS256"]
    return f"{signing_input}.{_b64(algorithm.sign(signing_input.encode(), signer))}"


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
