"""What several tests of casework begin with: a procedure that can do everything, a complaint on paper, a mailer of the test."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import SCHEME, Cast, lodge
from everything_procedure import using_everything

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.conforming import conformance
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.people.accounts import NewAccount, add_account, add_organisation


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


@pytest.fixture
def paper_case(desk: Desk, cast: Cast) -> str:
    """A complaint that came by letter from an organisation in which nobody has an account."""
    desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, "Mossbank Lunch Club", "voluntary"))
    return lodge(desk, cast.olive, complainant="mossbank-lunch-club", contact="Mrs Dale, 4 Mill Lane", received_on="2026-03-02",
                 channel="post", read_back="Mrs Dale, by telephone")


@pytest.fixture
def mailing(desk, post):
    """The desk with the mailer that a test calls its post."""
    return replace(desk, mailer=post)
