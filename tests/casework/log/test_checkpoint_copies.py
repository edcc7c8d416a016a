"""Checkpoints leave the machine: to a file, by mail to people of both sectors, to a witness; what fails is kept, shown and tried again."""

from __future__ import annotations

import base64
import email
import email.policy
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from audit.consistency import is_consistent
from conftest import lodge
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from breachdesk.audit.checkpoint import Verifier, checkpoints_in, read_checkpoint
from breachdesk.audit.witness import COSIGNATURE
from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.desk import Outside
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.checkpoint_copies import add_reader, mail_checkpoint, outer, remove_reader, send_copies
from breachdesk.casework.log.log_keys import public_keys
from breachdesk.casework.log.record_state import check_record, state_of_record
from breachdesk.casework.log.sealing import kept_file, seal
from breachdesk.errors import Invalid, NotFound
from breachdesk.store import sealed


class Witness(BaseHTTPRequestHandler):
    """A witness as C2SP describes it: it keeps one checkpoint, and signs one that it is shown to go on from there."""

    known: tuple[int, bytes] = (0, b"")
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    verifier = Verifier("witness.example", key.public_key().public_bytes_raw(), COSIGNATURE)
    answers_with = 200

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        head, _, note = body.partition("\n\n")
        old, *proof = head.split("\n")
        checkpoint, cls = read_checkpoint(note), type(self)
        size = int(old.removeprefix("old "))
        if cls.answers_with != 200:
            return self._say(cls.answers_with, "no")
        if size != cls.known[0]:
            return self._say(409, str(cls.known[0]))
        path = [base64.b64decode(one) for one in proof]
        if size and not is_consistent(*cls.known, checkpoint.size, checkpoint.root, path):
            return self._say(422, "these two do not fit")
        cls.known = checkpoint.size, checkpoint.root
        at = 1_770_000_000
        signed = self.key.sign(f"cosignature/v1\ntime {at}\n{checkpoint.text}".encode())
        line = base64.b64encode(self.verifier.id + at.to_bytes(8, "big") + signed).decode()
        return self._say(200, f"— {self.verifier.name} {line}\n")

    def _say(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def witness():
    """A running witness that has seen nothing; its class."""
    class Own(Witness):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    Own.url = f"http://127.0.0.1:{server.server_port}"
    yield Own
    server.shutdown()
    server.server_close()


def more(desk, cast, words):
    act(desk, cast.olive, "DD-2026-0001", Step("correct", {"entry": 1, "correction": words}))
    return seal(desk).checkpoint


def keys_of(desk):
    with desk.database.read() as session:
        return [key for key, *_ in public_keys(session)]


def state(desk):
    with desk.database.read() as session:
        return state_of_record(session, desk)


def test_a_file_elsewhere_holds_every_checkpoint_that_reached_it(tmp_path, desk, cast):
    desk = replace(desk, outside=Outside(file=str(tmp_path / "elsewhere.txt")))
    lodge(desk, cast.ruth)
    first = seal(desk).checkpoint
    send_copies(desk)
    send_copies(desk)
    second = more(desk, cast, "It came by mail.")
    send_copies(desk)

    kept = checkpoints_in((tmp_path / "elsewhere.txt").read_text())
    assert kept == [first, second]
    assert verify(desk, kept, keys_of(desk)).outside == 2
    with desk.database.read() as session:
        assert (outer(session).size, outer(session).waits_since) == (second.size, None)


def test_a_file_that_knows_more_than_the_database_raises_an_alarm(tmp_path, desk, cast):
    desk = replace(desk, outside=Outside(file=str(tmp_path / "elsewhere.txt")))
    lodge(desk, cast.ruth)
    seal(desk)
    old = (tmp_path / "breachdesk.db").read_bytes()
    more(desk, cast, "It came by mail.")
    send_copies(desk)
    desk.database.close()
    (tmp_path / "breachdesk.db").write_bytes(old)
    send_copies(desk)

    assert "the database is older than the file" in state(desk).alarms[0]


def test_people_who_keep_them_are_mailed_each_new_one_once(desk, cast):
    lodge(desk, cast.ruth)
    seal(desk)
    add_reader(desk, BY_OPERATOR, "Chair of the voluntary sector", "chair@hillfoot.example", "voluntary")
    add_reader(desk, BY_OPERATOR, "Auditor of the council", "audit@amberdale.example", "statutory")

    newest = more(desk, cast, "It came by mail.")

    assert [mail_checkpoint(desk)["sent"], mail_checkpoint(desk)["sent"]] == [2, 0]
    mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in (desk.data_path / "outbox").glob("*.eml")]
    assert len(mails) == 2
    assert all(newest.note in mail.get_content() for mail in mails)
    remove_reader(desk, BY_OPERATOR, "chair@hillfoot.example")
    more(desk, cast, "It came by fax.")
    assert mail_checkpoint(desk)["sent"] == 1


@pytest.mark.parametrize(("name", "address", "sector", "field"), [
    ("", "a@b.example", "voluntary", "name"), ("A", "a@b.example, c@d.example", "voluntary", "address"),
    ("A", "nobody", "voluntary", "address"), ("A", "a@b.example\nBcc: c@d.example", "voluntary", "address"),
    ("A", "a@b.example", "church", "sector")])
