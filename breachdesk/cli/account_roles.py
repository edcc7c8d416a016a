"""`breachdesk account …` about what somebody is: invited, belonging, in a role, away, switched off. `accounts` puts them into its group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from breachdesk.casework.desk import Desk
from breachdesk.casework.people import absences, members
from breachdesk.casework.people.people_shown import PersonPage, person_page, rosters
from breachdesk.cli.output import json_option, long_day, show, table, the_desk, the_scheme
from breachdesk.errors import NotFound
from breachdesk.identity import COVERED, MEMBERSHIPS, SCHEME_ROLES, THE_OPERATOR
from breachdesk.store.roles import account_row
from breachdesk.store.session import Session

EMAIL = click.argument("email", metavar="EMAIL")
FROM = click.option("--from", "from_on", default="", metavar="DAY", help="The first day, like 2026-04-01; today, when it is left out.")
TO = click.option("--to", "to_on", default="", metavar="DAY", help="The last day, when one is known.")
LAST = click.option("--last-day", "to_on", default="", metavar="DAY", help="The last day; at once, when it is left out.")
SCHEME = click.option("--scheme", metavar="SCHEME", help="The scheme's short name; may be left out when there is only one.")
Work = Callable[[Session, Desk, Any], object]


def _do(email: str, work: Work) -> None:
    """Do something about the account of an address, active or not. Raises NotFound."""
    with the_desk() as desk:
        desk.database.transact(lambda session: work(session, desk, _account(session, email)))


def _account(session: Session, email: str) -> Any:
    if (row := account_row(session, email=email)) is None:
        raise NotFound(f"There is no account for {email[:80]}. See who there is: breachdesk account list")
    return row


def _given(session: Session, desk: Desk, **answers: object) -> dict[str, object]:
    """What was given, with today where a first day was left out."""
    if answers.get("from_on") == "":
        answers["from_on"] = desk.now(session).date()
    return {name: answer for name, answer in answers.items() if answer not in ("", None)}


@click.command("show")
@EMAIL
@json_option
def show_one(email: str, as_json: bool) -> None:
    """One person: memberships, roles, terms, cover, and in how many open cases they serve."""
    with the_desk() as desk, desk.database.read() as session:
        one = person_page(session, desk, THE_OPERATOR, _account(session, email).id)
    show(as_json, asdict(one), _told(one))


def _told(one: PersonPage) -> list[str]:
    lines = [f"{one.name}, {one.email}{'' if one.active else ': switched off'}"]
    lines += [f"  {each.organisation}: {MEMBERSHIPS[each.kind]}, from {long_day(each.from_on)}{_to(each.to_on)}"
              for each in one.memberships]
    lines += [f"  {each.role.replace('_', ' ')} of {each.scheme}, from {long_day(each.from_on)}{_to(each.to_on)}" for each in one.roles]
    lines += [f"  away as {each.role} from {long_day(each.from_on)}{_to(each.to_on)}: {each.there} covers" for each in one.covers
              if each.who == one.name]
    return [*lines, f"  serves in {len(one.serving) + one.serves_elsewhere} open cases"]


def _to(day: Any) -> str:
    return f" to {long_day(day)}" if day else ""


@click.command()
@EMAIL
@click.option("--name", required=True, metavar="NAME", help="First and last name.")
@click.option("--organisation", default="", metavar="ORGANISATION", help="The short name of an organisation they belong to.")
@click.option("--kind", default="", metavar="KIND", help=f"How they belong to it: {', '.join(MEMBERSHIPS)}; member, when it is left out.")
@json_option
def invite(email: str, name: str, organisation: str, kind: str, as_json: bool) -> None:
    """Make an account, and mail a link with which they choose their password."""
    with the_desk() as desk:
        desk.database.transact(lambda session: members.invite(session, desk, THE_OPERATOR, _given(
            session, desk, name=name, email=email, organisation=organisation, kind=kind or ("member" if organisation else ""))))
    show(as_json, {"email": email}, [f"{email} is invited. The link in the mail works for seven days."])


@click.command("invite-again")
@EMAIL
def invite_again(email: str) -> None:
    """Mail another link, because the first one was lost or ran out."""
    _do(email, lambda session, desk, row: members.invite_again(session, desk, THE_OPERATOR, row.id))
    show(False, None, [f"Another link is on its way to {email}."])


@click.command()
@EMAIL
@click.option("--organisation", required=True, metavar="ORGANISATION", help="The organisation's short name.")
@click.option("--kind", default="member", metavar="KIND", help=f"How they belong to it: {', '.join(MEMBERSHIPS)}.")
@FROM
@TO
def join(email: str, organisation: str, kind: str, from_on: str, to_on: str) -> None:
    """Let somebody belong to an organisation."""
    _do(email, lambda session, desk, row: members.begin_membership(session, desk, THE_OPERATOR, row.id, _given(
        session, desk, organisation=organisation, kind=kind, from_on=from_on, to_on=to_on)))
    show(False, None, [f"{email} belongs to {organisation} ({MEMBERSHIPS.get(kind, kind)})."])


@click.command()
@EMAIL
@click.option("--organisation", required=True, metavar="ORGANISATION", help="The organisation's short name.")
@click.option("--kind", default="member", metavar="KIND", help=f"How they belong to it: {', '.join(MEMBERSHIPS)}.")
@LAST
def leave(email: str, organisation: str, kind: str, to_on: str) -> None:
    """End how somebody belongs to an organisation; they are signed out everywhere."""
    def work(session: Session, desk: Desk, row: Any) -> None:
        one = person_page(session, desk, THE_OPERATOR, row.id)
        found = next((each for each in one.memberships if (each.slug, each.kind) == (organisation, kind) and each.state != "ended"), None)
        if found is None:
            raise NotFound(f"{one.name} does not belong to {organisation} in that way. See: breachdesk account show {email}")
        members.end_membership(session, desk, THE_OPERATOR, organisation, found.id, _given(session, desk, to_on=to_on))
    _do(email, work)
    show(False, None, [f"{email} no longer belongs to {organisation} ({MEMBERSHIPS.get(kind, kind)}){_after(to_on)}."])


def _after(to_on: str) -> str:
    return f" after {to_on}" if to_on else ""


@click.command()
@EMAIL
@click.option("--role", required=True, metavar="ROLE", help=f"One of: {', '.join(SCHEME_ROLES)}.")
@SCHEME
@click.option("--sector", default="", metavar="SECTOR", help="For a critical friend or panel member: the sector they come from.")
@click.option("--area", default="", metavar="AREA", help="For a critical friend: the area they are named for.")
@FROM
@TO
def role(email: str, role: str, scheme: str | None, sector: str, area: str, from_on: str, to_on: str) -> None:
    """Give somebody a role in a scheme; --to is the end of the term."""
    _do(email, lambda session, desk, row: members.begin_role(session, desk, THE_OPERATOR, row.id, _given(
        session, desk, scheme=the_scheme(session, scheme), role=role, sector=sector, area=area, from_on=from_on, to_on=to_on)))
    show(False, None, [f"{email} is {role.replace('_', ' ')}."])


@click.command("end-role")
@EMAIL
@click.option("--role", required=True, metavar="ROLE", help="Which role ends.")
@SCHEME
@LAST
def end_role(email: str, role: str, scheme: str | None, to_on: str) -> None:
    """End a role; they are signed out everywhere. What they do in open cases goes on until they are released there."""
    def work(session: Session, desk: Desk, row: Any) -> None:
        title = desk.scheme(session, the_scheme(session, scheme)).title
        one = person_page(session, desk, THE_OPERATOR, row.id)
        found = next((each for each in one.roles if (each.role, each.scheme) == (role, title) and each.state != "ended"), None)
        if found is None:
            raise NotFound(f"{one.name} has no such role in {title}. See: breachdesk account show {email}")
        members.end_role(session, desk, THE_OPERATOR, found.id, _given(session, desk, to_on=to_on))
    _do(email, work)
    show(False, None, [f"{email} is no longer {role.replace('_', ' ')}{_after(to_on)}."])


@click.command()
@EMAIL
@click.option("--role", default=COVERED[0], metavar="ROLE", help=f"Away from which role: {' or '.join(COVERED)}.")
@click.option("--cover", required=True, metavar="EMAIL", help="Who covers.")
@SCHEME
@FROM
@click.option("--to", "to_on", required=True, metavar="DAY", help="The last day away.")
def away(email: str, role: str, cover: str, scheme: str | None, from_on: str, to_on: str) -> None:
    """Say that somebody is away, and who covers on those days."""
    _do(email, lambda session, desk, row: absences.note_absence(session, desk, THE_OPERATOR, row.id, _given(
        session, desk, role=f"{the_scheme(session, scheme)}/{role}", cover=str(_account(session, cover).id), from_on=from_on, to_on=to_on)))
    show(False, None, [f"{cover} covers for {email}."])


@click.command()
@EMAIL
def back(email: str) -> None:
    """Somebody is back, or is not going away: nobody covers for them any more."""
    def work(session: Session, desk: Desk, row: Any) -> None:
        found = [one for one in absences.covers_shown(session, desk, row.id) if one.mine]
        if not found:
            raise NotFound(f"{row.name} is not away, and is not going to be.")
        for one in found:
            absences.end_absence(session, desk, THE_OPERATOR, row.id, one.id)
    _do(email, work)
    show(False, None, [f"Nobody covers for {email} any more."])


@click.command()
@EMAIL
def deactivate(email: str) -> None:
    """Switch an account off: it is signed out everywhere, and cannot sign in."""
    _do(email, lambda session, desk, row: members.switch_account(session, desk, THE_OPERATOR, row.id, on=False))
    show(False, None, [f"The account of {email} is switched off."])


@click.command()
@EMAIL
def reactivate(email: str) -> None:
    """Switch an account on again."""
    _do(email, lambda session, desk, row: members.switch_account(session, desk, THE_OPERATOR, row.id, on=True))
    show(False, None, [f"The account of {email} is switched on."])


@click.command()
@json_option
def roster(as_json: bool) -> None:
    """The critical friends and the panel pool, with terms and load."""
    with the_desk() as desk, desk.database.read() as session:
        found = rosters(session, desk, THE_OPERATOR)
    rows = [(each.scheme, each.role.replace("_", " "), each.area, each.sector, each.name, each.load, each.to_on or "",
             f"away, {each.away} covers" if each.away else "ends soon" if each.ends_soon else "")
            for one in found for each in (*one.friends, *one.panel)]
    lines = table(("Scheme", "Role", "Area", "Sector", "Name", "Cases", "Until", ""), rows) if rows else ["Nobody is on a roster yet."]
    show(as_json, [asdict(one) for one in found], lines)


ALL = (show_one, invite, invite_again, join, leave, role, end_role, away, back, deactivate, reactivate, roster)
