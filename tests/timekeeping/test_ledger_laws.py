"""What holds for every ledger, against a second counter that walks from day to day and knows no table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.elapsed import working_days_between
from breachdesk.timekeeping.ledger import Extension, Ledger, Pause, due_on, explain, standing
from breachdesk.timekeeping.limits import CalendarDays, Limit, Months, Weeks, WorkingDays, end_of_span

DAY = timedelta(days=1)
STARTS = some.dates(date(2026, 1, 1), date(2026, 12, 31))
NUMBERS = some.integers(0, 60)
LIMITS: some.SearchStrategy[Limit] = some.one_of(
    NUMBERS.map(WorkingDays), NUMBERS.map(CalendarDays), some.integers(0, 8).map(Weeks), some.integers(0, 3).map(Months))
EXTENSIONS = some.lists(LIMITS.map(lambda by: Extension(by, "advice is awaited")), max_size=2).map(tuple)
few = settings(max_examples=50, deadline=None)


@some.composite
def pauses_near(draw: some.DrawFn, start: date, *, may_be_open: bool = True) -> tuple[Pause, ...]:
    pauses = []
    for _ in range(draw(some.integers(0, 4))):
        begin = start + draw(some.integers(-5, 90)) * DAY
        length = draw(some.integers(0, 25))
        pauses.append(Pause(begin, None if may_be_open and draw(some.integers(0, 5)) == 0 else begin + length * DAY, "waiting"))
    return tuple(pauses)


@some.composite
def ledgers(draw: some.DrawFn) -> Ledger:
    start = draw(STARTS)
    return Ledger(start, draw(LIMITS), draw(pauses_near(start)), draw(EXTENSIONS))


def walked(ledger: Ledger, calendar: Calendar) -> date | None:
    """The due date as somebody with a wall calendar and a pencil would find it."""
    day = ledger.start
    for by in (ledger.limit, *(extension.by for extension in ledger.extensions)):
        remaining = by.n if isinstance(by, WorkingDays) else (end_of_span(day, by) - day).days
        while remaining:
            day += DAY
            if any(pause.to_on is None and pause.from_on <= day for pause in ledger.pauses):
                return None
            paused = any(pause.to_on is not None and pause.from_on <= day < pause.to_on for pause in ledger.pauses)
            closed = isinstance(by, WorkingDays) and not calendar.is_working(day)
            remaining -= not paused and not closed
    return day


@few
@given(ledger=ledgers())
def test_the_due_date_is_the_one_that_walking_finds(calendar: Calendar, ledger: Ledger) -> None:
    assert due_on(ledger, calendar) == walked(ledger, calendar)


@few
@given(start=STARTS, n=NUMBERS, data=some.data())
def test_a_longer_limit_is_never_due_earlier(calendar: Calendar, start: date, n: int, data: some.DataObject) -> None:
    pauses = data.draw(pauses_near(start, may_be_open=False))
    shorter, longer = (due_on(Ledger(start, WorkingDays(days), pauses), calendar) for days in (n, n + 1))

    assert shorter is not None
    assert longer is not None
    assert shorter < longer


@few
@given(start=STARTS, n=NUMBERS)
def test_as_many_working_days_lie_between_as_were_added(calendar: Calendar, start: date, n: int) -> None:
    due = due_on(Ledger(start, WorkingDays(n)), calendar)

    assert due is not None
    assert working_days_between(start, due, calendar) == n


@few
@given(start=STARTS, a=NUMBERS, b=NUMBERS, data=some.data())
def test_two_steps_are_one_step(calendar: Calendar, start: date, a: int, b: int, data: some.DataObject) -> None:
    pauses = data.draw(pauses_near(start))
    at_once = due_on(Ledger(start, WorkingDays(a + b), pauses), calendar)
    halfway = due_on(Ledger(start, WorkingDays(a), pauses), calendar)

    assert at_once == (halfway and due_on(Ledger(halfway, WorkingDays(b), pauses), calendar))
    assert at_once == due_on(Ledger(start, WorkingDays(a), pauses, (Extension(WorkingDays(b), ""),)), calendar)


@few
@given(start=STARTS, n=NUMBERS, offset=some.integers(-10, 90), length=some.integers(0, 6))
def test_a_pause_without_a_working_day_moves_nothing(calendar: Calendar, start: date, n: int, offset: int, length: int) -> None:
    begin = start + offset * DAY
    end = begin
    while (end - begin).days < length and not calendar.is_working(end):
        end += DAY
    ledger = Ledger(start, WorkingDays(n))

    assert due_on(replace(ledger, pauses=(Pause(begin, end, "waiting"),)), calendar) == due_on(ledger, calendar)


@few
@given(start=STARTS, n=some.integers(1, 60), data=some.data())
def test_closing_a_pause_moves_the_date_by_exactly_its_working_days(
        calendar: Calendar, start: date, n: int, data: some.DataObject) -> None:
    ledger = Ledger(start, WorkingDays(n))
    due = due_on(ledger, calendar)
    assert due is not None
    begin = start + data.draw(some.integers(1, (due - start).days)) * DAY
    end = begin + data.draw(some.integers(0, 40)) * DAY

    moved = due_on(replace(ledger, pauses=(Pause(begin, end, "waiting"),)), calendar)

    taken = working_days_between(begin - DAY, end - DAY, calendar)
    assert due_on(replace(ledger, pauses=(Pause(begin, None, "waiting"),)), calendar) is None
    assert moved is not None
    assert working_days_between(due, moved, calendar) == taken


@few
@given(ledger=ledgers(), by=LIMITS)
def test_an_extension_that_is_taken_back_leaves_no_trace(calendar: Calendar, ledger: Ledger, by: Limit) -> None:
    extended = replace(ledger, extensions=(*ledger.extensions, Extension(by, "granted by mistake")))
    before, during = due_on(ledger, calendar), due_on(extended, calendar)

    assert due_on(replace(extended, extensions=extended.extensions[:-1]), calendar) == before
    assert during is None or (before is not None and during >= before)


@few
@given(ledger=ledgers())
def test_the_explanation_ends_on_the_due_day_and_numbers_every_counted_day(calendar: Calendar, ledger: Ledger) -> None:
    days = explain(ledger, calendar)

    due = due_on(ledger, calendar)
    numbers = [day.number for day in days if day.counted]
    assert [day.on for day in days] == [ledger.start + n * DAY for n in range(len(days))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(day.why for day in days if not day.counted)
    assert due is None or days[-1].on == due
    if due is not None and isinstance(ledger.limit, WorkingDays) and not ledger.extensions:
        assert len(numbers) == ledger.limit.n


@few
@given(start=STARTS, n=NUMBERS, offset=some.integers(0, 120), data=some.data())
def test_days_used_and_days_left_make_the_limit(calendar: Calendar, start: date, n: int, offset: int, data: some.DataObject) -> None:
    ledger = Ledger(start, WorkingDays(n), data.draw(pauses_near(start)))
    today = start + offset * DAY

    now = standing(ledger, calendar, today)

    used = sum(day.counted and day.on <= today for day in explain(ledger, calendar))
    assert now.left == n - used if not now.overdue else now.left < 0
    assert not (now.paused and now.overdue)
