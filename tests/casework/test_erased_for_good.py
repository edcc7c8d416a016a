"""Nothing of somebody who was erased is left in a byte of the desk: not in the database's files, its folder, a backup made afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from casework.forgetting.test_erasing import asked_for, held, lifted
from conftest import CONTACT, HASHED, PASSWORD, SCHEME, Cast, StoppedClock, lodge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from breachdesk.bootstrap import BY_OPERATOR, open_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.backups.backing_up import back_up
from breachdesk.casework.concerns import note_concern
from breachdesk.casework.desk import Desk
from breachdesk.casework.drafts import begin_draft, save_answers
from breachdesk.casework.files import Incoming
from breachdesk.casework.forgetting.erasing import ask_for_case, ask_for_person, decide, one_waiting
from breachdesk.casework.forgetting.erasing_again import erase_exported
from breachdesk.casework.forgetting.leftovers import clear_leftovers
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.people.accounts import NewAccount, add_account_within
from breachdesk.casework.people.members import change_roster
from breachdesk.casework.rooms import say_in_room
from breachdesk.casework.signing_in.mailed_links import SIGN_IN, ask_for_link
from breachdesk.casework.signing_in.sessions import Place, sign_in
from breachdesk.errors import BreachdeskError, Refused
from breachdesk.settings import read_settings
from breachdesk.store import erasing, people
from breachdesk.store.audit_log import ENTRIES
from breachdesk.store.columns import as_bytes
from breachdesk.store.roles import role_rows
from breachdesk.store.second_factors import insert_passkey, put_factor, put_recovery_codes

# Words that stand nowhere else: who she is, and what is hers.
CANARIES = ("Quetzalwing", "nora.quetzal@desk.example", "01632 960777", "Zanzibarstrasse", "kestrelhammer", "gyrfalconpass",
            "wagtailbrowser", "hoopoedraft", "bitternfile", "avocetdigest")

SETTLED = Step("withdraw", {"reason": "It is settled.", "reason_code": "settled"})


def nora(desk, cast):
    """Nora, who has left something in every place that there is; her account's number, and the case that she was part of."""
    new = NewAccount("nora.quetzal@desk.example", "Nora Quetzalwing", ("riverside-carers",), ("critical_friend",), SCHEME, "voluntary")

    def made(session):
        account = add_account_within(session, desk, BY_OPERATOR, new, HASHED)
        [role] = role_rows(session, account_id=account)
        change_roster(session, desk, cast.olive, role.id, {"training": "Zanzibarstrasse", "telephone": "01632 960777", "published": "yes"})
        put_factor(session, account, "avocetdigest", desk.wall(), confirmed_at=desk.wall())
        put_recovery_codes(session, account, ["avocetdigest"])
        insert_passkey(session, account, "credential", b"avocetdigest", 0, "kestrelhammer", desk.wall())
        ask_for_link(session, desk, account, SIGN_IN)
        return account
    account = desk.database.transact(made)
    actor = cast.at("nora.quetzal@desk.example")
    sign_in(desk, actor.email, PASSWORD, Place("192.0.2.7", "wagtailbrowser"))
    save_answers(desk, actor, begin_draft(desk, actor, SCHEME), ("what_happened",), {"what_happened": "hoopoedraft"})
    note_concern(desk, actor, SCHEME, {"what": "A concern of kestrelhammer."})
    reference = lodge(desk, actor, contact="Nora Quetzalwing, 01632 960777", adjustments="gyrfalconpass")
    act(desk, cast.ruth, reference, CONTACT)
    say_in_room(desk, cast.omar, reference, "shared", "Nora Quetzalwing wrote to us.")
    say_in_room(desk, actor, reference, "shared", "Here it is.", file=Incoming("bitternfile.txt", b"bitternfile"))
    act(desk, cast.ruth, reference, SETTLED)
    send_waiting_notices(desk)
    return account, reference


def bytes_with(folder: Path, canary: str) -> list[str]:
    """The files in which a canary stands, in any way of writing."""
    ways = {canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be")}
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob("*"))
            if path.is_file() and (content := path.read_bytes()) and any(one in content for one in ways)]


