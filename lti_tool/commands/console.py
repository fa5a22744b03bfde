"""What the commands share: refusals with exit code 1, and lists for people and for scripts."""

import json
from collections.abc import Sequence
from typing import Any

import click


class Refused(click.ClickException):
    """A command that did nothing; the message names the remedy. Exit code 1."""

    exit_code = 1


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
"""`--json`, as every list takes it."""


def print_rows(rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    """Print rows as JSON, or as aligned columns; `empty` is said when there are none."""
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False, default=str))
        return
    if not rows:
        click.echo(empty)
        return
    table = [list(rows[0]), *[["" if v is None else str(v) for v in row.values()] for row in rows]]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
