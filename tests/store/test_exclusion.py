"""An interest beats every grant: in the query for what somebody sees, and in the roles in which they meet a case."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from conftest import act_declared, lodge, tell
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from breachdesk.audit.chain import read_body
from breachdesk.casework.act import Step, act, case_roles, has_stand_in
from breachdesk.casework.case_lists import list_cases
from breachdesk.compacts.schemes import REVIEWS
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import is_excluded
from breachdesk.store.accounts import organisation_id
from breachdesk.store.audit_log import entries_of
from breachdesk.store.cases import APPOINTMENTS, CASES, PARTIES, SCHEMES, read_case
from breachdesk.store.holdings import INTERESTS, REPRESENTATIONS
from breachdesk.store.schemes import settle
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_people import SuccessionRow
from breachdesk.store.visibility import excluded, left_to_pass_on, summarised_for, visible_to

SOMEBODY, ORGANISATIONS, DAYS = 5, (1, 2, 3, 4), (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3))
NOW = datetime(2026, 3, 4, tzinfo=UTC)
GRANTS = ("coordinator", "critical_friend", "panel_member", "steering_group", "stand_in", "operator")
CASE = st.fixed_dictionaries({
    "scheme": st.booleans(), "received_on": st.sampled_from(DAYS), "respondents_told": st.booleans(), "reached_panel": st.booleans(),
    "complainant": st.sampled_from((1, 2)), "respondent": st.sampled_from((3, 4)),
    "left": st.sampled_from(("", "complainant", "respondent")),
    "named": st.sampled_from((None, *GRANTS[1:5])), "released": st.booleans(), "interested": st.sampled_from((False, False, True)),
    "acting": st.sampled_from((None, None, ("complainant", False), ("respondent", False), ("respondent", True)))})
PERSON = st.builds(
    lambda roles, places, before: Actor(SOMEBODY, "Somebody", "", frozenset(roles), frozenset(places), frozenset(before)),
    st.sets(st.tuples(st.just(1), st.sampled_from(GRANTS)), max_size=3), st.sets(st.sampled_from(ORGANISATIONS), max_size=1),
    st.sets(st.tuples(st.sampled_from(ORGANISATIONS), st.sampled_from(DAYS)), max_size=2))


def write_case(session, number, drawn):
    """Rows of one case as drawn; its id."""
    session.execute(insert(CASES).values(
        id=number, scheme_id=1 if drawn["scheme"] else 2, reference=f"X-{number}", title="", status="received", stage="intake",
        procedure_digest=session.value(select(SCHEMES.c.procedure_digest)), channel="web", entered_at=NOW, event_on=DAYS[0], version=1,
        stage_visit=1, episode=1, has_holdings=True, last_seq=1, last_hash="",
        **{name: drawn[name] for name in ("received_on", "respondents_told", "reached_panel")}))
    party = {}
    for place, side in enumerate(("complainant", "respondent")):
        party[side] = number * 2 + place
        session.execute(insert(PARTIES).values(id=party[side], case_id=number, organisation_id=drawn[side], side=side,
                                               left_on=DAYS[2] if drawn["left"] == side else None))
    if drawn["named"]:
        session.execute(insert(APPOINTMENTS).values(case_id=number, account_id=SOMEBODY, role=drawn["named"], chair=False, from_at=NOW,
                                                    ended_at=NOW if drawn["released"] else None))
    if drawn["interested"]:
        session.execute(insert(INTERESTS).values(case_id=number, account_id=SOMEBODY, seq=1))
    if drawn["acting"]:
        side, over = drawn["acting"]
        session.execute(insert(REPRESENTATIONS).values(case_id=number, party_id=party[side], organisation_id=5 if number % 2 else 1,
                                                       consent_on=DAYS[0], ended_at=NOW if over else None))
    return number


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CASE, min_size=1, max_size=5), PERSON, st.sampled_from(REVIEWS))
def test_the_query_and_the_roles_say_the_same_of_every_case(desk, drawn, actor, reviews):
    with desk.database.engine.connect() as connection:
        # Nothing of an example is kept: the connection ends without a commit.
        session = Session(connection)
        first = session.first(select(SCHEMES))._asdict()
        session.execute(insert(SCHEMES).values(**{**first, "id": 2, "slug": "next-door", "reference_prefix": "ND"}))
        settle(session, 1, reviews=reviews)
        numbers = [write_case(session, number, one) for number, one in enumerate(drawn, 1)]

        seen, barred = ({row[0] for row in session.all(select(CASES.c.id).where(condition))}
                        for condition in (visible_to(actor), excluded(actor)))
        read = {number: read_case(session, case_id=number) for number in numbers}
        assert seen == {number for number in numbers if case_roles(actor, read[number])}
        assert barred == {number for number in numbers if is_excluded(
            actor, read[number].parties, received_on=read[number].head.received_on, interested=read[number].holdings.interested,
            acted_for_a_side=read[number].holdings.acted_for_a_side)}
        assert {row[0] for row in session.all(select(CASES.c.id).where(summarised_for(actor)))} == {
            number for number in numbers if reviews == "summaries" and actor.holds("steering_group", 1) and number not in barred
            and read[number].head.scheme_id == 1 and read[number].head.reached_panel}
        for number in barred:
            assert case_roles(actor, read[number]) <= {"complainant", "respondent", "former_party", "representative"}


COORDINATOR = st.builds(lambda places, before: Actor(6, "Else", "", frozenset({(1, "coordinator")}), frozenset(places), frozenset(before)),
                        st.sets(st.sampled_from(ORGANISATIONS), max_size=2), st.sets(st.tuples(st.sampled_from(ORGANISATIONS),
                                                                                              st.sampled_from(DAYS)), max_size=1))
STOOD_IN = CASE.map(lambda drawn: {**drawn, "named": drawn["named"] and "stand_in"})


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STOOD_IN, min_size=1, max_size=5), COORDINATOR, PERSON)
def test_the_query_and_the_step_say_the_same_of_what_is_left_to_pass_on(desk, drawn, coordinator, stand_in):
    with desk.database.engine.connect() as connection:
        session = Session(connection)
        session.execute(insert(SCHEMES).values(**{**session.first(select(SCHEMES))._asdict(), "id": 2, "slug": "next-door",
                                                  "reference_prefix": "ND"}))
        numbers = [write_case(session, number, one) for number, one in enumerate(drawn, 1)]

        left = {row[0] for row in session.all(select(CASES.c.id).where(left_to_pass_on(coordinator, [stand_in])))}
        read = {number: read_case(session, case_id=number) for number in numbers}
        assert left == {number for number in numbers if read[number].head.scheme_id == 1
                        and "coordinator" not in case_roles(coordinator, read[number]) and not has_stand_in(read[number], [stand_in])}


def seen_by(desk, actor):
    with desk.database.read() as session:
        return [line.reference for line in list_cases(session, desk, actor)[0]]


def test_a_coordinator_who_belongs_to_a_side_meets_the_case_as_that_side_and_no_sooner(either_desk, cast, joins):
    joins("olive", "amberdale-council")
    reference = lodge(either_desk, cast.ruth, worries="canary-afraid")

    assert seen_by(either_desk, cast.olive) == []
    with pytest.raises(NotFound):
        act(either_desk, cast.olive, reference, Step("acknowledge", {"understanding": "As you say."}))

    tell(either_desk, cast.ruth, reference)
    with either_desk.database.read() as session:
        read = read_case(session, reference=reference, to_change=False)
        assert case_roles(cast.olive, read) == {"respondent"}
        assert list_cases(session, either_desk, cast.olive)[0][0].mine


def test_who_left_a_side_after_the_case_was_received_is_kept_out(desk, cast, joins):
    joins("olive", "amberdale-council", until=date(2026, 3, 1))
    joins("maya", "amberdale-council", until=date(2026, 3, 2))
    before, since = lodge(desk, cast.ruth, event_on="2026-01-10"), cast.maya.belonged

    assert seen_by(desk, cast.olive) == [before], "what ended on the day before keeps nobody out"
    assert since == frozenset(), "a membership holds on its last day"


def test_the_log_says_who_stood_in_for_the_coordinator(desk, cast, joins):
    joins("olive", "amberdale-council")
    joins("iris", "fernhollow-health-partnership", role="stand_in")
    reference = lodge(desk, cast.ruth)

    act(desk, cast.olive, reference, Step("pass_to_stand_in", {"stand_in": "iris@desk.example", "reason": "My own council."}))
    done = act_declared(desk, cast.iris, reference, Step("acknowledge", {"understanding": "As you say."}))

    assert seen_by(desk, cast.iris) == [reference]
    assert seen_by(desk, cast.olive) == []
    with desk.database.read() as session:
        roles = {seq: read_body(body)["role"] for seq, _, body, _ in entries_of(session, 1)}
    assert roles[done.seq] == "stand_in"


def test_whoever_belongs_to_an_organisation_that_became_a_side_is_kept_out(desk, cast, joins):
    joins("olive", "larkmoor-voluntary-action")
    reference = lodge(desk, cast.ruth)
    assert seen_by(desk, cast.olive) == [reference]

    with desk.database.begin() as session:
        larkmoor, riverside = (organisation_id(session, slug) for slug in ("larkmoor-voluntary-action", "riverside-carers"))
        session.execute(insert(table_of(SuccessionRow)).values(predecessor_id=larkmoor, successor_id=riverside, from_on=date(2026, 1, 1)))

    assert seen_by(desk, cast.olive) == []
    assert riverside not in cast.olive.organisations, "an interest, and no membership"
