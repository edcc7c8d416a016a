"""Drafts of procedures, which version a scheme uses when, and open cases moved from one version to another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0005"
down_revision = "0003"


def upgrade() -> None:
    # Added one by one: making the table anew would take it away from the cases that refer to it.
    op.add_column("procedures", sa.Column("state", sa.String(), nullable=False, server_default="published"))
    op.add_column("procedures", sa.Column("proposed_by", sa.Integer(), nullable=True))
    op.add_column("procedures", sa.Column("proposed_at", Moment(), nullable=True))
    op.add_column("procedures", sa.Column("published_by", sa.Integer(), nullable=True))
    op.add_column("procedures", sa.Column("published_at", Moment(), nullable=True))
    op.add_column("schemes", sa.Column("single_officer", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("timers", sa.Column("lasts", sa.String(), nullable=True))
    op.create_table(
        "procedures_used",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("procedure_digest", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["procedure_digest"], ["procedures.digest"], name=op.f("fk_procedures_used_procedure_digest")),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_procedures_used_scheme_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedures_used")),
    )
    op.create_index(op.f("ix_procedures_used_scheme_id"), "procedures_used", ["scheme_id"])
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_digest", sa.String(), nullable=False),
        sa.Column("plan_text", sa.Text(), nullable=False),
        sa.Column("from_digest", sa.String(), nullable=False),
        sa.Column("to_digest", sa.String(), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("reverted_by", sa.Integer(), nullable=True),
        sa.Column("reverted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["from_digest"], ["procedures.digest"], name=op.f("fk_moves_from_digest")),
        sa.ForeignKeyConstraint(["to_digest"], ["procedures.digest"], name=op.f("fk_moves_to_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
