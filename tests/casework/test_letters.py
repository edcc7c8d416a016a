"""Whoever has no account gets the words of the mail as a letter: printed, posted, noted; and the coordinator sees what is to be posted."""

from __future__ import annotations

from datetime import date

import pytest
from casework.test_masking import named_in
from conftest import COMPLAINT, SCHEME, Cast, StoppedClock, lodge, tell

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.case_page import case_page
from breachdesk.casework.desk import Desk
from breachdesk.casework.letters import Letter, ToPost, letters_of, note_posted, to_be_posted
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.open_case import open_case
from breachdesk.casework.people.accounts import NewAccount, add_account_within, add_organisation, hash_password
from breachdesk.errors import Invalid, NotFound, NotPermitted
from breachdesk.identity import Actor

PAPER = "Mossbank Lunch Club"


def waiting(desk: Desk, actor: Actor) -> list[ToPost]:
    with desk.database.read() as session:
        return to_be_posted(session, desk, actor)


def letter(desk: Desk, actor: Actor, reference: str, seq: int) -> Letter:
    with desk.database.read() as session:
        [one] = letters_of(session, desk, actor, reference, seq).letters
    return one


def test_a_letter_has_the_words_of_the_mail_what_was_written_and_what_can_be_done(desk: Desk, cast: Cast, paper_case: str) -> None:
    [one] = waiting(desk, cast.olive)
    found = letter(desk, cast.olive, paper_case, one.seq)

    assert (one.to, one.seq) == (PAPER, 1)
    assert found.subject == f"We have your complaint ({paper_case})"
    assert found.says.startswith("Your complaint about Amberdale Council is with the coordinator.")
    assert found.address == "Mrs Dale, 4 Mill Lane"
    assert dict(found.written)["What happened?"] == COMPLAINT["what_happened"]
    assert any("Record your contact" in step for step in found.can_do)


def test_what_was_posted_is_noted_in_the_log_and_waits_no_longer(desk: Desk, cast: Cast, clock: StoppedClock, paper_case: str) -> None:
    clock.move(days=1)
    note_posted(desk, cast.olive, paper_case, 1, "2026-03-03")
    note_posted(desk, cast.olive, paper_case, 1, "2026-03-03")

    assert waiting(desk, cast.olive) == []
    assert letter(desk, cast.olive, paper_case, 1).posted_on == date(2026, 3, 3)
    with desk.database.read() as session:
        said = [dict(step.texts) for step in case_page(session, desk, cast.olive, paper_case).timeline if step.event == "notice:posted"]
    assert said == [{"Posted on": "Tuesday 3 March 2026", "About": "Entry 1"}]
    verify(desk)


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-09", "", "soon"])
def test_a_day_on_which_it_cannot_have_been_posted_is_refused(desk: Desk, cast: Cast, paper_case: str, day: str) -> None:
    with pytest.raises(Invalid) as wrong:
        note_posted(desk, cast.olive, paper_case, 1, day)

    assert set(wrong.value.fields) == {"posted_on"}


def test_letters_are_the_coordinators(desk: Desk, cast: Cast, paper_case: str) -> None:
    tell(desk, cast.olive, paper_case)

    assert waiting(desk, cast.omar) == []
    with pytest.raises(NotPermitted):
        letter(desk, cast.omar, paper_case, 1)
    with pytest.raises(NotFound):
        letter(desk, cast.stella, paper_case, 1)
    with pytest.raises(NotFound):
        letter(desk, cast.olive, paper_case, 99)


def test_nothing_is_posted_to_those_whom_mail_reaches(desk: Desk, cast: Cast) -> None:
    tell(desk, cast.ruth, lodge(desk, cast.ruth))

    assert waiting(desk, cast.olive) == []


def test_a_side_that_is_told_nothing_yet_gets_no_letter(desk: Desk, cast: Cast) -> None:
    desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, "Tarn Parish Council", "statutory"))
    reference = lodge(desk, cast.ruth, respondents=["tarn-parish-council"])
    assert waiting(desk, cast.olive) == []

    tell(desk, cast.ruth, reference)

    assert [one.to for one in waiting(desk, cast.olive)] == ["Tarn Parish Council"]


def test_a_letter_to_the_other_side_names_no_one_who_is_unnamed(desk: Desk, cast: Cast) -> None:
    desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, "Tarn Parish Council", "statutory"))
    reference = open_case(desk, cast.ruth, SCHEME, {**COMPLAINT, "respondents": ["tarn-parish-council"], "identity": "shielded",
                                                    "what_happened": "Riverside Carers got a letter."}).reference
    tell(desk, cast.olive, reference)

    [one] = waiting(desk, cast.olive)
    found = letter(desk, cast.olive, reference, one.seq)

    assert named_in(repr(found)) == []
    assert found.says.startswith("The organisation that complains believes that Tarn Parish Council has not kept")


def test_once_somebody_there_has_an_account_mail_goes_on_and_what_was_mailed_is_not_posted(
        desk: Desk, cast: Cast, paper_case: str) -> None:
    password = hash_password("practice-desk-2026")
    new = NewAccount("dale@desk.example", "Mrs Dale", ("mossbank-lunch-club",), (), SCHEME, "")
    desk.database.transact(lambda session: add_account_within(session, desk, BY_OPERATOR, new, password))

    assert waiting(desk, cast.olive) == []
    assert send_waiting_notices(desk) > 0
