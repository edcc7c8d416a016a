"""A bank holiday is announced, or taken back, while cases are open: looked at first, then one batch that moves nobody's day forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from conftest import SCHEME, lodge

from breachdesk import resources
from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.calendars_held import (
    HeldCalendar,
    calendars_in_trouble,
    closed_days_of,
    may_change_closed_days,
    newer_days,
    scheme_calendar,
)
from breachdesk.casework.case_page import case_page
from breachdesk.casework.changing_calendars import as_seen_by, change_calendar, look_ahead
from breachdesk.casework.desk import read_procedure
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.soundness import unsound
from breachdesk.errors import Invalid, Refused
from breachdesk.store import procedures
from breachdesk.store.cases import SCHEMES
from breachdesk.store.session import Session
from breachdesk.timekeeping.calendar_changes import edited

pytestmark = pytest.mark.usefixtures("replayed_afterwards")

JUBILEE = date(2026, 3, 10)


def its_own(desk):
    def find(session: Session) -> HeldCalendar:
        return scheme_calendar(session, desk, SCHEME)
    return find


def add_jubilee(calendar):
    return edited(calendar, {JUBILEE: "Jubilee Day"}, ())


def deadlines(desk, actor, reference):
    with desk.database.read() as session:
        return {one.kind: one.due_on for one in case_page(session, desk, actor, reference).deadlines}


@pytest.fixture
def told(either_desk, cast):
    """A case in which Amberdale Council has until 16 March to acknowledge and longer to answer."""
    reference = lodge(either_desk, cast.ruth)
    act(either_desk, cast.ruth, reference, Step("record_direct_contact", {"person": "X", "contacted_on": "2026-03-02", "how": "letter"}))
    return reference


def test_a_new_bank_holiday_is_looked_at_first_and_changes_nothing(either_desk, cast, told):
    before = deadlines(either_desk, cast.omar, told)

    with either_desk.database.read() as session:
        held = its_own(either_desk)(session)
        found = look_ahead(session, either_desk, held, add_jubilee(held.calendar))

    assert found.added == {JUBILEE: "Jubilee Day"}
    [case] = found.cases
    assert (case.reference, case.limits[0].how) == (told, "moved")
    assert deadlines(either_desk, cast.omar, told) == before


def test_a_new_bank_holiday_gives_everybody_a_day_more_says_so_and_is_sent_to_both_sides(either_desk, cast, told):
    before = deadlines(either_desk, cast.omar, told)
    send_waiting_notices(either_desk)

    change = change_calendar(either_desk, BY_OPERATOR, its_own(either_desk), add_jubilee, "Announced by the government.")

    after = deadlines(either_desk, cast.omar, told)
    assert change.moved == len([one for one in before if after[one] != before[one]]) >= 2
    assert all(after[one] >= before[one] for one in before)
    with either_desk.database.read() as session:
        page = case_page(session, either_desk, cast.omar, told)
        assert unsound(session, either_desk, told) == []
    step = page.timeline[0]
    assert step.title == "New days, by a changed calendar"
    assert ("Why", "Announced by the government.") in step.texts
    [respond] = [one for one in page.deadlines if one.kind == "respond"]
    assert "Jubilee Day" in {day.why for day in respond.days}
    assert verify(either_desk)
    send_waiting_notices(either_desk)
    letters = [one.read_text() for one in (either_desk.data_path / "outbox").glob("*.eml") if "New days in your case" in one.read_text()]
    assert len(letters) >= 2
    assert all("No day has become an earlier" in " ".join(one.split()) for one in letters)


def test_a_holiday_that_is_taken_back_leaves_every_promised_day_and_its_reason(either_desk, cast, told):
    change_calendar(either_desk, BY_OPERATOR, its_own(either_desk), add_jubilee, "Announced.")
    promised = deadlines(either_desk, cast.omar, told)

    change = change_calendar(either_desk, BY_OPERATOR, its_own(either_desk), lambda one: edited(one, {}, {JUBILEE}), "Called off.")

    assert change.moved == 0
    assert {one.how for case in change.cases for one in case.limits} == {"kept"}
    assert deadlines(either_desk, cast.omar, told) == promised
    with either_desk.database.read() as session:
        [respond] = [one for one in case_page(session, either_desk, cast.omar, told).deadlines if one.kind == "respond"]
        assert "Jubilee Day" in {day.why for day in respond.days}, "the date is explained by the calendar in which it was promised"
        assert unsound(session, either_desk, told) == []


def test_a_change_that_somebody_made_in_between_is_not_overwritten(desk, told):
    with desk.database.read() as session:
        seen = its_own(desk)(session).calendar.digest
    change_calendar(desk, BY_OPERATOR, its_own(desk), add_jubilee, "Announced.")

    with pytest.raises(Refused, match="Somebody else has changed"):
        change_calendar(desk, BY_OPERATOR, its_own(desk), lambda one: edited(one, {}, {JUBILEE}), "No.", seen)
    with pytest.raises(Refused, match="Nothing changes"):
        change_calendar(desk, BY_OPERATOR, its_own(desk), lambda one: one, "No.")
    with pytest.raises(Invalid):
        change_calendar(desk, BY_OPERATOR, its_own(desk), add_jubilee, " ")


def test_newer_bank_holidays_lose_nothing_that_was_entered_by_hand_and_reach_further(desk, clock):
    change_calendar(desk, BY_OPERATOR, its_own(desk), add_jubilee, "Announced.")
    clock.move(days=3 * 365)

    with desk.database.read() as session:
        held = its_own(desk)(session)
        newer = newer_days(session, desk, held)

    assert newer.holidays[JUBILEE] == "Jubilee Day"
    assert newer.last.year == held.calendar.last.year + 3


@pytest.fixture
def counting_desk(either_desk):
    """A desk whose procedure counts the days on which the organisation complained about is closed."""
    text = resources.text("workflows", "procedures", "compact-dispute.v1.yaml") + "\ndays off: respondent\n"
    procedure = read_procedure(text, "compact-dispute.v1.yaml")
    with either_desk.database.begin() as session:
        procedures.add_procedure(session, procedure, text, either_desk.now(session), procedures.PUBLISHED)
        session.execute(SCHEMES.update().values(procedure_digest=procedure.digest))
    return either_desk


def test_the_days_on_which_the_respondent_is_closed_give_it_more_time_and_are_explained(counting_desk, cast):
    desk, closed = counting_desk, date(2026, 3, 9)
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, Step("record_direct_contact", {"person": "X", "contacted_on": "2026-03-02", "how": "letter"}))
    before = deadlines(desk, cast.omar, reference)

    change = change_calendar(desk, BY_OPERATOR, lambda session: closed_days_of(session, desk, "amberdale-council"),
                             lambda one: edited(one, {closed: "Move of offices"}, ()), "We move.")

    after = deadlines(desk, cast.omar, reference)
    assert change.moved
    assert after["respond"] == before["respond"] + timedelta(days=1)
    with desk.database.read() as session:
        page = case_page(session, desk, cast.omar, reference)
        [first] = [one for one in page.deadlines if one.kind == "respondent_acknowledges"]
        assert [day.why for day in first.days if day.on == closed] == ["Amberdale Council is closed: Move of offices"]
        assert unsound(session, desk, reference) == []
    # A case that begins now counts them from its first day.
    later = lodge(desk, cast.ruth, title="Another")
    act(desk, cast.ruth, later, Step("record_direct_contact", {"person": "X", "contacted_on": "2026-03-02", "how": "letter"}))
    assert deadlines(desk, cast.omar, later)["respond"] == after["respond"]
    # The complaining organisation's closed days are not asked about.
    assert not change_calendar(desk, BY_OPERATOR, lambda session: closed_days_of(session, desk, "riverside-carers"),
                               lambda one: edited(one, {date(2026, 3, 11): "Fair"}, ()), "A fair.").moved


def test_closed_days_that_move_no_day_now_do_not_stand_in_the_way_of_the_next_ones(counting_desk, cast):
    lodge(counting_desk, cast.ruth)

    for day in (date(2026, 12, 21), date(2026, 12, 22)):
        change = change_calendar(counting_desk, BY_OPERATOR, lambda session: closed_days_of(session, counting_desk, "amberdale-council"),
                                 lambda one, day=day: edited(one, {day: "Move of offices"}, ()), "We move.")

    assert change.cases == ()
    assert replay(counting_desk).differences == ()


def test_nobody_learns_of_a_complaint_by_looking_at_the_days_on_which_they_are_closed(counting_desk, cast):
    desk = counting_desk
    reference = lodge(desk, cast.ruth)

    with desk.database.read() as session:
        held = closed_days_of(session, desk, "amberdale-council")
        found = look_ahead(session, desk, held, edited(held.calendar, {date(2026, 3, 5): "Move of offices"}, ()))
        knows = {name: [one.reference for one in as_seen_by(session, getattr(cast, name), found).cases] for name in ("olive", "omar")}

    assert knows == {"olive": [reference], "omar": []}
    assert "{" not in str(found.cases[0].titles.values())


def test_a_calendar_that_ends_too_soon_is_an_alarm(desk, clock):
    with desk.database.read() as session:
        assert calendars_in_trouble(session, desk) == []
    clock.move(days=12 * 365)

    with desk.database.read() as session:
        assert "Take newer bank holidays in" in calendars_in_trouble(session, desk)[0]


def test_a_coordinator_changes_the_closed_days_of_those_who_take_part_in_their_scheme_or_as_yet_in_none(either_desk, cast):
    other = replace(cast.olive, roles=frozenset({(2, "coordinator")}))

    def may_change(actor, name):
        with either_desk.database.read() as session:
            return may_change_closed_days(session, actor, closed_days_of(session, either_desk, name).organisation[0])

    # People of the council sit in Olive's scheme. Nobody of the youth trust has a role anywhere, and no case is about it.
    assert (may_change(cast.olive, "amberdale-council"), may_change(other, "amberdale-council")) == (True, False)
    assert (may_change(cast.olive, "greenway-youth-trust"), may_change(other, "greenway-youth-trust")) == (True, True)

    lodge(either_desk, cast.stella, complainant="greenway-youth-trust")

    assert (may_change(cast.olive, "greenway-youth-trust"), may_change(other, "greenway-youth-trust")) == (True, False)
    assert may_change(cast.stella, "greenway-youth-trust")
    assert not may_change(cast.stella, "amberdale-council")
