"""Alembic's way in: the connection is handed over by `migrating.upgrade`, which also commits."""

from alembic import context

from breachdesk.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
