"""Who is away from a role, and who does it for them on those days: noted, ended, and said on Home to both.

`store.people` follows the chains, so that whoever covers can do and see what the role allows, in every query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.sessions import end_sessions_of
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.identity import COVERED, THE_OPERATOR, Actor
from breachdesk.permissions import office_in
from breachdesk.store import absences as rows
from breachdesk.store import people, roles, schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask

_SAID = {"coordinator": "coordinator", "critical_friend": "critical friend"}
# Who can cover for whom: a coordinator's place opens every case of the scheme, a critical friend's only what they are named for.
_COVERS = {"coordinator": ("coordinator", "stand_in", "critical_friend", "steering_group"), "critical_friend": ("critical_friend",)}
ABSENCE = (
    Ask("role", "Away from what?", "choice"),
    Ask("from_on", "First day away", "date"),
    Ask("to_on", "Last day away", "date", not_before="from_on"),
    Ask("cover", "Who covers?", "choice", hint="On those days they see and do what the role allows. It stands on their home page."))


@dataclass(frozen=True, slots=True)
class CoverLine:
    """An absence as Home and a person's page show it. `there` is who covers in the end, when the one who was named is away too.

    `mine`: the reader is the one who is away.
    """

    id: int
    who: str
    cover: str
    there: str
    role: str
    scheme: str
    from_on: date
    to_on: date
    mine: bool
    now: bool


def absence_form(session: Session, desk: Desk, account_id: int) -> Offered:
    """What somebody can be away from, and who can cover for them."""
    today = local_day(desk.now(session))
    titles = {one.id: (one.slug, one.title) for one in schemes.all_schemes(session)}
    held = [one for one in roles.role_rows(session, account_id=account_id, roles=COVERED) if one.to_on is None or one.to_on >= today]
    covered = [one for one in rows.absences_from(session, today) if one.cover_id == account_id]
    named = [one for one in reversed(roles.role_rows(session, roles=_COVERS["coordinator"]))
             if one.active and one.account_id != account_id and (one.to_on is None or one.to_on >= today)]
    away = {f"{titles[scheme_id][0]}/{role}": f"{_SAID[role].capitalize()}, {titles[scheme_id][1]}"
            for scheme_id, role in sorted({(one.scheme_id, one.role) for one in (*held, *covered)})}
    return Offered(by_ask={"role": away, "cover": {
        str(one.account_id): f"{one.name} ({one.role.replace('_', ' ')})" for one in named}})


def note_absence(session: Session, desk: Desk, actor: Actor, account_id: int, raw: Mapping[str, object]) -> int:
    """Note that somebody is away and who covers; the absence's number. Raises NotPermitted or Invalid."""
    offered, today = absence_form(session, desk, account_id), local_day(desk.now(session))
    answers = read_answers(ABSENCE, raw, offered, today)
    slug, _, role = str(answers["role"]).partition("/")
    scheme, cover, from_on, to_on = desk.scheme(session, slug), int(str(answers["cover"])), answers["from_on"], answers["to_on"]
    if not isinstance(from_on, date) or not isinstance(to_on, date):
        raise TypeError("an absence has days")
    doer = _doer(actor, account_id, scheme.id, role)
    if to_on < today:
        raise Invalid({"to_on": "The last day away has passed: nobody could have covered"})
    _require_cover(session, cover, scheme.id, role, today)
    at_that_time = [one for one in rows.absences_from(session, from_on)
                    if one.from_on <= to_on and (one.scheme_id, one.role) == (scheme.id, role)]
    for one in at_that_time:
        if one.account_id == account_id:
            raise Invalid({"from_on": f"It is known already that they are away from {said_date(one.from_on)} to {said_date(one.to_on)}"})
    if _leads_back(account_id, cover, at_that_time):
        raise Invalid({"cover": "They are away on some of those days themselves, and in the end this one would cover for them. "
                                "Choose somebody else"})
    number = rows.insert_absence(session, account_id, scheme.id, role, cover, from_on, to_on)
    if from_on <= today:
        end_sessions_of(session, cover, "cover noted")
    record_for_desk(session, "absence:noted", desk.now(session), doer, {
        "account": account_id, "scheme": scheme.slug, "role": role, "cover": cover, "from": from_on.isoformat(), "to": to_on.isoformat()})
    return number


