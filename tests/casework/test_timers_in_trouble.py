"""Timers that fail, that nobody knows, that wait too long: none is lost, none fires twice, and somebody is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from conftest import lodge, tell
from sqlalchemy.exc import OperationalError

from breachdesk.casework import timers as firing
from breachdesk.casework.act import Step, act
from breachdesk.casework.health import health_of
from breachdesk.casework.timers import fire_due_timers
from breachdesk.store import timers
from breachdesk.store.audit_log import entries_of
from breachdesk.store.cases import CASES, read_case
from breachdesk.store.procedures import PROCEDURES
from breachdesk.store.tables import TimerRow, table_of

TIMERS = table_of(TimerRow)


def rows(desk, **wanted):
    with desk.database.read() as session:
        return session.all(TIMERS.select().where(*[TIMERS.c[name] == value for name, value in wanted.items()]).order_by(TIMERS.c.id))


def change(desk, *conditions, **values):
    with desk.database.begin() as session:
        session.execute(TIMERS.update().where(*conditions).values(**values))


def alarms(desk):
    with desk.database.read() as session:
        return {one.about: one.says for one in health_of(session, desk).alarms}


def break_procedures(desk):
    """Change the text of every procedure behind the desk's back: what reads one then says that the log is broken."""
    with desk.database.begin() as session:
        session.execute(PROCEDURES.update().values(file_text=PROCEDURES.c.file_text + "\n# changed\n"))
    desk._procedures.clear()


def mend_procedures(desk):
    with desk.database.begin() as session:
        for row in session.all(PROCEDURES.select()):
            session.execute(PROCEDURES.update().values(file_text=row.file_text.removesuffix("\n# changed\n")))


@pytest.mark.parametrize(("changed", "words"), [
    ({"kind": "unheard_of"}, "has no limit “unheard_of”"),
    ({"rung": -77}, "has no reminder -77 of the limit “acknowledge”")])
def test_a_timer_that_the_procedure_does_not_know_is_parked_and_the_others_go_on(either_desk, cast, clock, changed, words):
    desk = either_desk
    strange, sound = lodge(desk, cast.ruth), lodge(desk, cast.ruth, title="Another")
    change(desk, TIMERS.c.case_id == 1, TIMERS.c.kind == "acknowledge", TIMERS.c.rung == (0 if "kind" in changed else -1), **changed)

    clock.to(date(2026, 3, 10))
    fired = fire_due_timers(desk)

    assert [one.did for one in fired if not one.reference] == [f"parked: “What to do if things go wrong”, version 1, {words}."]
    [parked] = rows(desk, ending="parked")
    assert words in parked.trouble
    with desk.database.read() as session:
        assert [one.reference for one in timers.parked(session)] == [strange]
        assert read_case(session, reference=sound, to_change=False).head.last_seq > 1
    assert "1 timer is parked" in alarms(desk)["parked"]
    clock.move(days=1)
    assert [one for one in fire_due_timers(desk) if not one.reference] == []
    tell(desk, cast.ruth, strange)      # The case goes on without it.


def test_a_parked_timer_that_is_released_fires_late_with_the_moment_it_was_meant_for(desk, cast, clock):
    lodge(desk, cast.ruth)
    change(desk, TIMERS.c.kind == "acknowledge", TIMERS.c.rung == -1, kind="unheard_of")
    clock.to(date(2026, 3, 8))
    fire_due_timers(desk)
    change(desk, TIMERS.c.ending == "parked", kind="acknowledge")

    assert desk.database.transact(timers.release_parked) == 1
    [fired] = fire_due_timers(desk)

    assert (fired.limit, fired.rung, fired.did, fired.nominal_at.date()) == ("acknowledge", -1, "reminded", date(2026, 3, 6))


def test_a_timer_that_fails_steps_aside_for_an_hour_is_counted_and_shown_and_fires_later_as_what_it_was(either_desk, cast, clock):
    desk = either_desk
    lodge(desk, cast.ruth)
    break_procedures(desk)
    clock.to(date(2026, 3, 6))

    [failed] = fire_due_timers(desk)

    assert failed.did == "failed, and is tried again in an hour"
    [row] = rows(desk, tries=1)
    assert (row.kind, row.rung, row.fires_at) == ("acknowledge", -1, clock.now + timedelta(hours=1))
    assert row.trouble.startswith("LogBroken: ")
    assert "1 timer has failed" in alarms(desk)["failing"]
    assert fire_due_timers(desk) == []

    mend_procedures(desk)
    clock.move(hours=1)
    [fired] = fire_due_timers(desk)

    assert (fired.did, fired.nominal_at.date(), fired.at) == ("reminded", date(2026, 3, 6), clock.now)
    assert "failing" not in alarms(desk)