def erase(desk, cast, account, *, all_of_it=True):
    number = asked_for(ask_for_person, desk, cast.olive, account, {"ground": "asked", "also": "kestrelhammer"})
    with desk.database.read() as session:
        goes = one_waiting(session, desk, cast.ops, number).goes
    ticked = [one.key for one in (*goes.naming, *goes.written)] if all_of_it else []
    decide(desk, cast.ops, number, agree=True, ticked=ticked)


@contextmanager
def patched_clearing() -> Iterator[None]:
    """The process dies right after the decision's transaction."""
    with pytest.MonkeyPatch.context() as killed:
        killed.setattr("breachdesk.casework.forgetting.erasing.clear_leftovers", lambda desk: 0)
        yield


@pytest.fixture(params=["DELETE", "WAL"])
def journal(request, monkeypatch):
    """Both ways in which SQLite keeps what is being written; ours goes by the version that it finds."""
    monkeypatch.setattr("breachdesk.store.engines.journal_mode", lambda: request.param)
    return request.param


def mode_of(desk):
    with desk.database.read() as session:
        return session.connection.exec_driver_sql("PRAGMA journal_mode").scalar().upper()


def test_no_canary_of_an_erased_person_is_left_in_any_byte(journal, desk, cast, tmp_path_factory):
    account, _ = nora(desk, cast)
    assert mode_of(desk) == journal
    assert (desk.data_path / "breachdesk.db-wal").exists() == (journal == "WAL")
    hidden = {one for one in CANARIES if not bytes_with(desk.data_path, one)}
    assert hidden == set(), "each was planted"

    erase(desk, cast, account)

    assert {one: found for one in CANARIES if (found := bytes_with(desk.data_path, one))} == {}
    kept = tmp_path_factory.mktemp("backup")
    with sqlite3.connect(desk.data_path / "breachdesk.db") as source, sqlite3.connect(kept / "backup.db") as target:
        source.backup(target)
    back_up(desk, BY_OPERATOR, kept / "backup.tar", "")
    assert [one for one in CANARIES if bytes_with(kept, one)] == []
    assert verify(desk).erased > 0


def test_what_was_interrupted_after_the_decision_is_finished_at_the_next_tick(journal, desk, cast):
    account, _ = nora(desk, cast)
    with patched_clearing():
        erase(desk, cast, account)
    assert bytes_with(desk.data_path, "bitternfile")

    clear_leftovers(desk)

    assert [one for one in CANARIES if bytes_with(desk.data_path, one)] == []
    with desk.database.read() as session:
        assert erasing.leftovers(session) == []


def test_while_somebody_reads_the_rewriting_waits_and_is_not_forgotten(journal, desk, cast, tmp_path, monkeypatch):
    account, _ = nora(desk, cast)
    # Each thing left over is tried five times; what lies between the tries is nothing to wait for here.
    monkeypatch.setattr("breachdesk.store.session.time.sleep", lambda seconds: None)
    event.listen(desk.database.engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=10"))
    with patched_clearing():
        erase(desk, cast, account)
    reader = sqlite3.connect(tmp_path / "breachdesk.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entries").fetchone()

    clear_leftovers(desk)

    with desk.database.read() as session:
        assert "database" in erasing.leftovers(session)
    reader.close()
    clear_leftovers(desk)
    assert [one for one in CANARIES if bytes_with(desk.data_path, one)] == []


def test_after_an_older_backup_was_restored_the_newer_log_says_what_is_to_be_erased_again(desk, cast, tmp_path_factory):
    account, reference = nora(desk, cast)
    other = lodge(desk, cast.ruth, what_happened="Anhingaword.", title="About an anhingaword")
    act(desk, cast.ruth, other, SETTLED)
    older = tmp_path_factory.mktemp("older")
    copytree(desk.data_path, older, dirs_exist_ok=True)
    erase(desk, cast, account)
    decide(desk, cast.ops, asked_for(ask_for_case, desk, cast.olive, other, {"ground": "ended"}), agree=True)
    with desk.database.read() as session:
        log = [json.dumps({"body": as_bytes(row.body).decode(), "hash": row.hash})
               for row in session.all(select(ENTRIES.c.body, ENTRIES.c.hash).order_by(ENTRIES.c.id))]
    restored = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(older)}), wall=desk.wall)

    assert erase_exported(restored, BY_OPERATOR, StringIO("\n".join(log))) > 0

    assert {one: found for one in (*CANARIES, "anhingaword", "Anhingaword") if (found := bytes_with(older, one))} == {}, reference
    assert verify(restored).erased > 0
    assert erase_exported(restored, BY_OPERATOR, StringIO("\n".join(log))) == 0
    with pytest.raises(Refused, match="Line 1 of the file is not a line of an exported log"):
        erase_exported(restored, BY_OPERATOR, StringIO("not a log"))
    restored.database.close()


