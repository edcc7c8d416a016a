"""The figures that are kept once a month are bound by the log: one that somebody changes by hand is named, with both values."""

from __future__ import annotations

import json
from datetime import date

import pytest
from conftest import SCHEME, lodge
from sqlalchemy import delete, update

from breachdesk.casework.act import Step, act
from breachdesk.casework.log.figures_kept import JOB
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.periodic import FIGURES, do_jobs
from breachdesk.store import running
from breachdesk.store.running import JOBS


@pytest.fixture
def kept(either_desk, cast, clock):
    """The figures of March and April, with a case that came in before, and one that came and went on the very day, but later."""
    lodge(either_desk, cast.ruth)
    assert do_jobs(either_desk, [FIGURES]) == ["figures"]
    clock.move(minutes=1)
    act(either_desk, cast.ruth, lodge(either_desk, cast.ruth), Step("withdraw", {"reason_code": "settled"}))
    clock.to(date(2026, 4, 2))
    do_jobs(either_desk, [FIGURES])
    return either_desk


def changed(desk, month, change):
    """Change what is kept of a month by hand."""
    with desk.database.begin() as session:
        found = json.loads(running.of_period(session, JOB, month).result)
        change(found[SCHEME])
        session.execute(update(JOBS).where(JOBS.c.period == month).values(result=json.dumps(found)))


def measure(figures, name):
    return next(one for one in figures["measures"] if one["id"] == name)


def said(desk):
    return [f"{one.reference}: {one.says}" for one in replay(desk).differences]


def test_untouched_they_are_what_the_log_bound_whatever_came_later(kept):
    assert said(kept) == []


def test_each_figure_that_was_changed_is_named_with_both_values(kept):
    def change(figures):
        measure(figures, "A2")["value"] = 7
        measure(figures, "A3")["parts"][1]["count"] += 6

    changed(kept, "2026-03", change)

    assert said(kept) == [f"The figures kept in 2026-03: {SCHEME}.A2 value is 7, and the entries say 1",
                          f"The figures kept in 2026-03: {SCHEME}.A3 count (Email) is 6, and the entries say 0"]


def test_words_that_were_changed_are_found_by_the_digest(kept):
    changed(kept, "2026-04", lambda figures: measure(figures, "A5").update(title="Cases won"))

    [one] = replay(kept).differences

    assert (one.reference, one.field, one.row) == ("The figures kept in 2026-04", "jobs_done.result", "its digest")


def test_what_cannot_be_read_any_more_is_named(kept):
    with kept.database.begin() as session:
        session.execute(update(JOBS).where(JOBS.c.period == "2026-03").values(result="none"))

    [one] = replay(kept).differences

    assert (one.field, one.said) == ("jobs_done.result", "figures that can be read")


def test_a_month_that_was_taken_out_or_put_there_is_named(kept):
    with kept.database.begin() as session:
        session.execute(delete(JOBS).where(JOBS.c.period == "2026-03"))
        assert running.claim_job(session, JOB, "2026-05", kept.wall())
        running.job_done(session, JOB, "2026-05", kept.wall(), "{}")

    assert said(kept) == ["The figures kept in 2026-03: jobs_done is “not there”, and the entries say “this row”",
                          "The figures kept in 2026-05: jobs_done is “there”, and the entries say “no such row”"]
