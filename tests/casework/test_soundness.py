"""A case that was damaged behind the desk's back is found out, whatever the log's chain says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from conftest import lodge, tell

from breachdesk.casework.soundness import unsound
from breachdesk.store.tables import CaseRow, TimerRow, table_of

TIMERS, CASES = table_of(TimerRow), table_of(CaseRow)


@pytest.fixture
def faults_after(desk, cast, clock):
    """Damage a case with a statement; what is found to be wrong with it then."""
    reference = lodge(desk, cast.ruth)

    def after(*statements):
        with desk.database.begin() as session:
            for statement in statements:
                session.execute(statement)
        clock.move(hours=2)
        with desk.database.read() as session:
            return unsound(session, desk, reference)

    return after


def test_a_case_is_sound_from_its_first_step_on(desk, cast, faults_after):
    assert faults_after() == []


def test_a_case_that_was_told_to_the_other_side_is_sound(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))

    with desk.database.read() as session:
        assert unsound(session, desk, reference) == []


def test_a_day_that_was_moved_by_hand_differs_from_a_fresh_count(faults_after):
    moved = TIMERS.update().where(TIMERS.c.kind == "acknowledge", TIMERS.c.rung == 0).values(due_on=date(2026, 3, 20))

    assert faults_after(moved) == ["“acknowledge” fires at 2026-03-10 00:00 UTC, which is not the end of 2026-03-20",
                                   "“acknowledge” is due on 2026-03-20, but counting anew gives 2026-03-09"]


def test_a_status_that_the_log_does_not_know_is_found(faults_after):
    found = faults_after(CASES.update().values(status="panel_open"))

    assert "the case is at “panel_open”, but its log ends at “received”" in found
    assert "“panel_open” belongs to another stage than “intake”" in found


def test_a_case_without_any_limit_is_found(faults_after):
    assert faults_after(TIMERS.delete()) == ["at “received” no limit runs at all, so nobody is reminded"]


LIMIT, REMINDER = (TIMERS.c.kind == "acknowledge") & (TIMERS.c.rung == 0), (TIMERS.c.kind == "acknowledge") & (TIMERS.c.rung == -1)


@pytest.mark.parametrize(("damage", "said"), [
    (TIMERS.update().where(LIMIT).values(fires_at=None), "“acknowledge” has no moment at which it fires"),
    (TIMERS.update().where(REMINDER).values(fires_at=datetime(2026, 2, 27, tzinfo=UTC)),
     "the reminder -1 of “acknowledge” should have fired at 2026-02-27 00:00 UTC"),
    (TIMERS.delete().where(LIMIT), "the reminder -1 of “acknowledge” is left over from a limit that has ended"),
    (TIMERS.update().where(REMINDER).values(generation=7), "the reminder -1 of “acknowledge” is left over from a limit that has ended"),
    (TIMERS.update().where(LIMIT).values(kind="unheard_of"), "“unheard_of” runs, and its procedure has no such limit"),
    (TIMERS.update().where(TIMERS.c.kind == "forward", TIMERS.c.rung == 0).values(kind="acknowledge", generation=7),
     "“acknowledge” runs 2 times for the same"),
    (TIMERS.update().where(LIMIT).values(kind="respond", subject=2), "“respond” runs, and at “received” there is no such limit"),
    (TIMERS.update().where(REMINDER).values(tries=3, trouble="KeyError: who"),
     "the reminder -1 of “acknowledge” has failed 3 times: KeyError: who"),
])
def test_a_timer_that_is_stuck_orphaned_or_doubled_is_found(faults_after, damage, said):
    assert said in faults_after(damage)
