"""Who is what on this desk: invitations, memberships, roles with their terms, the roster's words, accounts that are switched off.

Each change is one entry of the desk's own log, and ends the sign-ins of whom it is about. `people_shown` reads it all.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.people.accounts import SECTORS, NewAccount, add_account_within
from breachdesk.casework.signing_in.mailed_links import INVITATION, ask_for_link
from breachdesk.casework.signing_in.passwords import hash_password
from breachdesk.casework.signing_in.sessions import end_sessions_of
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.identity import SCHEME_ROLES, THE_OPERATOR, Actor
from breachdesk.permissions import office_in, require_membership_change, require_role_change
from breachdesk.store import people as read
from breachdesk.store import roles as rows
from breachdesk.store import schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.erasing import ERASED
from breachdesk.store.organisations import organisation_row
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Answers

NAME, EMAIL = Ask("name", "First and last name", "line"), Ask("email", "Email address", "line", hint="An invitation is sent to it.")
_KIND = Ask("kind", "How do they belong to it?", "choice", choices={
    "member": "They complain and answer for it", "contact": "They are its named contact, and complain and answer for it",
    "administrator": "They look after its people here, and nothing else", "employee": "They are employed by it, and do not act for it"})
_BY_ADMINISTRATOR = {name: text for name, text in _KIND.choices.items() if name in ("member", "contact")}
_FROM = Ask("from_on", "From which day?", "date")
_TO = Ask("to_on", "Until which day?", "date", required=False, not_before="from_on", hint="Leave it empty if no end is known.")
MEMBERSHIP = (Ask("organisation", "Which organisation?", "organisation"), _KIND, _FROM, _TO)
INVITATION_BY_OFFICE = (NAME, EMAIL, Ask("organisation", "To which organisation do they belong?", "organisation", required=False),
                        Ask("kind", _KIND.label, "choice", choices=_KIND.choices, required=False))
INVITATION_BY_ADMINISTRATOR = (NAME, EMAIL, Ask("kind", _KIND.label, "choice", choices=_BY_ADMINISTRATOR))
ROLE_WORDS = {role: f"{called.capitalize()}: {gives}" for role, (called, gives) in SCHEME_ROLES.items()}
_SECTOR = Ask("sector", "From which sector are they?", "choice", choices={one: one.capitalize() for one in SECTORS}, required=False,
              hint="For a critical friend or panel member.")
_AREA = Ask("area", "For which area?", "line", required=False, hint="For a critical friend.")
ROLE = (Ask("scheme", "In which scheme?", "choice"), Ask("role", "Which role?", "choice", choices=ROLE_WORDS), _SECTOR, _AREA, _FROM, _TO)
ROSTER = (
    _SECTOR, _AREA, Ask("to_on", "On which day does the term end?", "date", required=False),
    Ask("training", "What training have they had?", "text", required=False),
    Ask("availability", "When are they available?", "text", required=False, hint="For example: Tuesdays and Thursdays."),
    Ask("published", "Does the public page name them, and how to reach them?", "yes or no", hint="Ask them first."),
    Ask("post", "Their post", "line", required=False), Ask("telephone", "Telephone for the public page", "line", required=False),
    Ask("email", "Email address for the public page", "line", required=False))
ON_ROSTER = ("critical_friend", "panel_member")
END = (Ask("to_on", "What is their last day?", "date", required=False, hint="Leave it empty to end it at once."),)


def known_account(session: Session, account_id: int) -> Any:
    """The row of an account. Raises NotFound."""
    if (row := rows.account_row(session, account_id=account_id)) is None:
        raise NotFound("There is nobody with that number on this desk.")
    return row


def invite(session: Session, desk: Desk, actor: Actor, raw: Mapping[str, object], *, into: str = "") -> int:
    """Make an account for somebody and mail them a link; the account's id. INTO is the organisation that its administrator invites to.

    Raises NotPermitted, NotFound or Invalid.
    """
    asks = INVITATION_BY_ADMINISTRATOR if into else INVITATION_BY_OFFICE
    today = local_day(desk.now(session))
    known = offered(session, today)
    answers = read_answers(asks, raw, known, today)
    place, kind = into or str(answers.get("organisation", "")), str(answers.get("kind", ""))
    if bool(place) != bool(kind):
        raise Invalid({"kind": "Choose how they belong to the organisation"} if place else {"organisation": "Choose an organisation"})
    organisation = _organisation(session, place) if place else None
    role = require_membership_change(actor, None, organisation.id, kind) if organisation else office_in(actor, None)
    if organisation and place not in known.organisations:
        raise Refused(f"Another organisation has taken {organisation.name}'s place. People are invited to that one.")
    new = NewAccount(str(answers["email"]), str(answers["name"]))
    # Nobody knows this password: the link in the mail lets them choose their own.
    account_id = add_account_within(session, desk, Doer(actor.account_id, role), new, hash_password(secrets.token_urlsafe(24)))
    if organisation:
        _join(session, desk, Doer(actor.account_id, role), account_id, organisation.id, kind, today, None)
    ask_for_link(session, desk, account_id, INVITATION)
    _record(session, desk, Doer(actor.account_id, role), "account:invited", account=account_id)
    return account_id


def invite_again(session: Session, desk: Desk, actor: Actor, account_id: int) -> None:
    """Mail somebody another link, because the first one was lost or ran out. Raises NotPermitted, NotFound or Refused."""
    role, row = office_in(actor, None), known_account(session, account_id)
    if not row.active:
        raise Refused(f"{row.name}'s account is switched off. Switch it on first.")
    ask_for_link(session, desk, account_id, INVITATION)
    _record(session, desk, Doer(actor.account_id, role), "account:invited", account=account_id)


def begin_membership(session: Session, desk: Desk, actor: Actor, account_id: int, raw: Mapping[str, object]) -> None:
    """Let somebody belong to an organisation. Raises NotPermitted, NotFound or Invalid."""
    known_account(session, account_id)
    today = local_day(desk.now(session))
    answers = read_answers(MEMBERSHIP, raw, offered(session, today), today)
    organisation, kind, (from_on, to_on) = _organisation(session, str(answers["organisation"])), str(answers["kind"]), _span(answers)
    role = require_membership_change(actor, account_id, organisation.id, kind)
    for one in rows.membership_rows(session, account_id=account_id, organisation_id=organisation.id):
        if one.kind == kind and _overlap(one, from_on, to_on):
            raise Invalid({"from_on": f"They belong to {organisation.name} in that way from {_said_span(one)} already"})
    _join(session, desk, Doer(actor.account_id, role), account_id, organisation.id, kind, from_on, to_on)


def _join(session: Session, desk: Desk, doer: Doer, account_id: int, organisation_id: int, kind: str, from_on: date,
          to_on: date | None) -> None:
    rows.begin_membership(session, account_id, organisation_id, kind, from_on, to_on)
    end_sessions_of(session, account_id, "membership changed")
    _record(session, desk, doer, "membership:began", account=account_id, organisation=organisation_id, kind=kind,
            **{"from": from_on.isoformat(), "to": _text(to_on)})


def end_membership(session: Session, desk: Desk, actor: Actor, slug: str, number: int, raw: Mapping[str, object]) -> None:
    """End how somebody belongs to an organisation, at once or on a day. Raises NotPermitted, NotFound or Invalid."""
    row = _membership_of(session, slug, number)
    role = require_membership_change(actor, row.account_id, row.organisation_id, row.kind)
    if row.account_id == actor.account_id:
        raise NotPermitted("Nobody ends their own membership. Ask the coordinator.")
    to_on = _last_day(session, desk, row, raw)
    rows.end_membership(session, row.id, to_on)
    end_sessions_of(session, row.account_id, "membership changed")
    _record(session, desk, Doer(actor.account_id, role), "membership:ended", account=row.account_id, organisation=row.organisation_id,
            kind=row.kind, to=to_on.isoformat())


def _membership_of(session: Session, slug: str, number: int) -> Any:
    """One membership of an organisation. Raises NotFound, also for that of another organisation."""
    organisation = _organisation(session, slug)
    found = next((one for one in rows.membership_rows(session, organisation_id=organisation.id) if one.id == number), None)
    if found is None:
        raise NotFound(f"{organisation.name} has no such membership.")
    return found


def begin_role(session: Session, desk: Desk, actor: Actor, account_id: int, raw: Mapping[str, object]) -> None:
    """Give somebody a role in a scheme. Raises NotPermitted, NotFound or Invalid."""
    row = known_account(session, account_id)
    today = local_day(desk.now(session))
    answers = read_answers(ROLE, raw, offered(session, today), today)
    scheme, role, (from_on, to_on) = desk.scheme(session, str(answers["scheme"])), str(answers["role"]), _span(answers)
    office = require_role_change(actor, account_id, scheme.id, role)
    if role in ON_ROSTER and "sector" not in answers:
        raise Invalid({"sector": "Choose the sector that they come from: a panel is balanced by it, and people look for a friend by it"})
    for one in rows.role_rows(session, account_id=account_id, scheme_ids=[scheme.id], roles=[role]):
        if _overlap(one, from_on, to_on):
            raise Invalid({"role": f"{row.name} has that role from {_said_span(one)} already"})
    rows.begin_role(session, account_id, scheme.id, role, from_on, to_on, sector=str(answers.get("sector", "")),
                    area=str(answers.get("area", "")))
    end_sessions_of(session, account_id, "role changed")
    _record(session, desk, Doer(actor.account_id, office), "role:began", account=account_id, scheme=scheme.slug, role=role,
            **{"from": from_on.isoformat(), "to": _text(to_on)})


def end_role(session: Session, desk: Desk, actor: Actor, role_id: int, raw: Mapping[str, object]) -> None:
    """End a role, at once or on a day. What somebody does in open cases goes on until they are released there.

    Raises NotPermitted, NotFound or Invalid.
    """
    row = _role_of(session, role_id)
    office = require_role_change(actor, row.account_id, row.scheme_id, row.role)
    to_on = _last_day(session, desk, row, raw)
    rows.end_role(session, role_id, to_on)
    end_sessions_of(session, row.account_id, "role changed")
    _record(session, desk, Doer(actor.account_id, office), "role:ended", account=row.account_id, scheme=row.scheme, role=row.role,
            to=to_on.isoformat())


def _role_of(session: Session, role_id: int) -> Any:
    """One role that somebody holds or held. Raises NotFound."""
    if (row := rows.role_row(session, role_id)) is None:
        raise NotFound("There is no such role on this desk.")
    return row


def change_roster(session: Session, desk: Desk, actor: Actor, role_id: int, raw: Mapping[str, object]) -> None:
    """What the roster says of somebody's role, and when its term ends. Raises NotPermitted, NotFound or Invalid."""
    row = _role_of(session, role_id)
    office = require_role_change(actor, row.account_id, row.scheme_id, row.role)
    if row.role not in ON_ROSTER:
        raise NotFound("Only critical friends and panel members stand on the roster.")
    answers = read_answers(ROSTER, raw, Offered(), local_day(desk.now(session)))
    to_on, published = answers.get("to_on"), answers["published"] == "yes"
    if isinstance(to_on, date) and to_on < row.from_on:
        raise Invalid({"to_on": f"The term cannot end before it began, on {said_date(row.from_on)}"})
    if published and not (answers.get("telephone") or answers.get("email")):
        raise Invalid({"telephone": "Enter a telephone number or an address for the public page, or do not publish them"})
    rows.change_role(session, role_id, str(answers.get("sector", row.sector)), str(answers.get("area", "")),
                     to_on if isinstance(to_on, date) else None)
    rows.put_on_roster(session, role_id, published=published,
                       **{name: str(answers.get(name, "")) for name in ("post", "telephone", "email", "training", "availability")})
    end_sessions_of(session, row.account_id, "role changed")
    _record(session, desk, Doer(actor.account_id, office), "roster:changed", account=row.account_id, scheme=row.scheme, role=row.role,
            to=_text(to_on if isinstance(to_on, date) else None), published=published)


