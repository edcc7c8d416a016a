"""The server's clock and its time zone: set back, ten years on, three weeks down, in four zones over both clock changes."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import Cast, StoppedClock, lodge, tell
from crashing.invariants import TIMERS, broken

from breachdesk.bootstrap import open_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.timers import fire_due_timers
from breachdesk.settings import read_settings

ZONES = ("UTC", "Europe/London", "America/Los_Angeles", "Pacific/Kiritimati")


@pytest.fixture
def in_zone(monkeypatch):
    """Let the server be in a time zone."""
    def move(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
    yield move
    os.environ.pop("TZ", None)
    monkeypatch.undo()
    time.tzset()


def test_the_days_and_moments_are_the_same_in_four_time_zones_over_both_clock_changes(tmp_path, filled_file, in_zone):
    told = {zone: _told_in(zone, tmp_path / zone.replace("/", "-"), filled_file, in_zone) for zone in ZONES}

    assert {zone for zone in ZONES if told[zone] != told["UTC"]} == set()
    # Both ends of summer time lie in it: a local midnight is at eleven in the evening, UTC, from 29 March to 25 October.
    assert {fires_at.hour for *_, fires_at in told["UTC"] if fires_at} == {0, 23}


def _told_in(zone, folder, filled_file, in_zone):
    """Every timer of a year of cases, and what fired when."""
    in_zone(zone)
    folder.mkdir()
    (folder / "breachdesk.db").write_bytes(filled_file.read_bytes())
    clock = StoppedClock()
    desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), wall=clock)
    cast, fired = Cast(desk), []
    for day in (date(2026, 3, 20), date(2026, 3, 27), date(2026, 10, 16), date(2026, 10, 23)):
        for hour in (0, 23):
            clock.now = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
            tell_in_time(desk, cast, clock)
            fired += [(one.limit, one.rung, one.at, one.nominal_at) for one in fire_due_timers(desk)]
    clock.to(date(2027, 1, 4))
    fired += [(one.limit, one.rung, one.at, one.nominal_at) for one in fire_due_timers(desk)]
    with desk.database.read() as session:
        rows = [tuple(row) for row in session.all(TIMERS.select().with_only_columns(
            TIMERS.c.case_id, TIMERS.c.kind, TIMERS.c.started_on, TIMERS.c.due_on, TIMERS.c.fires_at).order_by(TIMERS.c.id))]
    assert broken(desk, swept=True) == []
    desk.database.close()
    return [*rows, *fired]


def tell_in_time(desk, cast, clock):
    """A complaint of that day, about which the respondent is told at once."""
    today = clock.now.astimezone(UTC).date().isoformat()
    reference = lodge(desk, cast.ruth, event_on="2026-02-20")
    act(desk, cast.ruth, reference, Step("record_direct_contact", {"person": "The head of grants", "contacted_on": today, "how": "letter"}))


def test_after_three_weeks_down_everything_fires_once_in_order_marked_late(either_desk, cast, clock):
    desk = either_desk
    for number in range(4):
        clock.move(days=1)
        tell(desk, cast.ruth, lodge(desk, cast.ruth, title=f"Case {number}"))

    clock.move(days=21)
    fired = fire_due_timers(desk)

    nominal = [one.nominal_at for one in fired]
    assert nominal == sorted(nominal)
    assert len(fired) > 12
    assert all(one.at == clock.now > one.nominal_at for one in fired)
    assert fire_due_timers(desk) == []
    assert broken(desk, swept=True) == []


def test_a_clock_that_is_set_back_fires_nothing_twice_and_one_ten_years_on_everything_once(either_desk, cast, clock):
    desk = either_desk
    reference = lodge(desk, cast.ruth)
    tell(desk, cast.ruth, reference)
    clock.to(date(2026, 3, 24))
    fire_due_timers(desk)
    before = clock.now

    clock.now = before - timedelta(days=365)
    assert fire_due_timers(desk) == []
    clock.now = before
    assert fire_due_timers(desk) == []
    clock.now = before + timedelta(days=3653)
    fired = [(one.limit, one.rung) for one in fire_due_timers(desk)]
    while more := fire_due_timers(desk):
        fired += [(one.limit, one.rung) for one in more]

    assert fired
    assert broken(desk, swept=True) == []
