"""What a scheme settles on its own page: how to reach the data controller, its words, and how its steering group reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("schemes", sa.Column("controller_contact", sa.String(), nullable=True))
    op.add_column("schemes", sa.Column("vocabulary", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("schemes", sa.Column("reviews", sa.String(), nullable=False, server_default="papers"))
