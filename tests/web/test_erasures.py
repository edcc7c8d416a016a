"""The pages by which one officer asks for an erasure and another decides; and the commands that do the same."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from casework.forgetting.test_erasing import ASKED, asked_for, closed_case, person, with_files_of_others, words
from click.testing import CliRunner
from conftest import SCHEME, lodge

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.forgetting.erasing import ask_for_case, ask_for_person
from breachdesk.casework.procedures.publishing import allow_single_officer
from breachdesk.cli.commands import breachdesk
from breachdesk.store.roles import account_row


def test_a_person_is_erased_by_two_officers_who_see_what_goes(reader, desk, cast):
    reference, ruth = closed_case(desk, cast), person(desk, cast)

    olive = reader("olive")
    assert f"/people/{ruth}/erase" in [link["href"] for link in olive.open(f"/people/{ruth}").all("a")]
    olive.send(olive.open(f"/people/{ruth}/erase").form(), {"ground": "asked"})
    ops = reader("ops")
    assert "Ruth" in ops.open("/erasures").main
    shown = ops.open("/erasures/1")
    keys = [box["value"] for box in shown.all("input", name="goes")]
    assert "Tick the box" in ops.send(shown.one("main").all("form")[0], {"goes": keys[0]}, expect=422).main
    ops.send(ops.open("/erasures/1").one("main").all("form")[0], {"goes": keys[0], "sure": "yes"})

    assert "No erasure waits" in ops.open("/erasures").main
    assert f"Erased person {ruth}" in reader("olive").open(f"/cases/{reference}").main
    assert f"What the desk held of Erased person {ruth} was erased, as Olive had asked." in reader("olive").open("/log").main


def test_who_asked_is_told_that_somebody_else_decides_and_finds_no_button(reader, desk, cast):
    closed_case(desk, cast)
    asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)

    page = reader("olive").open("/erasures/1").main

    assert "somebody else decides" in page
    assert "Erase it" not in page


def test_whoever_decides_is_told_which_files_they_have_to_look_into_themselves(reader, desk, cast):
    reference = with_files_of_others(desk, cast)
    asked_for(ask_for_person, desk, cast.olive, person(desk, cast), ASKED)
    desk.database.transact(lambda session: allow_single_officer(session, desk, BY_OPERATOR, SCHEME, True))

    page = reader("olive").open("/erasures/1").main

    assert f"{reference}, entry 3, a file (txt)" in page
    assert "Present: Ruth, Omar." in page
    assert "Files that the desk cannot search" in page
    assert f"{reference}, entry 5, a file (pdf)" in page


def test_what_stands_in_the_way_is_said_instead_of_a_form(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    for path in (f"/people/{person(desk, cast)}/erase", f"/cases/{reference}/erase"):
        page = reader("olive").open(path).main
        assert f"{reference} is open" in page
        assert "Ask for it to be erased" not in page


def test_an_erased_case_is_still_a_page_for_everybody_in_it(reader, desk, cast):
    reference = closed_case(desk, cast)
    olive, ops = reader("olive"), reader("ops")
    olive.send(olive.open(f"/cases/{reference}/erase").form(), {"ground": "ended"})
    ops.send(ops.open("/erasures/1").one("main").all("form")[0], {"sure": "yes"})

    for name in ("ruth", "omar", "olive"):
        page = reader(name).open(f"/cases/{reference}")
        assert "Personal information was erased" in page.main
        assert "A letter gave us one month" not in page.one("body").raw_text
        assert "What was said here was erased" in reader(name).open(f"/cases/{reference}/rooms/shared").main
    assert words(desk, reference) == {}


@pytest.fixture
def run(desk, monkeypatch):
    """A command on the test's desk, at the time at which its clock stands."""
    monkeypatch.setenv("BREACHDESK_DATA_DIR", str(desk.data_path))

    def run(*said, expect=0):
        done = CliRunner().invoke(breachdesk, [str(one) for one in said])
        assert done.exit_code == expect, done.output
        return done.output
    return run


def test_the_commands_do_the_same_by_the_same_two_people(run, desk, cast):
    reference, ruth = closed_case(desk, cast), person(desk, cast)

    asked = run("person", "erase", "ruth@desk.example", "--as", "olive@desk.example", "--ground", "asked")
    assert "decides it with the same command" in asked
    assert "You asked for it yourself" in run("person", "erase", "ruth@desk.example", "--as", "olive@desk.example", expect=1)
    assert "It is erased" in run("person", "erase", "ruth@desk.example", "--as", "ops@desk.example", "--tick", "all")
    run("case", "erase", reference, "--as", "olive@desk.example", "--ground", "ended")
    assert "It is erased" in run("case", "erase", reference, "--as", "ops@desk.example")

    assert words(desk, reference) == {}
    with desk.database.read() as session:
        assert account_row(session, account_id=ruth).name == f"Erased person {ruth}"


def test_the_command_says_when_nobody_has_asked(run, desk, cast):
    reference = closed_case(desk, cast)

    assert "Nobody has asked for this" in run("case", "erase", reference, "--as", "ops@desk.example", expect=1)
    asked_for(ask_for_case, desk, cast.olive, reference, ASKED)
    assert "Nothing was erased" in run("case", "erase", reference, "--as", "ops@desk.example", "--refuse")
    assert words(desk, reference)


def test_everybody_gets_a_copy_of_what_is_held_on_them(reader, desk, cast):
    closed_case(desk, cast)
    ruth = reader("ruth")
    assert "/account/copy" in [link["href"] for link in ruth.open("/account").all("a")]

    answer = ruth.post(ruth.open("/account/copy").form())

    assert answer.headers["Content-Disposition"] == "attachment; filename=what-is-held-on-me.zip"
    assert "A letter gave us one month." in ZipFile(BytesIO(answer.data)).read("read-me-first.html").decode()


def test_the_controllers_copy_is_a_file_for_its_owner_alone_and_overwrites_none(run, desk, cast, tmp_path):
    closed_case(desk, cast)

    assert "Look through it before it is handed out" in run("person", "bundle", "ruth@desk.example", tmp_path / "ruth.zip")
    assert (tmp_path / "ruth.zip").stat().st_mode & 0o777 == 0o600
    assert "is there already" in run("person", "bundle", "ruth@desk.example", tmp_path / "ruth.zip", expect=2)
    run("person", "bundle", "nobody@desk.example", tmp_path / "nobody.zip", expect=1)
    assert not (tmp_path / "nobody.zip").exists()
