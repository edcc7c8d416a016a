"""Being away with cover: who may say so, what cannot be, and what Home says to both."""

from __future__ import annotations

import pytest

from breachdesk.casework.people.absences import absence_form, covers_shown, end_absence, note_absence
from breachdesk.errors import Invalid, NotFound, NotPermitted

SCHEME = "derby-and-derbyshire"


@pytest.fixture
def away(desk, cast):
    def of(who, cover, by="", role="coordinator", from_on="2026-03-02", to_on="2026-03-06"):
        actor, about = getattr(cast, by or who), getattr(cast, who).account_id
        return desk.database.transact(lambda session: note_absence(session, desk, actor, about, {
            "role": f"{SCHEME}/{role}", "cover": str(getattr(cast, cover).account_id), "from_on": from_on, "to_on": to_on}))
    return of


def said(desk, actor):
    with desk.database.read() as session:
        return [(one.who, one.cover, one.there, one.mine, one.now) for one in covers_shown(session, desk, actor.account_id)]


def test_home_says_it_to_both_and_to_whoever_covers_in_the_end(desk, cast, away):
    away("olive", "sid")
    away("sid", "maya", from_on="2026-03-02", to_on="2026-03-03")

    assert said(desk, cast.olive) == [("Olive", "Sid", "Maya", True, True)]
    assert said(desk, cast.sid)[0] == ("Olive", "Sid", "Maya", False, True)
    assert ("Sid", "Maya", "Maya", False, True) in said(desk, cast.maya)
    assert cast.maya.holds("coordinator", next(iter(cast.olive.roles))[0])


def test_two_people_cannot_cover_for_each_other_on_the_same_day(away):
    away("olive", "sid")

    with pytest.raises(Invalid) as circle:
        away("sid", "olive", from_on="2026-03-06", to_on="2026-03-09")
    assert set(circle.value.fields) == {"cover"}


def test_whoever_is_back_is_covered_no_more(desk, cast, away):
    number = away("olive", "sid")

    desk.database.transact(lambda session: end_absence(session, desk, cast.olive, cast.olive.account_id, number))

    assert cast.sid.roles == {(scheme, role) for scheme, role in cast.sid.roles if role != "coordinator"}
    assert said(desk, cast.sid) == []


def test_somebody_else_s_absence_is_said_by_an_office_alone(desk, cast, away):
    with pytest.raises(NotPermitted):
        away("olive", "sid", by="maya")
    number = away("olive", "sid", by="ops")
    with pytest.raises(NotFound):
        desk.database.transact(lambda session: end_absence(session, desk, cast.maya, cast.maya.account_id, number))
    with pytest.raises(NotPermitted):
        desk.database.transact(lambda session: end_absence(session, desk, cast.maya, cast.olive.account_id, number))


@pytest.mark.parametrize(("given", "field"), [
    ({"from_on": "2026-03-06", "to_on": "2026-03-05"}, "to_on"), ({"from_on": "2026-02-01", "to_on": "2026-02-05"}, "to_on"),
    ({"role": "operator"}, "role"), ({"cover": "ruth"}, "cover"), ({"cover": "olive"}, "cover"), ({"from_on": "soon"}, "from_on")])
def test_what_cannot_be_is_refused_by_the_fields_name(away, given, field):
    with pytest.raises(Invalid) as refused:
        away("olive", **{"cover": "sid", **given})

    assert set(refused.value.fields) == {field}


def test_a_critical_friend_is_covered_by_another_one(desk, cast, away):
    with pytest.raises(Invalid) as refused:
        away("maya", "sid", role="critical_friend")
    assert set(refused.value.fields) == {"cover"}

    away("maya", "alma", role="critical_friend")
    with pytest.raises(Invalid) as twice:
        away("maya", "alma", role="critical_friend", from_on="2026-03-06", to_on="2026-03-10")
    assert set(twice.value.fields) == {"from_on"}
    with desk.database.read() as session:
        # Whoever covers can be away from that as well.
        assert set(absence_form(session, desk, cast.alma.account_id).by_ask["role"]) == {f"{SCHEME}/critical_friend"}