def _require_cover(session: Session, cover: int, scheme_id: int, role: str, today: date) -> None:
    held = {(one.scheme_id, one.role) for one in roles.role_rows(session, account_id=cover, roles=_COVERS[role])
            if one.from_on <= today and (one.to_on is None or one.to_on >= today)}
    if role == "critical_friend" and (scheme_id, role) not in held:
        raise Invalid({"cover": "A critical friend is covered by another critical friend of the same scheme"})
    if not held:
        raise Invalid({"cover": "A coordinator is covered by somebody who has a part in the procedure today"})


def _leads_back(account_id: int, cover: int, among: list[rows.Absence]) -> bool:
    """Whether whoever is to cover is covered, at some remove, by the one who is away."""
    reached, found = {cover}, {cover}
    while found:
        found = {one.cover_id for one in among if one.account_id in found} - reached
        reached |= found
    return account_id in reached


def end_absence(session: Session, desk: Desk, actor: Actor, account_id: int, number: int) -> None:
    """Somebody is back, or is not going away: nobody covers any more. Raises NotPermitted, NotFound or Refused."""
    found, today = rows.absence(session, number), local_day(desk.now(session))
    if found is None or found.account_id != account_id:
        raise NotFound("There is no such absence.")
    if found.to_on < today:
        raise Refused(f"That absence ended on {said_date(found.to_on)}.")
    doer, last = _doer(actor, account_id, found.scheme_id, found.role), today - timedelta(days=1)
    rows.end_absence(session, number, last)
    if found.from_on <= today:
        end_sessions_of(session, found.cover_id, "cover ended")
    scheme = schemes.scheme_by_id(session, found.scheme_id)
    record_for_desk(session, "absence:ended", desk.now(session), doer, {
        "account": account_id, "scheme": scheme.slug if scheme else "", "role": found.role, "cover": found.cover_id,
        "to": last.isoformat()})


def _doer(actor: Actor, account_id: int, scheme_id: int, role: str) -> Doer:
    """Who may say it: the one who is away, as what they are, or somebody in office in the scheme."""
    if actor.account_id == account_id:
        return Doer(actor.account_id, role)
    try:
        return Doer(actor.account_id, office_in(actor, scheme_id))
    except NotPermitted:
        raise NotPermitted("Only the one who is away says so, or a coordinator or operator of the scheme.") from None


def covers_shown(session: Session, desk: Desk, account_id: int) -> tuple[CoverLine, ...]:
    """The absences, now and to come, in which somebody is away or covers, directly or for somebody who covers and is away too."""
    today = local_day(desk.now(session))
    everything = rows.absences_from(session, today)
    if not everything:
        return ()
    there = rows.covers_on(session, today)
    named = {one for each in everything for one in (each.account_id, each.cover_id)} | set(there.values())
    names = people.names_of(session, sorted(named))
    titles = {one.id: one.title for one in schemes.all_schemes(session)}
    lines = []
    for one in everything:
        in_the_end = there.get((one.scheme_id, one.role, one.account_id), one.cover_id)
        if account_id in (one.account_id, one.cover_id, in_the_end):
            lines.append(CoverLine(
                one.id, names[one.account_id], names[one.cover_id], names[in_the_end], _SAID[one.role], titles[one.scheme_id],
                one.from_on, one.to_on, one.account_id == account_id, one.from_on <= today))
    return tuple(lines)


def can_be_away(actor: Actor) -> bool:
    """Whether somebody has a role that another one can cover."""
    return actor == THE_OPERATOR or any(role in COVERED for _, role in actor.roles)
