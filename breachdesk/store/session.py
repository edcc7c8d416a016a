"""The one door to the database: the only engine, the only commit, the only rollback.

`Database.transact` runs a whole decision and repeats it when the database could not keep two apart. A `Session` runs Core
statements, and on the hot path prepared ones.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from breachdesk.errors import Busy, StaleCase
from breachdesk.store.engines import as_sqlalchemy, engine_for
from breachdesk.store.prepared import Change, Params, Prepared, PreparedAbout, in_few_statements

T = TypeVar("T")
_TRIES = 5


@cache
def _insert(table: Any) -> Insert:
    found: Insert = table.__table__.insert()
    return found


class Session:
    """One transaction. Nothing in it is kept unless all of it is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._own_driver: Any = connection.connection.dbapi_connection
        self._together = False
        self._waiting: list[Sequence[Change]] = []
        self.is_postgres = connection.dialect.name == "postgresql"

    @property
    def connection(self) -> Connection:
        """The way to the database, once what waits is written."""
        self._write_waiting()
        return self._connection

    @property
    def _driver(self) -> Any:
        self._write_waiting()
        return self._own_driver

    def all(self, statement: Executable, params: Params | None = None) -> Sequence[Any]:
        return self.connection.execute(statement, params).all()

    def first(self, statement: Executable, params: Params | None = None) -> Any:
        return self.connection.execute(statement, params).first()

    def value(self, statement: Executable, params: Params | None = None) -> Any:
        return self.connection.execute(statement, params).scalar()

    def streamed(self, many: int, statement: Executable) -> Any:
        """Rows, so MANY in memory at once. It is said of the statement: said of the connection it would stay for what follows."""
        return self.connection.execute(statement.execution_options(yield_per=many))

    def execute(self, statement: Executable, params: Params | Sequence[Params] | None = None) -> CursorResult[Any]:
        return self.connection.execute(statement, params)

    def add(self, table: Any, **values: Any) -> int:
        """Insert one row; its new id."""
        key: Any = self.connection.execute(_insert(table), values).inserted_primary_key
        return int(key[0])

    def ask(self, *questions: tuple[Prepared, Params]) -> list[list[tuple[Any, ...]]]:
        """Rows for each question; on PostgreSQL in a single round trip."""
        return [cursor.fetchall() for cursor in self._executed([(prepared, [params]) for prepared, params in questions])]

    def ask_about(self, ids: Sequence[int], *questions: PreparedAbout, **also: Any) -> list[list[tuple[Any, ...]]]:
        """Rows for each question about all those IDS at once, which are not none; ALSO: its other values."""
        return [cursor.fetchall() for cursor in self._executed([(one, [{"about": number, **also} for number in ids]) for one in questions])]

    def parts(self, question: Prepared, params: Params, many: int) -> Iterator[Sequence[Any]]:
        """Rows as the driver gives them, so MANY at a time, however many there are."""
        text, values = question.bound(self._dialect, [params])
        cursor = self._driver.cursor(*(("parts",) if self.is_postgres else ()))
        try:
            cursor.execute(text, values)
            while rows := cursor.fetchmany(many):
                yield rows
        finally:
            cursor.close()

    def run(self, *changes: Change) -> None:
        """Carry out each change. On PostgreSQL in a single round trip."""
        self._executed(in_few_statements([changes]))

    def change(self, *changes: Change) -> None:
        """Carry out changes to a case. The first is that of its row, as it was read.

        Raises StaleCase when that row is another by now: somebody else was first. Within `together`, at its end at the latest.
        """
        self._waiting.append(changes)
        if not self._together:
            self._write_waiting()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Changes to several cases wait for each other and go in few statements. Whatever is asked of the session finds them written."""
        self._together = True
        try:
            yield
            self._write_waiting()
        finally:
            self._together = False

    def _write_waiting(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        conditional = in_few_statements([[changes[0]] for changes in waiting])
        cursors = self._executed([*conditional, *in_few_statements([changes[1:] for changes in waiting])])
        if any(cursor.rowcount != len(rows) for cursor, (_, rows) in zip(cursors, conditional, strict=False)):
            raise StaleCase

    def _executed(self, statements: Sequence[tuple[Prepared, Sequence[Params]]]) -> list[Any]:
        """A cursor for each statement. What the database says against one is said in SQLAlchemy's words: some can be repeated."""
        driver = self._driver
        try:
            with driver.pipeline() if self.is_postgres and len(statements) > 1 else nullcontext():
                return [prepared.executed(driver, self._dialect, rows) for prepared, rows in statements]
        except Exception as error:
            raise as_sqlalchemy(error, self._dialect) from error


class Database:
    """Where the desk's rows live: SQLite by default, PostgreSQL by address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = engine_for(url)
        self._writing = self.engine.execution_options(writes=True)
        self._reading = threading.local()

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
        """A transaction that only reads. Inside another one of the same thread it is that one.

        On SQLite two would wait for ever: a writer lets nobody new in while it waits for the first, which waits for the second.
        """
        if (outer := getattr(self._reading, "session", None)) is not None:
            yield outer
            return
        with self.engine.connect() as connection:
            connection.begin()
            self._reading.session = session = Session(connection)
            try:
                yield session
            finally:
                self._reading.session = None

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that only reads, and in which every question sees the same moment."""
        level = {"isolation_level": "REPEATABLE READ"} if self.is_postgres else {}
        with self.engine.connect().execution_options(**level) as connection:
            connection.begin()
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

    def rewrite(self, tables: Sequence[str]) -> None:
        """Write the database file anew (on PostgreSQL: these tables), so that nothing of what was deleted is left in it.

        Outside any transaction; everybody else waits. Raises OperationalError or Busy while somebody reads for longer than that.
        """
        borrowed = self.engine.raw_connection()
        driver: Any = borrowed.driver_connection
        try:
            if self.is_postgres:
                driver.autocommit = True
                driver.execute(f"VACUUM FULL {', '.join(tables)}")
            else:
                driver.execute("VACUUM")
                # That a reader kept the old pages where they are is no error to SQLite, but an answer.
                if driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    raise Busy
        finally:
            if self.is_postgres:
                driver.autocommit = False
            borrowed.close()

    def close(self) -> None:
        self.engine.dispose()


def is_database_trouble(error: Exception) -> bool:
    """Whether it is the database that failed (gone, full, busy), and not what was asked of it."""
    return isinstance(error, (OperationalError, InterfaceError, Busy))


def _may_be_repeated(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01") or "database is locked" in str(error.orig)
