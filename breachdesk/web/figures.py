"""The year's figures as a page, a spreadsheet and JSON: real counts for those who run the scheme, the public edition for everybody else."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from breachdesk.casework.figures import as_csv, year_figures, years_with_cases
from breachdesk.casework.schemes_shown import SchemeShown, all_shown
from breachdesk.errors import NotFound
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.statistics.figures import PUBLIC, STEERING, Figures
from breachdesk.statistics.tables import as_json
from breachdesk.statistics.years import Year
from breachdesk.web.charts import bar_chart, chart_svg

pages = Blueprint("figures", __name__)
# Who sees real counts.
_INSIDE = ("coordinator", "steering_group", "auditor")
# One message a chart: what is drawn beside its table.
_DRAWN = ("E2-E6", "E1", "F1", "A3")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: of which scheme, in which edition, and whether the reader may choose the edition."""

    shown: SchemeShown
    figures: Figures
    years: tuple[Year, ...]
    may_see_all: bool


def _asked(edition: str) -> Asked:
    """The figures that the address asks for. EDITION empty: the fullest that this person may see."""
    slug, year = request.args.get("scheme", "")[:100], request.args.get("year", "")[:20]
    with reading() as session:
        known = all_shown(session, the_desk())
        shown = next((one for one in known if slug in ("", one.slug)), None)
        if shown is None:
            raise NotFound("There is no such scheme on this desk. Go to the start page.")
        scheme_id = the_desk().scheme(session, shown.slug).id
        may_see_all = any(the_actor().holds(role, scheme_id) for role in _INSIDE)
        years = years_with_cases(session, the_desk(), shown.slug)
        figures = year_figures(session, the_desk(), shown.slug, _known_year(year, years), public=edition == PUBLIC or not may_see_all)
    return Asked(shown, figures, years, may_see_all)


def _known_year(label: str, years: tuple[Year, ...]) -> str:
    """The label, when it is one of those offered or none: a year before the first complaint or after this one has no figures."""
    if label and label not in {year.label for year in years}:
        offered = ", ".join(year.label for year in years)
        raise NotFound(f"There are no figures for “{label}”. There are some for: {offered}.")
    return label


@pages.get("/figures")
@needs(Permission.READ_FIGURES)
def page() -> str:
    asked = _asked(request.args.get("edition", ""))
    with reading() as session:
        others = [one for one in all_shown(session, the_desk()) if one.slug != asked.shown.slug]
    figures = asked.figures
    charts = _charts(figures)
    single = [one for one in figures.measures if not one.parts]
    broken_down = [one for one in figures.measures if one.parts]
    return render_template("figures/page.html", asked=asked, figures=figures, others=others, charts=charts, single=single,
                           broken_down=broken_down, steering=STEERING, public=PUBLIC)


def _charts(figures: Figures) -> dict[str, str]:
    """Measure → its chart as inline SVG, where there is something to draw."""
    drawn: dict[str, str] = {}
    for measure in figures.measures:
        if measure.id in _DRAWN and measure.value and any(part.count is not None for part in measure.parts):
            drawing = chart_svg(bar_chart(measure.title, [(part.label, part.count) for part in measure.parts]))
            if not drawing:     # What failed once would fail again; the tables say the same, and nobody waits for them.
                break
            drawn[measure.id] = drawing
    return drawn


@pages.get("/figures.csv")
@needs(Permission.READ_FIGURES)
def as_spreadsheet() -> Response:
    asked = _asked(request.args.get("edition", ""))
    return _file(as_csv(asked.figures), "text/csv; charset=utf-8", asked, "csv")


@pages.get("/figures.json")
@needs(Permission.READ_FIGURES)
def as_data() -> Response:
    asked = _asked(request.args.get("edition", ""))
    return _file(json.dumps(as_json(asked.figures), ensure_ascii=False, indent=2), "application/json", asked, "json")


def _file(text: str, kind: str, asked: Asked, ending: str) -> Response:
    name = f"{asked.shown.slug}-{asked.figures.year.label}-{asked.figures.edition}.{ending}"
    return Response(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
