"""A side that writes, telephones or comes: whoever coordinates enters its steps, and the day on which it reached the desk counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from conftest import SCHEME, Cast, StoppedClock, act_declared, lodge, tell

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import CasePage, StepView
from breachdesk.casework.desk import Desk
from breachdesk.casework.figures import year_figures
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.soundness import unsound
from breachdesk.casework.timers import fire_due_timers
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotPermitted
from breachdesk.identity import Actor

pytestmark = pytest.mark.usefixtures("replayed_afterwards")

ANSWER = {"answer": "We see it otherwise.", "position": "partly"}
BY_LETTER = {"behalf_said_by": "Ann Archer, chief executive", "behalf_channel": "post", "behalf_came_on": "2026-03-02"}


def page_of(desk: Desk, actor: Actor, reference: str) -> CasePage:
    with desk.database.read() as session:
        return case_page(session, desk, actor, reference)


def newest(desk: Desk, actor: Actor, reference: str) -> StepView:
    return page_of(desk, actor, reference).timeline[0]


def answers_in_time(desk: Desk) -> tuple[float | None, float | None]:
    with desk.database.read() as session:
        figures = year_figures(session, desk, SCHEME)
    found = next(one for one in figures.measures if one.id == "C2")
    return found.numerator, found.denominator


def letter(on: date, **other: object) -> dict[str, object]:
    return {**ANSWER, **BY_LETTER, "behalf_came_on": on.isoformat(), **other}


@pytest.fixture
def told_case(desk: Desk, cast: Cast) -> str:
    return tell(desk, cast.ruth, lodge(desk, cast.ruth))


def due(desk: Desk, cast: Cast, reference: str, limit: str) -> date:
    found = next(one.due_on for one in page_of(desk, cast.olive, reference).deadlines if one.kind == limit)
    assert found
    return found


def test_the_coordinator_is_asked_who_said_it_how_it_came_and_when(desk: Desk, cast: Cast, told_case: str) -> None:
    with pytest.raises(Invalid) as wrong:
        act(desk, cast.olive, told_case, Step("respond", ANSWER))

    assert set(wrong.value.fields) == {"behalf_said_by", "behalf_channel", "behalf_came_on"}


def test_nobody_else_is_asked(desk: Desk, cast: Cast, told_case: str) -> None:
    action = page_of(desk, cast.omar, told_case).action("respond")
    assert action
    assert [ask.name for ask in action.asks if ask.name.startswith("behalf")] == []
    with pytest.raises(Invalid, match="no question called"):
        act(desk, cast.omar, told_case, Step("respond", letter(date(2026, 3, 2))))


def test_the_page_says_how_it_came_and_only_the_coordinator_reads_who_said_it(
        desk: Desk, cast: Cast, clock: StoppedClock, told_case: str) -> None:
    clock.move(days=2)
    act(desk, cast.olive, told_case, Step("respond", letter(
        date(2026, 3, 2), behalf_read_back="yes", behalf_read_back_to="Ann Archer", behalf_read_back_on="2026-03-04")))

    seen, theirs = dict(newest(desk, cast.olive, told_case).texts), dict(newest(desk, cast.ruth, told_case).texts)

    assert seen["How it reached the desk"] == "By letter, received on Monday 2 March 2026, entered on Wednesday 4 March 2026"
    assert seen["Who said it"] == "Ann Archer, chief executive"
    assert seen["Read back"] == "Yes, to Ann Archer, on Wednesday 4 March 2026"
    assert "Who said it" not in theirs
    assert theirs["Read back"] == "Yes, on Wednesday 4 March 2026"
    assert newest(desk, cast.ruth, told_case).role == "the coordinator"
    verify(desk)


def test_an_answer_that_came_in_time_is_in_time_however_late_it_is_entered(
        desk: Desk, cast: Cast, clock: StoppedClock, told_case: str) -> None:
    last = due(desk, cast, told_case, "respond")
    clock.to(last + timedelta(days=3))
    fire_due_timers(desk)
    assert page_of(desk, cast.olive, told_case).status == "direct_no_response"
    assert answers_in_time(desk) == (0, 1)

    act(desk, cast.olive, told_case, Step("respond", letter(last)))

    assert answers_in_time(desk) == (1, 1)
    said = dict(newest(desk, cast.ruth, told_case).texts)["In time"]
    assert "Amberdale Council answers" in said
    assert "the clock had run out before it was entered" in said
    with desk.database.read() as session:
        assert list(unsound(session, desk, told_case)) == []
    verify(desk)


def test_an_answer_that_came_late_stays_late(desk: Desk, cast: Cast, clock: StoppedClock, told_case: str) -> None:
    last = due(desk, cast, told_case, "respond")
    clock.to(last + timedelta(days=3))
    fire_due_timers(desk)

    act(desk, cast.olive, told_case, Step("respond", letter(last + timedelta(days=1))))

    assert answers_in_time(desk) == (0, 1)
    assert "In time" not in dict(newest(desk, cast.ruth, told_case).texts)


def test_the_day_on_which_a_side_said_that_it_has_the_complaint_begins_its_time_to_answer(
        desk: Desk, cast: Cast, clock: StoppedClock, told_case: str) -> None:
    clock.to(date(2026, 3, 5))

    act(desk, cast.olive, told_case, Step("acknowledge_notice", {**BY_LETTER, "behalf_came_on": "2026-03-03", "who_answers": "Ann"}))

    running = next(one for one in page_of(desk, cast.olive, told_case).deadlines if one.kind == "respond")
    assert running.started_on == date(2026, 3, 3)


@pytest.mark.parametrize(("day", "why"), [("2026-03-03", "must be today or in the past"), ("2026-02-27", "before the complaint did")])
def test_a_day_that_cannot_be_right_is_refused(desk: Desk, cast: Cast, told_case: str, day: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        act(desk, cast.olive, told_case, Step("respond", {**ANSWER, **BY_LETTER, "behalf_came_on": day}))


def test_a_step_that_could_be_the_coordinators_own_is_asked_whose_it_is(desk: Desk, cast: Cast, told_case: str) -> None:
    action = page_of(desk, cast.olive, told_case).action("note_other_route")
    assert action
    assert [ask.name for ask in action.asks][:2] == ["behalf", "behalf_said_by"]

    act(desk, cast.olive, told_case, Step("note_other_route", {"behalf": "own", "route": "ombudsman"}))
    assert "How it reached the desk" not in dict(newest(desk, cast.olive, told_case).texts)
    act(desk, cast.olive, told_case, Step("note_other_route", {"behalf": "side", **BY_LETTER, "route": "court"}))
    assert "How it reached the desk" in dict(newest(desk, cast.olive, told_case).texts)


PAPER = "Mossbank Lunch Club"


def today(desk: Desk) -> str:
    with desk.database.read() as session:
        return local_day(desk.now(session)).isoformat()


def paper(desk: Desk, cast: Cast, reference: str, action: str, **answers: object) -> None:
    act(desk, cast.olive, reference, Step(action, {**BY_LETTER, "behalf_came_on": today(desk), **answers}))


def test_a_complaint_on_paper_goes_all_the_way_to_the_panels_proposal_and_is_settled(
        desk: Desk, cast: Cast, clock: StoppedClock, paper_case: str) -> None:
    reference = paper_case
    act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "It is about the notice."}))
    paper(desk, cast, reference, "record_direct_contact", behalf="side", person="The head of grants", contacted_on="2026-03-02",
          how="letter")
    clock.move(days=2)
    act(desk, cast.omar, reference, Step("respond", ANSWER))
    clock.move(days=1)
    paper(desk, cast, reference, "refer_to_critical_friend", behalf="side", remaining="All of it.")
    act(desk, cast.olive, reference, Step("admit", {"reasons": "It names a commitment."}))
    act(desk, cast.olive, reference, Step("appoint_critical_friend", {"critical_friend": "maya@desk.example", "mode": "mediator",
                                                                      "declared": True}))
    paper(desk, cast, reference, "leave_critical_friend")
    paper(desk, cast, reference, "refer_to_panel", behalf="side", remaining="All of it.")
    act(desk, cast.olive, reference, Step("convene", {
        "members": ["piers@desk.example", "petra@desk.example", "pia@desk.example"], "chair": "piers@desk.example",
        "deputy": "petra@desk.example", "declared": True}))
    act(desk, cast.olive, reference, Step("open_panel", {}))
    act_declared(desk, cast.piers, reference, Step("send_draft", {"draft": "Talk to each other."}))
    paper(desk, cast, reference, "comment", comment="We would like to.")
    act_declared(desk, cast.piers, reference, Step("propose", {"statement": "Both sides see it.", "proposal": "Three months."}))
    act(desk, cast.omar, reference, Step("accept", {"process_view": "satisfied"}))
    paper(desk, cast, reference, "accept", process_view="satisfied")

    page = page_of(desk, cast.olive, reference)

    assert (page.status, page.outcome) == ("closed", "resolved_full")
    assert {step.role for step in page.timeline if step.for_party == PAPER} == {"the coordinator"}
    verify(desk)


def test_only_a_side_without_any_account_has_its_own_steps_entered(desk: Desk, cast: Cast, told_case: str) -> None:
    with pytest.raises(NotPermitted):
        act(desk, cast.olive, told_case, Step("ask_for_pause", {"behalf_said_by": "Ruth", "behalf_channel": "phone",
                                                                "behalf_came_on": "2026-03-02", "reason": "Holidays."}))
    action = page_of(desk, cast.olive, told_case).action("ask_for_pause")
    assert action
    assert not action.allowed
