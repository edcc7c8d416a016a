"""The one door to the database: the only engine, the only commit, the only rollback.

`Database.transact` runs a whole decision and repeats it when the database could not keep two apart. A `Session` runs Core
statements; the hot path uses `Prepared` statements, compiled once and handed straight to the driver.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.sql import ClauseElement

from breachdesk.errors import Busy

T = TypeVar("T")
Params = Mapping[str, Any]
Form = tuple[str, tuple[str, ...] | None, Params]
_TRIES = 5
_FIXED_SQLITE = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


class Prepared:
    """A Core statement, compiled once per dialect."""

    __slots__ = ("_forms", "statement")

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._forms: dict[str, Form] = {}

    def form(self, dialect: Dialect) -> Form:
        """The SQL text; for a driver that takes parameters by place, their order; and the values that never change."""
        if (found := self._forms.get(dialect.name)) is None:
            compiled: Any = self.statement.compile(dialect=dialect)
            order = tuple(compiled.positiontup) if compiled.positional else None
            fixed = {name: value for name, value in compiled.params.items() if value is not None}
            found = self._forms[dialect.name] = (str(compiled), order, fixed)
        return found


class Session:
    """One transaction. Nothing in it is kept unless all of it is."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._dialect = connection.dialect
        self._driver: Any = connection.connection.dbapi_connection
        self._is_postgres = connection.dialect.name == "postgresql"

    def all(self, statement: Executable, params: Params | None = None) -> Sequence[Any]:
        return self.connection.execute(statement, params).all()

    def first(self, statement: Executable, params: Params | None = None) -> Any:
        return self.connection.execute(statement, params).first()

    def value(self, statement: Executable, params: Params | None = None) -> Any:
        return self.connection.execute(statement, params).scalar()

    def execute(self, statement: Executable, params: Params | Sequence[Params] | None = None) -> CursorResult[Any]:
        return self.connection.execute(statement, params)

    def add(self, table: Any, **values: Any) -> int:
        """Insert one row; its new id."""
        key: Any = self.connection.execute(table.__table__.insert().values(**values)).inserted_primary_key
        return int(key[0])

    def ask(self, *questions: tuple[Prepared, Params]) -> list[list[tuple[Any, ...]]]:
        """Rows for each question; on PostgreSQL in a single round trip."""
        if not self._is_postgres:
            return [self._driver.execute(*self._bound(*question)).fetchall() for question in questions]
        with self._driver.pipeline():
            cursors = [self._driver.execute(*self._bound(*question)) for question in questions]
        return [cursor.fetchall() for cursor in cursors]

    def run(self, *changes: tuple[Prepared, Params]) -> list[int]:
        """Carry out each change; how many rows each touched. On PostgreSQL in a single round trip."""
        try:
            if not self._is_postgres:
                return [self._driver.execute(*self._bound(*change)).rowcount for change in changes]
            with self._driver.pipeline():
                cursors = [self._driver.execute(*self._bound(*change)) for change in changes]
            return [cursor.rowcount for cursor in cursors]
        except Exception as error:
            raise _as_sqlalchemy(error, self._dialect) from error

    def _bound(self, prepared: Prepared, params: Params) -> tuple[str, Any]:
        text, order, fixed = prepared.form(self._dialect)
        given = {**fixed, **params} if fixed else params
        return text, given if order is None else [given[name] for name in order]


def _as_sqlalchemy(error: Exception, dialect: Dialect) -> Exception:
    """The driver's own error in SQLAlchemy's words, so that there is one way to tell a clash from a fault."""
    module: Any = dialect.dbapi
    if isinstance(error, module.IntegrityError):
        return IntegrityError(None, None, error)
    return OperationalError(None, None, error) if isinstance(error, module.OperationalError) else error


class Database:
    """Where the desk's rows live: SQLite by default, PostgreSQL by address."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(writes=True)

    @property
    def is_postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that writes: all of it or none of it."""
        with self._writing.begin() as connection:
            yield Session(connection)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with self.engine.connect() as connection:
            yield Session(connection)

    def transact(self, work: Callable[[Session], T]) -> T:
        """Do WORK in one transaction; the whole of it again when two could not be kept apart.

        Raises Busy when that goes on.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                with self.begin() as session:
                    return work(session)
            except DBAPIError as error:
                if not _may_be_repeated(error):
                    raise
                if attempt == _TRIES:
                    raise Busy from error
                time.sleep(0.02 * attempt)
        raise Busy

    def close(self) -> None:
        self.engine.dispose()


def _may_be_repeated(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01") or "database is locked" in str(error.orig)


def journal_mode() -> str:
    """WAL where this SQLite is mended, otherwise DELETE: versions from 3.7.0 can damage a WAL that several processes write."""
    version = sqlite3.sqlite_version_info
    mended = version >= (3, 52) or version[2] >= _FIXED_SQLITE.get(version[:2], 10_000)
    return "WAL" if mended else "DELETE"


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in (f"journal_mode={journal_mode()}", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000",
                       "secure_delete=ON", "recursive_triggers=ON", "cache_size=-16384"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
