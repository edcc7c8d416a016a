"""A desk whose procedure can do everything that the language of procedure files knows, so that each effect is tried by itself."""

from __future__ import annotations

from functools import lru_cache

from conftest import SCHEME

from breachdesk import resources
from breachdesk.store import procedures
from breachdesk.workflow.loading import load_procedure

MORE_ACTIONS = """
  t_decide:
    title: Decide which allegations fall under the Compact
    from: received
    by: [coordinator]
    decides: {as: admissible, but: refused}
    asks:
      refused: {label: Which do not?, type: allegations, optional: true}
  t_position:
    title: Say where you stand
    from: received
    each: respondent
    by: [respondent, coordinator]
    position: stand
    asks:
      stand: {label: Was it kept?, type: choice, of: {acknowledged: "No", disputed: "Yes"}, for each: allegation}
  t_agree:
    title: Record what was agreed
    from: received
    by: [coordinator]
    adds remedy: {what: what, kind: kind, owner: owner, due on: due}
    asks:
      what: {label: What?, type: text}
      kind: {label: Of what kind?, type: choice, of: {apology: An apology, process: A changed process}}
      owner: {label: By whom?, type: party}
      due: {label: By when?, type: date, optional: true}
    tells: [t-agreed]
  t_settle:
    title: Confirm that it was done
    from: received
    by: [complainant, coordinator]
    settles remedy: {which: which, as: done}
    asks:
      which: {label: Which?, type: remedy}
      evidence: {label: What shows it?, type: text}
  t_name:
    title: Name another panel member
    from: received
    by: [coordinator]
    appoints: {role: panel_member, from: [who]}
    only if: [nobody-named-has-declared-an-interest]
    asks:
      who: {label: Who?, type: person, holding: panel_member}
  t_step_down:
    title: Step down
    from: received
    by: [panel_member, coordinator]
    releases: {role: panel_member, who: who}
    declares interest: true
    asks:
      who: {label: Who?, type: person, serving: panel_member, by: [coordinator]}
  t_interest:
    title: Declare an interest
    from: [received, closed, panel_convening]
    by: [steering_group]
    declares interest: true
  t_represent:
    title: Let somebody act for you
    from: received
    each: party
    by: [complainant, respondent, coordinator]
    represented by: {organisation: by, since: since}
    asks:
      by: {label: By whom?, type: organisation}
      since: {label: Since when?, type: date}
  t_succeed:
    title: Record a successor
    from: received
    each: party
    by: [coordinator]
    succeeded by: successor
    asks:
      successor: {label: Who takes its place?, type: organisation}
  t_leave:
    title: Stop your part in the complaint
    from: received
    each: complainant
    by: [complainant]
    leaves: true
  t_link:
    title: Link with another case
    from: received
    by: [coordinator, complainant]
    links: {to: other, as: joint}
    asks:
      other: {label: Which case?, type: case}
  t_split:
    title: Part the case
    from: [received, direct_open]
    by: [coordinator]
    splits: which
    asks:
      which: {label: Which allegations go?, type: allegations}

limits:
  remedy_due:
    title: "{respondent} does what was agreed"
    while: [received]
    each: remedy
    due on: due
    lasts: 3 months
    source: A test
    remind: [{when: 5 working days before, tells: [t-due]}]
    met by: [t_settle]
"""
MORE_QUESTIONS = """
      joined_by: {label: Does another organisation complain with you?, type: organisations, optional: true}
      represented_by: {label: Does another organisation act for you?, type: organisation, optional: true}
      represented_since: {label: Since when?, type: date, optional: true}
      counter_to: {label: Does it answer another complaint?, type: case, optional: true}
    links: {to: counter_to, as: counter}
    tells: [complaint-received"""
NOTICES = """
notices:
  t-agreed: {to: [subject], subject: "Agreed ({reference})", says: Please do it.}
  t-due: {to: [subject], subject: "By {remedy_due} ({reference})", says: Please do it.}
"""


@lru_cache(maxsize=1)
def everything() -> str:
    """The shipped procedure, with a step for each effect. Its complaints can be joined and represented."""
    text = resources.text("workflows", "procedures", "compact-dispute.v1.yaml")
    if "joined_by:" not in text:
        text = text.replace("\n    tells: [complaint-received", MORE_QUESTIONS, 1)
    return text.replace("\nlimits:\n", MORE_ACTIONS, 1).replace("\nnotices:\n", NOTICES, 1)


@lru_cache(maxsize=1)
def loaded():
    return load_procedure(everything(), "everything.yaml")


def using_everything(desk):
    """The desk, whose new cases begin under that procedure from now on."""
    procedure = loaded()
    with desk.database.begin() as session:
        now = desk.now(session)
        procedures.add_procedure(session, procedure, everything(), now, procedures.PUBLISHED)
        procedures.use_from(session, desk.scheme(session, SCHEME).id, procedure.digest, now.date())
    return desk