def switch_account(session: Session, desk: Desk, actor: Actor, account_id: int, *, on: bool) -> None:
    """Deactivate an account, which ends its sign-ins at once, or let it sign in again. Raises NotPermitted, NotFound or Refused."""
    row, office = known_account(session, account_id), office_in(actor, None)
    if account_id == actor.account_id:
        raise NotPermitted("Nobody switches off their own account. Ask another coordinator, or the operator.")
    if on and row.email.endswith(f"@{ERASED}"):
        raise Refused(f"{row.name} is what is left of an account that was erased. Make a new one for whoever comes back.")
    held = {(one.scheme_id, one.role) for one in rows.role_rows(session, account_id=account_id)
            if one.to_on is None or one.to_on >= local_day(desk.now(session))}
    operates = actor == THE_OPERATOR or any(role == "operator" for _, role in actor.roles)
    if not operates and any(role == "operator" or not actor.holds("coordinator", scheme_id) for scheme_id, role in held):
        raise NotPermitted(f"{row.name} is an operator, or has a role in another scheme. Ask the operator.")
    if not rows.set_active(session, account_id, on):
        raise Refused(f"{row.name}'s account is switched {'on' if on else 'off'} already.")
    end_sessions_of(session, account_id, "deactivated")
    _record(session, desk, Doer(actor.account_id, office), "account:reactivated" if on else "account:deactivated", account=account_id)


