"""The page of one case as somebody sees it, as frozen values in words. Whether it exists for them, `visible_to` says."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from breachdesk.casework.act import case_roles, own_parties
from breachdesk.casework.case_views import (
    WORDS_NOT_SHOWN,
    ActionView,
    AllegationView,
    CasePage,
    NoticeView,
    PartyView,
    PersonView,
    StageView,
)
from breachdesk.casework.deadlines_shown import deadlines_of, only_shown, pauses_of, seen_plainly
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.declaring import register_of
from breachdesk.casework.desk import Desk
from breachdesk.casework.holdings_shown import links_shown, position_labels, remedies_shown, standing_of
from breachdesk.casework.masking import linked_in_secret, mask_for
from breachdesk.casework.naming import candidates_for
from breachdesk.casework.notice_texts import NOBODY_TO_TELL, NOT_THE_COORDINATORS, notice_named
from breachdesk.casework.offering import Offering, case_words, organisations_for
from breachdesk.casework.schemes_shown import EDITION_STATUS
from breachdesk.casework.timeline import Reader, stage_days, timeline_of
from breachdesk.casework.wordings_shown import allegations_against_today, editions_of
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.identity import NOBODY, THE_OPERATOR, Actor
from breachdesk.permissions import may_declare, role_used
from breachdesk.store import notices, organisations, people, reading
from breachdesk.store.audit_log import history_of
from breachdesk.store.by_post import with_paper_marked
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.store.visibility import compartments_of, parties_of, visible_to
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Action, Ask, Procedure
from breachdesk.workflow.engine import why_not
from breachdesk.workflow.facts import CaseFacts, Party
from breachdesk.workflow.identity_modes import OPEN
from breachdesk.workflow.on_behalf import SCRIBES
from breachdesk.workflow.wording import fill_known, listed, say

_OWED = {"statutory": {"statutory"}, "voluntary": {"voluntary"}, "jointly": {"statutory", "voluntary"}}


def case_page(session: Session, desk: Desk, actor: Actor, reference: str, *, asking: Collection[str] | None = None) -> CasePage:
    """One case as somebody sees it. Raises NotFound when it does not exist for them.

    ASKING: the steps whose questions are shown, with all that they can be answered with; without it those of every step.
    """
    row = reading.case_row(session, visible_to(actor), reference)
    read = read_case(session, reference=reference, to_change=False) if row else None
    if row is None or read is None:
        raise NotFound(f"There is no case {reference[:40]} that you can see.")
    require_declared(session, actor, read, case_roles(actor, read))
    return _PageMaker(session, desk, actor, row, read, asking).page()


class _PageMaker:
    """Gathers one page; it lives for one call."""

    def __init__(self, session: Session, desk: Desk, actor: Actor, row: Any, read: CaseRead, asking: Collection[str] | None) -> None:
        self.session, self.desk, self.actor, self.row, self.asking = session, desk, actor, row, asking
        self.procedure: Procedure = desk.procedure(session, row.procedure_digest)
        self.roles = case_roles(actor, read)
        mask = mask_for(session, actor, read, self.roles)
        self.mask = replace(mask, cases=linked_in_secret(session, actor, read, mask, case_roles))
        if not self.roles.isdisjoint(SCRIBES):
            read = with_paper_marked(session, read, local_day(desk.now(session)))
        self.read = read = self.mask.case(read)
        self.facts: CaseFacts = desk.facts(session, read, history=history_of(session, row.id))
        self.now = desk.now(session)
        self.today = local_day(self.now)
        self.words = {**case_words(self.facts), **self._days()}

    def _days(self) -> dict[str, str]:
        return {one.limit: said_day(one.due_on) if one.due_on else "(paused)" for one in self.facts.running}

    def page(self) -> CasePage:
        row, status = self.row, self.procedure.statuses[self.row.status]
        timeline = timeline_of(self.session, partial(self.desk.procedure, self.session), self.facts, row.id, self._reader(), self.words)
        pauses = pauses_of(self.procedure, self.facts)
        mine = bool(self.roles.intersection(status.waits_for))
        operator = self.actor == THE_OPERATOR
        return CasePage(
            row.id, row.scheme_id, self.procedure, row.reference, WORDS_NOT_SHOWN if operator else self.mask.text(row.title), row.version,
            row.status, status.title, say(status.says, self.words),
            seen_plainly(self.procedure, row.status, bool(pauses), mine),
            tuple(self.procedure.roles[role] for role in status.waits_for), mine, row.stage, self.procedure.stages[row.stage],
            row.outcome or "", self.procedure.outcomes.get(row.outcome or "", ""), row.received_on, row.event_on, row.closed_on,
            listed([one.pause.reason for one in self.facts.open_pauses]), pauses,
            only_shown(self.procedure, self.facts, self.words, self.today), self.today, self.roles, self.words["complainant"],
            self.words["respondent"], self._parties(), self._people(), self._allegations(),
            deadlines_of(self.procedure, self.facts, timeline, self.words, self.today), self._track(), timeline, self._actions(),
            self._notices() if "coordinator" in self.roles else (),
            remedies_shown(self.session, self.procedure, self.facts, row.id, self.today, self.mask),
            links_shown(self.session, self.actor, self.facts, self.mask), bool(self.mask),
            declarations=register_of(self.session, row.id), declares=may_declare(self.roles))

    def _reader(self) -> Reader:
        ours = parties_of(self.actor, self.facts.parties)
        return Reader(self.actor.account_id, compartments_of(self.roles, ours, [party.id for party in self.facts.parties]), ours, self.mask)

    def _parties(self) -> tuple[PartyView, ...]:
        """The parties, each with the name of the day of the event too. A name that is masked here says nothing of former ones."""
        then = organisations.names_on(self.session, [party.organisation_id for party in self.facts.parties], self.row.event_on)
        return tuple(replace(self._party(party), then=name if party.name == today else "") for party in self.facts.parties
                     for name, today in [then.get(party.organisation_id, ("", ""))])

    def _party(self, party: Party) -> PartyView:
        acting = people.organisations(self.session, [party.represented_by])[0][2] if party.represented_by else ""
        mine = bool({party.organisation_id, party.represented_by} & self.actor.organisations)
        joint = sum(one.side == party.side for one in self.facts.parties) > 1 and party.side == "complainant"
        return PartyView(party.id, party.side, party.name, party.sector, mine, party.lead and joint, party.left, acting,
                         party.identity != OPEN, on_paper=party.on_paper)

    def _people(self) -> tuple[PersonView, ...]:
        names = people.names_of(self.session, [one.account_id for one in self.facts.appointments])
        serving = {(one.account_id, one.role) for one in self.facts.appointments if not one.ended}
        coordinators = [one for one in people.recipients(self.session, self.row.scheme_id, self.today, roles=["coordinator"])
                        if self._coordinates(one[0])]
        return (*(PersonView("coordinator", name, False, False, email) for _, name, email in coordinators),
                *(PersonView(one.role, names.get(one.account_id, "?"), one.chair, one.ended) for one in self.facts.appointments
                  if not one.ended or (one.account_id, one.role) not in serving))

    def _coordinates(self, account_id: int) -> bool:
        """Whether somebody who holds the office is coordinator in this case too: an interest takes it away."""
        actor = people.actor_by_id(self.session, account_id, self.today)
        return actor is not None and "coordinator" in case_roles(actor, self.read)

    def _allegations(self) -> tuple[AllegationView, ...]:
        found = []
        rows, positions = reading.allegations_of(self.session, self.row.id), position_labels(self.procedure)
        otherwise = allegations_against_today(self.session, self.row.scheme_id, rows, self.today)
        editions = editions_of(self.session, self.row.scheme_id)
        for row in rows:
            warning = "" if row.sector in _OWED.get(row.owed_by, set()) else (
                f"The Compact puts this commitment on the {row.owed_by} sector; {row.name} belongs to the {row.sector} sector.")
            written = editions[row.label]
            edition = f"{row.label} of {written.dated} ({EDITION_STATUS[row.status]})"
            found.append(AllegationView(row.code, row.theme, row.section, row.wording, row.owed_by, row.name, edition, row.ending or "",
                                        warning, row.label, otherwise.get(row.code), standing_of(row),
                                        row.decided_seq or 0, positions.get(row.position or "", ""), written.numbers_are_ours))
        return tuple(found)

    def _track(self) -> tuple[StageView, ...]:
        began = stage_days(self.session, self.row.id)
        names = list(self.procedure.stages)
        here = names.index(self.row.stage)
        return tuple(StageView(name, self.procedure.stages[name],
                               "now" if place == here else "done" if name in began else "skipped" if place < here else "ahead",
                               began.get(name)) for place, name in enumerate(names))

    def _actions(self) -> tuple[ActionView, ...]:
        return tuple(self._action(action) for action in self.procedure.actions_from(self.row.status))

    def _action(self, action: Action) -> ActionView:
        role = role_used(self.roles, action, self.read.parties)
        mine = bool(role)
        able = own_parties(self.facts, action, self.actor, role) if mine and action.each else []
        waiting = [party for party in able if action.name not in party.taken]
        subject = waiting[0].id if len(waiting) == 1 else 0
        # Why they in person may not decide ("pass it on") is for those who hold an office; others only read that it is not theirs.
        asking = self.actor if mine or self.actor.roles else NOBODY
        one = subject or (able[0].id if len(able) == 1 else 0)
        reasons = (*self.mask.why_not(action), *why_not(self.procedure, self.facts, action, one, self.today, asking))
        who = tuple(self.procedure.roles[one] for one in action.by)
        if not mine:
            reasons = (f"This is for {' or '.join(who)}.", *reasons)
        asks, offered = self._questions(action, role, waiting)
        return ActionView(
            action.name, say(action.title, self.words), say(action.help, self.words), say(action.button, self.words), action.letter,
            mine and not reasons, action.by, reasons, asks, tuple(self._party(party) for party in waiting),
            tuple(fill_known(self.procedure.notices[one].subject, self.words) for one in action.tells),
            self.procedure.statuses[action.target].title if action.target else "", action.by_clock_only, action.group == "rare",
            offered, bool(action.target) and self.procedure.statuses[action.target].final)

    def _questions(self, action: Action, role: str, waiting: Sequence[Party]) -> tuple[tuple[Ask, ...], Offered]:
        """What a step asks of somebody in a role, and what can be answered."""
        if self.asking is not None and action.name not in self.asking:
            return (), Offered()
        offering = Offering(self.session, self.actor, self.row.id, self.procedure, self.today, self.mask)
        asks = offering.asks(action, self.facts, self.words, role, tuple(party.id for party in waiting))
        if not role:
            return asks, Offered()
        facts = self.facts if self.mask.why_not(action) else replace(
            self.facts, candidates=self.mask.candidates(candidates_for(self.session, self.read, action, self.now)),
            organisations=organisations_for(self.session, action, self.today))
        return asks, offering.offered(action, facts, {})

    def _notices(self) -> tuple[NoticeView, ...]:
        by_post = any(party.on_paper for party in self.read.parties)
        return tuple(NoticeView(self._subject(row), row.queued_at, row.person or "", row.sent_at,
                                "" if by_post and row.notice_trouble == NOBODY_TO_TELL else row.trouble or row.notice_trouble or "",
                                row.seq if by_post and not row.person else 0)
                     for row in notices.of_case(self.session, self.row.id) if row.name not in NOT_THE_COORDINATORS)

    def _subject(self, row: Any) -> str:
        """A message's subject with the days that held when it was queued."""
        then = {limit: said_day(date.fromisoformat(day)) for limit, day in json.loads(row.days).items()}
        notice = notice_named(self.session, self.desk, self.row.id, self.row.procedure_digest, row.name)
        return fill_known(notice.subject, {**self.words, **then}) if notice else str(row.name)
