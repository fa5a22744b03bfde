"""The lines for backup and restore in docs/operators.md, as they stand there."""

import os
import re
import sqlite3
import subprocess
from pathlib import Path

from served import Served

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "operators.md"


def lines(number: int) -> str:
    """Return one of the two blocks of the section on backups."""
    section = GUIDE.read_text().partition("## Backups")[2]
    block: str = re.findall(r"```\n(.*?)```", section, re.DOTALL)[number]
    assert block.count("\n") == 2
    return block


def test_what_was_backed_up_comes_back(tmp_path: Path) -> None:
    home, backup = tmp_path / "home", tmp_path / "backup"
    backup.mkdir()
    home.mkdir()
    made = Served(home, "--workers", "1")
    (home / "media").mkdir(exist_ok=True)
    (home / "media" / "a.webp").write_bytes(b"a picture")
    names = {"DATABASE": str(home / "tool.sqlite"), "DATA": str(home), "BACKUP": str(backup)}
    environment = os.environ | names

    def shell(block: str) -> None:
        subprocess.run(["bash", "-euc", block], env=environment, check=True, timeout=60)

    def keys() -> list[str]:
        with sqlite3.connect(home / "tool.sqlite") as database:
            found = [kid for (kid,) in database.execute("select kid from tool_key")]
        database.close()
        return found

    kept = keys()
    assert len(kept) == 1
    shell(lines(0))  # while it serves
    made.stop()
    with sqlite3.connect(home / "tool.sqlite") as database:
        database.execute("delete from tool_key")
    database.close()
    (home / "media" / "a.webp").unlink()
    (home / "keys" / f"{kept[0]}.pem").unlink()

    shell(lines(1))

    assert keys() == kept
    assert (home / "media" / "a.webp").read_bytes() == b"a picture"
    again = Served(home, "--workers", "1")
    try:
        assert again.ready() == 200
    finally:
        again.stop()


def test_the_lines_for_postgresql(tmp_path: Path, postgres_url: str) -> None:
    guide = re.sub(r"\s+", " ", GUIDE.read_text())
    dump, restore = re.findall(r"`(pg_(?:dump|restore) [^`]*)`", guide)
    names = {"URL": postgres_url.replace("+psycopg", ""), "BACKUP": str(tmp_path)}

    def shell(command: str) -> str:
        words = ["bash", "-euc", command]
        done = subprocess.run(
            words, env=os.environ | names, check=True, timeout=60, capture_output=True, text=True
        )
        return done.stdout.strip()

    shell("psql \"$URL\" -c 'create table kept (n int); insert into kept values (7)'")
    shell(dump)
    shell("psql \"$URL\" -c 'delete from kept'")
    shell(restore)

    assert shell("psql \"$URL\" -Atc 'select n from kept'") == "7"
