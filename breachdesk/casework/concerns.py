"""The concern log: a commitment that may not have been kept, and the advice that was given, without a dispute. Never counted as a case.

The coordinator sees those of the scheme, everybody else only what they noted themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from breachdesk.audit.chain import Doer
from breachdesk.casework.act import case_roles
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, NotPermitted
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, require
from breachdesk.store import audit_log, people, schemes
from breachdesk.store import concerns as rows
from breachdesk.store.audit_log import salted
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask

ASKS = (
    Ask("what", "What is the concern?", "text", hint="In your own words. Nobody is told, and no limit begins.", seen_by="coordinator"),
    Ask("about", "Which organisation is it about?", "organisation", required=False),
    Ask("commitment", "Which commitment may not have been kept?", "choice", required=False),
    Ask("advice", "What advice was given?", "text", required=False, seen_by="coordinator",
        hint="If you have asked somebody about it, or somebody has asked you."))


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """A concern as somebody sees it who may: what, about whom, and the case that came of it."""

    number: int
    noted_on: date
    by: str
    scheme: str
    about: str
    commitment: str
    what: str
    advice: str
    reference: str


def concern_form(session: Session, desk: Desk, scheme_slug: str) -> Offered:
    """What the questions about a concern can be answered with."""
    scheme = desk.scheme(session, scheme_slug)
    commitments = {row.code: f"{row.code} {row.wording[:80]}" for row in schemes.commitments_on(session, scheme.id, None)}
    standing = people.organisations(session, standing_on=local_day(desk.now(session)))
    return Offered(organisations={slug: name for _, slug, name, _ in standing}, by_ask={"commitment": commitments})


def note_concern(desk: Desk, actor: Actor, scheme_slug: str, raw: Mapping[str, object]) -> int:
    """Note a concern; its number. Raises NotPermitted, NotFound for the scheme, or Invalid."""
    require(actor, Permission.NOTE_CONCERNS)
    return desk.database.transact(lambda session: _note(session, desk, actor, scheme_slug, raw))


def _note(session: Session, desk: Desk, actor: Actor, scheme_slug: str, raw: Mapping[str, object]) -> int:
    scheme, now = desk.scheme(session, scheme_slug), desk.now(session)
    answers = read_answers(ASKS, raw, concern_form(session, desk, scheme_slug), local_day(now))
    about = {slug: number for number, slug, _, _ in people.organisations(session)}.get(str(answers.get("about", "")))
    codes = {row.code: row.id for row in schemes.commitments_on(session, scheme.id, None)}
    commitment = codes.get(str(answers.get("commitment", "")))
    words = [salted(ask.name, ask.seen_by, str(answers[ask.name]))
             for ask in ASKS if ask.personal and ask.name in answers]
    role = "coordinator" if actor.holds("coordinator", scheme.id) else "author"
    seq = audit_log.record_for_desk(session, "concern:noted", now, Doer(actor.account_id, role),
                                    {"scheme": scheme.slug, "about": about, "commitment": commitment}, words)
    return rows.add_concern(session, scheme.id, about, commitment, local_day(now), actor.account_id, seq)


def concerns_seen(session: Session, actor: Actor) -> list[ConcernLine]:
    """The concerns that somebody may see, newest first."""
    coordinated = [scheme_id for scheme_id, role in actor.roles if role == "coordinator"]
    words = audit_log.details_of(session, audit_log.DESK_SUBJECT, ("coordinator",))
    return [ConcernLine(row.id, row.noted_on, row.by, row.title, row.about or "", row.code or "", words.get((row.seq, "what"), ""),
                        words.get((row.seq, "advice"), ""), row.reference or "")
            for row in rows.concerns_of(session, coordinated, actor.account_id)]


def concern_led_to(desk: Desk, actor: Actor, number: int, reference: str) -> None:
    """Name the case that came of a concern. Raises NotFound for either, NotPermitted for all but the coordinator."""
    def work(session: Session) -> None:
        concern = next((one for one in concerns_seen(session, actor) if one.number == number), None)
        read = read_case(session, reference=reference, to_change=False)
        roles = case_roles(actor, read) if read else frozenset()
        if concern is None or read is None or not roles:
            raise NotFound(f"There is no {'concern ' + str(number) if concern is None else 'case ' + reference[:40]} that you can see.")
        # Not whoever coordinates the scheme and has an interest in the case: they meet it as a side, and as nothing more.
        if "coordinator" not in roles:
            raise NotPermitted("Only the coordinator names the case that came of a concern.")
        rows.led_to(session, number, read.head.id)
        audit_log.record_for_desk(session, "concern:led_to_case", desk.now(session), Doer(actor.account_id, "coordinator"),
                                  {"concern": number, "case": reference})
    desk.database.transact(work)
