"""What the Compact says, word for word: by theme and section, by search, and one page with its own address for each commitment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, render_template, request

from breachdesk.casework.schemes_shown import EDITION_STATUS, SchemeShown, all_shown
from breachdesk.casework.wordings_shown import against_today, spans, wordings_shown
from breachdesk.compacts.editions import Commitment, Edition
from breachdesk.errors import NotFound
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.web.front import asked_scheme, search

pages = Blueprint("commitments", __name__)
Sections = list[tuple[str, list[Commitment]]]


@pages.get("/commitments")
@needs(Permission.READ_PUBLIC_PAGES)
def browse() -> str:
    """All commitments of the edition that is operated, or those that a search finds."""
    shown = asked_scheme()
    with reading() as session:
        others = [one for one in all_shown(session, the_desk()) if one.slug != shown.slug]
    found = search(shown, request.args.get("words", ""))
    themes = _by_theme(shown.edition.commitments) if shown.edition else []
    status = EDITION_STATUS[shown.edition.status] if shown.edition else ""
    return render_template("commitments/browse.html", shown=shown, others=others, found=found, themes=themes, status=status)


@pages.get("/commitments/<label>/<code>")
@needs(Permission.READ_PUBLIC_PAGES)
def one(label: str, code: str) -> str:
    """One commitment of one edition, at an address that does not change when a later edition comes."""
    shown, edition, commitment = _found(label, code)
    codes = [other.code for other in edition.commitments]
    before, after = ([""] + codes)[codes.index(code)], (codes + [""])[codes.index(code) + 1]
    return render_template(
        "commitments/one.html", shown=shown, edition=edition, commitment=commitment, status=EDITION_STATUS[edition.status], before=before,
        after=after, in_use=spans(shown.scheme.operates, edition.label), otherwise=against_today(shown, edition, commitment),
        wordings=wordings_shown(shown, edition, commitment))


def _found(label: str, code: str) -> tuple[SchemeShown, Edition, Commitment]:
    """Which scheme's Compact has it: the one asked for, otherwise the first that does."""
    wanted = request.args.get("scheme", "")
    with reading() as session:
        known = [one for one in all_shown(session, the_desk()) if wanted in ("", one.slug)]
    for shown in known:
        for edition in shown.compact.editions:
            if edition.label == label and any(other.code == code for other in edition.commitments):
                return shown, edition, edition.commitment(code)
    raise NotFound(f"There is no commitment {code[:20]} in an edition {label[:20]}. All commitments are on the page Commitments.")


def _by_theme(commitments: Sequence[Commitment]) -> list[tuple[str, Sections]]:
    """Themes with their sections with their commitments, in the order of the Compact."""
    return [(theme, [(section, list(some)) for section, some in groupby(list(under), key=lambda one: one.section)])
            for theme, under in groupby(commitments, key=lambda one: one.theme)]
