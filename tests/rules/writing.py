"""Many requests and commands that change something, each on the desk as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from breachdesk.casework.desk import Desk
from breachdesk.store.session import Session


@contextmanager
def nothing_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every change be taken back at its end: each of many requests meets the desk as it was."""
    @contextmanager
    def begin() -> Iterator[Session]:
        with desk.database._writing.connect() as connection:
            change = connection.begin()
            try:
                yield Session(connection)
            finally:
                change.rollback()
    with monkeypatch.context() as patched:
        patched.setattr(desk.database, "begin", begin)
        yield
