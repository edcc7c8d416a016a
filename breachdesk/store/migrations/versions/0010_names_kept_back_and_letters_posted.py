"""Who sees a complaining organisation's name, and who asked to show it; letters that went by post."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0010"
down_revision = "0007"


def upgrade() -> None:
    # Added alone: making the table anew would take it away from the rows that refer to it.
    op.add_column("parties", sa.Column("identity", sa.String(), nullable=False, server_default="open"))
    op.create_table(
        "unmaskings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_unmaskings_case_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_unmaskings_party_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_unmaskings_asked_by"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_unmaskings_decided_by"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmaskings")),
    )
    for name in ("case_id", "party_id", "asked_by", "decided_by"):
        op.create_index(op.f(f"ix_unmaskings_{name}"), "unmaskings", [name])
    op.create_table(
        "postings",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("posted_by", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_postings_notice_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_postings_party_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["posted_by"], ["accounts.id"], name=op.f("fk_postings_posted_by"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("notice_id", "party_id", name=op.f("pk_postings")),
    )
    op.create_index(op.f("ix_postings_posted_by"), "postings", ["posted_by"])
