"""The clock acts: once, in order, late when it must be, and nothing that fails holds up the rest."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from conftest import Cast, StoppedClock, lodge

from breachdesk.bootstrap import open_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.practice.desk_clock import move_clock
from breachdesk.casework.timers import fire_due_timers
from breachdesk.settings import read_settings
from breachdesk.store.audit_log import entries_of
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.store.tables import NoticeRow, table_of

CONTACT = Step("record_direct_contact", {"person": "The head of grants", "contacted_on": "2026-03-02", "how": "letter"})


def case(desk, reference):
    with desk.database.begin() as session:
        return read_case(session, reference=reference)


def test_silence_leads_to_a_second_notice_and_then_to_a_critical_friend(either_desk, cast, clock):
    desk = either_desk
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, CONTACT)

    clock.to(date(2026, 3, 24))
    fire_due_timers(desk)
    assert case(desk, reference).head.status == "direct_no_response"

    clock.to(date(2026, 4, 1))
    fire_due_timers(desk)
    assert case(desk, reference).head.status == "screening"


def test_a_limit_holds_until_the_end_of_its_local_day(desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, CONTACT)
    due = case(desk, reference).facts(None).limit("respond", 2).due_on  # type: ignore[arg-type]
    assert due == date(2026, 3, 23)

    clock.to(date(2026, 3, 23), hour=23)
    fire_due_timers(desk)
    assert case(desk, reference).head.status == "direct_open"

    clock.move(hours=1)
    fire_due_timers(desk)
    assert case(desk, reference).head.status == "direct_no_response"


def test_after_three_weeks_down_each_fires_once_in_order_and_what_follows_starts_now(desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, CONTACT)

    clock.to(date(2026, 4, 14))
    fired = fire_due_timers(desk)

    assert [(one.limit, one.rung) for one in fired] == [
        ("respondent_acknowledges", -1), ("respondent_acknowledges", 0), ("respond", -5), ("respond", -1), ("respond", 0),
        ("regular_update", 0)]
    assert fired[-2].at.date() == date(2026, 4, 14)
    assert fired[-2].nominal_at.date() == date(2026, 3, 24)
    # The second notice gives its five working days from the day it was really given.
    assert case(desk, reference).facts(None).limit("second_notice").due_on == date(2026, 4, 21)  # type: ignore[arg-type]
    assert fire_due_timers(desk) == []


def test_many_sweepers_fire_each_timer_once(either_desk, cast, clock):
    desk = either_desk
    references = [lodge(desk, cast.ruth, title=f"Case {number}") for number in range(8)]
    clock.to(date(2026, 3, 10))

    with ThreadPoolExecutor(4) as pool:
        fired = [one for done in pool.map(lambda _: fire_due_timers(desk), range(4)) for one in done]

    assert sorted((one.reference, one.limit, one.rung) for one in fired) == sorted(
        (reference, limit, rung) for reference in references for limit, rung in [("acknowledge", -1), ("acknowledge", 0), ("forward", -5)])


def test_a_limit_that_ran_out_stays_there_overdue_until_it_is_met(desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 11))
    fire_due_timers(desk)
    assert case(desk, reference).facts(None).limit("acknowledge") is not None  # type: ignore[arg-type]

    act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "Late, but here."}))

    assert case(desk, reference).facts(None).limit("acknowledge") is None  # type: ignore[arg-type]


def test_a_reminder_of_what_was_done_in_time_is_never_sent(desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "As we see it."}))

    clock.to(date(2026, 3, 7))
    fire_due_timers(desk)

    with desk.database.read() as session:
        names = {row.name for row in session.all(table_of(NoticeRow).select())}
    assert "coordinator-acknowledge-soon" not in names


def test_waiting_for_information_stops_the_other_limits(desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 4))
    act(desk, cast.olive, reference, Step("ask_for_information", {"missing": "The letter."}))
    paused = {one.limit: one.due_on for one in case(desk, reference).running}
    assert paused["acknowledge"] is None
    assert paused["supply_information"] == date(2026, 3, 18)

    clock.to(date(2026, 3, 11))
    act(desk, cast.ruth, reference, Step("supply_information", {"information": "Here it is."}))

    # Five working days (4 to 10 March) were not counted.
    assert {one.limit: one.due_on for one in case(desk, reference).running}["acknowledge"] == date(2026, 3, 16)


def test_a_clock_that_was_set_back_ends_a_pause_and_leaves_the_case_readable(either_desk, cast, clock):
    desk = either_desk
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 4))
    act(desk, cast.olive, reference, Step("ask_for_information", {"missing": "The letter."}))

    clock.to(date(2026, 3, 3))
    act(desk, cast.ruth, reference, Step("supply_information", {"information": "Here it is."}))

    assert {one.limit: one.due_on for one in case(desk, reference).running}["acknowledge"] == date(2026, 3, 9)


def test_moving_the_clock_of_a_practice_desk_fires_what_lies_on_the_way_in_order(tmp_path):
    from conftest import Cast, StoppedClock, fill

    from breachdesk.bootstrap import BY_OPERATOR, create_desk
    from breachdesk.settings import read_settings
    wall = StoppedClock()
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(tmp_path)}), practice=True, start=wall.now, wall=wall)
    fill(desk)
    reference = lodge(desk, Cast(desk).ruth)

    fired = move_clock(desk, wall.now + timedelta(days=60), BY_OPERATOR)

    moments = [one.nominal_at for one in fired]
    assert moments == sorted(moments)
    assert all(one.at - one.nominal_at < timedelta(seconds=1) for one in fired)
    assert case(desk, reference).head.status == "screening" or case(desk, reference).head.stage != "intake"


def in_a_process_killed_at(place: int, folder: Path) -> int:
    """Acknowledge in a process of its own that is killed before it has the change number PLACE written; how that process ended."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        whole = Session._executed

        def executed(self, statements):
            if place < len(statements) and statements[0][0].statement.is_update:
                whole(self, statements[:place])
                os.kill(os.getpid(), signal.SIGKILL)
            return whole(self, statements)
        Session._executed = executed
        desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), wall=StoppedClock())
        act(desk, Cast(desk).olive, "DD-2026-0001", Step("acknowledge", {"understanding": "As we see it."}))
        os._exit(0)
    finally:
        os._exit(1)


def test_a_process_killed_in_the_middle_of_a_step_leaves_all_or_nothing(desk, cast, tmp_path):
    reference = lodge(desk, cast.ruth)

    for place in (1, 2, 4, 99):
        ended = in_a_process_killed_at(place, tmp_path)

        after = case(desk, reference).head
        with desk.database.read() as session:
            written = len(entries_of(session, after.id))
        if place < 99:
            assert ended == -signal.SIGKILL
            assert (after.version, after.last_seq, written) == (1, 1, 1)
        else:
            assert ended == 0
            assert (after.version, after.last_seq, written) == (2, 2, 2)
