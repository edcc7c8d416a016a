"""Checkpoints: written and read as C2SP's signed notes, and every way of spoiling one has its own sentence."""

from __future__ import annotations

import base64
import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.audit.checkpoint import Signer, checkpoints_in, read_checkpoint, read_signer, read_verifier, require_signed, sign
from breachdesk.errors import BadCheckpoint

KEY, OTHER = Signer("desk.example/log", bytes(range(32))), Signer("desk.example/log", bytes(range(1, 33)))
ROOT = bytes(range(100, 132))
SIGNED = sign("desk.example/log", 7, ROOT, [KEY])

# The example of the specification (c2sp.org/signed-note, also Go's note package): its key and its signature, which another program made.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENIGMA = ("If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
          "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n")


def test_a_checkpoint_reads_as_it_was_written():
    assert SIGNED.note.splitlines()[:3] == ["desk.example/log", "7", base64.b64encode(ROOT).decode()]
    assert read_checkpoint(SIGNED.note) == SIGNED
    assert require_signed(SIGNED, [OTHER.verifier, KEY.verifier]) == KEY.verifier


def test_a_signature_that_another_program_made_is_good():
    key = read_verifier(PETER)

    assert str(key) == PETER
    text, _, signature = ENIGMA.partition("\n\n")
    Ed25519PublicKey.from_public_bytes(key.key).verify(base64.b64decode(signature.split()[2])[4:], f"{text}\n".encode())


def test_keys_read_as_they_are_written_and_the_private_one_is_never_shown():
    assert read_signer(KEY.written()) == KEY
    assert read_verifier(str(KEY.verifier)) == KEY.verifier
    assert "PRIVATE" not in repr(KEY)
    assert str(list(KEY.seed)[5]) not in repr(KEY)


def test_after_a_change_of_keys_both_sign():
    both = sign("desk.example/log", 8, ROOT, [KEY, OTHER])

    assert require_signed(both, [KEY.verifier]) == KEY.verifier
    assert require_signed(both, [OTHER.verifier]) == OTHER.verifier


def test_a_file_may_hold_many():
    more = [sign("desk.example/log", size, ROOT, [KEY]) for size in (1, 20, 300)]

    assert checkpoints_in("\n".join(one.note for one in more)) == more
    assert checkpoints_in("".join(one.note for one in more)) == more
    assert checkpoints_in("") == []


@pytest.mark.parametrize(("note", "said"), [
    ("", "no checkpoint"), ("hello", "no checkpoint"), (SIGNED.note.replace("\n7\n", "\n"), "no checkpoint"),
    (SIGNED.note.replace("— ", ""), "no checkpoint"), (SIGNED.note.rstrip(), "no checkpoint"), (SIGNED.note[:60], "no checkpoint"),
    (SIGNED.note.replace("\n7\n", "\n07\n"), "should be the number of entries"),
    (SIGNED.note.replace("\n7\n", "\n-7\n"), "should be the number of entries"),
    (SIGNED.note.replace("\n7\n", "\n٧\n"), "should be the number of entries"),
    (SIGNED.note.replace(base64.b64encode(ROOT).decode(), "AAAA"), "no root of a log")])
def test_what_is_no_checkpoint_is_said(note, said):
    with pytest.raises(BadCheckpoint, match=said):
        read_checkpoint(note)


def test_a_changed_text_is_no_longer_signed():
    with pytest.raises(BadCheckpoint, match="^The signature on the checkpoint of 8 entries is not good: its text was changed after it was "
                                            "signed, or it is a forgery.$"):
        require_signed(read_checkpoint(SIGNED.note.replace("\n7\n", "\n8\n")), [KEY.verifier])


def test_another_key_is_told_from_a_forgery():
    with pytest.raises(BadCheckpoint, match="^The checkpoint of 7 entries is not signed by the key given. It may be another desk's, or of "
                                            "before the key was changed.$"):
        require_signed(SIGNED, [OTHER.verifier])


def test_only_lines_that_begin_as_signatures_do_and_hold_one_are_looked_at():
    by_another = sign("desk.example/log", 7, ROOT, [OTHER]).note
    number = base64.b64encode(KEY.verifier.id).decode()
    others = f"{by_another}— witness.example nothing\n— witness.example AAAA\n"

    assert require_signed(read_checkpoint(f"{others}{KEY.signature(SIGNED.text)}"), [KEY.verifier]) == KEY.verifier
    for line in (KEY.signature(SIGNED.text).removeprefix("— "), f"— desk.example/log {number}\n"):
        with pytest.raises(BadCheckpoint, match="is not signed by the key given"):
            require_signed(read_checkpoint(f"{others}{line}"), [KEY.verifier])


@pytest.mark.parametrize("written", ["", "a", "a+b", "a+b+c", "a+00000000+AAAA", str(KEY.verifier)[:-4],
                                     str(KEY.verifier).replace("/log", "")])
def test_a_public_key_that_was_damaged_is_refused(written):
    with pytest.raises(BadCheckpoint):
        read_verifier(written)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    for read in (read_checkpoint, read_verifier, read_signer, checkpoints_in):
        with contextlib.suppress(BadCheckpoint):
            read(text)
