"""What two transactions do at once is done as though one came after the other: a whole decision is repeated, also one on the hot path."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError

from breachdesk.errors import Busy
from breachdesk.store.cases import SCHEMES
from breachdesk.store.prepared import Prepared
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import OrganisationRow

ORGANISATIONS = table_of(OrganisationRow)
_TITLE = Prepared(select(SCHEMES.c.title))
_HOLD = Prepared(select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.id == bindparam("wanted")).with_for_update())


def test_a_deadlock_on_the_hot_path_repeats_the_whole_decision(either_desk):
    """Two who take the same two rows in opposite orders: one of them is refused by the database, and begins anew."""
    database, meet, tries = either_desk.database, threading.Barrier(2, timeout=10), []

    def both(first, second):
        def work(session):
            tries.append(first)
            session.ask((_HOLD, {"wanted": first}))
            if database.is_postgres and tries.count(first) == 1:
                meet.wait()
            session.ask((_HOLD, {"wanted": second}))
            return True
        done.append(database.transact(work))

    done: list[bool] = []
    threads = [threading.Thread(target=both, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert done == [True, True]
    # On a busy machine whoever begins anew may meet the other once more.
    assert (len(tries) > 2) == database.is_postgres


def test_what_cannot_be_kept_apart_for_long_is_said_to_be_busy_and_nothing_was_done(desk):
    tries = []

    def work(session):
        tries.append(session.execute(SCHEMES.update().values(title="Never")).rowcount)
        raise OperationalError(None, None, Exception("database is locked"))
    with pytest.raises(Busy):
        desk.database.transact(work)

    assert len(tries) == 5
    with desk.database.read() as session:
        assert session.value(select(SCHEMES.c.title)) != "Never"


@pytest.mark.parametrize("kind", ["read", "snapshot"])
def test_prepared_questions_alone_are_of_one_moment_too(desk, kind):
    """On SQLite nothing begins a transaction for them but we ourselves. (On PostgreSQL `read` promises no single moment.)"""
    assert same_moment(desk.database, getattr(desk.database, kind))


def test_every_question_of_a_snapshot_is_of_one_moment(either_desk):
    assert same_moment(either_desk.database, either_desk.database.snapshot)


def same_moment(database, opened):
    """Whether somebody who asks twice hears the same, though somebody else changes it in between; who is heard afterwards."""
    def rename():
        database.transact(lambda session: session.execute(SCHEMES.update().values(title="Another")))
    other = threading.Thread(target=rename)
    with opened() as session:
        before = session.ask((_TITLE, {}))
        other.start()
        other.join(0.3)
        after = session.ask((_TITLE, {}))
    other.join(30)
    with database.read() as session:
        assert session.ask((_TITLE, {})) == [[("Another",)]]
    return before == after
