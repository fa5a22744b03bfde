"""The lines for backup and restore in docs/operators.md, as they stand there, on both databases."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from served import Served
from visits import GARDEN, TOOL, Browser, School

from lti_tool import create_app
from lti_tool.commands.content import content
from lti_tool.config import Settings, settings_from_env
from lti_tool.db import db

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "operators.md"
WITH_PICTURES = ROOT / "content" / "eerste-stappen-intervisie.nl.yaml"
PLAYED = ("launch_session", "run", "completion", "version", "version_media", "tool_key")


def lines(database: str) -> tuple[str, str]:
    """Return the two lines that back a database up, and the two that bring it back."""
    section = GUIDE.read_text().partition("## Backups")[2].partition("\n## ")[0]
    about = section.partition(f"\n{database}")[2]
    backup, restore = re.findall(r"```\n(.*?)```", about, re.DOTALL)[:2]
    assert (backup.count("\n"), restore.count("\n")) == (2, 2)
    return backup, restore


def shell(block: str, **names: str | Path) -> None:
    """Type lines as an operator does."""
    environment = os.environ | {name: str(value) for name, value in names.items()}
    subprocess.run(["bash", "-euc", block], env=environment, check=True, timeout=60)


class Kept:
    """All that is kept, in a folder and a database."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._engine = sa.create_engine(url, poolclass=sa.NullPool)  # holds no connection

    def tables(self) -> dict[str, list[Any]]:
        """Return every row of every table."""
        found = sa.MetaData()
        found.reflect(self._engine)
        with self._engine.connect() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(sa.select(table))))
                for table in found.sorted_tables
            }

    def files(self) -> dict[str, bytes]:
        """Return every file of media and keys."""
        paths = [path for name in ("media", "keys") for path in (self._folder / name).rglob("*")]
        found = {path for path in paths if path.is_file()}
        return {str(path.relative_to(self._folder)): path.read_bytes() for path in found}

    def lose(self) -> None:
        """Lose it all."""
        found = sa.MetaData()
        found.reflect(self._engine)
        with self._engine.begin() as connection:
            for table in reversed(found.sorted_tables):
                connection.execute(sa.delete(table))
        for name in ("media", "keys"):
            shutil.rmtree(self._folder / name)


@contextmanager
def played(settings: Settings, clock: Any) -> Iterator[Browser]:
    """Somebody who played to an ending, on tables that are there, beside items with pictures."""
    app = create_app(settings, clock=clock)
    with app.app_context():
        content.commands["publish"].main([str(WITH_PICTURES)], standalone_mode=False)
        school = School(app, clock)
        school.publish(GARDEN)
        browser = school.open("tuin").onward()
        browser.choose("vraag").finish()
        assert browser.page == "ending"
        yield browser
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_what_was_backed_up_comes_back(
    database: str, tmp_path: Path, clock: Any, postgres_url: str
) -> None:
    home, folder = tmp_path / "home", tmp_path / "backup"
    home.mkdir()
    folder.mkdir()
    url = {"SQLite": f"sqlite:///{home / 'tool.sqlite'}", "PostgreSQL": postgres_url}[database]
    names = {"DATABASE": home / "tool.sqlite", "DATA": home, "BACKUP": folder}
    names["URL"] = postgres_url.replace("+psycopg", "")
    backup, restore = lines(database)
    made = Served(
        home,
        *("--workers", "1", "--no-worker"),
        PROEFTUIN_DATABASE_URL=url,
        PROEFTUIN_MEDIA_DIR=str(home / "media"),
    )
    kept = Kept(home, url)
    try:
        settings = replace(settings_from_env(made.environment), base_url=TOOL)
        with played(settings, clock) as browser:
            tables, files = kept.tables(), kept.files()
            shell(backup, **names)  # while it serves
    finally:
        made.stop()
    assert all(tables[name] for name in PLAYED)
    assert {name.partition("/")[0] for name in files} == {"keys", "media"}
    kept.lose()
    assert not any(kept.tables().values())
    assert not kept.files()

    shell(restore, **names)

    assert kept.tables() == tables
    assert kept.files() == files
    app = browser._client.application
    page = browser.open().page
    ready = app.test_client().get("/readyz", base_url=TOOL)
    with app.app_context():
        db.engine.dispose()
    assert (page, ready.status_code) == ("ending", 200)
