from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.compacts.editions import Commitment, Compact, Edition, Measure, Operated, operated_on
from breachdesk.errors import NotFound

RESOURCES = "Allocating resources"
COMMITMENTS = (
    Commitment("1.1", "Involvement", "1. Consulting", "statutory", "Allow eight weeks for replies to a consultation."),
    Commitment("2.1", RESOURCES, "2. Grants", "statutory", "Pay in advance where parties agree."),
    Commitment("2.3", RESOURCES, "2. Grants", "statutory", "For a grant, give three months' notice when a grant ends."),
    Commitment("2.10", RESOURCES, "3. Reviews", "voluntary", "Tell each party about an organisation's processes and its grants."),
)
EDITION = Edition("V1", date(2016, 12, 8), "draft", "", (), COMMITMENTS, "")
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(("words", "codes"), [
    # Every word must occur; case and plural do not matter.
    ("GRANT notice", ["2.3"]),
    ("months", ["2.3"]), ("month", ["2.3"]),
    ("parties", ["2.1", "2.10"]), ("process", ["2.10"]), ("organisation", ["2.10"]),
    ("grant dispute", []),
    # The section and the number count as well, the wording counts for more.
    ("grants", ["2.3", "2.10", "2.1"]),
    ("2.3", ["2.3"]), ("2.1", ["2.1"]),
    # Small numbers are the same in words and in digits.
    ("8 weeks", ["1.1"]), ("three months", ["2.3"]), ("3 months", ["2.3"]),
    # Small words are passed over, alone they find nothing.
    ("What is our grant’s notice?", ["2.3"]),
    ("our", []), ("", []), ("?!", []),
])
def test_everyday_words_find_commitments(words: str, codes: list[str]) -> None:
    assert [one.code for one in EDITION.search(words)] == codes


def test_words_that_no_commitment_has_together_still_find_the_nearest() -> None:
    assert EDITION.search("cut our grant xyzzy") == ()
    assert "2.10" in [one.code for one in EDITION.nearest("cut our grant xyzzy")]
    assert EDITION.nearest("xyzzy") == EDITION.nearest("") == ()


@given(st.text())
def test_what_all_words_find_is_always_among_the_nearest(words: str) -> None:
    assert set(EDITION.search(words)) <= set(EDITION.nearest(words))


@given(st.sampled_from(COMMITMENTS))
def test_a_commitment_is_found_by_its_own_words(commitment: Commitment) -> None:
    assert commitment in EDITION.search(commitment.text)


def test_themes_come_once_and_in_order() -> None:
    assert EDITION.themes == ("Involvement", RESOURCES)


def test_a_commitment_and_an_edition_are_asked_for_by_name() -> None:
    compact = Compact("here", "The Compact", {}, (EDITION,))

    assert compact.edition("V1").commitment("2.10").owed_by == "voluntary"
    with pytest.raises(NotFound, match="There is no commitment 2.2 in edition V1."):
        EDITION.commitment("2.2")
    with pytest.raises(NotFound, match="There is no edition V9 of The Compact."):
        compact.edition("V9")


def test_a_commitment_through_the_editions_comes_in_the_order_of_their_dates() -> None:
    later = Edition("V2", date(2026, 4, 1), "adopted", "", (), (Commitment("2.1", RESOURCES, "2. Grants", "statutory", "Pay early."),))
    compact = Compact("here", "The Compact", {}, (later, EDITION))

    assert [(edition.label, one.text) for edition, one in compact.wordings("2.1")] == [
        ("V1", "Pay in advance where parties agree."), ("V2", "Pay early.")]
    assert [edition.label for edition, _ in compact.wordings("1.1")] == ["V1"]


def test_a_measure_reads_as_words() -> None:
    assert str(Measure(True, "3 months", "written notice")) == "at least 3 months of written notice"
    assert str(Measure(False, "3 years", "funding")) == "at most 3 years of funding"


@pytest.mark.parametrize(("day", "label"), [
    (date(2003, 1, 31), None),
    (date(2003, 2, 1), "2003"), (date(2016, 12, 7), "2003"),    # The last day still belongs to it.
    (date(2016, 12, 8), None),                                  # A day between two editions.
    (date(2016, 12, 9), "V0.4"), (date(2026, 1, 1), "V0.4"),
])
def test_each_day_has_the_edition_that_was_operated_on_it(day: date, label: str | None) -> None:
    operated = (Operated("2003", date(2003, 2, 1), date(2016, 12, 7)), Operated("V0.4", date(2016, 12, 9)))

    found = operated_on(operated, day)

    assert (found.edition_label if found else None) == label


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_with_editions_end_to_end_the_latest_that_had_begun_is_found(starts: list[date], day: date) -> None:
    starts.sort()
    ends = [*(later - timedelta(days=1) for later in starts[1:]), None]
    operated = [Operated(str(start), start, end) for start, end in zip(starts, ends, strict=True)]

    found = operated_on(reversed(operated), day)

    assert (found.from_on if found else None) == max((start for start in starts if start <= day), default=None)
