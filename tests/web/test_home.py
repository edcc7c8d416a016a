"""What is waiting for whom."""

from __future__ import annotations

from datetime import date

from conftest import lodge, tell

from breachdesk.casework.act import Step, act
from breachdesk.casework.periodic import do_jobs
from breachdesk.casework.timers import fire_due_timers
from breachdesk.store.tables import TimerRow, table_of

TIMERS = table_of(TimerRow)


def test_when_nothing_waits_it_says_so(reader):
    page = reader("ruth").open("/home")

    assert "Nothing is waiting for you." in page.main


def test_a_case_waits_for_the_one_who_must_act_and_is_said_to_wait_for_others_to_the_rest(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    assert "One month's notice" in reader("olive").open("/home").main.split("Waiting for others")[0]

    tell(desk, cast.ruth, reference)
    olive, omar = reader("olive").open("/home").main, reader("omar").open("/home").main

    assert "One month's notice" in omar.split("Waiting for others")[0]
    assert "Due by Monday 9 March 2026 (five working days left)" in omar
    assert "Nothing is waiting for you." in olive
    assert "One month's notice" in olive.split("Waiting for others")[1]


def test_the_coordinator_sees_first_what_is_late_and_due(reader, desk, cast, clock):
    lodge(desk, cast.ruth)

    clock.to(date(2026, 3, 9))
    due = reader("olive").open("/home").main
    clock.to(date(2026, 3, 11))
    late = reader("olive").open("/home").main

    assert due.index("no cases late") < due.index("one case due today") < due.index("One month's notice")
    assert "one case late" in late
    assert "Late: was due by Monday 9 March 2026 (two working days late)" in late


def test_on_the_weekend_after_its_day_a_case_is_late_and_not_due_today(reader, desk, cast, clock):
    clock.to(date(2026, 3, 6))
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 14))

    before = reader("olive").open("/home").main
    fire_due_timers(desk)
    pages = [reader("olive").open(path).main for path in ("/home", f"/cases/{reference}")]

    for page in (before, *pages):
        assert "was due by Friday 13 March 2026 (no working day since)" in page
        assert "due today)" not in page


def test_a_late_case_comes_before_one_that_is_due_sooner_by_date(reader, desk, cast, clock):
    first = lodge(desk, cast.ruth, title="The older one")
    for step in (Step("register_direct_resolution", {"evidence": "Letters."}),):
        act(desk, cast.olive, lodge(desk, cast.ruth, title="Tried before", tried="yes", tried_with="Mr X", tried_on="2026-02-23",
                                    tried_reply="No."), step)
    clock.to(date(2026, 3, 17))
    fire_due_timers(desk)

    shown = [link.text for link in reader("olive").open("/home").all("a", class_="desk-list__link")]

    assert first
    assert shown[0] == "Tried before"


def test_a_critical_friend_finds_the_case_that_waits_for_them(reader, desk, cast):
    reference = lodge(desk, cast.ruth, tried="yes", tried_with="Mr X", tried_on="2026-02-23", tried_reply="No.")
    act(desk, cast.olive, reference, Step("register_direct_resolution", {"evidence": "Letters."}))
    act(desk, cast.olive, reference, Step("admit", {"reasons": "13.2 was in force."}))
    act(desk, cast.olive, reference, Step("appoint_critical_friend", {
        "critical_friend": "maya@desk.example", "mode": "mediator", "declared": True}))

    maya = reader("maya")
    first = maya.open("/home")

    assert "Say first whether you have an interest" in first.main
    assert "Riverside Carers and Amberdale Council Please answer by Thursday 5 March 2026" in first.main
    assert "One month's notice" not in first.main
    assert "Nothing is waiting" not in first.main
    declaring = maya.open(next(link["href"] for link in first.all("a") if "declare your interests" in link.text))
    maya.send(declaring.form(), {"nature": "none"})
    page = maya.open("/home")
    assert "One month's notice" in page.main
    assert "Say first" not in page.main
    assert "Waiting for others" not in page.main


def test_an_operator_sees_the_health_of_the_desk_and_no_case(reader, desk, cast):
    lodge(desk, cast.ruth)

    page = reader("ops").open("/home")

    assert "This desk holds one case, one of them open." in page.main
    assert "One month's notice" not in page.main


def test_the_steering_group_is_led_to_the_escalated_disputes(reader):
    page = reader("sid").open("/home")

    assert page.one("main").one("a", href="/escalated")


def test_the_coordinator_hears_of_the_desk_itself_only_when_something_is_wrong(reader, desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    do_jobs(desk)
    assert "not in order" not in reader("olive").open("/home").main

    clock.to(date(2026, 3, 7))
    with desk.database.begin() as session:
        session.execute(TIMERS.delete().where(TIMERS.c.kind == "acknowledge", TIMERS.c.rung == 0))
    do_jobs(desk)
    olive, ruth = reader("olive").open("/home"), reader("ruth").open("/home")

    assert f"{reference} is not in order: the reminder -1 of “acknowledge” is left over from a limit that has ended" in olive.main
    assert "The desk’s clock is 33 hours behind" in olive.main
    assert "not in order" not in ruth.main
