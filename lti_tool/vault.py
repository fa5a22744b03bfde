"""What we derive from the secret key: pseudonyms, seals and signatures.

One key per purpose, derived with HKDF, so that a value made for one purpose says nothing
about, and cannot be used for, another.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class BrokenSeal(Exception):
    """A sealed value that was altered, or was sealed under another secret key."""


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(
        secret
    )


class Vault:
    """Keeper of derived keys.

    Args:
        secret_key: the installation's secret, `PROEFTUIN_SECRET_KEY`.
        old_key: the secret before it, while it is being replaced: what was sealed under it is
            still read, and who was known by it is still found. Nothing new is made with it.
    """

    def __init__(self, secret_key: str, old_key: str | None = None) -> None:
        self._secret = secret_key.encode()
        self._old = Vault(old_key) if old_key else None
        self._keys: dict[str, HMAC] = {}
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(self._secret, "seal")))

    def mac(self, purpose: str, message: str) -> str:
        """Return a 43-character HMAC-SHA256 of `message` under the key for `purpose`."""
        keyed = self._keys.get(purpose)
        if keyed is None:
            key = _derive(self._secret, "mac:" + purpose)
            keyed = self._keys[purpose] = HMAC(key, hashes.SHA256())
        digest = _digest(keyed.copy(), message)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def pseudonym(self, issuer: str, sub: str) -> str:
        """Return the key under which a person is known here: HMAC of issuer and `sub`."""
        return self.mac("pseudonym", f"{len(issuer)}:{issuer}{sub}")

    def old_pseudonym(self, issuer: str, sub: str) -> str | None:
        """Return the person's key under the secret that is being replaced, if there is one."""
        return self._old.pseudonym(issuer, sub) if self._old else None

    def seal(self, text: str) -> str:
        """Encrypt and authenticate `text` for storage."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Return what was sealed.

        Raises:
            BrokenSeal: when the value was altered or sealed under another secret key.
        """
        try:
            return _unseal(self._fernet, sealed)
        except BrokenSeal:
            if self._old is None:
                raise
            return self._old.unseal(sealed)

    def reseal(self, sealed: str) -> str | None:
        """Seal anew what was sealed under the secret that is being replaced.

        Returns:
            None for what is sealed under the present secret already.

        Raises:
            BrokenSeal: when neither secret opens it.
        """
        try:
            _unseal(self._fernet, sealed)
        except BrokenSeal:
            return self.seal(self.unseal(sealed))
        return None


def seal_with(token: str, text: str) -> str:
    """Encrypt `text` so that only the bearer of `token` can have it read.

    Used for what must not be readable from our own storage, such as the route of a run
    that has ended: we keep the token's hash only.
    """
    return _personal(token).encrypt(text.encode()).decode()


def unseal_with(token: str, sealed: str) -> str:
    """Return what `seal_with` sealed under the same token.

    Raises:
        BrokenSeal: for another token or an altered value.
    """
    return _unseal(_personal(token), sealed)


def mac_with(token: str, message: str) -> bytes:
    """Return the HMAC-SHA256 of `message` under a high-entropy token; 32 bytes."""
    return _digest(HMAC(token.encode(), hashes.SHA256()), message)


def _digest(keyed: HMAC, message: str) -> bytes:
    """Finish a MAC.

    Not with `hmac.digest`: it lets another thread go first each time, and a launch has eight.
    """
    keyed.update(message.encode())
    return keyed.finalize()


def _personal(token: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derive(token.encode(), "personal")))


def _unseal(fernet: Fernet, sealed: str) -> str:
    try:
        return fernet.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSeal from None


def fingerprint(token: str) -> str:
    """Return the hex SHA-256 of a high-entropy token, the only form in which we store one."""
    return hashlib.sha256(token.encode()).hexdigest()
