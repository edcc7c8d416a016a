"""What a decision does to people, allegations, remedies and other cases → rows, and facts for the log. Part of `carrying_out`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from breachdesk.clock import local_day
from breachdesk.store import holdings
from breachdesk.store.declarations import TOLD, declared
from breachdesk.store.prepared import Change
from breachdesk.workflow.clocks import Started
from breachdesk.workflow.consequences import NONE, Consequences
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Answers, Appointment, Remedy


def needs_holdings(does: Consequences) -> bool:
    """Whether the case holds, from now on, something that is read only when its row says so."""
    return bool(does.added or does.interested or does.objected or does.linked or does.represented or does.split)


def changes_of(case_id: int, does: Consequences, seq: int, now: datetime) -> list[Change]:
    """The rows that a step's consequences write; SEQ is the entry that says so."""
    if does == NONE:
        return []
    changes = [holdings.decided(allegation, admitted, seq) for allegation, admitted in does.decided]
    changes += [holdings.position_taken(allegation, position) for allegation, position in does.positions]
    changes += [holdings.parted(allegation) for allegation in does.split]
    if does.added:
        changes.append(holdings.remedy_added(case_id, does.added, seq))
    if does.settled:
        changes.append(holdings.remedy_settled(case_id, does.settled, seq))
    if does.interested:
        changes.append(holdings.excluded(case_id, does.interested, seq, holdings.DECLARED))
    changes += [holdings.excluded(case_id, account, seq, holdings.OBJECTION) for account in does.objected]
    if does.represented:
        one = does.represented
        changes += holdings.represented(case_id, one.party, one.organisation.id, one.since, now)
    if does.succeeded:
        changes += holdings.succeeded(does.succeeded.party, does.succeeded.organisation.id, does.succeeded.since or local_day(now))
    if does.left:
        changes.append(holdings.left(does.left, local_day(now)))
    return changes


def declared_when_named(case_id: int, does: Consequences, asks: Sequence[Ask], answers: Answers, seq: int, day: date) -> list[Change]:
    """The declarations of those who are named in a step that asks for a confirmation: they have told whoever names them of no interest."""
    confirmed = does.appointed and any(ask.type == "confirmation" and answers.get(ask.name) for ask in asks)
    return [declared(case_id, one.account_id, day, TOLD, seq) for one in does.appointed] if confirmed else []


def effect_facts(does: Consequences, part: str = "") -> dict[str, object]:
    """The consequences as the log keeps them, by name, only those that there are: what the year's figures are made of.

    PART is the reference of the case that some allegations went to.
    """
    if does == NONE:
        return {}
    told: dict[str, object] = {
        "appointed": [_appointment(one) for one in does.appointed], "released": [_appointment(one) for one in does.released],
        "interested": does.interested, "objected": list(does.objected),
        "decided": [list(one) for one in does.decided], "positions": [list(one) for one in does.positions],
        "remedy_added": _remedy(does.added) if does.added else None, "remedy_settled": _remedy(does.settled) if does.settled else None,
        "linked": [does.linked.reference, does.linked.kind] if does.linked else None, "split": list(does.split), "part": part,
        "left": does.left,
        "represented": [does.represented.party, does.represented.organisation.id, _text(does.represented.since)]
        if does.represented else None,
        "succeeded": [does.succeeded.party, does.succeeded.organisation.id] if does.succeeded else None}
    return {name: fact for name, fact in told.items() if fact}


def _appointment(one: Appointment) -> dict[str, object]:
    return {"account": one.account_id, "role": one.role, "chair": one.chair}


def _remedy(one: Remedy) -> dict[str, object]:
    return {"remedy": one.number, "kind": one.kind, "owner": one.owner, "due_on": _text(one.due_on), "state": one.state}


def limits_told(started: Iterable[Started]) -> list[dict[str, object]]:
    """The limits that began, as the log keeps them: everything that the rows of their timers can be made from again. A calendar is that
    of the limits after it, too, until another is named."""
    told, calendar = list[dict[str, object]](), ""
    for one in started:
        begun: dict[str, object] = {"limit": one.limit, "party": one.subject, "due_on": _text(one.due_on), "from": _text(one.started_on)}
        if one.counted_in != calendar:
            begun["calendar"] = calendar = one.counted_in
        if one.lasts:
            begun["lasts"] = str(one.lasts)
        if one.rungs:
            begun["reminders"] = [[offset, day.isoformat()] for offset, day in one.rungs]
        told.append(begun)
    return told


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
