"""Taking a step: form, check, confirmation; and everything that can stand against it, with nothing typed lost."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import lodge

from breachdesk.casework.act import Step, act
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.store.tables import EntryRow, table_of


def entries(desk):
    with desk.database.read() as session:
        return len(session.all(table_of(EntryRow).select().where(table_of(EntryRow).c.subject > 0)))


CONTACT = {"person": "Mr X", "contacted_on-day": "2", "contacted_on-month": "3", "contacted_on-year": "2026", "how": "letter"}


@pytest.fixture
def told(desk, cast):
    """A case of which Amberdale Council has been told."""
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, Step("record_direct_contact", {"person": "Mr X", "contacted_on": "2026-03-02", "how": "letter"}))
    return reference


def test_a_step_goes_from_form_to_check_to_confirmation(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")

    check = ruth.send(ruth.open(f"/cases/{reference}/do/record_direct_contact").form(), CONTACT)
    done = ruth.send(check.form())

    assert check.heading == "Check your answers"
    assert "The case moves to With the other organisation. Amberdale Council has been told and has until Monday 23 March 2026" in check.main
    assert f"Amberdale Council: “A complaint under the Compact ({reference})”" in check.main
    assert done.path == f"/cases/{reference}/done/2"
    assert "Ruth, Riverside Carers, on Monday 2 March 2026, 9:00am." in done.main
    assert f"Amberdale Council: “A complaint under the Compact ({reference})”" in done.main


def test_nobody_is_said_to_be_told_in_a_role_that_nobody_has(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")

    check = ruth.send(ruth.open(f"/cases/{reference}/do/withdraw").form(), {"reason_code": "fear"})
    done = ruth.send(check.form())
    send_waiting_notices(desk)

    # Neither a critical friend nor a panel, and not the other side either: it was never told that there was a complaint.
    said = f"Riverside Carers and the coordinator: “The complaint was stopped ({reference})”"
    assert said in check.main
    assert said in done.main
    assert not [mail for mail in (desk.data_path / "outbox").glob("*.eml") if "To: Omar" in mail.read_text()]


def test_checking_changes_nothing(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")
    before = entries(desk)

    ruth.send(ruth.open(f"/cases/{reference}/do/record_direct_contact").form(), CONTACT)

    assert entries(desk) == before
    assert "Received." in ruth.open(f"/cases/{reference}").main


def test_the_same_form_sent_twice_is_one_step_and_one_confirmation(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")
    check = ruth.send(ruth.open(f"/cases/{reference}/do/record_direct_contact").form(), CONTACT)

    first, second = ruth.send(check.form()), ruth.send(check.form())

    assert first.path == second.path == f"/cases/{reference}/done/2"
    assert entries(desk) == 2


def test_the_second_of_two_is_told_what_changed_and_keeps_what_they_wrote(reader, desk, cast, told):
    omar = reader("omar")
    form = omar.open(f"/cases/{told}/do/respond").form()
    answers = {"answer": "We gave what the contract says.\n  Two lines.", "position-1": "partly", "offer": "A meeting"}
    check = omar.send(form, answers)
    act(desk, cast.ruth, told, Step("say_resolved", {"agreed": "A year more.", "outcome_view": "satisfied", "process_view": "satisfied"}))

    stale = omar.send(check.form(), expect=409)
    again = omar.send(stale.form())
    done = omar.send(omar.send(again.form()).form())

    assert "While you were looking at this case, Ruth did this" in stale.main
    assert "Nothing of yours was sent." in stale.main
    assert again.one("textarea", id="answer").raw_text == answers["answer"]
    assert done.heading == "Done: Answer the complaint"


def test_a_step_that_is_no_longer_possible_leaves_what_was_written_in_sight(reader, desk, cast, told):
    omar = reader("omar")
    check = omar.send(omar.open(f"/cases/{told}/do/respond").form(), {"answer": "Here are our reasons.", "position-1": "not_accepted"})
    act(desk, cast.ruth, told, Step("withdraw", {"reason_code": "no_longer"}))

    stale = omar.send(check.form(), expect=409)

    assert "Here are our reasons." in stale.main
    assert "This step cannot be taken any more." in stale.main


def test_a_form_that_hides_which_version_it_was_made_from_counts_as_old(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")
    form = ruth.open(f"/cases/{reference}/do/record_direct_contact").form()
    form.one("input", name="seen_version").attributes["value"] = "abc"

    page = ruth.send(form, CONTACT, expect=409)

    assert page.heading == "Somebody else was first"


def test_a_date_that_cannot_be_right_is_shown_again_as_it_was_typed(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")
    form = ruth.open(f"/cases/{reference}/do/record_direct_contact").form()

    for boxes, fault in ((("31", "2", "2026"), "must be a real date: there is no 31/2/2026"),
                         (("", "", ""), "Enter a date for “When?”"),
                         (("2", "", "2026"), "must include a month"),
                         (("2-3", "March", "'; --"), "must be a date like 27 3 2026"),
                         (("3", "March", "2026"), "must be today or in the past"),
                         (("2", "3", "26"), "must have a year with four digits")):
        typed = dict(zip(("contacted_on-day", "contacted_on-month", "contacted_on-year"), boxes, strict=True))
        page = ruth.send(form, {**CONTACT, **typed}, expect=422)

        assert [error for error in page.errors() if fault in error]
        assert page.one(class_="govuk-error-summary").one("a")["href"] == "#contacted_on-day"
        assert tuple(page.one("input", id=name)["value"] for name in typed) == boxes
        assert page.one("input", id="person")["value"] == "Mr X"


def test_every_fault_is_said_at_once(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")

    page = ruth.send(ruth.open(f"/cases/{reference}/do/record_direct_contact").form(), expect=422)

    assert len(page.errors()) == 3


def test_a_rule_of_the_procedure_is_said_as_a_sentence_and_nothing_is_lost(reader, desk, cast):
    reference = lodge(desk, cast.ruth, tried="yes", tried_with="Mr X", tried_on="2026-02-23", tried_reply="No.")
    act(desk, cast.olive, reference, Step("register_direct_resolution", {"evidence": "Letters."}))
    act(desk, cast.olive, reference, Step("admit", {"reasons": "In force."}))
    olive = reader("olive")
    form = olive.open(f"/cases/{reference}/do/appoint_critical_friend").form()

    page = olive.send(form, {"critical_friend": "alma@desk.example", "mode": "mediator", "declared": "yes"}, expect=422)

    assert any("Alma" in error for error in page.errors())
    assert [one["value"] for one in page.all("input", name="critical_friend") if "checked" in one.attributes] == ["alma@desk.example"]


def test_what_cannot_be_done_now_says_why(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "I see."}))

    page = reader("olive").open(f"/cases/{reference}/do/acknowledge", expect=409)

    assert page.heading == "This cannot be done now"
    assert "The complaint has already been acknowledged." in page.main


def test_a_step_for_somebody_else_says_for_whom_it_is(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth, olive = reader("ruth"), reader("olive")
    form = olive.open(f"/cases/{reference}/do/acknowledge").form()
    token = ruth.open(f"/cases/{reference}/do/withdraw").form().one("input", name="csrf_token")["value"]
    form.one("input", name="csrf_token").attributes["value"] = token

    assert "This is for the coordinator." in ruth.open(f"/cases/{reference}/do/acknowledge", expect=403).main
    assert "“Acknowledge the complaint” is for the coordinator." in ruth.send(form, {"understanding": "Mine."}, expect=403).main
    assert entries(desk) == 1


def test_a_step_of_a_case_that_one_cannot_see_is_not_there(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    reader("hana").open(f"/cases/{reference}/do/withdraw", expect=404)


@pytest.mark.parametrize("name", ["lodge", "acknowledge_by_clock", "no_such_step"])
def test_what_is_no_step_for_people_is_not_there(reader, desk, cast, name):
    reference = lodge(desk, cast.ruth)

    reader("olive").open(f"/cases/{reference}/do/{name}", expect=404)


def test_answers_can_be_changed_before_they_are_sent(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    ruth = reader("ruth")
    check = ruth.send(ruth.open(f"/cases/{reference}/do/record_direct_contact").form(), CONTACT)

    form = ruth.send(check.form(), button="again").form()
    changed = ruth.send(form, {"person": "Ms Y"})

    assert "Ms Y" in changed.main
    assert "Monday 2 March 2026" in changed.main


def test_the_coordinator_says_for_which_of_several_organisations_it_is(reader, desk, cast):
    reference = lodge(desk, cast.ruth, respondents=["amberdale-council", "harcastle-borough-council"])
    act(desk, cast.ruth, reference, Step("record_direct_contact", {"person": "Mr X", "contacted_on": "2026-03-02", "how": "letter"}))
    olive = reader("olive")
    form = olive.open(f"/cases/{reference}/do/acknowledge_notice").form()

    unsaid = olive.send(form, {"who_answers": "The chief executive", "behalf_said_by": "Ann Archer", "behalf_channel": "phone",
                               "behalf_came_on-day": "2", "behalf_came_on-month": "3", "behalf_came_on-year": "2026"}, expect=422)
    party = form.all("input", name="party")[1]["value"]
    done = olive.send(olive.send(unsaid.form(), {"party": party}).form())

    assert unsaid.errors() == ["Choose for which organisation this is"]
    assert "for Harcastle Borough Council" in done.main


def test_a_step_without_questions_goes_straight_to_the_check(reader, desk, cast):
    reference = lodge(desk, cast.ruth, tried="yes", tried_with="Mr X", tried_on="2026-02-23", tried_reply="No.")
    for step in (Step("register_direct_resolution", {"evidence": "Letters."}), Step("admit", {"reasons": "In force."}),
                 Step("go_straight_to_panel", {"reason": "Nobody without an interest."}),
                 Step("convene", {"members": ["petra@desk.example", "piers@desk.example", "pia@desk.example"], "chair": "pia@desk.example",
                                  "declared": True})):
        act(desk, cast.olive, reference, step)
    olive = reader("olive")

    check = olive.open(f"/cases/{reference}/do/open_panel")
    done = olive.send(check.form())

    assert "What happens when you do this" in check.main
    assert done.heading == "Done: Open the panel"


def test_somebody_who_opens_the_check_by_its_address_begins_with_the_form(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    assert reader("ruth").follow(f"/cases/{reference}/do/withdraw/check").heading == "Stop the complaint"


@pytest.mark.parametrize("seq", [0, 2, 99999999999])
def test_a_confirmation_of_what_was_not_done_is_not_there(reader, desk, cast, seq):
    reference = lodge(desk, cast.ruth)

    reader("ruth").open(f"/cases/{reference}/done/{seq}", expect=404)


def test_what_is_written_is_kept_exactly_through_form_check_and_case(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    text = "<b>bold</b> {{ config }} line\n\n   line \u202eright to left, emoji 🧑‍🦽 ".ljust(20_000, "x")
    olive = reader("olive")

    check = olive.send(olive.open(f"/cases/{reference}/do/acknowledge").form(), {"understanding": text})
    olive.send(check.form())

    assert check.one("dd").raw_text == text
    assert olive.open(f"/cases/{reference}").all(class_="desk-timeline__entry")[0].one("dd").raw_text == text


def test_what_cannot_be_kept_is_refused_by_name_and_shown_again(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    olive = reader("olive")
    form = olive.open(f"/cases/{reference}/do/acknowledge").form()

    for text in ("x" * 20_001, "nul \x00 in it", "bell \x07"):
        page = olive.send(form, {"understanding": text}, expect=422)

        assert "“How do you understand the complaint?”" in page.errors()[0]


def test_a_limit_that_ran_out_is_told_with_the_moment_it_was_meant_for(reader, desk, cast, clock):
    from breachdesk.casework.timers import fire_due_timers

    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 12))
    fire_due_timers(desk)

    page = reader("ruth").open(f"/cases/{reference}")

    assert "Done late by the desk. It was meant for Tuesday 10 March 2026, 12:00am" in page.main
