"""Statements of the hot path: compiled once and handed straight to the driver, several rows at a time. Part of `store.session`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

Params = Mapping[str, Any]
Bound = tuple[str, Any]
# The text; whether values go by place; for each value its key, its row (-1: fixed) and its name there; the fixed values.
Form = tuple[str, bool, tuple[tuple[str, int, str], ...], Params]


class Prepared:
    """A Core statement, compiled once per dialect."""

    __slots__ = ("_forms", "statement")

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._forms: dict[tuple[str, int], Form] = {}

    def executed(self, driver: Any, dialect: Dialect, rows: Sequence[Params]) -> Any:
        """Carry it out for each of the rows; the driver's cursor."""
        if len(rows) == 1:
            return driver.execute(*self.bound(dialect, rows))
        cursor = driver.cursor()
        cursor.executemany(self.bound(dialect, rows[:1])[0], [self.bound(dialect, [row])[1] for row in rows])
        return cursor

    def bound(self, dialect: Dialect, rows: Sequence[Params]) -> Bound:
        """The SQL text for so many rows and their values, as the driver takes them: by place, or by name."""
        if (form := self._forms.get((dialect.name, len(rows)))) is None:
            form = self._forms[dialect.name, len(rows)] = self._compiled(dialect, len(rows))
        text, by_place, places, fixed = form
        if by_place:
            return text, [fixed[key] if row < 0 else rows[row][name] for key, row, name in places]
        return text, {key: fixed[key] if row < 0 else rows[row][name] for key, row, name in places}

    def _compiled(self, dialect: Dialect, count: int) -> Form:
        compiled: Any = self._for_rows(count).compile(dialect=dialect)
        # Values that never change stand in the statement itself; the others are named for their row: kind_0, kind_1.
        fixed = {key: value for key, value in compiled.params.items() if value is not None}
        places = tuple((key, *((-1, key) if key in fixed else self._place(key))) for key in compiled.positiontup or compiled.params)
        return str(compiled), compiled.positional, places, fixed

    def _for_rows(self, count: int) -> ClauseElement:
        return self.statement

    def _place(self, key: str) -> tuple[int, str]:
        return 0, key


class _PreparedTogether(Prepared):
    """A statement that takes all rows at once."""

    __slots__ = ()

    def executed(self, driver: Any, dialect: Dialect, rows: Sequence[Params]) -> Any:
        return driver.execute(*self.bound(dialect, rows))


class PreparedInsert(_PreparedTogether):
    """An insert of several rows, compiled once per dialect and number of rows."""

    __slots__ = ("_fixed", "_names", "_table")

    def __init__(self, table: Table, *names: str, **fixed: ColumnElement[Any]) -> None:
        super().__init__(insert(table))
        self._table, self._names, self._fixed = table, names, fixed

    def _for_rows(self, count: int) -> ClauseElement:
        return insert(self._table).values(
            [{name: bindparam(f"{name}_{row}", type_=self._table.c[name].type) for name in self._names} | self._fixed
             for row in range(count)]).inline()

    def _place(self, key: str) -> tuple[int, str]:
        name, _, row = key.rpartition("_")
        return int(row), name


class PreparedAbout(_PreparedTogether):
    """A statement about several rows by their ids, compiled once per dialect and number of them. ABOUT makes it of their places."""

    __slots__ = ("_about",)

    def __init__(self, about: Callable[[Sequence[ColumnElement[int]]], ClauseElement]) -> None:
        super().__init__(about(()))
        self._about = about

    def _for_rows(self, count: int) -> ClauseElement:
        return self._about([bindparam(f"about_{row}", type_=Integer) for row in range(count)])

    def _place(self, key: str) -> tuple[int, str]:
        name, _, row = key.rpartition("_")
        return (int(row), name) if name == "about" else (0, key)


Change = tuple[Prepared, Params]


def in_few_statements(several: Iterable[Sequence[Change]]) -> list[tuple[Prepared, list[Params]]]:
    """The changes of SEVERAL, those that are alike in one statement. Each keeps the order of its own; the others' are no matter to it."""
    waiting = [deque(changes) for changes in several if changes]
    statements: list[tuple[Prepared, list[Params]]] = []
    while waiting:
        prepared, rows = waiting[0][0][0], list[Params]()
        for changes in waiting:
            while changes and changes[0][0] is prepared:
                rows.append(changes.popleft()[1])
        statements.append((prepared, rows))
        waiting = [changes for changes in waiting if changes]
    return statements
