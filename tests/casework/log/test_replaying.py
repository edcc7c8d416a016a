"""A case folded from its entries alone is what the tables hold; whatever somebody changes beside the log is named, field by field."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest
from conftest import lodge, tell
from sqlalchemy import Boolean, Date, Integer, LargeBinary

from breachdesk.audit.chain import read_body
from breachdesk.bootstrap import create_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.forgetting.letting_go import TITLE_GONE
from breachdesk.casework.health import CHANGED_BESIDE, health_of, needs_of
from breachdesk.casework.log import replaying
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.periodic import do_jobs
from breachdesk.casework.procedures.setting_up import shipped_procedures
from breachdesk.casework.rehearsals.rehearsal_desks import Desks
from breachdesk.casework.rehearsals.rehearsing import rehearse
from breachdesk.resources import text
from breachdesk.settings import Settings
from breachdesk.store.columns import Moment
from breachdesk.store.replayed import NOT_IN_THE_LOG, NOT_REPLAYED, REPLAYED
from breachdesk.store.session import Database
from breachdesk.store.tables import METADATA, CaseRow, DetailRow, EntryRow, PartyRow, table_of
from breachdesk.workflow.rehearsing import load_rehearsal

CASES, PARTIES, DETAILS, ENTRIES = map(table_of, (CaseRow, PartyRow, DetailRow, EntryRow))
# A story for each kind of row: together they have all of them.
STORIES = ("more-time-for-the-council", "a-panel-that-changes", "agreed-and-carried-out", "two-charities-and-a-hospital",
           "a-complaint-and-its-answer")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Desks on which stories have been played; the first is for tables that every story fills."""
    place, played = tmp_path_factory.mktemp("told"), []

    def make(folder, start):
        return create_desk(Settings(data_dir=str(folder)), practice=True, start=start, wall=lambda: start)

    class Kept(Desks):
        def one_for(self, rehearsal):
            kept = super().one_for(rehearsal)
            desk = kept.__enter__()
            played.append((kept, desk))
            return _Lent(desk)

    with Kept(make) as desks:
        for name in STORIES:
            done = rehearse(desks, load_rehearsal(text("workflows", "rehearsals", f"{name}.yaml"), f"{name}.yaml", shipped_procedures()))
            assert done.astray == ()
        found = []
        for number, (kept, desk) in enumerate(played):
            desk.database.close()
            file = shutil.copy(desk.data_path / "breachdesk.db", place / f"{number}.db")
            found.append(replace(desk, database=Database(f"sqlite:///{file}"), data_path=place))
            kept.__exit__(None, None, None)
        yield found
        for desk in found:
            desk.database.close()


class _Lent:
    """Hands a desk out and leaves it as it is."""

    def __init__(self, desk):
        self._desk = desk

    def __enter__(self):
        return self._desk

    def __exit__(self, *_):
        return None


def rows_in(desk, table):
    with desk.database.read() as session:
        return len(session.all(table.select()))


def another(column, value):
    """A value of the column's type that is not this one."""
    if isinstance(column.type, Boolean):
        return 1 - (value or 0)
    if isinstance(column.type, Integer):
        return (value or 0) + 1000
    if isinstance(column.type, Date):
        return (date.fromisoformat(value or "2026-01-01") + timedelta(days=1)).isoformat()
    if isinstance(column.type, Moment):
        return f"2031{value[4:]}" if value else "2031-01-01T00:00:00.000000Z"
    return f"{value or ''}x"


def by_hand(file, statement, *values):
    """As somebody with a database tool does it: no rule of the tables is asked."""
    with sqlite3.connect(file) as tool:
        tool.execute("PRAGMA ignore_check_constraints = ON")
        tool.execute(statement, values)
    tool.close()


def file_of(desk):
    return desk.database.engine.url.database


