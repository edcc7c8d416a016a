"""The engine behind the one door: SQLite as it is safe to use, PostgreSQL with a look at connections that have lain idle."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import LRUCache

_IDLE_SECONDS = 5.0
# Statements that were compiled, by dialect; of each kind and version of database the dialect that spoke to the first one.
_COMPILED: LRUCache[Any, Any] = LRUCache(2000)
_DIALECTS: dict[tuple[str, Any], Dialect] = {}
_FIXED_SQLITE = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


def journal_mode() -> str:
    """WAL where this SQLite is mended, otherwise DELETE: versions from 3.7.0 can damage a WAL that several processes write."""
    version = sqlite3.sqlite_version_info
    mended = version >= (3, 52) or version[2] >= _FIXED_SQLITE.get(version[:2], 10_000)
    return "WAL" if mended else "DELETE"


def engine_for(url: str) -> Engine:
    """The engine for a database. What was compiled for one serves the next of its kind: rehearsals open one for each story."""
    return _compiling_for_all(_sqlite(url) if url.startswith("sqlite") else _postgres(url))


def engine_of_copy(copy: sqlite3.Connection) -> Engine:
    """The engine for a copy of a SQLite database that lasts as long as its one connection."""
    return _compiling_for_all(create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool))


def _compiling_for_all(engine: Engine) -> Engine:
    engine.update_execution_options(compiled_cache=_COMPILED)

    @event.listens_for(engine, "engine_connect")
    def _compile_for_all(connection: Connection) -> None:
        own: Any = connection.dialect
        connection.dialect = _DIALECTS.setdefault((own.name, own.server_version_info), own)

    return engine


def _postgres(url: str) -> Engine:
    """Looks whether a connection still lives before it is used, but only when it has lain idle: each look is a round trip."""
    engine = create_engine(url)

    @event.listens_for(engine, "checkin")
    def _put_back(_: object, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _take_out(connection: Any, record: Any, _: object) -> None:
        if time.monotonic() - record.info.get("used_at", 0.0) < _IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    return engine


def _sqlite(url: str) -> Engine:
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
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except sqlite3.Error as error:
            raise as_sqlalchemy(error, connection.dialect) from error

    return engine


def as_sqlalchemy(error: Exception, dialect: Dialect) -> Exception:
    """The driver's own error in SQLAlchemy's words, so that there is one way to tell a clash from a fault."""
    module: Any = dialect.dbapi
    if isinstance(error, module.IntegrityError):
        return IntegrityError(None, None, error)
    return OperationalError(None, None, error) if isinstance(error, module.OperationalError) else error
