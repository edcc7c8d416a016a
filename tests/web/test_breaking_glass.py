"""Opening a case's shared papers in an emergency: for an hour, with a reason, and never in silence."""

from __future__ import annotations

import pytest
from conftest import SCHEME, lodge, tell

from breachdesk.casework.breaking_glass import break_glass, opened_papers
from breachdesk.casework.figures import year_figures
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.errors import Invalid, NotFound, NotPermitted

WHY = "canary-why: somebody in the case is in danger today."


@pytest.fixture
def reference(desk, cast):
    return tell(desk, cast.ruth, lodge(desk, cast.ruth, adjustments="canary-large-print"))


def papers(desk, actor, reference):
    with desk.database.read() as session:
        return str(opened_papers(session, desk, actor, reference))


def test_the_shared_papers_are_open_for_an_hour_and_nothing_else_is(desk, cast, clock, reference):
    with pytest.raises(NotFound):
        papers(desk, cast.ops, reference)

    break_glass(desk, cast.ops, reference, WHY)

    read = papers(desk, cast.ops, reference)
    assert "A letter gave us one month." in read
    assert "canary-large-print" not in read
    clock.move(minutes=61)
    with pytest.raises(NotFound):
        papers(desk, cast.ops, reference)


def test_both_sides_are_told_and_read_who_and_why(reader, desk, cast, reference, tmp_path):
    break_glass(desk, cast.ops, reference, WHY)
    send_waiting_notices(desk)

    sent = [file.read_text() for file in (tmp_path / "outbox").iterdir()]
    mails = [mail for mail in sent if "has opened its shared papers" in " ".join(mail.split())]
    assert {name for name in ("ruth", "omar", "olive", "hana") if any(f"{name}@desk.example" in mail for mail in mails)} == {"ruth", "omar"}
    assert not [mail for mail in mails if "canary-why" in mail]
    for name in ("ruth", "omar"):
        case = reader(name).open(f"/cases/{reference}").main
        assert "The shared papers were opened in an emergency, for an hour" in case
        assert WHY in case


def test_it_asks_why_and_is_for_those_who_run_the_desk(desk, cast, reference):
    with pytest.raises(Invalid):
        break_glass(desk, cast.ops, reference, "Because.")
    with pytest.raises(NotPermitted):
        break_glass(desk, cast.hana, reference, WHY)
    with pytest.raises(NotFound):
        break_glass(desk, cast.ops, "DD-2026-9999", WHY)


def test_an_interest_beats_an_emergency_too(desk, cast, joins, reference):
    joins("ops", "amberdale-council")

    with pytest.raises(NotFound):
        break_glass(desk, cast.ops, reference, WHY)


def test_it_is_counted_in_the_years_figures(desk, cast, reference):
    break_glass(desk, cast.ops, reference, WHY)

    with desk.database.read() as session:
        assert year_figures(session, desk, SCHEME).measure("J5").value == 1
