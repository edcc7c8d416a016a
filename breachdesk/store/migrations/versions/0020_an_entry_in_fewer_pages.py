"""An entry touches fewer pages on SQLite: ids count on from the last row (none is ever removed), and only what came with a request's key
is found by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0020"
down_revision = "0019"
_KEY = "uq_entries_subject_request_key"
_WITH_ONE = sa.text("request_key IS NOT NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_KEY, "entries")
    else:
        _rebuilt()
    op.create_index(_KEY, "entries", ["subject", "request_key"], unique=True, sqlite_where=_WITH_ONE, postgresql_where=_WITH_ONE)


def _rebuilt() -> None:
    """The same rows in a table without that constraint. Its guards go with the old one, and are put up again as they were."""
    guards = op.get_bind().exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'").scalars().all()
    op.create_table(
        "entries_anew", sa.Column("id", sa.Integer(), nullable=False), sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False), sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False), sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False), sa.Column("hash", sa.String(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")), sa.UniqueConstraint("subject", "seq", name=op.f("uq_entries_subject_seq")))
    op.execute("INSERT INTO entries_anew SELECT id, subject, seq, event, at, body, prev_hash, hash, request_key FROM entries ORDER BY id")
    op.drop_table("entries")
    op.rename_table("entries_anew", "entries")
    op.create_index("ix_entries_event_id", "entries", ["event", "id"])
    for guard in guards:
        op.execute(guard)
