"""Concerns: kept apart from cases, for the coordinator and whoever noted them, and counted only as what they are."""

from __future__ import annotations

import pytest
from conftest import SCHEME, lodge

from breachdesk.casework.concerns import concern_led_to, concerns_seen, note_concern
from breachdesk.casework.figures import year_figures
from breachdesk.casework.log.auditing import verify
from breachdesk.errors import Invalid, NotFound, NotPermitted
from breachdesk.identity import NOBODY
from breachdesk.store.tables import EntryRow, NoticeRow, table_of

FEAR = {"what": "canary: they may cut our grant", "about": "amberdale-council", "commitment": "13.2", "advice": "Talk to Larkmoor."}


def seen(desk, actor):
    with desk.database.read() as session:
        return concerns_seen(session, actor)


def test_a_concern_is_its_authors_and_the_coordinators_to_read(either_desk, cast):
    number = note_concern(either_desk, cast.ruth, SCHEME, FEAR)
    note_concern(either_desk, cast.olive, SCHEME, {"what": "Somebody rang."})

    assert [one.what for one in seen(either_desk, cast.olive)] == ["Somebody rang.", FEAR["what"]]
    [own] = seen(either_desk, cast.ruth)
    assert (own.number, own.about, own.commitment, own.advice, own.by) == (number, "Amberdale Council", "13.2", "Talk to Larkmoor.", "Ruth")
    assert [seen(either_desk, getattr(cast, name)) for name in ("omar", "stella", "sid", "ops", "maya")] == [[]] * 5
    assert verify(either_desk).details >= 3


def test_nobody_is_told_of_a_concern_and_the_log_holds_none_of_its_words(desk, cast):
    note_concern(desk, cast.ruth, SCHEME, FEAR)

    with desk.database.read() as session:
        assert session.all(table_of(NoticeRow).select()) == []
        assert not any(b"canary" in row.body for row in session.all(table_of(EntryRow).select()))


def test_concerns_are_counted_and_never_as_cases(desk, cast, clock):
    note_concern(desk, cast.ruth, SCHEME, FEAR)
    clock.move(days=60)
    note_concern(desk, cast.ruth, SCHEME, FEAR)

    with desk.database.read() as session:
        figures = {year: year_figures(session, desk, SCHEME, year) for year in ("2025-26", "2026-27")}

    assert {year: (made.measure("A7").value, made.measure("A2").value) for year, made in figures.items()} == {
        "2025-26": (1, 0), "2026-27": (1, 0)}


def test_a_concern_can_be_the_beginning_of_a_case(desk, cast):
    number, reference = note_concern(desk, cast.ruth, SCHEME, FEAR), lodge(desk, cast.ruth)
    with pytest.raises(NotPermitted):
        concern_led_to(desk, cast.ruth, number, reference)
    with pytest.raises(NotFound, match="case DD-2026-0099"):
        concern_led_to(desk, cast.olive, number, "DD-2026-0099")
    with pytest.raises(NotFound, match="concern 9"):
        concern_led_to(desk, cast.olive, 9, reference)

    concern_led_to(desk, cast.olive, number, reference)

    assert [one.reference for one in seen(desk, cast.ruth)] == [reference]


def test_a_concern_says_what_it_is_and_its_author_is_known(desk, cast):
    with pytest.raises(Invalid) as refused:
        note_concern(desk, cast.ruth, SCHEME, {"about": "nowhere", "commitment": "7.2"})
    with pytest.raises(NotPermitted):
        note_concern(desk, NOBODY, SCHEME, FEAR)

    assert set(refused.value.fields) == {"what", "about", "commitment"}
