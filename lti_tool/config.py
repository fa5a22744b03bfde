"""Typed settings from the environment; an unsafe production setting refuses to start."""

import os
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from pathlib import Path
from urllib.parse import urlsplit

from limits import parse

MIN_SECRET_LENGTH = 32
"""Characters; a shorter secret key can be guessed or is a leftover from an example."""

MIN_SECRET_BITS = 80
"""What the characters of a secret key must tell together (Shannon), and their steps as well.

Random keys of 32 hexadecimal digits reach 86 to 125, words and counting stay below.
"""

MIN_TOKEN_LENGTH = 16

_SAMPLE_WORDS = ("change", "secret", "example", "password", "sample", "insecure", "proeftuin")
"""Words of examples, ours among them: a random key has one of them once in ten million."""

LAUNCH_LIMIT = "1200/minute"
"""Logins and launches from one address in production: a whole school may share one."""

PLATFORM_LIMIT = "6000/minute"
"""Logins of one platform in production."""

_TRUE = {"1", "true", "yes", "on"}


class UnsafeSettings(Exception):
    """A setting that must not run; the message names the variable and the remedy."""


def project_root() -> Path:
    """Return the clone that this package runs from, or the working directory when installed."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


def shipped(name: str) -> Path:
    """Return a folder that the tool brings along: `content` or `docs`.

    In a clone it stands at the top; a wheel has it inside the package (see setup.py).
    """
    inside = Path(__file__).resolve().parent / "shipped" / name
    return inside if inside.is_dir() else project_root() / name


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ from one installation to the next.

    Attributes:
        base_url: origin under which browsers and LMSs reach the tool, without trailing slash.
        database_url: SQLAlchemy URL.
        database_pooler: True where a pooler such as PgBouncer in transaction mode stands between
            us and PostgreSQL, so that nothing can stay prepared on a connection.
        secret_key: at least 32 characters; every other secret is derived from it.
        old_secret_key: the one before it, while it is being replaced.
        keys_dir: directory of our RSA private keys, files of mode 0600.
        media_dir: folder of published media; None for `media` beside the SQLite database, or
            under `instance/`.
        production: True refuses plain HTTP and weak secrets.
        trusted_proxies: how many proxies in front of us set X-Forwarded-*.
        allow_private_platforms: True allows an LMS on a private or loopback address.
        launch_limit: logins and launches taken from one address, such as "1200/minute".
        platform_limit: logins taken from one platform.
        limits_storage: where these are counted (`memory://` or `redis://…`).
        metrics_token: what `/metrics` asks for; without one it is there in development only.
        sandbox_url: address of the practice LMS, set by `proeftuin demo` only.
    """

    base_url: str
    database_url: str
    secret_key: str
    keys_dir: Path
    old_secret_key: str | None = None
    database_pooler: bool = False
    media_dir: Path | None = None
    production: bool = False
    trusted_proxies: int = 0
    allow_private_platforms: bool = False
    launch_limit: str | None = None
    platform_limit: str | None = None
    limits_storage: str = "memory://"
    metrics_token: str | None = None
    sandbox_url: str | None = None

    @property
    def secure(self) -> bool:
        """True when browsers reach us over HTTPS, so that cookies can be `__Host-`."""
        return self.base_url.startswith("https://")

    @property
    def launch_url(self) -> str:
        """The one launch URL; which item is meant travels in the custom parameter `item`."""
        return f"{self.base_url}/lti/launch"

    @property
    def media_root(self) -> Path:
        """The folder in which published media are kept."""
        if self.media_dir is not None:
            return self.media_dir
        kind, _, file = self.database_url.partition(":///")
        if kind.startswith("sqlite") and Path(file).is_absolute():
            return Path(file).parent / "media"
        return project_root() / "instance" / "media"

    def __post_init__(self) -> None:
        """Refuse what cannot work, and in production what is not safe.

        Raises:
            UnsafeSettings: names the variable and what to set.
        """
        parts = urlsplit(self.base_url)
        if (
            parts.scheme not in {"http", "https"}
            or self.base_url != f"{parts.scheme}://{parts.netloc}".lower()
            or not parts.hostname
            or "@" in parts.netloc
        ):
            raise UnsafeSettings(
                "PROEFTUIN_BASE_URL must be an origin such as https://proeftuin.example.org"
            )
        if self.trusted_proxies < 0:
            raise UnsafeSettings("PROEFTUIN_TRUSTED_PROXIES must be 0 or more")
        for name in ("launch_limit", "platform_limit"):
            _check_limit(f"PROEFTUIN_{name.upper()}", getattr(self, name))
        if self.old_secret_key == self.secret_key:
            raise UnsafeSettings(
                "PROEFTUIN_SECRET_KEY_OLD must be the key before PROEFTUIN_SECRET_KEY; leave it "
                "out when there is none"
            )
        if not self.production:
            return
        if parts.scheme != "https":
            raise UnsafeSettings(
                "PROEFTUIN_BASE_URL must start with https:// in production: LTI needs TLS. To try "
                "things out on this computer, set PROEFTUIN_ENV=development"
            )
        weakness = _weakness(self.secret_key)
        if weakness:
            raise UnsafeSettings(
                f"PROEFTUIN_SECRET_KEY {weakness}; it must be at least {MIN_SECRET_LENGTH} random "
                "characters in production. Make one with: python3 -c 'import secrets; "
                "print(secrets.token_urlsafe(48))'"
            )
        if self.metrics_token is not None and len(self.metrics_token) < MIN_TOKEN_LENGTH:
            raise UnsafeSettings(
                f"PROEFTUIN_METRICS_TOKEN must be at least {MIN_TOKEN_LENGTH} random characters"
            )


