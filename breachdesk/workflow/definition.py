"""A procedure as frozen values: what `loading` makes of a file, and what `engine`, pages and letters read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from breachdesk.timekeeping.limits import Limit, WorkingDays

CLOCK = "clock"
PARTY_SIDES = ("complainant", "respondent")
ANSWER_TYPES = ("line", "text", "date", "choice", "yes or no", "confirmation", "number",
                "organisation", "organisations", "commitments", "person", "people")
# Words that somebody wrote about people: they are kept apart from the log, bound to it by a salted digest.
PERSONAL_TYPES = ("line", "text")
AUDIENCES = ("shared", "steering_group", "coordinator")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of an action: what the form shows and what the answer must be."""

    name: str
    label: str
    type: str
    hint: str = ""
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    holding: str = ""
    not_after: str = ""
    not_before: str = ""
    least: int = 0
    most: int = 0
    when: tuple[str, str] | None = None
    by: tuple[str, ...] = ()
    seen_by: str = "shared"
    page: str = ""

    @property
    def personal(self) -> bool:
        return self.type in PERSONAL_TYPES

    def asked_of(self, roles: frozenset[str]) -> bool:
        """Whether somebody in these roles meets the question."""
        return not self.by or bool(roles.intersection(self.by))


@dataclass(frozen=True, slots=True)
class Stops:
    """Limits that stand still while a status lasts."""

    limits: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Status:
    """Where a case can be. `says` is the one sentence that every page and letter uses."""

    name: str
    title: str
    stage: str
    seen_as: str
    says: str
    waits_for: tuple[str, ...] = ()
    stops: Stops | None = None

    @property
    def final(self) -> bool:
        return self.stage == "ended"


@dataclass(frozen=True, slots=True)
class Appoints:
    """People whom an action names to a role in the case: the answers that hold them."""

    role: str
    answers: tuple[str, ...]
    chair: str = ""


@dataclass(frozen=True, slots=True)
class Extends:
    """More time for a limit: the answer that says how much, and the most that can be given."""

    limit: str
    by: str
    at_most: WorkingDays


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to a case. `sources` empty and `opens` set: the way a case begins."""

    name: str
    title: str
    by: tuple[str, ...]
    sources: tuple[str, ...] = ()
    target: str = ""
    opens: str = ""
    help: str = ""
    button: str = ""
    letter: str = ""
    each: str = ""
    moves_when: str = ""
    guards: tuple[str, ...] = ()
    counts_from: str = ""
    outcome: str = ""
    asks: tuple[Ask, ...] = ()
    tells: tuple[str, ...] = ()
    appoints: Appoints | None = None
    extends: Extends | None = None

    @property
    def by_clock_only(self) -> bool:
        return self.by == (CLOCK,)


@dataclass(frozen=True, slots=True)
class Rung:
    """A reminder: so many working days before (negative) or after (positive) the due day."""

    offset: int
    tells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A limit: where it runs, for how long, whom it reminds, and what the clock does when it ends."""

    name: str
    title: str
    statuses: frozenset[str]
    lasts: Limit
    source: str
    each: str = ""
    after: str = ""
    rungs: tuple[Rung, ...] = ()
    met_by: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A message: who learns what. `to` holds roles, or `subject` for the party whose limit it is."""

    name: str
    to: tuple[str, ...]
    subject: str
    says: str


@dataclass(frozen=True)
class Procedure:
    """One published version of a procedure, whole. `digest` is the SHA-256 of the file it came from."""

    name: str
    version: str
    title: str
    source: str
    digest: str
    stages: Mapping[str, str]
    roles: Mapping[str, str]
    seen_as: Mapping[str, str]
    outcomes: Mapping[str, str]
    statuses: Mapping[str, Status]
    actions: Mapping[str, Action]
    limits: Mapping[str, LimitRule]
    notices: Mapping[str, Notice]

    @property
    def opening(self) -> Action:
        """The action by which a case begins."""
        return next(action for action in self.actions.values() if action.opens)

    def actions_from(self, status: str) -> tuple[Action, ...]:
        """What the file allows from a status, in the order of the file."""
        return tuple(action for action in self.actions.values() if status in action.sources)

    def __hash__(self) -> int:
        return hash(self.digest)
