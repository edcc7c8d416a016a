"""Rooms: who reads and says what where, what is released, and what is gone after a case has closed."""

from __future__ import annotations

import pytest
from conftest import act_declared, declare_none, lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.forgetting.notes_gone import let_notes_go
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.rooms import open_room, release, say_in_room
from breachdesk.casework.rooms_shown import room_page, rooms_of
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.store.cases import read_case

EVERYBODY = ("ruth", "omar", "hana", "stella", "olive", "maya", "alma", "petra", "piers", "pia", "paula", "sid", "sara", "ops")
FRIEND_NAMED, PANEL_THERE = 5, 8


@pytest.fixture
def reference(request, cast):
    """A case with a critical friend: Maya."""
    used = request.getfixturevalue("either_desk" if "either_desk" in request.fixturenames else "desk")
    found = lodge(used, cast.ruth)
    take(used, cast, found, TO_THE_PANEL[:FRIEND_NAMED])
    return found


def to_the_panel(desk, cast, reference):
    take(desk, cast, reference, TO_THE_PANEL[FRIEND_NAMED:])
    declare_none(desk, cast.sid, reference)


def party(desk, reference, side):
    with desk.database.read() as session:
        return next(one.id for one in read_case(session, reference=reference, to_change=False).parties if one.side == side)


def room(desk, reference, side="complainant"):
    return f"party-{party(desk, reference, side)}"


def heard(desk, actor, reference):
    """Everything that somebody reads in the rooms of a case."""
    with desk.database.read() as session:
        return {line.slug: [one.words for one in room_page(session, desk, actor, reference, line.slug).messages]
                for line in rooms_of(session, desk, actor, reference)}


def readers(desk, cast, reference, words):
    return {name for name in EVERYBODY if any(words in said for said in heard(desk, getattr(cast, name), reference).values())}


def test_what_is_said_to_the_critical_friend_is_read_by_that_side_and_the_critical_friend_alone(either_desk, cast, reference):
    say_in_room(either_desk, cast.ruth, reference, room(either_desk, reference), "canary-ruth")
    say_in_room(either_desk, cast.maya, reference, room(either_desk, reference, "respondent"), "canary-to-omar")
    to_the_panel(either_desk, cast, reference)

    assert readers(either_desk, cast, reference, "canary-ruth") == {"ruth", "maya"}
    assert readers(either_desk, cast, reference, "canary-to-omar") == {"omar", "alma", "paula", "sara", "maya"}


def test_the_shared_room_is_read_by_everybody_in_the_case_and_the_panels_by_the_panel(desk, cast, reference):
    to_the_panel(desk, cast, reference)
    say_in_room(desk, cast.omar, reference, "shared", "canary-shared")
    say_in_room(desk, cast.pia, reference, "panel", "canary-panel")

    assert readers(desk, cast, reference, "canary-shared") == set(EVERYBODY) - {"hana", "stella", "ops"}
    assert readers(desk, cast, reference, "canary-panel") == {"petra", "piers", "pia"}


def test_a_room_that_somebody_may_not_know_of_is_not_there_for_them(desk, cast, reference):
    for actor, slug in ((cast.omar, room(desk, reference)), (cast.olive, room(desk, reference)), (cast.ruth, "panel"),
                        (cast.ruth, "notes"), (cast.olive, "notes"), (cast.stella, "shared"), (cast.maya, "party-999")):
        with pytest.raises(NotFound):
            say_in_room(desk, actor, reference, slug, "Hello.")
        with desk.database.read() as session, pytest.raises(NotFound):
            room_page(session, desk, actor, reference, slug)


def test_a_message_makes_nobodys_page_old(desk, cast, reference):
    with desk.database.read() as session:
        seen = case_page(session, desk, cast.maya, reference).version
    say_in_room(desk, cast.ruth, reference, "shared", "Something meanwhile.")

    act_declared(desk, cast.maya, reference, Step("record_meeting", {"met_on": "2026-03-02", "with": "both"}, seen_version=seen))


def test_a_message_that_is_sent_twice_is_said_once(desk, cast, reference):
    for _ in range(2):
        say_in_room(desk, cast.ruth, reference, "shared", "Once.", key="one-form")

    assert heard(desk, cast.ruth, reference)["shared"] == ["Once."]


