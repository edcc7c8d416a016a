"""Did a case go as its procedure says? Its entries, one by one, against the version that it stood under at each. Pure.

What an entry says was done is compared with what the file allows there: from where, to where, by whom, for whom, with which limits and
effects. Guards are not asked again: they look at what the desk knew on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Action, Procedure
from breachdesk.workflow.engine import ENDED
from breachdesk.workflow.machine import move
from breachdesk.workflow.on_behalf import SCRIBES, is_a_sides
from breachdesk.workflow.replaying import STEPS, Said
from breachdesk.workflow.splitting import start_of_stage

# The role in which somebody from outside acts for a side, as the log has it.
REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something in an entry that the procedure does not allow, and what it would have allowed."""

    seq: int
    says: str
    allowed: tuple[str, ...] = ()


@dataclass(slots=True)
class Conformance:
    """One case on its way through its procedure. `find` knows procedures by digest; `entries` counts those that it has a say in."""

    find: Callable[[str], Procedure]
    entries: int = 0
    deviations: list[Deviation] = field(default_factory=list)
    _procedure: Procedure | None = None
    _status: str = ""
    _sides: dict[int, str] = field(default_factory=dict)
    _running: dict[tuple[str, int], str | None] = field(default_factory=dict)
    _next: str = ""

    def take(self, said: Said) -> None:
        """The next entry."""
        if not said.event.startswith(("case:", "limit:")):
            return
        self.entries += 1
        self.deviations += [Deviation(said.seq, *one) for one in self._deviations(said)]
        if said.event.startswith("case:"):
            self._follow(said)

    @property
    def deviating(self) -> int:
        """How many entries deviate."""
        return len({one.seq for one in self.deviations})

    def _deviations(self, said: Said) -> Iterator[tuple[str, tuple[str, ...]]]:
        if said.event == "case:opened":
            yield from self._opening(said)
        elif self._procedure is None:
            yield "there is no case yet: it begins with the complaint", ()
        else:
            if self._procedure.digest != (said.procedure or self._procedure.digest):
                yield "it was written under another version than the one that the case stood under", (self._procedure.digest,)
            yield from self._within(self._procedure, said)

    def _within(self, procedure: Procedure, said: Said) -> Iterator[tuple[str, tuple[str, ...]]]:
        waited, self._next = self._next, ""
        taken = said.facts["action"] if said.event in STEPS and said.role == CLOCK else ""
        if waited != taken:
            yield (f"the clock did “{taken or 'nothing'}” when a limit had run out that leads to “{waited or 'nothing'}”",
                   (waited,) if waited else ())
        if said.event.startswith("limit:"):
            yield from self._clock(procedure, said)
            return
        if said.facts["from"] != self._status:
            yield f"it begins at “{said.facts['from']}”, and the case was at “{self._status}”", (self._status,)
        if said.event in STEPS:
            yield from self._step(procedure, said)
        elif said.event == "case:migrated":
            yield from _version(procedure, self.find(said.facts["new_procedure"]), said.facts["old_procedure"], said)
        elif said.event == "case:migration_reverted":
            yield from _version(procedure, self.find(said.facts["old_procedure"]), said.facts["new_procedure"], said)
        elif said.facts["to"] != self._status:
            yield f"it moves the case to “{said.facts['to']}”, and only a step does that", (self._status,)

    def _opening(self, said: Said) -> Iterator[tuple[str, tuple[str, ...]]]:
        if self._procedure is not None:
            yield "the case has begun already", _names(self._procedure.actions_from(self._status))
            return
        facts, procedure = said.facts, self.find(said.facts["procedure_digest"])
        if "carried" in facts["effects"]:
            begins = start_of_stage(procedure, facts["to"])
            if facts["to"] != begins:
                yield f"a part of another case begins at “{facts['to']}”", (begins,)
            return
        opening = procedure.opening
        if (facts["action"], facts["from"], facts["to"]) != (opening.name, "", opening.opens):
            yield f"the case begins with “{facts['action']}” at “{facts['to']}”", (f"{opening.name}: {opening.opens}",)
        if not _may(opening, said.role):
            yield f"“{opening.name}” was done by “{said.role}”", opening.by
        yield from _stage(procedure, facts)
        yield from _limits(procedure, None, facts)

    def _step(self, procedure: Procedure, said: Said) -> Iterator[tuple[str, tuple[str, ...]]]:
        facts, status = said.facts, said.facts["from"]
        action = procedure.actions.get(facts["action"])
        if action is None or status not in action.sources:
            yield f"“{facts['action']}” cannot be done at “{status}”", _names(procedure.actions_from(status))
            return
        if facts["to"] not in (targets := _targets(procedure, status, action)):
            yield f"“{action.name}” leads from “{status}” to “{facts['to']}”", targets
            return
        if not _may(action, said.role):
            yield f"“{action.name}” was done by “{said.role}”", action.by
        if (side := self._sides.get(facts["party"], "")) not in _sides_of(action):
            yield f"“{action.name}” was done for {f'a {side}' if side else 'nobody'}", _sides_of(action)
        yield from _stage(procedure, facts)
        yield from _turning(procedure, said, action)
        yield from _limits(procedure, action, facts)
        yield from _effects(procedure, action, facts)
        for one in facts["limits"]["ended"]:
            if one["ending"] != "kept" and (one["limit"], one["party"]) not in self._running:
                yield f"the limit “{one['limit']}” ended, and did not run", _running(self._running)

    def _clock(self, procedure: Procedure, said: Said) -> Iterator[tuple[str, tuple[str, ...]]]:
        facts, key = said.facts, (said.facts["limit"], said.facts["party"])
        rule = procedure.limits.get(facts["limit"])
        if rule is None or key not in self._running or self._running[key] != facts["due_on"]:
            yield f"the limit “{facts['limit']}” does not run with this day", _running(self._running)
        elif said.event == "limit:reminded":
            if facts["rung"] not in (rungs := tuple(one.offset for one in rule.rungs)):
                yield f"“{rule.name}” has no reminder {facts['rung']:+d}", tuple(f"{one:+d}" for one in rungs)
        else:
            self._next = facts["then"]
            if facts["then"] and facts["then"] not in rule.then:
                yield f"the end of “{rule.name}” leads to “{facts['then']}”", rule.then
            if facts["due_on"] and date.fromisoformat(facts["due_on"]) >= said.on:
                yield f"“{rule.name}” ran out before its last day was over", (facts["due_on"],)
            if rule.window:
                self._running.pop(key)

    def _follow(self, said: Said) -> None:
        """Go where the entry says that the case went."""
        facts = said.facts
        digest = {"case:opened": "procedure_digest", "case:migrated": "new_procedure",
                  "case:migration_reverted": "old_procedure"}.get(said.event)
        self._procedure = self.find(facts[digest]) if digest else self._procedure
        self._status = facts["to"]
        for one in facts.get("parties", ()):
            self._sides[one["party"]] = one["side"]
        for one in facts["limits"]["ended"]:
            self._running.pop((one["limit"], one["party"]), None)
        for one in facts["limits"]["started"]:
            self._running[one["limit"], one["party"]] = one["due_on"]


