"""A case as its page, its letters and programs show it: frozen values, already in words. `case_page` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from breachdesk.casework.wordings_shown import Otherwise
from breachdesk.timekeeping.ledger import Day
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Ask, Procedure

WORDS_NOT_SHOWN = "(the words are shown only to people in the case)"


@dataclass(frozen=True, slots=True)
class PartyView:
    """An organisation in the case; `mine` when the reader belongs to it, `unnamed` when its name is kept back from some; `then` is its
    name on the day of the event, when that was another; `on_paper` when no mail reaches it (only whoever coordinates is told)."""

    id: int
    side: str
    name: str
    sector: str
    mine: bool
    lead: bool = False
    left: bool = False
    represented_by: str = ""
    unnamed: bool = False
    then: str = ""
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody with a role in this case."""

    role: str
    name: str
    chair: bool
    ended: bool
    email: str = ""


@dataclass(frozen=True, slots=True)
class AllegationView:
    """A commitment that is said to be broken, in the wording operated on the day of the event.

    `numbered_here`: this desk gave the number; `otherwise`: how the wording stands to today's.
    """

    commitment: str
    theme: str
    section: str
    wording: str
    owed_by: str
    respondent: str
    edition: str
    ending: str
    warning: str
    label: str
    otherwise: Otherwise | None = None
    standing: str = ""
    decided_seq: int = 0
    position: str = ""
    numbered_here: bool = False


@dataclass(frozen=True, slots=True)
class RemedyView:
    """Something that was agreed. `seq` is the entry that says the latest about it; `evidence` the words given there."""

    number: int
    what: str
    kind: str
    owner: str
    due_on: date | None
    state: str
    evidence: str
    seq: int
    late: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """Another case that belongs to this one; `seen` when the reader can open it."""

    title: str
    reference: str
    seen: bool


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A limit that runs: when it ends, and every day of why. `left` is in working days, negative when overdue.

    `first_due_on` is the day on which it would have ended without the time that was added; None when none was. `provisional`: bank
    holidays that are not published yet can still move it.
    """

    kind: str
    title: str
    party: str
    started_on: date
    due_on: date | None
    left: int | None
    paused: bool
    overdue: bool
    lasts: str
    source: str
    next: str
    acted: str
    days: tuple[Day, ...]
    first_due_on: date | None
    in_working_days: bool
    provisional: bool
    met_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownLimit:
    """A day that matters to the reader and that nobody here manages, such as a court's."""

    title: str
    counted_from: date
    due_on: date
    lasts: str
    source: str
    passed: bool


@dataclass(frozen=True, slots=True)
class PauseView:
    """What people agreed to hold: since when, until which day of review, and who ends it."""

    because: str
    since: date
    review_on: date | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage on the track: `done`, `now` or `ahead`, with the day it began."""

    name: str
    title: str
    state: str
    began_on: date | None


@dataclass(frozen=True, slots=True)
class StepView:
    """An entry of the timeline, and between which statuses it led. `texts` are (label, words), only those that the reader may see;
    `answers` those of them that answer a question of the procedure, by its name."""

    seq: int
    at: datetime
    event: str
    action: str
    title: str
    actor: str
    role: str
    for_party: str
    status: str
    texts: tuple[tuple[str, str], ...]
    late_since: datetime | None = None
    corrected_by: int = 0
    limit: str = ""
    party: int = 0
    then: str = ""
    source: str = ""
    target: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionView:
    """A step that the procedure knows here: whether the reader may take it now, who may, and why not."""

    name: str
    title: str
    help: str
    button: str
    letter: str
    allowed: bool
    may: tuple[str, ...]
    why_not: tuple[str, ...]
    asks: tuple[Ask, ...]
    parties: tuple[PartyView, ...]
    tells: tuple[str, ...]
    moves_to: str
    by_clock: bool
    rare: bool
    offered: Offered = field(default_factory=Offered)
    closes: bool = False


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A message about the case, and whether it arrived. `letter` is the entry whose letters are to be posted instead; 0: none."""

    subject: str
    queued_at: datetime
    to: str
    sent_at: datetime | None
    trouble: str
    letter: int = 0


@dataclass(frozen=True, slots=True)
class DeclaredView:
    """A line of the register of declared interests."""

    name: str
    says: str
    on: date


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that one reader sees of one case, in the words of the version that it is under."""

    id: int
    scheme_id: int
    procedure: Procedure = field(repr=False, compare=False)
    reference: str
    title: str
    version: int
    status: str
    status_title: str
    says: str
    seen_as: str
    waits_for: tuple[str, ...]
    mine: bool
    stage: str
    stage_title: str
    outcome: str
    outcome_title: str
    received_on: date
    event_on: date
    closed_on: date | None
    paused_because: str
    pauses: tuple[PauseView, ...]
    only_shown: tuple[ShownLimit, ...]
    today: date
    roles: frozenset[str]
    complainant: str
    respondent: str
    parties: tuple[PartyView, ...]
    people: tuple[PersonView, ...]
    allegations: tuple[AllegationView, ...]
    deadlines: tuple[DeadlineView, ...]
    track: tuple[StageView, ...]
    timeline: tuple[StepView, ...]
    actions: tuple[ActionView, ...]
    notices: tuple[NoticeView, ...]
    remedies: tuple[RemedyView, ...] = ()
    links: tuple[LinkView, ...] = ()
    names_kept_back: bool = False
    declarations: tuple[DeclaredView, ...] = ()
    declares: bool = False

    @property
    def opening(self) -> Mapping[str, str]:
        """What was said when the case was opened, by question."""
        return next((step.answers for step in self.timeline if step.event == "case:opened"), {})

    def action(self, name: str) -> ActionView | None:
        return next((one for one in self.actions if one.name == name), None)

    @property
    def paused(self) -> bool:
        return bool(self.pauses)

    @property
    def most_likely(self) -> ActionView | None:
        """The step that the reader most probably came for: what meets the limit that ends first, otherwise the first that they may take.

        Whoever keeps a case moving is not led to end it: for a coordinator the steps that close it come after the others.
        """
        able = [one for one in self.actions if one.allowed and not one.rare]
        due = [one for limit in self.deadlines if not limit.paused for one in able if one.name in limit.met_by]
        if due or "coordinator" not in self.roles:
            return next(iter(due or able), None)
        return min(able, key=lambda one: one.closes, default=None)


