"""The desk's own log on a page, and the check that the record is whole."""

from __future__ import annotations

from collections.abc import Callable

from conftest import SCHEME, Cast, lodge
from web.page_reader import PageReader

from breachdesk.audit.chain import Doer
from breachdesk.casework.concerns import note_concern
from breachdesk.casework.desk import Desk
from breachdesk.events import EVENTS
from breachdesk.store.audit_log import record_for_desk

Reader = Callable[[str], PageReader]


def test_the_newest_entry_comes_first_and_says_who_did_what(reader: Reader) -> None:
    page = reader("olive").open("/log")

    newest, *_, oldest = [row.text for row in page.one("tbody").all("tr")]
    assert newest.endswith("Olive signed in. Olive")
    assert oldest.endswith("This desk was made. The operator, by command line")


def test_every_kind_of_entry_that_a_desk_has_is_said_in_words(reader: Reader) -> None:
    main = reader("ops").open("/log").main

    assert [event for event in EVENTS if event in main] == []
    for words in ("The Compact “derby-and-derbyshire” was taken in", "Riverside Carers was added (voluntary sector).",
                  "An account was made for Alma, at Amberdale Council; as critical friend.",
                  "The scheme “derby-and-derbyshire” was set up"):
        assert words in main


def test_a_long_log_comes_in_pages(reader: Reader, desk: Desk, cast: Cast) -> None:
    ruth = cast.ruth.account_id
    with desk.database.begin() as session:
        for _ in range(60):
            record_for_desk(session, "session:began", desk.wall(), Doer(ruth, "account"), {"account": ruth})
    olive = reader("olive")

    first = olive.open("/log")
    second = olive.open(first.one("a", rel="next")["href"])

    numbers = [int(row.one("th").text) for page in (first, second) for row in page.one("tbody").all("tr")]
    assert numbers == list(range(numbers[0], 0, -1))


def test_nobody_can_tell_from_the_log_who_noted_a_concern(reader: Reader, desk: Desk, cast: Cast) -> None:
    ruth = reader("ruth")
    before = [row.text for row in reader("ops").open("/log").one("tbody").all("tr")]
    note_concern(desk, cast.ruth, SCHEME, {"what": "They may cut our grant", "about": "amberdale-council"})
    ruth.open("/home")
    ops = reader("ops")

    rows = [row.text for row in ops.open("/log").one("tbody").all("tr")]

    assert [row for row in rows if "oncern" in row] == []
    # Not even a gap in the numbers, between whose sign-ins it could lie.
    assert rows[1:] == before
    assert [int(row.split()[0]) for row in rows] == list(range(len(rows), 0, -1))
    assert ops.open(f"/log?before={len(rows)}").one("tbody").all("tr")[0].text == rows[1]


def test_a_page_of_the_log_that_was_made_up_is_not_found(reader: Reader) -> None:
    olive = reader("olive")

    for before in ("x", "-1", "1.5", "9" * 30):
        olive.open(f"/log?before={before}", 404)


def test_the_record_is_checked_on_request_and_said_to_be_whole(reader: Reader, desk: Desk, cast: Cast) -> None:
    lodge(desk, cast.ruth)
    ops = reader("ops")

    page = ops.send(ops.open("/log").form())

    assert "The record is whole: " in page.main
    assert "in two logs" in page.main


def test_a_record_that_was_altered_is_said_not_to_be_whole_and_where(reader: Reader, desk: Desk, cast: Cast) -> None:
    reference = lodge(desk, cast.ruth)
    with desk.database.begin() as session:
        session.connection.exec_driver_sql("UPDATE details SET value = 'Something else' WHERE name = 'what_happened'")
    ops = reader("ops")

    page = ops.send(ops.open("/log").form())

    assert page.one(class_="govuk-error-summary").one("h2").text == "The record is not whole"
    assert f"{reference}, entry 1: the words for “what_happened” were changed" in page.main


def test_the_log_shows_no_words_of_a_case(reader: Reader, desk: Desk, cast: Cast) -> None:
    reference = lodge(desk, cast.ruth)

    main = reader("ops").open("/log").main

    assert reference not in main
    assert "helpline" not in main