def _names(actions: tuple[Action, ...]) -> tuple[str, ...]:
    return tuple(action.name for action in actions)


def _running(running: Mapping[tuple[str, int], str | None]) -> tuple[str, ...]:
    return tuple(f"{limit}, due {due or 'on no day: it stands still'}" for (limit, _), due in running.items())


def _targets(procedure: Procedure, status: str, action: Action) -> tuple[str, ...]:
    found = (move(procedure, status, action.name, settled=settled, turn=turn) for settled in (True, False)
             for turn in ("", *(target for target, _ in action.target_if)))
    return tuple(dict.fromkeys(one for one in found if one))


def _may(action: Action, role: str) -> bool:
    """Whether the log's role may take the action: in its own name, as a stand-in, as a side's representative, or entering it for a side."""
    as_coordinator = role in SCRIBES and ("coordinator" in action.by or is_a_sides(action))
    return role in action.by or as_coordinator or (role == REPRESENTATIVE and is_a_sides(action))


def _sides_of(action: Action) -> tuple[str, ...]:
    return PARTY_SIDES if action.each == "party" else (action.each,)


def _version(procedure: Procedure, after: Procedure, said_before: str, said: Said) -> Iterator[tuple[str, tuple[str, ...]]]:
    if said_before != procedure.digest:
        yield "it leaves another version than the one that the case stood under", (procedure.digest,)
    if said.facts["to"] not in after.statuses:
        yield f"the version that the case came to has no status “{said.facts['to']}”", tuple(after.statuses)
    else:
        yield from _stage(after, said.facts)


def _stage(procedure: Procedure, facts: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    status = procedure.statuses.get(facts["to"])
    if status and status.stage != facts["stage"]:
        yield f"“{facts['to']}” is said to be in the stage “{facts['stage']}”", (status.stage,)


def _turning(procedure: Procedure, said: Said, action: Action) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Whether the entry says that the case ended or went on again where it did, and as the procedure has it."""
    before, after = procedure.statuses[said.facts["from"]].stage, said.facts["stage"]
    event = "case:closed" if after == ENDED != before else "case:reopened" if before == ENDED != after else "case:acted"
    if said.event != event:
        yield f"it is filed as “{said.event}”", (event,)
    elif event == "case:closed" and said.facts["outcome"] != action.outcome:
        yield f"the case ends as “{said.facts['outcome']}”", (action.outcome,)


def _limits(procedure: Procedure, action: Action | None, facts: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in facts["limits"]["started"]:
        rule = procedure.limits.get(one["limit"])
        if rule is None or facts["to"] not in rule.statuses:
            yield (f"the limit “{one['limit']}” began at “{facts['to']}”",
                   tuple(name for name, known in procedure.limits.items() if facts["to"] in known.statuses))
    for one in facts["limits"]["ended"]:
        rule = procedure.limits.get(one["limit"])
        if rule and action and one["ending"] in ("met", "late", "kept") and action.name not in rule.met_by:
            yield f"“{action.name}” met the limit “{rule.name}”", rule.met_by


def _effects(procedure: Procedure, action: Action, facts: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Effects that the file does not give to the action."""
    can, statuses = action.effects, (procedure.statuses[facts["from"]], procedure.statuses[facts["to"]])
    pauses = bool(action.stops or action.resumes or any(one.stops for one in statuses) or facts["stage"] == ENDED)
    allowed = {"appointed": can.appoints, "released": can.releases or can.appoints, "interested": can.declares_interest,
               "objected": can.releases, "decided": can.decides, "positions": can.position, "remedy_added": can.adds_remedy,
               "remedy_settled": can.settles_remedy, "linked": can.links, "split": can.splits, "part": can.splits, "left": can.leaves,
               "represented": can.represents, "succeeded": can.succeeded_by, "paused": pauses, "resumed": pauses,
               "extended": action.extends}
    for name in facts["effects"]:
        if not allowed.get(name):
            yield (f"“{action.name}” had an effect that the procedure does not give it: {name}",
                   tuple(one for one, given in allowed.items() if given))
