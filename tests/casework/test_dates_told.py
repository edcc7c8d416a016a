"""“Why this date?” in a few sentences: the same days as in the page's table, in letters and commands."""

from __future__ import annotations

from datetime import date

import pytest
from casework.test_letters import letter, waiting
from conftest import lodge, tell
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import DeadlineView
from breachdesk.casework.dates_told import why_in_short
from breachdesk.casework.deadlines import calendar_named
from breachdesk.casework.people.accounts import add_organisation
from breachdesk.timekeeping.ledger import Ledger, Pause, due_on, explain
from breachdesk.timekeeping.limits import CalendarDays, Months, WorkingDays
from breachdesk.timekeeping.said import said_date

ENGLAND = calendar_named("england-and-wales")


def view(ledger):
    days = explain(ledger, ENGLAND) if not isinstance(ledger.limit, Months) else ()
    due = due_on(ledger, ENGLAND)
    return DeadlineView("respond", "The council answers", "", ledger.start, due, 4, due is None, False,
                        str(ledger.limit), "a test", "", "", days, None, isinstance(ledger.limit, WorkingDays), False)


@pytest.mark.parametrize(("ledger", "said"), [
    (Ledger(date(2026, 3, 30), WorkingDays(5)),
     "5 working days, counted from the day after 30 March 2026. "
     "Not counted: Saturdays and Sundays; 3 April 2026 (Good Friday); 6 April 2026 (Easter Monday)."),
    (Ledger(date(2026, 3, 2), WorkingDays(2)), "2 working days, counted from the day after 2 March 2026."),
    (Ledger(date(2026, 3, 2), CalendarDays(7)), "7 days, counted from the day after 2 March 2026. Every day counts."),
    (Ledger(date(2026, 3, 2), Months(3)), "3 months, counted from the day after 2 March 2026. Every day counts."),
    (Ledger(date(2026, 3, 2), WorkingDays(0)), "It is the day that was agreed on: 2 March 2026."),
    (Ledger(date(2026, 3, 2), WorkingDays(6), (Pause(date(2026, 3, 5), date(2026, 3, 10), "both wait"),)),
     "6 working days, counted from the day after 2 March 2026. "
     "Not counted: Saturdays and Sundays; 5 March 2026 to 9 March 2026 (both wait)."),
    (Ledger(date(2026, 3, 2), WorkingDays(6), tuple(Pause(date(2026, 3, day), date(2026, 3, day + 1), "both wait") for day in (4, 10))),
     "6 working days, counted from the day after 2 March 2026. "
     "Not counted: Saturdays and Sundays; 4 March 2026 (both wait); 10 March 2026 (both wait)."),
])
def test_the_sentences_say_from_when_how_many_days_and_which_are_left_out(ledger, said):
    assert why_in_short(view(ledger)) == said


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(1, 60))
def test_every_holiday_on_the_way_is_named_and_none_beside_it(start, n):
    ledger = Ledger(start, WorkingDays(n))

    told = why_in_short(view(ledger))

    on_the_way = {day: why for day, why in ENGLAND.holidays.items() if start < day <= due_on(ledger, ENGLAND) and day.weekday() < 5}
    assert told.count("(") == len(on_the_way)
    for day, why in on_the_way.items():
        assert f"{said_date(day)} ({why})" in told


def test_a_letter_says_by_when_its_reader_must_act_and_why_that_day(desk, cast, clock):
    clock.to(date(2026, 3, 27))
    desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, "Tarn Parish Council", "statutory"))
    reference = lodge(desk, cast.ruth, respondents=["tarn-parish-council"])
    tell(desk, cast.ruth, reference)
    act(desk, cast.olive, reference, Step("give_more_time", {"which": "respond", "days": 2, "reason": "Leave."}))

    one, _ = waiting(desk, cast.olive)
    dates = {title: (due_on, why) for title, due_on, why in letter(desk, cast.olive, reference, one.seq).dates}

    easter = "Not counted: Saturdays and Sundays; 3 April 2026 (Good Friday); 6 April 2026 (Easter Monday)."
    assert dates == {
        "Tarn Parish Council says that it has the complaint": (
            date(2026, 4, 7), f"5 working days, counted from the day after 27 March 2026. {easter}"),
        "Tarn Parish Council answers": (
            date(2026, 4, 23), "10 working days, counted from the day after 7 April 2026. Not counted: Saturdays and Sundays. "
                               "Days 11 to 12 are more time that was given (Give more time)."),
    }
    with desk.database.read() as session:
        page = case_page(session, desk, cast.olive, reference)
    assert {title: due_on for title, (due_on, _) in dates.items()} == {
        one.title: one.due_on for one in page.deadlines if one.party == "Tarn Parish Council"}
