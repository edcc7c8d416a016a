"""Many timers fire at one midnight: each is found by the index alone, in order, however many wait beside it."""

from __future__ import annotations

from datetime import UTC, datetime

from breachdesk.store import timers


def test_the_next_due_timer_is_found_without_sorting_those_of_the_same_midnight(desk):
    with desk.database.read() as session:
        text, given = timers._NEXT_DUE.bound(session.connection.dialect, [{"now": datetime(2026, 3, 2, tzinfo=UTC), "most": 20}])
        plan = session.connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {text}", given).fetchall()

    said = [row[3] for row in plan]
    assert any("ix_timers_due" in one for one in said)
    assert not [one for one in said if "TEMP B-TREE" in one or one.startswith("SCAN")]
