"""The processes that do what falls due: each says that it is there, so that an operator sees whether any is."""

from __future__ import annotations

from dataclasses import dataclass

from breachdesk.casework.desk import Desk
from breachdesk.store import running


@dataclass(frozen=True, slots=True)
class ThisProcess:
    """Which process this is: a name of its own, the machine it runs on, and the command it was started by."""

    name: str
    node: str
    kind: str


def say_there(desk: Desk, process: ThisProcess) -> None:
    """Keep that the process has just looked for what is due."""
    desk.database.transact(lambda session: running.note_process(session, process.name, process.node, process.kind, desk.wall()))


def say_gone(desk: Desk, process: ThisProcess) -> None:
    """The process stops in order: nobody needs to wait for it."""
    desk.database.transact(lambda session: running.forget_process(session, process.name))
