"""A case's first rows, and the saved form it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from breachdesk.store.cases import CASES, SCHEMES, CaseHead
from breachdesk.store.holdings import ALLEGATIONS, REPRESENTATIONS
from breachdesk.store.prepared import Change, Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import AllegationRow, CaseRow, PartyRow, table_of
from breachdesk.store.tables_desk import DraftRow
from breachdesk.workflow.facts import Allegation, Party

DRAFTS = table_of(DraftRow)
_HEAD_SET = Prepared(update(CASES).where(CASES.c.id == bindparam("case_id"))
                     .values(last_seq=bindparam("seq"), last_hash=bindparam("head"), has_holdings=bindparam("held")))


_LOCK_SCHEME = select(SCHEMES.c.id).where(SCHEMES.c.id == bindparam("scheme_id")).with_for_update()
_LAST = select(func.max(CASES.c.reference)).where(CASES.c.reference.like(bindparam("like")),
                                                  func.length(CASES.c.reference) == bindparam("long"))


def next_reference(session: Session, scheme_id: int, prefix: str, year: int) -> str:
    """The next reference of a scheme and year, as DD-2026-0001. The scheme's row is locked, so that no two are alike."""
    session.first(_LOCK_SCHEME, {"scheme_id": scheme_id})
    begin = f"{prefix}-{year}-"
    last = session.value(_LAST, {"like": f"{begin}%", "long": len(begin) + 4})
    return f"{begin}{int(last.removeprefix(begin)) + 1 if last else 1:04d}"


def insert_case(session: Session, **values: Any) -> int:
    """The case's own row; its id."""
    return session.add(CaseRow, **values, stage_visit=1, version=1, episode=1, reached_panel=False, respondents_told=False,
                       has_ledger=False, last_seq=0, last_hash="")


def insert_part(session: Session, head: CaseHead, reference: str, status: str, at: datetime) -> int:
    """The row of a case that was part of another: it keeps its title, its days and what was known of it; its id."""
    kept = session.first(select(CASES.c.title, CASES.c.channel, CASES.c.event_on).where(CASES.c.id == head.id))
    return session.add(
        CaseRow, scheme_id=head.scheme_id, reference=reference, procedure_digest=head.procedure_digest, title=kept.title, status=status,
        stage=head.stage, channel=kept.channel, received_on=head.received_on, entered_at=at, event_on=kept.event_on,
        tried_directly=head.tried_directly, reached_panel=head.reached_panel, respondents_told=head.respondents_told, stage_visit=1,
        version=1, episode=1, has_ledger=False, has_holdings=True, last_seq=0, last_hash="")


def set_next_due(session: Session, case_id: int, day: date | None) -> None:
    session.execute(update(CASES).where(CASES.c.id == case_id).values(next_due_on=day))


def copy_allegations(session: Session, case_id: int, allegations: Sequence[Allegation]) -> list[list[object]]:
    """The allegations that go on in another case, with what was decided about them and the position that was taken; (id, admissible,
    position, what was required, what happened) of each."""
    copied = []
    for one in allegations:
        old = session.first(select(ALLEGATIONS.c.required, ALLEGATIONS.c.happened).where(ALLEGATIONS.c.id == one.id))
        known = session.add(AllegationRow, case_id=case_id, party_id=one.party, commitment_id=one.commitment, admissible=one.admissible,
                            position=one.position or None, required=old.required, happened=old.happened)
        copied.append([known, one.admissible, one.position or None, old.required, old.happened])
    return copied


def copy_representation(session: Session, case_id: int, old_party: int, new_party: int) -> list[list[object]]:
    """Whoever acts for a party does so in the case that part of it becomes; (party, organisation, day of consent), or nothing."""
    row = session.first(select(REPRESENTATIONS).where(REPRESENTATIONS.c.party_id == old_party, REPRESENTATIONS.c.ended_at.is_(None)))
    if row:
        session.execute(REPRESENTATIONS.insert().values(case_id=case_id, party_id=new_party, organisation_id=row.organisation_id,
                                                        consent_on=row.consent_on))
    return [[new_party, row.organisation_id, row.consent_on.isoformat()]] if row else []


def insert_parties(session: Session, case_id: int, parties: Sequence[Party]) -> tuple[Party, ...]:
    """The parties, with their ids. The first complainant leads."""
    return tuple(replace(party, id=session.add(PartyRow, case_id=case_id, organisation_id=party.organisation_id, side=party.side,
                                               is_lead=place == 0, taken="", taken_visit=0,
                                               identity=party.identity)) for place, party in enumerate(parties))


