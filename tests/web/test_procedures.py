"""A page for each procedure: drawn, in words, and to take away; drafts only for those who can publish them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import Cast
from web.page_reader import Page, PageReader

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.publishing import add_draft
from breachdesk.resources import text
from breachdesk.workflow.loading import load_procedure

Reader = Callable[[str], PageReader]
FILE = text("workflows", "procedures", "compact-dispute.v1.yaml")
HERE = "/procedures/compact-dispute/1"


def rows(page: Page, caption: str) -> list[str]:
    table = next(table for table in page.all("table") if table.one("caption").text.startswith(caption))
    return [row.text for row in table.one("tbody").all("tr")]


@pytest.fixture
def draft(desk: Desk) -> str:
    """The address of a second version that is not published."""
    desk.database.transact(lambda session: add_draft(session, desk, BY_OPERATOR, FILE.replace('version: "1"', 'version: "2"', 1), "x.yaml"))
    return "/procedures/compact-dispute/2"


def test_the_page_of_a_procedure_shows_the_picture_for_wide_and_narrow_pages_and_the_same_in_a_table(reader: Reader) -> None:
    page = reader("").open(HERE)

    assert page.heading == "What to do if things go wrong"
    wide, narrow = page.all("svg")
    for picture in (wide, narrow):
        region = picture.parent
        assert region is not None
        assert (region["tabindex"], region["role"], region["aria-label"]) == ("0", "region", "The procedure as a picture")
        assert {one["data-status"] for one in picture.all("g") if one["data-status"]} == set(load_procedure(FILE, "x.yaml").statuses)
    for words in (r"Refuse the complaint .*the coordinator.* \d+\. Being checked \d+\. Closed, as “Not admissible”",
                  r"The clock asks for a critical friend the clock \d+\. Answered, not yet settled \d+\. Being checked\. After 20 .*",
                  r"Make a complaint .* Not begun 1\. Received"):
        assert [row for row in rows(page, "Steps") if re.fullmatch(words, row)], words


def test_what_a_schemes_next_case_goes_by_is_told_shortly_and_leads_to_the_whole(reader: Reader) -> None:
    scheme, version = reader("").open("/procedure"), reader("").open(HERE)

    assert scheme.heading == "How a complaint goes"
    assert rows(scheme, "Time limits") == rows(version, "Time limits")
    assert not scheme.all("svg")
    assert scheme.all("a", href=HERE)
    assert "{" not in version.main


@pytest.mark.parametrize(("form", "kind", "begins"), [
    ("svg", "image/svg+xml", "<?xml"), ("mermaid", "text/plain", "flowchart"), ("bpmn", "application/xml", "<?xml")])
def test_the_picture_can_be_taken_away(reader: Reader, form: str, kind: str, begins: str) -> None:
    answer = reader("").client.get(f"{HERE}/picture.{form}")

    assert answer.status_code == 200
    assert answer.mimetype == kind
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=\"procedure.")
    assert answer.text.startswith(begins)
    assert "Not settled with the critical friend" in answer.text


def test_a_form_that_there_is_not_is_not_found_in_words(reader: Reader) -> None:
    assert "The picture is to be had as svg, mermaid, bpmn" in reader("").open(f"{HERE}/picture.exe", 404).main
    assert "There is: compact-dispute 1" in reader("").open("/procedures/compact-dispute/7", 404).main


def test_drafts_are_for_those_who_can_publish_them(reader: Reader, draft: str, cast: Cast) -> None:
    assert "version 2" not in reader("").open("/procedures").main
    assert "version 2" not in reader("ruth").open("/procedures").main
    for path in (draft, f"{draft}/picture.svg"):
        assert [reader(name).client.get(path).status_code for name in ("", "ruth", "sid", "olive")] == [404, 404, 404, 200]
    assert "A draft: no case begins under it" in reader("olive").open("/procedures").main
    assert "This is a draft." in reader("olive").open(draft).main


def test_the_list_says_which_scheme_uses_which(reader: Reader) -> None:
    page = reader("").open("/procedures")

    assert "What to do if things go wrong, version 1 compact-dispute. Used in derby-and-derbyshire" in page.main
    assert page.one("a", class_="desk-list__link")["href"] == HERE
