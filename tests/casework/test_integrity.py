"""The daily check reads every case, a few at a time, keeps what it found, and says nothing of a case that only changed meanwhile."""

from __future__ import annotations

from conftest import lodge

from breachdesk.casework import integrity
from breachdesk.casework.health import health_of, last_check
from breachdesk.casework.integrity import check_every_case
from breachdesk.casework.periodic import do_jobs
from breachdesk.casework.soundness import unsound
from breachdesk.store.tables import CaseRow, TimerRow, table_of

TIMERS, CASES = table_of(TimerRow), table_of(CaseRow)


def damage(desk, statement):
    with desk.database.begin() as session:
        session.execute(statement)


def test_every_case_is_read_and_a_faulty_one_named_with_what_is_wrong(either_desk, cast, monkeypatch):
    desk = either_desk
    monkeypatch.setattr(integrity, "AT_A_TIME", 2)
    references = [lodge(desk, cast.ruth, title=f"Case {number}") for number in range(5)]
    damage(desk, TIMERS.delete().where(TIMERS.c.case_id == 4, TIMERS.c.rung == 0))

    found = check_every_case(desk)

    assert (found["cases"], found["faulty"]) == (5, 1)
    assert {reference for reference, _ in found["faults"]} == {references[3]}


def test_what_was_found_is_kept_raises_an_alarm_and_names_no_case_to_the_operator(desk, cast):
    reference = lodge(desk, cast.ruth)
    damage(desk, TIMERS.delete())

    do_jobs(desk)

    with desk.database.read() as session:
        checked, health = last_check(session), health_of(session, desk)
    assert checked.faults == ((reference, "at “received” no limit runs at all, so nobody is reminded"),)
    [alarm] = [one.says for one in health.alarms if one.about == "cases"]
    assert "1 case" in alarm
    assert reference not in alarm


def test_a_closed_case_with_a_timer_is_read_too(desk, cast):
    lodge(desk, cast.ruth)
    damage(desk, CASES.update().values(stage="ended", closed_on=desk.wall().date(), status="closed"))

    assert any("there is no such limit" in says for _, says in check_every_case(desk)["faults"])


def test_a_case_that_cannot_be_read_does_not_stop_the_check(desk, cast):
    lodge(desk, cast.ruth)
    lodge(desk, cast.ruth, title="Another")
    damage(desk, CASES.update().where(CASES.c.id == 1).values(status="unheard_of"))

    found = check_every_case(desk)

    assert (found["cases"], found["faulty"]) == (2, 1)
    assert found["faults"][0][1].startswith("it cannot be read: KeyError")


def test_a_case_that_was_changed_while_it_was_read_is_looked_at_again(desk, cast, monkeypatch):
    lodge(desk, cast.ruth)
    looks = []

    def at_first(session, desk, reference):
        looks.append(reference)
        return ["half of it was read"] if len(looks) == 1 else unsound(session, desk, reference)
    monkeypatch.setattr(integrity, "unsound", at_first)

    assert check_every_case(desk)["faulty"] == 0
    assert len(looks) == 2
