"""Every table as rows that mean the same on any database, for a backup: read in one moment that stands still, put into a new database.

Shapes (a table's name, its columns and their kinds) go with the rows, so that what an older version copied can be put back and then
brought up to date.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, MetaData, Table, Text, func, select

from breachdesk.store.columns import Moment, as_bytes, as_moment
from breachdesk.store.engines import engine_of_copy
from breachdesk.store.guards import ADDED_TO, unguard_statements
from breachdesk.store.session import Database, Session
from breachdesk.store.tables import METADATA

# Who is signed in, links on their way and counts of tries: none of it may come to life again. Processes are of their machine.
LEFT_OUT = frozenset({"sessions", "kept_forms", "mailed_links", "tries", "processes"})
_KINDS: Mapping[str, Any] = {"moment": Moment, "bytes": LargeBinary, "flag": Boolean, "float": Float, "number": Integer, "day": Date,
                             "text": Text}
# What JSON has no word for.
_AS_JSON: Mapping[str, Callable[[Any], str]] = {
    "moment": datetime.isoformat, "day": date.isoformat, "bytes": lambda value: base64.b64encode(as_bytes(value)).decode()}
_AT_ONCE = 1_000
Shape = tuple[str, Sequence[tuple[str, str]]]


def shapes() -> list[Shape]:
    """Every table that is copied, before those that refer to it: its name, and each column with its kind."""
    return [(table.name, [(column.name, _kind(column)) for column in table.columns])
            for table in METADATA.sorted_tables if table.name not in LEFT_OUT]


def _kind(column: Column[Any]) -> str:
    for kind, known in _KINDS.items():
        if isinstance(column.type, known):
            return kind
    return "text"


@contextmanager
def still(database: Database) -> Iterator[Session]:
    """One moment of the database, while everybody else goes on writing.

    On SQLite it is a copy in a temporary file without a name: nothing is left of it, however this ends.
    """
    if database.is_postgres:
        with database.snapshot() as session:
            yield session
        return
    copy, borrowed = sqlite3.connect("", check_same_thread=False), database.engine.raw_connection()
    try:
        driver: Any = borrowed.driver_connection
        driver.backup(copy)
    finally:
        borrowed.close()
    engine = engine_of_copy(copy)
    with engine.connect() as connection:
        yield Session(connection)
    engine.dispose()
    copy.close()


def count(session: Session, name: str) -> int:
    """How many rows a table has."""
    return int(session.value(select(func.count()).select_from(METADATA.tables[name])))


def rows_of(session: Session, shape: Shape) -> Iterator[list[Any]]:
    """The rows of a table as lists that JSON can hold, in the order of their key."""
    table = METADATA.tables[shape[0]]
    turned = [(place, _AS_JSON[kind]) for place, (_, kind) in enumerate(shape[1]) if kind in _AS_JSON]
    found = session.connection.execution_options(yield_per=_AT_ONCE).execute(
        select(*(table.c[name] for name, _ in shape[1])).order_by(*table.primary_key.columns))
    for row in found:
        values = list(row)
        for place, turn in turned:
            if values[place] is not None:
                values[place] = turn(values[place])
        yield values


def _value(kind: str, plain: Any) -> Any:
    if plain is None or kind in ("number", "text", "flag", "float"):
        return plain
    if kind == "bytes":
        return base64.b64decode(plain)
    return as_moment(plain) if kind == "moment" else date.fromisoformat(plain)


def empty(session: Session, all_of_them: Sequence[Shape]) -> None:
    """Take out of new tables what a migration has put into them: it comes with the backup, too."""
    for name, _ in reversed(all_of_them):
        if name not in ADDED_TO:
            session.execute(_table((name, ())).delete())


def put_rows(session: Session, shape: Shape, rows: Iterator[list[Any]]) -> None:
    """Put rows, as `rows_of` gave them, into their table."""
    table, columns = _table(shape), shape[1]
    while part := list(islice(rows, _AT_ONCE)):
        session.execute(table.insert(), [{name: _value(kind, plain) for (name, kind), plain in zip(columns, row, strict=True)}
                                         for row in part])


def _table(shape: Shape) -> Table:
    return _known_table(shape[0], tuple((name, kind) for name, kind in shape[1]))


@lru_cache(maxsize=256)
def _known_table(called: str, columns: tuple[tuple[str, str], ...]) -> Table:
    return Table(called, MetaData(), *(Column(name, _KINDS[kind]()) for name, kind in columns))


def count_on(session: Session, all_of_them: Sequence[Shape]) -> None:
    """Let PostgreSQL number new rows after those that were put in. SQLite does so by itself."""
    for name, columns in all_of_them if session.is_postgres else ():
        if ("id", "number") in [(one, kind) for one, kind in columns]:
            key = _table((name, columns)).c.id
            session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), select(func.max(key)).scalar_subquery())))


def remove_everything(database: Database) -> None:
    """Take away a database that was only begun to be filled."""
    if not database.is_postgres:
        database.close()
        path = database.url.removeprefix("sqlite:///")
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(path + ending).unlink(missing_ok=True)
        return

    def work(session: Session) -> None:
        for statement in unguard_statements("postgresql"):
            session.connection.exec_driver_sql(statement)
        there = MetaData()
        there.reflect(session.connection)
        there.drop_all(session.connection)
    database.transact(work)
