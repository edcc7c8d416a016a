"""Rehearsals are played through the real engine: the shipped ones go as told and leave nothing out, and one that is told wrong is found."""

from __future__ import annotations

import pytest

from breachdesk.bootstrap import create_desk
from breachdesk.casework.procedures.setting_up import shipped_procedures, shipped_rehearsals
from breachdesk.casework.rehearsals.rehearsal_desks import Desks
from breachdesk.casework.rehearsals.rehearsal_log import coverage
from breachdesk.casework.rehearsals.rehearsing import rehearse
from breachdesk.errors import BadRehearsal
from breachdesk.settings import Settings
from breachdesk.workflow.rehearsing import load_rehearsal

STORY = """\
rehearsal: A short one
shows: How a story is played.
procedure: compact-dispute.v1
scheme: derby-and-derbyshire
begins: 2026-03-02
people: {complainant: Riverside Carers, respondent: Amberdale Council}
story:
  - who: complainant
    does: lodge
    expect: {told: {complaint-received: [complainant]}}
  - when: working day 1
    who: complainant
    does: record_direct_contact
    expect: {status: direct_open, due: {respond: 2026-03-24}, paused: false}
  - when: working day 2
    who: respondent
    does: respond
    expect: {status: awaiting_referral_cf, told: [answered]}
  - when: working day 3
    who: complainant
    does: say_resolved
  - when: working day 5
    who: respondent
    does: say_resolved
at the end: {status: closed, outcome: resolved_full, handling days: 2}
"""


@pytest.fixture(scope="module")
def procedures():
    return shipped_procedures()


@pytest.fixture(scope="module")
def play(procedures):
    """Plays a story, as text; what went astray."""
    def make(place, start):
        return create_desk(Settings(data_dir=str(place)), practice=True, start=start, wall=lambda: start)

    with Desks(make) as desks:
        yield lambda text, file="story.yaml": rehearse(desks, load_rehearsal(text, file, procedures))


def test_the_shipped_rehearsals_go_as_told_and_together_play_every_step_and_all_that_the_clock_does(play, procedures):
    played = [play(file.read_text("utf-8"), file.name) for file in shipped_rehearsals()]

    astray = [f"{one.rehearsal.file}:{where.line}: expected {where.expected}; {where.happened}" for one in played for where in one.astray]
    assert astray == []
    assert len({one.rehearsal.title for one in played}) == len(played)
    # Stories stay with their version, as cases do: those of a later one need tell only what it does anew.
    told = set()
    for name, procedure in sorted(procedures.items(), key=lambda named: int(named[1].version)):
        covered = coverage(procedure, [(one.rehearsal.title, one.played) for one in played if one.rehearsal.procedure == name])
        assert [one.played for one in covered if not one.rehearsals and one.played not in told] == []
        assert {one.played[1] for one in covered} >= set(procedure.actions)
        told |= {one.played for one in covered}


def test_a_story_that_is_told_right_is_played_to_its_end(play):
    done = play(STORY)

    assert done.astray == ()
    assert done.ended_on.isoformat() == "2026-03-09"
    assert {("action", "lodge"), ("target", "respond", "awaiting_referral_cf")} <= done.played


@pytest.mark.parametrize(("find", "put", "expected", "happened"), [
    ("status: direct_open", "status: received", "the case at “Received” (received)", "it is at “With the other organisation”"),
    ("respond: 2026-03-24", "respond: 2026-03-23", "“respond” due on Mon 23 March 2026", "it is due on Tue 24 March 2026"),
    ("respond: 2026-03-24", "respond: not running", "“respond” not running", "it is due on Tue 24 March 2026"),
    ("respond: 2026-03-24", "comment: working day 9", "“comment” due on Fri 13 March 2026", "it is not running"),
    ("paused: false", "paused: true", "the case paused", "it is not"),
    ("told: [answered]", "told: [returned]", "“returned” told", "told was answered"),
    ("told: [answered]", "not told: [answered]", "nobody told “answered”", "it was sent"),
    ("[complainant]}}", "[complainant, coordinator]}}", "“complaint-received” told to ", "it went to Rafiq Dunmore, Ruth Ferris"),
    ("outcome: resolved_full", "outcome: lapsed", "the outcome “Lapsed”", "it is “Resolved to both sides' satisfaction”"),
    ("handling days: 2", "handling days: 5", "5 handling days", "there are 2"),
    ("when: working day 5", "when: working day 2", "working day 2 after the step before", "2026-03-04 lies before 2026-03-05"),
    ("when: working day 5", "when: 2026-04-03", "the clock does nothing", "it did update_by_clock, refer_to_critical_friend_by_clock"),
    ("when: working day 5", "clock does: [lapse_by_clock]\n    when: working day 5", "the clock does lapse_by_clock", "it did nothing"),
    ("who: respondent\n    does: respond", "who: complainant\n    does: respond", "“Answer the complaint” by complainant",
     "it was refused: "),
    ("who: respondent\n    does: respond", "who: respondent\n    does: respond\n    with: {position: perhaps}",
     "“Answer the complaint” by respondent", "it was refused: “perhaps” cannot be chosen"),
    ("paused: false", "refused: too late", "“Record your contact with {respondent}” refused because of “too late”", "it was done"),
    ("does: respond\n", "does: respond\n    case: another\n", "a case called “another”", "none has begun by that name"),
    ("who: respondent\n    does: respond", "who: panel_member\n    does: respond", "“Answer the complaint” by panel_member",
     "it was refused: "),
])
def test_a_story_that_is_told_wrong_says_what_was_expected_and_what_happened(play, find, put, expected, happened):
    assert find in STORY

    astray = play(STORY.replace(find, put, 1)).astray

    assert any(one.expected.startswith(expected) and one.happened.startswith(happened) for one in astray), astray
    assert all(one.line for one in astray)


def test_a_refusal_that_the_story_tells_of_is_no_fault(play):
    told = "  - who: coordinator\n    does: admit\n    expect: {refused: only at “Being checked”}\n  - when: working day 3"

    refused = STORY.replace("  - when: working day 3", told)

    assert play(refused).astray == ()


@pytest.mark.parametrize(("people", "fault"), [
    ("respondent: Nowhere Council",
     "respondent: the practice desk knows no organisation and nobody with an office called “Nowhere Council”"),
    ("respondent: Amberdale Council, friend: {holds: critical_friend, of: Nowhere}",
     "friend: the practice desk knows no organisation called “Nowhere”")])
def test_a_part_that_nobody_can_play_is_a_fault_of_the_file(play, people, fault):
    with pytest.raises(BadRehearsal, match="story.yaml:6:1: " + fault):
        play(STORY.replace("respondent: Amberdale Council", people))
