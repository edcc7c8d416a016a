"""Open cases are moved to another version by a plan: looked at first, done case by case, taken back; no promised day comes earlier."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest
from conftest import SCHEME, Cast
from two_versions import FIRST, PLAN, SECOND, SHORT

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.figures import year_figures
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.open_case import open_case
from breachdesk.casework.procedures import publishing
from breachdesk.casework.procedures.moving_back import revert_move
from breachdesk.casework.procedures.moving_cases import look_ahead, move_cases, own_schemes, plan_of
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import BreachdeskError, NotFound, NotPermitted, Refused
from breachdesk.store.cases import read_case
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import MoveRow

pytestmark = pytest.mark.usefixtures("replayed_afterwards")

RESPOND = Step("respond", {"answer": "We gave what we could."})


@pytest.fixture
def two(desk, cast):
    """A desk whose scheme uses the first of the two versions; the second is published."""
    return _two(desk, cast)


def _two(desk, cast: Cast, second: str = SECOND):
    for version, text in (("1", FIRST), ("2", second)):
        desk.database.transact(lambda session, text=text: publishing.add_draft(session, desk, BY_OPERATOR, text, "file.yaml"))
        for actor in (cast.olive, cast.ops):
            desk.database.transact(
                lambda session, actor=actor, version=version: publishing.publish(session, desk, actor, "short-road", version))
    desk.database.transact(lambda session: publishing.use_from(session, desk, cast.olive, SCHEME, "short-road", "1", date(2026, 3, 2)))
    return desk


def begin(desk, cast, status="asked"):
    """A case under the version in use, at a status."""
    reference = open_case(desk, cast.ruth, SCHEME, SHORT).reference
    act(desk, cast.ruth, reference, Step("tell", {}))
    if status == "thinking":
        act(desk, cast.omar, reference, RESPOND)
    if status == "panel":
        act(desk, cast.ruth, reference, Step("refer", {}))
    return reference


def case(desk, reference):
    with desk.database.read() as session:
        return read_case(session, reference=reference, to_change=False)


def version(desk, reference):
    with desk.database.read() as session:
        return desk.procedure(session, case(desk, reference).head.procedure_digest).version


def days(desk, reference):
    return {one.limit: one.due_on for one in case(desk, reference).running}


def plan(desk, text=PLAN):
    return plan_of(desk, text, "plan.yaml")


def ahead(desk, text=PLAN):
    with desk.database.read() as session:
        schemes = own_schemes(session, None)
    return {one.reference: one for one in look_ahead(desk, plan(desk, text), schemes)}


def move(desk, actor, text=PLAN):
    return list(move_cases(desk, actor, plan(desk, text)))


def picture(desk, reference):
    """Everything that a move may not leave otherwise than it was once it has been taken back."""
    read = case(desk, reference)
    running = tuple((one.limit, one.subject, one.started_on, one.due_on, one.lasts) for one in read.running)
    pauses = tuple(one for one in read.pauses if one.pause.from_on != one.pause.to_on)
    return read.head.procedure_digest, read.head.status, read.head.stage, read.head.stage_visit, running, pauses


def test_what_was_said_at_first_is_found_by_its_question_however_the_new_version_puts_that(desk, cast):
    two = _two(desk, cast, SECOND.replace("A short title", "What is it about?"))
    reference = begin(two, cast)

    move(two, cast.olive)

    with two.database.read() as session:
        page = case_page(session, two, cast.ruth, reference)
    assert page.procedure.version == "2"
    assert page.opening["title"] == "Notice"


def test_looking_ahead_lists_each_open_case_with_what_would_become_of_it_and_changes_nothing(two, cast, clock):
    asked, thinking, panel = (begin(two, cast, status) for status in ("asked", "thinking", "panel"))
    closed = begin(two, cast)
    act(two, cast.ruth, closed, Step("settle", {}))
    before = [picture(two, one) for one in (asked, thinking, panel, closed)]
    clock.move(days=1)

    found = ahead(two)

    assert [(name, one.move.source, one.move.target) for name, one in found.items()] == [
        (asked, "asked", "asked"), (thinking, "thinking", "replied"), (panel, "panel", "panel")]
    assert (found[asked].next_before, found[asked].next_after) == (date(2026, 3, 16), date(2026, 3, 24))
    assert {(one.limit, one.rule, one.old_due, one.new_due) for one in found[thinking].move.limits} == {
        ("window", "drop", date(2026, 3, 9), None), ("weighing", "begins", None, date(2026, 3, 13)),
        ("whole", "keep the date", None, date(2026, 3, 30))}
    assert [picture(two, one) for one in (asked, thinking, panel, closed)] == before


def test_a_move_changes_version_status_and_days_and_writes_why(two, cast, clock):
    asked, thinking, panel = (begin(two, cast, status) for status in ("asked", "thinking", "panel"))
    clock.move(days=1)
    expected = ahead(two)

    done = {one.reference: one for one in move(two, cast.olive)}

    assert done == expected, "what was looked at is what is done"
    assert [(version(two, one), case(two, one).head.status) for one in (asked, thinking, panel)] == [
        ("2", "asked"), ("2", "replied"), ("2", "panel")]
    assert days(two, asked)["answer"] == date(2026, 3, 24)
    assert days(two, panel)["statement"] == date(2026, 4, 8), "25 working days were promised, and they stay"
    with two.database.read() as session:
        page = case_page(session, two, cast.ruth, asked)
        told = desk_log(session)[0][0].says
    assert page.timeline[0].title == "Moved to version 2 of “A short road”"
    assert page.timeline[0].texts == (
        ("Why", "The steering group agreed on 2 March."),
        ("An answer (Amberdale Council)", "by Tuesday 24 March 2026, instead of Monday 16 March 2026"))
    assert told == "Move 1 of open cases ended: 3 went over, 0 could not."
    assert verify(two).chains == 4


def test_a_limit_that_kept_its_date_keeps_it_through_a_pause_and_says_so_on_the_page(two, cast, clock):
    panel = begin(two, cast, "panel")
    move(two, cast.olive)

    [statement] = [one for one in case(two, panel).running if one.limit == "statement"]
    with two.database.read() as session:
        [shown] = [one for one in case_page(session, two, cast.ruth, panel).deadlines if one.kind == "statement"]

    assert (statement.due_on, str(statement.lasts), shown.lasts) == (date(2026, 4, 8), "25 working days", "25 working days")
    assert shown.days[-1].on == date(2026, 4, 8)


def test_both_sides_are_told_new_days_once_and_by_name(two, cast, clock, tmp_path):
    begin(two, cast)
    begin(two, cast, "panel")
    send_waiting_notices(two)
    clock.move(days=1)
    move(two, cast.olive)

    assert send_waiting_notices(two) == 5, "one person complains, four belong to the council"

    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in (tmp_path / "outbox").glob("*.eml")]
    said = [" ".join(mail.get_content().split()) for mail in mails if mail["Subject"].startswith("New days in your case")]
    assert len(said) == 5
    assert all("An answer (Amberdale Council): by Tuesday 24 March 2026. Every other day stays." in one for one in said)


def test_a_day_never_becomes_an_earlier_one(two, cast, clock):
    shorter = SECOND.replace('version: "2"', 'version: "3"').replace("lasts: 15 working days", "lasts: 3 working days")
    asked = begin(two, cast)
    two.database.transact(lambda session: publishing.add_draft(session, two, BY_OPERATOR, shorter, "3.yaml"))
    [found] = ahead(two, PLAN.replace("to: short-road.v2", "to: short-road.v3")).values()

    [answer] = [one for one in found.move.limits if one.limit == "answer"]
    assert (answer.new_due, answer.why) == (date(2026, 3, 16), "it would have become an earlier day, so the date is kept")
    assert days(two, asked)["answer"] == date(2026, 3, 16)


def test_a_limit_that_ran_out_is_not_set_again(two, cast, clock):
    overdue = begin(two, cast, "panel")
    clock.to(date(2026, 4, 2))
    assert [(one.limit, one.did) for one in fire_due_timers(two) if not one.rung] == [("whole", "")]

    move(two, cast.olive, PLAN.replace("whole: keep the date", "whole: keep the remaining days"))

    assert days(two, overdue)["whole"] == date(2026, 3, 30)
    assert fire_due_timers(two) == []


def test_only_officers_move_cases_and_only_to_what_is_published(two, cast):
    begin(two, cast)
    draft = SECOND.replace('version: "2"', 'version: "3"')
    two.database.transact(lambda session: publishing.add_draft(session, two, BY_OPERATOR, draft, "3.yaml"))

    with pytest.raises(NotPermitted):
        move(two, cast.ruth)
    with pytest.raises(Refused, match="Version 3 of “short-road” is a draft"):
        move(two, cast.olive, PLAN.replace("to: short-road.v2", "to: short-road.v3"))


def test_a_move_that_was_stopped_goes_on_where_it_was(two, cast):
    references = [begin(two, cast) for _ in range(3)]
    walk = move_cases(two, cast.olive, plan(two))
    next(walk)
    walk.close()
    assert [version(two, one) for one in references] == ["2", "1", "1"]

    assert [one.reference for one in move(two, cast.olive)] == references[1:]

    assert [version(two, one) for one in references] == ["2", "2", "2"]
    with two.database.read() as session:
        assert len(session.all(table_of(MoveRow).select())) == 1


def test_taking_a_move_back_restores_every_case_that_nobody_touched_since(either_desk, cast, clock):
    two = _two(either_desk, cast)
    references = [begin(two, cast, status) for status in ("asked", "thinking", "panel", "asked")]
    clock.move(days=1)
    before = [picture(two, one) for one in references]
    move(two, cast.olive)
    act(two, cast.omar, references[3], RESPOND)
    clock.move(days=2)

    back = list(revert_move(two, cast.ops, 1))

    assert [picture(two, one) for one in references[:3]] == before[:3]
    assert [(one.reference, one.left) for one in back] == [
        *((one, "") for one in references[:3]), (references[3], "it was touched since: 1 entry in its log")]
    assert version(two, references[3]) == "2"
    assert verify(two).chains == 5
    with pytest.raises(Refused, match="taken back already"):
        list(revert_move(two, cast.ops, 1))
    assert send_waiting_notices(two) > 0
    with two.database.read() as session:
        page = case_page(session, two, cast.ruth, references[1])
    assert [step.title for step in page.timeline[:2]] == [
        "Moved back to version 1 of “A short road”", "Moved to version 2 of “A short road”"]


def test_a_later_day_that_people_were_told_stays_when_a_move_is_taken_back(two, cast, clock):
    asked = begin(two, cast)
    clock.move(days=1)
    move(two, cast.olive)
    send_waiting_notices(two)

    [back] = list(revert_move(two, cast.olive, 1))

    assert back.kept == (("answer", date(2026, 3, 24)),)
    assert (version(two, asked), days(two, asked)["answer"]) == ("1", date(2026, 3, 24))
    act(two, cast.omar, asked, RESPOND)
    assert days(two, asked)["window"] == date(2026, 3, 10), "and the case goes on under the version that it is back under"


def test_moved_cases_go_on_and_are_counted_as_before(two, cast, clock):
    thinking = begin(two, cast, "thinking")
    move(two, cast.olive)
    clock.to(date(2026, 3, 20))
    assert "refer_by_clock" in [one.did for one in fire_due_timers(two)]
    act(two, cast.ruth, thinking, Step("settle", {}))

    with two.database.read() as session:
        figures = year_figures(session, two, SCHEME)
        assert case_page(session, two, cast.ruth, thinking).status == "closed"
    assert [figures.measure(name).value for name in ("A2", "A5")] == [1, 1]
    assert [(part.label, part.count) for part in figures.measure("A5").parts if part.count] in ([], [("Settled", 1)])
    assert figures.balance_fault == ""


def test_a_move_that_is_not_there_and_a_plan_for_what_is_not_there_are_named(two, cast):
    with pytest.raises(NotFound, match="There is no move 7"):
        list(revert_move(two, cast.olive, 7))
    with pytest.raises(BreachdeskError, match="there is no “short-road.v9” here"):
        plan(two, PLAN.replace("v2", "v9"))
