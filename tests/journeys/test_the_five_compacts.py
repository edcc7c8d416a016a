"""Each shipped Compact with a case: High Peak's from lodging to its end; the others say why not, until their register is there."""

from __future__ import annotations

import pytest
from conftest import COMPLAINT, CONTACT, Cast

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.desk import Desk
from breachdesk.casework.importing import Asked, import_register
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.open_case import open_case
from breachdesk.casework.procedures.setting_up import create_scheme, shipped_compacts
from breachdesk.compacts.registers import EXAMPLE
from breachdesk.errors import Refused
from breachdesk.resources import text

WITHOUT_WORDING = {"salford": "Draft 2", "herefordshire": "2007", "south-derbyshire": "2004"}
SETTLED = {"agreed": "Training on the new process.", "outcome_view": "satisfied", "process_view": "satisfied"}


def set_up(desk: Desk, slug: str) -> None:
    """The scheme of a shipped Compact, from its file."""
    desk.database.transact(lambda session: create_scheme(session, desk, BY_OPERATOR, text("workflows", "schemes", f"{slug}.yaml"), slug))


def complain(desk: Desk, cast: Cast, slug: str, code: str) -> str:
    return open_case(desk, cast.ruth, slug, {**COMPLAINT, "commitments": [code]}).reference


def test_a_case_goes_its_way_in_high_peak_from_the_complaint_to_a_settlement(desk: Desk, cast: Cast) -> None:
    set_up(desk, "high-peak")

    case = complain(desk, cast, "high-peak", "FC-SO3")
    act(desk, cast.ruth, case, CONTACT)
    act(desk, cast.omar, case, Step("respond", {"answer": "We have published the dates.", "position": "partly"}))
    act(desk, cast.ruth, case, Step("say_resolved", SETTLED))
    act(desk, cast.omar, case, Step("say_resolved", SETTLED))

    with desk.database.read() as session:
        page = case_page(session, desk, cast.ruth, case)
    assert case == "HP-2026-0001"
    assert (page.status, page.outcome) == ("closed", "resolved_full")
    [allegation] = page.allegations
    assert allegation.wording.startswith("Aim to produce a clear, transparent grant giving process")
    assert allegation.edition == "Working draft of 2003 (draft)"
    verify(desk)


@pytest.mark.parametrize("slug", WITHOUT_WORDING)
def test_a_scheme_without_wording_takes_no_case_until_its_register_is_imported(desk: Desk, cast: Cast, slug: str) -> None:
    set_up(desk, slug)

    with pytest.raises(Refused, match="can take no complaint yet: the wording of its Compact is not on this desk"):
        complain(desk, cast, slug, "2.1")
    asked = Asked(slug, WITHOUT_WORDING[slug])
    desk.database.transact(lambda session: import_register(session, desk, BY_OPERATOR, asked, EXAMPLE, "r.csv", shipped_compacts()))

    reference = complain(desk, cast, slug, "2.1")
    with desk.database.read() as session:
        [allegation] = case_page(session, desk, cast.ruth, reference).allegations
    assert allegation.wording == "Give three months' notice in writing, with reasons."
    assert allegation.edition.startswith(f"{WITHOUT_WORDING[slug]} of ")
    verify(desk)
