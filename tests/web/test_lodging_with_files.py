"""Files that are sent with the complaint, from the page on which the answers are checked: all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from web.lodging import begin, fill_in
from web.test_lodge import cases

from breachdesk.casework.files import scan_waiting_files
from breachdesk.casework.log.auditing import verify
from breachdesk.store.tables import NoticeRow, table_of

NOTICES = table_of(NoticeRow)
PDF = b"%PDF-1.7\nA letter."


def in_the_folder(desk):
    return sorted(path.name for path in (desk.data_path / "files").iterdir()) if (desk.data_path / "files").exists() else []


def send_with(person, check, *files, expect=200):
    return person.send(check.form(), {"files": [(BytesIO(content), name) for name, content in files]}, expect)


def test_files_are_sent_with_the_complaint_and_lie_beside_it_once(reader, desk, clock):
    ruth = reader("ruth")
    check = fill_in(ruth, begin(ruth))

    done = send_with(ruth, check, ("letter.pdf", PDF), ("answer.txt", b"No."))
    again = send_with(ruth, check, ("letter.pdf", PDF), ("answer.txt", b"No."))

    [reference] = cases(desk)
    assert (done.path, again.path) == (f"/cases/{reference}/done/1",) * 2
    assert "Sent with it. File: letter.pdf" in done.main
    assert "Is there another letter or file" in done.main
    entry = next(one for one in reader("olive").open(f"/cases/{reference}").all("li") if one["id"] == "entry-1")
    assert "letter.pdf" in entry.text
    assert "answer.txt" in entry.text
    assert len(in_the_folder(desk)) == 2
    assert reader("omar").client.get(f"/cases/{reference}/files/2").status_code == 404
    assert verify(desk).entries
    with desk.database.read() as session:
        told = [row.name for row in session.all(NOTICES.select())]
    assert "message-to-all" not in told, "whoever is told of the complaint is not told of each file as well"


def test_with_a_scanner_files_of_a_complaint_are_held_back_too(reader, app, desk, tmp_path):
    (scanned := tmp_path / "answer").write_text("0")
    app.extensions["breachdesk"] = with_scanner = replace(
        desk, files=replace(desk.files, scanner=f"/bin/sh -c 'exit $(cat {scanned})' sh"))
    ruth = reader("ruth")
    send_with(ruth, fill_in(ruth, begin(ruth)), ("letter.pdf", PDF))
    file = f"/cases/{cases(desk)[0]}/files/2"

    assert ruth.client.get(file).status_code == 409
    assert scan_waiting_files(with_scanner) == 1
    assert ruth.client.get(file).status_code == 200


@pytest.mark.parametrize(("name", "content", "why"), [
    ("letter.exe", b"MZ", "letter.exe"), ("letter.pdf", b"not one", "letter.pdf"),
    ("big.pdf", PDF + b"x" * 10_000_000, "larger than 10 megabytes")])
def test_a_file_that_is_not_taken_is_named_and_nothing_is_sent(reader, desk, name, content, why):
    ruth = reader("ruth")
    check = fill_in(ruth, begin(ruth))

    page = send_with(ruth, check, ("good.pdf", PDF), (name, content), expect=422)

    [said] = page.errors()
    assert why in said
    assert said.endswith("Nothing was sent. Choose all files again")
    assert cases(desk) == []
    assert in_the_folder(desk) == []


def test_more_files_than_a_side_may_add_are_refused_before_anything_is_sent(reader, app, desk):
    app.extensions["breachdesk"] = replace(desk, files=replace(desk.files, each_side=1))
    ruth = reader("ruth")

    page = send_with(ruth, fill_in(ruth, begin(ruth)), ("one.pdf", PDF), ("two.pdf", PDF), expect=422)

    assert "Your side has added 1 files" in page.errors()[0]
    assert cases(desk) == []
    assert in_the_folder(desk) == []
