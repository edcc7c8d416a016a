"""What was typed into a form, kept for a quarter of an hour while somebody confirms who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0015"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "kept_forms",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_kept_forms_account_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_kept_forms")),
    )
