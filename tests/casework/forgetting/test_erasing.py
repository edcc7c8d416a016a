"""Erasing a person, or a case's words: two people, what stands in the way, what goes, what stays, and that the log is still whole."""

from __future__ import annotations

import pytest
from conftest import CONTACT, SCHEME, lodge

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.files import Incoming
from breachdesk.casework.files_fetched import fetch_file
from breachdesk.casework.forgetting.erasing import ask_for_case, ask_for_person, decide, one_waiting, waiting
from breachdesk.casework.forgetting.holds import lift_hold, set_hold
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.people.members import switch_account
from breachdesk.casework.procedures.publishing import allow_single_officer
from breachdesk.casework.rooms import say_in_room
from breachdesk.errors import NotFound, NotPermitted, Refused
from breachdesk.store import audit_log, erasing
from breachdesk.store.roles import account_row

ASKED = {"ground": "asked"}


def asked_for(ask, desk, actor, about, raw):
    """Ask for an erasure, of a person or a case; the number of that."""
    return desk.database.transact(lambda session: ask(session, desk, actor, about, raw))


def held(desk, actor, reference, raw):
    desk.database.transact(lambda session: set_hold(session, desk, actor, reference, raw))


def lifted(desk, actor, reference, number):
    desk.database.transact(lambda session: lift_hold(session, desk, actor, reference, number))


def closed_case(desk, cast, **other):
    """A complaint by Ruth, in which Omar's words name her, with a file; withdrawn."""
    reference = lodge(desk, cast.ruth, adjustments="Large print, please.", **other)
    act(desk, cast.ruth, reference, CONTACT)
    say_in_room(desk, cast.omar, reference, "shared", "We have spoken with Ruth about it.", file=Incoming("notes.txt", b"Notes of a talk."))
    act(desk, cast.ruth, reference, Step("withdraw", {"reason": "It is settled.", "reason_code": "settled"}))
    return reference


def person(desk, cast, name="ruth"):
    return getattr(cast, name).account_id


def words(desk, reference):
    with desk.database.read() as session:
        subject = next(one[0] for one in audit_log.chain_heads(session) if one[1] == reference)
        return {(one.seq, one.name): one.value for one in erasing.words_of(session, [subject])}


def test_one_asks_and_another_agrees(either_desk, cast):
    desk = either_desk
    closed_case(desk, cast)
    number = asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)

    with pytest.raises(Refused, match="You asked for it yourself"):
        decide(desk, cast.olive, number, agree=True)
    ruth = person(desk, cast)
    decide(desk, cast.ops, number, agree=True)

    with desk.database.read() as session:
        row = account_row(session, account_id=ruth)
    assert (row.name, row.email, row.active) == (f"Erased person {ruth}", f"erased-{ruth}@erased.invalid", False)
    assert verify(desk).erased > 0
    assert replay(desk).differences == ()
    with desk.database.read() as session:
        assert erasing.leftovers(session) == []


def test_in_single_officer_mode_one_person_does_both_and_the_log_says_so(desk, cast):
    closed_case(desk, cast)
    desk.database.transact(lambda session: allow_single_officer(session, desk, BY_OPERATOR, SCHEME, True))

    decide(desk, cast.olive, asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED), agree=True)

    with desk.database.read() as session:
        [body] = audit_log.desk_entries_called(session, "erasure:done")
    assert b'"single_officer":true' in body


def test_what_others_wrote_goes_only_when_it_was_ticked(desk, cast):
    reference = closed_case(desk, cast)
    number = asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)
    with desk.database.read() as session:
        goes = one_waiting(session, desk, cast.ops, number).goes
    [named] = [one for one in goes.naming if one.name == "words"]
    before = words(desk, reference)

    decide(desk, cast.ops, number, agree=True, ticked=[named.key])

    gone = before.keys() - words(desk, reference).keys()
    assert {name for _, name in gone} == {"words", "adjustments"}
    assert "what_happened" in {name for _, name in words(desk, reference)}


