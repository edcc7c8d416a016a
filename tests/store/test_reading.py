"""Lists of cases: page after page in one order, and read from an index that has them in it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, select, true
from store.test_exclusion import DAYS, NOW

from breachdesk.store import reading
from breachdesk.store.cases import CASES, SCHEMES
from breachdesk.store.session import Session

KINDS = {"open": True, "closed": False, "all": None}


@pytest.fixture
def listed(either_desk):
    """A session with 24 cases: half of them closed, on few days, some with nothing due. Nothing of it is kept."""
    with either_desk.database.engine.connect() as connection:
        session = Session(connection)
        scheme = session.first(select(SCHEMES))
        for number in range(1, 25):
            closed = number % 2 == 0
            session.execute(insert(CASES).values(
                id=number, scheme_id=scheme.id, reference=f"X-{number}", title="", status="received", stage="ended" if closed else "intake",
                procedure_digest=scheme.procedure_digest, channel="web", entered_at=NOW, event_on=DAYS[0], version=1, stage_visit=1,
                episode=1, received_on=DAYS[number % 3], next_due_on=None if number % 5 == 0 or closed else DAYS[number % 3],
                closed_on=DAYS[number // 2 % 3] if closed else None, last_seq=1, last_hash=""))
        yield session


def place_of(row, kind):
    day = {"open": row.next_due_on or date(9999, 12, 31), "closed": row.closed_on, "all": row.received_on}[kind]
    return reading.Place(day, row.id)


@pytest.mark.parametrize("kind", KINDS)
def test_the_pages_of_a_list_hold_each_case_once_and_in_its_order(listed, kind):
    whole = [row.id for row in reading.case_rows(listed, true(), open_only=KINDS[kind])]
    found, after = [], None

    while page := reading.case_rows(listed, true(), open_only=KINDS[kind], after=after, most=3)[:3]:
        found += page
        after = place_of(page[-1], kind)

    assert [row.id for row in found] == whole
    assert len(whole) == (24 if kind == "all" else 12)
    assert [place_of(row, kind) for row in found] == sorted(
        (place_of(row, kind) for row in found), key=lambda place: (place.day, place.case_id), reverse=kind != "open")


@pytest.mark.parametrize("after", [None, reading.Place(DAYS[1], 5)], ids=["first page", "next page"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_list_is_sorted_anew_for_each_page(desk, kind, after):
    with desk.database.read() as session:
        asked = []
        session.connection.connection.dbapi_connection.set_trace_callback(asked.append)
        reading.case_rows(session, true(), open_only=KINDS[kind], after=after)
        session.connection.connection.dbapi_connection.set_trace_callback(None)
        [plan] = [session.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in asked if one.startswith("SELECT")]

    steps = [row[3] for row in plan]
    assert [step for step in steps if "ix_cases_" in step and (after is None or "SEARCH" in step)], steps
    assert [step for step in steps if "B-TREE" in step] == []
