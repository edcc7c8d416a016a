"""A coordinator reads what an anonymised summary would say was learned, words it, and says how much else it shows.

In a small area a sector, a theme and a year can be enough to know whose dispute it was, and no program sees that. Until somebody has
confirmed it, a summary leaves out what was learned and says so. It is an entry of the case's log that is no step: no side is shown it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breachdesk.audit.chain import Doer, read_body
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.cases_met import met
from breachdesk.casework.desk import Desk
from breachdesk.casework.names_known import names_somebody
from breachdesk.clock import local_day
from breachdesk.compacts.schemes import SUMMARIES
from breachdesk.errors import Invalid, NotFound, NotPermitted
from breachdesk.identity import Actor
from breachdesk.permissions import STAND_IN
from breachdesk.store import log_reading, summarising
from breachdesk.store.audit_log import salted
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session
from breachdesk.store.visibility import STEERING_GROUP
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask

EVENT = "summary:confirmed"
ALL, THEMES, YEAR = "all", "themes", "year"
SHOWS = {ALL: "Both sectors, the themes, how it ended and after how many working days",
         THEMES: "The themes and how it ended", YEAR: "The year in which it ended, and nothing else of it"}
LEARNING, WORDS = "learning", "learned_in_summary"
ASKS = (
    Ask(WORDS, "What was learned, as the summary says it", "text", required=False, seen_by=STEERING_GROUP,
        hint="Name nobody, and nothing by which people in the area would know whose dispute it is. Leave it empty to say nothing of it."),
    Ask("shows", "What else does the summary say?", "choice", choices=SHOWS,
        hint="Where few organisations could be meant, choose less."),
    Ask("read", "I have read it as somebody who knows the area would, and it does not tell whose dispute it is", "confirmation"))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a coordinator confirmed last, as the entry SEQ: the words, and how much else is shown."""

    seq: int
    words: str
    shows: str


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What a coordinator sees before confirming: what was recorded as learned, and what the form is filled with. `waits`: nobody has
    confirmed it as it stands.
    """

    reference: str
    learned: tuple[str, ...]
    filled: Mapping[str, object]
    waits: bool


def summary_of(session: Session, actor: Actor, reference: str) -> ToConfirm | None:
    """The same as `to_confirm`, or None where somebody has nothing to confirm."""
    try:
        return to_confirm(session, actor, reference)
    except (NotFound, NotPermitted):
        return None


def confirmed_in(session: Session, case_ids: Sequence[int]) -> dict[int, Confirmed]:
    """Case → what was confirmed of its summary since it ended last."""
    ended = {case_id: _seq(body) for case_id, body in log_reading.steps_of(session, case_ids, "case:closed")}
    words = {(row.subject, row.seq): row.value for row in summarising.words_called(session, case_ids, (WORDS,), (STEERING_GROUP,))}
    found = {}
    for case_id, body in log_reading.steps_of(session, case_ids, EVENT):
        content: Any = read_body(body)
        if content["seq"] > ended.get(case_id, content["seq"]):
            found[case_id] = Confirmed(content["seq"], words.get((case_id, content["seq"]), ""), content["facts"]["shows"])
    return found


def _seq(body: bytes) -> int:
    content: Any = read_body(body)
    return int(content["seq"])


def learned_in(session: Session, case_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Case → (entry, words) of what was recorded as learned, oldest first."""
    found: dict[int, list[tuple[int, str]]] = {}
    for row in summarising.words_called(session, case_ids, (LEARNING,), (STEERING_GROUP,)):
        found.setdefault(row.subject, []).append((row.seq, row.value))
    return found


def waits_to_be_confirmed(learned: Sequence[tuple[int, str]], known: Confirmed | None) -> bool:
    """Whether something was learned that nobody has confirmed for a summary."""
    return any(known is None or seq > known.seq for seq, _ in learned)


def to_confirm(session: Session, actor: Actor, reference: str) -> ToConfirm:
    """What there is to confirm. Raises NotFound where there is no summary, and NotPermitted for all but a coordinator of the case."""
    case, _ = _met(session, actor, reference, to_change=False)
    known = confirmed_in(session, [case.head.id]).get(case.head.id)
    learned = learned_in(session, [case.head.id]).get(case.head.id, [])
    filled = {WORDS: known.words if known else "\n".join(words for _, words in learned), "shows": known.shows if known else ""}
    return ToConfirm(case.head.reference, tuple(words for _, words in learned), filled, waits_to_be_confirmed(learned, known) or not known)


def _in_summary(case: CaseRead) -> bool:
    return case.head.reviews == SUMMARIES and case.head.reached_panel and case.head.closed_on is not None


def confirm_summary(session: Session, desk: Desk, actor: Actor, reference: str, raw: Mapping[str, object]) -> None:
    """Confirm what the summary of a case says. Raises NotFound, NotPermitted, or Invalid by field, also for words that name somebody."""
    case, role = _met(session, actor, reference, to_change=True)
    now = desk.now(session)
    answers = read_answers(ASKS, raw, Offered(), local_day(now))
    words = str(answers.get(WORDS, "")).strip()
    if names_somebody(session, words):
        raise Invalid({WORDS: "The text names somebody whom the desk knows, or a case. Word it so that it names nobody"})
    details = [salted(WORDS, STEERING_GROUP, words)] if words else []
    note_in_case(session, case, EVENT, Doer(actor.account_id, role), {"shows": answers["shows"]}, now, details)


def _met(session: Session, actor: Actor, reference: str, *, to_change: bool) -> tuple[CaseRead, str]:
    """The case, and the role in which the actor coordinates it."""
    case, roles = met(session, actor, reference, to_change=to_change)
    if "coordinator" not in roles:
        raise NotPermitted("What a summary says is confirmed by the coordinator.")
    if not _in_summary(case):
        raise NotFound(f"No steering group meets {case.head.reference} in a summary: only disputes that reached the panel and have ended, "
                       "in a scheme that has narrowed reviews to summaries.")
    return case, STAND_IN if STAND_IN in roles else "coordinator"