def settings_from_env(
    env: Mapping[str, str] | None = None, *, default: str = "development"
) -> Settings:
    """Read the settings from `PROEFTUIN_*` variables.

    Args:
        env: the variables; the process environment when left out.
        default: the mode where `PROEFTUIN_ENV` names none: production for what serves.

    Raises:
        UnsafeSettings: when a value cannot work or is unsafe in production.
    """
    env = os.environ if env is None else env
    mode = env.get("PROEFTUIN_ENV") or default
    if mode not in {"production", "development"}:
        raise UnsafeSettings("PROEFTUIN_ENV must be production or development")
    production = mode == "production"
    instance = project_root() / "instance"
    secret = env.get("PROEFTUIN_SECRET_KEY", "")
    if not secret and not production:
        secret = _development_secret(instance)
    try:
        proxies = int(env.get("PROEFTUIN_TRUSTED_PROXIES", "0"))
    except ValueError:
        raise UnsafeSettings("PROEFTUIN_TRUSTED_PROXIES must be a whole number") from None
    return Settings(
        base_url=env.get("PROEFTUIN_BASE_URL", "http://localhost:8000").rstrip("/").lower(),
        database_url=_database_url(env.get("PROEFTUIN_DATABASE_URL", ""), instance),
        database_pooler=env.get("PROEFTUIN_DATABASE_POOLER", "").lower() in _TRUE,
        secret_key=secret,
        old_secret_key=env.get("PROEFTUIN_SECRET_KEY_OLD") or None,
        keys_dir=Path(env.get("PROEFTUIN_KEYS_DIR") or project_root() / "keys"),
        media_dir=Path(env["PROEFTUIN_MEDIA_DIR"]) if env.get("PROEFTUIN_MEDIA_DIR") else None,
        production=production,
        trusted_proxies=proxies,
        allow_private_platforms=env.get("PROEFTUIN_ALLOW_PRIVATE_PLATFORMS", "").lower() in _TRUE,
        launch_limit=env.get("PROEFTUIN_LAUNCH_LIMIT") or (LAUNCH_LIMIT if production else None),
        platform_limit=env.get("PROEFTUIN_PLATFORM_LIMIT")
        or (PLATFORM_LIMIT if production else None),
        limits_storage=env.get("PROEFTUIN_LIMITS_STORAGE") or "memory://",
        metrics_token=env.get("PROEFTUIN_METRICS_TOKEN") or None,
        sandbox_url=env.get("PROEFTUIN_SANDBOX_URL") or None,
    )


def _weakness(secret: str) -> str | None:
    """Return why a secret key may be guessed, without showing any of it; None for a good one."""
    if len(secret) < MIN_SECRET_LENGTH:
        return "is missing" if not secret else "is too short"
    if any(word in secret.lower() for word in _SAMPLE_WORDS):
        return "looks like an example"
    steps = [ord(after) - ord(before) for before, after in pairwise(secret)]
    if min(_bits(secret), _bits(steps)) < MIN_SECRET_BITS:
        return "is too regular"
    if len(set(zip(secret, secret[1:], secret[2:], strict=False))) < 0.75 * (len(secret) - 2):
        return "repeats itself"
    return None


def _bits(parts: str | list[int]) -> float:
    """Return what a sequence tells, in bits, going by how often each of its parts stands in it."""
    return sum(-count * log2(count / len(parts)) for count in Counter(parts).values())


def _check_limit(name: str, limit: str | None) -> None:
    """Refuse a limit that cannot be read.

    Raises:
        UnsafeSettings: names the variable.
    """
    if limit is None:
        return
    try:
        parse(limit)
    except ValueError:
        raise UnsafeSettings(f"{name} must be written like 1200/minute") from None


def _database_url(url: str, instance: Path) -> str:
    """Fill in the SQLite default and name the PostgreSQL driver that we ship with."""
    if not url:
        instance.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{instance / 'proeftuin.sqlite'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _development_secret(instance: Path) -> str:
    """Return a secret of this clone's own, so that a restart keeps sessions and sealed values."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
