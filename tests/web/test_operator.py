"""The operator's page: how the desk runs, what needs somebody, and no case."""

from __future__ import annotations

from datetime import date

from conftest import lodge

from breachdesk.casework.periodic import do_jobs
from breachdesk.casework.processes import ThisProcess, say_there
from breachdesk.casework.timers import fire_due_timers
from breachdesk.store.tables import TimerRow, table_of

TIMERS = table_of(TimerRow)


def test_a_desk_that_is_well_says_so_and_by_whom_and_when(reader, desk, cast):
    lodge(desk, cast.ruth)
    do_jobs(desk)
    say_there(desk, ThisProcess("node-one:17", "node-one", "scheduler"))

    page = reader("ops").open("/operator")

    assert "All is well: nothing is late, nothing has failed." in page.main
    assert "node-one:17" in page.main
    assert "Monday 2 March 2026, 9:00am" in page.main
    assert "Official to" in page.main
    assert "Sunday 31 December 2028" in page.main
    assert "The last check read one case" in page.main


def test_what_is_late_and_who_was_not_heard_of_is_said(reader, desk, cast, clock):
    lodge(desk, cast.ruth)
    say_there(desk, ThisProcess("node-one:17", "node-one", "serve"))
    clock.to(date(2026, 3, 9))

    ops = reader("ops")
    page, home = ops.open("/operator"), ops.open("/home")

    assert "The clock is 3 days behind: 2 timers are due and not carried out. No process does what falls due" in page.main
    assert "not heard of since" in page.main
    # Nothing was sealed meanwhile, either.
    assert "two things need you" in home.main


def test_what_is_wrong_names_no_case(reader, desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    with desk.database.begin() as session:
        session.execute(TIMERS.update().where(TIMERS.c.kind == "acknowledge").values(kind="unheard_of"))
    do_jobs(desk)
    clock.to(date(2026, 3, 10))
    fire_due_timers(desk)

    page = reader("ops").open("/operator")

    assert "parked" in page.main
    assert "The daily check found something wrong with 1 case" in page.main
    assert reference not in page.main


def test_several_machines_on_one_sqlite_file_are_said(reader, desk):
    for node in ("one", "two"):
        say_there(desk, ThisProcess(f"{node}:17", node, "serve"))

    assert "Several machines (one, two) use one SQLite file" in reader("ops").open("/operator").main