def test_a_database_that_fails_is_no_fault_of_the_timer_which_stays_due(desk, cast, clock, monkeypatch):
    lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 6))

    def gone(*_):
        raise OperationalError(None, None, Exception("server closed the connection"))
    with monkeypatch.context() as broken:
        broken.setattr(firing, "_fire", gone)
        with pytest.raises(OperationalError):
            fire_due_timers(desk)

    assert rows(desk, tries=1) == []
    assert [one.did for one in fire_due_timers(desk)] == ["reminded"]


def test_a_timer_that_fired_although_nobody_was_told_does_not_fire_again(desk, cast, clock):
    lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 10))
    [limit] = rows(desk, kind="acknowledge", rung=0)
    fire_due_timers(desk)

    with desk.database.begin() as session:
        timers.step_aside(session, limit.id, clock.now, "the connection was lost while the end was being told")

    clock.move(hours=2)
    assert fire_due_timers(desk) == []


def test_a_clock_that_is_more_than_a_quarter_of_an_hour_behind_raises_an_alarm(desk, cast, clock):
    lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 6), hour=0)
    clock.move(minutes=15)
    assert "clock" not in alarms(desk)

    clock.move(minutes=1)

    assert alarms(desk)["clock"].startswith("The clock is 16 minutes behind: 1 timer is due and not carried out.")
    fire_due_timers(desk)
    assert "clock" not in alarms(desk)


def test_what_stands_still_falls_due_only_after_the_pause_and_a_reminder_whose_day_was_in_it_is_not_sent_late(either_desk, cast, clock):
    desk = either_desk
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 4))
    act(desk, cast.olive, reference, Step("ask_for_information", {"missing": "The letter."}))

    clock.to(date(2026, 3, 13))
    during = fire_due_timers(desk)
    act(desk, cast.ruth, reference, Step("supply_information", {"information": "Here it is."}))
    clock.to(date(2026, 3, 27))
    after = fire_due_timers(desk)

    # Three of five working days were left on 4 March; they run again from the 13th.
    assert "acknowledge" not in {one.limit for one in during}
    acknowledge = [(one.rung, one.nominal_at.date()) for one in after if one.limit == "acknowledge"]
    assert acknowledge == [(-1, date(2026, 3, 17)), (0, date(2026, 3, 19))]


def test_what_had_fallen_due_before_a_pause_is_due_although_the_clock_comes_to_it_during_the_pause(either_desk, cast, clock):
    desk = either_desk
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 11))
    act(desk, cast.olive, reference, Step("ask_for_information", {"missing": "The letter."}))

    fired = [(one.limit, one.rung) for one in fire_due_timers(desk) if one.limit == "acknowledge"]

    assert fired == [("acknowledge", -1), ("acknowledge", 0)]
    with desk.database.read() as session:
        events = [event for _, event, _, _ in entries_of(session, 1)]
    assert events.count("limit:ran_out") == 1


def test_a_case_that_two_processes_come_to_is_passed_over_by_the_second_so_that_its_timers_fire_in_order(either_desk, cast, clock):
    desk = either_desk
    if not desk.database.is_postgres:
        pytest.skip("on SQLite only one process writes at a time")
    tell(desk, cast.ruth, lodge(desk, cast.ruth))
    clock.to(date(2026, 4, 14))

    with desk.database.begin() as first:
        assert len(timers.claim_due(first, clock.now, 9)) == 1
        with desk.database.begin() as second:
            assert timers.claim_due(second, clock.now, 9) == []


def test_one_that_fails_among_several_of_one_transaction_takes_none_of_the_others_with_it(either_desk, cast, clock):
    desk = either_desk
    references = [lodge(desk, cast.ruth, title=f"Case {number}") for number in range(4)]
    with desk.database.begin() as session:
        session.execute(CASES.update().where(CASES.c.id == 2).values(last_hash="not what it was", last_seq=0))

    clock.to(date(2026, 3, 6))
    fired = fire_due_timers(desk)

    assert [one.reference for one in fired] == [references[0], "", references[2], references[3]]
    [failed] = rows(desk, tries=1)
    assert failed.case_id == 2
    with desk.database.read() as session:
        reminded = [case_id for case_id in (1, 2, 3, 4) for _, event, _, _ in entries_of(session, case_id) if event == "limit:reminded"]
    assert reminded == [1, 3, 4]


def test_whoever_is_told_to_stop_ends_after_the_timers_in_hand(desk, cast, clock, monkeypatch):
    monkeypatch.setattr("breachdesk.casework.timers.TOGETHER", 1)
    for number in range(3):
        lodge(desk, cast.ruth, title=f"Case {number}")
    clock.to(date(2026, 3, 6))
    asked = []

    def after_two():
        asked.append(1)
        return len(asked) > 2

    assert len(fire_due_timers(desk, stopping=after_two)) == 2
    assert len(fire_due_timers(desk)) == 1
