"""The concern log in a browser."""

from __future__ import annotations

from web.page_reader import PageReader

from breachdesk.casework.concerns import concerns_seen


def test_a_concern_is_noted_on_a_page_and_read_by_the_coordinator(reader, desk, cast):
    ruth: PageReader = reader("ruth")
    ruth.send(ruth.open("/concerns").form("/concerns"), {"what": "They may cut our grant", "about": "amberdale-council"})

    with desk.database.read() as session:
        assert [one.what for one in concerns_seen(session, cast.olive)] == ["They may cut our grant"]
    assert "They may cut our grant" in reader("olive").open("/concerns").main
    assert "They may cut our grant" not in reader("omar").open("/concerns").main


def test_a_concern_without_words_is_asked_for_them(reader):
    ruth: PageReader = reader("ruth")

    page = ruth.send(ruth.open("/concerns").form("/concerns"), {"advice": "None"}, 422)

    assert page.errors() == ["Enter an answer to “What is the concern?”"]
