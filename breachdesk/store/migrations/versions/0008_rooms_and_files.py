"""Messages in rooms, the files that came with them, to whom a room was opened; and which entry named somebody in a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0008"
down_revision = "0010"


def upgrade() -> None:
    # Whoever was named before there were rooms may read them from their beginning: nothing had been said in them.
    op.add_column("appointments", sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "messages",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("compartment", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("belongs_to", sa.Integer(), nullable=True),
        sa.Column("released_from", sa.Integer(), nullable=True),
        sa.Column("gone_at", Moment(), nullable=True),
        sa.CheckConstraint("belongs_to IS NULL OR belongs_to < seq", name=op.f("ck_messages_belongs_to_something_earlier")),
        sa.CheckConstraint("released_from IS NULL OR compartment IN ('shared', 'panel')", name=op.f("ck_messages_released_to_many")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_messages_case_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_messages_account_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_messages_party_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_account_id"), "messages", ["account_id"])
    op.create_index(op.f("ix_messages_party_id"), "messages", ["party_id"])
    op.create_table(
        "files",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("scan_after", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'clean', 'not_scanned', 'infected')", name=op.f("ck_files_state_is_known")),
        sa.ForeignKeyConstraint(["case_id", "seq"], ["messages.case_id", "messages.seq"], name=op.f("fk_files_case_id"),
                                ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_files")),
    )
    op.create_index(op.f("ix_files_stored"), "files", ["stored"])
    op.create_table(
        "room_openings",
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_room_openings_party_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_room_openings_account_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("party_id", "account_id", name=op.f("pk_room_openings")),
    )
