"""The log of one case under a small procedure, entry by entry and written by hand: for tests of what is made of entries alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.replaying import Said

_SOUND = (Path(__file__).parent / "workflow" / "broken" / "sound.yaml").read_text("utf-8")
_MORE_ACTIONS = """\
actions:
  object: {title: Object, from: helping, to if: {naming: a-remedy-is-open}, each: party, by: [complainant, respondent]}
  reopen: {title: It goes on, from: closed, to: helping, by: [coordinator], stops: {as: reopening, limits: [whole], because: another try}}
"""
_MORE_LIMITS = """\
limits:
  objection: {title: Objections, while: [helping], lasts: 3 working days, source: These tests, met by: [object], window: true}
"""
PROCEDURE = load_procedure(_SOUND.replace("\nactions:\n", f"\n{_MORE_ACTIONS}").replace("\nlimits:\n", f"\n{_MORE_LIMITS}"), "one.yaml")
NEXT = load_procedure(_SOUND.replace('version: "1"', 'version: "2"').replace("answering", "asked"), "two.yaml")
VERSIONS = {one.digest: one for one in (PROCEDURE, NEXT)}


def said(seq: int, event: str, day: str, role: str, facts: dict[str, Any], actor: int = 7) -> Said:
    """An entry of that day, at noon."""
    return Said(seq, event, datetime.fromisoformat(f"2026-{day}T12:00:00").replace(tzinfo=UTC), actor, facts, f"hash {seq}", role)


def step(action: str, source: str, target: str, party: int = 0, *, started: Any = (), ended: Any = (), effects: Any = None,
         stage: str = "", **more: Any) -> dict[str, Any]:
    """What an entry says of a step."""
    stage = stage or PROCEDURE.statuses[target].stage
    return {"action": action, "from": source, "to": target, "stage": stage, "party": party, "answers": {},
            "limits": {"started": list(started), "ended": list(ended)}, "effects": effects or {}, **more}


def begun(limit: str, due: str | None, party: int = 0, **more: Any) -> dict[str, Any]:
    return {"limit": limit, "party": party, "due_on": due and f"2026-{due}", **more}


def over(limit: str, due: str | None, ending: str, party: int = 0) -> dict[str, Any]:
    return {"limit": limit, "party": party, "due_on": due and f"2026-{due}", "ending": ending}


OPENING = step(
    "lodge", "", "received", reference="DD-2026-0001", scheme="derby", procedure_digest=PROCEDURE.digest, channel="web",
    received_on="2026-03-02", event_on="2026-02-20", allegations=[[2, 101, 1], [2, 102, 2]],
    parties=[{"party": 1, "organisation": 11, "side": "complainant"}, {"party": 2, "organisation": 12, "side": "respondent"}],
    started=[begun("forward", "03-09", **{"from": "2026-03-02", "calendar": "c1", "reminders": [[-1, "2026-03-06"]]}),
             begun("whole", "06-02", **{"from": "2026-03-02"})])
CLOSING = {"outcome": "settled", "ended_in": "open", "handling_days": 20, "elapsed_days": 25, "calendar_digest": "c1"}
ROAD = (
    said(1, "case:opened", "03-02", "complainant", OPENING),
    said(2, "case:acted", "03-03", "coordinator", step(
        "forward", "received", "answering", started=[begun("respond", "03-17", 2)], ended=[over("forward", "03-09", "moot")])),
    said(3, "limit:reminded", "03-13", "clock", {"limit": "respond", "party": 2, "rung": -2, "due_on": "2026-03-17"}),
    said(4, "case:acted", "03-16", "stand_in", step(
        "more_time", "answering", "answering", 2, started=[begun("respond", "03-24", 2)], ended=[over("respond", "03-17", "replaced", 2)],
        effects={"extended": ["respond", 2, 5]})),
    said(5, "limit:ran_out", "03-25", "clock", {
        "limit": "respond", "party": 2, "due_on": "2026-03-24", "then": "second_notice_by_clock", "refused": ""}),
    said(6, "case:acted", "03-25", "clock", step(
        "second_notice_by_clock", "answering", "naming", 2, started=[begun("name_friend", "04-01"), begun("whole", None)],
        ended=[over("respond", "03-24", "moot", 2), over("whole", "06-02", "replaced")],
        effects={"paused": [{"pause": "naming", "limits": ["whole"], "review_on": None}]})),
    said(7, "case:acted", "03-27", "coordinator", step(
        "name_critical_friend", "naming", "helping", started=[begun("help", "04-24"), begun("objection", "04-01"), begun("whole", "06-04")],
        ended=[over("name_friend", "04-01", "moot"), over("whole", None, "replaced")],
        effects={"appointed": [{"account": 31, "role": "critical_friend", "chair": False}], "resumed": ["naming"]}), actor=8),
    said(8, "limit:ran_out", "04-02", "clock", {"limit": "objection", "party": 0, "due_on": "2026-04-01", "then": "", "refused": ""}),
    said(9, "case:closed", "04-07", "critical_friend", step(
        "settle", "helping", "closed", ended=[over("help", "04-24", "moot"), over("whole", "06-04", "moot")], **CLOSING)),
    said(10, "case:reopened", "04-20", "coordinator", step(
        "reopen", "closed", "helping", started=[begun("help", "05-18"), begun("whole", None)],
        effects={"paused": [{"pause": "reopening", "limits": ["whole"], "review_on": None}]}, episode=2)),
)


def road(upto: int = len(ROAD), **changes: Any) -> list[Said]:
    """The entries up to one, which is changed: its own fields, and any others are facts."""
    *before, last = ROAD[:upto]
    own = {name: changes.pop(name) for name in ("event", "role", "procedure", "at") if name in changes}
    return [*before, replace(last, facts={**last.facts, **changes}, **own)]