@pytest.mark.parametrize("words", ["", "   \n", "x" * 20_001, "a\x00b"])
def test_words_that_cannot_be_kept_are_refused_by_name(desk, cast, reference, words):
    with pytest.raises(Invalid) as wrong:
        say_in_room(desk, cast.ruth, reference, "shared", words)

    assert list(wrong.value.fields) == ["words"]


def test_the_record_is_whole_with_everything_that_was_said(either_desk, cast, reference):
    say_in_room(either_desk, cast.ruth, reference, room(either_desk, reference), "One.")
    said = say_in_room(either_desk, cast.ruth, reference, room(either_desk, reference), "Two.")
    release(either_desk, cast.ruth, reference, said.room, said.seq, "shared")
    say_in_room(either_desk, cast.maya, reference, "notes", "Three.")

    assert verify(either_desk).erased == 0


def test_after_closing_rooms_are_only_read(desk, cast, reference):
    said = say_in_room(desk, cast.ruth, reference, room(desk, reference), "Before the end.")
    act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "capacity"}))

    assert heard(desk, cast.ruth, reference)[said.room] == ["Before the end."]
    for do in (lambda: say_in_room(desk, cast.ruth, reference, "shared", "After it."),
               lambda: release(desk, cast.ruth, reference, said.room, said.seq, "shared")):
        with pytest.raises(Refused, match="has closed"):
            do()


def test_what_is_released_to_the_panel_is_read_by_the_panel_and_by_nobody_else_who_did_not_read_it_before(desk, cast, reference):
    said = say_in_room(desk, cast.ruth, reference, room(desk, reference), "canary-released")
    to_the_panel(desk, cast, reference)
    assert readers(desk, cast, reference, "canary-released") == {"ruth", "maya"}

    release(desk, cast.ruth, reference, said.room, said.seq, "panel")

    assert readers(desk, cast, reference, "canary-released") == {"ruth", "maya", "petra", "piers", "pia"}
    with pytest.raises(Refused, match="released there before"):
        release(desk, cast.ruth, reference, said.room, said.seq, "panel")


def test_only_the_side_that_said_it_releases_it(desk, cast, reference):
    mine = say_in_room(desk, cast.ruth, reference, room(desk, reference), "Ruth's.")
    hers = say_in_room(desk, cast.maya, reference, room(desk, reference), "Maya's.")

    with pytest.raises(Refused, match="Only the organisation that said it"):
        release(desk, cast.maya, reference, mine.room, mine.seq, "shared")
    for actor in (cast.ruth, cast.maya):
        with pytest.raises(Refused, match="stays in the room"):
            release(desk, actor, reference, hers.room, hers.seq, "shared")
    with pytest.raises(NotFound):
        release(desk, cast.omar, reference, mine.room, mine.seq, "shared")
    with pytest.raises(Invalid):
        release(desk, cast.ruth, reference, mine.room, mine.seq, "friend")


def test_a_colleague_releases_what_the_party_said(desk, cast, reference):
    said = say_in_room(desk, cast.omar, reference, room(desk, reference, "respondent"), "From Omar.")

    release(desk, cast.paula, reference, said.room, said.seq, "shared")

    assert "From Omar." in heard(desk, cast.ruth, reference)["shared"]


def replaced(desk, cast, reference):
    """Maya stands back and Nadia takes over."""
    act_declared(desk, cast.maya, reference, Step("step_down", {"reason": "I am ill."}))
    act_declared(desk, cast.olive, reference, Step("replace_critical_friend", {
        "critical_friend": "nadia@desk.example", "mode": "mediator", "declared": True}))


