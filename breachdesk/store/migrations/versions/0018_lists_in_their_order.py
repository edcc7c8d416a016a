"""Indexes in the very order of the lists of cases, in place of two that no question used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    still_open, closed = sa.text("closed_on IS NULL"), sa.text("closed_on IS NOT NULL")
    op.drop_index("ix_cases_scheme_open_due", "cases")
    op.drop_index("ix_cases_scheme_received", "cases")
    op.create_index("ix_cases_open_by_due", "cases", [sa.text("coalesce(next_due_on, '9999-12-31')"), "id"],
                    sqlite_where=still_open, postgresql_where=still_open)
    op.create_index("ix_cases_closed", "cases", ["closed_on", "id"], sqlite_where=closed, postgresql_where=closed)
    op.create_index("ix_cases_received", "cases", ["received_on", "id"])
