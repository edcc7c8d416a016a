"""What binds somebody to a case, as far as the desk's data says: what bars them and what is to be weighed."""

from __future__ import annotations

from datetime import date

import pytest

from breachdesk.workflow.facts import Appointment, Candidate, Funding, Membership, Party
from breachdesk.workflow.interests import Stakes, interests_of, is_barred

CARERS = Party(1, 11, "complainant", "Riverside Carers", "voluntary", represented_by=15)
COUNCIL = Party(2, 12, "respondent", "Amberdale Council", "statutory")
RECEIVED = date(2026, 3, 2)
STAKES = Stakes((CARERS, COUNCIL), (Appointment(7, "critical_friend", ended=True),), RECEIVED, frozenset({8, 9}), frozenset({9}))


def somebody(account_id: int = 1, **known) -> Candidate:
    return Candidate(account_id, "Sam", "sam@desk.example", "statutory", known.pop("organisations", frozenset()), **known)


def belonged(place: int, until: date | None, name: str = "Larkmoor", became: tuple[int, ...] = ()) -> dict[str, object]:
    return {"memberships": (Membership(place, name, date(2010, 1, 1), until, frozenset(became)),),
            "organisations": frozenset() if until else frozenset({place})}


@pytest.mark.parametrize(("known", "role", "bars", "says"), [
    ({}, "", None, None),
    ({"organisations": frozenset({12})}, "", True, "belongs to Amberdale Council"),
    (belonged(12, None), "", True, "belongs to Amberdale Council"),
    # Their people of the year before the case count as their people; on the day before that year they do not.
    (belonged(12, date(2025, 3, 2)), "", True, "belonged to Amberdale Council until 2 March 2025"),
    (belonged(12, date(2025, 3, 1)), "", None, None),
    (belonged(15, None), "", True, "belongs to Larkmoor, which acts for Riverside Carers"),
    (belonged(30, None, "The old trust", (11,)), "", True, "belongs to The old trust, which became Riverside Carers"),
    ({"account_id": 8}, "", True, "has declared an interest in this case"),
    ({"account_id": 9}, "", True, "left this case after an objection that was agreed to"),
    ({"account_id": 7}, "panel_member", True, "was the critical friend in this case"),
    # Whoever stepped down as critical friend because they were ill can be named as that again.
    ({"account_id": 7}, "critical_friend", None, None),
    ({"organisations": frozenset({30}), "funding": (Funding(12, 30, "Larkmoor"),)}, "", False,
     "belongs to Larkmoor, which Amberdale Council funds"),
    ({"organisations": frozenset({30}), "funding": (Funding(30, 11, "Larkmoor"),)}, "", False,
     "belongs to Larkmoor, which funds Riverside Carers"),
    ({"acted_for": frozenset({11})}, "", False, "acted for Riverside Carers in another case"),
    ({"served": frozenset({("critical_friend", 12)})}, "", False, "was the critical friend in another case of Amberdale Council"),
    ({"served": frozenset({("panel_member", 99)})}, "", None, None),
])
def test_what_binds_somebody_to_a_case_is_said_with_its_weight(known, role, bars, says):
    found = interests_of(somebody(**known), STAKES, role)

    assert [(one.bars, one.says) for one in found] == ([] if says is None else [(bars, says)])
    assert is_barred(somebody(**known), STAKES, role) is bool(bars)


def test_what_bars_somebody_is_said_first():
    both = somebody(organisations=frozenset({12}), acted_for=frozenset({11}))

    assert [one.bars for one in interests_of(both, STAKES)] == [True, False]
