"""The tables that the migrations make are those that the code describes."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from breachdesk.store import migrating
from breachdesk.store.tables import METADATA


def test_the_migrations_make_the_tables_that_the_code_describes(either_desk):
    with either_desk.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})

        assert compare_metadata(context, METADATA) == []


def test_the_newest_migration_is_pinned():
    # Two people who each add a migration meet here, not in production.
    assert migrating.newest() == "0015"


def test_a_desk_is_current_after_it_was_made(desk):
    assert migrating.is_current(desk.database)
