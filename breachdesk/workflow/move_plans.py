"""A plan for moving open cases from one version of a procedure to another: text → MovePlan, or every fault with its place. Pure.

`moving` says what the plan does to one case. How a plan reads: docs/workflow-files.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from breachdesk.errors import BadFile
from breachdesk.strict_yaml import Node, Reading, did_you_mean
from breachdesk.workflow.definition import LimitRule, Procedure

KEEP_DATE, KEEP_DAYS, RESTART, DROP = RULES = ("keep the date", "keep the remaining days", "restart", "drop")


@dataclass(frozen=True, slots=True)
class MovePlan:
    """How cases go over: a new status for each one that is gone, and what becomes of each limit that may run. `digest`: of the file."""

    old: Procedure
    new: Procedure
    statuses: Mapping[str, str]
    limits: Mapping[str, str]
    reason: str
    digest: str
    text: str = field(repr=False)

    def status_after(self, status: str) -> str:
        return self.statuses.get(status, status)


def read_plan(text: str, file: str, find: Callable[[str], Procedure | None]) -> MovePlan:
    """Read a plan. FIND gives the procedure that a name like “compact-dispute.v1” stands for. Raises BadFile with every fault."""
    reading = Reading(file)
    root = reading.root(text)
    top = reading.entries(root, required=("from", "to", "limits", "reason"), optional=("statuses",)) if root else {}
    old, new = (_version(reading, top.get(side), find) for side in ("from", "to"))
    reason = reading.text(top["reason"]) if "reason" in top else ""
    if root is None or old is None or new is None:
        raise BadFile(reading.faults)
    if old.digest == new.digest:
        reading.fault(top["to"], "this is the version that the cases are under already")
    plan = MovePlan(old, new, _statuses(reading, root, top, old, new), _limits(reading, root, top, old, new), reason,
                    sha256(text.encode()).hexdigest(), text)
    if reading.faults:
        raise BadFile(reading.faults)
    return plan


def _version(reading: Reading, node: Node | None, find: Callable[[str], Procedure | None]) -> Procedure | None:
    name = reading.text(node) if node else ""
    found = find(name) if name else None
    if node and name and found is None:
        reading.fault(node, f"there is no “{name}” here; a version is named like compact-dispute.v1")
    return found


def _statuses(reading: Reading, root: Node, top: Mapping[str, Node], old: Procedure, new: Procedure) -> dict[str, str]:
    node = top.get("statuses")
    given = reading.entries(node, optional=None) if node else {}
    found = {}
    for name, value in given.items():
        if name not in old.statuses:
            reading.fault(_key(node, name), f"version {old.version} has no status “{name}”{did_you_mean(name, old.statuses)}")
        target = reading.text(value, among=tuple(new.statuses))
        if target and new.statuses[target].final:
            reading.fault(value, f"“{target}” is an end: a move closes no case")
        found[name] = target
    gone = [name for name, status in old.statuses.items() if not status.final and name not in given
            and (name not in new.statuses or new.statuses[name].final)]
    for name in gone:
        reading.fault(node or root, f"say under “statuses” where cases at “{name}” go: in version {new.version} no open case can be there")
    return found


def _limits(reading: Reading, root: Node, top: Mapping[str, Node], old: Procedure, new: Procedure) -> dict[str, str]:
    node = top.get("limits")
    given = reading.entries(node, optional=None) if node else {}
    found = {}
    for name, value in given.items():
        if name not in old.limits:
            reading.fault(_key(node, name), f"version {old.version} has no limit “{name}”{did_you_mean(name, old.limits)}")
        found[name] = reading.text(value, among=RULES)
        if name in old.limits and found[name] and (why := _why_not(old.limits[name], new.limits.get(name), found[name], new.version)):
            reading.fault(value, why)
    for name in limits_to_settle(old):
        if name not in given:
            reading.fault(node or root, f"say under “limits” what becomes of “{name}”: {', '.join(RULES)}")
    return found


def limits_to_settle(old: Procedure) -> tuple[str, ...]:
    """Every limit that may run in an open case: the plan must say what becomes of each."""
    going_on = {name for name, status in old.statuses.items() if not status.final}
    return tuple(rule.name for rule in old.limits.values() if not rule.only_shown and not going_on.isdisjoint(rule.statuses))


def _why_not(old: LimitRule, new: LimitRule | None, rule: str, version: str) -> str:
    """Why a limit cannot be taken over so; "" when it can."""
    if rule == DROP:
        return ""
    if new is None or new.only_shown:
        return f"“{old.name}” does not run any more in version {version}: it can only be dropped"
    if rule == RESTART:
        return ""
    if (old.each, bool(old.due_on), old.calendar) != (new.each, bool(new.due_on), new.calendar):
        return f"“{old.name}” runs for somebody else, or is counted otherwise, in version {version}: restart or drop it"
    return ""


def _key(node: Node | None, name: str) -> Node:
    return node.keys[name] if node else Node("", 1, 1)


def example_plan(old: Procedure, new: Procedure, old_name: str, new_name: str) -> str:
    """A plan to start from: every limit keeps its date where it can, and every status that is gone stands there to be filled in."""
    lines = [f"# How open cases go from version {old.version} to version {new.version} of “{new.title}”.",
             f"from: {old_name}", f"to: {new_name}", "reason: Say here who decided it, and when."]
    gone = [name for name, status in old.statuses.items() if not status.final and (name not in new.statuses or new.statuses[name].final)]
    lines += ["# Each of these is gone: write a status of the new version behind it.", "statuses:"] if gone else []
    lines += [f"  {name}: " for name in gone]
    lines += [f"# For each limit one of: {', '.join(RULES)}. No day ever becomes an earlier one.", "limits:"]
    for name in limits_to_settle(old):
        rules = (rule for rule in RULES if not _why_not(old.limits[name], new.limits.get(name), rule, new.version))
        lines.append(f"  {name}: {next(rules)}")
    return "\n".join(lines) + "\n"
