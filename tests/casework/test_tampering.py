"""Whatever is done to a sealed record is found, whatever has happened to it lawfully before: the tamper table of the trade, on a desk as it
was, after an erasure, after it was brought up to date from an older version, and after it was restored from a backup. Each fault is named
when it is done naively; when every hash and the database's own checkpoints are made anew it is found by one checkpoint that was kept
elsewhere, be it from before or from after."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from casework.backups.test_restoring import handed_over, settings_at
from casework.forgetting.test_erasing import asked_for
from casework.log.test_sealing import CASES, CHECKPOINTS, DESK, ENTRIES, PLACES, TILES, keys_of, rows, seal_again, two_cases
from conftest import Cast, StoppedClock, guards_down

from breachdesk.audit.chain import GENESIS, leaf_of
from breachdesk.audit.checkpoint import Checkpoint, Signer, sign
from breachdesk.audit.merkle import Tree, grown
from breachdesk.bootstrap import BY_OPERATOR, open_desk, restore_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.backups.backing_up import back_up
from breachdesk.casework.forgetting.erasing import ask_for_case, decide
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.log_keys import FILE, signer_of
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.log.sealing import KEPT, kept_file, last_in, seal
from breachdesk.errors import LogBroken
from breachdesk.store import migrating, sealed
from breachdesk.store.session import Database

CORRECT = Step("correct", {"entry": 1, "correction": "It came by mail."})
WITHDRAW = Step("withdraw", {"reason": "It is settled.", "reason_code": "settled"})


# What may have happened to a desk lawfully. Each is handed a desk with two cases, and gives back the one that came of it.
def as_it_was(desk, folder):
    return desk


def after_an_erasure(desk, folder):
    cast = Cast(desk)
    decide(desk, cast.ops, asked_for(ask_for_case, desk, cast.olive, "DD-2026-0001", {"ground": "ended"}), agree=True)
    return desk


def after_a_migration(desk, folder):
    """Its rows in the tables of the version in which logs were first sealed; whoever opens it brings them up to date."""
    desk.database.close()
    for name in (FILE, KEPT):
        (folder / name).write_bytes((desk.data_path / name).read_bytes())
    older = Database(f"sqlite:///{folder / 'breachdesk.db'}")
    migrating.upgrade(older, "0014")
    older.close()
    with closing(sqlite3.connect(folder / "breachdesk.db")) as database, database as tables:
        tables.execute("ATTACH ? AS new", [str(desk.data_path / "breachdesk.db")])
        names = [row[0] for row in tables.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        for name in set(names) - {"alembic_version"}:
            columns = ", ".join(row[1] for row in tables.execute(f"PRAGMA main.table_info({name})"))
            tables.execute(f"DELETE FROM main.{name}")  # noqa: S608  Names from the schema.
            tables.execute(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM new.{name}")  # noqa: S608
    return open_desk(settings_at(folder), wall=desk.wall)


def after_a_restore(desk, folder):
    back_up(desk, BY_OPERATOR, desk.data_path / "backup", "")
    handed_over(desk, folder)
    restore_desk(settings_at(folder), desk.data_path / "backup", "", wall=desk.wall)
    return open_desk(settings_at(folder), wall=desk.wall)


@dataclass(frozen=True)
class Prepared:
    """A sealed desk in a folder, the checkpoints that somebody else kept from before and after what happened to it, and an older copy of
    its database. After the last checkpoint one more entry was sealed."""

    folder: Path
    outside: tuple[Checkpoint, Checkpoint]
    older: bytes


@pytest.fixture(scope="module", params=[as_it_was, after_an_erasure, after_a_migration, after_a_restore], ids=lambda one: one.__name__)
def prepared(request, filled_file, tmp_path_factory):
    """Made once for each thing that may have happened; every test works on a copy."""
    folder = copytree(filled_file.parent, tmp_path_factory.mktemp("prepared") / "first")
    desk = open_desk(settings_at(folder), wall=StoppedClock())
    two_cases(desk, Cast(desk))
    act(desk, Cast(desk).ruth, "DD-2026-0001", WITHDRAW)
    before = seal(desk).checkpoint
    (other := folder.with_name("then")).mkdir()
    desk = request.param(desk, other)
    act(desk, Cast(desk).olive, "DD-2026-0002", CORRECT)
    after = seal(desk).checkpoint
    older = (desk.data_path / "breachdesk.db").read_bytes()
    act(desk, Cast(desk).olive, "DD-2026-0002", CORRECT)
    seal(desk)
    desk.database.close()
    return Prepared(desk.data_path, (before, after), older)


@pytest.fixture
def desk(prepared, tmp_path):
    opened = open_desk(settings_at(copytree(prepared.folder, tmp_path / "desk")), wall=StoppedClock())
    yield opened
    opened.database.close()


def test_untouched_it_is_whole_by_what_was_kept_before_and_after(desk, prepared):
    found = verify(desk, prepared.outside, keys_of(desk))

    assert (found.entries, found.outside) == (found.sealed, 2)
    assert replay(desk).differences == ()


# What is done to the entries. Each gives back the subjects whose chains it touched.
def edit(session):
    session.execute(ENTRIES.update().where(ENTRIES.c.subject == 1, ENTRIES.c.seq == 2).values(
        body=rows(session, 1)[1].body.replace(b'"actor":', b'"actor":9')))
    return [1]


def delete(session):
    session.execute(ENTRIES.delete().where(ENTRIES.c.subject == 1, ENTRIES.c.seq == 2))
    return [1]


def reorder(session):
    second, third = rows(session, 1)[1:3]
    for one, other in ((second, third), (third, second)):
        session.execute(ENTRIES.update().where(ENTRIES.c.id == one.id).values(
            body=other.body.replace(b'"seq":%d' % other.seq, b'"seq":%d' % one.seq), event=other.event))
    return [1]


def insert(session):
    second = rows(session, 1)[1]
    for row in reversed([one for one in rows(session) if one.id > second.id]):
        session.execute(ENTRIES.update().where(ENTRIES.c.id == row.id).values(id=row.id + 1))
    for row in reversed(rows(session, 1)[2:]):
        session.execute(ENTRIES.update().where(ENTRIES.c.id == row.id).values(
            seq=row.seq + 1, body=row.body.replace(b'"seq":%d,' % row.seq, b'"seq":%d,' % (row.seq + 1))))
    session.execute(ENTRIES.insert().values(
        id=second.id + 1, subject=1, seq=3, event=second.event, at=second.at, prev_hash=second.hash, hash="",
        body=second.body.replace(b'"seq":2', b'"seq":3')))
    return [1]


def swap(session):
    mine, other = rows(session, 1)[1], rows(session, 2)[1]
    for one, two, subject in ((mine, other, 1), (other, mine, 2)):
        session.execute(ENTRIES.update().where(ENTRIES.c.id == one.id).values(
            body=two.body.replace(b'"subject":%d}' % (3 - subject), b'"subject":%d}' % subject)))
    return [1, 2]


def cut_the_tail(session):
    session.execute(ENTRIES.delete().where(ENTRIES.c.subject == 1, ENTRIES.c.seq >= 3))
    return [1]


def remove_a_case(session):
    session.execute(ENTRIES.delete().where(ENTRIES.c.subject == 2))
    return [2]


# The entry that is named when it is done naively, and whether as one that is gone: the first, in the order of places.
TAMPERING = {edit: (1, 2, False), delete: (1, 2, True), reorder: (1, 2, False), insert: (1, 3, False), swap: (1, 2, False),
             cut_the_tail: (1, 3, True), remove_a_case: (2, 1, True)}


def without_words(body):
    return re.sub(rb'"details":\{[^}]*\}', b'"details":{}', body)


def forge(session, subjects, *, key=None):
    """Make every hash anew after tampering: the chains, the heads, the places, the tiles, and one checkpoint, signed by KEY."""
    for subject in {*subjects, 0, 1, 2}:
        before = GENESIS
        for seq, row in enumerate(rows(session, subject), start=1):
            body = without_words(row.body.replace(b'"seq":%d,"subject"' % row.seq, b'"seq":%d,"subject"' % seq))
            new = leaf_of(before, body).hex()
            session.execute(ENTRIES.update().where(ENTRIES.c.id == row.id).values(seq=-seq, body=body, prev_hash=before, hash=new))
            before = new
        session.execute(ENTRIES.update().where(ENTRIES.c.subject == subject).values(seq=-ENTRIES.c.seq))
        for table, number in ((CASES, subject), (DESK, 0 if subject else 1)):
            session.execute(table.update().where(table.c.id == number).values(last_seq=len(rows(session, subject)), last_hash=before))
    waiting = rows(session)
    for table in (PLACES, TILES, CHECKPOINTS):
        session.execute(table.delete())
    leaves = [leaf_of(row.prev_hash, row.body) for row in waiting]
    tiles = dict(grown(0, lambda level, number: b"", leaves))
    sealed.put_tiles(session, tiles)
    sealed.add_places(session, 0, [row.id for row in waiting])
    root = Tree(len(leaves), lambda level, number: tiles[level, number]).root()
    sealed.add_checkpoint(session, len(leaves), sign(key.name, len(leaves), root, [key]).note, waiting[-1].at)


def tampered(desk, tamper, key=None):
    """Tamper as the owner of the database can; with a KEY, make every hash anew, too."""
    with desk.database.begin() as session:
        guards_down(session)
        session.connection.exec_driver_sql("DELETE FROM details")
        touched = tamper(session)
        if key:
            forge(session, touched, key=key)
    if key:
        without_cases_that_have_no_entries(desk)


def without_cases_that_have_no_entries(desk):
    """What a thorough forger does last, with a tool that knows no foreign keys."""
    with sqlite3.connect(desk.data_path / "breachdesk.db") as other:
        other.execute("DELETE FROM cases WHERE id NOT IN (SELECT subject FROM entries)")


@pytest.mark.parametrize("tamper", TAMPERING)
def test_naive_tampering_is_found_and_named(desk, tamper):
    subject, seq, removed = TAMPERING[tamper]
    with desk.database.read() as session:
        place = sealed.place_of(session, subject, seq)
    said = f"sealed at place {place} is gone: it was removed" if removed else f"DD-2026-000{subject}, entry {seq}: its text was changed"
    tampered(desk, tamper)

    with pytest.raises(LogBroken, match=said):
        verify(desk)


@pytest.mark.parametrize("tamper", TAMPERING)
def test_somebody_who_makes_every_hash_anew_is_stopped_by_the_key_they_do_not_have(desk, tamper):
    tampered(desk, tamper, Signer(signer_of(desk).name, bytes(32)))

    with pytest.raises(LogBroken, match="A checkpoint in the database is not the desk's"):
        verify(desk)


@pytest.mark.parametrize("tamper", TAMPERING)
def test_even_with_the_key_they_are_found_by_each_checkpoint_kept_elsewhere(desk, prepared, tamper):
    keys = keys_of(desk)
    tampered(desk, tamper, signer_of(desk))

    # The database alone agrees with itself: without the outside this would pass.
    assert verify(desk).sealed > 0
    for one in prepared.outside:
        with pytest.raises(LogBroken, match=r"not the one that was signed: an entry (in places \d+ to \d+|below place \d+)|older copy"):
            verify(desk, [one], keys)
    with pytest.raises(LogBroken):
        seal_again(desk)


def test_an_older_database_is_found_by_what_was_signed_since(desk, prepared):
    newest, keys = last_in(kept_file(desk)), keys_of(desk)
    desk.database.close()
    (desk.data_path / "breachdesk.db").write_bytes(prepared.older)

    assert verify(desk).sealed < newest.size
    with pytest.raises(LogBroken, match="older copy of the database"):
        verify(desk, [newest], keys)
    with pytest.raises(LogBroken, match="this database is older than what was signed"):
        seal_again(desk)
    # Without the file beside it the desk goes on, signing: as long as it was, and longer, it is still another log.
    kept_file(desk).unlink()
    for _ in range(2):
        seal_again(desk)
        with pytest.raises(LogBroken, match="not the one that was signed: an entry in places"):
            verify(desk, [newest], keys)
