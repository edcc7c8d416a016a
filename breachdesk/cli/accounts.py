"""`breachdesk account`: people who can sign in."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.people.accounts import NewAccount, add_account
from breachdesk.casework.people.people_shown import everybody
from breachdesk.cli import account_roles
from breachdesk.cli.account_access import password, reset_second_factor, sessions
from breachdesk.cli.output import json_option, show, table, the_desk, the_scheme
from breachdesk.identity import SCHEME_ROLES


@click.group()
def command() -> None:
    """People who can sign in."""


for _one in (password, reset_second_factor, sessions, *account_roles.ALL):
    command.add_command(_one)


@command.command()
@click.option("--email", required=True, metavar="EMAIL", help="The address to sign in with, and to send messages to.")
@click.option("--name", required=True, metavar="NAME", help="First and last name.")
@click.option("--organisation", "organisations", multiple=True, metavar="ORGANISATION",
              help="The short name of an organisation they belong to; may be given several times.")
@click.option("--role", "roles", multiple=True, metavar="ROLE",
              help=f"A role in a scheme: {', '.join(SCHEME_ROLES)}; may be given several times.")
@click.option("--scheme", metavar="SCHEME", help="The scheme in which the roles are held; may be left out when there is only one.")
@click.option("--sector", default="", metavar="SECTOR", help="For a critical friend or panel member: the sector they come from.")
@click.option("--area", default="", metavar="AREA", help="For a critical friend: the area they are named for.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; without it, one is made and printed once.")
@json_option
def add(email: str, name: str, organisations: tuple[str, ...], roles: tuple[str, ...], scheme: str | None, sector: str, area: str,
        password_stdin: bool, as_json: bool) -> None:
    """Make an account for somebody."""
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    if password_stdin and not given:
        raise click.UsageError("--password-stdin: nothing came in on standard input.")
    with the_desk() as desk:
        with desk.database.read() as session:
            where = the_scheme(session, scheme) if roles else scheme or ""
        password = add_account(desk, BY_OPERATOR, NewAccount(email, name, organisations, roles, where, sector, area, given))
    made = None if password_stdin else password
    lines = [f"The account for {email} is made."]
    lines += [f"The password, which is shown only now: {made}"] if made else []
    show(as_json, {"email": email, "password": made}, lines)


@command.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """Every account, with its roles and organisations."""
    with the_desk() as desk, desk.database.read() as session:
        found = everybody(session, desk)
    rows = [(one.email, one.name, ", ".join(one.organisations), ", ".join(role.replace("_", " ") for role in one.roles),
             "" if one.active else "deactivated") for one in found]
    lines = table(("Email", "Name", "Organisations", "Roles", ""), rows) if rows else ["There is no account yet."]
    show(as_json, [asdict(one) for one in found], lines)
