"""Receipts: mailed with what they are a receipt for, checked by the desk's public page and by a program that knows nothing of the desk."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import guards_down, lodge, served
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.audit.chain import leaf_of
from breachdesk.audit.receipt import read_receipt, unpacked
from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.log.log_keys import public_keys, rotate_key
from breachdesk.casework.log.receipts import check_receipt, proof_of, receipt_of
from breachdesk.casework.log.sealing import seal
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.errors import BadCheckpoint, LogBroken, NotFound, Refused
from breachdesk.store import sealed
from breachdesk.store.tables import EntryRow, table_of

VERIFIER = Path(__file__).parents[2] / "audit" / "verifier.py"


@pytest.fixture
def receipts(desk, cast):
    """A case of two entries, sealed; the receipt of each."""
    reference = lodge(desk, cast.ruth)
    act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "Notice was too short."}))
    seal(desk)
    with desk.database.read() as session:
        return [receipt_of(session, 1, seq) for seq in (1, 2)]


def checked(desk, text):
    with desk.database.read() as session:
        return check_receipt(session, text)


def test_a_receipt_holds_later_whatever_is_added_and_after_a_change_of_keys(desk, cast, receipts):
    for number in range(3):
        act(desk, cast.olive, "DD-2026-0001", Step("correct", {"entry": 1, "correction": f"It came by post {number}."}))
        seal(desk)
    rotate_key(desk, BY_OPERATOR)
    seal(desk)

    for one in receipts:
        found = checked(desk, one.text)
        assert (found.place, found.size) == (one.place, one.checkpoint.size)
        assert found.sealed_at == desk.wall()
        assert checked(desk, unpacked(one.packed)) == found


def test_an_independent_program_of_sixty_lines_accepts_it_and_nothing_else(desk, receipts, tmp_path):
    with desk.database.read() as session:
        key = str(public_keys(session)[0][0])
    file = tmp_path / "receipt.txt"

    def run(text):
        file.write_text(text, "utf-8")
        return subprocess.run([sys.executable, str(VERIFIER), str(file), key], capture_output=True, text=True, check=False)

    assert len(VERIFIER.read_text().splitlines()) <= 60
    assert run(receipts[1].text).stdout.strip() == str((receipts[1].place, receipts[1].checkpoint.size))
    for wrong in (receipts[1].text.replace(f"index {receipts[1].place}", f"index {receipts[0].place}"),
                  receipts[1].text.replace(str(receipts[1].checkpoint.size), str(receipts[1].checkpoint.size + 1)),
                  receipts[1].text.replace("extra ", "extra A", 1)):
        assert run(wrong).returncode != 0


def test_every_message_carries_the_receipt_of_what_it_tells_of(desk, cast):
    reference = lodge(desk, cast.ruth)
    send_waiting_notices(desk)

    mails = [path.read_text() for path in sorted((desk.data_path / "outbox").glob("*.eml"))]
    assert mails
    for mail in mails:
        import email
        import email.policy
        text = email.message_from_string(mail, policy=email.policy.default).get_content()
        receipt = read_receipt(text)
        assert checked(desk, text).place == receipt.place
        assert cast.ruth.name not in receipt.text
    with desk.database.read() as session:
        assert read_receipt(text).leaf == sealed_leaf(session, reference)


def sealed_leaf(session, reference):
    proof = proof_of(session, reference, 1)
    return leaf_of(proof.prev_hash, proof.body.encode())


def test_a_proof_says_what_the_receipt_is_a_receipt_for(desk, receipts):
    with desk.database.read() as session:
        proof = proof_of(session, "dd-2026-0001", 2)
        assert '"action":"acknowledge"' in proof.body
        assert leaf_of(proof.prev_hash, proof.body.encode()) == receipts[1].leaf
        assert proof_of(session, "desk", 1).seq == 1
        for reference, seq in (("DD-2026-0001", 99), ("DD-2026-0099", 1), ("", 1)):
            with pytest.raises(NotFound):
                proof_of(session, reference, seq)


def test_what_is_not_sealed_yet_has_no_receipt(desk, cast, receipts):
    act(desk, cast.olive, "DD-2026-0001", Step("correct", {"entry": 1, "correction": "It came by mail."}))

    with desk.database.read() as session:
        assert receipt_of(session, 1, 3) is None
        with pytest.raises(Refused, match="not sealed yet"):
            proof_of(session, "DD-2026-0001", 3)


def spoilt(receipt):
    """(what, the text, what is said)."""
    text = receipt.text
    lines = text.split("\n")
    other = base64.b64encode(bytes(32)).decode()
    yield "", "This is no receipt"
    yield "Hello", "This is no receipt"
    yield text[:120], "was damaged|no checkpoint|no receipt"
    yield "\n".join(lines[:3]), "no checkpoint"
    yield text.replace("index ", "index -"), "third line"
    yield text.replace("index ", "index ٣"), "third line"
    yield text.replace(lines[1], f"extra {other}"), "not among those that were signed"
    yield text.replace(lines[3], other), "not among those that were signed"
    yield text.replace(lines[3], "AAAA"), "was damaged"
    yield text.replace(f"index {receipt.place}", f"index {receipt.place + 1}"), "not among those that were signed"
    yield text.replace(f"\n{receipt.checkpoint.size}\n", f"\n{receipt.checkpoint.size + 1}\n"), "signature on the checkpoint .* is not good"
    yield text.replace("— 127", "— 128"), "is not signed by the key given"
    yield "x" * 30_000, "far too long"


def test_each_way_of_spoiling_a_receipt_has_its_own_sentence(desk, receipts):
    for text, said in spoilt(receipts[1]):
        with pytest.raises(BadCheckpoint, match=said):
            checked(desk, text)


def test_a_receipt_comes_whole_through_a_mail_program(desk, receipts):
    for text in (receipts[1].text.replace("\n", "\r\n"), f"Dear Ruth,\r\n\r\n{receipts[1].text}\n\nKind regards\n",
                 receipts[1].text.replace("\n", "  \n"), "\n".join(f"  {line}" for line in receipts[1].text.split("\n"))):
        assert checked(desk, text).place == receipts[1].place


@given(st.text(max_size=200))
def test_any_text_is_a_receipt_or_refused(text):
    for made in (lambda: read_receipt(text), lambda: read_receipt(f"c2sp.org/tlog-proof@v1\n{text}"), lambda: unpacked(text)):
        try:
            made()
        except BadCheckpoint as error:
            assert str(error)  # noqa: PT017  Either way is right, and a refusal has words.


def test_a_receipt_finds_out_a_desk_that_has_changed_its_log(desk, receipts):
    with desk.database.begin() as session:
        guards_down(session)
        tile = sealed.tile(session, 0, 0)
        sealed.put_tiles(session, {(0, 0): bytes(32) + tile[32:]})

    with pytest.raises(LogBroken, match="are not those that were signed"):
        checked(desk, receipts[0].text)


def test_a_receipt_finds_out_a_desk_whose_log_was_cut(tmp_path, desk, cast, receipts):
    old = (tmp_path / "breachdesk.db").read_bytes()
    act(desk, cast.olive, "DD-2026-0001", Step("correct", {"entry": 1, "correction": "It came by mail."}))
    seal(desk)
    with desk.database.read() as session:
        newest = receipt_of(session, 1, 3)
    desk.database.close()
    (tmp_path / "breachdesk.db").write_bytes(old)

    with pytest.raises(LogBroken, match="The receipt is good: .* the end of the log was cut off"):
        checked(desk, newest.text)


def test_the_public_page_checks_a_receipt_and_shows_the_key(desk, receipts):
    client = served(desk).test_client()
    page = client.get("/record").get_data(as_text=True)
    with desk.database.read() as session:
        key = str(public_keys(session)[0][0])

    assert key.replace("+", "&#43;") in page or key in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    good = client.post("/record", data={"csrf_token": token, "receipt": receipts[1].text})
    assert "The receipt holds" in good.get_data(as_text=True)
    bad = client.post("/record", data={"csrf_token": token, "receipt": "nothing"})
    assert bad.status_code == 422
    assert "This is no receipt" in bad.get_data(as_text=True)
    assert "The receipt holds" in client.get(f"/record?receipt={receipts[1].packed}").get_data(as_text=True)
    assert client.get("/record?receipt=AAAA").status_code == 422
    assert client.get("/record/checkpoint").get_data(as_text=True) == receipts[1].checkpoint.note


def test_no_entry_of_the_log_stands_on_a_receipt(desk, receipts):
    with desk.database.read() as session:
        bodies = [bytes(row.body) for row in session.all(table_of(EntryRow).select())]

    for one in receipts:
        assert not [body for body in bodies if body in one.text.encode()]
        assert len(one.text.splitlines()) < 20


@pytest.mark.parametrize("statement", [
    "UPDATE entries SET body = CAST(replace(CAST(body AS TEXT), '\"role\":\"', '\"role\":\"x') AS BLOB) WHERE subject = 1 AND seq = 2",
    "DELETE FROM entries WHERE subject = 1 AND seq = 2"])
def test_a_receipt_finds_out_an_entry_that_was_changed_under_an_untouched_tree(desk, receipts, statement):
    with desk.database.begin() as session:
        guards_down(session)
        session.connection.exec_driver_sql("DELETE FROM details")
        session.connection.exec_driver_sql(statement)

    with pytest.raises(LogBroken, match="The receipt is good, and its entry is not here as it was recorded"):
        checked(desk, receipts[1].text)
    assert checked(desk, receipts[0].text).place == receipts[0].place
    with desk.database.read() as session, pytest.raises((LogBroken, NotFound)):
        proof_of(session, "DD-2026-0001", 2)
