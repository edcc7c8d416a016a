"""The rooms of a case in a browser: the door, what is said, files, releasing, and what a browser is told about a file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from conftest import lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.files import scan_waiting_files
from breachdesk.casework.rooms import say_in_room
from breachdesk.store.cases import read_case
from breachdesk.store.rooms import files_waiting

PDF = b"%PDF-1.7\nA letter."
FRIEND_NAMED = 5


@pytest.fixture
def reference(desk, cast):
    found = lodge(desk, cast.ruth)
    take(desk, cast, found, TO_THE_PANEL[:FRIEND_NAMED])
    return found


def room_of(page):
    return next(link["href"] for link in page.all("a") if "/rooms/party-" in link["href"])


def say(person, path, words, file=None, expect=200):
    form = person.open(path).form(path)
    answers = {"words": words, **({"file": (BytesIO(file[1]), file[0])} if file else {})}
    return person.send(form, answers, expect)


def kept(tmp_path):
    return sorted(path.name for path in (tmp_path / "files").iterdir()) if (tmp_path / "files").exists() else []


def test_a_side_and_the_critical_friend_talk_where_nobody_else_comes_in(reader, reference):
    ruth, maya = reader("ruth"), reader("maya")
    path = room_of(ruth.open(f"/cases/{reference}"))
    said = say(ruth, path, "canary-between-us")

    assert "Not Amberdale Council, not the coordinator, not the panel" in said.main
    assert "canary-between-us" in maya.open(path).main
    for name in ("omar", "olive", "stella", "sid", "ops"):
        reader(name).open(path, 404)
    assert "canary-between-us" not in reader("olive").open(f"/cases/{reference}").text


def test_everybody_sees_on_the_door_who_can_read(reader, reference):
    doors = {name: [item.text for item in reader(name).open(f"/cases/{reference}").all("li") if "Who can read this" in item.text]
             for name in ("ruth", "omar", "olive", "maya")}

    assert [len(found) for found in doors.values()] == [2, 2, 1, 4]
    assert any("you and your colleagues" in door and "Maya (critical friend)" in door for door in doors["ruth"])


def test_what_cannot_be_said_is_not_lost(reader, reference):
    ruth = reader("ruth")
    path = f"/cases/{reference}/rooms/shared"

    page = say(ruth, path, "A long thought.", ("virus.exe", b"MZ"), 422)

    assert page.errors() == ["The desk does not take files that end in “.exe”. It takes PDF, Word (docx), OpenDocument (odt, ods), text, "
                             "CSV, Excel (xlsx), pictures (png, jpeg) and saved emails (eml)."]
    assert page.form(path).one("textarea").raw_text.strip() == "A long thought."


def test_a_file_is_kept_whole_and_handed_out_so_that_no_browser_shows_it(reader, reference, tmp_path):
    page = say(reader("ruth"), f"/cases/{reference}/rooms/shared", "", ("Our letter.pdf", PDF))
    path = next(link["href"] for link in page.all("a") if "/files/" in link["href"])

    answer = reader("omar").client.get(path)

    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Our letter.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "application/octet-stream"
    assert "not scanned for viruses" in page.main
    assert len(kept(tmp_path)) == 1
    for name in ("stella", "sid", "ops"):
        assert reader(name).client.get(path).status_code == 404


def test_a_file_in_a_room_is_there_for_those_in_the_room_alone(reader, reference):
    path = room_of(reader("ruth").open(f"/cases/{reference}"))
    page = say(reader("ruth"), path, "", ("canary-name.txt", b"Words."))
    file = next(link["href"] for link in page.all("a") if "/files/" in link["href"])

    assert [reader(name).client.get(file).status_code for name in ("maya", "omar", "olive")] == [200, 404, 404]
    assert "canary-name" not in reader("omar").open(f"/cases/{reference}").main


def test_a_file_added_to_the_complaint_stands_beside_it(reader, reference):
    ruth = reader("ruth")
    path = f"/cases/{reference}/rooms/shared"
    form = ruth.open(f"{path}?entry=1").form(path)
    ruth.send(form, {"file": (BytesIO(PDF), "letter.pdf")})

    entry = next(one for one in reader("omar").open(f"/cases/{reference}").all("li") if one["id"] == "entry-1")

    assert "letter.pdf" in entry.text


def test_whoever_sends_nothing_is_told_what_is_missing_in_the_words_of_the_page(reader, reference):
    ruth = reader("ruth")
    path = f"/cases/{reference}/rooms/shared"

    without_file = ruth.send(ruth.open(f"{path}?entry=1").form(path), {"words": ""}, 422)
    without_words = say(ruth, path, "", expect=422)

    assert without_file.errors() == ["Choose the file that you want to add"]
    assert without_words.errors() == ["Write something before you send it"]


def test_a_room_takes_as_much_as_a_file_may_be_large_and_no_more(reader, reference, tmp_path):
    path = f"/cases/{reference}/rooms/shared"
    large = b"%PDF-" + b"x" * 9_000_000

    assert "big.pdf" in say(reader("ruth"), path, "", ("big.pdf", large)).main
    assert "larger than 10 megabytes" in say(reader("ruth"), path, "", ("big.pdf", large + b"x" * 1_500_000), 422).errors()[0]
    assert "larger than the desk takes" in say(reader("ruth"), path, "", ("big.pdf", b"x" * 12_000_000), 413).main
    assert len(kept(tmp_path)) == 1


def test_what_was_said_is_released_on_a_page_of_its_own_and_only_when_confirmed(reader, reference, desk, cast):
    ruth = reader("ruth")
    path = room_of(ruth.open(f"/cases/{reference}"))
    page = say(ruth, path, "canary-to-release")
    way = next(link["href"] for link in page.all("a") if "/release/" in link["href"])

    form = ruth.open(way).form(way)
    assert ruth.send(form, {"to": "shared"}, 422).errors() == ["Confirm that you want this, or go back."]
    assert "canary-to-release" not in reader("omar").open(f"/cases/{reference}/rooms/shared").main
    done = ruth.send(form, {"to": "shared", "sure": "yes"})

    assert "Released to everybody in this case." in done.main
    assert "canary-to-release" in reader("omar").open(f"/cases/{reference}/rooms/shared").main
    ruth.open(way, 403)
    reader("omar").open(way, 404)


@pytest.fixture
def scanner(desk, app, tmp_path):
    """A scanner that ends with the number that stands in a file."""
    (tmp_path / "answer").write_text("0")
    command = f"/bin/sh -c 'exit $(cat {tmp_path / 'answer'})' sh"
    app.extensions["breachdesk"] = scanned = replace(desk, files=replace(desk.files, scanner=command))
    return lambda answer: (tmp_path / "answer").write_text(answer) and scan_waiting_files(scanned)


def test_a_file_is_held_back_until_the_scanner_has_found_it_clean(desk, reader, reference, scanner, clock):
    path = f"/cases/{reference}/rooms/shared"
    page = say(reader("ruth"), path, "", ("letter.pdf", PDF))
    assert "held back until it has been scanned" in page.main
    assert [link for link in page.all("a") if "/files/" in link["href"]] == []
    seq = page.all(class_="desk-timeline__entry")[0]["id"].removeprefix("message-")
    file = f"/cases/{reference}/files/{seq}"

    for answer in ("2", "127"):     # The scanner is down: nobody gets the file, and the operator is told.
        scanner(answer)
        with desk.database.read() as session:
            assert files_waiting(session) == (1, 1)
        clock.move(minutes=11)
        assert reader("omar").client.get(file).status_code == 409
    scanner("0")

    assert reader("omar").client.get(file).data == PDF


def test_an_infected_file_is_deleted(reader, reference, scanner, tmp_path):
    path = f"/cases/{reference}/rooms/shared"
    say(reader("ruth"), path, "", ("letter.pdf", PDF))

    scanner("1")

    assert kept(tmp_path) == []
    page = reader("omar").open(path)
    assert "a virus was found" in page.main
    assert [link for link in page.all("a") if "/files/" in link["href"]] == []


def test_a_note_is_for_its_writer_alone(reader, reference):
    path = f"/cases/{reference}/rooms/notes"
    page = say(reader("maya"), path, "canary-note")

    assert "deleted 20 working days after the case has closed" in page.main
    assert page.form(path).all("input", type_="file") == []
    reader("ruth").open(path, 404)


def test_a_supporter_is_called_one_on_the_door(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    take(desk, cast, reference, TO_THE_PANEL[:4])
    with desk.database.read() as session:
        ruths = next(one.id for one in read_case(session, reference=reference, to_change=False).parties if one.side == "complainant")
    take(desk, cast, reference, [("olive", "appoint_critical_friend", {
        "critical_friend": "maya@desk.example", "mode": "supporter", "supports": str(ruths), "declared": True})])

    page = reader("omar").open(f"/cases/{reference}")

    assert "Maya supports Riverside Carers here, with both sides' knowledge." in page.main


def test_words_are_shown_as_they_were_written(reader, reference, desk, cast):
    nasty = "<script>alert(1)</script> & \"quotes\" ‮ 1 < 2"
    say_in_room(desk, cast.ruth, reference, "shared", nasty)

    page = reader("omar").open(f"/cases/{reference}/rooms/shared")

    assert nasty.replace("  ", " ") in page.main
