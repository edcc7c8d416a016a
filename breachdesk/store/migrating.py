"""Bringing the tables up to date, through Alembic. Each migration is a file in `migrations/versions`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sqlalchemy import String, column, inspect, select, table
from sqlalchemy.exc import OperationalError, ProgrammingError

from breachdesk.store import (  # noqa: F401  Their tables belong to the metadata.
    tables_desk,
    tables_forgetting,
    tables_held,
    tables_identity,
    tables_people,
    tables_rooms,
    tables_running,
    tables_sealed,
    tables_signing_in,
)
from breachdesk.store.session import Database

SCRIPTS = Path(__file__).parent / "migrations"
_REACHED = select(column("version_num", String)).select_from(table("alembic_version"))


@lru_cache(maxsize=1)
def newest() -> str:
    """The newest migration there is: their files are numbered in the order in which they follow each other."""
    return max(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def has_tables(database: Database) -> bool:
    return inspect(database.engine).has_table("desk")


def has_any_table(url: str) -> bool:
    """Whether there is anything at all in a database."""
    database = Database(url)
    found = bool(inspect(database.engine).get_table_names())
    database.close()
    return found


def is_current(database: Database) -> bool:
    """Whether the tables are those of this version of the product. Every command asks this first, and loads nothing of Alembic for it."""
    with database.engine.connect() as connection:
        try:
            return connection.execute(_REACHED).scalar() == newest()
        except (OperationalError, ProgrammingError):
            return False


def is_known(revision: str) -> bool:
    """Whether a migration is one of this version of the product, or of an earlier one."""
    return any((SCRIPTS / "versions").glob(f"{revision}_*.py")) if revision.isalnum() else False


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to date, or to what they were at a migration, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.begin() as session:
        if database.is_postgres:
            # Several nodes may start at once: the second waits, and finds nothing left to do.
            session.connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7246)")
        config.attributes["connection"] = session.connection
        command.upgrade(config, revision)
