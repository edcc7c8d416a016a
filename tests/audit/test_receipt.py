"""Receipts and witnesses: texts that come back through mails and addresses, whole or spoilt, each with its sentence."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from breachdesk.audit.checkpoint import Signer, Verifier, sign
from breachdesk.audit.merkle import node_hash
from breachdesk.audit.receipt import Receipt, read_receipt, require_receipt, unpacked
from breachdesk.audit.witness import request_to_witness, require_cosigned
from breachdesk.errors import BadCheckpoint

KEY = Signer("desk.example/log", bytes(range(32)))
LEFT, RIGHT = (sha256(one).digest() for one in (b"left", b"right"))
SIGNED = sign(KEY.name, 2, node_hash(LEFT, RIGHT), [KEY])
RECEIPT = Receipt(RIGHT, 1, (LEFT,), SIGNED)

NONE = "This is no receipt: it should begin with the line c2sp.org/tlog-proof@v1, and end with a signature. Copy all of it."


def said_of(work):
    with pytest.raises(BadCheckpoint) as found:
        work()
    return str(found.value)


def encoded(raw):
    return base64.b64encode(raw).decode()


def test_a_receipt_is_three_lines_a_path_and_the_checkpoint():
    assert RECEIPT.text == f"c2sp.org/tlog-proof@v1\nextra {encoded(RIGHT)}\nindex 1\n{encoded(LEFT)}\n\n{SIGNED.note}"
    assert read_receipt(RECEIPT.text) == RECEIPT
    assert require_receipt(RECEIPT, [KEY.verifier]) == KEY.verifier


def test_a_receipt_is_read_out_of_a_mail():
    mailed = "Keep this:\r\n\r\n" + RECEIPT.text.replace("\n", "  \r\n ") + "\r\n-- \r\nThe desk, 01632 960200\r\n"

    assert read_receipt(mailed) == RECEIPT


def test_a_receipt_for_the_only_entry_has_no_path():
    alone = Receipt(LEFT, 0, (), sign(KEY.name, 1, LEFT, [KEY]))

    assert read_receipt(alone.text) == alone
    assert require_receipt(alone, [KEY.verifier])


def test_a_receipt_goes_into_an_address_and_comes_out_again():
    assert unpacked(RECEIPT.packed) == RECEIPT.text
    assert RECEIPT.packed.replace("-", "").replace("_", "").isalnum()
    assert all(unpacked(Receipt(RIGHT, 10 ** more, (LEFT,), SIGNED).packed).count(f"index {10 ** more}\n") == 1 for more in range(8))


def test_an_address_that_was_cut_off_or_unfolds_to_too_much_is_no_receipt():
    whole = "The address does not hold a whole receipt: was it cut off?"

    assert said_of(lambda: unpacked("a")) == whole
    assert said_of(lambda: unpacked("ü")) == whole
    assert said_of(lambda: unpacked(base64.urlsafe_b64encode(b"not packed").decode())) == whole
    assert len(unpacked(base64.urlsafe_b64encode(zlib.compress(b"a" * 1_000_000)).decode())) == 20_000


@pytest.mark.parametrize(("old", "new", "said"), [
    ("c2sp", "c3sp", NONE),
    ("extra ", "more ", NONE),
    ("index ", "place ", NONE),
    ("index 1", "index -1", "The third line of the receipt should be the place of the entry, like “index 12”."),
    ("index 1", "index ١", "The third line of the receipt should be the place of the entry, like “index 12”."),
    ("index 1", f"index {'1' * 16}", "The third line of the receipt should be the place of the entry, like “index 12”."),
    (encoded(LEFT), "AAAA", "A line of the receipt was damaged: each should be 32 bytes in base64."),
    (encoded(LEFT), "A!AA", "A line of the receipt was damaged: each should be 32 bytes in base64."),
    (encoded(RIGHT), "AAAA", "A line of the receipt was damaged: each should be 32 bytes in base64."),
    ("\n\n", "\n" + "A" * 20_000 + "\n\n", "This is far too long for a receipt.")])
def test_a_spoilt_receipt_is_said_to_be_one(old, new, said):
    assert said_of(lambda: read_receipt(RECEIPT.text.replace(old, new))) == said


def test_the_longest_place_and_text_are_read():
    text = RECEIPT.text.replace("index 1", f"index {'1' * 15}")

    assert read_receipt(text).place == int("1" * 15)
    assert read_receipt(text + " " * (20_000 - len(text))).place == int("1" * 15)
    assert said_of(lambda: read_receipt("c2sp.org/tlog-proof@v1\nextra ")).startswith("This is no receipt")


def test_a_receipt_whose_entry_is_not_below_what_was_signed_does_not_hold():
    said = "The signature is good, but the entry on the receipt is not among those that were signed: a line was changed."

    for changed in (replace(RECEIPT, leaf=LEFT), replace(RECEIPT, place=0), replace(RECEIPT, path=(RIGHT,))):
        assert said_of(lambda changed=changed: require_receipt(changed, [KEY.verifier])) == said
    assert "is not signed by the key given" in said_of(lambda: require_receipt(RECEIPT, []))


# The witness of these tests, and what it answers.
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
KNOWN = Verifier("witness.example", WITNESS.public_key().public_bytes_raw(), b"\x04")
NO = "The witness has answered, and not signed the checkpoint with the key that BREACHDESK_WITNESS_KEY names."


def answer(at=1_772_442_000, text=SIGNED.text, name="witness.example", number=None, more=b""):
    raw = at.to_bytes(8, "big") + WITNESS.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    return f"— {name} {encoded((KNOWN.id if number is None else number) + raw + more)}"


def test_a_witness_is_told_what_it_knew_the_proof_and_the_checkpoint():
    assert request_to_witness(1, [LEFT, RIGHT], SIGNED) == (
        f"old 1\n{encoded(LEFT)}\n{encoded(RIGHT)}\n\n{SIGNED.note}".encode())


def test_the_line_by_which_a_witness_signed_is_found_among_others_with_its_moment():
    line = answer()

    assert require_cosigned(f"no signature at all\n{answer(name='other.example')}\n{line}\n", SIGNED, KNOWN) == (line, 1_772_442_000)


@pytest.mark.parametrize("spoilt", ["", answer(name="other.example"), answer(number=b"1234"), answer(more=b"0"),
                                    answer(text="another\n"), answer()[:-8]])
def test_an_answer_without_a_good_signature_is_none(spoilt):
    assert said_of(lambda: require_cosigned(spoilt, SIGNED, KNOWN)) == NO


def test_a_witness_whose_key_is_none_has_not_signed():
    broken = replace(KNOWN, key=b"short")

    assert said_of(lambda: require_cosigned(answer(number=broken.id), SIGNED, broken)) == NO
