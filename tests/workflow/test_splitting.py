"""Where a part of a case begins as a case of its own, and since when its limits run."""

from __future__ import annotations

from datetime import date

import pytest
from road_told import PROCEDURE
from two_versions import FIRST

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow.facts import CaseFacts, Party
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.splitting import limits_of_part, start_of_stage

STAGED = load_procedure(FIRST, "1.yaml")
RECEIVED, TODAY = date(2026, 3, 2), date(2026, 3, 16)
YEARS = Calendar("c", "C", date(2025, 1, 1), date(2027, 12, 31), date(2027, 12, 31), {})
PARTIES = (Party(1, 11, "complainant", "A", "voluntary"), Party(2, 12, "respondent", "B", "statutory"))


@pytest.mark.parametrize(("status", "begins"), [("received", "received"), ("thinking", "asked"), ("asked", "asked"), ("panel", "panel")])
def test_a_part_begins_where_its_stage_does(status: str, begins: str) -> None:
    assert start_of_stage(STAGED, status) == begins


def test_what_has_run_since_the_complaint_goes_on_from_then_and_the_rest_begins_today() -> None:
    part = CaseFacts("DD-2026-0002", "answering", RECEIVED, 0, PARTIES, YEARS)

    started = limits_of_part(PROCEDURE, part, TODAY)

    assert [(one.limit, one.subject, one.started_on, one.due_on) for one in started] == [
        ("respond", 2, TODAY, date(2026, 3, 30)), ("whole", 0, RECEIVED, date(2026, 6, 2))]
