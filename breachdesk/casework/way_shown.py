"""The way of a case through its procedure's picture, from its timeline: drawn for wide and narrow pages, in this case's names and days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from breachdesk.casework.case_views import CasePage
from breachdesk.clock import local_day
from breachdesk.timekeeping.said import said_date, said_day
from breachdesk.workflow.definition import CLOCK
from breachdesk.workflow.drawing.drawn import NARROW
from breachdesk.workflow.drawing.picture import START, picture_of
from breachdesk.workflow.drawing.svg import svg_of
from breachdesk.workflow.drawing.way import Passed, way_of
from breachdesk.workflow.wording import fill_known


@dataclass(frozen=True, slots=True)
class WayShown:
    """The drawing twice, beside its words and under them, and the version of the procedure that it is a part of."""

    wide: str
    narrow: str
    procedure: str
    version: str


def way_shown(case: CasePage) -> WayShown:
    """Where the case has been, where it is and what can come next."""
    procedure = case.procedure
    days = {one.kind: said_day(one.due_on) for one in case.deadlines if one.due_on}
    words = {**days, "complainant": case.complainant, "respondent": case.respondent, "reference": case.reference}
    passed = list(_passed(case))
    named = replace(procedure, roles={**procedure.roles, "complainant": case.complainant, "respondent": case.respondent})
    picture = picture_of(named, partial(fill_known, words=words), ahead_of=case.status)
    way = way_of(picture, passed, case.status, f"The way of {case.reference} so far")
    return WayShown(svg_of(way, id="wide"), svg_of(way, NARROW, id="narrow"), procedure.name, procedure.version)


def _passed(case: CasePage) -> Iterator[Passed]:
    """The steps that led the case on. A status of an earlier version that is gone from this one is passed over: it has no place here."""
    here, procedure = START, case.procedure
    for step in reversed(case.timeline):
        if not step.target or step.target not in procedure.statuses:
            continue
        source = step.source if step.source == START or step.source in procedure.statuses else here
        if source != step.target:
            yield Passed(step.action, step.title, source, step.target, said_date(local_day(step.at)),
                         step.role == procedure.roles.get(CLOCK))
        here = step.target
