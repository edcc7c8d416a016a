"""A short procedure in two versions, for tests of what happens when a procedure changes while cases are under way."""

from __future__ import annotations

FIRST = """\
procedure: short-road
version: "1"
title: A short road
source: These tests
stages: {intake: Intake, direct: Direct, panel: Panel, ended: Ended}
roles: {complainant: the one who complains, respondent: the other side, coordinator: the coordinator,
        steering_group: the steering group, clock: the clock}
seen as: {open: Open, ended: Ended}
outcomes: {settled: Settled, lapsed: Lapsed}
statuses:
  received:
    title: Received
    stage: intake
    seen as: open
    waits for: [complainant]
    says: "{respondent} is told by {forward}."
  asked:
    title: Asked
    stage: direct
    seen as: open
    waits for: [respondent]
    says: "{respondent} answers by {answer}."
  thinking:
    title: Time to think
    stage: direct
    seen as: open
    waits for: [complainant]
    says: "{complainant} decides by {window}."
    stops: {limits: [whole], because: "the complainant's own time"}
  panel:
    title: With the panel
    stage: panel
    seen as: open
    waits for: [steering_group]
    says: The statement is due by {statement}.
  closed:
    title: Closed
    stage: ended
    seen as: ended
    says: Over.
actions:
  lodge:
    title: Complain
    opens: received
    by: [complainant, coordinator]
    asks:
      complainant: {label: Who complains?, type: organisation}
      respondents: {label: About whom?, type: organisations}
      event_on: {label: When did it happen?, type: date, not after: today}
      commitments: {label: Which commitment?, type: commitments}
      title: {label: A short title, type: line}
  tell:
    title: Tell {respondent}
    from: received
    to: asked
    by: [complainant, coordinator]
  tell_by_clock:
    title: Told by the clock
    from: received
    to: asked
    by: [clock]
  respond:
    title: Reply
    from: asked
    to: thinking
    by: [respondent]
    each: respondent
    moves when: every-respondent-has-answered
    tells: [replied]
    asks:
      answer: {label: Your answer, type: text}
  refer:
    title: Refer it
    from: [asked, thinking]
    to: panel
    by: [complainant]
  refer_by_clock:
    title: Referred by the clock
    from: [asked, thinking]
    to: panel
    by: [clock]
  settle:
    title: Settle it
    from: [asked, thinking, panel]
    to: closed
    outcome: settled
    by: [complainant, coordinator]
  propose:
    title: Propose a settlement
    from: panel
    to: closed
    outcome: settled
    by: [steering_group]
  end_by_clock:
    title: Ended by the clock
    from: panel
    to: closed
    outcome: lapsed
    by: [clock]
limits:
  forward:
    title: Word to {respondent}
    while: [received]
    lasts: 5 working days
    source: These tests
    remind: [{when: 1 working day before, tells: [forward-soon]}]
    then: [tell_by_clock]
  answer:
    title: An answer
    while: [asked]
    lasts: 10 working days
    each: respondent
    source: These tests
    remind: [{when: 3 working days before, tells: [reminder]}]
    met by: [respond]
    then: [refer_by_clock]
  window:
    title: A decision
    while: [thinking]
    lasts: 5 working days
    source: These tests
    remind: [{when: 1 working day before, tells: [decide]}]
    then: [refer_by_clock]
  statement:
    title: The panel's statement
    while: [panel]
    lasts: 25 working days
    source: These tests
    remind: [{when: 5 working days before, tells: [state]}]
    then: [end_by_clock]
  whole:
    title: The whole road
    while: [asked, thinking, panel]
    lasts: 20 working days
    source: These tests
notices:
  forward-soon:
    to: [complainant]
    subject: Please write to {respondent} ({reference})
    says: By {forward} the desk does.
  replied:
    to: [complainant]
    subject: A reply ({reference})
    says: "{respondent} has replied."
  decide:
    to: [complainant, respondent]
    subject: Please decide ({reference})
    says: The answer of {respondent} waits.
  state:
    to: [steering_group]
    subject: A statement by {statement} ({reference})
    says: "{complainant} and {respondent} wait."
  reminder:
    to: [subject]
    subject: Please answer by {answer} ({reference})
    says: "{complainant} waits."
"""

# Longer for the panel and for the answer, a refusal of its own for the respondent, no more time to think, and a new limit.
SECOND = FIRST.replace('version: "1"', 'version: "2"').replace("25 working days", "30 working days").replace(
    "lasts: 10 working days", "lasts: 15 working days").replace("""\
  thinking:
    title: Time to think
    stage: direct
    seen as: open
    waits for: [complainant]
    says: "{complainant} decides by {window}."
    stops: {limits: [whole], because: "the complainant's own time"}
""", """\
  replied:
    title: Answered
    stage: direct
    seen as: open
    waits for: [complainant, respondent]
    says: "Either side can refer it. {weighing}"
""").replace("    to: thinking\n", "    to: replied\n").replace("[asked, thinking", "[asked, replied").replace("""\
    to: panel
    by: [complainant]
""", """\
    to: panel
    by: [complainant, respondent]
""").replace("""\
  window:
    title: A decision
    while: [thinking]
    lasts: 5 working days
""", """\
  weighing:
    title: Weighing the answer
    while: [replied]
    lasts: 8 working days
""")

# A complaint under the first, and a plan by which its case goes over to the second.
SHORT = {"complainant": "riverside-carers", "respondents": ["amberdale-council"], "event_on": "2026-02-20", "commitments": ["13.2"],
         "title": "Notice"}
PLAN = """\
from: short-road.v1
to: short-road.v2
reason: The steering group agreed on 2 March.
statuses: {thinking: replied}
limits: {forward: keep the date, answer: restart, window: drop, statement: keep the date, whole: keep the date}
"""
