"""What a case's rows must be, folded from the entries of its log alone: `casework.log.replaying` holds the tables against it. Pure.

An entry says what was done, never how the row was written, so a row that somebody changed by hand is found. A row here is the table's
row by the names of its columns. The case's own row and the order of things are here; what it holds is in `replaying_holdings`, its
limits and ledger in `replaying_limits`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from breachdesk.clock import local_day
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.engine import known_to_respondents, reaches_the_group
from breachdesk.workflow.replaying_holdings import HoldingsReplay
from breachdesk.workflow.replaying_limits import LimitsReplay

Row = dict[str, object]
STEPS = ("case:acted", "case:closed", "case:reopened")
# Entries that change a case's own row, so that whoever looked at the case before has to look again.
_TURNS = (*STEPS, "case:migrated", "case:migration_reverted", "case:recounted")


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a case's log, as it is folded. `hash` is what the next one follows from; `procedure` the version that it names."""

    seq: int
    event: str
    at: datetime
    actor: int
    facts: Any
    hash: str = ""
    role: str = ""
    procedure: str = ""

    @property
    def on(self) -> date:
        return local_day(self.at)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case ended, as the entry SEQ says it for the figures, and what that comes from: the stage that it was in, its days, its pauses
    as they were then, its calendar."""

    seq: int
    said: Mapping[str, object]
    stage: str
    begun: date
    closed: date
    held: tuple[tuple[date, date], ...]
    calendar: str


@dataclass(slots=True)
class CaseReplay:
    """One case, growing entry by entry. `find` knows procedures by digest; `whole` is the target whose days are handling days.

    `told_less`: the case began before the log had all that its rows are made of, so less of it can be compared.
    """

    case_id: int
    find: Callable[[str], Procedure]
    whole: str
    case: Row = field(default_factory=dict)
    holdings: HoldingsReplay = field(default_factory=HoldingsReplay)
    limits: LimitsReplay = field(default_factory=LimitsReplay)
    endings: list[Ending] = field(default_factory=list)
    told_less: bool = False

    def take(self, said: Said) -> None:
        """The next entry. Raises KeyError or ValueError when it says what no entry of ours says."""
        if said.event == "case:opened":
            self._open(said)
        elif not self.case:
            raise ValueError(f"entry {said.seq} comes before the case was opened")
        elif said.event in _TURNS:
            self._turn(said)
        elif said.event.startswith("limit:"):
            self.limits.fired(said.event, said.facts, said.at, self.procedure)
        else:
            self.holdings.noted(said.event, said.facts, said.actor, said.seq, said.at)
            held = said.event == "link:made" or (said.event == "interest:declared" and said.facts["nature"] != "none")
            self.case["has_holdings"] = bool(self.case["has_holdings"] or held)
        self.case["last_seq"], self.case["last_hash"] = said.seq, said.hash

    @property
    def procedure(self) -> Procedure:
        return self.find(str(self.case["procedure_digest"]))

    def rows(self) -> Iterator[tuple[str, list[Row]]]:
        """Each replayed table's rows of the case."""
        yield "cases", [self.case]
        yield from self.holdings.rows()
        yield from self.limits.rows()

    def _open(self, said: Said) -> None:
        facts, effects = said.facts, said.facts["effects"]
        carried = effects.get("carried")
        self.told_less = any(len(one) < 3 for one in facts["allegations"])
        self.case = {
            "id": self.case_id, "scheme_id": facts["scheme"], "reference": facts["reference"],
            "procedure_digest": facts["procedure_digest"], "status": facts["to"], "stage": facts["stage"], "stage_visit": 1, "version": 1,
            "episode": 1, "channel": facts["channel"], "received_on": date.fromisoformat(facts["received_on"]), "entered_at": said.at,
            "event_on": date.fromisoformat(facts["event_on"]) if facts["event_on"] else None,
            "tried_directly": facts["answers"].get("tried") == "yes", "reached_panel": bool(carried and carried["reached_panel"]),
            "respondents_told": bool(carried and carried["respondents_told"]), "has_ledger": False, "has_holdings": _holds(effects),
            "outcome": None, "closed_on": None, "reopened_on": None}
        self.holdings.opened(facts, said.seq, said.at)
        self.limits.stepped(said.seq, said.at, said.actor, facts, self.procedure)
        self.case["next_due_on"] = self.limits.next_of_part() if carried else self.limits.next_due(self.procedure, self.whole)

    def _turn(self, said: Said) -> None:
        case, facts = self.case, said.facts
        visit = int(str(case["stage_visit"])) + (facts["stage"] != case["stage"])
        if said.event == "case:migrated":
            self._migrate(said)
        elif said.event == "case:migration_reverted":
            self._revert(said)
            visit = int(str(case["stage_visit"])) - (facts["stage"] != case["stage"])
        elif said.event == "case:recounted":
            self.limits.recounted(said.seq, said.at, facts)
        else:
            self._step(said, visit)
        if said.event not in STEPS:
            case["next_due_on"] = self.limits.next_of_any(self.whole)
        case.update(status=facts["to"], stage=facts["stage"], stage_visit=visit, version=int(str(case["version"])) + 1)

    def _step(self, said: Said, visit: int) -> None:
        case, facts, effects, procedure = self.case, said.facts, said.facts["effects"], self.procedure
        self.holdings.stepped(facts, said.seq, said.at, (int(str(case["stage_visit"])), visit))
        self.limits.stepped(said.seq, said.at, said.actor, facts, procedure)
        if said.event == "case:closed":
            self._close(said)
            self.holdings.ended(facts["outcome"])
            case.update(outcome=facts["outcome"], closed_on=said.on)
        elif said.event == "case:reopened":
            self.holdings.reopened(str(case["outcome"]))
            case.update(outcome=None, closed_on=None, reopened_on=said.on, episode=int(str(case["episode"])) + 1)
        case["reached_panel"] = case["reached_panel"] or reaches_the_group(procedure, facts["to"])
        case["respondents_told"] = case["respondents_told"] or known_to_respondents(procedure, facts["stage"])
        case["has_ledger"] = bool(case["has_ledger"] or effects.get("paused") or effects.get("extended"))
        case["has_holdings"] = bool(case["has_holdings"] or _holds(effects))
        case["next_due_on"] = self.limits.next_due(procedure, self.whole)

    def _close(self, said: Said) -> None:
        begun, facts = self.case["reopened_on"] or self.case["received_on"], said.facts
        if isinstance(begun, date) and "calendar_digest" in facts:
            self.endings.append(Ending(said.seq, {name: facts[name] for name in ("ended_in", "handling_days", "elapsed_days")},
                                       str(self.case["stage"]), begun, said.on, self.limits.held(self.whole, said.on),
                                       facts["calendar_digest"]))

    def _migrate(self, said: Said) -> None:
        facts, new = said.facts, self.find(said.facts["new_procedure"])
        self.limits.migrated(said.seq, said.at, said.actor, facts, self.procedure.statuses[facts["from"]], new.statuses[facts["to"]])
        self.case["procedure_digest"] = facts["new_procedure"]
        self.case["reached_panel"] = self.case["reached_panel"] or facts["stage"] == "panel"
        self.case["respondents_told"] = self.case["respondents_told"] or known_to_respondents(new, facts["stage"])
        self.case["has_ledger"] = bool(self.case["has_ledger"] or facts["opened"])

    def _revert(self, said: Said) -> None:
        self.limits.reverted(said.at, said.facts)
        self.case["procedure_digest"] = said.facts["old_procedure"]


def _holds(effects: Mapping[str, object]) -> bool:
    """Whether the case holds, from this step on, something that is read only when its row says so."""
    return not {"remedy_added", "interested", "objected", "linked", "represented", "split"}.isdisjoint(effects)
