"""What everybody can read before anything happens: what this is, who can help, whether to complain, how a complaint goes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from breachdesk.casework.schemes_shown import SchemeShown, all_shown, helpers_shown, scheme_shown
from breachdesk.casework.who_reads import who_reads
from breachdesk.compacts.editions import Commitment
from breachdesk.errors import NotFound
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.store.schemes import all_schemes
from breachdesk.web.choosing import NO_WORDS
from breachdesk.web.forms import LONGEST_SEARCH

pages = Blueprint("front", __name__)
FEW = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What a search in everyday words came to. `near`: nothing had all of the words, so these have some of them."""

    words: str
    commitments: tuple[Commitment, ...]
    near: bool


def search(shown: SchemeShown, words: str, most: int = 0) -> Found:
    """The commitments of the edition operated today that fit somebody's words."""
    words = " ".join(words.split())[:LONGEST_SEARCH]
    if not words or shown.edition is None:
        return Found(words, (), False)
    exact = shown.edition.search(words)
    found = exact or shown.edition.nearest(words)
    return Found(words, found[:most] if most else found, near=bool(found) and not exact)


def asked_scheme() -> SchemeShown:
    """The scheme that the address asks for (`?scheme=`), or the first."""
    with reading() as session:
        return scheme_shown(session, the_desk(), request.args.get("scheme", "")[:100])


@pages.get("/")
@needs(Permission.READ_PUBLIC_PAGES)
def page() -> str:
    with reading() as session:
        return render_template("front/page.html", schemes=all_shown(session, the_desk()))


@pages.get("/help")
@needs(Permission.READ_PUBLIC_PAGES)
def help_people() -> str:
    with reading() as session:
        return render_template("front/help_people.html", schemes=helpers_shown(session, the_desk()))


@pages.get("/should-i-complain")
@needs(Permission.READ_PUBLIC_PAGES)
def should_i() -> str:
    """Search in everyday words, and a letter about the commitment that was chosen."""
    shown = asked_scheme()
    found = search(shown, request.args.get("words", ""), FEW)
    error = NO_WORDS if "words" in request.args and not found.words else ""
    return render_template("front/should_i.html", shown=shown, found=found, chosen=_chosen(shown, request.args.get("about", "")),
                           error=error)


def _chosen(shown: SchemeShown, code: str) -> Commitment | None:
    try:
        return shown.edition.commitment(code) if code and shown.edition else None
    except NotFound:
        return None


@pages.get("/accessibility")
@needs(Permission.READ_PUBLIC_PAGES)
def accessibility() -> str:
    with reading() as session:
        return render_template("front/accessibility.html", schemes=all_shown(session, the_desk()))


@pages.get("/privacy")
@needs(Permission.READ_PUBLIC_PAGES)
def privacy() -> str:
    with reading() as session:
        kept = {one.slug: one for one in all_schemes(session)}
        return render_template("front/privacy.html", schemes=all_shown(session, the_desk()), readers=who_reads(), kept=kept)
