"""Who covers for somebody who is away: chains, loops, days, and every query that asks who holds a role."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.store import people
from breachdesk.store.absences import Away, covers_on, end_absence, followed, insert_absence
from breachdesk.store.accounts import insert_role
from breachdesk.store.schemes import scheme_by_slug

MONDAY = date(2026, 3, 2)
WEDNESDAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)


def rows(*pairs: tuple[int, int]) -> list[tuple[int, str, int, int]]:
    return [(1, "coordinator", away, cover) for away, cover in pairs]


@pytest.mark.parametrize(("pairs", "there"), [
    ([(1, 2)], {1: 2}),
    # B is away as well: C covers for both.
    ([(1, 2), (2, 3)], {1: 3, 2: 3}),
    # Two people who cover for each other leave nobody there, and so does everybody who relies on them.
    ([(1, 2), (2, 1)], {}),
    ([(1, 2), (2, 3), (3, 2)], {}),
    ([(1, 2), (3, 4)], {1: 2, 3: 4})])
def test_a_chain_is_followed_to_whoever_is_there(pairs, there):
    assert {away: cover for (_, _, away), cover in followed(rows(*pairs)).items()} == there


def test_a_cover_in_one_scheme_or_role_is_none_in_another():
    found = followed([(1, "coordinator", 1, 2), (2, "coordinator", 2, 3), (1, "critical_friend", 2, 4)])

    assert found == {(1, "coordinator", 1): 2, (2, "coordinator", 2): 3, (1, "critical_friend", 2): 4}


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6), max_size=6))
def test_nobody_covers_who_is_away(pairs):
    found: dict[Away, int] = followed(rows(*((away, cover) for away, cover in pairs.items() if away != cover)))

    assert not {cover for cover in found.values()} & {away for away, cover in pairs.items() if away != cover}


@pytest.fixture
def scheme_id(either_desk):
    with either_desk.database.read() as session:
        found = scheme_by_slug(session, "derby-and-derbyshire")
        assert found
        return found.id


def away(desk, scheme_id, who, cover, role="coordinator", from_on=MONDAY, to_on=WEDNESDAY):
    with desk.database.begin() as session:
        return insert_absence(session, who.account_id, scheme_id, role, cover.account_id, from_on, to_on)


def addresses(desk, scheme_id, day):
    with desk.database.read() as session:
        return [one[2].partition("@")[0] for one in people.recipients(session, scheme_id, day, roles=["coordinator"])]


def test_whoever_covers_holds_the_role_on_those_days_and_gets_its_messages(either_desk, cast, scheme_id):
    away(either_desk, scheme_id, cast.olive, cast.sid)

    with either_desk.database.read() as session:
        held = {day: people.actor_by_id(session, cast.sid.account_id, day).holds("coordinator", scheme_id)
                for day in (MONDAY, WEDNESDAY, FRIDAY)}
        assert people.actor_by_id(session, cast.olive.account_id, MONDAY).holds("coordinator", scheme_id)
    assert held == {MONDAY: True, WEDNESDAY: True, FRIDAY: False}
    assert addresses(either_desk, scheme_id, MONDAY) == ["sid"]
    assert addresses(either_desk, scheme_id, FRIDAY) == ["olive"]


def test_a_cover_ends_when_the_term_of_the_one_away_does(either_desk, cast, scheme_id):
    with either_desk.database.begin() as session:
        insert_role(session, cast.stella.account_id, scheme_id, "coordinator", date(2026, 1, 1))
        session.execute(people.ROLES.update().where(people.ROLES.c.account_id == cast.stella.account_id).values(to_on=MONDAY))
    away(either_desk, scheme_id, cast.stella, cast.sid)

    with either_desk.database.read() as session:
        assert people.actor_by_id(session, cast.sid.account_id, MONDAY).holds("coordinator", scheme_id)
        assert not people.actor_by_id(session, cast.sid.account_id, WEDNESDAY).holds("coordinator", scheme_id)


def test_nobody_is_left_out_when_whoever_should_cover_cannot_sign_in(either_desk, cast, scheme_id):
    away(either_desk, scheme_id, cast.olive, cast.sid)
    with either_desk.database.begin() as session:
        session.execute(people.ACCOUNTS.update().where(people.ACCOUNTS.c.email == "sid@desk.example").values(active=False))

    assert addresses(either_desk, scheme_id, MONDAY) == ["olive"]


def test_the_pool_of_critical_friends_offers_whoever_covers_in_place_of_who_is_away(either_desk, cast, scheme_id):
    away(either_desk, scheme_id, cast.maya, cast.stella, "critical_friend")

    with either_desk.database.read() as session:
        there = people.candidates(session, scheme_id, "critical_friend", MONDAY)
        after = people.candidates(session, scheme_id, "critical_friend", FRIDAY)

    assert [(one.email.partition("@")[0], one.sector) for one in there.values()] == [("alma", "statutory"), ("stella", "statutory")]
    assert [one.partition("@")[0] for one in after] == ["alma", "maya"]


def test_an_absence_that_was_ended_covers_nothing_any_more(either_desk, cast, scheme_id):
    absence = away(either_desk, scheme_id, cast.olive, cast.sid)

    with either_desk.database.begin() as session:
        assert end_absence(session, absence, MONDAY)
        assert not end_absence(session, absence, MONDAY)
        assert covers_on(session, WEDNESDAY) == {}
