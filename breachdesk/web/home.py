"""What is waiting for somebody, led by the next deadline: the page after signing in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template

from breachdesk.casework.calendars_held import closed_days_count
from breachdesk.casework.case_lists import CaseLine, list_cases
from breachdesk.casework.drafts import drafts_waiting
from breachdesk.casework.health import health_of, needs_of
from breachdesk.casework.letters import to_be_posted
from breachdesk.casework.log.record_state import state_of_record
from breachdesk.casework.new_interests import newly_bound
from breachdesk.casework.passing_on import left_to_pass, not_passed_on
from breachdesk.casework.people.absences import can_be_away, covers_shown
from breachdesk.casework.people.successors import taken_over
from breachdesk.casework.scheme_checklist import set_up_by, unfinished
from breachdesk.clock import local_day
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.identity import Actor
from breachdesk.permissions import Permission
from breachdesk.store import people
from breachdesk.store.schemes import all_schemes

pages = Blueprint("home", __name__)
# Open cases looked at, by what is due next, and how many of them a list shows before it leads to all cases.
LOOKED_AT, SHOWN, CLOSED_SHOWN = 200, 25, 5
# Of how many of them, by what is due next, it is asked who has an interest in them by now.
LOOKED_AT_CLOSELY = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """A coordinator's first look: what is late, due today, due in the next seven days. `more`: not all open cases were counted."""

    late: int
    today: int
    week: int
    more: bool


@pages.get("/home")
@needs(Permission.USE_HOME)
def page() -> str:
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        lines, further = list_cases(session, desk, actor, open_only=True, most=LOOKED_AT)
        closed, _ = list_cases(session, desk, actor, open_only=False, most=CLOSED_SHOWN)
        to_declare = [line for line in lines if line.undeclared]
        mine = [line for line in lines if line.mine and not line.undeclared]
        drafts = drafts_waiting(session, actor)
        covers = covers_shown(session, desk, actor.account_id)
        counted = _holds(actor, "coordinator")
        health = health_of(session, desk) if _holds(actor, "operator") else None
        behind, notes = needs_of(session, desk, actor) if counted else ("", ())
        record = state_of_record(session, desk).line if counted else ""
        today = local_day(desk.now(session))
        setting_up, schemes = unfinished(session, desk, actor), set_up_by(session, actor)
        letters = to_be_posted(session, desk, actor) if _holds(actor, "coordinator") or _holds(actor, "stand_in") else []
        over = taken_over(session, actor.organisations, today)
        ours = people.organisations(session, sorted(actor.organisations), standing_on=today) if actor.organisations else []
        closing = ours if ours and any(closed_days_count(session, desk, one) for one in all_schemes(session)) else []
        to_pass = left_to_pass(session, actor, today)
        bound = newly_bound(session, desk, [line.reference for line in lines[:LOOKED_AT_CLOSELY]]) if counted else []
        not_passed = [one for one in not_passed_on(session, desk) if one.reference in {line.reference for line in lines}] if counted else []
    others = [line for line in lines if not line.mine and not line.undeclared]
    counts = _count(lines, today, more=further is not None) if counted else None
    return render_template("home/page.html", mine=_late_first(mine)[:SHOWN], others=others[:SHOWN], to_declare=to_declare[:SHOWN],
                           closed=closed, drafts=drafts,
                           counts=counts, health=health, reviews=_holds(actor, "steering_group"), setting_up=setting_up, schemes=schemes,
                           behind=behind, notes=notes, over=over, closing=closing, to_pass=to_pass, not_passed=not_passed, bound=bound,
                           record=record,
                           letters=letters, covers=covers, can_be_away=can_be_away(actor), truncated=max(len(mine), len(others)) > SHOWN)


def _late_first(lines: Sequence[CaseLine]) -> list[CaseLine]:
    """Late ones first, then by the next deadline; those for which no limit runs come last."""
    return sorted(lines, key=lambda line: (not line.late, line.next_due_on or date.max))


def _count(lines: Sequence[CaseLine], today: date, *, more: bool) -> Counts:
    """How many cases have something late, due today, or due in the seven days after."""
    late = sum(line.late for line in lines)
    due = [line.next_due_on for line in lines if line.next_due_on and line.next_due_on >= today]
    return Counts(late, sum(day == today for day in due), sum(today < day <= today + timedelta(days=7) for day in due), more)


def _holds(actor: Actor, role: str) -> bool:
    return any(held == role for _, held in actor.roles)
