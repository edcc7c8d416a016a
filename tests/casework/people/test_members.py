"""Who is what: invitations, memberships, roles, the roster, accounts that are switched off; who may change whom; sign-ins that end."""

from __future__ import annotations

import pytest
from conftest import PASSWORD

from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.people import members
from breachdesk.casework.people.people_shown import people_found, person_page, rosters
from breachdesk.casework.schemes_shown import helpers_shown
from breachdesk.casework.signing_in.sessions import presence, sign_in
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.store.roles import membership_rows, role_rows

SCHEME = "derby-and-derbyshire"
COORDINATOR = {"scheme": SCHEME, "role": "coordinator", "from_on": "2026-03-02"}


@pytest.fixture
def do(desk, cast):
    def of(work, *more, who="olive", **named):
        actor = getattr(cast, who)
        return desk.database.transact(lambda session: work(session, desk, actor, *more, **named))
    return of


@pytest.fixture
def administrator(do, cast):
    """Stella looks after the people of Riverside Carers, and belongs to another organisation."""
    do(members.begin_membership, cast.stella.account_id,
       {"organisation": "riverside-carers", "kind": "administrator", "from_on": "2026-01-01"})
    return cast.stella


def role_id(desk, actor):
    with desk.database.read() as session:
        return role_rows(session, account_id=actor.account_id)[0].id


def is_in(desk, token):
    return presence(desk, token) is not None


def test_somebody_is_invited_by_mail_and_belongs_to_their_organisation(desk, cast, do):
    do(members.invite, {"name": "Nina Ferris", "email": "nina@riverside.example", "organisation": "riverside-carers", "kind": "contact"})
    send_waiting_notices(desk)

    nina = cast.at("nina@riverside.example")
    assert nina.organisations == cast.ruth.organisations
    [mail] = [one.read_text() for one in (desk.data_path / "outbox").glob("*.eml")]
    assert "nina@riverside.example" in mail
    assert "/link/" in mail
    with desk.database.read() as session:
        words = " ".join(line.says for line in desk_log(session)[0][:3])
    assert "Nina Ferris was sent an invitation" in words


def test_an_administrator_invites_and_ends_those_who_act_for_their_organisation_and_nobody_else(desk, cast, do, administrator):
    do(members.invite, {"name": "Nina Ferris", "email": "nina@riverside.example", "kind": "member"}, who="stella", into="riverside-carers")

    with desk.database.read() as session:
        rows = {row.email.partition("@")[0]: row for row in membership_rows(session)}
    do(members.end_membership, "riverside-carers", rows["nina"].id, {}, who="stella")
    assert cast.at("nina@riverside.example").organisations == frozenset()
    for refused in (
            lambda: do(members.invite, {"name": "X", "email": "x@x.example", "kind": "member"}, who="stella", into="amberdale-council"),
            lambda: do(members.end_membership, "amberdale-council", rows["omar"].id, {}, who="stella"),
            lambda: do(members.begin_role, cast.ruth.account_id, COORDINATOR, who="stella"),
            lambda: do(members.switch_account, cast.ruth.account_id, who="stella", on=False)):
        with pytest.raises(NotPermitted):
            refused()
    with pytest.raises(Invalid) as kind:
        do(members.invite, {"name": "X", "email": "x@x.example", "kind": "administrator"}, who="stella", into="riverside-carers")
    assert set(kind.value.fields) == {"kind"}
    # Whoever has an account already is not drawn in by mail: belonging to a side would shut a coordinator out of its cases.
    with pytest.raises(Invalid) as known:
        do(members.invite, {"name": "Olive", "email": "olive@desk.example", "kind": "member"}, who="stella", into="riverside-carers")
    assert set(known.value.fields) == {"email"}


def test_looking_after_an_organisations_people_opens_none_of_its_cases(cast, administrator):
    assert administrator.organisations & cast.ruth.organisations == frozenset()
    assert cast.stella.administers == cast.ruth.organisations


def test_a_role_begins_and_ends_at_once_and_every_sign_in_with_it(desk, cast, do):
    token = sign_in(desk, "ruth@desk.example", PASSWORD)
    do(members.begin_role, cast.ruth.account_id, {**COORDINATOR, "role": "steering_group"})
    assert not is_in(desk, token)
    assert any(role == "steering_group" for _, role in cast.ruth.roles)

    token = sign_in(desk, "ruth@desk.example", PASSWORD)
    do(members.end_role, role_id(desk, cast.ruth), {})
    assert not is_in(desk, token)
    assert cast.ruth.roles == frozenset()


def test_a_role_ends_after_its_last_day(desk, cast, do, clock):
    do(members.end_role, role_id(desk, cast.maya), {"to_on": "2026-03-03"})

    clock.move(days=1)
    assert cast.maya.roles
    clock.move(days=1)
    assert not cast.maya.roles


