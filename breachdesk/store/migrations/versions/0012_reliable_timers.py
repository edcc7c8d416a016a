"""Timers that keep the moment they were meant for, parked ones, jobs by period, processes, and notices that one sender holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from breachdesk.store.columns import Moment

revision = "0012"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("timers", sa.Column("nominal_at", Moment(), nullable=True))
    going = sa.text("ended_at IS NULL")
    op.drop_index("ix_timers_due", "timers")
    op.create_index("ix_timers_due", "timers", ["fires_at", sa.text("(rung <> 0)"), "id"], sqlite_where=going, postgresql_where=going)
    troubled = sa.text("tries > 0 OR ending = 'parked'")
    op.create_index("ix_timers_troubled", "timers", ["id"], sqlite_where=troubled, postgresql_where=troubled)
    op.add_column("notices", sa.Column("taken_until", Moment(), nullable=True))
    op.create_table(
        "jobs_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("taken_until", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_done")),
        sa.UniqueConstraint("job", "period", name=op.f("uq_jobs_done_job_period")),
    )
    op.create_table(
        "processes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_processes")),
    )
