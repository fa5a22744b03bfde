"""Statements that every page makes: compiled once, executed by the driver itself.

Of the processor time of such a statement three quarters were SQLAlchemy's way from statement to
rows (docs/performance.md). Everything else goes that way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one database.

    Attributes:
        words: what the driver is given.
        names: of its values in their order; None where the driver knows them by name.
        fixed: values that the statement has by itself.
        given: how a value becomes what the driver takes, by name; most are taken as they are.
        found: how what the driver gives becomes a value, by its place in the row; most is one.
        execution_options: of the statement.
    """

    words: str
    names: Sequence[str] | None
    fixed: Mapping[str, Any]
    given: Mapping[str, Convert]
    found: Sequence[tuple[int, Convert]]
    execution_options: Mapping[str, Any]

    def values(self, given: Mapping[str, Any]) -> Any:
        """Return what the driver is given beside the words."""
        values = {**self.fixed, **given}
        for name, convert in self.given.items():
            values[name] = convert(values[name])
        return values if self.names is None else [values[name] for name in self.names]

    def row(self, found: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row as SQLAlchemy would."""
        row = list(found)
        for at, convert in self.found:
            row[at] = convert(row[at])
        return tuple(row)


class Hot:
    """A statement that gives rows, and is executed over and over.

    Args:
        statement: SELECT, or what writes with RETURNING; no value that it is given is a list.
    """

    def __init__(self, statement: Any) -> None:  # SQLAlchemy 2.0 and 2.1 type statements otherwise
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Execute the statement and return its rows.

        Args:
            connection: to execute it on; whoever gives it commits.
            given: the values, by name.

        Raises:
            sqlalchemy.exc.DBAPIError: as for any statement.
        """
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name) or self._compile(dialect)
        if not connection.in_transaction():
            connection.begin()  # so that a commit is one; no word of it goes to the database
        cursor = connection.connection.cursor()
        values = compiled.values(given)
        # Who listens for statements hears of this one as of any other.
        connection.dispatch.before_cursor_execute(
            connection, cursor, compiled.words, values, compiled, False
        )
        try:
            cursor.execute(compiled.words, values)
            return [compiled.row(found) for found in cursor.fetchall()]
        except dialect.loaded_dbapi.Error as problem:
            # It names it as everywhere, and lets go of all connections when this one is gone.
            connection._handle_dbapi_exception(problem, compiled.words, values, cursor, None)
        finally:
            cursor.close()

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self._statement.compile(dialect=dialect)
        given = {name: _into(value.type, dialect) for name, value in compiled.binds.items()}
        found = (_from(column.type, dialect) for column in self._statement.exported_columns)
        made = self._compiled[dialect.name] = _Compiled(
            words=compiled.string,
            names=compiled.positiontup,
            fixed={name: one.value for name, one in compiled.binds.items() if not one.required},
            given={name: convert for name, convert in given.items() if convert},
            found=[(at, convert) for at, convert in enumerate(found) if convert],
            execution_options=self._statement.get_execution_options(),
        )
        return made


def _into(kind: Any, dialect: Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _from(kind: Any, dialect: Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert
