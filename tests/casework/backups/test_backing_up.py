"""A backup in one file: whole or not there, of one moment, and nobody's without the key."""

from __future__ import annotations

import hashlib
import stat
import threading
from io import BytesIO

import pytest
from conftest import StoppedClock, copied, lodge

from breachdesk.bootstrap import BY_OPERATOR, open_desk, restore_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.backups import enciphering
from breachdesk.casework.backups.backing_up import back_up
from breachdesk.casework.backups.backup_file import members, read_through
from breachdesk.casework.files import Incoming
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.rooms import say_in_room
from breachdesk.errors import BadBackup, Refused
from breachdesk.settings import read_settings

KEY = "a key that nobody would guess, of words"


def made(desk, tmp_path_factory, key=KEY, **other):
    path = tmp_path_factory.mktemp("backups") / "desk.backup"
    back_up(desk, BY_OPERATOR, path, key, **other)
    return path


@pytest.fixture
def case(desk, cast):
    reference = lodge(desk, cast.ruth)
    say_in_room(desk, cast.ruth, reference, "shared", "Here it is.", file=Incoming("ours.txt", b"Words in a file."))
    return reference


def content_of(path, key):
    return {name: content.read() for name, content in members(path, key)}


def test_everything_is_in_it_and_only_its_owner_reads_it(desk, case, tmp_path_factory):
    path = made(desk, tmp_path_factory)

    content = content_of(path, KEY)

    assert any(b"One month's notice for the carers' helpline" in one for one in content.values())
    assert [one for name, one in content.items() if name.startswith("files/")] == [b"Words in a file."]
    assert content["checkpoints.txt"] == (desk.data_path / "checkpoints.txt").read_bytes()
    assert not {"log-key", "secret_key"} & content.keys()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_who_is_signed_in_and_what_was_typed_meanwhile_is_not_in_it(desk, case, tmp_path_factory):
    names = content_of(made(desk, tmp_path_factory), KEY)

    assert [name for name in names if name.split("/")[1:2] in (["sessions"], ["mailed_links"], ["kept_forms"], ["tries"])] == []


def test_enciphered_nothing_in_it_can_be_read(desk, case, tmp_path_factory):
    raw = made(desk, tmp_path_factory).read_bytes()

    assert b"carers" not in raw
    assert b"accounts" not in raw
    assert raw != made(desk, tmp_path_factory).read_bytes()


def test_a_key_takes_the_time_and_memory_that_is_recommended_against_guessing(monkeypatch):
    monkeypatch.setattr(enciphering, "_scrypt", enciphering._scrypt.__wrapped__)
    out = BytesIO()

    enciphering.Enciphering(out, KEY)

    salt, check = out.getvalue()[-48:-32], out.getvalue()[-32:]
    # 32 MiB and a tenth of a second for each guess. A backup of yesterday opens by the same.
    assert hashlib.scrypt(KEY.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=64)[32:] == check


def test_the_keys_go_only_into_one_that_is_enciphered(desk, case, tmp_path_factory):
    (desk.data_path / "secret_key").write_text("words of the desk's own, and long enough")

    with pytest.raises(Refused, match="only into a backup that is enciphered"):
        made(desk, tmp_path_factory, "", with_keys=True)
    content = content_of(made(desk, tmp_path_factory, with_keys=True), KEY)

    assert {"log-key", "secret_key"} <= content.keys()


def test_a_file_that_is_there_stays_and_a_backup_that_fails_leaves_none(desk, case, tmp_path_factory):
    path = made(desk, tmp_path_factory)
    before = path.read_bytes()

    with pytest.raises(Refused, match="There is a file desk.backup already"):
        back_up(desk, BY_OPERATOR, path, KEY)

    def fail(done, total):
        raise OSError("the disk is full")
    with pytest.raises(OSError, match="full"):
        back_up(desk, BY_OPERATOR, path, KEY, force=True, progress=fail)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def cut(raw, at):
    return raw[:at]


def flipped(raw, at):
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1:]


@pytest.fixture(scope="module")
def whole(tmp_path_factory, filled_file):
    """The bytes of a backup that is whole, enciphered and not, by its key."""
    desk = copied(filled_file, tmp_path_factory.mktemp("desk"), StoppedClock())
    paths = {key: made(desk, tmp_path_factory, key) for key in (KEY, "")}
    desk.database.close()
    for key, path in paths.items():
        read_through(path, key)
    return {key: path.read_bytes() for key, path in paths.items()}


@pytest.mark.parametrize(("key", "harm", "at", "says"), [
    (KEY, cut, 80 + 65536 + 16, "cut off: its end is missing, after 65,632 bytes"),
    (KEY, cut, 100_000, "damaged or cut off: what begins at byte 65,632"),
    (KEY, cut, 40, "does not open the backup"),
    (KEY, flipped, 70_000, "was damaged: what begins at byte 65,632"),
    (KEY, flipped, 40, "does not open the backup"),
    (KEY, flipped, 10, "no backup of Breachdesk"),
    ("", cut, 100_352, "cut off"),
    ("", cut, 700, "cut off"),
    ("", flipped, 60_000, "is not what was put into it|damaged"),
    ("", flipped, 3, "no backup of Breachdesk"),
    ("", cut, 0, "no backup of Breachdesk")])
def test_what_was_damaged_or_cut_off_is_found_and_said(whole, tmp_path, key, harm, at, says):
    path = tmp_path / "desk.backup"
    path.write_bytes(harm(whole[key], at))

    with pytest.raises(BadBackup, match=says):
        read_through(path, key)


def test_another_key_and_none_each_get_their_own_sentence(desk, tmp_path_factory):
    path = made(desk, tmp_path_factory)

    with pytest.raises(BadBackup, match="This key does not open the backup"):
        read_through(path, KEY + "!")
    with pytest.raises(BadBackup, match="Give its key: BREACHDESK_BACKUP_KEY"):
        read_through(path, "")


def test_a_file_that_is_none_and_one_of_another_kind_each_get_their_own_sentence(desk, tmp_path):
    (tmp_path / "notes.txt").write_text("Notes of a talk. " * 1000)
    plain = tmp_path / "plain.backup"
    back_up(desk, BY_OPERATOR, plain)
    newer = tmp_path / "newer.backup"
    newer.write_bytes(plain.read_bytes().replace(b"breachdesk-backup/1", b"breachdesk-backup/2"))

    with pytest.raises(BadBackup, match="This is no backup of Breachdesk"):
        read_through(tmp_path / "notes.txt", "")
    with pytest.raises(BadBackup, match="is of the kind “breachdesk-backup/2”"):
        read_through(newer, "")


def test_it_is_of_one_moment_while_four_write(either_desk, cast, clock, tmp_path_factory):
    """Restored, its log is whole: each chain ends where the case's own row says, although entries were added all the time."""
    references = [lodge(either_desk, cast.ruth) for _ in range(4)]
    olive, stop, failed, all_write = cast.olive, threading.Event(), [], threading.Barrier(5)

    def write(reference):
        all_write.wait()
        while not stop.wait(0.01):
            try:
                act(either_desk, olive, reference, Step("correct", {"entry": 1, "correction": "It came by post."}))
            except Exception as error:
                failed.append(error)
    writers = [threading.Thread(target=write, args=(reference,)) for reference in references]
    for one in writers:
        one.start()
    all_write.wait()
    try:
        path = made(either_desk, tmp_path_factory)
    finally:
        stop.set()
        for one in writers:
            one.join()

    settings = read_settings({"BREACHDESK_DATA_DIR": str(tmp_path_factory.mktemp("restored"))})

    done = restore_desk(settings, path, KEY, accept_loss=True, wall=clock)

    assert failed == []
    assert read_through(path, KEY).says["rows"]["cases"] == 4
    restored = open_desk(settings, wall=clock)
    assert verify(restored).entries == done.entries
    restored.database.close()