def test_a_new_critical_friend_reads_what_was_said_before_only_once_the_party_has_opened_its_room(either_desk, cast, reference, nadia):
    slug = room(either_desk, reference)
    say_in_room(either_desk, cast.ruth, reference, slug, "canary-to-maya")
    say_in_room(either_desk, cast.maya, reference, "notes", "canary-note")
    replaced(either_desk, cast, reference)
    say_in_room(either_desk, cast.ruth, reference, slug, "canary-to-nadia")

    assert heard(either_desk, cast.nadia, reference)[slug] == ["canary-to-nadia"]
    assert heard(either_desk, cast.nadia, reference)["notes"] == []
    assert heard(either_desk, cast.maya, reference) == {}
    for actor in (cast.nadia, cast.omar):
        with pytest.raises((NotPermitted, NotFound)):
            open_room(either_desk, actor, reference, slug, cast.nadia.account_id)

    open_room(either_desk, cast.ruth, reference, slug, cast.nadia.account_id)

    assert heard(either_desk, cast.nadia, reference)[slug] == ["canary-to-maya", "canary-to-nadia"]
    assert heard(either_desk, cast.nadia, reference)["notes"] == []
    with pytest.raises(Refused, match="nobody"):
        open_room(either_desk, cast.ruth, reference, slug, cast.nadia.account_id)


def test_nobody_is_talked_to_who_is_not_there(desk, cast, reference):
    act_declared(desk, cast.maya, reference, Step("step_down", {"reason": "I am ill."}))

    with pytest.raises(Refused, match="no critical friend"):
        say_in_room(desk, cast.ruth, reference, room(desk, reference), "Hello?")


def test_a_critical_friends_notes_are_gone_20_working_days_after_the_case_has_closed(either_desk, cast, clock, reference):
    say_in_room(either_desk, cast.maya, reference, "notes", "canary-note")
    say_in_room(either_desk, cast.ruth, reference, room(either_desk, reference), "canary-kept")
    act(either_desk, cast.ruth, reference, Step("withdraw", {"reason_code": "capacity"}))
    clock.move(days=28)
    assert let_notes_go(either_desk) == 0
    assert heard(either_desk, cast.maya, reference)["notes"] == ["canary-note"]

    clock.move(days=2)

    assert (let_notes_go(either_desk), let_notes_go(either_desk)) == (1, 0)
    with either_desk.database.read() as session:
        [left] = room_page(session, either_desk, cast.maya, reference, "notes").messages
    assert (left.gone, left.words) == (True, "")
    assert verify(either_desk).erased == 1
    assert heard(either_desk, cast.ruth, reference)[room(either_desk, reference)] == ["canary-kept"]


def test_what_is_gone_is_gone_from_the_database_file_too(desk, cast, clock, tmp_path):
    found = lodge(desk, cast.ruth)
    take(desk, cast, found, TO_THE_PANEL[:FRIEND_NAMED])
    say_in_room(desk, cast.maya, found, "notes", "canary-that-goes")
    act(desk, cast.ruth, found, Step("withdraw", {"reason_code": "capacity"}))
    assert b"canary-that-goes" in (tmp_path / "breachdesk.db").read_bytes()
    clock.move(days=40)

    let_notes_go(desk)

    assert [path.name for path in tmp_path.iterdir() if path.is_file() and b"canary-that-goes" in path.read_bytes()] == []


def test_those_who_take_part_in_a_room_are_told_and_never_with_the_words(desk, cast, reference, tmp_path):
    to_the_panel(desk, cast, reference)
    send_waiting_notices(desk, most=100)

    def told(actor, slug):
        before = set((tmp_path / "outbox").iterdir())
        say_in_room(desk, actor, reference, slug, "canary-in-mail")
        send_waiting_notices(desk, most=100)
        mails = [path.read_text() for path in sorted(set((tmp_path / "outbox").iterdir()) - before)]
        assert not [mail for mail in mails if "canary-in-mail" in mail]
        return {line.split()[-1].strip("<>").split("@")[0] for mail in mails for line in mail.splitlines() if line.startswith("To:")}

    assert told(cast.ruth, room(desk, reference)) == {"maya"}
    assert told(cast.maya, room(desk, reference)) == {"ruth"}
    assert told(cast.pia, "panel") == {"petra", "piers"}
    assert told(cast.omar, "shared") == {"ruth", "olive", "maya", "alma", "paula", "sara", "petra", "piers", "pia"}
    with desk.database.read() as session:
        subjects = [one.to for one in case_page(session, desk, cast.olive, reference).notices if "new message" in one.subject]
    assert {"Maya", "Piers"} & set(subjects) == {"Maya", "Piers"}, "of the shared room alone"
    assert len(subjects) == 9
