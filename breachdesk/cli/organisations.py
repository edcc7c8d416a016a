"""`breachdesk organisation`: the bodies that sign a Compact or work under one, and what is known of them over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.desk import Desk
from breachdesk.casework.people import organisations
from breachdesk.casework.people.accounts import SECTORS, add_organisation
from breachdesk.casework.people.organisations_shown import OrganisationPage, organisation_page
from breachdesk.cli.output import json_option, long_day, show, table, the_desk
from breachdesk.identity import MEMBERSHIPS, THE_OPERATOR, Actor
from breachdesk.store import people
from breachdesk.store.session import Session

SLUG = click.argument("slug", metavar="ORGANISATION")
Work = Callable[[Session, Desk, Actor, str, Mapping[str, object]], object]


@click.group()
def command() -> None:
    """Organisations that sign a Compact or work under one."""


@command.command()
@click.option("--name", required=True, metavar="NAME", help="The name as people write it.")
@click.option("--sector", required=True, metavar="SECTOR", help=f"One of: {', '.join(SECTORS)}.")
@click.option("--kind", default="", metavar="KIND", help="What it is, like “district council” or “charity”.")
@click.option("--area", default="", metavar="AREA", help="Where it works.")
@json_option
def add(name: str, sector: str, kind: str, area: str, as_json: bool) -> None:
    """Add an organisation; its short name is made from its name."""
    with the_desk() as desk:
        slug = desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, name, sector, kind=kind, area=area))
    show(as_json, {"slug": slug, "name": name, "sector": sector}, [f"{name} is added. In files and commands it is called {slug}."])


@command.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """Every organisation, with the short name that files and commands use."""
    with the_desk() as desk, desk.database.read() as session:
        found = people.organisations(session)
    rows = [(slug, name, sector) for _, slug, name, sector in found]
    lines = table(("Short name", "Name", "Sector"), rows) if rows else ["There is no organisation yet."]
    show(as_json, [dict(zip(("slug", "name", "sector"), row, strict=True)) for row in rows], lines)


@command.command("show")
@SLUG
@json_option
def show_one(slug: str, as_json: bool) -> None:
    """One organisation: its names over time, its people, who came before and after it, who funds whom."""
    with the_desk() as desk, desk.database.read() as session:
        one = organisation_page(session, desk, THE_OPERATOR, slug)
    show(as_json, asdict(one), _told(one))


def _told(one: OrganisationPage) -> list[str]:
    lines = [f"{one.name} ({one.sector} sector{', ' + one.kind if one.kind else ''}{', ' + one.area if one.area else ''})"]
    lines += [f"  signatory from {long_day(one.signatory_from)}"] if one.signatory_from else []
    lines += [f"  called {name.name} until {long_day(name.until_on)}" for name in one.names if name.until_on]
    lines += [f"  came after {each.name} on {long_day(each.from_on)}" for each in one.predecessors]
    lines += [f"  {each.name} came after it on {long_day(each.from_on)}" for each in one.successors]
    lines += [f"  {each.id}: {'funds' if each.gives else 'is funded by'} {each.name} from {long_day(each.from_on)}"
              f"{' to ' + long_day(each.to_on) if each.to_on else ''}" for each in one.funding]
    return lines + [f"  {each.name}: {MEMBERSHIPS[each.kind]} ({each.state})" for each in one.members]


@command.command()
@SLUG
@click.option("--sector", default="", metavar="SECTOR", help=f"One of: {', '.join(SECTORS)}; as it is, when it is left out.")
@click.option("--kind", metavar="KIND", help="What it is, like “district council”.")
@click.option("--area", metavar="AREA", help="Where it works.")
@click.option("--signed", "signatory_from", metavar="DAY", help="When it signed the Compact.")
@click.option("--signed-until", "signatory_to", metavar="DAY", help="On which day that ended.")
def change(slug: str, **given: str | None) -> None:
    """Change what is known of an organisation; what is left out stays as it is."""
    with the_desk() as desk, desk.database.read() as session:
        one = organisation_page(session, desk, THE_OPERATOR, slug)
        known = {ask.name: getattr(one, ask.name) for ask in organisations.CHANGE}
    _do(slug, organisations.change_organisation, {**known, **{name: value for name, value in given.items() if value}}, "Saved.")


@command.command()
@SLUG
@click.option("--name", required=True, metavar="NAME", help="What it is called now.")
@click.option("--from", "from_on", required=True, metavar="DAY", help="From which day.")
def rename(slug: str, name: str, from_on: str) -> None:
    """Give an organisation another name from a day on; its short name stays."""
    _do(slug, organisations.rename_organisation, {"name": name, "from_on": from_on}, f"It is called {name} from {from_on}.")


@command.command()
@SLUG
@click.option("--by", "other", required=True, metavar="ORGANISATION", help="The organisation that came after it.")
@click.option("--from", "from_on", required=True, metavar="DAY", help="On which day.")
def succeeded(slug: str, other: str, from_on: str) -> None:
    """Say which organisation came after one."""
    _do(slug, organisations.link_organisations, {"other": other, "which": "successor", "from_on": from_on}, f"{other} came after {slug}.")


@command.command()
@SLUG
@click.option("--to", "other", required=True, metavar="ORGANISATION", help="The organisation that is funded.")
@click.option("--from", "from_on", required=True, metavar="DAY", help="From which day.")
@click.option("--until", "to_on", metavar="DAY", help="Until which day, when that is known.")
def funds(slug: str, other: str, from_on: str, to_on: str | None) -> None:
    """Say that an organisation funds another one."""
    answers = {"other": other, "which": "funded", "from_on": from_on, **({"to_on": to_on} if to_on else {})}
    _do(slug, organisations.note_funding, answers, f"{slug} funds {other}.")


@command.command("funding-ended")
@SLUG
@click.argument("number", type=int)
@click.option("--on", "to_on", required=True, metavar="DAY", help="The last day.")
def funding_ended(slug: str, number: int, to_on: str) -> None:
    """Say until when the funding NUMBER lasted, as `organisation show` numbers it."""
    with the_desk() as desk:
        desk.database.transact(lambda session: organisations.end_funding(session, desk, THE_OPERATOR, slug, number, {"to_on": to_on}))
    show(False, None, ["Saved."])


def _do(slug: str, work: Work, answers: Mapping[str, object], said: str) -> None:
    with the_desk() as desk:
        desk.database.transact(lambda session: work(session, desk, THE_OPERATOR, slug, {
            name: answer for name, answer in answers.items() if answer not in ("", None)}))
    show(False, None, [said])
