"""What a case holds, in words for its page: remedies, linked cases, and where each allegation stands. Part of `case_page`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from breachdesk.casework.case_views import LinkView, RemedyView
from breachdesk.casework.masking import Mask
from breachdesk.casework.offering import remedy_words
from breachdesk.identity import Actor
from breachdesk.store import audit_log, reading
from breachdesk.store.holdings import remedy_rows
from breachdesk.store.session import Session
from breachdesk.store.visibility import visible_to
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.effects import LINK_KINDS, REMEDY_STATES
from breachdesk.workflow.facts import CaseFacts

_FALLS_UNDER = {True: "It falls under the Compact.", False: "It does not fall under the Compact."}
_COMES_FROM = {"successor": "Goes on from", "split": "Parted from"}


def _choice_labels(procedure: Procedure, names: set[str]) -> dict[str, str]:
    """The labels of the choices of certain questions, wherever the procedure asks them."""
    return {value: label for action in procedure.actions.values() for ask in action.asks if ask.name in names
            for value, label in ask.choices.items()}


def position_labels(procedure: Procedure) -> dict[str, str]:
    """What the positions are called that a respondent can take."""
    return _choice_labels(procedure, {one.effects.position for one in procedure.actions.values()} - {""})


def remedy_kinds(procedure: Procedure) -> dict[str, str]:
    """What the kinds of remedies are called."""
    return _choice_labels(procedure, {one.effects.adds_remedy.kind for one in procedure.actions.values() if one.effects.adds_remedy})


def standing_of(row: Any) -> str:
    """Where an allegation stands: whether it falls under the Compact, and what ended it on its own."""
    if row.ending == "split":
        return "It goes on as a case of its own."
    return _FALLS_UNDER[bool(row.admissible)] if row.admissible is not None else ""


def remedies_shown(session: Session, procedure: Procedure, facts: CaseFacts, case_id: int, today: date,
                   mask: Mask) -> tuple[RemedyView, ...]:
    """What was agreed, by whom, by when, and what became of it, with the words that were given for that."""
    if not facts.remedies:
        return ()
    words, kinds = mask.texts(remedy_words(session, case_id, procedure)), remedy_kinds(procedure)
    rows, said = remedy_rows(session, case_id), _words_by_entry(session, case_id, mask)
    owners = {party.id: party.name for party in facts.parties}
    return tuple(RemedyView(row.number, words.get(row.number, ""), kinds.get(row.kind, ""), owners.get(row.owner_id, ""), one.due_on,
                            REMEDY_STATES[row.state], "\n".join(said.get(row.settled_seq, ())), row.settled_seq or row.added_seq,
                            one.open and one.due_on is not None and one.due_on < today)
                 for row in rows if (one := facts.remedy(row.number)))


def _words_by_entry(session: Session, case_id: int, mask: Mask) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for (seq, _), words in mask.texts(audit_log.details_of(session, case_id, ("shared",))).items():
        found.setdefault(seq, []).append(words)
    return found


def links_shown(session: Session, actor: Actor, facts: CaseFacts, mask: Mask) -> tuple[LinkView, ...]:
    """The cases that belong to this one, of which the reader may know that; which of them the reader can open."""
    return tuple(LinkView(_link_title(one.kind, one.outgoing), one.reference,
                          reading.case_row(session, visible_to(actor), one.reference) is not None)
                 for one in facts.links if one.reference not in mask.cases)


def _link_title(kind: str, outgoing: bool) -> str:
    if outgoing:
        return "A part goes on as" if kind == "split" else LINK_KINDS[kind]
    return _COMES_FROM.get(kind, LINK_KINDS[kind])
