"""`breachdesk audit`: the key that signs the log, who keeps what was signed, and the role that may only add to it."""

from __future__ import annotations

import re

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.log.checkpoint_copies import add_reader, mail_checkpoint, remove_reader
from breachdesk.casework.log.log_keys import public_keys, replace_lost_key, rotate_key
from breachdesk.casework.log.receipts import record_of
from breachdesk.casework.log.sealing import seal as seal_log
from breachdesk.casework.people.accounts import SECTORS
from breachdesk.cli.output import json_option, show, table, the_desk
from breachdesk.store import sealed
from breachdesk.store.guards import role_statements
from breachdesk.timekeeping.said import said_moment

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


@click.command()
@json_option
def key(as_json: bool) -> None:
    """Print the public key of the log, and those before it."""
    with the_desk() as desk, desk.database.read() as session:
        found = public_keys(session)
    show(as_json, [{"key": str(one), "from": begun, "until": until} for one, begun, until in found], [
        line for one, begun, until in found
        for line in (str(one), f"  since {said_moment(begun)}" + (f", until {said_moment(until)}" if until else ""))])


@click.command("rotate-key")
@click.option("--lost", is_flag=True, help="The file of the present key is lost; make a new one, and let the log say so.")
def rotate(lost: bool) -> None:
    """Sign with a new key from now on. The next checkpoint is signed by both, so that whoever knows the old one can trust the new."""
    with the_desk() as desk:
        new = replace_lost_key(desk, BY_OPERATOR) if lost else rotate_key(desk, BY_OPERATOR)
        seal_log(desk)
    click.echo(f"The log is signed with a new key. Tell those who keep the old one, and copy log-key with the backup:\n{new}")


@click.command()
@json_option
def seal(as_json: bool) -> None:
    """Seal what waits, now. While the desk is served this happens every minute by itself."""
    with the_desk() as desk:
        seal_log(desk)
        with desk.database.read() as session:
            found = record_of(session)
    show(as_json, {"entries": found.entries, "checkpoint": found.note}, [f"{found.entries:,} entries are sealed.", "", found.note.rstrip()])


@click.group()
def reader() -> None:
    """People who are sent the checkpoint once a day and keep it: best of all one in each sector."""


@reader.command("list")
@json_option
def list_readers(as_json: bool) -> None:
    """Who is sent the checkpoints, and the last that each was sent."""
    with the_desk() as desk, desk.database.read() as session:
        people, copies = sealed.readers(session), {row.kept_by: row for row in sealed.copies(session)}
    rows = [(one.name, one.address, one.sector, copies[one.address].size if one.address in copies else 0,
             (copies[one.address].trouble or "") if one.address in copies else "") for one in people]
    show(as_json, [dict(zip(("name", "address", "sector", "entries", "trouble"), row, strict=True)) for row in rows],
         table(("name", "address", "sector", "entries", "trouble"), rows) if rows else [
             "Nobody is sent the checkpoints. Name somebody in each sector: breachdesk audit reader add ADDRESS --name … --sector …"])


@reader.command("add")
@click.argument("address")
@click.option("--name", required=True, help="Whose letter box it is.")
@click.option("--sector", required=True, type=click.Choice(SECTORS))
def add(address: str, name: str, sector: str) -> None:
    """Send somebody the checkpoint, now and once a day when there is a new one."""
    with the_desk() as desk:
        add_reader(desk, BY_OPERATOR, name, address, sector)
        seal_log(desk)
        mail_checkpoint(desk)
    click.echo(f"{name} is sent the checkpoints from now on.")


@reader.command("remove")
@click.argument("address")
def remove(address: str) -> None:
    """Send somebody no more checkpoints. What they have stays good."""
    with the_desk() as desk:
        remove_reader(desk, BY_OPERATOR, address)
    click.echo(f"{address} is sent no more checkpoints.")


@click.command("postgres-role")
@click.argument("role")
def postgres_role(role: str) -> None:
    """Print what gives a ROLE of PostgreSQL all that the desk does, and of the log only reading and adding.

    Let the owner of the tables run it (breachdesk audit postgres-role desk_app | psql …), and let the desk sign in as that role.
    """
    if not _ROLE.fullmatch(role):
        raise click.BadParameter("Write a name of small letters, digits and underscores, like desk_app.", param_hint="ROLE")
    for statement in role_statements(role):
        click.echo(f"{statement};")
