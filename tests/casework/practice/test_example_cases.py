"""The practice desk's past is played through the real engine, so it is whole like any other."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from breachdesk.bootstrap import BY_OPERATOR, create_desk
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.practice.example_cases import first_day, play
from breachdesk.casework.practice.practice_people import set_up_practice
from breachdesk.casework.procedures.setting_up import shipped_procedure
from breachdesk.settings import read_settings
from breachdesk.store.tables import CaseRow, table_of

TODAY = date(2026, 11, 18)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    begin = first_day(TODAY)
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(tmp_path_factory.mktemp("played"))}), practice=True,
                       start=datetime(begin.year, begin.month, begin.day, 9, tzinfo=UTC))
    set_up_practice(desk, BY_OPERATOR)
    told = []
    play(desk, TODAY, lambda done, of: told.append((done, of)))
    yield desk, told
    desk.database.close()


def cases(desk):
    with desk.database.read() as session:
        return session.all(table_of(CaseRow).select())


def test_there_is_a_case_in_every_status_and_of_every_common_outcome(played):
    desk, _ = played
    procedure, _ = shipped_procedure("compact-dispute.v1")

    assert {row.status for row in cases(desk)} == set(procedure.statuses)
    assert {row.outcome for row in cases(desk)} >= {
        None, "resolved_full", "proposal_declined", "withdrawn", "inadmissible", "lapsed", "not_resolved"}


def test_they_lie_in_three_years_and_none_after_today(played):
    desk, _ = played
    received = [row.received_on for row in cases(desk)]

    assert min(received) < date(2024, 2, 1)
    assert max(received) <= TODAY


def test_their_record_is_whole(played):
    desk, _ = played

    assert verify(desk).chains == len(cases(desk)) + 1


def test_the_progress_comes_to_its_end(played):
    _, told = played

    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
