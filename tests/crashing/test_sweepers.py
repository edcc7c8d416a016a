"""Four sweepers, one of them stopped with a timer in its hand: every due timer fires once."""

from __future__ import annotations

import os
import signal
import time
from datetime import date

import pytest
from conftest import lodge
from crashing.children import DONE, begin, ended
from crashing.invariants import TIMERS, broken

from breachdesk.casework.timers import fire_due_timers
from breachdesk.store.audit_log import ENTRIES

MANY = pytest.param(334, marks=pytest.mark.soak, id="1,002 timers")
FEW = pytest.param(6, id="18 timers")


def stops_with_a_timer_in_hand(_, sql, done):
    """SIGSTOP after the claim: the transaction stands open, with the row taken."""
    if done and sql.startswith("UPDATE timers"):
        os.kill(os.getpid(), signal.SIGSTOP)


def stopped(child):
    return os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])


@pytest.mark.parametrize("cases", [FEW, MANY])
def test_each_due_timer_fires_once_although_a_sweeper_was_stopped_in_the_middle(either_desk, cast, clock, cases):
    desk = either_desk
    for number in range(cases):
        lodge(desk, cast.ruth, title=f"Case {number}")
    clock.to(date(2026, 3, 10))
    with desk.database.read() as session:
        due = len(session.all(TIMERS.select().where(TIMERS.c.ended_at.is_(None), TIMERS.c.fires_at <= clock.now)))

    first = begin(desk, clock.now, fire_due_timers, stops_with_a_timer_in_hand)
    assert stopped(first)
    others = [begin(desk, clock.now, fire_due_timers, lambda *_: None) for _ in range(3)]
    if desk.database.is_postgres:
        assert [ended(child) for child in others] == [DONE] * 3, "nobody waits for the one that was stopped"
    else:
        time.sleep(0.5)     # On SQLite one writes at a time: they wait until it goes on.
    while True:
        os.kill(first, signal.SIGCONT)
        if not stopped_again(first):
            break
    if not desk.database.is_postgres:
        assert [ended(child) for child in others] == [DONE] * 3

    assert due == 3 * cases
    with desk.database.read() as session:
        assert len(session.all(ENTRIES.select().where(ENTRIES.c.event.in_(("limit:reminded", "limit:ran_out"))))) == due
    assert broken(desk, swept=True) == []


def stopped_again(child):
    """Whether it stopped once more, at its next claim; otherwise it has ended in order."""
    status = os.waitpid(child, os.WUNTRACED)[1]
    if os.WIFSTOPPED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == DONE
    return False
