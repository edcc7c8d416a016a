"""What the page on privacy says of who reads what is what tests/authz.yaml says, role by role."""

from __future__ import annotations

from rules.matrix import matrix

from breachdesk.casework.who_reads import who_reads

# The table's word for a compartment → by which words it is known on the page.
SAID = {"shared": "for everybody in the case", "the complainant's room": "that complains and the critical friend say",
        "the respondent's room": "complained about and the critical friend say", "friend": "critical friend's own notes",
        "panel": "the panel says", "steering_group": "the steering group records", "coordinator": "for the coordinator alone"}


def test_each_role_reads_what_the_table_says_and_nothing_else() -> None:
    told = {one.role: {compartment for compartment, words in SAID.items() if any(words in said for said in one.reads)}
            for one in who_reads()}

    assert told == {role: set(matrix().reads[role]) - {"public"} for role in told}
    # These read as the organisation that they act for, or as the coordinator; whoever has withdrawn reads what they read before.
    assert set(matrix().reads) - told.keys() == {"representative", "former_party", "stand_in"}


def test_everything_that_is_said_of_a_role_is_a_compartment_of_its_own() -> None:
    for one in who_reads():
        assert len(one.reads) == len(set(one.reads)) == len([words for words in SAID.values() if any(words in said for said in one.reads)])


def test_who_complains_is_known_to_its_own_side_the_coordinator_and_the_critical_friend() -> None:
    assert {one.role for one in who_reads() if one.knows_who_complains} == {"complainant", "coordinator", "critical_friend"}