def test_who_decides_sees_of_a_text_no_more_than_they_may_read(desk, cast):
    reference = closed_case(desk, cast)
    number = asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)

    with desk.database.read() as session:
        coordinator = one_waiting(session, desk, cast.olive, number).goes
        operator = one_waiting(session, desk, cast.ops, number).goes

    assert any("spoken with Ruth" in one.says and reference in one.where for one in coordinator.naming)
    assert {one.says for one in operator.naming} == {""}
    assert not any(reference in one.where for one in operator.naming)


def test_a_case_that_goes_on_stands_in_the_way(desk, cast):
    reference = lodge(desk, cast.ruth)

    with pytest.raises(Refused, match=f"{reference} is open, and they take part in it"):
        asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)
    with pytest.raises(Refused, match=f"{reference} is open. Wait until it has closed"):
        asked_for(ask_for_case, desk, cast.olive, reference, ASKED)


def test_an_office_that_nobody_else_holds_stands_in_the_way(desk, cast):
    with pytest.raises(Refused, match="Nobody else is coordinator in Derby and Derbyshire Compact"):
        asked_for(ask_for_person, desk, cast.ops, person(desk, cast, "olive"), ASKED)


def test_nobody_erases_themselves(desk, cast):
    with pytest.raises(Refused, match="Nobody erases themselves"):
        asked_for(ask_for_person, desk, cast.olive, person(desk, cast, "olive"), ASKED)


def test_a_hold_stands_in_the_way_also_when_it_was_set_after_asking(desk, cast):
    reference = closed_case(desk, cast)
    number = asked_for(ask_for_case, desk, cast.olive, reference, ASKED)
    held(desk, cast.olive, reference, {"kind": "foi", "reason": "Request 12", "review_on": "2026-08-01"})

    with pytest.raises(Refused, match="is held: a request for information"):
        decide(desk, cast.ops, number, agree=True)
    with pytest.raises(Refused, match="is held: a request for information"):
        asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)
    assert words(desk, reference)

    lifted(desk, cast.olive, reference, 1)
    decide(desk, cast.ops, number, agree=True)
    assert not words(desk, reference)


def test_of_an_erased_case_the_story_is_left_and_no_word(either_desk, cast):
    desk = either_desk
    reference = closed_case(desk, cast)
    [file] = [seq for seq, name in words(desk, reference) if name == "file"]
    stored = list((desk.data_path / "files").iterdir())

    decide(desk, cast.ops, asked_for(ask_for_case, desk, cast.olive, reference, {"ground": "ended"}), agree=True)

    assert words(desk, reference) == {}
    assert not any(path.exists() for path in stored)
    with pytest.raises(Refused, match="The file was erased"):
        fetch_file(desk, cast.omar, reference, file)
    with desk.database.read() as session:
        page = case_page(session, desk, cast.ruth, reference)
    assert page.title == "The title was erased"
    assert page.timeline[0].title == "Personal information was erased"
    assert ("Why", "The time for keeping it has ended") in page.timeline[0].texts
    assert verify(desk).chains == 2
    assert replay(desk).differences == ()


def test_copies_of_mail_in_the_folder_go_with_whom_they_name(desk, cast):
    reference = closed_case(desk, cast)
    send_waiting_notices(desk)
    copies = {path: path.read_text() for path in (desk.data_path / "outbox").iterdir()}
    named = {path for path, text in copies.items() if "ruth" in text.casefold()}
    assert named
    assert named != copies.keys(), reference

    decide(desk, cast.ops, asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED), agree=True)

    assert {path for path in copies if not path.exists()} == named


def test_what_was_asked_for_can_be_refused_and_nothing_goes(desk, cast):
    reference = closed_case(desk, cast)
    before = words(desk, reference)
    number = asked_for(ask_for_case, desk, cast.olive, reference, ASKED)

    decide(desk, cast.ops, number, agree=False)

    assert words(desk, reference) == before
    with pytest.raises(NotFound):
        decide(desk, cast.ops, number, agree=True)


