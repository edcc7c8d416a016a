"""`breachdesk scheduler`: does what falls due and sends what waits, and serves no page."""

from __future__ import annotations

import signal
from threading import Event

import click

from breachdesk.casework.health import database_kind
from breachdesk.cli.output import show, the_desk
from breachdesk.scheduler import start_scheduler
from breachdesk.settings import read_settings


@click.command()
def command() -> None:
    """Do what falls due and send what waits, without serving pages, until it is stopped (Ctrl-C, SIGTERM).

    Any number may run beside each other and beside `breachdesk serve`, on any number of machines that share one PostgreSQL.
    """
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with the_desk() as desk:
        every = read_settings().tick_seconds
        show(False, None, [f"Doing what falls due on the desk in {desk.data_path} ({database_kind(desk)}), every {every} seconds."])
        end = start_scheduler(desk, every, "scheduler")
        stopped.wait()
        end()
    show(False, None, ["Stopped, after the work in hand."])
