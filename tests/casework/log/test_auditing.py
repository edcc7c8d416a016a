"""Whatever is done to the record behind the desk's back is found, and what was erased by right is only counted."""

from __future__ import annotations

import pytest
from conftest import guards_down, lodge

from breachdesk.audit.chain import read_body
from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.forgetting.letting_go import everything, let_go
from breachdesk.casework.log.auditing import verify
from breachdesk.errors import LogBroken
from breachdesk.store.cases import read_case
from breachdesk.store.tables import CaseRow, DetailRow, EntryRow, table_of

CASES, ENTRIES, DETAILS = map(table_of, (CaseRow, EntryRow, DetailRow))


@pytest.fixture
def reference(desk, cast):
    """Two cases with a few entries each; the reference of the first."""
    first = lodge(desk, cast.ruth)
    for reference in (first, lodge(desk, cast.stella, complainant="greenway-youth-trust")):
        act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "Notice was too short."}))
        act(desk, cast.olive, reference, Step("correct", {"entry": 1, "correction": "It came by post."}))
    return first


def change(desk, statement):
    """Change the database as its owner can, who takes the guards down first."""
    with desk.database.begin() as session:
        guards_down(session)
        assert session.execute(statement).rowcount >= 1


def broken(desk):
    with pytest.raises(LogBroken) as found:
        verify(desk)
    return str(found.value)


def test_a_whole_record_is_counted(either_desk, cast):
    lodge(either_desk, cast.ruth)

    found = verify(either_desk)

    assert (found.chains, found.erased) == (2, 0)
    with either_desk.database.read() as session:
        assert found.entries == len(session.all(ENTRIES.select()))
        assert found.details == len(session.all(DETAILS.select()))


def test_words_that_were_erased_are_counted_and_no_fault(desk, cast, reference):
    before = verify(desk)
    with desk.database.begin() as session:
        case = read_case(session, reference=reference)
        let_go(session, case, everything(session, case), "disposal:done", BY_OPERATOR, desk.now(session),
               {"what": "record", "due_on": "2032-03-02"})

    after = verify(desk)

    assert after.details + after.erased == before.details
    assert after.erased > 0


def test_words_that_are_gone_without_an_entry_that_says_so_are_named(desk, cast, reference):
    with desk.database.begin() as session:
        case = read_case(session, reference=reference)
        let_go(session, case, everything(session, case), "disposal:done", BY_OPERATOR, desk.now(session),
               {"what": "record", "due_on": "2032-03-02"})
    change(desk, DETAILS.delete().where(DETAILS.c.subject == 2, DETAILS.c.name == "understanding"))

    assert broken(desk) == "DD-2026-0002, entry 2: the words for “understanding” are gone, and no entry says that they were erased."


@pytest.mark.parametrize(("made", "said"), [
    (DETAILS.update().where(DETAILS.c.name == "understanding", DETAILS.c.subject == 1).values(value="Notice was fair."),
     "DD-2026-0001, entry 2: the words for “understanding” were changed after they were written."),
    (DETAILS.insert().values(subject=1, seq=2, name="more", audience="shared", salt=b"salt", value="Put here afterwards."),
     "DD-2026-0001, entry 2: there are words for “more” that no entry binds, so they were put there afterwards."),
    (ENTRIES.update().where(ENTRIES.c.subject == 1, ENTRIES.c.seq == 2).values(body=b"{}"),
     "DD-2026-0001, entry 2: its text was changed after it was written."),
    (ENTRIES.update().where(ENTRIES.c.subject == 1, ENTRIES.c.seq == 2).values(event="case:closed"),
     "DD-2026-0001, entry 2: it is filed as “case:closed”, but says “case:acted”."),
    (ENTRIES.delete().where(ENTRIES.c.subject == 1, ENTRIES.c.seq == 2), "DD-2026-0001, entry 3: entry 2 is missing."),
    (ENTRIES.delete().where(ENTRIES.c.subject == 1, ENTRIES.c.seq == 3),
     "DD-2026-0001: the last entry here is 2, but the last one written was 3, so the end was cut off or changed."),
    (ENTRIES.delete().where(ENTRIES.c.subject == 1),
     "DD-2026-0001: the last entry here is 0, but the last one written was 3, so the end was cut off or changed."),
    (ENTRIES.update().where(ENTRIES.c.subject == 1).values(subject=99),
     "Case number 99, entry 1: it was moved here from another place."),
])
def test_what_was_tampered_with_is_named(desk, reference, made, said):
    change(desk, made)

    assert broken(desk) == said


def test_the_desks_own_log_is_checked_like_any_other(desk, reference):
    change(desk, ENTRIES.delete().where(ENTRIES.c.subject == 0, ENTRIES.c.event == "scheme:created"))

    assert broken(desk).startswith("The desk's own log, entry ")


def test_a_case_without_any_entry_is_found_even_when_its_head_was_set_back(desk, reference):
    change(desk, ENTRIES.delete().where(ENTRIES.c.subject == 1))
    change(desk, CASES.update().where(CASES.c.id == 1).values(last_seq=0, last_hash=""))

    assert broken(desk) == "DD-2026-0001: the log has no entry of it at all, so its entries were removed."


def test_entries_of_two_cases_that_changed_places_are_found(desk, reference):
    with desk.database.begin() as session:
        guards_down(session)
        first, second = (session.all(ENTRIES.select().where(ENTRIES.c.subject == subject).order_by(ENTRIES.c.seq)) for subject in (1, 2))
        for mine, other in zip(first, second, strict=True):
            session.execute(ENTRIES.update().where(ENTRIES.c.id == mine.id).values(
                body=other.body, hash=other.hash, prev_hash=other.prev_hash))
        heads = {row.id: row for row in session.all(CASES.select())}
        session.execute(CASES.update().where(CASES.c.id == 1).values(last_hash=heads[2].last_hash))

    assert broken(desk) == "DD-2026-0001, entry 1: it was moved here from another place."


def test_the_words_are_bound_by_a_digest_and_stand_nowhere_in_the_log(desk, reference):
    with desk.database.read() as session:
        bodies = [bytes(row.body) for row in session.all(ENTRIES.select())]

    assert not [body for body in bodies if b"Notice was too short" in body]
    assert all(len(digest) == 64 for body in bodies for digest in read_body(body)["details"].values())


def test_an_entry_that_was_edited_with_a_database_tool_is_found_though_its_bytes_became_text(desk, reference):
    with desk.database.begin() as session:
        guards_down(session)
        session.connection.exec_driver_sql("UPDATE entries SET body = replace(CAST(body AS TEXT), '13.2', '13.3') "
                                                   "WHERE subject = 1 AND seq = 1")

    assert broken(desk).startswith(f"{reference}, entry 1: its text was changed")
