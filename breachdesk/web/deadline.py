"""The public page that says when a limit ends and why, by the same ledger as every case. Nothing is kept, nobody signs in."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request

from breachdesk.casework.calendars import NAMES
from breachdesk.casework.deadlines import FIRST_YEAR, LAST_YEAR, Reckoned, in_words, reckon
from breachdesk.errors import Invalid
from breachdesk.gate.current import today
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.timekeeping.calendars import CalendarEnds
from breachdesk.timekeeping.ledger import Day
from breachdesk.timekeeping.limits import parse_limit
from breachdesk.web.forms import fields_for, sent_answers, summary, typed_days
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask

pages = Blueprint("deadline", __name__)
MOST_DAYS = 800
UNITS = {"working days": "Working days", "days": "Days of any kind", "weeks": "Weeks", "months": "Months"}
ASKS = (
    Ask("from", "From which day?", "date", hint="The day on which it arrived or happened. Counting starts on the day after."),
    Ask("long", "How long?", "number", least=1, most=9999),
    Ask("unit", "Of what?", "choice", choices=UNITS),
    Ask("calendar", "Whose bank holidays?", "choice", choices=NAMES),
)


@pages.get("/deadline")
@needs(Permission.READ_PUBLIC_PAGES)
def page() -> str | tuple[str, int]:
    raw = sent_answers(request.args, ASKS)
    found, wrong = _reckoned(raw) if raw else (None, {})
    usual = {"unit": "working days", "calendar": "england-and-wales"}
    fields = fields_for(ASKS, {**usual, **raw}, Offered(), wrong, typed_days(request.args, ASKS))
    shown = render_template("deadline/page.html", fields=fields, found=found, days=_listed(found), words=in_words(found) if found else "",
                            errors=summary(fields, wrong))
    return (shown, 422) if wrong else shown


def _reckoned(raw: dict[str, object]) -> tuple[Reckoned | None, dict[str, str]]:
    """The answer, or what is wrong with each field."""
    try:
        answers = read_answers(ASKS, raw, Offered(), today())
        start = answers["from"]
        limit = parse_limit(f"{answers['long']} {answers['unit']}")
        return reckon(str(answers["calendar"]), start if isinstance(start, date) else today(), limit), {}
    except Invalid as error:
        return None, dict(error.fields)
    except (CalendarEnds, ValueError, OverflowError):
        return None, {"long": f"That ends too late: days from {FIRST_YEAR} to {LAST_YEAR} are known here. Give a shorter limit."}


def _listed(found: Reckoned | None) -> tuple[Day, ...]:
    """The days to list: none when there would be too many for a page."""
    return found.days if found and len(found.days) <= MOST_DAYS else ()
