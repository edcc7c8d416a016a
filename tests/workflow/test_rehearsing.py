"""How a rehearsal's file is read: every fault at once, each with its place; nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from breachdesk.casework.procedures.setting_up import shipped_procedures
from breachdesk.errors import BadRehearsal
from breachdesk.workflow.rehearsing import NOT_RUNNING, Day, Due, Person, Told, day_told, load_rehearsal

STORY = """\
rehearsal: A short one
shows: How a story reads.
procedure: compact-dispute.v1
scheme: derby-and-derbyshire
begins: 2026-03-02
people:
  complainant: Riverside Carers
  respondent: Amberdale Council
  helper: {holds: critical_friend, of: Greenway Youth Trust, sector: voluntary}
story:
  - who: complainant
    does: lodge
    with: {tried: no, commitments: [13.2, 3.6]}
  - until: working day 6
    clock does: [acknowledge_by_clock]
    expect:
      status: received
      due: {forward: working day 10, respond: {respondent: not running}}
      told: {acknowledged-by-desk: [complainant]}
      not told: [acknowledged]
  - when: 2 working days later
    who: coordinator
    does: withdraw
    with: {reason_code: closing}
    expect: {refused: more than that, paused: false}
at the end:
  status: closed
  outcome: withdrawn
  handling days: 8
  paused: true
"""


@pytest.fixture(scope="module")
def procedures():
    return shipped_procedures()


def test_a_story_is_read_as_it_is_told(procedures):
    told = load_rehearsal(STORY, "short.yaml", procedures)

    lodged, waited, stopped = told.story
    assert (told.file, told.title, told.shows, told.begins) == ("short.yaml", "A short one", "How a story reads.", date(2026, 3, 2))
    assert (told.procedure, told.scheme) == ("compact-dispute.v1", "derby-and-derbyshire")
    assert list(told.people.values()) == [
        Person("complainant", 7, named="Riverside Carers"), Person("respondent", 8, named="Amberdale Council"),
        Person("helper", 9, organisation="Greenway Youth Trust", holds="critical_friend", sector="voluntary")]
    assert lodged.answers == {"tried": "no", "commitments": ("13.2", "3.6")}
    assert (waited.when, waited.who, waited.clock_does) == (Day("working day", 6), "", ("acknowledge_by_clock",))
    assert waited.expect.due == (Due("forward", Day("working day", 10)), Due("respond", NOT_RUNNING, "respondent"))
    assert (waited.expect.told, waited.expect.not_told) == ((Told("acknowledged-by-desk", ("complainant",)),), ("acknowledged",))
    assert (stopped.when, stopped.expect.refused) == (Day("working day", 2, later=True), "more than that")
    assert (told.end.outcome, told.end.handling_days) == ("withdrawn", 8)
    assert [one.paused for one in (lodged.expect, waited.expect, stopped.expect, told.end)] == [None, None, False, True]


@pytest.mark.parametrize(("written", "day"), [
    ("day 0", Day("day", 0)), ("working day 12", Day("working day", 12)), ("1 working day later", Day("working day", 1, later=True)),
    ("3 days later", Day("day", 3, later=True)), ("12", None), ("working day", None), ("0 days later", None), ("tomorrow", None)])
def test_a_day_is_told_in_so_many_ways(written, day):
    assert day_told(written) == day


@pytest.mark.parametrize(("find", "put", "fault"), [
    ("shows: How a story reads.\n", "", "1:1: “shows” is missing"),
    ("procedure: compact-dispute.v1", "procedure: compact-dispute.v0", "3:12: “compact-dispute.v0” is not known here; did you mean “comp"),
    ("procedure: compact-dispute.v1", "procedure: []", "3:12: the name of a procedure is expected here"),
    ("begins: 2026-03-02", "begins: 2026-02-30", "5:9: a date like 2016-12-08 is expected here"),
    ("  respondent: Amberdale Council\n", "",
     "7:3: nobody plays the respondent: name an organisation, like “respondent: Riverside Carers”"),
    ("holds: critical_friend", "holds: critical_fiend", "9:19: “critical_fiend” is not known here; did you mean “critical_friend”?"),
    ("    does: lodge\n", "", "11:5: a step either says who “does” what, or “until” which day only time passes"),
    ("  - who: complainant\n    does: lodge", "  - does: lodge", "11:5: “who” is missing: who does it?"),
    ("does: lodge", "does: loge", "12:11: “loge” is not known here; did you mean “lodge”?"),
    ("does: lodge", "does: lapse_by_clock", "12:11: “lapse_by_clock” is not known here"),
    ("tried: no", "tired: no", "13:12: “tired” is not known here; did you mean “tried”?"),
    ("who: coordinator", "who: co-ordinator", "22:10: “co-ordinator” is not known here; did you mean “coordinator”?"),
    ("until: working day 6", "until: Friday", "14:12: a day is written “day 3”, “working day 12”, “2 working days later” or 2026-03-02"),
    ("clock does: [acknowledge_by_clock]", "clock does: [acknowledge]",
     "15:18: “acknowledge” is not known here; did you mean “acknowledge_by_clock”?"),
    ("      status: received", "      status: recieved", "17:15: “recieved” is not known here; did you mean “received”?"),
    ("{forward: working", "{foreward: working", "18:13: “foreward” is not known here; did you mean “forward”?"),
    ("not told: [acknowledged]", "not told: [acknoledged]", "20:18: “acknoledged” is not known here; did you mean “acknowledged”?"),
    ("outcome: withdrawn", "outcome: given_up", "28:12: “given_up” is not known here"),
    ("handling days: 8", "handling days: eight", "29:18: a whole number of at least 0 is expected here"),
])
def test_every_fault_has_its_place(procedures, find, put, fault):
    assert find in STORY
    with pytest.raises(BadRehearsal) as raised:
        load_rehearsal(STORY.replace(find, put, 1), "short.yaml", procedures)

    assert [str(one) for one in raised.value.faults if str(one).startswith(f"short.yaml:{fault}")], raised.value.faults


def test_an_empty_file_is_no_rehearsal(procedures):
    with pytest.raises(BadRehearsal, match="the file is empty"):
        load_rehearsal("", "short.yaml", procedures)


def test_all_faults_are_told_at_once(procedures):
    spoiled = STORY.replace("does: lodge", "does: loge").replace("outcome: withdrawn", "outcome: gone").replace("forward", "backward")

    with pytest.raises(BadRehearsal) as raised:
        load_rehearsal(spoiled, "short.yaml", procedures)

    assert [one.line for one in raised.value.faults] == [12, 18, 28]
