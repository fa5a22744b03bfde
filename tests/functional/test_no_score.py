"""Promise 1: no score exists, whatever way one plays, in whatever we send, log or store."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from driver import Driver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playing import page, play_to_the_end, wait_for_tick
from ruamel.yaml import YAML
from stack import ROOT, Stack
from test_story import add_by_deep_linking

FORBIDDEN = {
    *("score", "points", "point", "grade", "rank", "attempt", "attempts", "percent", "percentage"),
    *("correct", "wrong", "mistake", "mistakes", "duration", "seconds", "comment"),
}
"""Words that no name of a field, column or key of ours may hold.

`scores` is missing on purpose: AGS 2.0 §3.4.3 wants the message sent to an address ending so.
"""

ITEMS = sorted(path.name.removesuffix(".nl.yaml") for path in (ROOT / "content").glob("*.nl.yaml"))

PROTECTION = {"preserve_score", "prioritize_non_tool_grade"}
"""Canvas's own names for leaving a grade that a teacher typed as it is; their value is `true`."""


def forbidden(found: set[str]) -> set[str]:
    """The names among these that hold a forbidden word, in snake_case or camelCase."""
    words = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
    found = found - PROTECTION
    return {name for name in found if FORBIDDEN & {w.lower() for w in words.findall(name)}}


def names(value: Any) -> set[str]:
    """All keys in a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in names(inner)}
    if isinstance(value, list):
        return {name for inner in value for name in names(inner)}
    return set()


def stored_names(database: Path) -> set[str]:
    """Every table and column name, and every key in a JSON value that is stored."""
    found: set[str] = set()
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        tables = [row[0] for row in connection.execute("select name from sqlite_master")]
        for table in tables:
            columns = [row[1] for row in connection.execute(f'pragma table_info("{table}")')]
            found |= {table, *columns}
            if not columns:
                continue
            for row in connection.execute(f'select * from "{table}"'):
                for value in row:
                    if isinstance(value, str) and value.startswith(("{", "[")):
                        found |= names(json.loads(value))
    connection.close()
    return found


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(item=st.sampled_from(ITEMS), turns=st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_no_way_through_any_item_leaves_a_score_anywhere(
    stack: Stack, profile: str, item: str, turns: list[int]
) -> None:
    driver = Driver(stack.sandbox.base_url, profile)
    (activity,) = add_by_deep_linking(driver, item)
    ending = play_to_the_end(driver, driver.launch(activity, "sam"), turns)
    assert page(ending)[0] == "ending"

    wait_for_tick(driver, activity, "sam")
    assert driver.violations() == []
    told = [row for kind in ("score", "web_service", "completion") for row in driver.messages(kind)]
    assert told
    assert not forbidden(names([row["sent"] for row in told]))
    assert not forbidden(stored_names(stack.home / "tool.sqlite"))
    assert not re.search(r"score[^s]|points|\bsam\b", stack.log, re.IGNORECASE)


def test_the_search_would_find_a_score() -> None:
    """The net is not torn: forbidden names are caught, needed ones pass."""
    caught = {"scoreGiven", "scoreMaximum", "score", "total_points", "finalGrade", "rank"}
    assert forbidden(caught) == caught
    assert not forbidden({"scores", "completed_at", "activityProgress", "stamped_at"})


def test_every_shipped_item_is_covered() -> None:
    slugs = {YAML(typ="safe").load(path)["id"] for path in (ROOT / "content").glob("*.nl.yaml")}
    assert slugs == set(ITEMS)
