"""The state of a login: signed instead of stored, bound to its nonce and to the browser. Pure.

A login writes nothing, so that a flood of logins fills nothing. What makes a state one-time is
a row that the launch inserts under the state's hash, in the launch's own transaction.
"""

import base64
import secrets
import struct
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from lti_tool.vault import Vault

LIFETIME_SECONDS = 600

_FORMAT = struct.Struct(">12sIIB8s")
_COOKIES_WORK = 1


class BadState(Exception):
    """A state that we did not give out."""


@dataclass(frozen=True, slots=True)
class LoginState:
    """What a state says.

    Attributes:
        token: the state parameter itself.
        expires: Unix time.
        platform_id: the platform that started the login.
        cookies_work: whether the browser had shown at login that it keeps our cookies.
        target_hash: first bytes of the SHA-256 of the login's target_link_uri.
    """

    token: str
    expires: int
    platform_id: int
    cookies_work: bool
    target_hash: bytes

    @property
    def cookie_suffix(self) -> str:
        """Part of the binding cookie's name, so that several logins can run side by side."""
        return self.token[:12]

    def targets(self, target_link_uri: str) -> bool:
        """Tell whether the login was about the same target as the id_token."""
        return compare_digest(self.target_hash, _target_hash(target_link_uri))


class LoginStates:
    """Gives out and reads states.

    Args:
        vault: signs them.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def issue(
        self, *, now: float, platform_id: int, target_link_uri: str, cookies_work: bool
    ) -> LoginState:
        """Return a new state, good for `LIFETIME_SECONDS`."""
        expires = int(now) + LIFETIME_SECONDS
        target_hash = _target_hash(target_link_uri)
        payload = _FORMAT.pack(
            secrets.token_bytes(12),
            expires,
            platform_id,
            _COOKIES_WORK if cookies_work else 0,
            target_hash,
        )
        body = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
        token = f"{body}.{self._vault.mac('state', body)}"
        return LoginState(token, expires, platform_id, cookies_work, target_hash)

    def read(self, token: str) -> LoginState:
        """Return what a state says, whether or not it has expired.

        Raises:
            BadState: when we did not give it out.
        """
        body, _, mac = token.partition(".")
        if not token.isascii() or not compare_digest(mac, self._vault.mac("state", body)):
            raise BadState
        payload = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        _, expires, platform_id, flags, target_hash = _FORMAT.unpack(payload)
        return LoginState(token, expires, platform_id, bool(flags & _COOKIES_WORK), target_hash)

    def nonce(self, state: LoginState) -> str:
        """Return the one nonce that belongs to a state."""
        return self._vault.mac("nonce", state.token)

    def binding(self, state: LoginState) -> str:
        """Return the value that the browser must bring back, by cookie or platform storage."""
        return self._vault.mac("browser", state.token)


def _target_hash(target_link_uri: str) -> bytes:
    return sha256(target_link_uri.encode()).digest()[:8]