def test_nobody_changes_their_own_roles_and_only_an_operator_makes_one(desk, cast, do):
    for refused in (
            lambda: do(members.begin_role, cast.olive.account_id, {**COORDINATOR, "role": "steering_group"}),
            lambda: do(members.end_role, role_id(desk, cast.olive), {}),
            lambda: do(members.begin_membership, cast.olive.account_id,
                       {"organisation": "amberdale-council", "kind": "member", "from_on": "2026-01-01"}),
            lambda: do(members.switch_account, cast.olive.account_id, on=False),
            lambda: do(members.begin_role, cast.ruth.account_id, {**COORDINATOR, "role": "operator"}),
            lambda: do(members.end_role, role_id(desk, cast.ops), {}),
            lambda: do(members.switch_account, cast.ops.account_id, on=False),
            lambda: do(members.begin_role, cast.ruth.account_id, COORDINATOR, who="sid")):
        with pytest.raises(NotPermitted):
            refused()
    # Saying by whom one is employed takes nothing and gives nothing away.
    do(members.begin_membership, cast.olive.account_id, {"organisation": "amberdale-council", "kind": "employee", "from_on": "2026-01-01"})
    assert cast.olive.organisations == frozenset()


def test_an_account_that_is_switched_off_is_out_at_once_and_can_be_switched_on_again(desk, cast, do):
    token = sign_in(desk, "maya@desk.example", PASSWORD)
    maya = cast.maya.account_id

    do(members.switch_account, maya, on=False)

    assert not is_in(desk, token)
    assert sign_in(desk, "maya@desk.example", PASSWORD) is None
    with pytest.raises(Refused):
        do(members.invite_again, maya)
    do(members.switch_account, maya, on=True)
    assert sign_in(desk, "maya@desk.example", PASSWORD)


def test_the_roster_says_who_is_there_until_when_and_the_public_page_names_those_who_agreed(desk, cast, do):
    do(members.change_roster, role_id(desk, cast.maya), {
        "sector": "statutory", "area": "Derby", "to_on": "2026-04-30", "published": "yes", "telephone": "01632 960777",
        "training": "Two days of mediation."})

    with desk.database.read() as session:
        [roster] = rosters(session, desk, cast.olive)
        [helpers] = helpers_shown(session, desk)
    maya = next(one for one in roster.friends if one.name == "Maya")
    assert (maya.ends_soon, maya.load, maya.area) == (True, 0, "Derby")
    derby = dict(helpers.areas)["Derby"]
    # The roster speaks for Derby's statutory sector now; the scheme's file still does for the other one.
    assert [(one.sector, one.name) for one in derby] == [("statutory", "Maya"), ("voluntary", "Idris Cobbler")]


def test_the_public_page_names_nobody_whose_term_is_over(desk, cast, do, clock):
    do(members.change_roster, role_id(desk, cast.maya), {
        "sector": "statutory", "area": "Derby", "to_on": "2026-04-30", "published": "yes", "telephone": "01632 960777"})
    clock.move(days=90)

    with desk.database.read() as session:
        assert [one.name for one in dict(helpers_shown(session, desk)[0].areas)["Derby"]] == ["Idris Cobbler"]


@pytest.mark.parametrize(("work", "raw", "field"), [
    (members.begin_role, {**COORDINATOR, "role": "king"}, "role"),
    (members.begin_role, {**COORDINATOR, "scheme": "nowhere"}, "scheme"),
    (members.begin_role, {**COORDINATOR, "to_on": "2026-03-01"}, "to_on"),
    (members.begin_role, {**COORDINATOR, "role": "critical_friend"}, "sector"),
    (members.begin_role, {**COORDINATOR, "area": "x" * 10_000}, "area"),
    (members.begin_role, {**COORDINATOR, "account_id": "1"}, "account_id"),
    (members.begin_membership, {"organisation": "nowhere", "kind": "member", "from_on": "2026-01-01"}, "organisation"),
    (members.begin_membership, {"organisation": "riverside-carers", "kind": "owner", "from_on": "2026-01-01"}, "kind"),
    (members.begin_membership, {"organisation": "riverside-carers", "kind": "member", "from_on": "2026-04-01"}, "from_on"),
    (members.begin_membership,
     {"organisation": "riverside-carers", "kind": "contact", "from_on": "2026-02-01", "to_on": "2026-01-01"}, "to_on")])
def test_what_cannot_be_is_refused_by_the_fields_name(cast, do, work, raw, field):
    with pytest.raises(Invalid) as refused:
        do(work, cast.ruth.account_id, raw)

    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(("raw", "field"), [
    ({"name": "x" * 10_000, "email": "x@x.example"}, "name"), ({"name": "X", "email": "olive@desk.example"}, "email"),
    ({"name": "X", "email": "x"}, "email"), ({"name": "X", "email": "x@x.example", "organisation": "riverside-carers"}, "kind"),
    ({"name": "X", "email": "x@x.example", "kind": "member"}, "organisation"),
    ({"name": "X", "email": "x@x.example", "active": "1"}, "active")])
def test_an_invitation_that_cannot_be_is_refused_by_the_fields_name(do, raw, field):
    with pytest.raises(Invalid) as refused:
        do(members.invite, raw)

    assert set(refused.value.fields) == {field}


def test_somebody_who_is_not_there_is_not_found(do):
    for work, raw in ((members.begin_role, COORDINATOR), (members.begin_membership, {})):
        with pytest.raises(NotFound):
            do(work, 999, raw)
    with pytest.raises(NotFound):
        do(members.end_role, 999, {})


def test_people_are_found_by_any_word_and_one_page_shows_all_that_they_are(desk, cast, administrator):
    with desk.database.read() as session:
        found, more = people_found(session, desk, "riverside administrator")
        page = person_page(session, desk, cast.olive, cast.alma.account_id)

    assert ([one.name for one in found], more) == (["Stella"], 0)
    assert [one.role for one in page.roles] == ["critical_friend"]
    assert [one.organisation for one in page.memberships] == ["Amberdale Council"]
