"""`breachdesk concern`: what is no dispute and still worth remembering."""

from __future__ import annotations

from dataclasses import asdict

import click

from breachdesk.casework.concerns import concern_led_to, concerns_seen, note_concern
from breachdesk.cli.output import json_option, long_day, show, the_actor, the_desk, the_scheme

AS = click.option("--as", "email", required=True, metavar="EMAIL", help="Whose concern it is, or who looks: the address of an account.")


@click.group()
def command() -> None:
    """Concerns without a case: note one, list them, name the case that came of one."""


@command.command()
@AS
@click.option("--what", required=True, metavar="TEXT", help="What the concern is.")
@click.option("--about", default="", metavar="ORGANISATION", help="Which organisation it is about, by its short name.")
@click.option("--commitment", default="", metavar="NUMBER", help="Which commitment may not have been kept, like 13.2.")
@click.option("--advice", default="", metavar="TEXT", help="What advice was given.")
@click.option("--scheme", metavar="SCHEME", help="The scheme's short name; may be left out when there is only one.")
@json_option
def add(email: str, what: str, about: str, commitment: str, advice: str, scheme: str | None, as_json: bool) -> None:
    """Note a concern. Nobody is told, and it never counts as a case."""
    answers = {"what": what, "about": about, "commitment": commitment, "advice": advice}
    with the_desk() as desk:
        with desk.database.read() as session:
            actor, where = the_actor(session, desk, email), the_scheme(session, scheme)
        number = note_concern(desk, actor, where, {name: answer for name, answer in answers.items() if answer})
    show(as_json, {"number": number}, [f"Noted, as number {number}. Nobody was told, and no case has begun."])


@command.command("list")
@AS
@json_option
def list_them(email: str, as_json: bool) -> None:
    """The concerns that somebody sees: the coordinator those of the scheme, everybody else their own."""
    with the_desk() as desk, desk.database.read() as session:
        found = concerns_seen(session, the_actor(session, desk, email))
    lines = [f"{one.number}  {long_day(one.noted_on)}  {one.about or 'nobody named'}  {one.what}" for one in found]
    show(as_json, [asdict(one) for one in found], lines or ["There is no concern that you can see."])


@command.command()
@click.argument("number", type=int)
@click.argument("reference", metavar="REF")
@AS
def led(number: int, reference: str, email: str) -> None:
    """Name the case REF that came of the concern NUMBER."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor = the_actor(session, desk, email)
        concern_led_to(desk, actor, number, reference)
    show(False, None, [f"The case {reference} came of concern {number}."])
