"""A restored desk is the one that was backed up, says in its log what was lost, and does nothing twice: whichever database it was on."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework.backups.test_backing_up import KEY
from casework.forgetting.test_erasing import closed_case
from casework.log.test_sealing import keys_of
from casework.test_erased_for_good import CANARIES, bytes_with, erase, nora
from conftest import CONTACT, administer, lodge, settings_on

from breachdesk.audit.checkpoint import checkpoints_in, require_signed
from breachdesk.bootstrap import BY_OPERATOR, look_at_backup, open_desk, restore_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.backups.backing_up import back_up
from breachdesk.casework.backups.messages_held import release_messages
from breachdesk.casework.files import Incoming
from breachdesk.casework.forgetting.erasures_kept import FILE as ERASURES
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.receipts import check_receipt, receipt_of
from breachdesk.casework.log.replaying import replay_every_case
from breachdesk.casework.log.sealing import KEPT, seal
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.rooms import say_in_room
from breachdesk.casework.signing_in.sessions import Place, sign_in
from breachdesk.errors import LogBroken, Refused
from breachdesk.settings import read_settings
from breachdesk.store import copying, notices

CORRECT = Step("correct", {"entry": 1, "correction": "It came by post."})


@pytest.fixture
def backups(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture
def place(tmp_path_factory) -> Path:
    """The folder in which a desk is restored."""
    return tmp_path_factory.mktemp("restored")


def settings_at(place):
    return read_settings({"BREACHDESK_DATA_DIR": str(place)})


def everything(database):
    """Every row of every table that goes into a backup."""
    with copying.still(database) as session:
        return {shape[0]: list(copying.rows_of(session, shape)) for shape in copying.shapes()}


CHANGED = {"entries", "desk", "places", "tiles", "sealing", "checkpoints", "log_keys", "checkpoint_copies", "leftovers"}


def lived_in(desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, CONTACT)
    say_in_room(desk, cast.ruth, reference, "shared", "Here it is.", file=Incoming("ours.txt", b"Words in a file."))
    closed_case(desk, cast)
    return reference


def files_in(folder):
    return {one.name: one.read_bytes() for one in (folder / "files").iterdir()}


def handed_over(desk, place, *names):
    """What was kept of the old desk is put into the new folder."""
    for name in names or (KEPT, ERASURES, "log-key"):
        if (desk.data_path / name).exists():
            (place / name).write_bytes((desk.data_path / name).read_bytes())


@pytest.fixture
def other_settings(request, place):
    """Where a desk is restored: on each of the two databases."""
    if request.param == "sqlite":
        yield settings_at(place)
        return
    server = request.getfixturevalue("filled_on_postgres")
    administer(server, "CREATE DATABASE restored")
    yield settings_on(server, "restored", place)
    administer(server, "DROP DATABASE restored WITH (FORCE)")


@pytest.mark.parametrize("other_settings", ["sqlite", "postgres"], indirect=True)
def test_everything_comes_back_on_either_database_from_either(either_desk, cast, clock, backups, place, other_settings):
    reference = lived_in(either_desk, cast)
    back_up(either_desk, BY_OPERATOR, backups / "b", KEY)
    handed_over(either_desk, place)
    before = everything(either_desk.database)

    done = restore_desk(other_settings, backups / "b", KEY, wall=clock)

    assert done.looked.compared.lost == 0
    desk = open_desk(other_settings, wall=clock)
    after = everything(desk.database)
    assert {name for name in before if before[name] != after[name]} <= CHANGED
    assert after["entries"][:len(before["entries"])] == before["entries"]
    assert verify(desk).sealed == len(before["entries"]) + 1
    assert replay_every_case(desk)["faults"] == []
    assert files_in(place) == files_in(either_desk.data_path) != {}
    # New rows are numbered after the old ones.
    act(desk, cast.olive, reference, CORRECT)
    lodge(desk, cast.ruth)
    desk.database.close()


def restored(desk, cast, backups, place, clock, *, lose=True):
    """A case; a backup; three more entries, which are sealed; the backup is restored. The desk that it became, and the last checkpoint."""
    reference = lodge(desk, cast.ruth)
    back_up(desk, BY_OPERATOR, backups / "b")
    for _ in range(3 if lose else 0):
        act(desk, cast.olive, reference, CORRECT)
    last = seal(desk)
    handed_over(desk, place)
    restore_desk(settings_at(place), backups / "b", accept_loss=lose, wall=clock)
    return open_desk(settings_at(place), wall=clock), last.checkpoint if last else None


def test_one_that_is_older_than_what_was_signed_is_refused_and_says_what_would_be_lost(desk, cast, backups, place, clock):
    reference = lodge(desk, cast.ruth)
    back_up(desk, BY_OPERATOR, backups / "b")
    clock.move(days=2)
    act(desk, cast.olive, reference, CORRECT)
    seal(desk)
    handed_over(desk, place)

    with pytest.raises(Refused, match=r"made on Monday 2 March 2026, 09:00.*The last 1, written between Monday 2 March .* would be lost"):
        restore_desk(settings_at(place), backups / "b", wall=clock)
    assert not (place / "breachdesk.db").exists()


def test_with_nothing_to_compare_it_is_refused_until_somebody_owns_up(desk, cast, backups, place, clock):
    back_up(desk, BY_OPERATOR, backups / "b")

    with pytest.raises(Refused, match="Nothing outside the backup says how far the log went on"):
        restore_desk(settings_at(place), backups / "b", wall=clock)
    assert restore_desk(settings_at(place), backups / "b", accept_loss=True, wall=clock).looked.compared.lost is None


def test_a_checkpoint_that_somebody_kept_is_enough_to_find_that_it_is_older(desk, cast, backups, place, clock):
    lodge(desk, cast.ruth)
    back_up(desk, BY_OPERATOR, backups / "b")
    lodge(desk, cast.ruth)
    last = seal(desk).checkpoint
    (backups / "mail.txt").write_text(last.note)

    looked = look_at_backup(settings_at(place), backups / "b", "", [(last, backups / "mail.txt")])

    assert looked.compared.lost == 1
    assert "mail.txt knows of" in looked.compared.says[1]


def test_after_an_owned_up_loss_the_log_goes_on_under_another_name_and_is_whole(desk, cast, backups, place, clock):
    new, last = restored(desk, cast, backups, place, clock)

    act(new, cast.olive, "DD-2026-0001", CORRECT)
    done = seal(new)
    assert done.checkpoint.origin != last.origin
    assert verify(new, [done.checkpoint], keys_of(new)[:1]).outside == 1
    # Whoever has an older checkpoint can still compare; whoever has one of the part that was lost is told so, however long the log gets.
    with pytest.raises(LogBroken, match="a backup of 2 March 2026 was restored, as the log says itself"):
        verify(new, [last], keys_of(new))
    for _ in range(5):
        act(new, cast.olive, "DD-2026-0001", CORRECT)
    seal(new)
    with pytest.raises(LogBroken, match="as the log says itself"):
        verify(new, [last], keys_of(new))
    new.database.close()


def test_the_first_checkpoint_under_the_new_name_is_signed_by_the_old_key_too(desk, cast, backups, place, clock):
    old = keys_of(desk)[0]
    new, _ = restored(desk, cast, backups, place, clock, lose=False)
    last = checkpoints_in((place / KEPT).read_text())[-1]

    assert last.origin != old.name
    assert require_signed(last, [old]) == old
    new.database.close()


def test_without_owning_up_an_older_database_is_still_found(desk, cast, tmp_path, clock):
    lodge(desk, cast.ruth)
    seal(desk)
    desk.database.close()
    older = (tmp_path / "breachdesk.db").read_bytes()
    again = open_desk(settings_at(tmp_path), wall=clock)
    lodge(again, cast.ruth)
    seal(again)
    again.database.close()
    (tmp_path / "breachdesk.db").write_bytes(older)
    again = open_desk(settings_at(tmp_path), wall=clock)
    lodge(again, cast.ruth)

    with pytest.raises(LogBroken, match="this database is older than what was signed"):
        seal(again)
    again.database.close()


def test_a_receipt_from_the_lost_part_is_told_what_became_of_its_entry_and_an_older_entry_still_holds(desk, cast, backups, place, clock):
    reference = lodge(desk, cast.ruth)
    back_up(desk, BY_OPERATOR, backups / "b")
    act(desk, cast.olive, reference, CORRECT)
    seal(desk)
    with desk.database.read() as session:
        kept, lost = receipt_of(session, 1, 1), receipt_of(session, 1, 2)
    handed_over(desk, place)
    restore_desk(settings_at(place), backups / "b", accept_loss=True, wall=clock)
    new = open_desk(settings_at(place), wall=clock)

    with new.database.read() as session:
        assert check_receipt(session, kept.text).place == kept.place
        with pytest.raises(LogBroken, match="it was lost when a backup of 2 March 2026 was restored"):
            check_receipt(session, lost.text)
    new.database.close()


def test_who_was_erased_since_is_erased_again_and_stands_in_no_byte(desk, cast, backups, place, clock):
    account, _ = nora(desk, cast)
    back_up(desk, BY_OPERATOR, backups / "before")
    erase(desk, cast, account)
    back_up(desk, BY_OPERATOR, backups / "after")
    handed_over(desk, place)
    assert [one for one in CANARIES if (backups / "after").read_bytes().count(one.encode())] == []
    assert [one for one in ("Quetzalwing", "Zanzibarstrasse", "bitternfile") if one.encode() not in (backups / "before").read_bytes()] == []

    done = restore_desk(settings_at(place), backups / "before", accept_loss=True, wall=clock)

    assert done.owned_up.erased_again > 0
    assert {one: found for one in CANARIES if (found := bytes_with(place, one))} == {}
    new = open_desk(settings_at(place), wall=clock)
    assert verify(new).erased > 0
    assert replay_every_case(new)["faults"] == []
    new.database.close()


def test_what_was_erased_of_a_case_is_not_taken_from_a_later_one_with_its_number(desk, cast, backups, place, clock):
    """The case that was erased is lost with the rest, and another one gets its number and its reference."""
    back_up(desk, BY_OPERATOR, backups / "b")
    account, lost = nora(desk, cast)
    erase(desk, cast, account)
    handed_over(desk, place)
    restore_desk(settings_at(place), backups / "b", accept_loss=True, wall=clock)
    new = open_desk(settings_at(place), wall=clock)
    assert closed_case(new, cast) == lost
    back_up(new, BY_OPERATOR, backups / "c")
    again = place.with_name("again")
    again.mkdir()
    handed_over(new, again)
    new.database.close()

    done = restore_desk(settings_at(again), backups / "c", wall=clock)

    assert done.owned_up.erased_again == 0


def test_no_message_goes_out_until_an_operator_lets_it_and_nobody_is_signed_in(desk, cast, backups, place, clock):
    sign_in(desk, "ruth@desk.example", "practice-desk-2026", Place("192.0.2.7", "a browser"))
    new, _ = restored(desk, cast, backups, place, clock)

    assert everything(new.database)["notices"] != []
    assert send_waiting_notices(new) == 0
    with new.database.read() as session:
        waiting = len(notices.held(session))
        assert session.connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 0
    assert release_messages(new, BY_OPERATOR, drop=False) == waiting
    assert send_waiting_notices(new) > 0
    with pytest.raises(Refused, match="No messages are held back"):
        release_messages(new, BY_OPERATOR, drop=True)
    new.database.close()


def test_what_waits_can_be_dropped(desk, cast, backups, place, clock):
    new, _ = restored(desk, cast, backups, place, clock)

    release_messages(new, BY_OPERATOR, drop=True)

    assert send_waiting_notices(new) == 0
    new.database.close()


def test_where_something_is_nothing_is_restored(desk, cast, backups, place, clock):
    back_up(desk, BY_OPERATOR, backups / "b")
    (place / "files").mkdir()
    (place / "files" / "0").write_text("Somebody's.")

    with pytest.raises(Refused, match="There is a database here already"):
        restore_desk(settings_at(desk.data_path), backups / "b", accept_loss=True)
    with pytest.raises(Refused, match="holds files of cases"):
        restore_desk(settings_at(place), backups / "b", accept_loss=True)


def test_a_restore_that_fails_leaves_everything_as_it_was(desk, cast, backups, place, clock, monkeypatch):
    lived_in(desk, cast)
    back_up(desk, BY_OPERATOR, backups / "b")
    handed_over(desk, place)
    before = {one.name: one.read_bytes() for one in place.iterdir()}

    def fail(done, total):
        if done == total:
            raise OSError("the disk is full")
    with pytest.raises(OSError, match="full"):
        restore_desk(settings_at(place), backups / "b", wall=clock, progress=fail)

    assert {one.name: one.read_bytes() for one in place.iterdir()} == before


def test_words_that_were_changed_before_the_backup_are_found_when_it_is_restored(desk, cast, backups, place, clock):
    lodge(desk, cast.ruth)
    desk.database.transact(lambda session: session.connection.exec_driver_sql("UPDATE details SET value = 'forged' WHERE name = 'title'"))
    back_up(desk, BY_OPERATOR, backups / "b")
    handed_over(desk, place)

    with pytest.raises(LogBroken, match="the words for “title” were changed"):
        restore_desk(settings_at(place), backups / "b", wall=clock)
    assert not (place / "breachdesk.db").exists()
