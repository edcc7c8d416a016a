"""A name that was kept back is shown by the organisation itself, or by two people who say why; by nobody alone, and never back again."""

from __future__ import annotations

import pytest
from casework.test_masking import UNNAMED, lodge_shielded, mails, page_of
from conftest import SCHEME, Cast, StoppedClock, declare_none, tell

from breachdesk.audit.chain import Doer
from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.people.accounts import NewAccount, add_account_within, hash_password
from breachdesk.casework.procedures.publishing import allow_single_officer
from breachdesk.casework.timers import fire_due_timers
from breachdesk.casework.unmasking import Unnamed, ask_to_show, decide_to_show, show_own_name, unnamed_in
from breachdesk.errors import DeclarationNeeded, Invalid, NotFound, NotPermitted, Refused
from breachdesk.identity import Actor

pytestmark = pytest.mark.usefixtures("replayed_afterwards")

WHY = "The grant cannot be paid to somebody unnamed."


@pytest.fixture
def reference(desk: Desk, cast: Cast) -> str:
    return tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))


def state(desk: Desk, actor: Actor, reference: str) -> Unnamed:
    with desk.database.read() as session:
        [one] = unnamed_in(session, desk, actor, reference)
    return one


def ask(desk: Desk, cast: Cast, reference: str) -> int:
    party = state(desk, cast.olive, reference).party
    ask_to_show(desk, cast.olive, reference, party, WHY)
    return party


def another_coordinator(desk: Desk, cast: Cast) -> Actor:
    password = hash_password("practice-desk-2026")
    new = NewAccount("otis@desk.example", "Otis", (), ("coordinator",), SCHEME, "")
    desk.database.transact(lambda session: add_account_within(session, desk, BY_OPERATOR, new, password))
    return cast.otis


def test_the_organisation_shows_its_name_alone_and_at_once(desk: Desk, cast: Cast, reference: str) -> None:
    show_own_name(desk, cast.ruth, reference, state(desk, cast.ruth, reference).party)

    page = page_of(desk, cast.omar, reference)
    assert page.complainant == "Riverside Carers"
    assert page.title == "Riverside Carers and one month's notice"
    assert page.timeline[0].title == "Everybody in the case sees the name of Riverside Carers now"
    with pytest.raises(NotFound):
        show_own_name(desk, cast.ruth, reference, page.parties[0].id)


def test_whoever_asked_does_not_decide_and_somebody_else_does_from_the_next_working_day_on(
        desk: Desk, cast: Cast, clock: StoppedClock, reference: str) -> None:
    otis = another_coordinator(desk, cast)
    party = ask(desk, cast, reference)

    with pytest.raises(Refused, match="You asked for it yourself"):
        decide_to_show(desk, cast.olive, reference, party, agree=True)
    with pytest.raises(Refused, match="from 3 March 2026 on"):
        decide_to_show(desk, otis, reference, party, agree=True)
    assert page_of(desk, cast.omar, reference).complainant == UNNAMED

    clock.move(days=1)
    decide_to_show(desk, otis, reference, party, agree=True)

    assert page_of(desk, cast.omar, reference).complainant == "Riverside Carers"
    verify(desk)


def test_the_organisation_is_told_before_and_after_and_reads_why(desk: Desk, cast: Cast, clock: StoppedClock, reference: str) -> None:
    otis = another_coordinator(desk, cast)
    party = ask(desk, cast, reference)

    assert any("Your name may be shown" in mail and "Tuesday 3 March 2026" in mail for mail in mails(desk)["ruth@desk.example"])
    asked = state(desk, cast.ruth, reference).asked
    assert asked
    assert (asked.by, asked.why) == ("Olive", WHY)

    clock.move(days=1)
    decide_to_show(desk, otis, reference, party, agree=True)

    for address in ("ruth@desk.example", "omar@desk.example"):
        assert any("is named now" in mail for mail in mails(desk)[address])


def test_what_was_refused_stays_kept_back_and_the_other_side_learns_nothing_of_it(
        desk: Desk, cast: Cast, clock: StoppedClock, reference: str) -> None:
    otis = another_coordinator(desk, cast)
    party = ask(desk, cast, reference)
    clock.move(days=1)
    before = repr(page_of(desk, cast.omar, reference))

    decide_to_show(desk, otis, reference, party, agree=False)

    assert repr(page_of(desk, cast.omar, reference)) == before
    assert WHY not in before
    assert state(desk, cast.olive, reference).ways == ("ask",)
    assert any("Your name is not shown" in mail for mail in mails(desk)["ruth@desk.example"])
    titles = [step.title for step in page_of(desk, cast.ruth, reference).timeline[:2]]
    assert titles == ["The name of Riverside Carers stays kept back", "Asked that everybody in the case see the name of Riverside Carers"]


def test_where_the_scheme_lets_one_officer_do_both_the_log_says_so(desk: Desk, cast: Cast, clock: StoppedClock, reference: str) -> None:
    desk.database.transact(lambda session: allow_single_officer(session, desk, Doer(-2, "operator"), SCHEME, True))
    party = ask(desk, cast, reference)
    clock.move(days=1)

    decide_to_show(desk, cast.olive, reference, party, agree=True)

    assert dict(page_of(desk, cast.omar, reference).timeline[0].texts)["Decided by one person alone"]


def test_a_member_of_the_steering_group_decides_without_reading_the_name(
        desk: Desk, cast: Cast, clock: StoppedClock, reference: str) -> None:
    for _ in range(20):
        clock.move(days=7)
        fire_due_timers(desk)
    party = ask(desk, cast, reference)
    clock.move(days=1)
    with pytest.raises(DeclarationNeeded):
        state(desk, cast.sid, reference)
    declare_none(desk, cast.sid, reference)
    one = state(desk, cast.sid, reference)

    assert (one.name, one.ways) == (UNNAMED, ("agree", "refuse"))
    decide_to_show(desk, cast.sid, reference, party, agree=True)
    assert page_of(desk, cast.sid, reference).complainant == "Riverside Carers"


def test_nobody_else_has_a_say(desk: Desk, cast: Cast, reference: str) -> None:
    party = state(desk, cast.olive, reference).party

    for actor, way in ((cast.omar, NotPermitted), (cast.stella, NotFound)):
        with pytest.raises(way):
            show_own_name(desk, actor, reference, party)
        with pytest.raises(way):
            ask_to_show(desk, actor, reference, party, WHY)
        with pytest.raises(way):
            decide_to_show(desk, actor, reference, party, agree=True)
    with pytest.raises(NotPermitted):
        show_own_name(desk, cast.olive, reference, party)
    with pytest.raises(Invalid):
        ask_to_show(desk, cast.olive, reference, party, "  ")
