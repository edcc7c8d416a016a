"""Every statement on its way to the database, in this process: where a test kills, stops, or lets the disk be full.

What a test does there happens between two statements, or just before or after a commit, on whichever driver the desk uses.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg

# What is called with (connection, SQL, whether the statement has been carried out).
Hook = Callable[[Any, str, bool], None]
COMMIT = "COMMIT"


def watch_sqlite(monkeypatch: Any, hook: Hook) -> None:
    """Call HOOK around each statement on connections that are opened from now on."""
    def around(connection: Any, sql: str, work: Callable[[], Any]) -> Any:
        hook(connection, sql, False)
        done = work()
        hook(connection, sql, True)
        return done

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *given: Any) -> Any:
            return around(self.connection, sql, lambda: super(Cursor, self).execute(sql, *given))

        def executemany(self, sql: str, *given: Any) -> Any:
            return around(self.connection, sql, lambda: super(Cursor, self).executemany(sql, *given))

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *given: Any) -> Any:
            return around(self, sql, lambda: super(Connection, self).execute(sql, *given))

        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

        def commit(self) -> None:
            around(self, COMMIT, super().commit)

    monkeypatch.setattr(sqlite3.dbapi2, "connect", partial(sqlite3.connect, factory=Connection))


def watch_postgres(monkeypatch: Any, hook: Hook) -> None:
    """The same on every connection there is."""
    commit = psycopg.Connection.commit

    def watched(carry_out: Callable[..., Any]) -> Callable[..., Any]:
        def around(self: Any, sql: Any, *given: Any, **more: Any) -> Any:
            hook(self.connection, str(sql), False)
            done = carry_out(self, sql, *given, **more)
            hook(self.connection, str(sql), True)
            return done
        return around

    def committed(self: Any) -> None:
        hook(self, COMMIT, False)
        commit(self)
        hook(self, COMMIT, True)

    for name in ("execute", "executemany"):
        monkeypatch.setattr(psycopg.Cursor, name, watched(getattr(psycopg.Cursor, name)))
    monkeypatch.setattr(psycopg.Connection, "commit", committed)
