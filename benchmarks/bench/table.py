"""One line per row of a table: medians over rounds, ratios within the same round."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median, quantiles


@dataclass
class Row:
    """What was measured of one server in one way.

    Attributes:
        server: milliseconds of processor time per operation of the server itself, one per round.
        database: the same of PostgreSQL or Redis.
        seconds: of every operation, for percentiles.
    """

    server: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def ratio(self, other: "Row") -> float:
        """Return the middle of how our server's time stood to another's in the same round."""
        return median(a / b for a, b in zip(self.server, other.server, strict=True))


def show(title: str, rows: Mapping[str, Row], against: Sequence[str] = ()) -> None:
    """Print a table.

    Args:
        title: what was measured.
        rows: by name.
        against: the rows that every row is compared with.
    """
    there = [name for name in against if name in rows]
    print(f"\n{title}")
    print(f"{datetime.now(UTC):%d %B %Y}, Python {platform.python_version()}", end="")
    print(*("", *(f"{name} {version(name)}" for name in ("Flask", "SQLAlchemy"))), sep=", ")
    head = f"{'':34} {'server':>8} {'database':>8} {'p50':>7} {'p95':>7} {'p99':>7}"
    print(head + "".join(f"  {'of ' + name[:23]:>26}" for name in there))
    print(f"{'':34} {'ms CPU':>8} {'ms CPU':>8} {'ms':>7} {'ms':>7} {'ms':>7}")
    for name, row in rows.items():
        cut = quantiles(row.seconds, n=100)
        line = f"{name:34} {median(row.server):8.2f} {median(row.database):8.2f}"
        line += "".join(f" {1000 * cut[at]:7.1f}" for at in (49, 94, 98))
        print(line + "".join(f"  {row.ratio(rows[other]):26.2f}" for other in there))
