"""Settings: what is read from the environment, and what refuses to start."""

import re
import secrets
import stat
from pathlib import Path
from typing import Any

import pytest

from lti_tool import config
from lti_tool.config import Settings, UnsafeSettings, settings_from_env

STRONG = "kB2-vQ9_xT7wLr4mZ8sPf1aYc6uEj3hN"
PRODUCTION = {
    "PROEFTUIN_ENV": "production",
    "PROEFTUIN_BASE_URL": "https://proeftuin.example.org",
    "PROEFTUIN_SECRET_KEY": STRONG,
    "PROEFTUIN_DATABASE_URL": "postgresql://u:p@db/proeftuin",
}

UNSAFE: dict[str, tuple[dict[str, str], str]] = {
    "an unknown mode": ({"PROEFTUIN_ENV": "staging"}, "PROEFTUIN_ENV"),
    "plain HTTP": ({"PROEFTUIN_BASE_URL": "http://proeftuin.example.org"}, "PROEFTUIN_BASE_URL"),
    "no origin": ({"PROEFTUIN_BASE_URL": "proeftuin.example.org"}, "PROEFTUIN_BASE_URL"),
    "a path": ({"PROEFTUIN_BASE_URL": "https://example.org/tool"}, "PROEFTUIN_BASE_URL"),
    "a query": ({"PROEFTUIN_BASE_URL": "https://example.org?a=b"}, "PROEFTUIN_BASE_URL"),
    "credentials": ({"PROEFTUIN_BASE_URL": "https://u:p@example.org"}, "PROEFTUIN_BASE_URL"),
    "no host": ({"PROEFTUIN_BASE_URL": "https://"}, "PROEFTUIN_BASE_URL"),
    "no secret": ({"PROEFTUIN_SECRET_KEY": ""}, "PROEFTUIN_SECRET_KEY"),
    "a short secret": ({"PROEFTUIN_SECRET_KEY": STRONG[:31]}, "PROEFTUIN_SECRET_KEY"),
    "a secret of one letter": ({"PROEFTUIN_SECRET_KEY": "a" * 64}, "PROEFTUIN_SECRET_KEY"),
    "an old secret that is the new": ({"PROEFTUIN_SECRET_KEY_OLD": STRONG}, "SECRET_KEY_OLD"),
    "a short metrics token": ({"PROEFTUIN_METRICS_TOKEN": "prometheus"}, "METRICS_TOKEN"),
    "proxies that are no number": ({"PROEFTUIN_TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
    "fewer than no proxies": ({"PROEFTUIN_TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
    "a limit that is none": ({"PROEFTUIN_LAUNCH_LIMIT": "many"}, "PROEFTUIN_LAUNCH_LIMIT"),
    "a platform limit that is none": ({"PROEFTUIN_PLATFORM_LIMIT": "1/blink"}, "PLATFORM_LIMIT"),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_unsafe_settings_do_not_start_and_are_named(case: str) -> None:
    changes, named = UNSAFE[case]

    with pytest.raises(UnsafeSettings, match=named):
        settings_from_env(PRODUCTION | changes)


ROOT = Path(__file__).resolve().parents[2]

WEAK = [
    "change-me-change-me-change-me-change-me",
    "a-secret-for-tests-only-0123456789",
    "PROEFTUIN-proeftuin-2026-kB2-vQ9_xT7w",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "0123456789abcdef0123456789abcdef",
    "zyxwvutsrqponmlkjihgfedcba9876543210",
    "a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6",
    "correct horse battery correct horse battery",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddefghij",
    "12345678901234567890123456789012345678901234567890",
]


@pytest.mark.parametrize("secret", WEAK)
def test_a_secret_that_can_be_guessed_does_not_start(secret: str) -> None:
    with pytest.raises(UnsafeSettings, match="PROEFTUIN_SECRET_KEY"):
        settings_from_env(PRODUCTION | {"PROEFTUIN_SECRET_KEY": secret})


def test_no_secret_that_our_documents_and_tests_show_starts() -> None:
    shown = [
        secret
        for folder in ("docs", "tests", "content", "README.md", "SECURITY.md")
        for path in [*(ROOT / folder).rglob("*"), ROOT / folder]
        if path.suffix in {".md", ".py", ".env", ".service"}
        for secret in re.findall(r"""SECRET_KEY["']?[=:] ?["']?([^"'\s)}]{8,})""", path.read_text())
    ]
    assert shown
    for secret in shown:
        with pytest.raises(UnsafeSettings):
            settings_from_env(PRODUCTION | {"PROEFTUIN_SECRET_KEY": secret})


@pytest.mark.parametrize("make", [secrets.token_urlsafe, secrets.token_hex])
def test_what_the_documents_advise_always_starts(make: Any) -> None:
    for length in (24, 32, 48):
        for _ in range(200):
            settings_from_env(PRODUCTION | {"PROEFTUIN_SECRET_KEY": make(length)})


def test_what_serves_is_in_production_unless_told_otherwise() -> None:
    bare = {name: value for name, value in PRODUCTION.items() if name != "PROEFTUIN_ENV"}

    assert settings_from_env(bare, default="production").production
    assert not settings_from_env(bare).production
    assert not settings_from_env(
        bare | {"PROEFTUIN_ENV": "development"}, default="production"
    ).production


def test_the_message_does_not_show_the_secret() -> None:
    with pytest.raises(UnsafeSettings) as refused:
        settings_from_env(PRODUCTION | {"PROEFTUIN_SECRET_KEY": "hunter2"})

    assert "hunter2" not in str(refused.value)


def test_production() -> None:
    settings = settings_from_env(PRODUCTION)

    assert settings.production
    assert settings.secure
    assert settings.launch_url == "https://proeftuin.example.org/lti/launch"
    assert settings.database_url == "postgresql+psycopg://u:p@db/proeftuin"
    assert (settings.launch_limit, settings.platform_limit) == ("1200/minute", "6000/minute")
    assert not settings.allow_private_platforms


@pytest.mark.parametrize(
    "given", ["https://Proeftuin.Example.org/", "https://proeftuin.example.org"]
)
def test_the_base_url_is_an_origin_as_browsers_write_it(given: str) -> None:
    settings = settings_from_env(PRODUCTION | {"PROEFTUIN_BASE_URL": given})

    assert settings.base_url == "https://proeftuin.example.org"


def test_development_needs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "project_root", lambda: tmp_path)

    settings = settings_from_env({})

    assert settings.base_url == "http://localhost:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/proeftuin.sqlite"
    assert settings.keys_dir == tmp_path / "keys"
    assert settings.launch_limit is None
    assert len(settings.secret_key) >= 32
    assert settings_from_env({}).secret_key == settings.secret_key
    assert stat.S_IMODE((tmp_path / "instance" / "secret_key").stat().st_mode) == 0o600


def test_two_clones_have_two_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = set()
    for name in ("a", "b"):
        monkeypatch.setattr(config, "project_root", lambda name=name: tmp_path / name)
        made.add(settings_from_env({}).secret_key)

    assert len(made) == 2


def test_settings_cannot_change_under_way() -> None:
    settings = settings_from_env(PRODUCTION)

    with pytest.raises(AttributeError):
        settings.production = False
    assert isinstance(settings, Settings)
