"""The words of a procedure file: which entries each part of it has, and what may stand under each. `loading` and `schema` read this.

What a word does is described in docs/workflow-files.md; what may stand in it, beyond its shape, is checked by those who read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from breachdesk.strict_yaml import Node, Reading
from breachdesk.timekeeping.calendar_changes import DAYS_OFF
from breachdesk.workflow.definition import ANSWER_TYPES, AUDIENCES, GROUPS, PARTY_SIDES, SUBJECTS
from breachdesk.workflow.effects import LINK_KINDS, REMEDY_STATES
from breachdesk.workflow.guards import CASE_GUARDS, GUARDS, MOVES_WHEN

# What may stand under a name: text, one or several texts, true or false, a whole number, a length of time, a reminder's day …
TEXT, TEXTS, LIMITS, FLAG, WHOLE, LENGTH, REMINDER = "text", "texts", "limits", "flag", "whole", "length", "reminder"
# … words with names of their own (name: text), or one word of a list.
LABELS, ONE_LABEL = "labels", "one label"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these words; with SEVERAL a list of them; with NAMES a name of one's own for each."""

    words: tuple[str, ...]
    several: bool = False
    names: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Names with values: those that must be there, and those that may be."""

    required: Mapping[str, Kind]
    optional: Mapping[str, Kind] = field(default_factory=dict)

    def read(self, reading: Reading, node: Node) -> dict[str, Node]:
        """The entries that stand there; a fault is noted for each that is missing or unknown."""
        return reading.entries(node, required=self.required, optional=self.optional)


@dataclass(frozen=True, slots=True)
class Several:
    """A list of such shapes, or with NAMED each under a name of one's own."""

    shape: Shape
    named: bool = True


Kind = str | OneOf | Shape | Several

STATUS_STOPS = Shape({"limits": LIMITS, "because": TEXT})
ACTION_STOPS = Shape({"limits": LIMITS, "because": TEXT, "as": TEXT}, {"until": TEXT})
STATUS = Shape({"title": TEXT, "stage": TEXT, "seen as": TEXT, "says": TEXT}, {"waits for": TEXTS, "stops": STATUS_STOPS})
ASK = Shape({"label": TEXT, "type": OneOf(ANSWER_TYPES)}, {
    "hint": TEXT, "optional": FLAG, "of": LABELS, "holding": TEXT, "serving": TEXT, "for each": OneOf(("allegation",)),
    "not after": OneOf(("today",)), "not before": TEXT, "least": WHOLE, "most": WHOLE, "when": ONE_LABEL, "by": TEXTS,
    "seen by": OneOf(AUDIENCES), "page": TEXT})
EXTENDS = Shape({"limit": TEXT, "by": TEXT})
APPOINTS = Shape({"role": TEXT, "from": TEXTS}, {"chair": TEXT})
RELEASES = Shape({"role": TEXT}, {"who": TEXT})
DECIDES = Shape({"as": OneOf(("admissible", "inadmissible"))}, {"but": TEXT})
ADDS_REMEDY = Shape({"what": TEXT, "kind": TEXT, "owner": TEXT, "due on": TEXT})
SETTLES_REMEDY = Shape({"which": TEXT, "as": OneOf(tuple(REMEDY_STATES))})
LINKS = Shape({"to": TEXT, "as": OneOf(tuple(LINK_KINDS))})
REPRESENTED_BY = Shape({"organisation": TEXT, "since": TEXT})
# What an action does beside moving the case and its limits.
EFFECTS: Mapping[str, Kind] = {
    "appoints": APPOINTS, "releases": RELEASES, "declares interest": FLAG, "decides": DECIDES, "position": TEXT,
    "adds remedy": ADDS_REMEDY, "settles remedy": SETTLES_REMEDY, "links": LINKS, "splits": TEXT, "represented by": REPRESENTED_BY,
    "succeeded by": TEXT, "leaves": FLAG}
ACTION = Shape({"title": TEXT, "by": TEXTS}, {
    "from": TEXTS, "to": TEXT, "to if": OneOf(tuple(GUARDS), names=True), "opens": TEXT, "help": TEXT, "button": TEXT, "letter": TEXT,
    "each": OneOf((*PARTY_SIDES, "party")), "moves when": OneOf(tuple(MOVES_WHEN)), "only if": OneOf(tuple(GUARDS), several=True),
    "counts from": TEXT, "outcome": TEXT, "asks": Several(ASK), "tells": TEXTS, "stops": ACTION_STOPS, "resumes": TEXTS,
    "extends": EXTENDS, "group": OneOf(GROUPS), **EFFECTS})
EXTENDABLE = Shape({"at most": LENGTH}, {"times": WHOLE, "consent": FLAG})
REMIND = Shape({"when": REMINDER, "tells": TEXTS})
LIMIT = Shape({"title": TEXT, "while": TEXTS, "lasts": LENGTH, "source": TEXT}, {
    "each": OneOf(SUBJECTS), "after": TEXT, "remind": Several(REMIND, named=False), "met by": TEXTS, "then": TEXTS,
    "only if": OneOf(tuple(CASE_GUARDS), several=True), "started by": TEXTS, "may be extended": EXTENDABLE, "due on": TEXT,
    "counts from": TEXT, "calendar": TEXT, "only shown": FLAG, "window": FLAG})
NOTICE = Shape({"to": TEXTS, "subject": TEXT, "says": TEXT})
PROCEDURE = Shape({
    "procedure": TEXT, "version": TEXT, "title": TEXT, "source": TEXT, "stages": LABELS, "roles": LABELS, "seen as": LABELS,
    "outcomes": LABELS, "statuses": Several(STATUS), "actions": Several(ACTION), "limits": Several(LIMIT), "notices": Several(NOTICE)},
    {"days off": OneOf(DAYS_OFF)})
