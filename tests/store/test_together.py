"""Changes to several cases that go together: few statements, each case's own in their order, found by whoever asks, all or none of them."""

from __future__ import annotations

import pytest
from conftest import lodge
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from breachdesk.audit.chain import Doer
from breachdesk.casework.case_notes import note_in_case
from breachdesk.errors import StaleCase
from breachdesk.identity import THE_CLOCK
from breachdesk.store.audit_log import chain_heads
from breachdesk.store.cases import CASES, read_cases
from breachdesk.store.prepared import Prepared, in_few_statements
from breachdesk.workflow.definition import CLOCK

KINDS = [Prepared(update(CASES).values({name: bindparam(name)})) for name in ("status", "stage", "outcome")]
CLOCKS = Doer(THE_CLOCK.account_id, CLOCK)


@given(st.lists(st.lists(st.integers(0, 2), max_size=6), max_size=6))
def test_nothing_is_lost_and_each_keeps_its_order(several):
    changes = [[(KINDS[kind], {"of": whose, "number": number}) for number, kind in enumerate(kinds)] for whose, kinds in enumerate(several)]

    written = [(prepared, row) for prepared, rows in in_few_statements(changes) for row in rows]

    for whose, own in enumerate(changes):
        assert [one for one in written if one[1]["of"] == whose] == own
    assert len(written) == sum(map(len, several))


def test_those_that_are_alike_go_in_one_statement():
    several = [[(KINDS[0], {"of": whose}), (KINDS[1], {"of": whose})] for whose in range(20)]

    assert [len(rows) for _, rows in in_few_statements(several)] == [20, 20]


def noted(session, desk, case):
    return note_in_case(session, case, "limit:reminded", CLOCKS, {
        "limit": "acknowledge", "party": 0, "due_on": None, "nominal_at": "", "rung": 1}, desk.now(session))


@pytest.fixture
def ids(either_desk, cast):
    references = [lodge(either_desk, cast.ruth) for _ in range(2)]
    with either_desk.database.read() as session:
        return [session.value(select(CASES.c.id).where(CASES.c.reference == one)) for one in references]


def ends(session, ids):
    return [seq for subject, _, seq, _ in chain_heads(session) if subject in ids]


def test_whoever_asks_finds_them_written(either_desk, ids):
    def work(session):
        first, second = read_cases(session, ids).values()
        with session.together():
            noted(session, either_desk, first)
            noted(session, either_desk, second)
            return ends(session, ids)
    assert either_desk.database.transact(work) == [2, 2]


def test_somebody_who_was_first_is_noticed_and_nothing_of_them_all_is_kept(either_desk, ids):
    """As when firing one of several timers changed the case of another one that was read with it."""
    def work(session):
        first, second = read_cases(session, ids).values()
        with session.together():
            noted(session, either_desk, first)
            noted(session, either_desk, read_cases(session, ids[1:])[ids[1]])
            assert ends(session, ids) == [2, 2]
            noted(session, either_desk, second)

    # Its row is another by now, and its log has an entry of that number: the database may say the second before the first is looked at.
    with pytest.raises((StaleCase, IntegrityError)):
        either_desk.database.transact(work)

    with either_desk.database.read() as session:
        assert ends(session, ids) == [1, 1]
