"""What the desk remembers about its own work: jobs that are done once in each period, and the processes that tick."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from breachdesk.store.tables import long_text, moment


class JobRow(SQLModel, table=True):
    """A job in one period (a day, a month): whoever inserts the row, on whichever node, does the job.

    `taken_until` is when somebody else may take it, because it failed or its process died. `result` is what the job found, as JSON.
    """

    __tablename__ = "jobs_done"
    __table_args__: ClassVar[Any] = (UniqueConstraint("job", "period"),)
    id: int | None = Field(default=None, primary_key=True)
    job: str
    period: str
    taken_until: datetime = moment()
    done_at: datetime | None = moment(nullable=True)
    tries: int = 1
    trouble: str | None = None
    result: str | None = long_text(nullable=True)


class ProcessRow(SQLModel, table=True):
    """A process that does what falls due. One that was stopped has taken its row away; one that died has not been seen for a while."""

    __tablename__ = "processes"
    name: str = Field(primary_key=True)
    node: str
    kind: str
    began_at: datetime = moment()
    seen_at: datetime = moment()
