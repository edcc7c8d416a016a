"""The panel builder: every panel that it proposes passes the procedure's guards, and where it proposes none there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.facts import Appointment, Candidate, CaseFacts, Party
from breachdesk.workflow.guards import GUARDS
from breachdesk.workflow.interests import stakes_of
from breachdesk.workflow.panels import SIZES, is_possible, missing, possible_panels

TODAY = date(2026, 3, 2)
ASKED = ("panel-is-three-or-five", "panel-has-both-sectors", "nobody-on-the-panel-belongs-to-a-party", "nobody-was-critical-friend",
         "nobody-named-has-declared-an-interest", "chair-sits-on-the-panel", "deputy-is-of-the-other-sector")
PARTIES = (Party(1, 11, "complainant", "Riverside Carers", "voluntary"), Party(2, 12, "respondent", "Amberdale Council", "statutory"))


def facts(pool) -> CaseFacts:
    """A case in which number 1 was the critical friend and number 2 has declared an interest."""
    calendar = Calendar("none", "None", TODAY, TODAY, TODAY, {})
    return CaseFacts("DD-1", "panel_convening", TODAY, 1, PARTIES, calendar, interested=frozenset({2}),
                     appointments=(Appointment(1, "critical_friend", ended=True),), candidates={one.email: one for one in pool})


PERSON = st.builds(
    lambda sector, places, acted, load, area: Candidate(0, "", "", sector, frozenset(places), acted_for=frozenset(acted), load=load,
                                                        area=area),
    st.sampled_from(("statutory", "voluntary", "other", "")), st.sets(st.sampled_from((11, 12, 13)), max_size=1),
    st.sets(st.sampled_from((11, 14)), max_size=1), st.integers(0, 2), st.sampled_from(("Derby", "Derbyshire")))


def numbered(people):
    return [replace(one, account_id=number, name=f"Person {number}", email=f"{number}@desk.example")
            for number, one in enumerate(people, 1)]


def against(case, members, chair, deputy=None):
    answers = {"members": tuple(one.email for one in members), "chair": chair.email, **({"deputy": deputy.email} if deputy else {})}
    return [why for name in ASKED if (why := GUARDS[name](Attempt(case, answers, 0, TODAY)))]


@given(st.lists(PERSON, max_size=9).map(numbered))
def test_what_is_proposed_passes_the_guards_and_where_nothing_is_nothing_would(pool):
    case = facts(pool)
    for size in SIZES:
        proposed = possible_panels(pool, stakes_of(case), size)
        assert [why for one in proposed for why in against(case, one.members, one.chair, one.deputy)] == []
        assert len({frozenset(one.email for one in panel.members) for panel in proposed}) == len(proposed)
        if not proposed:
            assert all(against(case, members, members[0]) for members in combinations(pool, size))
    assert is_possible(pool, stakes_of(case)) == bool(possible_panels(pool, stakes_of(case), 3))


def people(*told):
    return numbered([Candidate(0, "", "", sector, frozenset(), acted_for=frozenset(acted), load=load, area=area)
                     for sector, acted, load, area in told])


def test_the_first_is_balanced_has_the_least_to_weigh_the_least_load_and_the_most_areas():
    # Numbers 1 and 2 are barred.
    pool = people(("statutory", (), 0, ""), ("voluntary", (), 0, ""), ("statutory", (), 0, "Derby"), ("statutory", (), 2, "Derby"),
                  ("statutory", (), 0, "Derbyshire"), ("statutory", (11,), 0, "Derby"), ("voluntary", (), 1, "Derby"))

    first, second, *_ = possible_panels(pool, stakes_of(facts(pool)), 3)

    assert {one.account_id for one in first.members} == {3, 5, 7}
    assert (first.apart, first.to_weigh, first.load, first.areas) == (1, (), 1, 2)
    assert second.load == 3
    assert first.chair.account_id == 3, "the least busy of the sector that has more"
    assert first.deputy.account_id == 7
    [five] = possible_panels(pool, stakes_of(facts(pool)), 5)
    assert [(name, one.says) for name, one in five.to_weigh] == [("Person 6", "acted for Riverside Carers in another case")]


def test_what_is_missing_is_said():
    pool = people(("voluntary", (), 0, ""), ("voluntary", (), 0, ""), ("statutory", (), 0, ""))

    assert missing(pool, stakes_of(facts(pool))) == (
        "Nobody from the voluntary sector is free of interests; a panel has at least one.",
        "One person is free of interests; a panel has three members, or five.")
