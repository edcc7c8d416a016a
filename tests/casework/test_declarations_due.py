"""Whoever helps or judges says first whether they have an interest: before that, no page, step, room or mail opens the case to them."""

from __future__ import annotations

import pytest
from conftest import declare_none, lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.breaking_glass import break_glass
from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.casework.declaring import NATURES, NONE, declare
from breachdesk.casework.messages import messages_of
from breachdesk.casework.rooms import say_in_room
from breachdesk.cli.examples import step_example
from breachdesk.errors import DeclarationNeeded, NotFound
from breachdesk.store import notices

MEETING = Step("record_meeting", {"met_on": "2026-03-02", "with": "both"})


@pytest.fixture
def reference(desk, cast):
    """A case whose critical friend, Maya, has just been named, and has told the coordinator that she has no interest."""
    found = lodge(desk, cast.ruth)
    take(desk, cast, found, TO_THE_PANEL[:4])
    act(desk, cast.olive, found, Step(*TO_THE_PANEL[4][1:]))
    return found


def test_nothing_can_be_read_said_or_done_before(desk, cast, reference):
    maya = cast.maya
    with desk.database.read() as session:
        for look in (lambda: case_page(session, desk, maya, reference),
                     lambda: step_example(session, desk, maya, reference, "record_meeting")):
            with pytest.raises(DeclarationNeeded):
                look()
        [line] = list_cases(session, desk, maya)[0]
    for do in (lambda: act(desk, maya, reference, MEETING), lambda: say_in_room(desk, maya, reference, "shared", "Hello."),
               lambda: say_in_room(desk, maya, reference, "notes", "A note.")):
        with pytest.raises(DeclarationNeeded):
            do()

    assert line.undeclared
    assert "notice" not in line.title
    declare_none(desk, maya, reference)
    act(desk, maya, reference, MEETING)


@pytest.mark.parametrize("nature", sorted({*NATURES} - {NONE}))
def test_an_interest_of_any_kind_is_said_without_having_read_anything(desk, cast, reference, nature):
    declare(desk, cast.maya, reference, nature)

    with desk.database.read() as session, pytest.raises(NotFound):
        case_page(session, desk, cast.maya, reference)


@pytest.mark.parametrize(("action", "answers"), [
    ("step_down", {"reason": "I am ill."}), ("declare_interest", {"interest": "money", "reason": "I own a share."})])
def test_the_steps_by_which_they_leave_stay_open(desk, cast, reference, action, answers):
    assert act(desk, cast.maya, reference, Step(action, answers)).decision


def test_a_stand_in_leaves_by_no_step_that_is_the_coordinators(desk, cast, joins, reference):
    joins("iris", role="stand_in")
    act(desk, cast.olive, reference, Step("pass_to_stand_in", {"stand_in": "iris@desk.example", "reason": "I know them."}))

    for action in ("step_down", "declare_interest"):
        with pytest.raises(DeclarationNeeded):
            act(desk, cast.iris, reference, Step(action, {"who": "maya@desk.example", "interest": "money", "reason": "They told me."}))


def test_whoever_is_named_declares_instead_of_breaking_the_glass(desk, cast, joins, reference):
    joins("maya", role="operator")

    with pytest.raises(DeclarationNeeded):
        break_glass(desk, cast.maya, reference, "Somebody in the case is in danger today.")


def mail_to(desk, reference, name):
    with desk.database.read() as session:
        rows = [row for row in notices.queued_after(session, 0) if row.name == "critical-friend-asked"]
        return next(" ".join(mail.text.split()) for row in rows for _, mail in messages_of(session, desk, row)
                    if mail.to_address == f"{name}@desk.example")


def test_the_mail_says_what_comes_first_and_by_when(desk, cast, reference):
    before = mail_to(desk, reference, "maya")
    declare_none(desk, cast.maya, reference)
    after = mail_to(desk, reference, "maya")

    # Until then both sides can object to her.
    assert "First say whether you have an interest in the case, by Thursday 5 March 2026. " in before
    assert f"/cases/{reference}/declare" in before
    assert "First say" not in after
    assert "/declare" not in after
