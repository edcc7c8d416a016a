"""Why somebody is excluded from a case; what people declare; and the hours in which a sealed case was opened in an emergency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0009"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("interests", sa.Column("because", sa.String(), nullable=False, server_default="declared"))
    op.create_table("declarations", *_of_somebody_in_a_case("declarations"), sa.Column("declared_on", sa.Date(), nullable=False),
                    sa.Column("nature", sa.String(), nullable=False), sa.Column("seq", sa.Integer(), nullable=False))
    op.create_table("broken_glass", *_of_somebody_in_a_case("broken_glass"), sa.Column("from_at", Moment(), nullable=False),
                    sa.Column("until_at", Moment(), nullable=False), sa.Column("seq", sa.Integer(), nullable=False))
    for table in ("declarations", "broken_glass"):
        op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])


def _of_somebody_in_a_case(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False), sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f(f"fk_{table}_account_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f(f"fk_{table}_case_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
