"""`breachdesk case`: lodging, acting and looking, by the same way and with the same checks as on the pages."""

from __future__ import annotations

import json
from pathlib import Path

import click

from breachdesk.casework.act import Step, act, case_roles
from breachdesk.casework.case_lists import CaseLine, list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import NO_MASK, mask_for
from breachdesk.casework.open_case import open_case
from breachdesk.cli.case_told import line_data, list_lines, page_data, page_lines
from breachdesk.cli.examples import lodging_example, step_example
from breachdesk.cli.files import FILE, read_answers_file
from breachdesk.cli.output import json_option, show, the_actor, the_desk, the_scheme
from breachdesk.cli.person import erase_case
from breachdesk.cli.telling import done_data, done_lines
from breachdesk.clock import local_day, wall_time
from breachdesk.errors import Invalid, NotFound
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.store import people
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.strict_yaml import did_you_mean

EXAMPLE_HELP = "Print a filled-in file to start from, and do nothing else."


@click.group()
def command() -> None:
    """Lodge a complaint, take a step, look at a case."""


command.add_command(erase_case)


@command.command()
@click.option("--as", "email", metavar="EMAIL", help="Who complains: the address of an account.")
@click.option("--file", "file", type=FILE, metavar="FILE", help="The answers, as JSON.")
@click.option("--scheme", metavar="SCHEME", help="The scheme's short name; may be left out when there is only one.")
@click.option("--example", is_flag=True, help=EXAMPLE_HELP)
@json_option
def lodge(email: str | None, file: Path | None, scheme: str | None, example: bool, as_json: bool) -> None:
    """Make a complaint, from a file with the answers."""
    if example:
        click.echo(_as_file(_lodging_example(email)))
        return
    if not email or not file:
        raise click.UsageError("Say who complains (--as EMAIL) and with which answers (--file FILE; see --example).")
    answers = read_answers_file(file)
    with the_desk() as desk:
        with desk.database.read() as session:
            actor, where = the_actor(session, desk, email), the_scheme(session, scheme)
        done = open_case(desk, actor, where, answers)
        with desk.database.read() as session:
            data, lines = done_data(session, desk, done), done_lines(session, desk, actor, done)
    show(as_json, data, lines)


def _lodging_example(email: str | None) -> dict[str, object]:
    """The example for somebody; without a desk, as a member would give it today."""
    try:
        with the_desk() as desk, desk.database.read() as session:
            actor = the_actor(session, desk, email) if email else None
            coordinator = actor is not None and any(role == "coordinator" for _, role in actor.roles)
            return lodging_example(local_day(desk.now(session)), coordinator=coordinator)
    except NotFound:
        if email:
            raise
        return lodging_example(local_day(wall_time()), coordinator=False)


def _as_file(answers: dict[str, object]) -> str:
    return json.dumps(answers, ensure_ascii=False, indent=2)


@command.command("act")
@click.argument("reference", metavar="REF")
@click.argument("action", metavar="ACTION")
@click.option("--as", "email", metavar="EMAIL", help="Who does it: the address of an account.")
@click.option("--file", "file", type=FILE, metavar="FILE", help="The answers, as JSON; for a step without questions, none.")
@click.option("--for", "organisation", metavar="ORGANISATION",
              help="For which organisation, by its short name, where there could be several.")
@click.option("--example", is_flag=True, help=EXAMPLE_HELP + " It answers the questions of ACTION in this case.")
@json_option
def act_(reference: str, action: str, email: str | None, file: Path | None, organisation: str | None, example: bool,
         as_json: bool) -> None:
    """Take a step in a case. Which steps there are: breachdesk case show REF."""
    if not example and not email:
        raise click.UsageError("Say who does it: --as EMAIL.")
    answers = read_answers_file(file) if file and not example else {}
    with the_desk() as desk:
        with desk.database.read() as session:
            actor = the_actor(session, desk, email) if email else None
            if example or actor is None:
                click.echo(_as_file(step_example(session, desk, actor, reference, action)))
                return
            party = _party(session, desk, actor, reference, organisation) if organisation else 0
        done = act(desk, actor, reference, Step(action, answers, party=party))
        with desk.database.read() as session:
            data, lines = done_data(session, desk, done), done_lines(session, desk, actor, done)
    show(as_json, data, lines)


def _party(session: Session, desk: Desk, actor: Actor, reference: str, slug: str) -> int:
    """The id of the party that an organisation is in a case. Raises NotFound, for the case, and Invalid."""
    case_page(session, desk, actor, reference, asking=())
    read = read_case(session, reference=reference, to_change=False)
    slugs = {organisation_id: name for organisation_id, name, *_ in people.organisations(session)}
    # An organisation that is not named to them is as unknown as one that is not there.
    mask = mask_for(session, actor, read, case_roles(actor, read)) if read else NO_MASK
    parties = {slugs[party.organisation_id]: party.id for party in (read.parties if read else ()) if party.id not in mask.parties}
    if slug not in parties:
        raise Invalid({"for": f"“{slug[:60]}” is no party in {reference}{did_you_mean(slug, parties)}."})
    return parties[slug]


@command.command("list")
@click.option("--as", "email", metavar="EMAIL", help="What this person sees. Without it: every case, and nobody's words.")
@click.option("--open/--closed", "open_only", default=None, help="Only those that go on, by what is due next; or only those that ended.")
@json_option
def list_them(email: str | None, open_only: bool | None, as_json: bool) -> None:
    """The cases that somebody sees."""
    with the_desk() as desk, desk.database.read() as session:
        found = _all_cases(session, desk, the_actor(session, desk, email) if email else THE_OPERATOR, open_only)
    show(as_json, [line_data(line) for line in found], list_lines(found))


def _all_cases(session: Session, desk: Desk, actor: Actor, open_only: bool | None) -> list[CaseLine]:
    found, place = list_cases(session, desk, actor, open_only=open_only, most=200)
    while place:
        more, place = list_cases(session, desk, actor, open_only=open_only, after=place, most=200)
        found += more
    return found


@command.command("show")
@click.argument("reference", metavar="REF")
@click.option("--as", "email", metavar="EMAIL", help="What this person sees. Without it: where the case stands, and nobody's words.")
@click.option("--explain", is_flag=True, help="Why each date: every day, and why it was counted or not. JSON always has it.")
@json_option
def show_one(reference: str, email: str | None, explain: bool, as_json: bool) -> None:
    """One case: where it stands, what is due when, what can be done by whom and why not, and what happened."""
    with the_desk() as desk, desk.database.read() as session:
        page = case_page(session, desk, the_actor(session, desk, email) if email else THE_OPERATOR, reference)
    show(as_json, page_data(page), page_lines(page, explain))
