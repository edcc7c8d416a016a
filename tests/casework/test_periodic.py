"""Each job is done once in its period, on however many nodes; one that fails is tried again; a day that was missed is made up once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from conftest import lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.health import health_of
from breachdesk.casework.log.figures_kept import kept_figures
from breachdesk.casework.periodic import CHECK, FIGURES, JOBS, NOTES, Job, daily, do_jobs, monthly
from breachdesk.casework.rooms import say_in_room
from breachdesk.errors import NotFound
from breachdesk.store import audit_log, running
from breachdesk.store.cases import read_case


def job(work=lambda desk: {"found": 3}, period=daily):
    return Job("count", "The count", period, work)


def test_a_job_is_done_once_in_its_period_on_however_many_nodes(either_desk):
    done: list[int] = []
    counted = job(lambda desk: done.append(1) or {})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: do_jobs(either_desk, [counted]), range(8)))

    assert done == [1]


def test_a_job_is_done_again_in_the_next_period_and_a_desk_that_was_down_makes_up_for_it_once(desk, clock):
    counted = job()
    assert do_jobs(desk, [counted]) == ["count"]
    clock.move(hours=10)
    assert do_jobs(desk, [counted]) == []

    clock.to(date(2026, 3, 23))

    assert do_jobs(desk, [counted]) == ["count"]
    assert do_jobs(desk, [counted]) == []
    with desk.database.read() as session:
        assert running.latest_done(session, "count").period == "2026-03-23"


def test_what_is_done_once_a_month_is_not_done_every_day(desk, clock):
    counted = job(period=monthly)

    done = [do_jobs(desk, [counted]) for _ in range(40) if clock.move(days=1) is None]

    assert done.count(["count"]) == 2


def test_a_job_that_fails_is_tried_again_in_an_hour_and_shown_until_then(desk, clock):
    tries = []

    def work(_):
        tries.append(clock.now)
        if len(tries) < 2:
            raise ValueError("the disk is full")
        return {"found": 1}
    counted = job(work)
    assert do_jobs(desk, [counted]) == []
    with desk.database.read() as session:
        row = running.latest(session, "count")
    assert (row.trouble, row.done_at, row.tries) == ("ValueError: the disk is full", None, 1)
    clock.move(minutes=59)
    assert do_jobs(desk, [counted]) == []

    clock.move(minutes=1)

    assert do_jobs(desk, [counted]) == ["count"]
    with desk.database.read() as session:
        row = running.latest(session, "count")
    assert (row.trouble, row.tries, json.loads(row.result)) == (None, 2, {"found": 1})


def test_a_job_whose_process_died_is_taken_over_when_its_time_is_up(desk, clock):
    with desk.database.begin() as session:
        assert running.claim_job(session, "count", "2026-03-02", clock.now)
    assert do_jobs(desk, [job()]) == []

    clock.move(hours=1)

    assert do_jobs(desk, [job()]) == ["count"]


def test_a_job_that_was_taken_before_the_clock_was_set_back_is_not_waited_for(desk, clock):
    with desk.database.begin() as session:
        running.claim_job(session, "count", "2026-03-02", clock.now + timedelta(days=365))

    assert do_jobs(desk, [job()]) == ["count"]


def test_the_desks_own_jobs_are_done_and_shown(desk):
    assert do_jobs(desk) == [job.name for job in JOBS]

    with desk.database.read() as session:
        health = health_of(session, desk)
    assert CHECK.title in [one.title for one in health.jobs if one.done_at]
    assert health.alarms == ()


def test_notes_whose_time_is_over_go_with_the_jobs_of_the_day_and_once(either_desk, cast, clock):
    reference = lodge(either_desk, cast.ruth)
    take(either_desk, cast, reference, TO_THE_PANEL[:5])
    say_in_room(either_desk, cast.maya, reference, "notes", "Ask about the second letter.")
    act(either_desk, cast.ruth, reference, Step("withdraw", {"reason_code": "capacity"}))
    clock.move(days=40)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: do_jobs(either_desk), range(2)))

    with either_desk.database.read() as session:
        assert json.loads(running.of_period(session, NOTES.name, "2026-04-11").result) == {"notes": 1}
        case = read_case(session, reference=reference, to_change=False)
        assert [event for _, event, *_ in audit_log.entries_of(session, case.head.id)].count("note:gone") == 1


def test_the_figures_are_kept_once_a_month_as_they_stood_whatever_comes_later(desk, cast, clock):
    lodge(desk, cast.ruth)
    do_jobs(desk)
    clock.move(days=1)
    lodge(desk, cast.ruth, title="A later one")
    do_jobs(desk)

    with desk.database.read() as session:
        kept = kept_figures(session, "derby-and-derbyshire", "2026-03")
        with pytest.raises(NotFound):
            kept_figures(session, "derby-and-derbyshire", "2026-02")

    assert kept["data_as_at"] == "2026-03-02"
    assert 1 in [measure["value"] for measure in kept["measures"]]
    assert 2 not in [measure["value"] for measure in kept["measures"]]


def test_what_was_found_on_days_long_past_is_forgotten_and_what_is_kept_once_a_month_stays(desk, clock):
    do_jobs(desk)
    clock.move(days=401)
    do_jobs(desk)

    with desk.database.read() as session:
        assert running.of_period(session, CHECK.name, "2026-03-02") is None
        assert running.of_period(session, FIGURES.name, "2026-03") is not None
