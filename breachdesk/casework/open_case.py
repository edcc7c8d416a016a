"""THE way a case begins: the complaint is checked, decided and written in one transaction, like any other step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from breachdesk.audit.chain import GENESIS, Doer, write_entry
from breachdesk.casework.act import Done, case_roles
from breachdesk.casework.carrying_out import bound_details, known_days, next_due, step_facts
from breachdesk.casework.carrying_out_effects import changes_of, effect_facts, needs_holdings
from breachdesk.casework.desk import Desk
from breachdesk.casework.linking import link_changes, require_counter
from breachdesk.casework.masking import mask_for
from breachdesk.casework.offering import organisations_for
from breachdesk.casework.people.successors import taken_over
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotPermitted, Refused
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, may
from breachdesk.store import audit_log, opening, reading, schemes
from breachdesk.store.cases import read_case
from breachdesk.store.notices import notices_queued
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.store.timers import timer_changes
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.amounts import amount_in
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.consequences import Represented, listed_answer
from breachdesk.workflow.definition import Action, Ask
from breachdesk.workflow.engine import Decision, decide
from breachdesk.workflow.facts import Answers, CaseFacts, Organisation, Party
from breachdesk.workflow.identity_modes import OPEN, QUESTION, REPRESENTED, kept_from_others, mode_chosen, with_identity_asked
from breachdesk.workflow.wording import filled_ask

CASES_NAMED = 500
_WORDS = {"complainant": "your organisation", "respondent": "the other organisation", "reference": ""}


@dataclass(frozen=True, slots=True)
class Lodging:
    """What a complaint form needs: its action, its questions for this person, and what can be chosen; `organisations` by short name."""

    scheme: SchemeHead
    action: Action
    asks: tuple[Ask, ...]
    offered: Offered
    role: str
    today: date
    measures: Mapping[str, str]
    organisations: Mapping[str, Organisation]

    def suggested(self, answers: Mapping[str, object]) -> dict[str, object]:
        """What a commitment that was chosen requires, where it has a number in it, as the first answer to “required”."""
        chosen = answers.get("commitments")
        found = [self.measures[code] for code in (chosen if isinstance(chosen, list | tuple) else ()) if code in self.measures]
        return {"required": found[0]} if found else {}


def lodging_form(session: Session, desk: Desk, actor: Actor, scheme_slug: str) -> Lodging:
    """The complaint form for somebody. Raises NotPermitted when they can complain for nobody, Refused without wordings."""
    scheme = desk.scheme(session, scheme_slug)
    role = "coordinator" if actor.holds("coordinator", scheme.id) else "complainant"
    if not may(actor, Permission.LODGE) or (role == "complainant" and not actor.organisations):
        raise NotPermitted("A complaint is made for an organisation, and your account belongs to none. Ask the coordinator.")
    if not scheme.controller:
        raise Refused(f"{scheme.title} can take no complaint yet: nobody has said who is the data controller and so answers for what "
                      "people write here. Its coordinator names them where the scheme is set up.")
    action = desk.procedure(session, scheme.procedure_digest).opening
    asks = tuple(filled_ask(ask, _WORDS) for ask in with_identity_asked(action.asks) if ask.asked_of(frozenset({role})))
    today = local_day(desk.now(session))
    standing = organisations_for(session, action, today)
    everybody = {slug: one.name for slug, one in standing.items()}
    ours = {slug: one.name for slug, one in standing.items() if role == "coordinator" or one.id in actor.organisations}
    if role == "complainant" and not ours:
        raise Refused(*(one.said for one in taken_over(session, sorted(actor.organisations), today)))
    operated = schemes.commitments_on(session, scheme.id, None)
    commitments = {row.code: f"{row.code} {row.wording}" for row in operated}
    if not commitments:
        raise Refused(f"{scheme.title} can take no complaint yet: the wording of its Compact is not on this desk, so no commitment can be "
                      "named. Its coordinator can ask the operator to import it (breachdesk compact import).")
    # Whoever can complain for one organisation only is not offered that one as another: complained about, beside it, or acting for it.
    others = {slug: name for slug, name in everybody.items() if slug not in ours} if len(ours) == 1 else everybody
    offered = Offered(organisations=everybody, commitments=commitments,
                      by_ask={"complainant": ours, **dict.fromkeys(("respondents", "joined_by", "represented_by"), others),
                              **_other_cases(session, actor, asks)})
    return Lodging(scheme, action, asks, offered, role, today,
                   {row.code: row.measure for row in operated if row.measure}, standing)


def _other_cases(session: Session, actor: Actor, asks: Sequence[Ask]) -> dict[str, dict[str, str]]:
    """For each question that names another case, the references of those that somebody may see: the newest."""
    names = [ask.name for ask in asks if ask.type == "case"]
    seen = reading.case_rows(session, visible_to(actor), open_only=None, most=CASES_NAMED) if names else ()
    return {name: {row.reference: row.reference for row in seen} for name in names}


def open_case(desk: Desk, actor: Actor, scheme_slug: str, raw: Mapping[str, object], draft: str | None = None) -> Done:
    """Lodge a complaint. DRAFT is the saved form it comes from: sent twice, it makes one case.

    Raises NotPermitted, Invalid (by question) or Refused, and then nothing has changed.
    """
    return desk.database.transact(lambda session: open_within(session, desk, actor, scheme_slug, raw, draft))


def open_within(session: Session, desk: Desk, actor: Actor, scheme_slug: str, raw: Mapping[str, object], draft: str | None) -> Done:
    """The same, inside a transaction that the caller has begun; no decision when the draft was sent before."""
    form = lodging_form(session, desk, actor, scheme_slug)
    if draft and (known := opening.reference_of_draft(session, draft, actor.account_id)):
        return Done(known, 1, None)
    now = desk.now(session)
    answers = read_answers(form.asks, raw, form.offered, form.today)
    chosen, missing = _wordings(session, form, answers)
    parties = _parties(form, answers)
    calendar = desk.case_calendar(session, desk.calendar(session, form.scheme.calendar_id), form.scheme.procedure_digest, parties)
    facts = CaseFacts("", "", _day(answers, "received_on", form.today), 0, parties, calendar, commitments_not_operated=missing,
                      event_on=_day(answers, "event_on", form.today), calendars=desk.calendars(session, form.scheme.calendars))
    procedure = desk.procedure(session, form.scheme.procedure_digest)
    decision = decide(procedure, facts, form.action.name, answers, 0, form.today, actor)
    desk.keep_calendar(session, facts, procedure)
    reference = _write(session, form, facts, decision, answers, chosen, actor, now, next_due(procedure, decision.clocks))
    if draft:
        opening.mark_draft_sent(session, draft, reference)
    return Done(reference, 1, decision)


def _day(answers: Answers, name: str, otherwise: date) -> date:
    given = answers.get(name)
    return given if isinstance(given, date) else otherwise


def _wordings(session: Session, form: Lodging, answers: Answers) -> tuple[Sequence[Any], tuple[str, ...]]:
    """The commitments complained of, in the wording operated on the day of the event, and the codes that were not operated then."""
    codes = answers["commitments"]
    operated = {row.code: row for row in schemes.commitments_on(session, form.scheme.id, _day(answers, "event_on", form.today))}
    wanted = codes if isinstance(codes, tuple) else ()
    return [operated[code] for code in wanted if code in operated], tuple(code for code in wanted if code not in operated)


def _parties(form: Lodging, answers: Answers) -> tuple[Party, ...]:
    """The parties, numbered for now by their place; the store gives them their ids."""
    respondents = answers["respondents"]
    complaining = (str(answers["complainant"]), *listed_answer(answers.get("joined_by")))
    sides = [*(("complainant", slug) for slug in complaining), *(("respondent", slug) for slug in listed_answer(respondents))]
    if len(set(complaining)) < len(complaining):
        raise Invalid({"joined_by": "The organisation that complains is named twice. Choose only those that complain beside it."})
    if len({slug for _, slug in sides}) < len(sides):
        raise Invalid({"respondents": "The organisation that complains and the one complained about are the same. Choose the other one."})
    mode = mode_chosen(answers)
    if mode == REPRESENTED and not answers.get("represented_by"):
        raise Invalid({QUESTION: "Say above which organisation acts for you, or choose another answer: it is named in your place."})
    known = [(side, form.organisations[slug]) for side, slug in sides]
    return tuple(Party(-place, one.id, side, one.name, one.sector, identity=mode if side == "complainant" else OPEN)
                 for place, (side, one) in enumerate(known, 1))


def _measured(answers: Answers, chosen: Sequence[Any]) -> tuple[int, str, str] | None:
    """The chosen commitment that has a number in it, what it required and what happened; None when nothing is to be held against it."""
    said = {name: str(answers.get(name, "")) for name in ("required", "happened")}
    required, happened = amount_in(said["required"]), amount_in(said["happened"])
    able = sorted((row for row in chosen if row.measure), key=lambda row: row.measure != required)
    if not able or not said["happened"]:
        return None
    if not happened:
        raise Invalid({"happened": f"Commitment {able[0].code} has a number in it: {able[0].measure}. Write what happened as a number and "
                                   "a unit too, like “1 month”, or leave it open."})
    return able[0].id, required or able[0].measure, happened


def _represented(form: Lodging, answers: Answers, parties: Sequence[Party], otherwise: date) -> Represented | None:
    """Whoever acts for the lead complainant. Raises Invalid when it is one of the sides itself."""
    slug = answers.get("represented_by")
    if not isinstance(slug, str):
        return None
    acting = form.organisations[slug]
    if any(party.organisation_id == acting.id for party in parties):
        raise Invalid({"represented_by": f"{acting.name} is a side in this complaint itself. Choose another organisation, or none."})
    return Represented(parties[0].id, acting, _day(answers, "represented_since", otherwise))


def _write(session: Session, form: Lodging, facts: CaseFacts, decision: Decision, answers: Answers, chosen: Sequence[Any], actor: Actor,
           now: datetime, first_due: date | None) -> str:
    doer = Doer(actor.account_id, form.role)
    reference = opening.next_reference(session, form.scheme.id, form.scheme.reference_prefix, form.today.year)
    channel = str(answers.get("channel", "web"))
    tried = answers.get("tried") == "yes"
    case_id = opening.insert_case(
        session, scheme_id=form.scheme.id, reference=reference, procedure_digest=form.scheme.procedure_digest, title=answers["title"],
        status=decision.target, stage=decision.stage, channel=channel, received_on=facts.received_on, entered_at=now,
        event_on=facts.event_on, tried_directly=tried, next_due_on=first_due)
    parties = opening.insert_parties(session, case_id, facts.parties)
    does = replace(decision.does, represented=_represented(form, answers, parties, facts.received_on))
    decision = replace(decision, does=does)
    measured = _measured(answers, chosen)
    alleged = opening.insert_allegations(session, case_id, [party.id for party in parties if party.side == "respondent"],
                                         [row.id for row in chosen], measured)
    details = bound_details(kept_from_others(form.asks, mode_chosen(answers)), answers)
    known = replace(facts, reference=reference, parties=parties)
    entry = write_entry(case_id, 1, GENESIS, "case:opened", now, doer,
                        _opening_facts(form, known, decision, answers, alleged, channel, measured), details,
                        procedure=form.scheme.procedure_digest)
    if does.linked:
        _require_known(session, actor, does.linked.reference)
        require_counter(session, does.linked, parties)
        session.run(*link_changes(session, case_id, reference, does.linked, doer, now, f"{case_id}:1"))
    session.run(*audit_log.entry_changes(entry, details), *changes_of(case_id, does, 1, now),
                *timer_changes(case_id, 1, (), decision.clocks.started, now),
                *notices_queued(case_id, 1, decision.action.tells, 0, known_days(decision.clocks), now),
                opening.head_set(case_id, entry.seq, entry.hash, needs_holdings(does)))
    return reference


def _require_known(session: Session, actor: Actor, reference: str) -> None:
    """Raise Invalid when the actor is not told who complains in a case: by trying to answer it for one organisation after the other
    they would soon know."""
    other = read_case(session, reference=reference, to_change=False)
    if other and mask_for(session, actor, other, case_roles(actor, other)):
        raise Invalid({"counter_to": f"You are not told who complains in {reference}, so no complaint can be named an answer to it here. "
                                     "Write it in your answer to that one, or ask the coordinator."})


def _opening_facts(form: Lodging, facts: CaseFacts, decision: Decision, answers: Answers, alleged: list[list[int]],
                   channel: str, measured: tuple[int, str, str] | None) -> dict[str, object]:
    step = step_facts(decision, form.asks, answers, {})
    effects = effect_facts(decision.does) | ({"measured": list(measured)} if measured else {})
    return {**step, "effects": effects, "reference": facts.reference, "scheme": form.scheme.slug,
            "procedure": form.scheme.procedure_digest[:12], "procedure_digest": form.scheme.procedure_digest,
            "received_on": facts.received_on.isoformat(), "event_on": facts.event_on.isoformat() if facts.event_on else None,
            "channel": channel, "calendar_digest": facts.calendar.digest,
            "parties": [{"party": party.id, "organisation": party.organisation_id, "side": party.side} for party in facts.parties],
            "allegations": alleged}
