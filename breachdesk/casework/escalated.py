"""Disputes that reached the panel, as the steering group reviews them: shared words only, and never one of a member's own organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.case_lists import CaseLine, list_cases, mask_of
from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import CasePage, StepView
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import NO_MASK
from breachdesk.compacts.schemes import PAPERS
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.store import log_reading, schemes, summarising
from breachdesk.store import reading as rows
from breachdesk.store.session import Session
from breachdesk.store.visibility import SHARED, STEERING_GROUP

REVIEW, STATEMENT = "record_review", "propose"
# What the group records of a dispute: its reviews, and how it answered a side that asked how the case was handled.
RECORDED = (REVIEW, "end_review", "uphold_review")
_PROCESS = {("end_review", "proper"): "Handled properly", ("end_review", "faulty"): "Something went wrong; going back would not help",
            ("uphold_review", None): "Sent back: something went wrong that can be put right"}
_WORDS = {"observations": "Observed", "learning": "Learned", "recommendations": "Recommended", "reasons": "Reasons"}
ROLE = "steering_group"
MOST = 100


@dataclass(frozen=True, slots=True)
class Escalated:
    """A dispute in the queue, whether somebody has recorded a review of it, and what was recorded: (what it is, words), oldest first."""

    line: CaseLine
    reviewed: bool
    recorded: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A dispute as a member of the steering group reads it: its page, its story, what the panel said, earlier reviews."""

    page: CasePage
    story: tuple[StepView, ...]
    statement: StepView | None
    reviews: tuple[StepView, ...]


def escalated_cases(session: Session, desk: Desk, actor: Actor,
                    after: rows.Place | None = None) -> tuple[list[Escalated], rows.Place | None]:
    """The newest disputes that reached the panel, those without a review first, and where the next page begins."""
    reviewer = _as_reviewer(actor)
    lines, further = list_cases(session, desk, reviewer, escalated=True, after=after, most=MOST)
    heads = log_reading.heads_of(session, [line.reference for line in lines])
    ids = [head.id for head in heads.values()]
    ours = {one.case_id for one in rows.parties_of(session, ids) if one.organisation_id in actor.organisations}
    on_papers = {one.id for one in schemes.all_schemes(session) if reviewer.holds(ROLE, one.id) and one.reviews == PAPERS}
    done, recorded = _recorded(session, ids)
    found = [Escalated(line, head.id in done, _readable(session, reviewer, line, recorded.get(head.id, ()))) for line in lines
             if (head := heads[line.reference]).id not in ours and head.scheme_id in on_papers]
    return sorted(found, key=lambda one: one.reviewed), further


def _readable(session: Session, actor: Actor, line: CaseLine, recorded: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What was recorded of a dispute, as its other words are read: nothing before an interest is declared or denied, no name kept back."""
    mask = mask_of(session, actor, line.reference) if line.unnamed else NO_MASK
    return tuple((what, mask.text(words)) for what, words in recorded if not line.undeclared)


def _recorded(session: Session, case_ids: list[int]) -> tuple[set[int], dict[int, list[tuple[str, str]]]]:
    """The cases of which somebody has recorded a review, and what reviews and process reviews came to in each."""
    words: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for row in summarising.words_called(session, case_ids, tuple(_WORDS), (SHARED, STEERING_GROUP)):
        words.setdefault((row.subject, row.seq), []).append((_WORDS[row.name], row.value))
    reviewed: set[int] = set()
    found: dict[int, list[tuple[str, str]]] = {}
    for event in ("case:acted", "case:reopened"):
        for case_id, body in log_reading.steps_of(session, case_ids, event):
            content: Any = read_body(body)
            if (action := content["facts"]["action"]) == REVIEW:
                reviewed.add(case_id)
            if action in RECORDED:
                said = _PROCESS.get((action, content["facts"]["answers"].get("result")))
                found.setdefault(case_id, []).extend([("Process review", said)] if said else [])
                found[case_id] += words.get((case_id, content["seq"]), ())
    return reviewed, found


def review_of(session: Session, desk: Desk, actor: Actor, reference: str) -> Review:
    """One dispute for review. Raises NotFound also for one of the reader's own organisation: the interest beats the role."""
    page = case_page(session, desk, _as_reviewer(actor), reference, asking=())
    if ROLE not in page.roles:
        raise NotFound(f"There is no dispute {reference[:40]} for you to review. "
                       "Those of your own organisation are left to the other members.")
    reviews = tuple(step for step in page.timeline if step.action in RECORDED)
    return Review(page, _story(page), next((step for step in page.timeline if step.action == STATEMENT), None), reviews)


def _story(page: CasePage) -> tuple[StepView, ...]:
    """What was done, oldest first. Reminders are left out, and so is a limit that ran out when the clock's step says as much."""
    told, after = [], None
    for step in page.timeline:
        ran_out = step.event == "limit:ran_out" and not (after and after.action and after.role == step.role)
        if step.action not in ("", *RECORDED) or ran_out:
            told.append(step)
        after = step
    return tuple(reversed(told))


def _as_reviewer(actor: Actor) -> Actor:
    """The same person in no role but this one, so that a coordinator who also reviews takes no coordinator's words to the meeting."""
    return replace(actor, roles=frozenset(one for one in actor.roles if one[1] == ROLE))
