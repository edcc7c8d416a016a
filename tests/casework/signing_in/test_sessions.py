"""Sign-ins: who gets in, what it costs to find out, how often one may try, and when a sign-in is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import PASSWORD
from sqlalchemy import event

from breachdesk.casework.signing_in import passwords
from breachdesk.casework.signing_in.mailed_links import ask_for_link_by_email
from breachdesk.casework.signing_in.sessions import FRESH, LONGEST_SIGN_IN, Place, confirm, end_sessions_of, presence, sign_in, sign_out
from breachdesk.casework.signing_in.tries import LIMITS, WINDOW, require_try
from breachdesk.errors import TooManyTries
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import AccountRow

ACCOUNTS = table_of(AccountRow)
HERE, ELSEWHERE = Place("192.0.2.1"), Place("198.51.100.7")


@pytest.fixture
def work(desk, monkeypatch):
    """What is done: each statement's first words, and each password check."""
    done = []
    checked = passwords._hasher().verify.__func__
    monkeypatch.setattr(passwords.PasswordHasher, "verify", lambda *given: done.append("argon2") or checked(*given))
    event.listen(desk.database.engine, "before_cursor_execute", lambda *given: done.append(given[2].split(" WHERE")[0]))
    return done


def test_an_unknown_address_costs_the_same_work_as_a_wrong_password(desk, work):
    with desk.database.begin() as session:
        session.execute(ACCOUNTS.update().where(ACCOUNTS.c.email == "omar@desk.example").values(active=False))
        session.execute(ACCOUNTS.update().where(ACCOUNTS.c.email == "hana@desk.example").values(password_hash=""))
    seen = []
    for email in ("ruth@desk.example", "stranger@elsewhere.example", "omar@desk.example", "hana@desk.example"):
        work.clear()
        assert sign_in(desk, email, "not the password", HERE) is None
        seen.append(list(work))

    assert seen[0].count("argon2") == 1
    assert all(one == seen[0] for one in seen)


def test_asking_for_a_link_costs_the_same_for_an_unknown_address(desk, work):
    seen = []
    for email in ("ruth@desk.example", "stranger@elsewhere.example"):
        work.clear()
        desk.database.transact(lambda session, email=email: ask_for_link_by_email(session, desk, email, "sign_in"))
        seen.append(list(work))

    assert seen[0] == seen[1]
    assert len(seen[0]) == 2


def test_a_password_is_taken_as_it_is_and_never_cut(desk):
    assert sign_in(desk, "ruth@desk.example", PASSWORD + " ") is None
    assert sign_in(desk, "ruth@desk.example", PASSWORD.upper()) is None
    assert sign_in(desk, " Ruth@Desk.example ", PASSWORD)


def wrong(desk, email="ruth@desk.example", place=HERE, times=1):
    for _ in range(times):
        sign_in(desk, email, "not the password", place)


def test_an_account_is_tried_five_times_from_one_place_and_then_there_is_a_wait(either_desk, clock):
    wrong(either_desk, times=5)

    with pytest.raises(TooManyTries, match="Wait 15 minutes"):
        sign_in(either_desk, "ruth@desk.example", PASSWORD, HERE)
    assert sign_in(either_desk, "ruth@desk.example", PASSWORD, ELSEWHERE)
    clock.move(minutes=15)
    assert sign_in(either_desk, "ruth@desk.example", PASSWORD, HERE)


def test_trying_on_does_not_make_the_wait_longer(desk, clock):
    wrong(desk, times=5)
    for _ in range(14):
        clock.move(minutes=1)
        with pytest.raises(TooManyTries):
            wrong(desk)
    clock.move(minutes=1)

    assert sign_in(desk, "ruth@desk.example", PASSWORD, HERE)


def test_an_address_that_nobody_has_is_limited_alike(desk):
    wrong(desk, "stranger@elsewhere.example", times=5)

    with pytest.raises(TooManyTries):
        wrong(desk, "stranger@elsewhere.example")


def test_many_places_together_do_not_get_more_tries_at_one_account(desk):
    most = LIMITS["password"][1]
    for number in range(most):
        wrong(desk, place=Place(f"203.0.113.{number}"))

    with pytest.raises(TooManyTries):
        wrong(desk, place=Place("203.0.113.250"))


def test_one_place_does_not_get_more_tries_by_trying_many_accounts(desk):
    def tries(address, account):
        desk.database.transact(lambda session: require_try(session, desk, "password", account=account, address=address))
    for number in range(LIMITS["password"][2]):
        tries(f"2001:db8:0:1::{number:x}", f"account {number}")

    with pytest.raises(TooManyTries):
        tries("2001:db8:0:1:ffff::", "another account")
    tries("2001:db8:0:2::1", "another account")


def test_signing_in_forgets_what_was_mistyped_before(desk):
    for _ in range(3):
        wrong(desk, times=4)
        assert sign_in(desk, "ruth@desk.example", PASSWORD, HERE)


def test_tries_are_kept_under_no_address(desk):
    wrong(desk)
    with desk.database.read() as session:
        kept = session.connection.exec_driver_sql("SELECT subject FROM tries").scalars().all()

    assert len(kept) == 3
    assert not any("ruth" in one or "192.0.2" in one for one in kept)
    assert timedelta(minutes=10) <= WINDOW <= timedelta(minutes=30)


@pytest.mark.parametrize(("every", "times", "alive"), [(timedelta(minutes=59), 10, True), (timedelta(minutes=61), 1, False),
                                                       (timedelta(minutes=59), 13, False)])
def test_a_sign_in_ends_when_it_is_idle_and_when_it_is_old(desk, clock, every, times, alive):
    token = sign_in(desk, "ruth@desk.example", PASSWORD)
    for _ in range(times):
        clock.now += every
        found = presence(desk, token)

    assert (found is not None) is alive
    assert timedelta(hours=12) == LONGEST_SIGN_IN


def test_ending_an_accounts_sign_ins_spares_the_one_that_is_named_and_nobody_elses(desk, cast):
    mine, other, omars = (sign_in(desk, f"{name}@desk.example", PASSWORD) for name in ("ruth", "ruth", "omar"))

    ended = desk.database.transact(lambda session: end_sessions_of(session, cast.ruth.account_id, "password changed", but=mine))

    assert ended == 1
    assert [presence(desk, one) is not None for one in (mine, other, omars)] == [True, False, True]


def test_a_deactivated_account_is_out_at_once(desk):
    token = sign_in(desk, "ruth@desk.example", PASSWORD)
    with desk.database.begin() as session:
        session.execute(ACCOUNTS.update().where(ACCOUNTS.c.email == "ruth@desk.example").values(active=False))

    assert presence(desk, token) is None


def test_confirming_makes_a_sign_in_fresh_again_under_a_new_token(desk, clock):
    old = sign_in(desk, "ruth@desk.example", PASSWORD)
    clock.now += FRESH + timedelta(minutes=1)
    stale = presence(desk, old)

    assert confirm(desk, stale, "not the password", "", HERE) is None
    new = confirm(desk, stale, PASSWORD, "", HERE)

    assert not stale.is_fresh(clock())
    assert presence(desk, new).is_fresh(clock())
    assert presence(desk, old) is None
    sign_out(desk, new)
    assert presence(desk, new) is None


def test_a_refused_sign_in_is_noted_without_what_was_typed(desk, capsys):
    wrong(desk, "stranger@elsewhere.example")
    wrong(desk)

    said = capsys.readouterr().err
    assert said.count('"event": "sign_in_refused"') == 2
    assert not any(typed in said for typed in ("stranger", "ruth@", "not the password"))
