"""The whole road of a dispute about commitment 13.2, by HTTP as a browser would send it: from the complaint to a settlement."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from conftest import PASSWORD, fill, served
from web.page_reader import PageReader

from breachdesk.bootstrap import BY_OPERATOR, create_desk
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.practice.desk_clock import move_clock
from breachdesk.clock import start_of
from breachdesk.settings import read_settings

COMPLAINT = [
    {"complainant": "riverside-carers", "contact": "Ruth Ferris, 01632 960200"},
    {"respondents": ["amberdale-council"]},
    {"event_on-day": "20", "event_on-month": "2", "event_on-year": "2026"},
    {"commitments": ["13.2"]},
    {"required": "three months", "happened": "one month"},
    {"title": "One month's notice for the carers' helpline", "what_happened": "A letter gave us one month."},
    {"tried": "no"},
    {"outcome_sought": "Three months' notice, and the reasons."},
    {"identity": "open"},
    {"notice_read": "yes"},
]
SETTLED = {"agreed": "Amberdale Council pays until the end of May.", "outcome_view": "satisfied", "process_view": "satisfied"}


@pytest.fixture
def practice_desk(tmp_path):
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(tmp_path)}), practice=True, start=datetime(2026, 3, 2, 9, tzinfo=UTC))
    fill(desk)
    yield desk
    desk.database.close()


def take(person, path, answers):
    """Take a step through form, check and confirmation; the confirmation."""
    page = person.open(path)
    if page.heading != "Check your answers" and "What happens when you do this" not in page.main:
        page = person.send(page.form(), answers)
    return person.send(page.form())


def complain(ruth):
    """Riverside Carers complains; the case's address."""
    page = ruth.send(ruth.open("/complain").form("/complain"))
    for answers in COMPLAINT:
        page = ruth.send(page.form(), answers)
    sent = ruth.send(page.form())
    assert sent.heading == "Your complaint is with the coordinator"
    assert "acknowledges it by Monday 9 March 2026" in sent.main
    return sent.path.removesuffix("/done/1")


def test_a_dispute_goes_its_road_from_the_complaint_to_a_settlement(practice_desk):
    app = served(practice_desk)
    ruth, omar, olive, maya = people = [PageReader(app) for _ in range(4)]
    for person, name in zip(people, ("ruth", "omar", "olive", "maya"), strict=True):
        person.sign_in(f"{name}@desk.example", PASSWORD)

    case = complain(ruth)

    # The coordinator acknowledges it; Riverside Carers writes to the council with the letter, and says so.
    assert "One month's notice" in olive.open("/home").main.split("Waiting for others")[0]
    take(olive, f"{case}/do/acknowledge", {"understanding": "One month's notice was given; three are asked for."})
    assert "Commitment 13.2: “Where possible, give a minimum of three months' notice" in ruth.open(f"{case}/letter").main
    contact = {"person": "The head of commissioning", "contacted_on-day": "2", "contacted_on-month": "3", "contacted_on-year": "2026",
               "how": "letter"}
    told = take(ruth, f"{case}/do/record_direct_contact", contact)
    assert "Amberdale Council has been told and has until Monday 23 March 2026 to answer." in told.main

    # The council does not answer: the clock gives it a second notice.
    fired = move_clock(practice_desk, start_of(date(2026, 3, 24)), BY_OPERATOR)
    assert "second_notice_by_clock" in [one.did for one in fired]
    page = ruth.open(case)
    assert "Amberdale Council has not answered and has had a second notice." in page.main
    assert "The clock" in page.all(class_="desk-timeline__entry")[0].text

    # Riverside Carers asks for a critical friend; the coordinator accepts the complaint and names one.
    take(ruth, f"{case}/do/refer_to_critical_friend", {"remaining": "Everything."})
    take(olive, f"{case}/do/admit", {"reasons": "13.2 was in force, and the council owes it."})
    take(olive, f"{case}/do/appoint_critical_friend", {"critical_friend": "maya@desk.example", "mode": "mediator", "declared": "yes"})
    # She says first that she has no interest in it.
    maya.send(maya.open(f"{case}/declare").form(), {"nature": "none"})
    assert "One month's notice" in maya.open("/home").main
    met = {"met_on-day": "24", "met_on-month": "March", "met_on-year": "2026", "with": "both"}
    assert take(maya, f"{case}/do/record_meeting", met).heading == "Done: Record a meeting"

    # Both sides say that it is settled, and the case closes.
    assert "With the critical friend" in take(ruth, f"{case}/do/say_resolved", SETTLED).main
    closed = take(omar, f"{case}/do/say_resolved", SETTLED)
    assert "This case is closed." in closed.main
    for person in (ruth, omar, olive):
        assert "How it ended, on Tuesday 24 March 2026: Resolved to both sides' satisfaction." in person.open(case).main
        assert "Resolved to both sides' satisfaction" in person.open("/home").main.split("Recently closed")[1]
    assert "Nothing is waiting for you." in ruth.open("/home").main
    assert "The case is at “Closed” now." in ruth.open(f"{case}/do/withdraw", expect=409).main
    verify(practice_desk)
