"""A case can be reopened, a run of a limit takes its extra time with it, a pause has a name, a scheme has further calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    # Added one by one: making the table anew would take it away from the rows that refer to it.
    op.add_column("cases", sa.Column("reopened_on", sa.Date(), nullable=True))
    op.add_column("extensions", sa.Column("over", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("schemes", sa.Column("calendars", sa.Text(), nullable=False, server_default="{}"))
    # Until now only a status opened a pause: one that is open is the case's own status's.
    op.execute("UPDATE pauses SET kind = (SELECT status FROM cases WHERE cases.id = pauses.case_id) WHERE to_on IS NULL")
