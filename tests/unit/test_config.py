"""Settings: what is read from the environment, and what refuses to start."""

import stat
from pathlib import Path

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
    secrets = set()
    for name in ("a", "b"):
        monkeypatch.setattr(config, "project_root", lambda name=name: tmp_path / name)
        secrets.add(settings_from_env({}).secret_key)

    assert len(secrets) == 2


def test_settings_cannot_change_under_way() -> None:
    settings = settings_from_env(PRODUCTION)

    with pytest.raises(AttributeError):
        settings.production = False  # type: ignore[misc]
    assert isinstance(settings, Settings)
