"""Messages are held back after a backup was restored, until an operator lets them go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("desk", sa.Column("messages_held_at", Moment(), nullable=True))