def test_somebody_who_cannot_be_mailed_is_refused_by_field(desk, name, address, sector, field):
    with pytest.raises(Invalid) as found:
        add_reader(desk, BY_OPERATOR, name, address, sector)
    assert list(found.value.fields) == [field]


def test_nobody_is_added_twice_or_removed_who_is_not_there(desk):
    add_reader(desk, BY_OPERATOR, "A", "a@b.example", "voluntary")

    with pytest.raises(Invalid, match="already"):
        add_reader(desk, BY_OPERATOR, "A", "a@b.example", "voluntary")
    with pytest.raises(NotFound):
        remove_reader(desk, BY_OPERATOR, "c@d.example")


def test_a_witness_signs_what_goes_on_from_what_it_knows(desk, cast, witness):
    desk = replace(desk, outside=Outside(witness_url=witness.url, witness_key=str(witness.verifier)))
    lodge(desk, cast.ruth)
    seal(desk)
    send_copies(desk)
    newest = more(desk, cast, "It came by mail.")
    send_copies(desk)

    assert witness.known == (newest.size, newest.root)
    assert kept_file(desk).read_text().count("— witness.example ") == 2
    assert checkpoints_in(kept_file(desk).read_text())[-1].size == newest.size
    # Sealing reads that file, and goes on.
    assert more(desk, cast, "It came by fax.").size > newest.size
    assert verify(desk, checkpoints_in(kept_file(desk).read_text()), keys_of(desk)).outside == 5


def test_a_witness_that_knows_less_says_so_and_is_told_more(desk, cast, witness):
    desk = replace(desk, outside=Outside(witness_url=witness.url, witness_key=str(witness.verifier)))
    lodge(desk, cast.ruth)
    seal(desk)
    send_copies(desk)
    known, witness.known = witness.known, (0, b"")
    newest = more(desk, cast, "It came by mail.")
    send_copies(desk)

    assert known != witness.known == (newest.size, newest.root)
    assert state(desk).alarms == ()


@pytest.mark.parametrize(("status", "said"), [(422, "The witness has refused: 422"), (500, "The witness has refused: 500"),
                                              (409, "The witness has refused: 409")])
def test_a_witness_that_refuses_is_an_alarm_and_tried_again(desk, cast, witness, status, said):
    desk = replace(desk, outside=Outside(witness_url=witness.url, witness_key=str(witness.verifier)))
    lodge(desk, cast.ruth)
    seal(desk)
    witness.answers_with = status
    send_copies(desk)
    assert said in state(desk).alarms[0]

    witness.answers_with = 200
    send_copies(desk)
    assert state(desk).alarms == ()


def test_a_split_view_is_refused_by_the_witness(tmp_path, desk, cast, witness):
    desk = replace(desk, outside=Outside(witness_url=witness.url, witness_key=str(witness.verifier)))
    lodge(desk, cast.ruth)
    seal(desk)
    kept_before, old = kept_file(desk).read_bytes(), (tmp_path / "breachdesk.db").read_bytes()
    more(desk, cast, "It came by mail.")
    send_copies(desk)
    desk.database.close()
    # Whoever has the key goes back and writes another history, which they show to others.
    (tmp_path / "breachdesk.db").write_bytes(old)
    kept_file(desk).write_bytes(kept_before)
    more(desk, cast, "It came by fax.")
    more(desk, cast, "It came by telegram.")
    send_copies(desk)

    assert "The witness has refused: 422" in state(desk).alarms[0]


def test_a_witness_with_another_key_or_nobody_there_is_said(desk, cast, witness):
    lodge(desk, cast.ruth)
    seal(desk)
    other = Verifier("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw(), COSIGNATURE)
    for outside, said in ((Outside(witness_url=witness.url, witness_key=str(other)), "not signed the checkpoint with the key"),
                          (Outside(witness_url="http://127.0.0.1:9", witness_key=str(other)), "could not be reached"),
                          (Outside(witness_url=witness.url, witness_key="x"), "no public key of a witness")):
        send_copies(replace(desk, outside=outside))
        assert said in state(desk).alarms[0]


def test_the_state_is_one_line_for_a_coordinator(desk, cast, clock):
    assert state(desk).line == "The record has not been sealed yet; that happens within a minute while the desk is served."
    lodge(desk, cast.ruth)
    seal(desk)
    assert state(desk).line.endswith("sealed 0 seconds ago.")
    assert check_record(desk)["fault"] == ""


def test_what_waits_too_long_to_be_sealed_is_an_alarm(desk, cast, clock):
    lodge(desk, cast.ruth)
    seal(desk)
    act(desk, cast.olive, "DD-2026-0001", Step("correct", {"entry": 1, "correction": "It came by mail."}))
    assert state(desk).alarms == ()
    clock.move(minutes=16)

    assert state(desk).alarms[0].startswith("Entries of the log have waited 16 minutes to be sealed.")
    with desk.database.read() as session:
        assert sealed.oldest_waiting(session, 0) is not None