def test_an_erased_account_is_not_switched_on_again(desk, cast):
    ruth = person(desk, cast)
    decide(desk, cast.ops, asked_for(ask_for_person, desk, cast.olive, ruth, ASKED), agree=True)

    with pytest.raises(Refused, match="what is left of an account that was erased"):
        desk.database.transact(lambda session: switch_account(session, desk, cast.ops, ruth, on=True))


def test_what_was_asked_for_once_is_not_asked_for_again(desk, cast):
    reference = closed_case(desk, cast)
    asked_for(ask_for_case, desk, cast.olive, reference, ASKED)

    with pytest.raises(Refused, match="waits for somebody to decide"):
        asked_for(ask_for_case, desk, cast.olive, reference, ASKED)
    with desk.database.read() as session:
        assert [one.about for one in waiting(session, desk, cast.ops)] == [reference]


@pytest.mark.parametrize("name", ["ruth", "omar", "maya", "petra", "sid"])
def test_only_officers_have_anything_to_do_with_it(desk, cast, name):
    reference = closed_case(desk, cast)

    with pytest.raises(NotPermitted):
        asked_for(ask_for_case, desk, getattr(cast, name), reference, ASKED)
    with pytest.raises(NotPermitted):
        asked_for(ask_for_person, desk, getattr(cast, name), person(desk, cast), ASKED)


def with_files_of_others(desk, cast):
    """A closed case of Ruth's, in which Omar has added a text that names her, one that does not, and a PDF."""
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, CONTACT)
    for name, content in (("minutes.txt", b"Present: Ruth, Omar."), ("budget.txt", b"It was cut."), ("letter.pdf", b"%PDF-1.4 Ruth")):
        say_in_room(desk, cast.omar, reference, "shared", "Here it is.", file=Incoming(name, content))
    act(desk, cast.ruth, reference, Step("withdraw", {"reason": "It is settled.", "reason_code": "settled"}))
    return reference


def test_files_of_others_are_searched_for_the_name_and_what_cannot_be_searched_is_listed(desk, cast):
    reference = with_files_of_others(desk, cast)
    number = asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)

    with desk.database.read() as session:
        goes = one_waiting(session, desk, cast.olive, number).goes
        unknown = one_waiting(session, desk, cast.ops, number).goes

    assert [(one.where, one.says) for one in goes.naming if one.stored] == [
        (f"{reference}, entry 3, a file (txt)", "Present: Ruth, Omar.")]
    assert [one.where for one in goes.unread] == [f"{reference}, entry 5, a file (pdf)"]
    assert {(one.where, one.says) for one in unknown.listed if one.stored} == {("A file in a case that you do not see", "")}


def test_files_of_others_go_when_they_are_ticked(desk, cast):
    reference = with_files_of_others(desk, cast)
    number = asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)
    with desk.database.read() as session:
        goes = one_waiting(session, desk, cast.ops, number).goes

    decide(desk, cast.ops, number, agree=True, ticked=[one.key for one in goes.listed if one.stored])

    assert fetch_file(desk, cast.omar, reference, 4).content == b"It was cut."
    for seq in (3, 5):
        with pytest.raises(Refused, match="The file was erased"):
            fetch_file(desk, cast.omar, reference, seq)
    assert len(list((desk.data_path / "files").iterdir())) == 1


def test_a_pdf_of_a_case_that_they_have_nothing_to_do_with_is_not_listed(desk, cast):
    with_files_of_others(desk, cast)
    number = asked_for(ask_for_person, desk, cast.olive, person(desk, cast, "stella"), ASKED)

    with desk.database.read() as session:
        assert one_waiting(session, desk, cast.olive, number).goes.unread == ()
