"""Who may do what, asked of made-up people: offices and their limits, the sides of a case and who stands in for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from breachdesk.errors import NotPermitted
from breachdesk.identity import NOBODY, THE_CLOCK, THE_OPERATOR, Actor
from breachdesk.permissions import (
    MAY,
    Permission,
    declares_first,
    is_excluded,
    may,
    may_declare,
    needs_no_declaration,
    office_in,
    passes_on,
    require,
    require_membership_change,
    require_role_change,
    require_step,
    role_for_log,
    role_used,
    roles_in_case,
)
from breachdesk.workflow.definition import Action
from breachdesk.workflow.effects import Appoints, Effects, Releases
from breachdesk.workflow.facts import Appointment, Party

DERBY, ELSEWHERE = 1, 2
MONDAY = date(2026, 3, 2)
CHARITY, COUNCIL, THIRD = 11, 12, 13
PARTIES = (Party(1, CHARITY, "complainant", "A", "voluntary"), Party(2, COUNCIL, "respondent", "B", "statutory"))
RESPOND = Action("respond", "Respond", ("respondent", "coordinator"))


def person(*roles, scheme=DERBY, account=5, **more):
    return Actor(account, "Somebody", roles=frozenset((scheme, one) for one in roles), **{
        name: frozenset(given) for name, given in more.items()})


def roles(actor, parties=PARTIES, appointments=(), told=True, panel=False, **more):
    return roles_in_case(actor, DERBY, parties, appointments, respondents_told=told, reached_panel=panel, received_on=MONDAY, **more)


def no(ask, *given):
    with pytest.raises(NotPermitted) as found:
        ask(*given)
    return str(found.value)


EVERYBODY = (NOBODY, THE_OPERATOR, person(), person("coordinator"), person("operator"), person("auditor"), person("steering_group"),
             person("critical_friend"), person(organisations={CHARITY}), person(administers={CHARITY}))


@pytest.mark.parametrize(("permission", "who"), [
    (Permission.SIGN_IN, "0123456789"), (Permission.USE_HOME, "123456789"), (Permission.LODGE, "38"), (Permission.SEE_PEOPLE, "34"),
    (Permission.SEE_ORGANISATIONS, "349"), (Permission.NOTE_ABSENCES, "347"), (Permission.READ_LOG, "345"),
    (Permission.READ_HEALTH, "4"), (Permission.SEE_ROSTER, "346"), (Permission.CHANGE_CALENDARS, "3"), (Permission.SAY_CLOSED_DAYS, "38")])
def test_a_permission_is_held_by_these_and_by_nobody_else(permission, who):
    assert "".join(str(place) for place, one in enumerate(EVERYBODY) if may(one, permission)) == who


@pytest.mark.parametrize("permission", Permission)
def test_what_is_not_permitted_is_refused_with_its_name(permission):
    for one in EVERYBODY:
        if may(one, permission):
            require(one, permission)
        else:
            assert no(require, one, permission) == f"{permission.value}: your account is not set up for this. Ask the coordinator."
    assert MAY[permission]


def test_a_side_meets_its_case_and_a_respondent_only_once_it_was_told():
    assert roles(person(organisations={CHARITY})) == {"complainant"}
    assert roles(person(organisations={COUNCIL})) == {"respondent"}
    assert roles(person(organisations={COUNCIL}), told=False) == set()
    assert roles(person(organisations={CHARITY}), told=False) == {"complainant"}
    assert roles(person(organisations={THIRD})) == roles(NOBODY) == set()
    assert roles(THE_CLOCK) == {"clock"}


def test_who_represents_a_party_meets_the_case_in_its_role_until_it_leaves():
    council = Party(2, COUNCIL, "respondent", "B", "statutory", represented_by=THIRD)
    gone = Party(3, THIRD, "respondent", "C", "statutory", left=True)

    assert roles(person(organisations={THIRD}), (PARTIES[0], council)) == {"respondent", "representative"}
    assert roles(person(organisations={THIRD}), (PARTIES[0], council), told=False) == set()
    assert roles(person(organisations={COUNCIL, THIRD}), (PARTIES[0], council)) == {"respondent"}
    assert roles(person(organisations={THIRD}), (*PARTIES, gone)) == {"former_party"}
    left = Party(2, COUNCIL, "respondent", "B", "statutory", represented_by=THIRD, left=True)
    assert roles(person(organisations={THIRD}), (PARTIES[0], left)) == set()


def test_what_the_scheme_or_the_case_gives_holds_there_and_while_it_lasts():
    friend = (Appointment(5, "critical_friend"), Appointment(6, "panel_member"))

    assert roles(person("coordinator")) == {"coordinator"}
    assert roles(person("coordinator", scheme=ELSEWHERE)) == set()
    assert roles(person(), appointments=friend) == {"critical_friend"}
    assert roles(person(), appointments=(Appointment(5, "critical_friend", ended=True),)) == set()
    assert roles(person(), appointments=(Appointment(5, "stand_in"),)) == {"stand_in", "coordinator"}
    assert roles(person("steering_group")) == set()
    assert roles(person("steering_group"), panel=True) == {"steering_group"}
    assert roles(person("steering_group"), panel=True, reviews="summaries") == set()
    assert roles(person("steering_group", scheme=ELSEWHERE), panel=True) == set()


def test_an_interest_takes_away_what_was_given_and_leaves_the_side():
    both = person("coordinator", organisations={COUNCIL})

    assert roles(both) == {"respondent"}
    assert roles(both, told=False) == set()
    assert roles(person("coordinator"), interested=frozenset({5})) == set()
    assert roles(person("coordinator", organisations={THIRD}), acted_for_a_side=frozenset({THIRD})) == set()
    represented = (PARTIES[0], Party(2, COUNCIL, "respondent", "B", "statutory", represented_by=THIRD))
    assert roles(person("coordinator", organisations={THIRD}), represented, told=False) == set()


def test_belonging_to_a_side_excludes_from_the_day_on_which_the_case_was_received():
    def excluded(until, **more):
        return is_excluded(person(belonged={(COUNCIL, until)}), PARTIES, received_on=MONDAY, **more)

    assert excluded(MONDAY)
    assert excluded(MONDAY + timedelta(days=1))
    assert not excluded(MONDAY - timedelta(days=1))
    assert excluded(date.min, interested=frozenset({5}))
    assert not excluded(date.min, interested=frozenset({6}), acted_for_a_side=frozenset({THIRD}))
    assert not is_excluded(person(organisations={THIRD}), PARTIES, received_on=MONDAY)


def test_who_is_named_or_reviews_says_first_whether_there_is_an_interest_except_whoever_coordinates():
    assert declares_first(person(), DERBY, frozenset({"critical_friend"}))
    assert declares_first(person("coordinator", scheme=ELSEWHERE), DERBY, frozenset({"stand_in", "coordinator"}))
    assert not declares_first(person("coordinator"), DERBY, frozenset({"critical_friend", "coordinator"}))
    assert not declares_first(person(), DERBY, frozenset({"complainant"}))
    assert [may_declare(frozenset({one})) for one in ("panel_member", "steering_group", "coordinator", "respondent")] == [
        True, True, True, False]


STAND_BACK = Action("stand_back", "Stand back", ("critical_friend", "panel_member"), effects=Effects(releases=Releases("critical_friend")))
INTEREST = Action("interest", "Say it", ("critical_friend", "coordinator"), effects=Effects(declares_interest=True))
PROPOSE = Action("propose", "Propose", ("critical_friend",))
PASS_ON = Action("pass_on", "Name a stand-in", ("coordinator",), effects=Effects(appoints=Appoints("stand_in", ("who",))))


@pytest.mark.parametrize(("action", "role", "free"), [
    (STAND_BACK, "critical_friend", True), (STAND_BACK, "panel_member", False), (INTEREST, "critical_friend", True),
    (INTEREST, "coordinator", False), (INTEREST, "panel_member", False), (PROPOSE, "critical_friend", False)])
def test_leaving_ones_part_and_saying_that_one_has_an_interest_need_no_declaration(action, role, free):
    assert needs_no_declaration(frozenset({role}), action) is free


def test_an_excluded_coordinator_names_a_stand_in_and_does_nothing_else():
    coordinator, nothing = person("coordinator"), frozenset()

    assert passes_on(coordinator, DERBY, nothing, PASS_ON)
    assert not passes_on(coordinator, DERBY, frozenset({"coordinator"}), PASS_ON)
    assert not passes_on(coordinator, ELSEWHERE, nothing, PASS_ON)
    assert not passes_on(coordinator, DERBY, nothing, INTEREST)
    for effects, by in ((Effects(appoints=Appoints("panel_member", ("who",))), "coordinator"), (PASS_ON.effects, "operator")):
        assert not passes_on(coordinator, DERBY, nothing, Action("other", "Other", (by,), effects=effects))


def test_a_step_is_for_the_roles_that_the_procedure_names_or_entered_for_a_side_on_paper():
    on_paper = (Party(2, COUNCIL, "respondent", "B", "statutory", on_paper=True),)
    only_theirs = Action("reply", "Reply", ("respondent", "complainant"))
    said = {"respondent": "the respondent", "complainant": "whoever complains"}

    require_step(frozenset({"respondent"}), only_theirs, said)
    require_step(frozenset({"coordinator"}), only_theirs, said, on_paper)
    assert no(require_step, frozenset({"coordinator"}), only_theirs, said) == "“Reply” is for the respondent or whoever complains."
    assert role_used(frozenset({"coordinator", "respondent"}), RESPOND) == "respondent"
    assert role_used(frozenset({"coordinator"}), RESPOND) == "coordinator"
    assert role_used(frozenset({"coordinator"}), only_theirs, on_paper) == "coordinator"
    assert role_used(frozenset({"coordinator"}), only_theirs) == role_used(frozenset(), RESPOND) == ""


def test_the_log_tells_representatives_and_stand_ins_from_those_whose_step_it_is():
    council = person(organisations={COUNCIL})

    assert role_for_log(council, PARTIES, "respondent", frozenset({"respondent"})) == "respondent"
    assert role_for_log(council, PARTIES, "complainant", frozenset()) == "representative"
    assert role_for_log(person(organisations={THIRD}), PARTIES, "respondent", frozenset()) == "representative"
    assert role_for_log(council, PARTIES, "coordinator", frozenset({"coordinator"})) == "coordinator"
    assert role_for_log(council, PARTIES, "coordinator", frozenset({"coordinator", "stand_in"})) == "stand_in"
    assert role_for_log(council, PARTIES, "panel_member", frozenset({"stand_in"})) == "panel_member"


def test_an_office_is_held_in_a_scheme_and_the_coordinators_counts_first():
    assert office_in(THE_OPERATOR, DERBY) == office_in(person("operator"), DERBY) == "operator"
    assert office_in(person("operator", "coordinator"), DERBY) == office_in(person("coordinator", scheme=ELSEWHERE), None) == "coordinator"
    for actor, scheme in ((person("coordinator"), ELSEWHERE), (person("auditor"), None), (person("auditor"), DERBY)):
        assert no(office_in, actor, scheme) == "Only a coordinator or operator of the scheme does this. Ask one of them."


def test_nobody_changes_their_own_roles_and_only_an_operator_makes_one():
    def change(actor, account, role="auditor"):
        return require_role_change(actor, account, DERBY, role)

    assert change(person("coordinator"), 6) == "coordinator"
    assert change(THE_OPERATOR, 6, "operator") == change(person("operator"), 6, "operator") == "operator"
    assert change(person("operator", "coordinator"), 6, "operator") == "coordinator"
    assert no(change, person("coordinator"), 5) == "Nobody changes their own roles. Ask another coordinator, or the operator."
    assert no(change, person("coordinator"), 6, "operator") == "Only an operator makes somebody an operator, or ends that."
    assert "Only a coordinator or operator" in no(change, person("coordinator", scheme=ELSEWHERE), 6)


def test_an_administrator_looks_after_those_who_act_for_the_organisation_and_nobody_else():
    administrator, coordinator = person(administers={CHARITY}), person("coordinator", administers={CHARITY})

    def change(actor, account=6, place=CHARITY, kind="member"):
        return require_membership_change(actor, account, place, kind)

    assert change(administrator) == change(administrator, kind="contact") == change(administrator, account=None) == "administrator"
    assert change(coordinator) == change(coordinator, kind="administrator") == change(coordinator, 5, kind="employee") == "coordinator"
    assert change(THE_OPERATOR, kind="employee") == "operator"
    for given in ({"place": COUNCIL}, {"kind": "administrator"}, {"kind": "employee"}, {"account": 5}):
        assert no(lambda given=given: change(administrator, **given)) == (
            "An organisation's administrator invites and ends those who act for it, and nobody else. Ask the coordinator.")
    assert no(change, coordinator, 5) == "Nobody changes where they belong themselves. Ask another coordinator, or the operator."
