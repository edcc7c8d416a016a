"""A procedure as frozen values: what `loading` makes of a file, and what `engine`, pages and letters read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from breachdesk.timekeeping.calendar_changes import SCHEME
from breachdesk.timekeeping.limits import Limit, WorkingDays
from breachdesk.workflow.effects import NOTHING, Effects

CLOCK = "clock"
PARTY_SIDES = ("complainant", "respondent")
# Whom or what a limit can be for, one by one: a party's id, or a remedy's number in its case.
SUBJECTS = (*PARTY_SIDES, "party", "remedy")
ANSWER_TYPES = ("line", "text", "date", "choice", "yes or no", "confirmation", "number", "organisation", "organisations", "commitments",
                "person", "people", "party", "allegations", "remedy", "limit", "case")
# Words that somebody wrote about people: they are kept apart from the log, bound to it by a salted digest.
PERSONAL_TYPES = ("line", "text")
# What a case knows of its complaint without asking again, for limits that count from it.
DAYS_OF_THE_COMPLAINT = ("event_on", "received_on")
GROUPS = ("rare",)
AUDIENCES = ("shared", "steering_group", "coordinator")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of an action: what the form shows and what the answer must be.

    `for_each` asks it once for each allegation; `serving` offers only those who have that role in the case now.
    """

    name: str
    label: str
    type: str
    hint: str = ""
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    holding: str = ""
    serving: str = ""
    for_each: str = ""
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
    """Limits that stand still: while a status lasts, or from an action until another `resumes` it by NAME.

    No limits: all of them, but those that the same action starts. `review` is the question that holds the day of review.
    """

    limits: tuple[str, ...]
    because: str
    name: str = ""
    review: str = ""


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
class Extends:
    """More time for a running limit: the questions that say for which one, and how many working days."""

    limit: str
    by: str


@dataclass(frozen=True, slots=True)
class Extendable:
    """How much more time a limit can be given: at most so many working days in all, so many times, with whose consent."""

    at_most: WorkingDays
    times: int = 1
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to a case. `sources` empty and `opens` set: the way a case begins.

    `target_if` holds (status, guard): the case goes to the first whose guard has nothing against it, otherwise to `target`.
    `group` “rare” keeps it out of the way on pages.
    """

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
    target_if: tuple[tuple[str, str], ...] = ()
    counts_from: str = ""
    outcome: str = ""
    asks: tuple[Ask, ...] = ()
    tells: tuple[str, ...] = ()
    stops: Stops | None = None
    resumes: tuple[str, ...] = ()
    extends: Extends | None = None
    effects: Effects = NOTHING
    group: str = ""

    @property
    def by_clock_only(self) -> bool:
        return self.by == (CLOCK,)

    @property
    def seen_by(self) -> str:
        """Who learns that the step was taken: everybody, or the coordinator alone, when it moves nothing and all it asks is for them."""
        confidential = not self.target and not self.opens and {ask.seen_by for ask in self.asks} == {"coordinator"}
        return "coordinator" if confidential else "shared"

    @property
    def targets(self) -> tuple[str, ...]:
        """Every status that the action can lead to, the usual one first; empty when the case stays where it is."""
        return tuple(dict.fromkeys(one for one in (self.target, *(status for status, _ in self.target_if)) if one))


@dataclass(frozen=True, slots=True)
class Rung:
    """A reminder: so many working days before (negative) or after (positive) the due day."""

    offset: int
    tells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A limit: where it runs, for how long, whom it reminds, and what the clock does when it ends.

    It starts where its statuses are entered and its guards have nothing against it; with `started_by` only when one of
    those actions is taken, and then again each time. `due_on` names the question that gives its day, instead of `lasts`.
    `only_shown` limits have no timer; a `window` is over when it is over, and nobody is late. `calendar` is the role of
    another calendar than the scheme's own.
    """

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
    guards: tuple[str, ...] = ()
    started_by: tuple[str, ...] = ()
    extendable: Extendable | None = None
    due_on: str = ""
    counts_from: str = ""
    calendar: str = ""
    only_shown: bool = False
    window: bool = False

    @property
    def is_somebodys(self) -> bool:
        """Whether it is something that somebody is to do: not a window, and not what the clock does again and again."""
        return not self.window and not set(self.started_by).intersection(self.then)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message: who learns what. `to` holds roles, or `subject` for the party whose limit it is."""

    name: str
    to: tuple[str, ...]
    subject: str
    says: str


@dataclass(frozen=True, eq=False)
class Procedure:
    """One version of a procedure, whole. `digest` is the SHA-256 of the file it came from: read twice, it is the same procedure.

    `days_off` says whose closed days are no working days: the scheme's calendar alone, or its organisations' too.
    """

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
    days_off: str = SCHEME

    @property
    def opening(self) -> Action:
        """The action by which a case begins."""
        return next(action for action in self.actions.values() if action.opens)

    def actions_from(self, status: str) -> tuple[Action, ...]:
        """What the file allows from a status, in the order of the file."""
        return tuple(action for action in self.actions.values() if status in action.sources)

    def __eq__(self, other: object) -> bool:
        # What is remembered for a procedure is found again without comparing the two word for word.
        return isinstance(other, Procedure) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)
