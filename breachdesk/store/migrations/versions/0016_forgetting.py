"""Erasures, holds and what is still to be cleared away; how long a scheme keeps what; that a file is gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0016"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        *_keys("erasures", account_id="accounts", case_id="cases", asked_by="accounts", decided_by="accounts"))
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        *_keys("holds", case_id="cases", set_by="accounts", lifted_by="accounts"))
    for table, columns in (("erasures", "account_id case_id asked_by decided_by"), ("holds", "case_id set_by lifted_by")):
        for column in columns.split():
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_table("leftovers", sa.Column("path", sa.String(), nullable=False), sa.Column("since", Moment(), nullable=False),
                    sa.PrimaryKeyConstraint("path", name=op.f("pk_leftovers")))
    op.add_column("files", sa.Column("gone_at", Moment(), nullable=True))
    op.add_column("schemes", sa.Column("keep_files_months", sa.Integer(), nullable=False, server_default="12"))
    op.add_column("schemes", sa.Column("keep_record_years", sa.Integer(), nullable=False, server_default="6"))
    op.add_column("schemes", sa.Column("disposes_by_itself", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("schemes", sa.Column("disposal_looked_on", sa.Date(), nullable=True))


def _keys(table: str, **targets: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The table's primary key, and what its columns point at; nothing is deleted by way of it."""
    return (*(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
              for column, target in targets.items()), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
