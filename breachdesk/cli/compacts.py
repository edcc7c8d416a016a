"""`breachdesk compact`: what was promised, word for word. Works without a desk, with the Compacts that come with the product."""

from __future__ import annotations

import textwrap
from typing import Any

import click

from breachdesk.casework.setting_up import shipped_compacts
from breachdesk.cli.output import json_option, long_day, show, table, the_desk
from breachdesk.compacts.editions import Commitment, Compact, Edition
from breachdesk.compacts.loading import load_compact
from breachdesk.errors import NotFound
from breachdesk.store import schemes
from breachdesk.strict_yaml import did_you_mean


@click.group()
def command() -> None:
    """Compacts: what was promised, word for word."""


def known_compacts() -> dict[str, tuple[Compact, str]]:
    """slug → the Compact and where it is from; the desk's own text counts before the one that comes with the product."""
    known = {slug: (compact, "comes with Breachdesk") for slug, (compact, _) in shipped_compacts().items()}
    try:
        with the_desk() as desk, desk.database.read() as session:
            held = schemes.compact_texts(session)
    except NotFound:
        held = []
    return known | {slug: (load_compact(text, f"{slug}.yaml"), "held by this desk") for slug, text in held}


@command.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """The Compacts that come with Breachdesk, and those of this desk."""
    found = known_compacts()
    rows = [(slug, compact.title, ", ".join(edition.label for edition in compact.editions), where)
            for slug, (compact, where) in found.items()]
    data = [{"slug": slug, "title": compact.title, "editions": [edition.label for edition in compact.editions],
             "held": where == "held by this desk"} for slug, (compact, where) in found.items()]
    show(as_json, data, table(("Compact", "Title", "Editions", ""), rows))


@command.command("show")
@click.argument("slug")
@click.option("--edition", metavar="LABEL", help="Which edition; without it, the newest.")
@click.option("--commitment", metavar="NUMBER", help="Only this commitment, with its number as printed, like 13.2.")
@click.option("--search", metavar="WORDS", help="Only the commitments with these words, the best first; the nearest, if none has all.")
@json_option
def show_one(slug: str, edition: str | None, commitment: str | None, search: str | None, as_json: bool) -> None:
    """One Compact: its commitments, who owes each, and their wording."""
    known = known_compacts()
    if slug not in known:
        raise NotFound(f"There is no Compact “{slug[:60]}”{did_you_mean(slug, known)}.")
    compact, _ = known[slug]
    wanted = compact.edition(edition) if edition else max(compact.editions, key=lambda one: one.dated_on)
    found, note = _wanted(wanted, commitment, search)
    data = {"slug": slug, "title": compact.title, "edition": wanted.label, "dated_on": wanted.dated_on, "status": wanted.status,
            "commitments": [_data(one) for one in found]}
    lines = [f"{compact.title}, edition {wanted.label} of {long_day(wanted.dated_on)} ({wanted.status})", *note]
    show(as_json, data, [*lines, *(line for one in found for line in _lines(compact, one))])


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
            "measure": str(one.measure) if one.measure else None}


def _lines(compact: Compact, one: Commitment) -> list[str]:
    owed = compact.vocabulary.get(one.owed_by, one.owed_by)
    measure = [f"      In numbers: {one.measure}"] if one.measure else []
    return ["", f"{one.code:<5} {one.theme} › {one.section} › {owed}",
            *textwrap.wrap(one.text, 96, initial_indent="      ", subsequent_indent="      "), *measure]
