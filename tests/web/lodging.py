"""A complaint as the tests of pages make it: its answers page by page, and how they are filled in."""

from __future__ import annotations

from typing import Any

from web.page_reader import Page, PageReader
from werkzeug.datastructures import MultiDict

from breachdesk.casework.drafts import save_answers
from breachdesk.clock import local_day
from breachdesk.store import people
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import DraftRow
from breachdesk.web.forms import sent_answers
from breachdesk.workflow.identity_modes import with_identity_asked

DRAFTS = table_of(DraftRow)
PAGES: list[dict[str, Any]] = [
    {"complainant": "riverside-carers", "contact": "Ruth Ferris, 01632 960200"},
    {"respondents": ["amberdale-council"]},
    {"event_on-day": "20", "event_on-month": "February", "event_on-year": "2026"},
    {"commitments": ["13.2"]},
    {"required": "three months", "happened": "one month"},
    {"title": "One month's notice", "what_happened": "A letter gave us\n\none month."},
    {"tried": "no"},
    {"outcome_sought": "Three months."},
    {"identity": "open"},
    {"notice_read": "yes"},
]


def begin(person: PageReader) -> Page:
    return person.send(person.open("/complain").form("/complain"))


def fill_in(person: PageReader, page: Page, answers: list[dict[str, Any]] = PAGES) -> Page:
    """Fill in the last page that is shown, after those before it: they are saved as their forms would be, and never sent.

    From the first page to the confirmation, each form is sent in a test of its own.
    """
    *before, last = answers
    address, number = page.path.rsplit("/", 1)
    _save(person, address.rsplit("/", 1)[1], MultiDict({name: value for one in before for name, value in one.items()}))
    return person.send(person.open(f"{address}/{int(number) + len(before)}").form(), last)


def _save(person: PageReader, draft: str, typed: MultiDict[str, str]) -> None:
    desk = person.app.extensions["breachdesk"]
    with desk.database.read() as session:
        row = session.first(DRAFTS.select().where(DRAFTS.c.id == draft))
        actor = people.actor_by_id(session, row.account_id, local_day(desk.now(session)))
        asks = with_identity_asked(desk.procedure(session, desk.scheme(session, "derby-and-derbyshire").procedure_digest).opening.asks)
    assert actor
    saved = sent_answers(typed, asks)
    save_answers(desk, actor, draft, tuple(saved), saved)
