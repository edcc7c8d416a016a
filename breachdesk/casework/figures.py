"""The year's figures: from the entries of the log, which is the only source, to `statistics`, which counts them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.desk import Desk
from breachdesk.casework.holdings_shown import position_labels, remedy_kinds
from breachdesk.clock import local_day
from breachdesk.errors import Invalid
from breachdesk.statistics.disclosure import public_edition
from breachdesk.statistics.measures import Figures, LoggedEvent, Words, figures_for
from breachdesk.statistics.tables import COLUMNS, as_rows
from breachdesk.statistics.years import Year, year_called, year_of, years_between
from breachdesk.store import audit_log, procedures, reading, schemes
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.workflow.definition import Procedure

# A spreadsheet takes a cell that begins so for a formula.
CONCERN = "concern:noted"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝")


def year_figures(session: Session, desk: Desk, scheme_slug: str, year: str = "", *, public: bool = False,
                 until: datetime | None = None) -> Figures:
    """The figures of a scheme's year (“2025-26”), by default the one that runs; with PUBLIC, the edition that anybody may read; UNTIL a
    moment, what the log said then.

    Raises NotFound for the scheme, Invalid for the year, Refused when a public edition is asked for and the figures do not balance.
    """
    scheme = desk.scheme(session, scheme_slug)
    today = local_day(until or desk.now(session))
    procedure = desk.procedure(session, scheme.procedure_digest)
    stages, outcomes = _stages_and_outcomes(session, desk, scheme)
    figures = figures_for(_logged_events(session, scheme, until), _year(scheme, year) if year else year_of(today, scheme.year_starts),
                          stages=stages, outcomes=outcomes, themes=_themes(session, scheme),
                          words=_words(session, scheme, procedure), data_as_at=today)
    return public_edition(figures) if public else figures


def _stages_and_outcomes(session: Session, desk: Desk, scheme: SchemeHead) -> tuple[dict[str, str], dict[str, str]]:
    """The stages and outcomes of every version that its cases went by; those of the one that new cases begin under come first."""
    stages: dict[str, str] = {}
    outcomes: dict[str, str] = {}
    for digest in dict.fromkeys((scheme.procedure_digest, *procedures.gone_by(session, scheme.id))):
        procedure = desk.procedure(session, digest)
        stages = {**stages, **{name: title for name, title in procedure.stages.items() if name not in stages}}
        outcomes = {**outcomes, **{name: title for name, title in procedure.outcomes.items() if name not in outcomes}}
    return stages, outcomes


def years_with_cases(session: Session, desk: Desk, scheme_slug: str) -> tuple[Year, ...]:
    """The years for which a scheme has figures, oldest first: from its first complaint to the one that runs. Raises NotFound."""
    scheme = desk.scheme(session, scheme_slug)
    today = local_day(desk.now(session))
    received = [str(one.facts["received_on"]) for one in _logged_events(session, scheme) if one.event == "case:opened"]
    first = datetime.fromisoformat(min(received)).date() if received else today
    return years_between(first, today, scheme.year_starts)


def _logged_events(session: Session, scheme: SchemeHead, until: datetime | None = None) -> Iterator[LoggedEvent]:
    """The entries of a scheme's cases (UNTIL a moment), in the order of the log, as the figures read them: only what it says itself."""
    for subject, body in _bodies(session, scheme):
        content: Any = read_body(body)
        at = datetime.fromisoformat(content["at"])
        if (subject or content["facts"]["scheme"] == scheme.slug) and (until is None or at <= until):
            yield LoggedEvent(subject, content["event"], local_day(at), content["facts"])


def _bodies(session: Session, scheme: SchemeHead) -> Iterator[tuple[int, bytes]]:
    yield from ((case_id, body) for case_id, _, body in audit_log.scheme_entries(session, scheme.id))
    yield from ((audit_log.DESK_SUBJECT, body) for body in audit_log.desk_entries_called(session, CONCERN))


def as_csv(figures: Figures) -> str:
    """The figures as a file for a spreadsheet. A text that it would take for a formula is marked as text."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for row in as_rows(figures):
        writer.writerow({name: f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for name, cell in row.items()})
    return out.getvalue()


def _year(scheme: SchemeHead, label: str) -> Year:
    try:
        return year_called(label, scheme.year_starts)
    except ValueError as error:
        raise Invalid({"year": str(error)}) from None


def _words(session: Session, scheme: SchemeHead, procedure: Procedure) -> Words:
    return Words(position_labels(procedure), remedy_kinds(procedure), reading.codes_of(session, scheme.id))


def _themes(session: Session, scheme: SchemeHead) -> dict[int, str]:
    """Every theme that the scheme's Compact has, in its order, and those of commitments that cases name."""
    operated = {row.id: row.theme for row in schemes.commitments_on(session, scheme.id, None)}
    return operated | reading.themes_of(session, scheme.id)
