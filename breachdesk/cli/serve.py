"""`breachdesk serve`: gunicorn, with one desk, one application and one ticking scheduler in each worker, made after the fork."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from breachdesk.app import create_app
from breachdesk.bootstrap import open_desk
from breachdesk.casework.desk import Desk
from breachdesk.casework.health import database_kind
from breachdesk.cli.output import show
from breachdesk.scheduler import start_scheduler
from breachdesk.settings import Settings, read_settings

# Browsers open connections that they do not use yet; one thread alone would wait on such a one until it is taken for dead.
THREADS = 4


@click.command()
@click.option("--bind", metavar="ADDRESS", help="Where to listen, like 127.0.0.1:8000; without it, BREACHDESK_BIND.")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", help="How many processes; without it, BREACHDESK_WORKERS.")
def command(bind: str | None, workers: int | None) -> None:
    """Serve the pages, do what falls due and send what waits, until it is stopped (Ctrl-C)."""
    settings = read_settings()
    serve_desk(replace(settings, bind=bind or settings.bind, workers=workers or settings.workers))


def serve_desk(settings: Settings) -> None:
    """Serve the desk of these settings until it is stopped. Raises NotFound when there is none."""
    # Here, before there are several: a desk that is missing is said at once, and its tables are brought up to date by one process.
    desk = open_desk(settings)
    mode = database_kind(desk)
    desk.database.close()
    show(False, None, [f"Serving the {'practice ' if desk.practice else ''}desk in {settings.data_path} ({mode}) at {settings.base_url}, "
                       f"listening on {settings.bind}."])
    Server(settings).run()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, set up in code. `load` and the hooks below run in each worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._desk: Desk | None = None
        self._stop: Callable[[], None] = lambda: None
        super().__init__()

    def load_config(self) -> None:
        chosen = {"bind": self._settings.bind, "workers": self._settings.workers, "worker_class": "gthread", "threads": THREADS,
                  "proc_name": "breachdesk",
                  "control_socket_disable": True, "post_worker_init": self._begin_ticking, "worker_exit": self._end_ticking}
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        self._desk = open_desk(self._settings)
        return create_app(self._settings, self._desk)

    def _begin_ticking(self, worker: Any) -> None:
        if self._desk:
            self._stop = start_scheduler(self._desk, self._settings.tick_seconds, "serve")

    def _end_ticking(self, server: Any, worker: Any) -> None:
        self._stop()
