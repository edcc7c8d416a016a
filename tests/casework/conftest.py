"""Desks whose procedure can do everything that the language of procedure files knows."""

from __future__ import annotations

import pytest
from everything_procedure import using_everything


@pytest.fixture
def holding_desk(either_desk):
    return using_everything(either_desk)


@pytest.fixture
def holding_sqlite(desk):
    """The same on SQLite alone, for what no database can do differently."""
    return using_everything(desk)
