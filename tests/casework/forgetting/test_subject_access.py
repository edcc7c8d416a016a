"""Everything that is held on somebody, in one bundle: whole for the controller, and for the person what they may read."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from casework.forgetting.test_erasing import closed_case, with_files_of_others
from casework.test_erased_for_good import CANARIES, nora
from casework.test_rooms import FRIEND_NAMED, party
from conftest import lodge, tell
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.files import Incoming
from breachdesk.casework.forgetting.subject_access import DATA, PAGE, write_own_copy, write_whole
from breachdesk.casework.rooms import say_in_room
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.store import audit_log
from breachdesk.store.people import MEMBERSHIPS


def whole(desk, address):
    file = BytesIO()
    write_whole(desk, BY_OPERATOR, address, file)
    return ZipFile(file)


def own(desk, actor):
    file = BytesIO()
    write_own_copy(desk, actor, file)
    return ZipFile(file)


def test_the_whole_bundle_holds_every_trace_of_a_person_that_can_be_read_at_all(desk, cast):
    nora(desk, cast)

    bundle = whole(desk, "nora.quetzal@desk.example")

    page = bundle.read(PAGE).decode()
    # Secrets are not handed out: nobody could use them but to get in.
    assert [one for one in CANARIES if one not in page and one != "avocetdigest"] == []
    assert "avocetdigest" not in page
    [file] = [name for name in bundle.namelist() if name.startswith("files/")]
    assert bundle.read(file) == b"bitternfile"
    assert json.loads(bundle.read(DATA))["name"] == "Nora Quetzalwing"


def test_other_people_are_marked_where_they_stand_in_a_text(desk, cast):
    reference = lodge(desk, cast.ruth, what_happened="Omar wrote to Ruth, and <b>Olive</b> knows.")

    page = whole(desk, "ruth@desk.example").read(PAGE).decode()

    assert "<mark>Omar</mark> wrote to Ruth, and &lt;b&gt;<mark>Olive</mark>&lt;/b&gt; knows." in page, reference


def test_a_persons_own_copy_holds_what_they_wrote_and_what_they_may_read_of_others(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    say_in_room(desk, cast.omar, reference, "shared", "We spoke with Ruth.")
    closed_case(desk, cast)

    page = own(desk, cast.ruth).read(PAGE).decode()

    assert "A letter gave us one month." in page
    assert "We spoke with Ruth." in page
    assert "<mark>" not in page


def test_in_their_own_copy_nobody_finds_what_was_said_of_them_where_they_do_not_read(desk, cast):
    reference = lodge(desk, cast.ruth)
    take(desk, cast, reference, TO_THE_PANEL[:FRIEND_NAMED])
    say_in_room(desk, cast.omar, reference, f"party-{party(desk, reference, 'respondent')}", "Ruth is a canary, between us.")
    say_in_room(desk, cast.maya, reference, "notes", "Ruth is a canary, I think.")

    assert "canary" not in own(desk, cast.ruth).read(PAGE).decode()
    assert "canary" not in own(desk, cast.ruth).read(DATA).decode()
    assert whole(desk, "ruth@desk.example").read(PAGE).decode().count("canary") == 2


def test_that_it_was_put_together_stands_in_the_log_without_a_word_of_it(desk, cast):
    whole(desk, "ruth@desk.example")

    with desk.database.read() as session:
        [body] = audit_log.desk_entries_called(session, "person:copied")
    assert b"ruth" not in body.lower()


def test_of_somebody_whom_nobody_knows_there_is_no_bundle(desk):
    with pytest.raises(NotFound, match="There is no account for nobody@desk.example"):
        whole(desk, "nobody@desk.example")


def test_whoever_is_no_part_of_a_case_any_more_is_told_neither_which_it_was_nor_what_they_wrote_in_it(desk, cast, clock):
    reference = lodge(desk, cast.ruth, what_happened="A canary.")
    with desk.database.begin() as session:
        session.execute(MEMBERSHIPS.update().where(MEMBERSHIPS.c.account_id == cast.ruth.account_id).values(to_on=local_day(clock())))
    clock.move(days=2)

    page = own(desk, cast.ruth).read(PAGE).decode()

    assert reference not in page
    assert "canary" not in page
    assert "A case that you are not part of any more: " in page


def test_files_of_others_that_name_somebody_are_in_the_bundle_and_those_that_nobody_could_search_are_named(desk, cast):
    reference = with_files_of_others(desk, cast)

    for bundle in (whole(desk, "ruth@desk.example"), own(desk, cast.ruth)):
        assert [name for name in bundle.namelist() if name.startswith("files/")] == [f"files/{reference}-3-minutes.txt"]
        assert f"<li>{reference}, entry 5 (pdf)</li>" in bundle.read(PAGE).decode()
    assert "could not be searched" not in whole(desk, "stella@desk.example").read(PAGE).decode()


def test_in_their_own_copy_is_no_file_of_a_room_that_is_not_theirs(desk, cast):
    reference = lodge(desk, cast.ruth)
    take(desk, cast, reference, TO_THE_PANEL[:FRIEND_NAMED])
    room = f"party-{party(desk, reference, 'respondent')}"
    for name, content in (("canary.txt", b"About Ruth."), ("canary.pdf", b"%PDF-1.4")):
        say_in_room(desk, cast.omar, reference, room, "Between us.", file=Incoming(name, content))

    copy, bundle = own(desk, cast.ruth), whole(desk, "ruth@desk.example")

    assert [name for name in copy.namelist() if name.startswith("files/")] == []
    assert "(pdf)" not in copy.read(PAGE).decode()
    assert [name.endswith("canary.txt") for name in bundle.namelist() if name.startswith("files/")] == [True]
    assert "(pdf)" in bundle.read(PAGE).decode()