def offered(session: Session, today: date) -> Offered:
    """What forms about people can be answered with: schemes, and organisations whose place no other one has taken."""
    return Offered(organisations={slug: name for _, slug, name, _ in read.organisations(session, standing_on=today)},
                   by_ask={"scheme": {one.slug: one.title for one in schemes.all_schemes(session)}})


def _organisation(session: Session, slug: str) -> Any:
    if (row := organisation_row(session, slug)) is None:
        raise NotFound(f"There is no organisation “{slug[:60]}”.")
    return row


def _span(answers: Answers) -> tuple[date, date | None]:
    from_on, to_on = answers["from_on"], answers.get("to_on")
    if not isinstance(from_on, date):
        raise TypeError("from_on is a date")
    return from_on, to_on if isinstance(to_on, date) else None


def _overlap(row: Any, from_on: date, to_on: date | None) -> bool:
    last = row.to_on or date.max
    return bool(row.from_on <= last and row.from_on <= (to_on or date.max) and from_on <= last)


def _said_span(row: Any) -> str:
    return f"{said_date(row.from_on)}{' to ' + said_date(row.to_on) if row.to_on else ''}"


def _last_day(session: Session, desk: Desk, row: Any, raw: Mapping[str, object]) -> date:
    """The last day of a membership or role. “At once” is the day before: on a day that it holds, it holds until midnight."""
    today = local_day(desk.now(session))
    to_on = read_answers(END, raw, Offered(), today).get("to_on")
    if isinstance(to_on, date) and to_on < today:
        raise Invalid({"to_on": "Their last day must be today or later. Leave it empty to end it at once"})
    if row.to_on is not None and row.to_on < today:
        raise Invalid({"to_on": f"It ended on {said_date(row.to_on)} already"})
    return to_on if isinstance(to_on, date) else today - timedelta(days=1)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record(session: Session, desk: Desk, doer: Doer, event: str, **facts: object) -> None:
    record_for_desk(session, event, desk.now(session), doer, facts)
