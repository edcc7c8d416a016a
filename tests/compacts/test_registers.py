"""Registers: CSV to the commitments of one edition."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.compacts.editions import Commitment, Measure
from breachdesk.compacts.registers import EXAMPLE, read_register
from breachdesk.errors import BadCompact


def test_the_example_becomes_four_commitments() -> None:
    register = read_register(EXAMPLE, "r.csv")

    assert [(row.line, row.commitment.code, row.commitment.owed_by) for row in register.rows] == [
        (2, "1.1", "statutory"), (3, "1.2", "voluntary"), (4, "2.1", "statutory"), (5, "2.2", "jointly")]
    assert register.commitments[2] == Commitment("2.1", "Funding", "2. Grants", "statutory",
                                                 "Give three months' notice in writing, with reasons.",
                                                 Measure(True, "3 months", "written notice"))
    assert (register.edition, register.dated_on, register.status) == ("", None, "")


def test_what_the_columns_say_of_the_edition_is_taken_and_an_empty_cell_says_nothing() -> None:
    register = read_register("code,theme,owed_by,text,edition,dated_on,status\n1,A,jointly,Talk.,V2,2026-04-01,adopted\n"
                             "2,A,jointly,Meet.,,,\n", "r.csv")

    assert (register.edition, register.dated_on, register.status) == ("V2", date(2026, 4, 1), "adopted")


def test_a_theme_without_sections_is_its_own_section() -> None:
    assert read_register("code,theme,owed_by,text\n1,Grants,jointly,Talk.\n", "r.csv").commitments[0].section == "Grants"


@pytest.mark.parametrize("text", [
    "Code , THEME,owed_by,text\n1,A,jointly,Talk.\n",           # Headings in whatever letters.
    "text,owed_by,theme,code\nTalk.,jointly,A,1\n",             # Columns in whatever order.
    "code,theme,owed_by,text\r\n1,A,jointly,Talk.\r\n",         # Line ends of another system.
    "\ncode,theme,owed_by,text\n\n,,,\n 1 ,A,jointly,Talk.",    # Empty rows, blanks at the edges, no last line end.
])
def test_the_same_table_may_be_written_in_several_ways(text: str) -> None:
    assert read_register(text, "r.csv").commitments == (Commitment("1", "A", "A", "jointly", "Talk."),)


def test_a_wording_keeps_its_lines_its_quotes_and_what_a_spreadsheet_would_take_for_a_formula() -> None:
    register = read_register('code,theme,owed_by,text\n1,A,jointly,"=SUM(A1), or:\n- ""all""\n- none"\n', "r.csv")

    assert register.commitments[0].text == '=SUM(A1), or:\n- "all"\n- none'


def test_all_that_is_wrong_is_said_in_one_run() -> None:
    text = "code,theme,owed_by,text,measure\n1 1,A,council,,long\n1.2,,statutory,Pay.\n1.3,A,statutory,Pay.,\n1.3,A,both,Pay.,\n"

    with pytest.raises(BadCompact) as raised:
        read_register(text, "r.csv")

    assert [(one.line, one.column) for one in raised.value.faults] == [(2, 1), (2, 3), (2, 4), (2, 5), (3, 1), (5, 1), (5, 3)]


@given(st.data())
def test_a_register_with_a_piece_torn_out_is_read_or_faulted_and_never_breaks_the_reader(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(EXAMPLE)))
    end = data.draw(st.integers(start, len(EXAMPLE)))

    with suppress(BadCompact):
        read_register(EXAMPLE[:start] + EXAMPLE[end:], "r.csv")


@given(st.text())
def test_any_text_at_all_is_read_or_faulted(text: str) -> None:
    with suppress(BadCompact):
        read_register(text, "r.csv")
