"""`breachdesk compact`: what was promised, word for word. Works without a desk, with the Compacts that come with the product."""

from __future__ import annotations

import textwrap
from typing import Any

import click

from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.procedures.setting_up import shipped_compacts
from breachdesk.cli.importing import import_file
from breachdesk.cli.output import json_option, show, table, the_desk
from breachdesk.compacts.editions import Commitment, Compact, Edition
from breachdesk.errors import NotFound
from breachdesk.strict_yaml import did_you_mean

HELD = "held by this desk"


@click.group()
def command() -> None:
    """Compacts: what was promised, word for word."""


command.add_command(import_file)


def _known_to_all() -> dict[str, tuple[Compact, str, str]]:
    """slug → the Compact, where it is from, and its file; what the desk holds counts before what comes with the product."""
    known = {slug: (compact, "comes with Breachdesk", text) for slug, (compact, text) in shipped_compacts().items()}
    try:
        with the_desk() as desk, desk.database.read() as session:
            held = all_held(session)
    except NotFound:
        held = {}
    return known | {slug: (one.compact, HELD, one.file_text) for slug, one in held.items()}


@command.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """The Compacts that come with Breachdesk, and those of this desk."""
    found = _known_to_all()
    rows = [(slug, compact.title, ", ".join(f"{one.label} ({len(one.commitments) or 'no wording'})" for one in compact.editions), where)
            for slug, (compact, where, _) in found.items()]
    data = [{"slug": slug, "title": compact.title, "editions": [edition.label for edition in compact.editions],
             "commitments": {edition.label: len(edition.commitments) for edition in compact.editions}, "held": where == HELD}
            for slug, (compact, where, _) in found.items()]
    show(as_json, data, table(("Compact", "Title", "Editions (commitments)", ""), rows))


@command.command("show")
@click.argument("slug")
@click.option("--edition", metavar="LABEL", help="Which edition; without it, the newest.")
@click.option("--commitment", metavar="NUMBER", help="Only this commitment, with its number as printed, like 13.2.")
@click.option("--search", metavar="WORDS", help="Only the commitments with these words, the best first; the nearest, if none has all.")
@click.option("--file", "as_file", is_flag=True, help="Print the Compact's file instead, to change it and import it again.")
@json_option
def show_one(slug: str, edition: str | None, commitment: str | None, search: str | None, as_file: bool, as_json: bool) -> None:
    """One Compact: its commitments, who owes each, and their wording."""
    known = _known_to_all()
    if slug not in known:
        raise NotFound(f"There is no Compact “{slug[:60]}”{did_you_mean(slug, known)}.")
    compact, _, text = known[slug]
    if as_file:
        click.echo(text, nl=False)
        return
    wanted = compact.edition(edition) if edition else max(compact.editions, key=lambda one: one.dated_on)
    found, note = _wanted(wanted, commitment, search)
    data = {"slug": slug, "title": compact.title, "edition": wanted.label, "dated_on": wanted.dated_on, "status": wanted.status,
            "no_wording": wanted.no_wording or None, "numbers_are_ours": wanted.numbers_are_ours,
            "commitments": [_data(one) for one in found]}
    lines = [f"{compact.title}, edition {wanted.label} of {wanted.dated} ({wanted.status})", *_about_the_wording(wanted), *note]
    show(as_json, data, [*lines, *(line for one in found for line in _lines(compact, one))])


def _about_the_wording(edition: Edition) -> list[str]:
    """What somebody must know of an edition before reading it: whose its numbers are, and why there is no wording."""
    ours = ["The numbers are given by this desk; the text prints none."] if edition.numbers_are_ours else []
    follows = [f"It follows {edition.follows.title}, edition {edition.follows.edition}."] if edition.follows else []
    if edition.commitments:
        return [*ours, *follows]
    return [*ours, *follows, edition.no_wording, "No case can be taken until its register is imported: breachdesk compact import"]


def _wanted(edition: Edition, code: str | None, words: str | None) -> tuple[tuple[Commitment, ...], list[str]]:
    """The commitments asked for, and what to say about them."""
    if code:
        return (edition.commitment(code),), []
    if words is None:
        return edition.commitments, []
    if found := edition.search(words):
        return found, []
    return edition.nearest(words)[:5], ["", "No commitment has all these words. The nearest:"]


def _data(one: Commitment) -> dict[str, Any]:
    return {"code": one.code, "theme": one.theme, "section": one.section, "owed_by": one.owed_by, "wording": one.text,
            "measure": str(one.measure) if one.measure else None, "taken_from": one.taken_from or None}


def _lines(compact: Compact, one: Commitment) -> list[str]:
    owed = compact.vocabulary.get(one.owed_by, one.owed_by)
    measure = [f"      In numbers: {one.measure}"] if one.measure else []
    return ["", f"{one.code:<5} {one.theme} › {one.section} › {owed}",
            *textwrap.wrap(one.text, 96, initial_indent="      ", subsequent_indent="      "), *measure,
            *([f"      Taken from {one.taken_from}"] if one.taken_from else [])]
