"""Pauses, more time, further calendars and reopening, as they are kept: rows, log entry and figures."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import SCHEME, lodge, tell

from breachdesk import resources
from breachdesk.audit.chain import read_body
from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.casework.desk import read_procedure
from breachdesk.casework.figures import year_figures
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.procedures.setting_up import bind_calendars
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import Refused
from breachdesk.store import audit_log, procedures
from breachdesk.store.cases import EXTENSIONS, PAUSES, SCHEMES, TIMERS, read_case
from breachdesk.store.holdings import ALLEGATIONS

pytestmark = pytest.mark.usefixtures("replayed_afterwards")

FILE = "compact-dispute.v1.yaml"
MORE_STEPS = """
  hold_for_a_test:
    title: Hold everything
    from: [direct_open, awaiting_referral_cf]
    by: [coordinator]
    stops: {as: hold_for_a_test, limits: all, because: both sides asked for it, until: review_on}
    asks: {review_on: {label: When is it reviewed?, type: date}}
  go_on_for_a_test:
    title: Go on
    from: [direct_open, awaiting_referral_cf]
    by: [coordinator]
    resumes: [hold_for_a_test]
  open_again_for_a_test:
    title: Open it again
    from: closed
    to: direct_open
    by: [coordinator]
  request_for_a_test:
    title: Record a request
    from: direct_open
    by: [coordinator]
    asks: {asked_on: {label: When?, type: date}}

limits:
  request_for_a_test:
    title: The request is answered
    while: [direct_open]
    lasts: 20 working days
    source: The Freedom of Information Act 2000
    started by: [request_for_a_test]
    counts from: asked_on
    calendar: foi
