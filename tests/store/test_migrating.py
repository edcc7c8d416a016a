"""The tables that the migrations make are those that the code describes."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from breachdesk.store import migrating
from breachdesk.store.guards import guard_statements
from breachdesk.store.tables import METADATA


# On SQLite Alembic leaves out an index over an expression, and says so; the next test holds those that it leaves out.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrations_make_the_tables_that_the_code_describes(either_desk):
    with either_desk.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})

        assert compare_metadata(context, METADATA) == []


def indexes(connection):
    return dict(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall())


def test_on_sqlite_every_index_is_word_for_word_the_one_that_the_code_describes(desk):
    fresh = create_engine("sqlite://")
    METADATA.create_all(fresh)

    with fresh.connect() as described, desk.database.engine.connect() as made:
        assert "(rung <> 0)" in indexes(made)["ix_timers_due"]
        assert indexes(made) == indexes(described)


def test_on_sqlite_the_guards_of_the_log_stand_after_the_last_migration_as_the_code_describes_them(desk):
    with desk.database.engine.connect() as connection:
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").scalars().all()

    assert sorted(made) == sorted(guard_statements("sqlite"))


def test_the_newest_migration_is_the_one_with_the_highest_number_and_the_only_last_one():
    config = Config()
    config.set_main_option("script_location", str(migrating.SCRIPTS))

    # Two people who each add a migration meet here, not in production: `newest` goes by the numbers alone.
    assert ScriptDirectory.from_config(config).get_heads() == [migrating.newest()]


def test_a_desk_is_current_after_it_was_made(desk):
    assert migrating.is_current(desk.database)
