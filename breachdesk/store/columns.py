"""Column types that mean the same on SQLite and PostgreSQL: moments are UTC and never naive, days are dates."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, String, TypeDecorator
from sqlalchemy.types import TypeEngine


@lru_cache(maxsize=64)
def moment_text(moment: datetime) -> str:
    """A moment as text that sorts as time does. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def as_moment(value: str | datetime) -> datetime:
    """A moment as the driver gave it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def as_day(value: str | date) -> date:
    """A day as the driver gave it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


class Moment(TypeDecorator[datetime]):
    """A moment in UTC."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else as_moment(value)


# The hot path hands values straight to the driver, without SQLAlchemy's own conversion.
sqlite3.register_adapter(datetime, moment_text)
sqlite3.register_adapter(date, date.isoformat)


def as_bytes(value: bytes | memoryview | str) -> bytes:
    """Bytes as the driver gave them. Whoever changes a row by hand may leave text there; that must be found, not stumbled over."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value)