"""
HOLD, GO_ON = Step("hold_for_a_test", {"review_on": "2026-04-01"}), Step("go_on_for_a_test", {})
MORE = Step("give_more_time", {"which": "respond", "days": 10, "reason": "Leave."})


@pytest.fixture
def held_desk(either_desk):
    """A desk whose scheme goes by the shipped procedure with a few more steps."""
    text = resources.text("workflows", "procedures", FILE).replace("\nlimits:\n", MORE_STEPS, 1)
    procedure = read_procedure(text, FILE)
    with either_desk.database.begin() as session:
        procedures.add_procedure(session, procedure, text, either_desk.now(session), procedures.PUBLISHED)
        session.execute(SCHEMES.update().values(procedure_digest=procedure.digest))
        bind_calendars(session, either_desk, BY_OPERATOR, either_desk.scheme(session, SCHEME), procedure.digest, {})
    return either_desk


def read(desk, reference):
    with desk.database.begin() as session:
        return read_case(session, reference=reference)


def due(desk, reference, limit):
    return next(one.due_on for one in read(desk, reference).running if one.limit == limit)


def page(desk, actor, reference):
    with desk.database.read() as session:
        return case_page(session, desk, actor, reference)


def test_a_pause_is_kept_under_its_name_and_its_days_are_given_back(held_desk, cast, clock):
    reference = tell(held_desk, cast.ruth, lodge(held_desk, cast.ruth))
    first = due(held_desk, reference, "respond")

    act(held_desk, cast.olive, reference, HOLD)

    with held_desk.database.read() as session:
        [pause] = session.all(PAUSES.select())
    assert (pause.kind, pause.because, pause.review_on, pause.to_on) == (
        "hold_for_a_test", "both sides asked for it", date(2026, 4, 1), None)
    assert due(held_desk, reference, "respond") is None
    clock.to(date(2026, 3, 31))
    assert fire_due_timers(held_desk) == []

    act(held_desk, cast.olive, reference, GO_ON)

    assert first == date(2026, 3, 23)
    assert due(held_desk, reference, "respond") == date(2026, 4, 22)


def test_while_a_case_is_held_its_page_and_its_line_say_so_and_who_ends_it(held_desk, cast):
    reference = tell(held_desk, cast.ruth, lodge(held_desk, cast.ruth))
    act(held_desk, cast.olive, reference, HOLD)

    shown = page(held_desk, cast.ruth, reference)
    with held_desk.database.read() as session:
        [line], _ = list_cases(session, held_desk, cast.ruth, open_only=True)

    assert (shown.paused, line.paused) == (True, True)
    assert shown.seen_as == line.seen_as == "Paused"
    [pause] = shown.pauses
    assert (pause.because, pause.review_on, pause.ended_by) == ("both sides asked for it", date(2026, 4, 1), "the coordinator (“Go on”)")


def test_time_that_was_given_is_not_given_again_when_the_limit_runs_anew(held_desk, cast):
    reference = tell(held_desk, cast.ruth, lodge(held_desk, cast.ruth))
    act(held_desk, cast.olive, reference, MORE)
    assert due(held_desk, reference, "respond") == date(2026, 4, 8)
    shown = next(one for one in page(held_desk, cast.ruth, reference).deadlines if one.kind == "respond")
    assert (shown.due_on, shown.first_due_on) == (date(2026, 4, 8), date(2026, 3, 23))

    settle(held_desk, cast, reference)
    act(held_desk, cast.olive, reference, Step("open_again_for_a_test", {}))

    assert due(held_desk, reference, "respond") == date(2026, 3, 23)
    with held_desk.database.read() as session:
        assert [row.over for row in session.all(EXTENSIONS.select())] == [True]
    act(held_desk, cast.olive, reference, MORE)
    assert due(held_desk, reference, "respond") == date(2026, 4, 8)


def settle(desk, cast, reference):
    act(desk, cast.olive, reference, Step("record_resolution", {
        "agreed": "Three months.", "complainant_view": "satisfied", "respondent_view": "satisfied"}))


def test_a_reopened_case_is_open_again_with_another_episode_and_its_first_end_in_the_log(held_desk, cast, clock):
    reference = tell(held_desk, cast.ruth, lodge(held_desk, cast.ruth))
    clock.to(date(2026, 3, 9))
    settle(held_desk, cast, reference)
    clock.to(date(2026, 5, 11))

    done = act(held_desk, cast.olive, reference, Step("open_again_for_a_test", {}))

    head = read(held_desk, reference).head
    assert (head.stage, head.outcome, head.closed_on, head.episode, head.reopened_on) == ("direct", None, None, 2, date(2026, 5, 11))
    with held_desk.database.read() as session:
        entries = {seq: (event, read_body(body)["facts"]) for seq, event, body, _ in audit_log.entries_of(session, head.id)}
        assert {row.ending for row in session.all(ALLEGATIONS.select())} == {None}
    assert entries[done.seq][0] == "case:reopened"
    assert entries[done.seq][1]["episode"] == 2
    assert entries[done.seq - 1][1]["outcome"] == "resolved_full"

    clock.to(date(2026, 5, 18))
    settle(held_desk, cast, reference)

    with held_desk.database.read() as session:
        content = read_body(audit_log.entries_of(session, head.id)[-1][2])["facts"]
        figures = year_figures(session, held_desk, SCHEME, "2026-27")
    # From the day on which it was reopened: its first episode was counted when it ended.
    assert (content["elapsed_days"], content["handling_days"]) == (5, 5)
    assert [figures.measure(one).value for one in ("A1", "A2", "A4", "A5", "A6")] == [0, 0, 1, 1, 0]
    verify(held_desk)


def test_a_request_is_counted_in_the_calendar_that_the_scheme_has_for_it(held_desk, cast):
    reference = tell(held_desk, cast.ruth, lodge(held_desk, cast.ruth))

    act(held_desk, cast.olive, reference, Step("request_for_a_test", {"asked_on": "2026-03-02"}))

    with held_desk.database.read() as session:
        digests = {row.kind: row.calendar_digest for row in session.all(TIMERS.select())}
    assert digests["request_for_a_test"] != digests["respond"]
    # A day later than in England and Wales: the seventeenth is a holiday in Northern Ireland.
    assert due(held_desk, reference, "request_for_a_test") == date(2026, 3, 31)
    shown = next(one for one in page(held_desk, cast.olive, reference).deadlines if one.kind == "request_for_a_test")
    assert {day.on: day.why for day in shown.days}[date(2026, 3, 17)] == "Saint Patrick's Day (Northern Ireland)"


def test_a_scheme_without_a_calendar_for_a_role_is_told_what_to_write(either_desk):
    text = resources.text("workflows", "procedures", FILE).replace("\nlimits:\n", MORE_STEPS, 1).replace("calendar: foi", "calendar: moon")
    procedure = read_procedure(text, FILE)
    with either_desk.database.begin() as session:
        procedures.add_procedure(session, procedure, text, either_desk.now(session), procedures.PUBLISHED)
        with pytest.raises(Refused, match="calendar “moon”.*calendars: {moon: …}"):
            bind_calendars(session, either_desk, BY_OPERATOR, either_desk.scheme(session, SCHEME), procedure.digest, {})
