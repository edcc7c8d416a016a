"""Names on a day, who came after whom, and how somebody belongs to an organisation."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import lodge

from breachdesk.identity import MEMBERSHIPS
from breachdesk.store import accounts, organisations, people
from breachdesk.store.reading import case_row
from breachdesk.store.visibility import visible_to


@pytest.fixture
def council(either_desk):
    with either_desk.database.read() as session:
        return accounts.organisation_id(session, "amberdale-council")


@pytest.mark.parametrize(("day", "name"), [
    (date(2019, 5, 1), "Amberdale Urban District"), (date(2020, 3, 31), "Amberdale Urban District"),
    (date(2020, 4, 1), "Amberdale Borough"), (date(2023, 3, 31), "Amberdale Borough"), (date(2023, 4, 1), None)])
def test_an_organisation_has_on_each_day_the_name_of_that_day(either_desk, council, day, name):
    with either_desk.database.begin() as session:
        organisations.insert_former_name(session, council, "Amberdale Borough", date(2023, 3, 31))
        organisations.insert_former_name(session, council, "Amberdale Urban District", date(2020, 3, 31))

        found = organisations.names_on(session, [council], day)
    assert found == ({council: (name, "Amberdale Council")} if name else {})


def test_only_whoever_acts_for_an_organisation_meets_its_cases_and_gets_its_messages(either_desk, cast, council):
    day = date(2026, 3, 2)
    with either_desk.database.begin() as session:
        session.execute(people.MEMBERSHIPS.delete().where(people.MEMBERSHIPS.c.organisation_id == council))
        for name, kind in zip(("omar", "stella", "sid", "sara"), MEMBERSHIPS, strict=True):
            session.execute(people.MEMBERSHIPS.insert().values(
                account_id=getattr(cast, name).account_id, organisation_id=council, from_on=day, kind=kind))

    assert {name for name in ("omar", "stella", "sid", "sara") if council in getattr(cast, name).organisations} == {"omar", "stella"}
    assert {name for name in ("omar", "stella", "sid", "sara") if council in getattr(cast, name).administers} == {"sid"}
    with either_desk.database.read() as session:
        told = people.recipients(session, 0, day, organisation_ids=[council])
        everybody = people.candidates_among(session, [getattr(cast, name).account_id for name in ("omar", "sid", "sara")], day)
    assert [one[2] for one in told] == ["omar@desk.example", "stella@desk.example"]
    # Whoever belongs there in any way has an interest in it.
    assert all(council in one.organisations for one in everybody.values())


def test_whoever_belongs_to_a_side_in_a_way_that_gives_nothing_is_kept_out_of_its_cases(either_desk, cast, council):
    with either_desk.database.begin() as session:
        session.execute(people.MEMBERSHIPS.insert().values(
            account_id=cast.olive.account_id, organisation_id=council, from_on=date(2026, 1, 1), kind="employee"))
    case = lodge(either_desk, cast.ruth)

    with either_desk.database.read() as session:
        assert case_row(session, visible_to(cast.olive), case) is None
        assert case_row(session, visible_to(cast.ruth), case) is not None
