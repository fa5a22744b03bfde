"""The signing keys of one platform, with `joserfc`."""

from __future__ import annotations

import threading
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey


def new_key() -> RSAKey:
    """A fresh RSA-2048 key whose `kid` is its thumbprint, so that no kid is ever reused."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


class SigningKeys:
    """The keys of one platform: made on first use, rotated on request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._published: list[RSAKey] = []
        self._foreign: RSAKey | None = None

    @property
    def active(self) -> RSAKey:
        """The key that signs now."""
        with self._lock:
            if not self._published:
                self._published.append(new_key())
            return self._published[-1]

    @property
    def oldest(self) -> RSAKey:
        """The oldest key that is still published."""
        _ = self.active
        return self._published[0]

    @property
    def foreign(self) -> RSAKey:
        """A key that this platform never publishes, for tokens that must be refused."""
        with self._lock:
            if self._foreign is None:
                self._foreign = new_key()
            return self._foreign

    def rotate(self, *, withdraw: bool = False) -> str:
        """Sign with a new key from now on and return its kid.

        Args:
            withdraw: also stop publishing every older key.
        """
        fresh = new_key()
        with self._lock:
            self._published = [fresh] if withdraw else [*self._published, fresh]
        return str(fresh.kid)

    def jwks(self) -> dict[str, Any]:
        """The public key set (RFC 7517 §5), newest key first."""
        _ = self.active
        return {"keys": [key.as_dict(private=False) for key in reversed(self._published)]}

    def sign(self, claims: dict[str, Any]) -> str:
        """A compact RS256 JWS over `claims` with the active key's kid."""
        key = self.active
        return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims, key)
