"""Desks whose procedure can do everything that the language of procedure files knows."""

from __future__ import annotations

import pytest
from conftest import SCHEME
from everything_procedure import using_everything

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.accounts import NewAccount, add_account
from breachdesk.casework.conforming import conformance
from breachdesk.casework.replaying import replay


@pytest.fixture
def holding_desk(either_desk):
    return using_everything(either_desk)


@pytest.fixture
def holding_sqlite(desk):
    """The same on SQLite alone, for what no database can do differently."""
    return using_everything(desk)


@pytest.fixture
def nadia(request):
    """Another critical friend in the scheme's pool."""
    used = request.getfixturevalue("either_desk" if "either_desk" in request.fixturenames else "desk")
    add_account(used, BY_OPERATOR, NewAccount("nadia@desk.example", "Nadia", (), ("critical_friend",), SCHEME, "voluntary"))


@pytest.fixture
def replayed_afterwards(request):
    """Whatever a test did: in the end every row is what its entries say, and every entry what the procedure allows."""
    used = next((name for name in ("either_desk", "desk") if name in request.fixturenames), "")
    desk = request.getfixturevalue(used) if used else None
    yield
    if desk:
        assert replay(desk).differences == ()
        assert conformance(desk).deviations == ()