_ALLEGE = ALLEGATIONS.insert()
_ALLEGED = (select(ALLEGATIONS.c.party_id, ALLEGATIONS.c.commitment_id, ALLEGATIONS.c.id)
            .where(ALLEGATIONS.c.case_id == bindparam("case_id")).order_by(ALLEGATIONS.c.id))


def insert_allegations(session: Session, case_id: int, respondents: Sequence[int], commitments: Sequence[int],
                       measured: tuple[int, str, str] | None = None) -> list[list[int]]:
    """One allegation for each respondent and commitment; (party, commitment, id) of each. MEASURED: (commitment, what it required, what
    happened)."""
    known = {measured[0]: measured[1:]} if measured else {}
    session.execute(_ALLEGE, [
        {"case_id": case_id, "party_id": party_id, "commitment_id": commitment_id, "required": known.get(commitment_id, (None, None))[0],
         "happened": known.get(commitment_id, (None, None))[1]} for party_id in respondents for commitment_id in commitments])
    return [list(row) for row in session.all(_ALLEGED, {"case_id": case_id})]


def head_set(case_id: int, seq: int, head: str, held: bool) -> Change:
    """The head of a new case's log, and whether the case has HELD anything beside parties and allegations from its beginning."""
    return _HEAD_SET, {"case_id": case_id, "seq": seq, "head": head, "held": held}


_MINE = (DRAFTS.c.id == bindparam("draft")) & (DRAFTS.c.account_id == bindparam("account"))
_SAVE = update(DRAFTS).where(_MINE, DRAFTS.c.reference.is_(None)).values(answers=bindparam("text"), updated_at=bindparam("at"))


def save_draft(session: Session, draft_id: str, account_id: int, scheme_id: int, answers: Mapping[str, object], at: datetime) -> None:
    """Keep a form that is being filled in. Somebody else's draft, or one already sent, is left alone."""
    text = json.dumps(dict(answers), ensure_ascii=False)
    saved = session.execute(_SAVE, {"draft": draft_id, "account": account_id, "text": text, "at": at}).rowcount
    if saved == 0 and read_draft(session, draft_id, account_id) is None:
        session.execute(DRAFTS.insert().values(id=draft_id, account_id=account_id, scheme_id=scheme_id, answers=text, updated_at=at))


_DRAFT = select(DRAFTS.c.answers, DRAFTS.c.scheme_id, DRAFTS.c.reference).where(_MINE)


def read_draft(session: Session, draft_id: str, account_id: int) -> Any:
    """(answers as a dict, scheme id, reference once sent), or None."""
    row = session.first(_DRAFT, {"draft": draft_id, "account": account_id})
    return (json.loads(row[0]), row[1], row[2]) if row else None


_DRAFTS_OF = (select(DRAFTS.c.id, DRAFTS.c.answers, DRAFTS.c.updated_at)
              .where(DRAFTS.c.account_id == bindparam("account"), DRAFTS.c.reference.is_(None)).order_by(DRAFTS.c.updated_at.desc()))


def drafts_of(session: Session, account_id: int) -> list[tuple[str, dict[str, Any], datetime]]:
    """(id, answers, last saved) of the complaints somebody has begun and not sent, newest first."""
    return [(row[0], json.loads(row[1]), row[2]) for row in session.all(_DRAFTS_OF, {"account": account_id})]


def drop_draft(session: Session, draft_id: str, account_id: int) -> None:
    """Throw away a complaint that was not sent."""
    session.execute(DRAFTS.delete().where(DRAFTS.c.id == draft_id, DRAFTS.c.account_id == account_id, DRAFTS.c.reference.is_(None)))


def reference_of_draft(session: Session, draft_id: str, account_id: int) -> str | None:
    """The case that a saved form has become, if it has. Locks the form, so that sending it twice at once makes one case."""
    found = session.value(select(DRAFTS.c.reference).where(DRAFTS.c.id == draft_id, DRAFTS.c.account_id == account_id).with_for_update())
    return str(found) if found else None


def mark_draft_sent(session: Session, draft_id: str, reference: str) -> None:
    session.execute(update(DRAFTS).where(DRAFTS.c.id == draft_id).values(reference=reference, answers="{}"))
