"""The log as a whole: places, tiles, checkpoints, keys, and what the database itself refuses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment
from breachdesk.store.guards import guard_statements

revision = "0014"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "places", sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_places")), sa.UniqueConstraint("entry_id", name=op.f("uq_places_entry_id")))
    op.create_table(
        "tiles", sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False), sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_tiles")))
    sealing = op.create_table(
        "sealing", sa.Column("id", sa.Integer(), nullable=False), sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")))
    op.bulk_insert(sealing, [{"id": 1, "size": 0}])
    op.create_table(
        "checkpoints", sa.Column("size", sa.Integer(), autoincrement=False, nullable=False), sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sealed_at", Moment(), nullable=False), sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoints")))
    op.create_table(
        "log_keys", sa.Column("id", sa.Integer(), nullable=False), sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("from_at", Moment(), nullable=False), sa.Column("until_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_keys")), sa.UniqueConstraint("verifier", name=op.f("uq_log_keys_verifier")))
    op.create_table(
        "checkpoint_readers", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False), sa.Column("sector", sa.String(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_readers")),
        sa.UniqueConstraint("address", name=op.f("uq_checkpoint_readers_address")))
    op.create_table(
        "checkpoint_copies", sa.Column("kept_by", sa.String(), nullable=False), sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("left_at", Moment(), nullable=True), sa.Column("tried_at", Moment(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True), sa.PrimaryKeyConstraint("kept_by", name=op.f("pk_checkpoint_copies")))
    for statement in guard_statements(op.get_bind().dialect.name):
        op.execute(statement)
