"""What goes by itself when its time is over, by each scheme's rule: a closed case's files, and later every word of it.

A list says what would go next, and what is held back and why. Nothing goes before a coordinator has looked at the list on which it stood,
unless the scheme lets it go by itself. Figures, parties and steps stay: they are in the log, which holds no words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from breachdesk.audit.chain import Doer, read_body
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.erasure_found import sought
from breachdesk.casework.forgetting.holds import held_because
from breachdesk.casework.forgetting.leftovers import clear_leftovers, copies_naming, leave_over
from breachdesk.casework.forgetting.letting_go import TITLE_GONE, Going, everything, let_go, stored
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.identity import THE_CLOCK, Actor
from breachdesk.permissions import Permission, require
from breachdesk.store import erasing, reading, retention, schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.cases import read_case
from breachdesk.store.columns import as_bytes
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.limits import Months, end_of_span
from breachdesk.workflow.definition import CLOCK

FILES, RECORD = WHAT = ("files", "record")
DISPOSED = "disposal:done"
NEWEST = 50


@dataclass(frozen=True, slots=True)
class Due:
    """Something of a case whose time is over since a day: its `files`, or the whole `record`. `held`: why it stays all the same.

    `next_run`: it goes then; otherwise somebody has to look at the list first.
    """

    case_id: int
    reference: str
    what: str
    due_on: date
    held: tuple[str, ...]
    next_run: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """A line of the disposal log."""

    reference: str
    what: str
    on: date
    due_on: date
    words: int
    files: int


def due(session: Session, desk: Desk, scheme: SchemeHead, only: int = 0) -> list[Due]:
    """What of a scheme's cases is to go, the oldest first; of ONLY one case, where one is named."""
    today = local_day(desk.now(session))
    until = today if scheme.disposes_by_itself else scheme.disposal_looked_on or date.min
    found = [Due(case_id, reference, what, due_on, tuple(held_because(session, case_id)), due_on <= until)
             for case_id, reference, what, due_on in _over(session, scheme, today) if due_on <= today and only in (0, case_id)]
    return sorted(found, key=lambda one: (one.due_on, one.reference))


def _over(session: Session, scheme: SchemeHead, today: date) -> Iterator[tuple[int, str, str, date]]:
    """(case, reference, what, since when) of what was kept as long as the scheme says; what goes with the record is not said twice."""
    whole = set()
    years = Months(12 * scheme.keep_record_years)
    for row in retention.cases_with_words(session, scheme.id, today - timedelta(days=365 * scheme.keep_record_years), TITLE_GONE):
        if (due_on := end_of_span(row.closed_on, years)) <= today:
            whole.add(row.id)
            yield row.id, row.reference, RECORD, due_on
    for row in retention.cases_with_files(session, scheme.id):
        if row.id not in whole:
            yield row.id, row.reference, FILES, end_of_span(local_day(row.last_at), Months(scheme.keep_files_months))


def look(session: Session, desk: Desk, actor: Actor, slug: str) -> int:
    """A coordinator has looked at the list: what stands on it goes at the next run. How many things that are. Raises NotFound."""
    scheme, now = _own_scheme(session, actor, slug), desk.now(session)
    schemes.settle(session, scheme.id, disposal_looked_on=local_day(now))
    record_for_desk(session, "retention:looked", now, Doer(actor.account_id, "coordinator"),
                    {"scheme": slug, "until": local_day(now).isoformat()})
    return sum(not one.held for one in due(session, desk, scheme))


def dispose(desk: Desk) -> dict[str, int]:
    """Let go what is due and not held; how many files' and whole records' cases that were, and how many were held back."""
    with desk.database.read() as session:
        waiting = [one for scheme in schemes.all_schemes(session) for one in due(session, desk, scheme) if one.next_run]
    gone = [one for one in waiting if not one.held and desk.database.transact(lambda session, one=one: let_go_now(session, desk, one))]  # type: ignore[misc]
    if gone:
        clear_leftovers(desk)
    return {**{what: sum(one.what == what for one in gone) for what in WHAT}, "held": sum(bool(one.held) for one in waiting)}


def let_go_now(session: Session, desk: Desk, one: Due) -> bool:
    """Let one case's part go, looked at again now that nobody else changes it. False when it is not due any more, or is held meanwhile."""
    read = read_case(session, case_id=one.case_id)
    scheme = schemes.scheme_by_id(session, read.head.scheme_id) if read else None
    if read is None or scheme is None or not _still(one, due(session, desk, scheme, one.case_id)):
        return False
    going = everything(session, read) if one.what == RECORD else Going(files=stored(session, one.case_id))
    copies = copies_naming(desk, sought([one.reference.casefold()])) if one.what == RECORD else []
    if one.what == RECORD:
        erasing.drafts_of_case(session, one.reference)
    leave_over(session, desk, going.files, copies)
    let_go(session, read, going, DISPOSED, Doer(THE_CLOCK.account_id, CLOCK), desk.now(session),
           {"what": one.what, "due_on": one.due_on.isoformat()})
    return True


def _still(one: Due, now: Sequence[Due]) -> bool:
    return any(other.what == one.what and other.next_run and not other.held for other in now)


def schemes_of(session: Session, actor: Actor) -> list[SchemeHead]:
    """The schemes whose list somebody looks at. Raises NotPermitted."""
    require(actor, Permission.RETAIN)
    return [one for one in schemes.all_schemes(session) if actor.holds("coordinator", one.id)]


def _own_scheme(session: Session, actor: Actor, slug: str) -> SchemeHead:
    scheme = next((one for one in schemes_of(session, actor) if one.slug == slug), None)
    if scheme is None:
        raise NotFound("There is no scheme here that you coordinate by that name.")
    return scheme


def due_as_seen(session: Session, desk: Desk, actor: Actor, scheme: SchemeHead) -> tuple[list[Due], int]:
    """What is due in the cases that somebody may know of, and in how many others."""
    seen, found = reading.ids_seen(session, visible_to(actor)), due(session, desk, scheme)
    shown = [one for one in found if one.case_id in seen]
    return shown, len(found) - len(shown)


def disposal_log(session: Session, actor: Actor) -> list[Gone]:
    """What has gone because its time was over, newest first, of the cases that somebody may know of."""
    seen = reading.ids_seen(session, visible_to(actor))
    return [_gone(row) for row in retention.disposals(session, DISPOSED, NEWEST) if row.id in seen]


def _gone(row: Any) -> Gone:
    facts: Any = read_body(as_bytes(row.body))["facts"]
    at: datetime = row.at
    return Gone(row.reference, facts["what"], local_day(at), date.fromisoformat(facts["due_on"]), len(facts["details"]),
                len(facts["files"]))
