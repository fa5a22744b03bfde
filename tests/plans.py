"""How a database goes about a statement, on SQLite and on PostgreSQL alike."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text

from lti_tool.db import db


@dataclass(frozen=True)
class Plan:
    """What a statement reads.

    Attributes:
        whole: tables that are read from end to end.
        indexes: those that lead to rows.
    """

    whole: set[str]
    indexes: set[str]


def settle(engine: Engine) -> None:
    """Let the planner know what there is, as a database does of itself after so many rows.

    PostgreSQL counts on an index alone only for rows of which VACUUM saw that all may see them, and
    that their commit is written out. Without that, two indexes may cost the same.
    """
    words = ["ANALYZE"]
    if engine.dialect.name == "postgresql":
        words = ["CHECKPOINT", *(f"VACUUM (ANALYZE) {name}" for name in db.metadata.tables)]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for each in words:
            connection.execute(text(each))


def plan_of(engine: Engine, statement: str, parameters: Any = ()) -> Plan:
    """Ask the database for its plan; on PostgreSQL the one where an index is used if any serves.

    Args:
        statement: as the driver gets it.
        parameters: its parameters, as the driver gets them.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            said = "\n".join(step.detail for step in steps)
            whole = re.findall(r"^SCAN (\w+)", said, re.MULTILINE)
            return Plan(set(whole), set(re.findall(r"INDEX (\w+)", said)))
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # however small a table is
        explain = f"EXPLAIN (FORMAT JSON) {statement}"
        (plan,) = connection.exec_driver_sql(explain, parameters).scalar_one()
        nodes = list(_nodes(plan["Plan"], "none"))
    return Plan(
        {node["Relation Name"] for above, node in nodes if _reads_whole(above, node)},
        {node["Index Name"] for _, node in nodes if "Index Name" in node},
    )


def _nodes(node: dict[str, Any], above: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield above, node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner, node["Node Type"])


def _reads_whole(above: str, node: dict[str, Any]) -> bool:
    """Whether a table is read from end to end, by itself or along an index."""
    kind = node["Node Type"]
    if "Scan" not in kind or "Relation Name" not in node or "Index Cond" in node:
        return False
    if above == "Limit" and kind.startswith("Index"):
        return False  # the first along an index, as min() and max() are found
    return kind != "Bitmap Heap Scan"
