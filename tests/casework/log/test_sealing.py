"""Whatever is done to a sealed record is found: by its own hashes when it is done naively, and when every hash and the database's own
checkpoints are made anew, by one checkpoint that was kept elsewhere."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from conftest import StoppedClock, administer, copied, guards_down, lodge, settings_on
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from breachdesk.audit.checkpoint import checkpoints_in, read_checkpoint
from breachdesk.bootstrap import BY_OPERATOR, create_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.backups.backing_up import back_up
from breachdesk.casework.log import auditing
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.log_keys import FILE, public_keys, replace_lost_key, rotate_key, signer_of
from breachdesk.casework.log.sealing import kept_file, seal, tree_of
from breachdesk.errors import BadCheckpoint, LogBroken, Refused
from breachdesk.settings import read_settings
from breachdesk.store import audit_log, sealed
from breachdesk.store.guards import role_statements
from breachdesk.store.tables import CaseRow, EntryRow, table_of
from breachdesk.store.tables_desk import DeskRow
from breachdesk.store.tables_sealed import CheckpointRow, LogKeyRow, PlaceRow, SealingRow, TileRow

CASES, ENTRIES, DESK, PLACES, TILES, CHECKPOINTS, SEALING, KEYS = map(
    table_of, (CaseRow, EntryRow, DeskRow, PlaceRow, TileRow, CheckpointRow, SealingRow, LogKeyRow))


def two_cases(desk, cast):
    for reference in (lodge(desk, cast.ruth), lodge(desk, cast.stella, complainant="greenway-youth-trust")):
        act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "Notice was too short."}))
        act(desk, cast.olive, reference, Step("correct", {"entry": 1, "correction": "It came by post."}))


@pytest.fixture
def outside(desk, cast):
    """Two cases, sealed; the checkpoint that somebody else has kept, and after which one more entry was sealed."""
    two_cases(desk, cast)
    first = seal(desk).checkpoint
    act(desk, cast.olive, "DD-2026-0001", Step("correct", {"entry": 1, "correction": "It came by mail."}))
    seal(desk)
    return first


def keys_of(desk):
    with desk.database.read() as session:
        return [key for key, *_ in public_keys(session)]


def rows(session, subject=None):
    query = ENTRIES.select().order_by(ENTRIES.c.id)
    return session.all(query if subject is None else query.where(ENTRIES.c.subject == subject))


def test_sealing_ends_although_somebody_always_writes(desk, cast, monkeypatch):
    reference = lodge(desk, cast.ruth)
    correct = Step("correct", {"entry": 1, "correction": "It came by post."})
    transact = type(desk.database).transact

    def and_somebody_writes(database, work):
        done = transact(database, work)
        monkeypatch.undo()
        act(desk, cast.olive, reference, correct)
        monkeypatch.setattr(type(database), "transact", and_somebody_writes)
        return done

    monkeypatch.setattr(type(desk.database), "transact", and_somebody_writes)
    found = seal(desk)
    monkeypatch.undo()

    with desk.database.read() as session:
        assert sealed.counts(session) == (found.entries + 1, found.entries)


def test_every_entry_gets_its_place_and_the_tree_is_signed(either_desk, cast):
    two_cases(either_desk, cast)

    found = seal(either_desk)

    assert seal(either_desk) is None
    with either_desk.database.read() as session:
        entries, placed = sealed.counts(session)
        tree = tree_of(session, placed)
        for row in rows(session):
            place = sealed.place_of(session, row.subject, row.seq)
            assert tree.leaf(place).hex() == row.hash
    assert entries == placed == found.entries
    assert tree.root() == found.checkpoint.root
    assert checkpoints_in(kept_file(either_desk).read_text()) == [found.checkpoint]
    whole = verify(either_desk, [found.checkpoint], keys_of(either_desk))
    assert (whole.sealed, whole.checkpoints, whole.outside) == (entries, 1, 1)


def seal_again(desk):
    """Even sealing on is refused, since the file beside the database remembers."""
    with desk.database.begin() as session:
        audit_log.record_for_desk(session, "session:began", desk.now(session), BY_OPERATOR, {"account": 1})
    seal(desk)


@pytest.mark.parametrize(("statement", "said"), [
    ("UPDATE tiles SET hashes = CAST(substr(hashes, 33) || substr(hashes, 1, 32) AS BLOB)",
     "it is not the entry that was sealed at place 0"),
    ("DELETE FROM tiles", "it is not the entry that was sealed at place 0"),
    ("UPDATE places SET place = 1000 WHERE place = 3", "Place 3 of the log is gone"),
    ("DELETE FROM checkpoints", "entries have their place, but 0 were signed for"),
    ("UPDATE checkpoints SET note = replace(note, size, size + 1)", "A checkpoint in the database is not the desk's"),
    ("DELETE FROM log_keys", "is not signed by the key given"),
    ("UPDATE log_keys SET verifier = 'x'", "public key that the desk keeps as number 1 was changed"),
    ("UPDATE entries SET event = 'case:closed' WHERE subject = 1 AND seq = 2", "entry 2: it is filed as “case:closed”, but says")])
def test_the_rows_that_seal_are_held_to_account_too(desk, outside, statement, said):
    with desk.database.begin() as session:
        guards_down(session)
        session.connection.exec_driver_sql(statement)

    with pytest.raises(LogBroken, match=said):
        verify(desk)


@pytest.mark.parametrize("statement", [
    "UPDATE entries SET body = body", "DELETE FROM entries", "UPDATE places SET place = place", "DELETE FROM places",
    "DELETE FROM checkpoints", "UPDATE checkpoints SET size = size"])
def test_the_database_itself_refuses_to_change_the_log(either_desk, cast, statement):
    two_cases(either_desk, cast)
    seal(either_desk)

    with pytest.raises(Exception, match="never changed or removed"), either_desk.database.begin() as session:
        session.connection.exec_driver_sql(statement)


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", ["entries", "places", "checkpoints"])
def test_replacing_a_row_is_no_way_round(tmp_path, desk, outside, table, recursive):
    with sqlite3.connect(tmp_path / "breachdesk.db") as other:
        other.execute(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(sqlite3.IntegrityError, match="never changed or removed"):
            other.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608  Our own names.


def test_several_nodes_seal_one_at_a_time_and_nothing_twice(either_desk, cast):
    two_cases(either_desk, cast)
    if either_desk.database.is_postgres:
        with either_desk.database.begin() as other:
            assert sealed.claim(other) == 0
            assert seal(either_desk) is None
    seal(either_desk)

    with either_desk.database.read() as session:
        assert [row.place for row in session.all(PLACES.select().order_by(PLACES.c.place))] == list(range(len(rows(session))))
    verify(either_desk)


@settings(max_examples=8, deadline=None)
@given(steps=st.lists(st.integers(1, 400), min_size=1, max_size=4), processes=st.integers(1, 3))
def test_any_number_of_entries_in_any_number_of_sealings_is_whole(tmp_path_factory, filled_file, steps, processes):
    desk = copied(filled_file, tmp_path_factory.mktemp("many"), StoppedClock())
    for step in steps:
        with desk.database.begin() as session:
            for _ in range(step):
                audit_log.record_for_desk(session, "session:began", desk.now(session), BY_OPERATOR, {"account": 1})
        seal(desk)

    with desk.database.read() as session:
        notes = [read_checkpoint(note) for note in sealed.checkpoint_notes(session)]
    assert verify(desk, notes, keys_of(desk)).checkpoints == len(steps)
    desk.database.close()


# A fault in the part of the other process; and one in the part of this one, which looks at it as it does alone.
@pytest.mark.parametrize("early", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_a_log_that_is_checked_in_two_processes_is_checked_no_less(desk, cast, monkeypatch, early):
    two_cases(desk, cast)
    with desk.database.begin() as session:
        for _ in range(600):
            audit_log.record_for_desk(session, "session:began", desk.now(session), BY_OPERATOR, {"account": 1})
    seal(desk)
    alone = verify(desk)
    monkeypatch.setattr(auditing, "_WORTH_A_PROCESS", 1)

    assert replace(verify(desk, processes=2), seconds=0) == replace(alone, seconds=0)
    with desk.database.begin() as session:
        guards_down(session)
        session.execute(ENTRIES.update().where(ENTRIES.c.id == (2 if early else alone.entries)).values(event="session:ended"))
    said = set[str]()
    # The tests have threads, so the helper before was begun anew; a command has none, and its helper is a copy of it.
    monkeypatch.setattr(auditing.threading, "active_count", lambda: 1)
    for processes in (1, 2):
        with pytest.raises(LogBroken) as found:
            verify(desk, processes=processes)
        said.add(str(found.value))
    assert len(said) == 1
    assert "it is filed as “session:ended”" in said.pop()


def test_the_key_is_a_file_of_its_owner_and_nowhere_in_the_database(tmp_path):
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(tmp_path)}), wall=StoppedClock())
    kept = (tmp_path / "breachdesk.db").read_bytes()
    desk.database.close()

    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert signer_of(desk).seed not in kept
    assert b"PRIVATE" not in kept


def test_after_a_change_of_keys_one_checkpoint_has_both_signatures_and_old_ones_stay_good(desk, cast, outside):
    old, new = signer_of(desk), rotate_key(desk, BY_OPERATOR)
    both = seal(desk).checkpoint
    act(desk, cast.olive, "DD-2026-0002", Step("correct", {"entry": 1, "correction": "It came by fax."}))

    assert both.note.count("\n— ") == 2
    for key in (old.verifier, new):
        assert verify(desk, [both], [key]).outside == 1
    seal(desk)
    assert verify(desk, [outside], [old.verifier]).outside == 1
    with pytest.raises(BadCheckpoint):
        verify(desk, [outside], [new])


def test_a_lost_key_is_said_and_replaced_in_the_open(tmp_path, desk, outside):
    (tmp_path / FILE).unlink()

    with pytest.raises(Refused, match="The key that signs the log is missing"):
        seal_again(desk)
    new = replace_lost_key(desk, BY_OPERATOR)
    assert seal(desk).checkpoint.note.count("\n— ") == 1
    assert verify(desk).sealed
    assert keys_of(desk)[0] == new
    with pytest.raises(Refused, match="is not lost"):
        replace_lost_key(desk, BY_OPERATOR)


def test_where_the_key_is_missing_one_line_of_the_desk_says_what_to_do(tmp_path, desk, outside):
    (tmp_path / FILE).unlink()

    with capture_logs() as lines:
        made = back_up(desk, BY_OPERATOR, tmp_path / "backup")

    [line] = lines
    assert line["event"] == "not_sealed"
    assert line["error"].endswith("or make a new one: breachdesk audit rotate-key --lost")
    assert "exc_info" not in line
    assert made.size


def test_a_key_of_another_desk_signs_nothing(tmp_path, desk, outside):
    (tmp_path / FILE).write_text(replace(signer_of(desk), seed=bytes(32)).written())

    with pytest.raises(LogBroken, match="is not the one that this log is signed with"):
        seal_again(desk)


def test_the_role_for_the_desk_on_postgres_may_only_add_to_the_log(postgres, filled_on_postgres, tmp_path):
    administer(postgres, "CREATE DATABASE guarded TEMPLATE filled")
    administer(postgres, "CREATE ROLE desk_app LOGIN PASSWORD 'desk-app'")
    try:
        owner = settings_on(postgres, "guarded", tmp_path).database
        for statement in role_statements("desk_app"):
            administer(owner, statement)
        engine = create_engine(make_url(owner).set(username="desk_app", password="desk-app"), isolation_level="AUTOCOMMIT")  # noqa: S106
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM entries").scalar()
            for statement in ("UPDATE entries SET seq = seq", "DELETE FROM places", "TRUNCATE checkpoints",
                              "DROP TRIGGER entries_only_added_to ON entries", "ALTER TABLE entries DISABLE TRIGGER ALL"):
                with pytest.raises(Exception, match=r"permission denied|must be owner"):
                    connection.exec_driver_sql(statement)
        engine.dispose()
    finally:
        administer(postgres, "DROP DATABASE guarded WITH (FORCE)")
        administer(postgres, "DROP ROLE desk_app")
