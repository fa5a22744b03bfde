"""Our keys: published before they sign and after, in files that nobody else may read."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask

from lti_tool.db import db
from lti_tool.platforms.signing import (
    KEEP_AFTER,
    PUBLISH_BEFORE,
    RELOAD_SECONDS,
    KeyFileUnsafe,
    SigningKeys,
    thumbprint,
)


@pytest.fixture
def keys(app: Flask, settings: Any, clock: Any) -> SigningKeys:
    return SigningKeys(settings.keys_dir, db.session, clock)


@pytest.fixture
def another(settings: Any, clock: Any) -> Callable[[], SigningKeys]:
    """Another process that signs with the same keys."""
    return lambda: SigningKeys(settings.keys_dir, db.session, clock)


def verify(token: str, jwks: dict[str, Any]) -> dict[str, Any]:
    """Check a signature as a platform does, against the JWKS that it holds."""
    kid = jwt.get_unverified_header(token)["kid"]
    (row,) = [row for row in jwks["keys"] if row["kid"] == kid]
    checked: dict[str, Any] = jwt.decode(token, jwt.PyJWK(row).key, algorithms=["RS256"])
    return checked


def states(keys: SigningKeys) -> list[str]:
    return [key.state for key in keys.all()]


def test_the_first_key_signs_at_once(keys: SigningKeys) -> None:
    assert verify(keys.sign({"a": 1}), keys.jwks()) == {"a": 1}
    assert states(keys) == ["active"]


def test_a_platform_that_asks_before_we_ever_signed_gets_a_key(keys: SigningKeys) -> None:
    (row,) = keys.jwks()["keys"]

    assert jwt.get_unverified_header(keys.sign({}))["kid"] == row["kid"]


def test_the_jwks_holds_public_halves_named_by_their_thumbprint(keys: SigningKeys) -> None:
    (row,) = keys.jwks()["keys"]

    assert set(row) == {"kty", "n", "e", "kid", "alg", "use"}
    assert row["kid"] == thumbprint(row)


def test_thumbprint_of_the_example_in_rfc_7638() -> None:
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJEC"
        "PebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Qvzq"
        "Y368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0"
        "fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )

    assert (
        thumbprint({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
        == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    )


def test_what_is_signed_verifies_at_every_moment_of_a_rotation(
    keys: SigningKeys, another: Callable[[], SigningKeys], clock: Any
) -> None:
    """For a platform that asks anew each time, and for one that kept our JWKS for a day."""
    worker = another()
    stale = keys.jwks()
    kids: list[str] = []
    stale_at = clock()
    for _ in range(120):  # hours
        keys.rotate()
        for signer in (keys, worker):
            token = signer.sign({"a": 1})
            assert verify(token, keys.jwks()) == {"a": 1}
            assert verify(token, stale) == {"a": 1}
            kids.append(jwt.get_unverified_header(token)["kid"])
        clock.turn(hours=1)
        if clock() - stale_at >= timedelta(hours=23):
            stale, stale_at = keys.jwks(), clock()

    assert len(set(kids)) > 2


def test_a_new_key_waits_until_platforms_can_know_it(keys: SigningKeys, clock: Any) -> None:
    keys.sign({})
    keys.rotate()
    assert states(keys) == ["active", "pending"]
    assert len(keys.jwks()["keys"]) == 2

    clock.turn(hours=23)
    (said,) = keys.rotate()
    assert "can sign in 1 hour" in said
    assert states(keys) == ["active", "pending"]

    clock.turn(seconds=(PUBLISH_BEFORE - timedelta(hours=23)).total_seconds())
    keys.rotate()
    assert states(keys) == ["retired", "active"]
    assert len(keys.jwks()["keys"]) == 2


def test_an_old_key_is_removed_when_nobody_can_still_check_it(
    keys: SigningKeys, clock: Any, settings: Any
) -> None:
    keys.sign({})
    keys.rotate()
    clock.turn(seconds=PUBLISH_BEFORE.total_seconds())
    keys.rotate()
    retired, active = (key.kid for key in keys.all())

    clock.turn(seconds=KEEP_AFTER.total_seconds() - 1)
    keys.rotate()
    assert (settings.keys_dir / f"{retired}.pem").exists()

    clock.turn(seconds=1)
    said = keys.rotate()
    assert f"{retired} removed" in said
    assert not (settings.keys_dir / f"{retired}.pem").exists()
    assert active in {key.kid for key in keys.all()}


def test_another_process_signs_with_the_new_key_within_half_a_minute(
    keys: SigningKeys, another: Callable[[], SigningKeys], clock: Any
) -> None:
    worker = another()
    before = jwt.get_unverified_header(worker.sign({}))["kid"]
    keys.rotate()
    clock.turn(seconds=PUBLISH_BEFORE.total_seconds())
    worker.sign({})
    keys.rotate()

    assert verify(worker.sign({}), keys.jwks()) == {}
    clock.turn(seconds=RELOAD_SECONDS)
    after = jwt.get_unverified_header(worker.sign({}))["kid"]

    assert after != before
    assert after == jwt.get_unverified_header(keys.sign({}))["kid"]


def test_after_a_leak_the_old_key_is_gone_at_once(keys: SigningKeys, settings: Any) -> None:
    keys.sign({})
    (leaked,) = keys.all()
    kid = leaked.kid

    keys.rotate(now=True)

    assert states(keys) == ["active"]
    assert kid not in {row["kid"] for row in keys.jwks()["keys"]}
    assert not (settings.keys_dir / f"{kid}.pem").exists()
    assert verify(keys.sign({"a": 1}), keys.jwks()) == {"a": 1}


def test_private_keys_are_readable_by_us_alone(keys: SigningKeys, settings: Any) -> None:
    keys.ensure()

    (path,) = settings.keys_dir.glob("*.pem")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.keys_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o777])
def test_a_private_key_that_others_may_read_is_not_used(
    keys: SigningKeys, settings: Any, mode: int
) -> None:
    keys.ensure()
    (path,) = settings.keys_dir.glob("*.pem")
    path.chmod(mode)

    with pytest.raises(KeyFileUnsafe, match="chmod 600"):
        keys.sign({})


def test_a_missing_private_key_says_what_to_do(keys: SigningKeys, settings: Any) -> None:
    keys.ensure()
    (path,) = settings.keys_dir.glob("*.pem")
    path.unlink()

    with pytest.raises(KeyFileUnsafe, match="keys rotate --now"):
        keys.sign({})
    keys.rotate(now=True)
    assert verify(keys.sign({"a": 1}), keys.jwks()) == {"a": 1}


def test_a_damaged_private_key_says_what_to_do(keys: SigningKeys, settings: Any) -> None:
    keys.ensure()
    (path,) = settings.keys_dir.glob("*.pem")
    path.write_text("-----BEGIN PRIVATE KEY-----\nhalf\n")

    with pytest.raises(KeyFileUnsafe, match="keys rotate --now"):
        keys.sign({})


def test_keys_never_stand_in_the_database(keys: SigningKeys, settings: Any) -> None:
    keys.ensure()
    keys.rotate()

    for key in keys.all():
        assert set(__import__("json").loads(key.public_jwk)) <= {
            "kty",
            "n",
            "e",
            "kid",
            "alg",
            "use",
        }
    assert all(Path(path).name.endswith(".pem") for path in settings.keys_dir.iterdir())
