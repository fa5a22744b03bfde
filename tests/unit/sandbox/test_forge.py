"""Hostile messages: each recipe gives exactly the token that a tool has to refuse."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from unit.sandbox.peer import LTI, Platform

from lti_tool.sandbox.protocol.forge import check_recipe, mint
from lti_tool.sandbox.world.keys import SigningKeys

CLAIMS = {"sub": "4", "nonce": "n", LTI + "version": "1.3.0"}


@pytest.fixture(scope="module")
def keys() -> SigningKeys:
    return SigningKeys()


def segment(token: str, number: int) -> Any:
    raw = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))


def verifies(keys: SigningKeys, token: str) -> bool:
    published = KeySet.import_key_set(keys.jwks())
    try:
        jwt.decode(token, published, algorithms=["RS256"])
    except (JoseError, ValueError):
        return False
    return True


def test_an_empty_recipe_is_honest(keys: SigningKeys) -> None:
    token = mint(keys, CLAIMS, {})

    assert verifies(keys, token)
    assert segment(token, 1) == CLAIMS


@pytest.mark.parametrize(
    "recipe",
    [
        {"alg": "none"},
        {"alg": "HS256-public-key"},
        {"alter": {"sub": "3"}},
        {"key": "foreign"},
        {"header": {"kid": "no-such-key"}},
        {"raw": "not.a.token"},
    ],
    ids=str,
)
def test_a_forged_token_does_not_verify(keys: SigningKeys, recipe: dict[str, Any]) -> None:
    assert not verifies(keys, mint(keys, CLAIMS, check_recipe(recipe)))


def test_without_an_algorithm_there_is_no_signature(keys: SigningKeys) -> None:
    token = mint(keys, CLAIMS, {"alg": "none"})

    assert segment(token, 0)["alg"] == "none"
    assert token.endswith(".")


def test_the_public_key_used_as_a_shared_secret(keys: SigningKeys) -> None:
    """The classic confusion: a verifier that lets the token choose the algorithm accepts this."""
    head, body, signature = mint(keys, CLAIMS, {"alg": "HS256-public-key"}).split(".")
    secret = keys.active.as_pem(private=False)
    mac = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()

    assert base64.urlsafe_b64decode(signature + "=") == mac
    assert segment(f"{head}.{body}.", 0)["alg"] == "HS256"


def test_an_altered_payload_keeps_its_signature(keys: SigningKeys) -> None:
    token = mint(keys, CLAIMS, {"alter": {"sub": "3"}})

    assert segment(token, 1)["sub"] == "3"
    assert segment(token, 0)["kid"] == keys.active.kid


def test_a_foreign_key_claims_to_be_itself_or_somebody_else(keys: SigningKeys) -> None:
    own = mint(keys, CLAIMS, {"key": "foreign"})
    posing = mint(keys, CLAIMS, {"key": "foreign", "header": {"kid": keys.active.kid}})

    assert segment(own, 0)["kid"] == keys.foreign.kid
    assert segment(posing, 0)["kid"] == keys.active.kid
    jwt.decode(posing, RSAKey.import_key(keys.foreign.as_dict(private=False)))
    assert not verifies(keys, posing)


def test_the_old_key_after_a_rotation_is_still_published(keys: SigningKeys) -> None:
    keys.rotate()
    old = mint(keys, CLAIMS, {"key": "oldest"})

    assert verifies(keys, old)
    assert segment(old, 0)["kid"] != keys.active.kid
    keys.rotate(withdraw=True)
    assert not verifies(keys, old)


def test_claims_and_headers_can_be_set_and_left_out(keys: SigningKeys) -> None:
    recipe = {
        "claims": {"aud": ["a", "b"], "sub": None},
        "remove": ["nonce"],
        "header": {"jku": "https://evil.example/keys"},
        "remove_header": ["kid"],
    }
    token = mint(keys, CLAIMS, check_recipe(recipe))

    assert segment(token, 1) == {"sub": None, "aud": ["a", "b"], LTI + "version": "1.3.0"}
    assert segment(token, 0) == {"alg": "RS256", "typ": "JWT", "jku": "https://evil.example/keys"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(payload=json_values)
def test_anything_can_be_signed_as_a_payload(keys: SigningKeys, payload: Any) -> None:
    assert segment(mint(keys, CLAIMS, {"payload": payload}), 1) == payload


@pytest.mark.parametrize(
    "recipe",
    [{"alg": "ES256"}, {"key": "mine"}, {"claims": []}, {"remove": "sub"}, {"unknown": 1}],
    ids=str,
)
def test_a_recipe_that_is_not_understood_is_refused_with_a_sentence(
    platform: Platform, recipe: dict[str, Any]
) -> None:
    activity = platform.add()

    body = {"activity_id": activity["id"], "recipe": recipe}
    answer = platform.api("POST", "launches", body, status=400)

    assert len(answer["error"]) > 15


def test_a_recipe_bends_the_login_and_the_form_too(platform: Platform) -> None:
    from functional.driver import Driver, parse

    driver = Driver(platform.server.base_url, platform.lms.name)
    activity = driver.add_activity("Een lastig gesprek")
    recipe = {"login": {"iss": "https://other.example"}, "form": {"state": None, "extra": "1"}}
    login = driver.start(activity_id=activity["id"], user="sam", recipe=recipe)
    assert login["fields"]["iss"] == "https://other.example"

    login["fields"]["iss"] = platform.lms.issuer
    page = parse(driver.authorize(driver.login(login)))

    names = {found.attrs["name"] for found in page.all("input[type=hidden]")}
    assert "state" not in names
    assert {"id_token", "extra"} <= names


def test_a_message_can_be_signed_without_a_login(platform: Platform) -> None:
    activity = platform.add()
    body = {"activity_id": activity["id"], "nonce": "mine", "user": "noor"}

    signed = platform.api("POST", "id-tokens", body)

    published = requests.get(platform.lms.url("jwks"), timeout=10).json()
    claims = jwt.decode(signed["id_token"], KeySet.import_key_set(published)).claims
    assert claims == signed["claims"]
    assert claims["nonce"] == "mine"