@pytest.mark.parametrize("place", ["../breachdesk.db", "files/../breachdesk.db", "files/", "outbox/.", "secret_key", "/etc/hostname"])
def test_nothing_but_files_and_copies_of_mail_is_cleared_away_whoever_wrote_the_row(desk, place):
    before = {path.name for path in desk.data_path.iterdir()}
    desk.database.transact(lambda session: erasing.leave_over(session, [place], desk.wall()))

    clear_leftovers(desk)

    assert {path.name for path in desk.data_path.iterdir()} >= before


STEPS: Mapping[str, Callable[[Desk, Cast, str], object]] = {
    "contact": lambda desk, cast, reference: act(desk, cast.ruth, reference, CONTACT),
    "say": lambda desk, cast, reference: say_in_room(desk, cast.omar, reference, "shared", "About Ruth."),
    "file": lambda desk, cast, reference: say_in_room(desk, cast.ruth, reference, "shared", "A file.", file=Incoming("a.txt", b"Words.")),
    "withdraw": lambda desk, cast, reference: act(desk, cast.ruth, reference, SETTLED),
    "hold": lambda desk, cast, reference: held(desk, cast.olive, reference, {"kind": "legal", "reason": "Ruth says so.",
                                                                                "review_on": "2026-08-01"}),
    "lift": lambda desk, cast, reference: lifted(desk, cast.olive, reference, 1),
    "send": lambda desk, cast, reference: send_waiting_notices(desk),
    "tick": lambda desk, cast, reference: clear_leftovers(desk),
    "erase": lambda desk, cast, reference: erase(desk, cast, cast.ruth.account_id),
    "erase the case": lambda desk, cast, reference: decide(
        desk, cast.ops, asked_for(ask_for_case, desk, cast.olive, reference, {"ground": "ended"}), agree=True)}


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=14))
def test_at_whatever_moment_somebody_is_erased_the_record_is_whole_and_the_desk_goes_on(filled_file, steps):
    """Erasing is refused while the case goes on or is held; otherwise nothing that names her is left, whatever comes before and after."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "breachdesk.db").write_bytes(filled_file.read_bytes())
        desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": folder}), wall=StoppedClock())
        cast = Cast(desk)
        # A page that she has open: who she was when she came in.
        cast.ruth = cast.ruth
        ruth, reference = cast.ruth.account_id, lodge(desk, cast.ruth)
        closed, holds, free, erased = False, 0, False, False
        for step in steps:
            done = attempted(lambda step=step: STEPS[step](desk, cast, reference))
            if step.startswith("erase"):
                assert done == (closed and holds == free and not (erased and step == "erase")), step
            closed, holds, free = closed or (step == "withdraw" and done), holds + (step == "hold"), free or (step == "lift" and done)
            erased = erased or (step == "erase" and done)
            verify(desk)
            assert not erased or not named(desk, ruth)
        desk.database.close()


def attempted(work: Callable[[], object]) -> bool:
    """Whether it was done; a person who is gone does nothing any more."""
    try:
        work()
    except BreachdeskError:
        return False
    return True


def named(desk: Desk, account: int) -> bool:
    """Whether what was written before she was erased still names her."""
    with desk.database.read() as session:
        name = people.names_of(session, [account])[account]
        words = [one.value for one in erasing.words_of(session) if (one.subject, one.seq) in erasing.entries_by(session, account)]
    return name == "Ruth" or any("Ruth" in one for one in words)