@pytest.mark.parametrize("table", REPLAYED.values(), ids=str)
def test_each_column_that_somebody_changes_by_hand_is_named_with_both_values(told, table):
    desk = next(one for one in told if rows_in(one, table))
    file = file_of(desk)

    for column in table.c:
        with sqlite3.connect(file) as tool:
            row, before = tool.execute(f"SELECT rowid, {column.name} FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()
        tool.close()
        by_hand(file, f"UPDATE {table} SET {column.name} = ? WHERE rowid = ?", another(column, before), row)
        now = row + 1000 if column.name == "id" else row
        found = replay(desk).differences
        by_hand(file, f"UPDATE {table} SET {column.name} = ? WHERE rowid = ?", before, now)

        named = {one.field for one in found}
        if column.name in NOT_IN_THE_LOG.get(table.name, {}):
            assert named == set(), column
        elif column.name == "case_id" and table.name != "case_links" or column.key == "id" and table is CASES:
            assert {table.name, "entries"} & named, column
        else:
            assert f"{table}.{column.name}" in named, column
            assert all(one.said != one.found for one in found)
    assert replay(desk).differences == ()


def test_every_table_of_cases_is_replayed_or_says_why_not():
    of_cases = {table.name for table in METADATA.tables.values() if table is CASES or "case_id" in table.c}

    assert of_cases == {*REPLAYED, *NOT_REPLAYED}
    assert all(set(columns) <= set(REPLAYED[table].c.keys()) for table, columns in NOT_IN_THE_LOG.items())
    assert not [column for table in REPLAYED.values() for column in table.c if isinstance(column.type, LargeBinary)]


def test_a_difference_is_a_sentence_with_both_values(desk, cast):
    reference = lodge(desk, cast.ruth)
    by_hand(file_of(desk), "UPDATE cases SET status = 'closed_by_hand'")
    by_hand(file_of(desk), "UPDATE timers SET due_on = '2026-03-13' WHERE rung = 0 AND kind = 'acknowledge'")

    told = [f"{one.reference}: {one.says}" for one in replay(desk, reference).differences]

    assert told == [
        f"{reference}: cases.status is “closed_by_hand”, and the entries say “received”",
        f"{reference}: timers.due_on (kind acknowledge, subject 0, generation 1, rung 0) is 2026-03-13, and the entries say 2026-03-09"]


def test_a_row_that_was_put_there_or_taken_out_by_hand_is_named(desk, cast):
    reference = lodge(desk, cast.ruth)
    by_hand(file_of(desk), "INSERT INTO appointments (case_id, account_id, role, chair, seq, from_at) "
                           "VALUES (1, 3, 'panel_member', 0, 1, '2026-03-02T09:00:00.000000Z')")
    by_hand(file_of(desk), "DELETE FROM timers WHERE rung = 0 AND kind = 'acknowledge'")

    found = replay(desk, reference).differences

    assert [(one.field, one.found) for one in found] == [("appointments", "there"), ("timers", "not there")]


def test_columns_of_entries_that_repeat_what_the_entry_says_are_compared(desk, cast):
    reference = lodge(desk, cast.ruth)
    with sqlite3.connect(file_of(desk)) as tool:
        for (name,) in tool.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            tool.execute(f"DROP TRIGGER {name}")
    tool.close()
    by_hand(file_of(desk), "UPDATE entries SET at = '2031-03-02T09:00:00.000000Z', event = 'case:acted' WHERE subject = 1")
    by_hand(file_of(desk), "UPDATE entries SET at = '2031-03-02T09:00:00.000000Z' WHERE subject = 0 AND seq = 2")

    found = {(one.reference, one.field, one.row) for one in replay(desk).differences}

    assert found == {(reference, "entries.event", "entry 1"), (reference, "entries.at", "entry 1"),
                     ("The desk's own log", "entries.at", "entry 2")}


def test_the_title_is_held_against_the_words_that_the_log_binds_until_they_are_erased(desk, cast):
    reference = lodge(desk, cast.ruth)
    by_hand(file_of(desk), "UPDATE cases SET title = 'Another title'")
    before = replay(desk, reference).differences
    with desk.database.begin() as session:
        session.execute(DETAILS.delete())
    left_over = replay(desk, reference).differences
    by_hand(file_of(desk), f"UPDATE cases SET title = '{TITLE_GONE}'")

    after = replay(desk, reference)

    assert [(one.field, one.said) for one in before] == [("cases.title", "the words that entry 1 binds")]
    assert [(one.field, one.said) for one in left_over] == [("cases.title", "words that were erased")]
    assert (after.entries, after.differences) == (1, ())


def test_the_days_that_a_case_took_are_counted_anew(desk, cast, clock, monkeypatch):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    clock.move(days=3)
    act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "capacity"}))
    assert replay(desk).differences == ()
    monkeypatch.setattr("breachdesk.casework.log.replaying.working_days_between", lambda begun, closed, calendar: 40)

    [one] = replay(desk).differences

    assert (one.field, one.said, one.found) == ("figures.elapsed_days", 40, 3)


def test_the_stage_in_which_a_case_ended_is_the_one_that_it_was_in(desk, cast, monkeypatch):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "capacity"}))

    def elsewhere(body):
        content = read_body(body)
        content["facts"].update({"ended_in": "panel"} if content["event"] == "case:closed" else {})
        return content
    monkeypatch.setattr(replaying, "read_body", elsewhere)

    [one] = replay(desk).differences

    assert (one.field, one.row, one.said, one.found) == ("figures.ended_in", "entry 3", "direct", "panel")


def test_the_case_that_part_of_another_becomes_is_folded_from_its_own_entries(holding_sqlite, cast):
    desk = holding_sqlite
    reference = lodge(desk, cast.ruth, commitments=["13.2", "9.1"], represented_by="greenway-youth-trust", represented_since="2026-02-27")
    act(desk, cast.olive, reference, Step("t_decide", {}))
    with desk.database.read() as session:
        numbers = [row.id for row in session.all(REPLAYED["allegations"].select())]
    act(desk, cast.olive, reference, Step("t_split", {"which": [str(numbers[1])]}))

    found = replay(desk)

    assert (found.cases, found.differences) == (2, ())


def test_a_case_that_began_before_its_entries_said_so_much_is_compared_in_what_they_say(desk, cast, monkeypatch):
    def as_it_was(body):
        content = read_body(body)
        facts = content["facts"]
        if content["event"] == "case:opened":
            facts["allegations"] = [one[:2] for one in facts["allegations"]]
            facts["limits"]["started"] = [{name: one[name] for name in ("limit", "party", "due_on")} for one in facts["limits"]["started"]]
        return content
    lodge(desk, cast.ruth)
    monkeypatch.setattr(replaying, "read_body", as_it_was)

    same = replay(desk)
    by_hand(file_of(desk), "UPDATE cases SET channel = 'pigeon'")

    assert (same.told_less, same.differences) == (1, ())
    assert [one.field for one in replay(desk).differences] == ["cases.channel"]


def test_the_daily_replay_raises_an_alarm_and_names_no_case_to_the_operator(either_desk, cast):
    lodge(either_desk, cast.ruth)
    with either_desk.database.begin() as session:
        session.execute(PARTIES.update().values(identity="shielded"))

    do_jobs(either_desk)

    with either_desk.database.read() as session:
        [note] = needs_of(session, either_desk, cast.olive)[1]
        [alarm] = [one.says for one in health_of(session, either_desk).alarms if one.about == "replay"]
    assert alarm == ("1 case differs from the log: somebody changed a table beside it. See where: breachdesk audit replay")
    assert (note.reference, note.says) == ("DD-2026-0001", (CHANGED_BESIDE,))
