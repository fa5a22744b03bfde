"""How much a page of the picker costs with many items, on both databases.

    .venv/bin/python benchmarks/picker.py [ITEMS]

Prints a table: for each look the milliseconds of CPU of this process and of the clock, the middle
of many, and how many statements it took. The library is made up from the words of the items that
ship, so that searches find as much and as little as they do in life. A PostgreSQL of its own is
started as the tests start theirs.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))

from postgres import Postgres
from sqlalchemy import event

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.db import db
from lti_tool.experience.document.model import MicroModule, TextBlock
from lti_tool.experience.document.parsing import parse_bytes
from lti_tool.experience.library import publishing, search
from lti_tool.experience.library.search import Wanted

ROUNDS = 40
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)

LOOKS: dict[str, tuple[Wanted, int]] = {
    "everything": (Wanted(), 0),
    "ouders": (Wanted("ouders"), 0),
    "gesprek (the end of many compounds)": (Wanted("gesprek"), 0),
    "boze ouders op het plein": (Wanted("boze ouders op het plein"), 0),
    "sector, theme and duration": (Wanted(sector="po", theme="feedback", minutes=15), 0),
    "ouders, with twelve items chosen": (Wanted("ouders", sector="po"), 12),
    "nothing is found": (Wanted("ruimtevaart"), 0),
}


def main(items: int) -> None:
    """Measure and print."""
    print(f"{items} items; milliseconds, the middle of {ROUNDS} looks; 12 cards of each kind")
    print(f"{'look':38} {'database':11} {'CPU':>6} {'clock':>6} {'statements':>10} {'found':>6}")
    postgres = Postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            urls = {
                "SQLite": f"sqlite:///{folder}/bench.sqlite",
                "PostgreSQL": postgres.new_database(),
            }
            for name, url in urls.items():
                with library(url, items) as publishing:
                    for look, (wanted, chosen) in LOOKS.items():
                        print(f"{look:38} {name:11} {measured(wanted, chosen)}")
                    print(f"{'publishing one item':38} {name:11} {publishing:6.1f}")
    finally:
        postgres.stop()


@contextmanager
def library(url: str, items: int, *, fresh: bool = True) -> Iterator[float]:
    """Make a library; gives the milliseconds of CPU that publishing one of its items took.

    Args:
        url: of the database.
        items: how many.
        fresh: whether it has no tables yet.
    """
    settings = Settings(
        base_url="https://tool.example",
        database_url=url,
        secret_key="for this measurement only, thrown away after",
        keys_dir=Path(tempfile.mkdtemp()),
    )
    app = create_app(settings)
    with app.app_context():
        if fresh:
            db.create_all()
        spent = time.process_time()
        publish(items)
        spent = time.process_time() - spent
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        yield spent / items * 1000
        db.session.remove()
        db.engine.dispose()


def publish(items: int) -> None:
    """Publish that many items, each with words of its own out of those that ship."""
    documents = [parse_bytes(path.read_bytes(), file=path.name).item for path in shipped()]
    modules = [one for one in documents if isinstance(one, MicroModule)]
    words = sorted({word for one in documents for word in f"{one.title} {one.summary}".split()})
    keywords = sorted({word for one in documents for word in (*one.keywords, *one.themes)})
    dice = random.Random(7)
    for number in range(items):
        like = dice.choice(modules)
        changes: dict[str, Any] = {
            "id": f"item-{number}",
            "title": " ".join(dice.sample(words, 4)),
            "summary": " ".join(dice.sample(words, 18)),
            "practise": " ".join(dice.sample(words, 12)),
            "keywords": tuple(dice.sample(keywords, 8)),
            "themes": tuple(dice.sample(keywords, 3)),
            "minutes": dice.randint(3, 30),
            "sectors": tuple(dice.sample(["po", "vo", "so", "mbo"], 2)),
            "cover": None,
            "blocks": (TextBlock(type="text", title="Lees dit", text="Een begin."),),
        }
        document = like.model_copy(update=changes)
        publishing.publish(db.session(), document, NOW + timedelta(minutes=number))
    db.session.commit()


def shipped() -> list[Path]:
    """The items that ship with the tool."""
    return sorted((ROOT / "content").glob("*.yaml"))


def measured(wanted: Wanted, chosen: int) -> str:
    """Look many times; one line of the table."""
    slugs = [f"item-{number * 31}" for number in range(chosen)]

    def look() -> search.Page:
        return search.find(
            db.session(),
            wanted,
            platform_id=1,
            course=None,
            locale="nl",
            most=12,
            today=NOW.date(),
            chosen=slugs,
        )

    found = sum(section.total for section in look().sections)
    cpu, clock = [], []
    for _ in range(ROUNDS):
        began = time.process_time(), time.perf_counter()
        look()
        cpu.append(time.process_time() - began[0])
        clock.append(time.perf_counter() - began[1])
    number = statements(look)
    middle = (statistics.median(times) * 1000 for times in (cpu, clock))
    spent, passed = middle
    return f"{spent:6.1f} {passed:6.1f} {number:10d} {found:6d}"


def statements(look: Callable[[], object]) -> int:
    """How many statements a look takes."""
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *values: seen.append(values[2]))
    look()
    return len(seen)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
