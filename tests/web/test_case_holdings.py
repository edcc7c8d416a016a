"""What a case holds, on its page and in forms: remedies, linked cases, allegations one by one."""

from __future__ import annotations

import pytest
from conftest import lodge
from everything_procedure import using_everything

from breachdesk.casework.act import Step, act
from breachdesk.store.cases import read_case


@pytest.fixture
def reference(desk, cast):
    """A complaint of two organisations about two, on two commitments, linked with another."""
    using_everything(desk)
    other = lodge(desk, cast.ruth)
    found = lodge(desk, cast.ruth, joined_by=["greenway-youth-trust"], respondents=["amberdale-council", "harcastle-borough-council"],
                  commitments=["13.2", "9.1"], represented_by="larkmoor-voluntary-action", happened="1 month")
    act(desk, cast.olive, found, Step("t_link", {"other": other}))
    return found


def held(desk, reference):
    with desk.database.begin() as session:
        return read_case(session, reference=reference)


def test_a_remedy_is_agreed_and_confirmed_on_pages(reader, desk, reference):
    olive, owner = reader("olive"), next(str(one.id) for one in held(desk, reference).parties if one.side == "respondent")
    answers = {"what": "A letter that says sorry", "kind": "apology", "owner": owner, "due-day": "20", "due-month": "3", "due-year": "2026"}

    check = olive.send(olive.open(f"/cases/{reference}/do/t_agree").form(), answers)
    olive.send(check.form(f"/cases/{reference}/do/t_agree"))
    check = olive.send(olive.open(f"/cases/{reference}/do/t_settle").form(), {"which": "1", "evidence": "It came on Monday."})
    olive.send(check.form(f"/cases/{reference}/do/t_settle"))

    page = " ".join(reader("ruth").open(f"/cases/{reference}").main.split())
    assert "1. A letter that says sorry (an apology) Amberdale Council Friday 20 March 2026 Done It came on Monday." in page


def test_the_page_says_who_leads_who_acts_for_whom_and_which_cases_belong_together(reader, reference):
    page = reader("ruth").open(f"/cases/{reference}").main

    assert "complains, and speaks for those that complain together; Larkmoor Voluntary Action acts for it" in page
    assert "Heard together with DD-2026-0001" in page


def test_each_allegation_of_the_organisation_that_is_meant_is_asked_about(reader, desk, reference):
    olive, case = reader("olive"), held(desk, reference)
    amberdale = next(one for one in case.parties if one.name == "Amberdale Council")
    stands = {f"stand-{one.id}": "disputed" for one in case.allegations}

    check = olive.send(olive.open(f"/cases/{reference}/do/t_position").form(), {
        "party": str(amberdale.id), **stands, "behalf_said_by": "Ann Archer", "behalf_channel": "post",
        "behalf_came_on-day": "2", "behalf_came_on-month": "3", "behalf_came_on-year": "2026"})
    olive.send(check.form(f"/cases/{reference}/do/t_position"))

    assert {one.party for one in held(desk, reference).allegations if one.position == "disputed"} == {amberdale.id}
    assert "Amberdale Council says: Yes." in reader("ruth").open(f"/cases/{reference}").main
