"""What is known of a case when something is to be decided: a frozen snapshot that `store.cases` makes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Extension, Pause
from breachdesk.timekeeping.limits import Limit
from breachdesk.workflow.identity_modes import OPEN

Answer = str | date | int | bool | tuple[str, ...]
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation in the case. `taken` holds the actions it has taken in this visit to the stage.

    `represented_by` is the organisation that acts for it (0: none); one that has `left` the case for good is only remembered.
    `identity` says who sees its name: everybody in the case, or only some (`identity_modes`). `on_paper`: nobody with an account acts
    for it; known only where whoever coordinates asks.
    """

    id: int
    organisation_id: int
    side: str
    name: str
    sector: str
    taken: frozenset[str] = frozenset()
    lead: bool = False
    represented_by: int = 0
    left: bool = False
    identity: str = OPEN
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that an answer can name, beside those that are in the case."""

    id: int
    name: str
    sector: str


@dataclass(frozen=True, slots=True)
class Allegation:
    """A commitment that a party is said not to have kept. `admissible` is None until it is decided; an `ending` ends it."""

    id: int
    party: int
    commitment: int
    admissible: bool | None = None
    position: str = ""
    ending: str = ""

    @property
    def open(self) -> bool:
        return not self.ending


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that was agreed: the party that owes it, by when, and what became of it. Its words are in the log's entry."""

    number: int
    kind: str
    owner: int
    due_on: date | None
    state: str = "open"

    @property
    def open(self) -> bool:
        """Still waited for: one that was reported, or not done, is not settled by that."""
        return self.state not in ("done", "waived")


@dataclass(frozen=True, slots=True)
class Link:
    """Another case beside this one; `outgoing` when it was this one that named the other."""

    reference: str
    kind: str
    outgoing: bool = True


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person with a role in this case: critical friend or panel member."""

    account_id: int
    role: str
    chair: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody belongs to an organisation, or belonged to it `until` a day. It `became` others: its successors, theirs too."""

    organisation: int
    name: str
    since: date
    until: date | None
    became: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Funding:
    """That one organisation funds another now. `other` is the name of the one of the two that is no side of the case asked about."""

    funder: int
    funded: int
    other: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be named: where they work, and their sector.

    What is known beside that: all their `memberships`, the money that flows between their organisations and the sides, the
    organisations that theirs `acted_for` and (role, organisation) of cases in which they `served`, how many open cases they serve
    in, their area, and `beyond`: the scheme from which they come, when it is another one.
    """

    account_id: int
    name: str
    email: str
    sector: str
    organisations: frozenset[int]
    places: tuple[str, ...] = ()
    memberships: tuple[Membership, ...] = ()
    funding: tuple[Funding, ...] = ()
    acted_for: frozenset[int] = frozenset()
    served: frozenset[tuple[str, int]] = frozenset()
    load: int = 0
    area: str = ""
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A limit that runs (or stands still: `due_on` None) for a subject: a party's id, or 0 for the case.

    `lasts` is the length that it was promised, when the version of the procedure that the case was moved to says another.
    `counted_in` is the digest of the calendar that its day was found in.
    """

    limit: str
    subject: int
    generation: int
    started_on: date
    due_on: date | None
    lasts: Limit | None = None
    counted_in: str = ""


@dataclass(frozen=True, slots=True)
class RanOut:
    """A limit that ran out, and that nobody has met since: the log's word, also after the case went on without it."""

    limit: str
    subject: int
    due_on: date


@dataclass(frozen=True, slots=True)
class PauseFact:
    """A pause of the case: which limits stand still in it. NAME is the status that holds it open, or what an action called it.

    `id` is 0 for one that begins with the step that is being decided.
    """

    id: int
    limits: tuple[str, ...]
    pause: Pause
    name: str = ""
    review_on: date | None = None

    def ended_on(self, today: date) -> date:
        """The day on which it is over when it ends TODAY: a server's clock that was set back does not end it before it began."""
        return max(today, self.pause.from_on)


@dataclass(frozen=True, slots=True)
class ExtensionFact:
    """More time that was given to one running limit."""

    limit: str
    subject: int
    extension: Extension


@dataclass(frozen=True, slots=True)
class Taken:
    """How often a step was taken in the case's whole life, how often it moved the case, and the account that took it last."""

    times: int
    moves: int
    account_id: int


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything a decision may depend on. Nothing here is read from anywhere later.

    `snapshots` has, by digest, the earlier calendars in which limits were counted whose day was promised and is kept.
    """

    reference: str
    status: str
    received_on: date
    sequence: int
    parties: tuple[Party, ...]
    calendar: Calendar
    running: tuple[Running, ...] = ()
    pauses: tuple[PauseFact, ...] = ()
    extensions: tuple[ExtensionFact, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    tried_directly: bool = False
    reached_panel: bool = False
    commitments_not_operated: tuple[str, ...] = ()
    event_on: date | None = None
    allegations: tuple[Allegation, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    links: tuple[Link, ...] = ()
    interested: frozenset[int] = frozenset()
    objected: frozenset[int] = frozenset()
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    outcome: str = ""
    history: Mapping[str, Taken] = field(default_factory=dict)
    ran_out: tuple[RanOut, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    snapshots: Mapping[str, Calendar] = field(default_factory=dict)

    @property
    def open_pauses(self) -> tuple[PauseFact, ...]:
        return tuple(one for one in self.pauses if one.pause.to_on is None)

    def on(self, side: str) -> tuple[Party, ...]:
        """The parties on a side that have not left: `complainant`, `respondent`, or `party` for both."""
        return tuple(party for party in self.parties if not party.left and side in ("party", party.side))

    def party(self, subject: int) -> Party | None:
        return next((party for party in self.parties if party.id == subject), None)

    def remedy(self, number: int) -> Remedy | None:
        return next((remedy for remedy in self.remedies if remedy.number == number), None)

    def whose(self, each: str, subject: int) -> Party | None:
        """The party that a limit's subject is; of a remedy's limit, the party that owes the remedy."""
        if each != "remedy":
            return self.party(subject)
        remedy = self.remedy(subject)
        return self.party(remedy.owner) if remedy else None

    def pauses_after(self, opened: tuple[PauseFact, ...], resumes: Collection[int], today: date) -> tuple[PauseFact, ...]:
        """The pauses once some have begun and others ended."""
        kept = tuple(replace(one, pause=replace(one.pause, to_on=one.ended_on(today))) if one.id in resumes else one for one in self.pauses)
        return kept + opened

    def serving(self, role: str) -> tuple[Appointment, ...]:
        return tuple(one for one in self.appointments if one.role == role and not one.ended)

    def limit(self, name: str, subject: int = 0) -> Running | None:
        return next((one for one in self.running if one.limit == name and one.subject == subject), None)
