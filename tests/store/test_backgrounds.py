"""What the desk's rows say of people who could be named in a case."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import lodge
from sqlalchemy import insert
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.store.accounts import organisation_id
from breachdesk.store.backgrounds import FUNDING
from breachdesk.store.tables import table_of
from breachdesk.store.tables_people import SuccessionRow


@pytest.fixture
def said(either_desk, cast):
    """Beside each critical friend's name: what is known of them in Ruth's second case."""
    def ask(reference):
        with either_desk.database.read() as session:
            against = case_page(session, either_desk, cast.olive, reference).action("appoint_critical_friend").offered.against
        return {email.partition("@")[0]: known.says for email, known in against.items()}
    return ask


def test_money_earlier_cases_and_old_memberships_stand_beside_the_names(either_desk, cast, joins, said):
    for name in ("tess", "fred", "lars", "pete"):
        joins(name, role="critical_friend", sector="voluntary")
    joins("tess", "larkmoor-voluntary-action")
    joins("fred", "fernhollow-health-partnership", until=date(2025, 6, 1))
    joins("lars", "riverside-carers", until=date(2025, 6, 1))
    joins("pete", "greenway-youth-trust")
    with either_desk.database.begin() as session:
        place = {slug: organisation_id(session, slug) for slug in ("larkmoor-voluntary-action", "amberdale-council", "greenway-youth-trust",
                                                                   "riverside-carers")}
        session.execute(insert(FUNDING).values(funder_id=place["amberdale-council"], funded_id=place["larkmoor-voluntary-action"],
                                               from_on=date(2024, 4, 1)))
        session.execute(insert(table_of(SuccessionRow)).values(
            predecessor_id=place["greenway-youth-trust"], successor_id=place["riverside-carers"], from_on=date(2025, 1, 1)))
    take(either_desk, cast, lodge(either_desk, cast.ruth), TO_THE_PANEL[:5])
    second = lodge(either_desk, cast.ruth)
    take(either_desk, cast, second, TO_THE_PANEL[:4])

    assert said(second) == {
        "alma": "Cannot be named: belongs to Amberdale Council. Serves in no open case.",
        "fred": "The desk knows of no interest. Serves in no open case.",
        "lars": "Cannot be named: belonged to Riverside Carers until 1 June 2025. Serves in no open case.",
        "maya": "To be weighed: was the critical friend in another case of Riverside Carers; was the critical friend in another case of "
                "Amberdale Council. Serves in 1 open case.",
        "pete": "Cannot be named: belongs to Greenway Youth Trust, which became Riverside Carers. Serves in no open case.",
        "tess": "To be weighed: belongs to Larkmoor Voluntary Action, which Amberdale Council funds. Serves in no open case."}


def test_whoever_left_after_an_upheld_objection_is_excluded_for_good(either_desk, cast, said):
    reference = lodge(either_desk, cast.ruth)
    take(either_desk, cast, reference, TO_THE_PANEL[:5])
    act(either_desk, cast.ruth, reference, Step("object_to_critical_friend", {"reason": "They are neighbours."}))
    act(either_desk, cast.olive, reference, Step("uphold_objection", {"reasons": "They are."}))

    with either_desk.database.read() as session:
        view = case_page(session, either_desk, cast.olive, reference).action("replace_critical_friend")
    assert view.offered.against["maya@desk.example"].says.startswith("Cannot be named: left this case after an objection")
