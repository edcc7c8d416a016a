"""Who has read which case is in the log: in batches, as numbers, for whoever coordinates the case."""

from __future__ import annotations

import pytest
from conftest import lodge

from breachdesk.audit.chain import read_body
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.log.reads_noted import EVENT, MOST, note_read, reads_of, write_reads
from breachdesk.errors import NotFound, NotPermitted
from breachdesk.store import audit_log


def entries(desk):
    with desk.database.read() as session:
        return [read_body(body)["facts"]["reads"] for body in audit_log.desk_entries_called(session, EVENT)]


def test_reads_come_together_in_one_entry_each_reader_and_case_once(desk, cast):
    reference = lodge(desk, cast.ruth)
    for _ in range(3):
        note_read(desk, cast.ruth.account_id, "case", reference)
    note_read(desk, cast.olive.account_id, "room", reference)

    assert write_reads(desk) == 2
    assert write_reads(desk) == 0
    assert entries(desk) == [[
        {"account": cast.ruth.account_id, "role": "complainant", "kind": "case", "case": reference, "times": 3},
        {"account": cast.olive.account_id, "role": "coordinator", "kind": "room", "case": reference, "times": 1}]]
    verify(desk)


def test_what_does_not_fit_into_one_entry_goes_into_the_next(desk, cast):
    for number in range(MOST + 7):
        note_read(desk, cast.olive.account_id, "case", f"DD-2026-{number:04}")

    assert [write_reads(desk), write_reads(desk), write_reads(desk)] == [MOST, 7, 0]
    assert sum(len(one) for one in entries(desk)) == MOST + 7


def test_who_has_read_a_case_is_for_whoever_coordinates_it(desk, cast):
    reference = lodge(desk, cast.ruth)
    note_read(desk, cast.ruth.account_id, "case", reference)
    write_reads(desk)

    with desk.database.read() as session:
        found = reads_of(session, cast.olive, reference)
        assert [(one.name, one.role, one.kind, one.times) for one in found] == [(cast.ruth.name, "complainant", "case", 1)]
        with pytest.raises(NotPermitted):
            reads_of(session, cast.ruth, reference)
        for reference_of_nothing in (reference.replace("0001", "0099"), ""):
            with pytest.raises(NotFound):
                reads_of(session, cast.olive, reference_of_nothing)
        with pytest.raises(NotFound):
            reads_of(session, cast.omar, reference)


def test_the_desks_log_tells_how_many_and_not_who(desk, cast):
    reference = lodge(desk, cast.ruth)
    for who in (cast.ruth, cast.ruth, cast.olive):
        note_read(desk, who.account_id, "case", reference)
    write_reads(desk)

    with desk.database.read() as session:
        said = desk_log(session)[0][0].says
    assert said == "Pages about cases that were read: 3, by two people."
