"""Our own RSA keys: pending, then active, then retired; published in all three states.

A key is published before it signs and stays published after, because platforms keep our
JWKS for a while (Canvas up to five minutes, Moodle until a verification fails).
"""

import base64
import hashlib
import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.clock import Clock
from lti_tool.platforms.models import ToolKey

PENDING, ACTIVE, RETIRED = "pending", "active", "retired"

PUBLISH_BEFORE = timedelta(hours=24)
"""A key is in the JWKS at least this long before it signs, unless it is the first."""

KEEP_AFTER = timedelta(hours=48)
"""A retired key stays in the JWKS this long."""

RELOAD_SECONDS = 30
"""How long a process signs with the key that it last looked up."""


_REMEDY = "restore it, or sign with a new key: run 'proeftuin keys rotate --now'"


class KeyFileUnsafe(Exception):
    """A private key that others may read, or that is lost; the message names the remedy."""


def new_key() -> rsa.RSAPrivateKey:
    """Return a private key that nobody else has."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class _Signer:
    kid: str
    key: Any
    loaded_at: float


class SigningKeys:
    """Makes, rotates and uses our keys.

    Args:
        directory: where `<kid>.pem` files are.
        session: gives the database session to use.
        clock: the time.
    """

    def __init__(self, directory: Path, session: Callable[[], Session], clock: Clock) -> None:
        self._directory = directory
        self._session = session
        self._clock = clock
        self._signer: _Signer | None = None

    def ensure(self) -> None:
        """Make the first key, active at once, where there is none. Commits."""
        if self._with_state(ACTIVE):
            return
        session = self._session()
        row = self._make(ACTIVE)
        row.activated_at = row.created_at
        session.add(row)
        session.commit()

    def rotate(self, *, now: bool = False) -> list[str]:
        """Take the next step of a rotation and say what was done. Commits.

        No pending key: one is made and published. A pending key published for
        `PUBLISH_BEFORE`: it becomes the signer and the old signer retires. Keys retired for
        `KEEP_AFTER` are removed, file and row.

        Args:
            now: after a leak, or when a key's file is lost: sign with another key at once and
                withdraw all older ones. A platform that keeps our JWKS may refuse us for as
                long as it keeps it.

        Returns:
            One English sentence per step taken.
        """
        moment = self._clock()
        session = self._session()
        keys = self.all()
        pending = [key for key in keys if key.state == PENDING]
        done: list[str] = []
        gone = [
            key
            for key in keys
            if key.state == RETIRED and key.retired_at and moment - key.retired_at >= KEEP_AFTER
        ]
        if now:
            gone = [key for key in keys if key.state != PENDING]
            chosen = pending[0] if pending else self._make(PENDING)
            session.add(chosen)
            chosen.state, chosen.activated_at = ACTIVE, moment
            done.append(f"{chosen.kid} is active: it signs from now on")
        elif not pending:
            key = self._make(PENDING)
            session.add(key)
            done.append(
                f"{key.kid} is published; run this again after {_hours(PUBLISH_BEFORE)} hours "
                "to sign with it"
            )
        elif moment - pending[0].created_at >= PUBLISH_BEFORE:
            for key in keys:
                if key.state == ACTIVE:
                    key.state, key.retired_at = RETIRED, moment
                    done.append(
                        f"{key.kid} retired; it stays published for {_hours(KEEP_AFTER)} hours"
                    )
            pending[0].state, pending[0].activated_at = ACTIVE, moment
            done.append(f"{pending[0].kid} is active: it signs from now on")
        else:
            left = _hours(pending[0].created_at + PUBLISH_BEFORE - moment)
            hours = "1 hour" if left == 1 else f"{left} hours"
            done.append(f"{pending[0].kid} is published; it can sign in {hours}")
        for key in gone:
            session.delete(key)
            done.append(f"{key.kid} removed")
        session.commit()
        for key in gone:
            self._path(key.kid).unlink(missing_ok=True)
        self._signer = None
        return done

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """Return the JWKS: every key that signs, will sign, or may still be checked.

        Makes the first key where there is none: a platform may ask before we ever signed.
        """
        keys = self.all()
        if not keys:
            self.ensure()
            keys = self.all()
        return {"keys": [json.loads(key.public_jwk) for key in keys]}

    def all(self) -> list[ToolKey]:
        """Return all keys, oldest first; of one moment, the one that signed first."""
        order = ToolKey.created_at, ToolKey.activated_at.nulls_last()
        return list(self._session().scalars(select(ToolKey).order_by(*order)))

    def sign(self, claims: dict[str, Any]) -> str:
        """Sign claims with the active key as RS256, kid in the header.

        Raises:
            KeyFileUnsafe: the key's file is lost or readable by others.
        """
        signer = self._signer
        now = self._clock().timestamp()
        if signer is None or not 0 <= now - signer.loaded_at < RELOAD_SECONDS:
            signer = self._signer = self._load(now)
        return jwt.encode(claims, signer.key, algorithm="RS256", headers={"kid": signer.kid})

    def check(self) -> None:
        """Look at the files of the keys that sign or will sign.

        Raises:
            KeyFileUnsafe: one is lost or readable by others.
        """
        for key in self.all():
            if key.state != RETIRED:
                _require_private(self._path(key.kid))

    def _load(self, now: float) -> _Signer:
        active = self._with_state(ACTIVE)
        if not active:
            self.ensure()
            active = self._with_state(ACTIVE)
        kid = active[-1].kid
        if self._signer and self._signer.kid == kid:
            return _Signer(kid, self._signer.key, now)
        path = self._path(kid)
        _require_private(path)
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except ValueError:
            raise KeyFileUnsafe(f"{path} is damaged: {_REMEDY}") from None
        return _Signer(kid, key, now)

    def _make(self, state: str) -> ToolKey:
        key = new_key()
        jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        public = {"kty": "RSA", "n": jwk["n"], "e": jwk["e"]}
        kid = thumbprint(public)
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with os.fdopen(
            os.open(self._path(kid), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(pem)
        return ToolKey(
            kid=kid,
            public_jwk=json.dumps(public | {"kid": kid, "alg": "RS256", "use": "sig"}),
            state=state,
            created_at=self._clock(),
        )

    def _with_state(self, state: str) -> list[ToolKey]:
        statement = select(ToolKey).where(ToolKey.state == state).order_by(ToolKey.created_at)
        return list(self._session().scalars(statement))

    def _path(self, kid: str) -> Path:
        return self._directory / f"{kid}.pem"


def _require_private(path: Path) -> None:
    """Refuse a private key that is lost or that others may read.

    Raises:
        KeyFileUnsafe: names the file and the remedy.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        raise KeyFileUnsafe(f"{path} is missing: {_REMEDY}") from None
    if mode & 0o077:
        raise KeyFileUnsafe(f"{path} can be read by others: run 'chmod 600 {path}'")


def thumbprint(public_jwk: dict[str, str]) -> str:
    """Return the RFC 7638 thumbprint of an RSA public JWK: the kid, which is never reused."""
    text = json.dumps(
        {name: public_jwk[name] for name in ("e", "kty", "n")},
        separators=(",", ":"),
        sort_keys=True,
    )
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _hours(span: timedelta) -> int:
    return ceil(span / timedelta(hours=1))
