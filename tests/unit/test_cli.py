"""The console command: refusals are sentences with exit code 1, usage errors have exit code 2."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lti_tool.cli import main

Run = Callable[..., Result]

PLATFORM = [
    *("platforms", "add", "--name", "Onze Moodle", "--issuer", "https://lms.example"),
    *("--client-id", "abc", "--auth-login-url", "https://lms.example/auth"),
    *("--auth-token-url", "https://lms.example/token", "--jwks-url", "https://lms.example/jwks"),
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `proeftuin` with a database and keys of the test's own."""
    monkeypatch.setenv("PROEFTUIN_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.sqlite'}")
    monkeypatch.setenv("PROEFTUIN_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("PROEFTUIN_SECRET_KEY", "a-secret-for-tests-only-0123456789")
    monkeypatch.delenv("PROEFTUIN_ENV", raising=False)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return invoke


def test_a_missing_table_is_a_sentence_that_names_the_remedy(run: Run) -> None:
    result = run("platforms", "list")
    assert result.exit_code == 1
    assert "proeftuin db upgrade" in result.output
    assert "Traceback" not in result.output


def test_a_platform_is_added_listed_changed_approved_and_blocked(run: Run) -> None:
    assert run("db", "upgrade").exit_code == 0
    added = run(*PLATFORM, "--family", "moodle")
    assert added.exit_code == 0, added.output
    assert "proeftuin platforms approve 'Onze Moodle'" in added.output
    (row,) = json.loads(run("platforms", "list", "--json").output)
    assert (row["name"], row["client_id"], row["status"]) == ("Onze Moodle", "abc", "active")

    assert run(*PLATFORM, "--deployment-id", "7").output.startswith("Changed")
    shown = json.loads(run("platforms", "show", "Onze Moodle", "--json").output)[0]
    assert shown["deployments"] == [{"deployment_id": "7", "status": "active"}]

    assert run("platforms", "block", "Onze Moodle").exit_code == 0
    assert json.loads(run("platforms", "list", "--json").output)[0]["status"] == "blocked"
    assert run("platforms", "approve", "Onze Moodle").exit_code == 0
    assert json.loads(run("platforms", "list", "--json").output)[0]["status"] == "active"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--jwks-url", "ftp://lms.example"), "--jwks-url must be an address"),
        (("--issuer", ""), "--issuer must be 1 to 255"),
        (("--name", " "), "--name must be 1 to 120"),
    ],
)
def test_a_value_that_cannot_be_is_refused(run: Run, change: tuple[str, str], says: str) -> None:
    run("db", "upgrade")
    result = run(*PLATFORM, *change)
    assert result.exit_code == 1
    assert says in result.output
    assert json.loads(run("platforms", "list", "--json").output) == []


def test_an_unknown_platform_is_refused_by_name(run: Run) -> None:
    run("db", "upgrade")
    result = run("platforms", "show", "Niemand")
    assert result.exit_code == 1
    assert "There is no platform 'Niemand'" in result.output


def test_a_wrong_use_exits_with_2(run: Run) -> None:
    assert run("platforms", "add", "--name", "x").exit_code == 2
    assert run("platforms", "fly").exit_code == 2


def test_keys_are_made_published_and_rotated(run: Run) -> None:
    run("db", "upgrade")
    assert json.loads(run("keys", "list", "--json").output) == []
    assert "published" in run("keys", "rotate").output
    (row,) = json.loads(run("keys", "list", "--json").output)
    assert row["state"] in {"pending", "active"}


def test_unsafe_production_settings_refuse_to_start(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROEFTUIN_ENV", "production")
    result = run("platforms", "list")
    assert result.exit_code == 1
    assert "PROEFTUIN_BASE_URL must start with https://" in result.output


def test_help_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lti_tool.config.project_root", lambda: tmp_path)
    for name in ("PROEFTUIN_DATABASE_URL", "PROEFTUIN_KEYS_DIR", "PROEFTUIN_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    for words in (["--help"], ["serve", "--help"], ["platforms", "add", "-h"], ["demo", "--help"]):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, "Usage" in result.output) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_serve_is_in_production_unless_told_otherwise(run: Run) -> None:
    run("db", "upgrade")
    result = run("serve")
    assert result.exit_code == 1
    assert "PROEFTUIN_BASE_URL must start with https://" in result.output


def test_serve_refuses_a_key_that_others_can_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROEFTUIN_ENV", "development")
    run("db", "upgrade")
    run("keys", "rotate")
    (file,) = (tmp_path / "keys").glob("*.pem")
    file.chmod(0o644)
    result = run("serve")
    assert result.exit_code == 1
    assert f"chmod 600 {file}" in result.output


def test_a_platform_is_removed_with_all_that_is_its(run: Run) -> None:
    run("db", "upgrade")
    run(*PLATFORM, "--deployment-id", "7")
    assert run("platforms", "remove", "Onze Moodle").exit_code == 1  # nobody said yes
    assert len(json.loads(run("platforms", "list", "--json").output)) == 1
    removed = run("platforms", "remove", "Onze Moodle", "--yes")
    assert (removed.exit_code, removed.output) == (0, "Removed Onze Moodle.\n")
    assert json.loads(run("platforms", "list", "--json").output) == []
    assert run("platforms", "remove", "Onze Moodle", "--yes").exit_code == 1


def test_a_secret_key_is_replaced(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    refused = run("secret", "reseal")
    assert refused.exit_code == 1
    assert "PROEFTUIN_SECRET_KEY_OLD" in refused.output
    monkeypatch.setenv("PROEFTUIN_SECRET_KEY_OLD", "the-secret-before-0123456789")
    done = run("secret", "reseal")
    assert done.exit_code == 0, done.output
    assert "PROEFTUIN_SECRET_KEY_OLD can go." in done.output
